package storetest

import (
	"sync"
	"testing"
	"time"

	"github.com/dinghai/dinghai/domain"
	"github.com/dinghai/dinghai/store"
)

var signIn = time.Date(2026, 3, 2, 9, 0, 0, 0, time.UTC)

func session(token, person string, at time.Time) store.Session {
	return store.Session{Token: token, Person: person, Method: "password", Made: at, Seen: at, Until: at.Add(12 * time.Hour), Agent: "浏览器", Network: "10.0.0.1"}
}

// access: how people prove who they are.
func access(t *testing.T, m Maker) {
	t.Run("Sessions", func(t *testing.T) { sessions(t, m.New(t)) })
	t.Run("Passwords", func(t *testing.T) {
		s := m.New(t)
		same(t, "none", (*store.Password)(nil), must[*store.Password](t)(s.Password(ctx, "li")))
		p := store.Password{Person: "li", Hash: "$argon2id$", Kind: "demo", Made: signIn}
		check(t, s.SetPassword(ctx, p))
		same(t, "set", &p, must[*store.Password](t)(s.Password(ctx, "li")))
		q := store.Password{Person: "li", Hash: "$argon2id$2", Made: signIn.Add(1)}
		check(t, s.SetPassword(ctx, q))
		same(t, "changed", &q, must[*store.Password](t)(s.Password(ctx, "li")))
	})
	t.Run("Passkeys", func(t *testing.T) { passkeys(t, m.New(t)) })
	t.Run("Identities", func(t *testing.T) {
		s := m.New(t)
		i := store.Identity{Provider: "https://id.example", Subject: "7", Person: "li", Made: signIn}
		check(t, s.Tie(ctx, i))
		same(t, "found", &i, must[*store.Identity](t)(s.Identity(ctx, i.Provider, "7")))
		same(t, "elsewhere", (*store.Identity)(nil), must[*store.Identity](t)(s.Identity(ctx, "https://other.example", "7")))
		wantCode(t, s.Tie(ctx, store.Identity{Provider: i.Provider, Subject: "8", Person: "li"}), domain.Conflict)
		wantCode(t, s.Tie(ctx, store.Identity{Provider: i.Provider, Subject: "7", Person: "wang"}), domain.Conflict)
		check(t, s.Tie(ctx, store.Identity{Provider: "zzd", Subject: "7", Person: "li"}))
		same(t, "list", 2, len(must[[]*store.Identity](t)(s.Identities(ctx, "li"))))
		same(t, "untied", true, must[bool](t)(s.Untie(ctx, "li", i.Provider)))
		same(t, "again", false, must[bool](t)(s.Untie(ctx, "li", i.Provider)))
		check(t, s.Tie(ctx, store.Identity{Provider: i.Provider, Subject: "7", Person: "wang"}))
	})
	t.Run("Tickets", func(t *testing.T) { tickets(t, m.New(t)) })
}

func sessions(t *testing.T, s Store) {
	a, b, c := session("a", "li", signIn), session("b", "li", signIn.Add(time.Hour)), session("c", "wang", signIn)
	b.Strong, b.Method = true, "passkey"
	for _, x := range []store.Session{a, b, c} {
		check(t, s.AddSession(ctx, x, ""))
	}
	same(t, "found", &b, must[*store.Session](t)(s.Session(ctx, "b")))
	same(t, "none", (*store.Session)(nil), must[*store.Session](t)(s.Session(ctx, "x")))
	same(t, "last used first", []*store.Session{&b, &a}, must[[]*store.Session](t)(s.Sessions(ctx, "li")))
	check(t, s.SeeSession(ctx, "a", signIn.Add(2*time.Hour)))
	check(t, s.SeeSession(ctx, "a", signIn.Add(time.Hour))) // late: does not go back
	a.Seen = signIn.Add(2 * time.Hour)
	same(t, "seen", []*store.Session{&a, &b}, must[[]*store.Session](t)(s.Sessions(ctx, "li")))
	d := session("d", "li", signIn.Add(3*time.Hour))
	check(t, s.AddSession(ctx, d, "a"))
	same(t, "replaced", (*store.Session)(nil), must[*store.Session](t)(s.Session(ctx, "a")))
	same(t, "not hers", false, must[bool](t)(s.EndSession(ctx, "li", "c")))
	same(t, "his", true, must[bool](t)(s.EndSession(ctx, "wang", "c")))
	same(t, "others ended", 1, must[int](t)(s.EndSessions(ctx, "li", "d")))
	same(t, "one left", []*store.Session{&d}, must[[]*store.Session](t)(s.Sessions(ctx, "li")))
	check(t, s.AddSession(ctx, session("e", "wang", d.Until.Add(time.Second)), ""))
	same(t, "swept", 0, len(must[[]*store.Session](t)(s.Sessions(ctx, "li"))))
	same(t, "everywhere", 1, must[int](t)(s.EndSessions(ctx, "wang", "")))
}

func passkeys(t *testing.T, s Store) {
	p := store.Passkey{ID: "k1", Person: "li", Name: "手机", Doc: `{"n":1}`, Made: signIn}
	check(t, s.AddPasskey(ctx, p))
	wantCode(t, s.AddPasskey(ctx, store.Passkey{ID: "k1", Person: "wang"}), domain.Conflict)
	check(t, s.AddPasskey(ctx, store.Passkey{ID: "k2", Person: "li", Made: signIn.Add(1)}))
	same(t, "found", &p, must[*store.Passkey](t)(s.Passkey(ctx, "k1")))
	same(t, "list", 2, len(must[[]*store.Passkey](t)(s.Passkeys(ctx, "li"))))
	check(t, s.UsePasskey(ctx, "k1", p.Doc, `{"n":2}`, signIn.Add(time.Hour)))
	wantCode(t, s.UsePasskey(ctx, "k1", p.Doc, `{"n":2}`, signIn.Add(time.Hour)), domain.Conflict)
	p.Doc, p.Used = `{"n":2}`, signIn.Add(time.Hour)
	same(t, "used", &p, must[*store.Passkey](t)(s.Passkey(ctx, "k1")))
	same(t, "not his", false, must[bool](t)(s.DropPasskey(ctx, "wang", "k1")))
	same(t, "hers", true, must[bool](t)(s.DropPasskey(ctx, "li", "k1")))
	same(t, "gone", (*store.Passkey)(nil), must[*store.Passkey](t)(s.Passkey(ctx, "k1")))
}

// tickets: a link works once, however many follow it at the same time, and a
// new one takes the place of the old.
func tickets(t *testing.T, s Store) {
	k := store.Ticket{Hash: "h1", Purpose: "invite", Person: "li", MadeBy: "wang", Made: signIn, Until: signIn.Add(time.Hour)}
	check(t, s.AddTicket(ctx, k))
	same(t, "found", &k, must[*store.Ticket](t)(s.Ticket(ctx, "h1")))
	other := k
	other.Hash = "h2"
	check(t, s.AddTicket(ctx, other))
	same(t, "replaced", (*store.Ticket)(nil), must[*store.Ticket](t)(s.Ticket(ctx, "h1")))
	same(t, "listed", []*store.Ticket{&other}, must[[]*store.Ticket](t)(s.TicketsFor(ctx, "invite", "li")))
	var wg sync.WaitGroup
	won := make(chan bool, 8)
	for range 8 {
		wg.Go(func() {
			ok, err := s.TakeTicket(ctx, "h2")
			if err != nil {
				t.Error(err)
			}
			won <- ok
		})
	}
	wg.Wait()
	close(won)
	n := 0
	for ok := range won {
		if ok {
			n++
		}
	}
	same(t, "taken", 1, n)
}
