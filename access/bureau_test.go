package access_test

import (
	"context"
	"path/filepath"
	"sync"
	"testing"
	"time"

	"github.com/dinghai/dinghai/access"
	"github.com/dinghai/dinghai/catalogue"
	"github.com/dinghai/dinghai/domain"
	"github.com/dinghai/dinghai/engine"
	"github.com/dinghai/dinghai/journey/journeytest"
	"github.com/dinghai/dinghai/store/sqlite"
	"github.com/dinghai/dinghai/systems"
)

// shipped is the catalogue people really work with, loaded once.
var shipped = sync.OnceValues(func() (*catalogue.Catalogue, error) { return catalogue.Load(systems.Files) })

// bureau is an engine and a log-in over a new database, with clocks to set.
type bureau struct {
	*access.Service
	t     *testing.T
	eng   *engine.Engine
	store *sqlite.Store
	mu    sync.Mutex
	now   time.Time
	organ domain.Ref
}

func (b *bureau) clock() time.Time {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.now
}

func (b *bureau) pass(d time.Duration) {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.now = b.now.Add(d)
}

// cheap makes hashing quick; what it costs in earnest is no matter here.
var cheap = access.Cost{Memory: 64, Time: 1, Threads: 1}

func open(t *testing.T, change func(*access.Config)) *bureau {
	t.Helper()
	cat, err := shipped()
	if err != nil {
		t.Fatal(err)
	}
	hooks, err := systems.Hooks()
	if err != nil {
		t.Fatal(err)
	}
	st, err := sqlite.Open(t.Context(), sqlite.Options{Path: filepath.Join(t.TempDir(), "a.db")})
	if err != nil {
		t.Fatal(err)
	}
	b := &bureau{t: t, store: st, now: time.Date(2026, 3, 2, 1, 0, 0, 0, time.UTC)}
	b.eng = engine.New(engine.Config{Catalogue: cat, Store: st, Vault: journeytest.NewKeys(), Now: b.clock, Hooks: hooks,
		Committed: func(ev []domain.Event) { b.Committed(ev) }, Organ: func(code string) *catalogue.Organ { return b.Organ(code) }})
	c := access.Config{Engine: b.eng, Store: st, Secret: []byte("trial"), Now: b.clock, Cost: cheap}
	if change != nil {
		change(&c)
	}
	b.Service = access.New(c)
	t.Cleanup(func() {
		b.eng.Close()
		if err := st.Close(); err != nil {
			t.Error(err)
		}
	})
	b.organ = b.do(domain.Command{Kind: "organisation.organ", Action: "load", Area: "330900",
		Input: map[string]any{"organ_code": "zs", "name": "市局", "short": "舟市监", "kind": "city"}}).Ref
	return b
}

// do performs a command as the platform.
func (b *bureau) do(c domain.Command) *domain.Record {
	b.t.Helper()
	c.Actor = domain.System("test")
	r, err := b.eng.Do(context.Background(), c)
	if err != nil {
		b.t.Fatalf("%s.%s: %v", c.Kind, c.Action, err)
	}
	return r.Record
}

func (b *bureau) enrol(name, no, login string) domain.Ref {
	b.t.Helper()
	return b.do(domain.Command{Kind: "organisation.person", Action: "enrol", Area: "330900",
		Input: map[string]any{"name": name, "staff_no": no, "organ": b.organ.String(), "login": login}}).Ref
}

func (b *bureau) grant(person domain.Ref, role, area string, more map[string]any) domain.Ref {
	b.t.Helper()
	in := map[string]any{"role": role}
	for k, v := range more {
		in[k] = v
	}
	return b.do(domain.Command{Kind: "organisation.grant", Action: "give", Area: area, Of: person, Input: in}).Ref
}

const good = "海风吹过旧码头与三只白鹭"

// wang is a person with a password and a grant.
func (b *bureau) wang() domain.Ref {
	b.t.Helper()
	p := b.enrol("王明", "0231", "wangming")
	b.grant(p, "inspector", "330902", nil)
	b.password(p, good)
	return p
}

func (b *bureau) password(p domain.Ref, password string) {
	b.t.Helper()
	if err := b.SetPassword(b.t.Context(), p, password); err != nil {
		b.t.Fatal(err)
	}
}

func (b *bureau) signIn(login, password string, c access.Client) *access.Opened {
	b.t.Helper()
	o, err := b.SignIn(b.t.Context(), login, password, c)
	if err != nil {
		b.t.Fatal(err)
	}
	return o
}

func (b *bureau) viewer(token string) domain.Viewer {
	b.t.Helper()
	v, err := b.Viewer(b.t.Context(), token)
	if err != nil {
		b.t.Fatal(err)
	}
	return v
}

func wantCode(t *testing.T, err error, code domain.Code) {
	t.Helper()
	if got := domain.ErrorCode(err); got != code {
		t.Errorf("%v: code %q, want %q", err, got, code)
	}
}
