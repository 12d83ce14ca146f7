package notify

import (
	"context"
	"crypto/tls"
	"encoding/base64"
	"errors"
	"fmt"
	"mime"
	"net"
	"net/mail"
	"net/smtp"
	"net/textproto"
	"net/url"
	"strings"
	"time"
)

// SMTP hands messages to a mail server. With smtps the connection is TLS from
// the start; else STARTTLS is used wherever the server offers it, and a
// password is sent over TLS or to this machine only.
type SMTP struct {
	Host, Port     string
	TLS            bool
	User, Password string
	From           string
	Config         *tls.Config // nil = the system's roots
}

// ParseSMTP reads smtp://user:password@host:port or smtps://… . from is the
// sender's address.
func ParseSMTP(address, from string) (*SMTP, error) {
	u, err := url.Parse(address)
	if err != nil || u.Hostname() == "" || u.Scheme != "smtp" && u.Scheme != "smtps" || u.Path != "" && u.Path != "/" {
		return nil, errors.New("write it like smtp://mail.example:587 or smtps://mail.example")
	}
	if _, err := mail.ParseAddress(from); err != nil {
		return nil, fmt.Errorf("the sender %q is no e-mail address", from)
	}
	s := &SMTP{Host: u.Hostname(), Port: u.Port(), TLS: u.Scheme == "smtps", User: u.User.Username(), From: from}
	s.Password, _ = u.User.Password()
	if s.Port == "" {
		s.Port = map[bool]string{true: "465", false: "25"}[s.TLS]
	}
	return s, nil
}

const smtpTimeout = 30 * time.Second

// Send delivers one message.
func (s *SMTP) Send(ctx context.Context, m Message) error {
	to, err := mail.ParseAddress(m.To)
	if err != nil {
		return &DeadError{"not an e-mail address"}
	}
	from, err := mail.ParseAddress(s.From)
	if err != nil {
		return err
	}
	c, err := s.dial(ctx)
	if err != nil {
		return err
	}
	defer c.Close()
	if err := s.login(c); err != nil {
		return err
	}
	if err := c.Mail(from.Address); err != nil {
		return err
	}
	if err := c.Rcpt(to.Address); err != nil {
		return rejected(err)
	}
	w, err := c.Data()
	if err != nil {
		return err
	}
	if _, err := w.Write(letter(from, to, m)); err != nil {
		return err
	}
	if err := w.Close(); err != nil {
		return err
	}
	_ = c.Quit() // the server has the message
	return nil
}

// dial connects, over TLS where it can be had.
func (s *SMTP) dial(ctx context.Context) (*smtp.Client, error) {
	conn, err := (&net.Dialer{Timeout: smtpTimeout}).DialContext(ctx, "tcp", net.JoinHostPort(s.Host, s.Port))
	if err != nil {
		return nil, err
	}
	if err := conn.SetDeadline(time.Now().Add(smtpTimeout)); err != nil {
		return nil, errors.Join(err, conn.Close())
	}
	if s.TLS {
		conn = tls.Client(conn, s.config())
	}
	c, err := smtp.NewClient(conn, s.Host)
	if err != nil {
		return nil, errors.Join(err, conn.Close())
	}
	if ok, _ := c.Extension("STARTTLS"); ok && !s.TLS {
		if err := c.StartTLS(s.config()); err != nil {
			return nil, errors.Join(err, c.Close())
		}
	}
	return c, nil
}

func (s *SMTP) config() *tls.Config {
	if s.Config != nil {
		return s.Config
	}
	return &tls.Config{ServerName: s.Host, MinVersion: tls.VersionTLS12}
}

func (s *SMTP) login(c *smtp.Client) error {
	if s.User == "" {
		return nil
	}
	return c.Auth(smtp.PlainAuth("", s.User, s.Password, s.Host))
}

// rejected tells an address that does not exist from a server that is busy or
// will not talk to us: only 5.1.x and the codes for mailboxes are about the
// address.
func rejected(err error) error {
	var t *textproto.Error
	if errors.As(err, &t) && (t.Code == 550 || t.Code == 551 || t.Code == 553) && !strings.HasPrefix(t.Msg, "5.7.") {
		return &DeadError{fmt.Sprintf("%d %s", t.Code, oneLine(t.Msg))}
	}
	return err
}

// letter is the message as mail servers want it: encoded headers, base64 body.
func letter(from, to *mail.Address, m Message) []byte {
	var b strings.Builder
	host := from.Address[strings.LastIndexByte(from.Address, '@')+1:]
	for _, h := range [][2]string{
		{"From", from.String()}, {"To", to.String()}, {"Subject", mime.BEncoding.Encode("utf-8", oneLine(m.Subject))},
		{"Date", m.At.Format(time.RFC1123Z)}, {"Message-ID", "<" + safeName(m.ID) + "@" + host + ">"}, {"Auto-Submitted", "auto-generated"},
		{"MIME-Version", "1.0"}, {"Content-Type", "text/plain; charset=utf-8"}, {"Content-Transfer-Encoding", "base64"},
	} {
		b.WriteString(h[0] + ": " + h[1] + "\r\n")
	}
	b.WriteString("\r\n")
	body := base64.StdEncoding.EncodeToString([]byte(m.Text))
	for len(body) > 76 {
		b.WriteString(body[:76] + "\r\n")
		body = body[76:]
	}
	b.WriteString(body + "\r\n")
	return []byte(b.String())
}
