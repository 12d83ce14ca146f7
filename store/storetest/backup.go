package storetest

import (
	"archive/tar"
	"bytes"
	"compress/gzip"
	"encoding/json"
	"io"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/dinghai/dinghai/domain"
	"github.com/dinghai/dinghai/store"
)

var anyTime = time.Date(2100, 1, 1, 0, 0, 0, 0, time.UTC)

// backup: an archive restored elsewhere answers every question alike.
func backup(t *testing.T, m Maker) {
	s, c := m.New(t), NewCity(1)
	Furnish(t, s, c)
	var archive bytes.Buffer
	check(t, s.Backup(ctx, &archive))

	t.Run("Restore", func(t *testing.T) {
		into := m.New(t)
		check(t, into.Pin(ctx, store.Definition{Kind: "process", Name: "of the first start", Version: 1})) // gives way
		check(t, into.Restore(ctx, bytes.NewReader(archive.Bytes())))
		SameCity(t, s, into)
		wantCode(t, into.Restore(ctx, bytes.NewReader(archive.Bytes())), domain.Refused)
		write(t, into, c.Group(330902, 3)) // it lives on
	})
	t.Run("OfAnEarlierRelease", func(t *testing.T) {
		into := m.New(t)
		check(t, into.Restore(ctx, bytes.NewReader(without(t, archive.Bytes(), "password", "passkey", "identity"))))
		same(t, "records", must[int](t)(s.Reader().Count(ctx, domain.ListQuery{})), must[int](t)(into.Reader().Count(ctx, domain.ListQuery{})))
		wantCode(t, m.New(t).Restore(ctx, bytes.NewReader(without(t, archive.Bytes(), "outbox"))), domain.Refused)
	})
	t.Run("DamagedLeavesNothing", func(t *testing.T) {
		into := m.New(t)
		wantCode(t, into.Restore(ctx, bytes.NewReader(archive.Bytes()[:archive.Len()/2])), domain.Invalid)
		wantCode(t, into.Restore(ctx, bytes.NewReader([]byte("no archive"))), domain.Invalid)
		flipped := bytes.Clone(archive.Bytes())
		flipped[len(flipped)*2/3] ^= 0x40
		if err := into.Restore(ctx, bytes.NewReader(flipped)); err == nil {
			t.Error("a damaged archive was restored")
		}
		same(t, "heads", map[int]int64{}, must[map[int]int64](t)(into.Reader().Heads(ctx)))
		same(t, "records", 0, must[int](t)(into.Reader().Count(ctx, domain.ListQuery{})))
		check(t, into.Restore(ctx, bytes.NewReader(archive.Bytes())))
	})
}

// Furnish fills a store with rows of every table.
func Furnish(t testing.TB, s Store, c *City) {
	t.Helper()
	settle(t, s, c, 120)
	ws := c.Register(330902)
	r := ws.Records[0].Record
	ws.Events[0].Changes.Erase = true
	ws.Clocks = []domain.ClockRow{{Home: r.Home, Record: r.ID, Kind: r.Kind, Area: r.Area, Clock: domain.Clock{ID: "a", Code: "a", Due: "2023-01-01"}}}
	ws.Tasks = []domain.TaskRow{{Home: r.Home, Record: r.ID, Kind: r.Kind, Area: r.Area, Task: domain.Task{ID: "a", Role: "clerk"}}}
	ws.Counters = []domain.CounterRow{{Home: r.Home, Organ: "o", Kind: "k", Year: 2023, N: 9}}
	ws.Blind = []domain.BlindRow{{Home: r.Home, Record: r.ID, Field: "phone", Hash: "aa"}}
	ws.Outbox = []domain.OutboxRow{{Home: r.Home, Pos: r.Pos, Event: "e", Out: domain.Out{Kind: "notify", Data: map[string]any{"引号": "\"\n"}}}}
	write(t, s, &ws)
	check(t, s.Pin(ctx, store.Definition{Kind: "process", Name: "complaint", Version: 3, Content: "states: []\n"}))
	check(t, s.Freeze(ctx, store.Frozen{Home: 330900, ID: "r", Name: "n", At: anyTime, Content: "{}"}))
	check(t, s.LogAccess(ctx, store.Access{At: anyTime, Actor: "a"}, store.Access{At: anyTime, Actor: "b"}))
	check(t, s.SetMeta(ctx, "bureau", "舟山"))
	check(t, s.SetPassword(ctx, store.Password{Person: "li", Hash: "$argon2id$", Made: signIn}))
	check(t, s.AddPasskey(ctx, store.Passkey{ID: "k", Person: "li", Name: "手机", Doc: "{}", Made: signIn}))
	check(t, s.Tie(ctx, store.Identity{Provider: "p", Subject: "s", Person: "li", Made: signIn}))
}

