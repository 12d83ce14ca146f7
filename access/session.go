package access

import (
	"context"
	"crypto/rand"
	"crypto/sha256"
	"encoding/base64"
	"encoding/hex"
	"strings"
	"time"
	"unicode"

	"github.com/dinghai/dinghai/domain"
	"github.com/dinghai/dinghai/store"
)

// Client is where a request comes from.
type Client struct {
	Agent   string // what the browser calls itself
	Network string // address without port
	Token   string // secret of the session the browser holds; ended by a new one
	Device  string // cookie of a browser that signed in before
}

// Opened is a session just begun. The secrets go into cookies and nowhere else.
type Opened struct {
	Token  string
	Until  time.Time
	Device string // cookie by which the browser is known again
	Person domain.Ref
	Strong bool
}

// seenEvery is how often a session's last use is written down at most.
const seenEvery = time.Minute

// newSecret is 256 random bits for a cookie or a link.
func newSecret() string {
	b := make([]byte, 32)
	_, _ = rand.Read(b) // never fails
	return base64.RawURLEncoding.EncodeToString(b)
}

// hashOf is how a secret is stored.
func hashOf(secret string) string {
	h := sha256.Sum256([]byte(secret))
	return hex.EncodeToString(h[:])
}

// open begins a session with a new secret: one that was in the browser before,
// whoever put it there, is worth nothing afterwards.
func (s *Service) open(ctx context.Context, m *member, method string, strong bool, c Client) (*Opened, error) {
	now := s.Now()
	o := &Opened{Token: newSecret(), Until: now.Add(s.Absolute), Person: m.person.Ref, Strong: strong}
	o.Device = s.deviceFor(m.person.Ref, c.Device)
	was := ""
	if c.Token != "" {
		was = hashOf(c.Token)
	}
	err := s.Store.AddSession(ctx, store.Session{Token: hashOf(o.Token), Person: o.Person.String(), Method: method, Strong: strong,
		Made: now, Seen: now, Until: o.Until, Agent: plain(c.Agent, 200), Network: plain(c.Network, 64)}, was)
	if err != nil {
		return nil, err
	}
	return o, s.log(ctx, o.Person, "signin", o.Person.String(), method+" "+c.Network)
}

// Session finds the live session of a secret; nil if there is none.
func (s *Service) Session(ctx context.Context, token string) (*store.Session, error) {
	if token == "" || len(token) > 100 {
		return nil, nil
	}
	x, err := s.Store.Session(ctx, hashOf(token))
	if err != nil || x == nil || !s.live(x) {
		return nil, err
	}
	if now := s.Now(); now.Sub(x.Seen) >= seenEvery {
		if err := s.Store.SeeSession(ctx, x.Token, now); err != nil {
			s.Log.Warn("session", "err", err) // being seen can wait
		}
	}
	return x, nil
}

func (s *Service) live(x *store.Session) bool {
	now := s.Now()
	return now.Before(x.Until) && now.Sub(x.Seen) < s.Idle
}

// Viewer tells who holds a session: the person with the grants of today. The
// zero viewer is a stranger.
func (s *Service) Viewer(ctx context.Context, token string) (domain.Viewer, error) {
	x, err := s.Session(ctx, token)
	if err != nil || x == nil {
		return domain.Viewer{}, err
	}
	ref, err := domain.ParseRef(x.Person)
	if err != nil {
		return domain.Viewer{}, err
	}
	m, err := s.people.member(ctx, ref)
	if err != nil || m == nil { // left since
		return domain.Viewer{}, err
	}
	return s.viewer(ctx, m, x.Strong)
}

// Sessions lists the live sessions of a person, the last used first.
func (s *Service) Sessions(ctx context.Context, person domain.Ref) ([]*store.Session, error) {
	list, err := s.Store.Sessions(ctx, person.String())
	if err != nil {
		return nil, err
	}
	var out []*store.Session
	for _, x := range list {
		if s.live(x) {
			out = append(out, x)
		}
	}
	return out, nil
}

// SignOut ends the session of a secret.
func (s *Service) SignOut(ctx context.Context, token string) error {
	x, err := s.Store.Session(ctx, hashOf(token))
	if err != nil || x == nil {
		return err
	}
	return s.End(ctx, x.Person, x.Token)
}

// End ends one session of a person, named by the hash of its secret.
func (s *Service) End(ctx context.Context, person, token string) error {
	ended, err := s.Store.EndSession(ctx, person, token)
	if err != nil || !ended {
		return err
	}
	return s.logID(ctx, person, "signout", person, "")
}

// EndAll ends every session of a person but the one of a secret ("" = all).
func (s *Service) EndAll(ctx context.Context, by domain.Ref, person, except string) (int, error) {
	keep := ""
	if except != "" {
		keep = hashOf(except)
	}
	n, err := s.Store.EndSessions(ctx, person, keep)
	if err != nil {
		return n, err
	}
	return n, s.log(ctx, by, "signout_all", person, "")
}

// renew puts a session under a new secret, and notes what the person proved
// since: after more rights or a new password the old secret is worth nothing.
func (s *Service) renew(ctx context.Context, m *member, method string, strong bool, c Client) (*Opened, error) {
	was, err := s.Session(ctx, c.Token)
	if err != nil {
		return nil, err
	}
	if was != nil && was.Person == m.person.Ref.String() {
		strong = strong || was.Strong
	}
	return s.open(ctx, m, method, strong, c)
}

// plain shortens text from outside to n characters that can be shown and
// stored.
func plain(t string, n int) string {
	t = strings.Map(func(r rune) rune {
		if unicode.IsControl(r) || r == unicode.ReplacementChar {
			return ' '
		}
		return r
	}, strings.ToValidUTF8(t, " "))
	if r := []rune(t); len(r) > n {
		return string(r[:n])
	}
	return t
}
