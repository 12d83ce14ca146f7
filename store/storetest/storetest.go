// Package storetest proves that a store keeps its promises. Both engines run
// the same suite, so that a page, a figure or a search gives the same answer on
// either; each file of this package covers one subject.
package storetest

import (
	"context"
	"io"
	"testing"
	"time"

	"github.com/dinghai/dinghai/domain"
	"github.com/dinghai/dinghai/store"
)

// Store is what both engines offer: the engine's port and what the rest of the
// platform needs beside it.
type Store interface {
	Update(ctx context.Context, home int, fn func(domain.Tx) error) error
	Reader() domain.Reader
	Lanes() int
	GroupSize() int
	Close() error

	Outcome(ctx context.Context, list ...domain.Outcome) error
	Events(ctx context.Context, from map[int]int64, fn func(domain.Event) error) error
	CheckRollups(ctx context.Context, max int) ([]string, error)
	Filterable(ctx context.Context, kind string, fields []string) error

	Pin(ctx context.Context, list ...store.Definition) error
	Pinned(ctx context.Context, kind string) ([]store.Definition, error)
	Freeze(ctx context.Context, f store.Frozen) error
	Frozen(ctx context.Context, home int, id string) (*store.Frozen, error)
	LogAccess(ctx context.Context, list ...store.Access) error
	Accesses(ctx context.Context, target string, limit int) ([]store.Access, error)
	AccessLog(ctx context.Context, q store.AccessQuery) ([]store.AccessLine, error)
	Erased(ctx context.Context) ([]store.Erasure, error)
	SetMeta(ctx context.Context, name, value string) error
	Meta(ctx context.Context, name string) (string, error)

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

	KeepDraft(ctx context.Context, d store.Draft) error
	DropDraft(ctx context.Context, person, name string) error
	DropDrafts(ctx context.Context, before time.Time) (int64, error)
	Draft(ctx context.Context, person, name string) (*store.Draft, error)
	Drafts(ctx context.Context, person string) ([]store.Draft, error)
	Save(ctx context.Context, s store.Saved) error
	SavedOf(ctx context.Context, person, page string) ([]store.Saved, error)
	AddUpload(ctx context.Context, u store.Upload, most int) error
	EndUpload(ctx context.Context, id, file, value string) error
	DropUpload(ctx context.Context, id string) (bool, error)
	ClaimFiles(ctx context.Context, files ...string) error
	Upload(ctx context.Context, id string) (*store.Upload, error)
	Uploads(ctx context.Context, before time.Time) ([]store.Upload, error)
	EventsOfType(ctx context.Context, typ string, from, to domain.Date, home int, pos int64, limit int) ([]domain.Event, error)
	RetryOutbox(ctx context.Context, home int, pos int64, n int) (int64, error)
	AddNotices(ctx context.Context, list ...store.Notice) (int, error)
	EndNotice(ctx context.Context, n store.Notice) error
	ReadNotices(ctx context.Context, person, id string, at time.Time) (int64, error)
	RetryNotices(ctx context.Context, id string, at time.Time) (int64, error)
	Notices(ctx context.Context, q store.NoticeQuery) ([]store.Notice, error)
	CountNotices(ctx context.Context, q store.NoticeQuery) (int, error)
	MarkDead(ctx context.Context, d store.Dead) error
	Revive(ctx context.Context, hash string) error
	DeadAddress(ctx context.Context, hash string) (*store.Dead, error)
	DeadAddresses(ctx context.Context, limit int) ([]store.Dead, error)
	Prefer(ctx context.Context, person, name, value string) error
	Preferences(ctx context.Context, person string) (map[string]string, error)

	Acquire(ctx context.Context, owner string) (bool, error)
	Renew(ctx context.Context, owner string) (bool, error)
	Release(ctx context.Context, owner string) error
	Holder(ctx context.Context) (string, time.Time, error)

	Shadow(ctx context.Context) (store.Shadow, error)
	Compare(ctx context.Context, shadow store.Shadow, max int) ([]string, error)

	Backup(ctx context.Context, w io.Writer) error
	Restore(ctx context.Context, r io.Reader) error
}

// Maker opens stores for the suite.
type Maker struct {
	// New gives an empty store.
	New func(t testing.TB) Store
	// Again opens the database of a store a second time, as another process would.
	Again func(t testing.TB, s Store) Store
}

// Run runs the whole suite.
func Run(t *testing.T, m Maker) {
	for name, group := range map[string]func(*testing.T, Maker){
		"Events": events, "Records": records, "Lists": lists, "Search": search, "Sums": sums, "Outbox": outbox,
		"Kept": kept, "Access": access, "Work": work, "Uploads": uploads, "Notices": notices, "Lease": lease, "Rebuild": rebuild, "Backup": backup, "Faults": faults,
	} {
		t.Run(name, func(t *testing.T) { group(t, m) })
	}
}