// without makes an archive as a release without some tables wrote it.
func without(t testing.TB, archive []byte, tables ...string) []byte {
	t.Helper()
	zr, err := gzip.NewReader(bytes.NewReader(archive))
	check(t, err)
	var out bytes.Buffer
	zw := gzip.NewWriter(&out)
	tr, tw := tar.NewReader(zr), tar.NewWriter(zw)
	for {
		h, err := tr.Next()
		if err == io.EOF {
			break
		}
		check(t, err)
		b := must[[]byte](t)(io.ReadAll(tr))
		name, _, in := strings.Cut(h.Name, "/")
		if in && slices.Contains(tables, name) {
			continue
		}
		if !in {
			b = forget(t, b, tables)
		}
		h.Size = int64(len(b))
		check(t, tw.WriteHeader(h))
		_, err = tw.Write(b)
		check(t, err)
	}
	check(t, tw.Close())
	check(t, zw.Close())
	return out.Bytes()
}

// forget takes tables out of the lists of format.json and manifest.json.
func forget(t testing.TB, doc []byte, tables []string) []byte {
	t.Helper()
	var m map[string]any
	check(t, json.Unmarshal(doc, &m))
	for _, part := range m {
		if byTable, ok := part.(map[string]any); ok {
			for _, name := range tables {
				delete(byTable, name)
			}
		}
	}
	return must[[]byte](t)(json.Marshal(m))
}

// SameCity compares all that two stores answer.
func SameCity(t testing.TB, a, b Store) {
	t.Helper()
	ask := func(s Store) map[string]any {
		r := s.Reader()
		var log []domain.Event
		check(t, s.Events(ctx, nil, func(e domain.Event) error { log = append(log, e); return nil }))
		tasks, n, err := r.Tasks(ctx, domain.TaskQuery{})
		check(t, err)
		answers := map[string]any{
			"events": log, "heads": must[map[int]int64](t)(r.Heads(ctx)), "tasks": tasks, "task count": n,
			"list":     must[domain.ListPage](t)(r.List(ctx, domain.ListQuery{Limit: 1000})),
			"search":   must[domain.ListPage](t)(r.Search(ctx, domain.SearchQuery{Text: "舟山", Limit: 1000})).Total,
			"initials": must[domain.ListPage](t)(r.Search(ctx, domain.SearchQuery{Text: "zs", Limit: 1000})).Total,
			"clocks":   must[[]domain.ClockRow](t)(r.DueClocks(ctx, "2030-01-01", "", 100)),
			"outbox":   must[[]domain.OutboxRow](t)(r.Outbox(ctx, domain.OutPending, anyTime, 100)),
			"stock":    must[domain.Total](t)(r.Sum(ctx, domain.Slice{Indicator: "registration.entities", Version: 1, Mode: domain.ModeStock, To: "2020-05-05"})),
			"blind":    must[[]domain.Ref](t)(r.ByBlind(ctx, "phone", "aa")),
			"pinned":   must[[]store.Definition](t)(s.Pinned(ctx, "")), "frozen": must[*store.Frozen](t)(s.Frozen(ctx, 330900, "r")),
			"access": must[[]store.Access](t)(s.Accesses(ctx, "", 100)), "erased": must[[]store.Erasure](t)(s.Erased(ctx)), "meta": must[string](t)(s.Meta(ctx, "bureau")),
			"password": must[*store.Password](t)(s.Password(ctx, "li")), "passkeys": must[[]*store.Passkey](t)(s.Passkeys(ctx, "li")),
			"identities": must[[]*store.Identity](t)(s.Identities(ctx, "li")),
			"rollups":    must[[]string](t)(s.CheckRollups(ctx, 10)),
		}
		for _, e := range log {
			answers["record "+e.Record] = must[*domain.Record](t)(r.Record(ctx, domain.Ref{Home: e.Home, ID: e.Record}))
		}
		return answers
	}
	same(t, "answers", ask(a), ask(b))
}
