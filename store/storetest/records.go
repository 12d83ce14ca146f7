package storetest

import (
	"testing"
	"time"

	"github.com/dinghai/dinghai/domain"
)

// records: documents, and all that a transaction reads while it decides.
func records(t *testing.T, m Maker) {
	t.Run("RoundTrip", func(t *testing.T) { recordRoundTrip(t, m) })
	t.Run("TxSeesItsWrites", func(t *testing.T) { txSees(t, m) })
	t.Run("RollBack", func(t *testing.T) { rollBack(t, m) })
	t.Run("Links", func(t *testing.T) { links(t, m) })
	t.Run("Pool", func(t *testing.T) { poolOf(t, m) })
	t.Run("Claims", func(t *testing.T) { claims(t, m) })
	t.Run("Blind", func(t *testing.T) { blindIndex(t, m) })
	t.Run("Absent", func(t *testing.T) {
		s := m.New(t)
		inTx(t, s, 1, func(tx domain.Tx) {
			same(t, "record", (*domain.Record)(nil), must[*domain.Record](t)(tx.Load(domain.Ref{Home: 1, ID: "x"})))
			same(t, "receipt", (*domain.ReceiptRow)(nil), must[*domain.ReceiptRow](t)(tx.Receipt(1, "x")))
			same(t, "claim", domain.Ref{}, must[domain.Ref](t)(tx.Claimed("a", "b")))
			same(t, "counter", 0, must[int](t)(tx.Counter(1, "o", "k", 2023)))
			same(t, "head", int64(0), must[int64](t)(tx.Head(1)))
		})
	})
}

func recordRoundTrip(t *testing.T, m Maker) {
	s, c := m.New(t), NewCity(1)
	r := c.Entity(330902)
	at := time.Date(2023, 5, 1, 1, 2, 3, 4, time.UTC)
	r.Clocks = []domain.Clock{{ID: "a", Code: "a", Due: "2023-02-01", Outcome: domain.Met}, {ID: "b", Code: "b", Due: "2023-03-01", DueAt: &at, Pauses: []domain.Pause{{From: "2023-02-01", Ground: "g"}}}}
	r.Papers = []domain.Paper{{Kind: "p", Number: "浙舟市监〔2023〕1号", Data: map[string]any{"n": int64(2)}}}
	r.Aliases, r.Zones = map[string]string{"national": "123"}, []string{"z1"}
	write(t, s, c.one(r, true, "registered", domain.Changes{}))
	got := must[*domain.Record](t)(s.Reader().Record(ctx, r.Ref))
	same(t, "record", r, got)
	if _, ok := got.Fields["capital"].(int64); !ok {
		t.Errorf("capital came back as %T", got.Fields["capital"])
	}
	page := must[domain.ListPage](t)(s.Reader().List(ctx, domain.ListQuery{Kind: r.Kind}))
	same(t, "due is the earliest open clock", domain.Date("2023-03-01"), page.Rows[0].Due)
	list := must[[]*domain.Record](t)(s.Reader().ByCode(ctx, r.Kind, r.Fields["code"].(string)))
	same(t, "by code", []*domain.Record{r}, list)
	same(t, "by code of another kind", 0, len(must[[]*domain.Record](t)(s.Reader().ByCode(ctx, "other", r.Fields["code"].(string)))))
}

