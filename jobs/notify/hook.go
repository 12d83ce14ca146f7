package notify

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"maps"
	"net/http"
	"net/url"
	"os"
	"slices"
	"strings"
	"time"

	"github.com/dinghai/dinghai/kit/webhook"
)

// Webhook posts messages as signed JSON (Standard Webhooks): to the systems a
// matter tells, each under its name, or to a gateway that sends short messages.
type Webhook struct {
	Ends   map[string]string // name → address
	Any    string            // address for every recipient: a gateway
	Ring   webhook.Ring
	Client *http.Client // nil = one with a time limit that follows no redirect
}

// Posted is the body of a request.
type Posted struct {
	Type   string `json:"type"` // notice
	Time   string `json:"timestamp"`
	To     string `json:"to"`
	Topic  string `json:"topic"`
	Text   string `json:"text"`
	Record string `json:"record"`
}

// Send posts the message. A gateway answers 404, 410 or 422 where the number
// itself is wrong.
func (h *Webhook) Send(ctx context.Context, m Message) error {
	end := h.Any
	if end == "" {
		end = h.Ends[m.To]
	}
	if end == "" {
		return ErrNowhere
	}
	body, err := json.Marshal(Posted{Type: "notice", Time: m.At.UTC().Format(time.RFC3339), To: m.To, Topic: m.Topic, Text: m.Text, Record: m.Record})
	if err != nil {
		return err
	}
	head, err := h.Ring.Header(webhook.Message{ID: m.ID, Time: time.Now(), Body: body})
	if err != nil {
		return err
	}
	req, err := http.NewRequestWithContext(ctx, http.MethodPost, end, bytes.NewReader(body))
	if err != nil {
		return err
	}
	req.Header = head
	req.Header.Set("Content-Type", "application/json")
	return h.post(req)
}

func (h *Webhook) post(req *http.Request) error {
	c := h.Client
	if c == nil {
		c = &http.Client{Timeout: 20 * time.Second, CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}
	}
	res, err := c.Do(req)
	if err != nil {
		return err
	}
	defer res.Body.Close()
	said, _ := io.ReadAll(io.LimitReader(res.Body, 200))
	why := strings.TrimSpace(oneLine(fmt.Sprintf("%d %s", res.StatusCode, said)))
	switch {
	case res.StatusCode/100 == 2:
		return nil
	case h.Any != "" && (res.StatusCode == http.StatusNotFound || res.StatusCode == http.StatusGone || res.StatusCode == http.StatusUnprocessableEntity):
		return &DeadError{why}
	}
	return errors.New(why)
}

// ParseEnd checks the address of an endpoint.
func ParseEnd(s string) error {
	u, err := url.Parse(s)
	if err != nil || u.Host == "" || u.Scheme != "https" && u.Scheme != "http" {
		return fmt.Errorf("%q is not an address like https://gateway.example/send", s)
	}
	return nil
}

// KeyFile reads the signing key of a file, making one on first use.
func KeyFile(path string) (webhook.Ring, error) {
	b, err := os.ReadFile(path)
	if errors.Is(err, os.ErrNotExist) {
		k := webhook.NewSecret()
		return webhook.Ring{{Key: k}}, os.WriteFile(path, []byte(k.Reveal()+"\n"), 0o600)
	}
	if err != nil {
		return nil, err
	}
	k, err := webhook.ParseKey(strings.TrimSpace(string(b)))
	if err != nil {
		return nil, fmt.Errorf("%s: %w", path, err)
	}
	return webhook.Ring{{Key: k}}, nil
}

// where names the hosts it posts to.
func (h *Webhook) where() string {
	if u, err := url.Parse(h.Any); err == nil && h.Any != "" {
		return u.Host
	}
	return strings.Join(slices.Sorted(maps.Keys(h.Ends)), " ")
}
