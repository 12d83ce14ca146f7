package notify_test

import (
	"bufio"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/base64"
	"errors"
	"fmt"
	"math/big"
	"mime"
	"net"
	"net/mail"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/dinghai/dinghai/jobs/notify"
	"github.com/dinghai/dinghai/store"
)

// mailServer speaks enough SMTP for a client: EHLO, STARTTLS, AUTH PLAIN, MAIL,
// RCPT, DATA. Recipients whose name begins with "no" do not exist.
type mailServer struct {
	net.Listener
	tls *tls.Config

	mu    sync.Mutex
	got   []string // messages
	to    []string
	users []string
	safe  []bool // whether the password came over TLS
	busy  bool   // answers 451 to every recipient
}

func serveMail(t *testing.T, secure bool) *mailServer {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	s := &mailServer{Listener: l}
	if secure {
		s.tls = selfSigned(t)
	}
	t.Cleanup(func() { l.Close() })
	go func() {
		for {
			c, err := l.Accept()
			if err != nil {
				return
			}
			go s.talk(c)
		}
	}()
	return s
}

func (s *mailServer) talk(c net.Conn) {
	defer func() { c.Close() }()
	in, secure := bufio.NewReader(c), false
	say := func(format string, a ...any) { fmt.Fprintf(c, format+"\r\n", a...) }
	say("220 post.example")
	for {
		line, err := in.ReadString('\n')
		if err != nil {
			return
		}
		line = strings.TrimRight(line, "\r\n")
		verb, _, _ := strings.Cut(strings.ToUpper(line), " ")
		switch verb {
		case "EHLO":
			say("250-post.example")
			if s.tls != nil && !secure {
				say("250-STARTTLS")
			}
			say("250-AUTH PLAIN")
			say("250 8BITMIME")
		case "STARTTLS":
			say("220 go on")
			t := tls.Server(c, s.tls)
			c, in, secure = t, bufio.NewReader(t), true
		case "AUTH":
			s.note(func() { s.users, s.safe = append(s.users, line[len("AUTH PLAIN "):]), append(s.safe, secure) })
			say("235 welcome")
		case "MAIL":
			say("250 ok")
		case "RCPT":
			s.recipient(line, say)
		case "DATA":
			say("354 go on")
			s.take(in)
			say("250 taken")
		case "QUIT":
			say("221 bye")
			return
		default:
			say("500 what")
		}
	}
}

func (s *mailServer) note(fn func()) {
	s.mu.Lock()
	defer s.mu.Unlock()
	fn()
}

func (s *mailServer) recipient(line string, say func(string, ...any)) {
	s.mu.Lock()
	defer s.mu.Unlock()
	switch {
	case s.busy:
		say("451 4.3.0 try later")
	case strings.Contains(line, "<no"):
		say("550 5.1.1 no such user")
	default:
		s.to = append(s.to, line)
		say("250 ok")
	}
}

func (s *mailServer) take(in *bufio.Reader) {
	var b strings.Builder
	for {
		line, err := in.ReadString('\n')
		if err != nil || line == ".\r\n" {
			s.note(func() { s.got = append(s.got, b.String()) })
			return
		}
		b.WriteString(line)
	}
}

func selfSigned(t *testing.T) *tls.Config {
	t.Helper()
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	c := &x509.Certificate{SerialNumber: big.NewInt(1), Subject: pkix.Name{CommonName: "post.example"}, IPAddresses: []net.IP{net.IPv4(127, 0, 0, 1)},
		NotBefore: time.Now().Add(-time.Hour), NotAfter: time.Now().Add(time.Hour), IsCA: true, BasicConstraintsValid: true}
	der, err := x509.CreateCertificate(rand.Reader, c, c, &key.PublicKey, key)
	if err != nil {
		t.Fatal(err)
	}
	return &tls.Config{Certificates: []tls.Certificate{{Certificate: [][]byte{der}, PrivateKey: key}}}
}

func trusting(t *testing.T, s *mailServer) *tls.Config {
	t.Helper()
	leaf, err := x509.ParseCertificate(s.tls.Certificates[0].Certificate[0])
	if err != nil {
		t.Fatal(err)
	}
	pool := x509.NewCertPool()
	pool.AddCert(leaf)
	return &tls.Config{RootCAs: pool, ServerName: "127.0.0.1"}
}

func client(t *testing.T, s *mailServer, scheme, user string) *notify.SMTP {
	t.Helper()
	c, err := notify.ParseSMTP(scheme+"://"+user+s.Addr().String(), "定海区市场监管局 <bureau@dinghai.example>")
	if err != nil {
		t.Fatal(err)
	}
	return c
}