func txSees(t *testing.T, m Maker) {
	s, c := m.New(t), NewCity(2)
	inTx(t, s, 330902, func(tx domain.Tx) {
		ws := c.Register(330902)
		ws.Counters = []domain.CounterRow{{Home: 330902, Organ: "o", Kind: "k", Year: 2023, N: 7}}
		check(t, tx.Write(&ws))
		r := ws.Records[0].Record
		same(t, "Load", r, must[*domain.Record](t)(tx.Load(r.Ref)))
		same(t, "Head", int64(1), must[int64](t)(tx.Head(330902)))
		same(t, "Counter", 7, must[int](t)(tx.Counter(330902, "o", "k", 2023)))
		same(t, "Receipt", &ws.Receipts[0], must[*domain.ReceiptRow](t)(tx.Receipt(330902, ws.Receipts[0].Key)))
		same(t, "Claimed", r.Ref, must[domain.Ref](t)(tx.Claimed("credit_code", ws.Claims[0].Value)))
		same(t, "LinkedTo", []*domain.Record{ws.Records[1].Record}, must[[]*domain.Record](t)(tx.LinkedTo(330902, r.Ref, "of", "")))
		same(t, "Pool", []*domain.Record{r}, must[[]*domain.Record](t)(tx.Pool(r.Kind, r.Area[:6])))
		r.State = "suspended"
		check(t, tx.Write(c.one(r, false, "suspended", domain.Changes{State: r.State})))
		same(t, "Load again", "suspended", must[*domain.Record](t)(tx.Load(r.Ref)).State)
	})
	same(t, "heads", map[int]int64{330902: 2}, must[map[int]int64](t)(s.Reader().Heads(ctx)))
}

func rollBack(t *testing.T, m Maker) {
	s, c := m.New(t), NewCity(3)
	write(t, s, c.Group(330902, 2))
	before := must[domain.ListPage](t)(s.Reader().List(ctx, domain.ListQuery{}))
	refused := domain.Fail(domain.Guarded, "", "no", "不", "no")
	failing := NewCity(4)
	failing.heads[330902] = 2
	err := s.Update(ctx, 330902, func(tx domain.Tx) error {
		check(t, tx.Write(failing.Group(330902, 3)))
		return refused
	})
	wantCode(t, err, domain.Guarded)
	same(t, "list", before, must[domain.ListPage](t)(s.Reader().List(ctx, domain.ListQuery{})))
	write(t, s, c.Group(330902, 2))
	same(t, "total", 8, must[int](t)(s.Reader().Count(ctx, domain.ListQuery{})))
	same(t, "rollups", []string(nil), must[[]string](t)(s.CheckRollups(ctx, 10)))
}

func links(t *testing.T, m Maker) {
	s, c := m.New(t), NewCity(4)
	a, b := c.named(t, s, 330902, "甲"), c.named(t, s, 330902, "乙")
	var cases []*domain.Record
	for _, home := range []int{330902, 330903} {
		r := c.Entity(home)
		r.Kind, r.Of, r.Parties = "case.k", a.Ref, []domain.Party{{Role: "respondent", Who: b.Ref}}
		ws := c.one(r, true, "opened", domain.Changes{})
		ws.Links = []domain.LinkRow{{Home: home, Record: r.ID, Role: "of", To: a.Ref}, {Home: home, Record: r.ID, Role: "respondent", To: b.Ref},
			{Home: home, Record: r.ID, Role: "informant"}} // known by name only
		write(t, s, ws)
		cases = append(cases, r)
	}
	to := func(ref domain.Ref, role, kind string) []*domain.Record {
		return must[[]*domain.Record](t)(s.Reader().LinkedTo(ctx, ref, role, kind))
	}
	same(t, "newest first", []*domain.Record{cases[1], cases[0]}, to(a.Ref, "of", ""))
	same(t, "party", 2, len(to(b.Ref, "respondent", "case.k")))
	same(t, "any role, no record twice", 2, len(to(b.Ref, "", "")))
	same(t, "other kind", 0, len(to(a.Ref, "of", "other")))
	same(t, "to nobody", 0, len(to(domain.Ref{}, "", "")))
	same(t, "other role", 0, len(to(a.Ref, "respondent", "")))
	inTx(t, s, 330903, func(tx domain.Tx) {
		same(t, "one home", []*domain.Record{cases[1]}, must[[]*domain.Record](t)(tx.LinkedTo(330903, a.Ref, "of", "")))
	})
	cases[0].Of = b.Ref // corrected: the old link must no longer lead here
	ws := c.one(cases[0], false, "corrected", domain.Changes{Of: &b.Ref})
	ws.Links = []domain.LinkRow{{Home: 330902, Record: cases[0].ID, Role: "of", To: b.Ref}}
	write(t, s, ws)
	same(t, "after the correction", []*domain.Record{cases[1]}, to(a.Ref, "of", ""))
	same(t, "list of its cases", 1, must[int](t)(s.Reader().Count(ctx, domain.ListQuery{Of: a.Ref})))
	same(t, "list of the other's", 1, must[domain.ListPage](t)(s.Reader().List(ctx, domain.ListQuery{Of: b.Ref})).Total)
}

