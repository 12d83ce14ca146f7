package notify

import (
	"context"
	"errors"
	"time"
)

// The channels. What is told in the product itself needs no sender.
const (
	App  = "app"
	Mail = "mail"
	SMS  = "sms"
	Hook = "hook"
)

// Message is what a channel sends.
type Message struct {
	ID      string // the same at every try
	To      string // number, address, or the name of an endpoint
	Subject string
	Text    string
	Record  string
	Topic   string
	At      time.Time
}

// Channel sends one message. It answers when the message is taken over by
// whoever carries it on. DeadError says that the address itself is wrong;
// anything else is tried again later.
type Channel interface {
	Send(ctx context.Context, m Message) error
}

// DeadError is the answer that an address does not exist or takes nothing.
type DeadError struct{ Why string }

func (e *DeadError) Error() string { return e.Why }

// ErrNowhere says that nobody configured where such messages go.
var ErrNowhere = errors.New("no address is configured")

// Described tells by what means a channel sends.
type Described struct{ Channel, By, Where string }

// Describe lists the channels for people: without passwords and keys.
func (s *Service) Describe() []Described {
	var out []Described
	for _, name := range []string{SMS, Mail, Hook} {
		d := Described{Channel: name, By: "none"}
		switch c := s.Channels[name].(type) {
		case File:
			d.By, d.Where = "file", c.Dir
		case *SMTP:
			d.By, d.Where = "smtp", c.Host
		case *Webhook:
			d.By, d.Where = "hook", c.where()
		}
		out = append(out, d)
	}
	return out
}