// TestSMTP: a letter arrives whole at a server that speaks SMTP, headers
// encoded, nothing of the text able to become a header.
func TestSMTP(t *testing.T) {
	s := serveMail(t, false)
	text := strings.Repeat("您的投诉已受理。", 20) + "\n.\n末行"
	err := client(t, s, "smtp", "").Send(t.Context(), notify.Message{ID: "abc", To: "heyi@mail.example", Subject: "受理\r\nBcc: x@y.example", Text: text, At: time.Now()})
	if err != nil {
		t.Fatal(err)
	}
	m, err := mail.ReadMessage(strings.NewReader(s.got[0]))
	if err != nil {
		t.Fatal(err)
	}
	subject, err := new(mime.WordDecoder).DecodeHeader(m.Header.Get("Subject"))
	if err != nil || subject != "受理  Bcc: x@y.example" || m.Header.Get("Bcc") != "" || m.Header.Get("Message-ID") != "<abc@dinghai.example>" {
		t.Errorf("subject %q %v, %v", subject, err, m.Header)
	}
	_, body, _ := strings.Cut(s.got[0], "\r\n\r\n")
	plain, err := base64.StdEncoding.DecodeString(strings.ReplaceAll(body, "\r\n", ""))
	if err != nil || string(plain) != text {
		t.Errorf("body %q %v", plain, err)
	}
}

// TestSMTPSecure: the password goes over TLS; a certificate nobody vouches for
// ends the talk before anything was said.
func TestSMTPSecure(t *testing.T) {
	s := serveMail(t, true)
	c := client(t, s, "smtp", "bureau:geheim@")
	if err := c.Send(t.Context(), notify.Message{ID: "1", To: "heyi@mail.example", At: time.Now()}); err == nil || len(s.users) != 0 {
		t.Errorf("an unknown certificate was taken: %v %v", err, s.users)
	}
	c.Config = trusting(t, s)
	if err := c.Send(t.Context(), notify.Message{ID: "1", To: "heyi@mail.example", At: time.Now()}); err != nil {
		t.Fatal(err)
	}
	if len(s.got) != 1 || len(s.safe) != 1 || !s.safe[0] {
		t.Errorf("%d letters, password over TLS %v", len(s.got), s.safe)
	}
}

// TestSMTPAnswers: an address that does not exist is told from a server that is
// busy, and from one that is away.
func TestSMTPAnswers(t *testing.T) {
	s := serveMail(t, false)
	c := client(t, s, "smtp", "")
	send := func(to string) error {
		return c.Send(t.Context(), notify.Message{ID: "1", To: to, At: time.Now()})
	}
	var dead *notify.DeadError
	for _, to := range []string{"nobody@mail.example", "not an address", "a@b.example\r\nRCPT TO:<c@d.example>"} {
		if err := send(to); !errors.As(err, &dead) {
			t.Errorf("%q: %v", to, err)
		}
	}
	s.note(func() { s.busy = true })
	if err := send("heyi@mail.example"); err == nil || errors.As(err, &dead) {
		t.Errorf("busy: %v", err)
	}
	s.Close()
	if err := send("heyi@mail.example"); err == nil || errors.As(err, &dead) {
		t.Errorf("away: %v", err)
	}
	if len(s.got) != 0 {
		t.Errorf("%d letters arrived", len(s.got))
	}
}

// TestMailToConsumer: who left an e-mail address gets a letter in both
// languages; a dead address is listed.
func TestMailToConsumer(t *testing.T) {
	onBoth(t, func(x *trial) {
		s := serveMail(x.T, false)
		x.tell.Channels[notify.Mail] = client(x.T, s, "smtp", "")
		x.accept(x.complaint(map[string]any{"email": "heyi@mail.example"}))
		x.accept(x.complaint(map[string]any{"email": "nobody@mail.example", "reg_no": "DH2"}))
		if x.send() != 1 || len(s.got) != 1 {
			x.Fatalf("%d letters", len(s.got))
		}
		_, body, _ := strings.Cut(s.got[0], "\r\n\r\n")
		plain, _ := base64.StdEncoding.DecodeString(strings.ReplaceAll(body, "\r\n", ""))
		if !strings.Contains(string(plain), "您的投诉已受理") || !strings.Contains(string(plain), "Your complaint is accepted") {
			x.Errorf("letter %q", plain)
		}
		dead, err := x.store.DeadAddresses(x.Context(), 9)
		if err != nil || len(dead) != 1 || dead[0].Shown != "n***@mail.example" || dead[0].Channel != notify.Mail {
			x.Errorf("dead %+v %v", dead, err)
		}
		if n := x.list(store.NoticeQuery{State: store.NoticeSent}); len(n) != 1 || n[0].Channel != notify.Mail {
			x.Errorf("sent %+v", n)
		}
	})
}
