package access

import (
	"context"
	"crypto/hmac"
	"crypto/sha256"
	"log/slog"
	"sync"
	"time"

	"github.com/go-webauthn/webauthn/webauthn"

	"github.com/dinghai/dinghai/domain"
	"github.com/dinghai/dinghai/engine"
	"github.com/dinghai/dinghai/store"
)

// The kinds of record this package reads: systems/organisation.
const (
	personKind = "organisation.person"
	grantKind  = "organisation.grant"
	organKind  = "organisation.organ"
)

// Store keeps what proves who somebody is.
type Store interface {
	Session(ctx context.Context, token string) (*store.Session, error)
	Sessions(ctx context.Context, person string) ([]*store.Session, error)
	AddSession(ctx context.Context, s store.Session, replaces string) error
	SeeSession(ctx context.Context, token string, at time.Time) error
	EndSession(ctx context.Context, person, token string) (bool, error)
	EndSessions(ctx context.Context, person, except string) (int, error)
	Password(ctx context.Context, person string) (*store.Password, error)
	SetPassword(ctx context.Context, p store.Password) error
	Passkey(ctx context.Context, id string) (*store.Passkey, error)
	Passkeys(ctx context.Context, person string) ([]*store.Passkey, error)
	AddPasskey(ctx context.Context, p store.Passkey) error
	UsePasskey(ctx context.Context, id, was, doc string, at time.Time) error
	DropPasskey(ctx context.Context, person, id string) (bool, error)
	Identity(ctx context.Context, provider, subject string) (*store.Identity, error)
	Identities(ctx context.Context, person string) ([]*store.Identity, error)
	Tie(ctx context.Context, i store.Identity) error
	Untie(ctx context.Context, person, provider string) (bool, error)
	Ticket(ctx context.Context, hash string) (*store.Ticket, error)
	TicketsFor(ctx context.Context, purpose, person string) ([]*store.Ticket, error)
	AddTicket(ctx context.Context, t store.Ticket) error
	TakeTicket(ctx context.Context, hash string) (bool, error)
	LogAccess(ctx context.Context, list ...store.Access) error
	AccessLog(ctx context.Context, q store.AccessQuery) ([]store.AccessLine, error)
}

// Config is what log-in is made of.
type Config struct {
	Engine  *engine.Engine
	Store   Store
	Secret  []byte           // signs cookies of our own; the same after a restart
	Now     func() time.Time // real time, for sessions and throttling; nil = time.Now
	ScopeOf func(context.Context, domain.Viewer) (domain.Scope, error)

	Idle     time.Duration // a session ends unused for so long; 0 = 30 minutes
	Absolute time.Duration // and in any case after so long; 0 = 12 hours
	// PasskeyToDecide leaves the grants of deciding roles aside in sessions
	// opened without a device that verified its user.
	PasskeyToDecide bool
	// DemoPasswords lets passwords work that stand in the manual. Only for a
	// bureau of invented people that nobody but this machine can reach.
	DemoPasswords bool

	Cost Cost // of a password hash; zero = the default
	Log  *slog.Logger
}

// Service answers who somebody is.
type Service struct {
	Config
	people  *people
	hashing chan struct{} // slots: a hash takes memory
	gate    *throttle
	setup   sync.Mutex
	flows   flows
	looks   looks

	keys      *webauthn.WebAuthn // nil = no passkeys here
	providers []Provider
}

// New makes the service. Tell Committed what the engine commits.
func New(c Config) *Service {
	if c.Now == nil {
		c.Now = time.Now
	}
	if c.Idle == 0 {
		c.Idle = 30 * time.Minute
	}
	if c.Absolute == 0 {
		c.Absolute = 12 * time.Hour
	}
	if c.Cost == (Cost{}) {
		c.Cost = usualCost
	}
	if c.Log == nil {
		c.Log = slog.Default()
	}
	s := &Service{Config: c, hashing: make(chan struct{}, hashSlots), gate: newThrottle(c.Now)}
	s.people = &people{service: s}
	s.people.stale.Store(true)
	return s
}

// Committed drops what is known of people when an event of the organisation was
// committed. Give it to the engine (engine.Config.Committed).
func (s *Service) Committed(events []domain.Event) {
	for i := range events {
		switch events[i].Kind {
		case organKind:
			s.people.stale.Store(true)
			s.people.forget()
		case personKind, grantKind:
			s.people.forget()
		}
	}
}

// sign is a keyed hash of text for one purpose.
func (s *Service) sign(purpose, text string) []byte {
	h := hmac.New(sha256.New, s.Secret)
	h.Write([]byte(purpose + "\x00" + text))
	return h.Sum(nil)
}