func poolOf(t *testing.T, m Maker) {
	s, c := m.New(t), NewCity(5)
	var want []string
	for i, change := range []func(*domain.Record){
		func(*domain.Record) {}, func(r *domain.Record) { r.Voided = true }, func(r *domain.Record) { r.Closed = "2023-01-01" },
		func(r *domain.Record) { r.Erased = true }, func(r *domain.Record) { r.Merged = domain.Ref{Home: 1, ID: "x"} },
		func(r *domain.Record) { r.Area = "330903001001" }, func(r *domain.Record) { r.Kind = "other" }, func(*domain.Record) {},
	} {
		r := c.Entity(330902)
		change(r)
		write(t, s, c.one(r, true, "registered", domain.Changes{}))
		if i == 0 || i == 7 {
			want = append(want, r.ID)
		}
	}
	inTx(t, s, 330902, func(tx domain.Tx) {
		var got []string
		for _, r := range must[[]*domain.Record](t)(tx.Pool("registration.entity", "330902")) {
			got = append(got, r.ID)
		}
		same(t, "pool", want, got)
		same(t, "the whole city", 3, len(must[[]*domain.Record](t)(tx.Pool("registration.entity", "330900"))))
	})
}

func claims(t *testing.T, m Maker) {
	s, c := m.New(t), NewCity(6)
	a, b := c.Entity(330902), c.Entity(330903)
	take := func(r *domain.Record, owner domain.Ref, isNew, look bool) error {
		return s.Update(ctx, r.Home, func(tx domain.Tx) error {
			if look {
				if _, err := tx.Claimed("credit_code", "X"); err != nil {
					return err
				}
			}
			saved := c.heads[r.Home]
			ws := c.one(r, isNew, "registered", domain.Changes{})
			ws.Claims = []domain.Claim{{Kind: "credit_code", Value: "X", Owner: owner}}
			err := tx.Write(ws)
			if err != nil {
				c.heads[r.Home] = saved
			}
			return err
		})
	}
	check(t, take(a, a.Ref, true, false))
	check(t, take(a, a.Ref, false, false)) // its own again
	wantCode(t, take(b, b.Ref, true, false), domain.Conflict)
	same(t, "still the first", a.Ref, must[domain.Ref](t)(s.Reader().ByClaim(ctx, "credit_code", "X")))
	check(t, take(b, b.Ref, true, true)) // who has looked may move it: a merge
	same(t, "moved", b.Ref, must[domain.Ref](t)(s.Reader().ByClaim(ctx, "credit_code", "X")))
	check(t, take(b, domain.Ref{}, false, false))
	same(t, "given up", domain.Ref{}, must[domain.Ref](t)(s.Reader().ByClaim(ctx, "credit_code", "X")))
	same(t, "other kind", domain.Ref{}, must[domain.Ref](t)(s.Reader().ByClaim(ctx, "licence", "X")))
}

func blindIndex(t *testing.T, m Maker) {
	s, c := m.New(t), NewCity(7)
	r := c.Entity(330902)
	set := func(isNew bool, hashes ...string) {
		ws := c.one(r, isNew, "registered", domain.Changes{})
		for _, h := range hashes {
			ws.Blind = append(ws.Blind, domain.BlindRow{Home: r.Home, Record: r.ID, Field: "phone", Hash: h})
		}
		write(t, s, ws)
	}
	find := func(hash string) []domain.Ref { return must[[]domain.Ref](t)(s.Reader().ByBlind(ctx, "phone", hash)) }
	set(true, "aa", "bb")
	same(t, "first", []domain.Ref{r.Ref}, find("aa"))
	same(t, "second", []domain.Ref{r.Ref}, find("bb"))
	set(false, "cc")
	same(t, "replaced", 0, len(find("aa")))
	same(t, "new", []domain.Ref{r.Ref}, find("cc"))
	set(false, "")
	same(t, "removed", 0, len(find("cc")))
}
