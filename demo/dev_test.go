package demo

import (
	"context"
	"os"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/dinghai/dinghai/catalogue"
	"github.com/dinghai/dinghai/domain"
	"github.com/dinghai/dinghai/engine"
	"github.com/dinghai/dinghai/engine/indicator"
	"github.com/dinghai/dinghai/jobs"
	"github.com/dinghai/dinghai/store/sqlite"
)

func TestDev(t *testing.T) {
	cat, err := catalogue.Load(os.DirFS("/tmp/cat"))
	if err != nil {
		t.Fatal(err)
	}
	tg, err := Zhoushan2023()
	if err != nil {
		t.Fatal(err)
	}
	only := os.Getenv("ONLY")
	all := recipes
	recipes = nil
	for _, r := range all {
		if only == "" || strings.Contains(only, r.name) {
			recipes = append(recipes, r)
		}
	}
	scale, _ := strconv.ParseFloat(os.Getenv("SCALE"), 64)
	tt := tg.with(0, scale)
	g, err := prepare(cat, tt)
	if g == nil || (err != nil && len(g.plan.bad) > 0 && only == "") {
		t.Fatal(err)
	}
	if err != nil {
		t.Log(err)
	}
	st, err := sqlite.Open(t.Context(), sqlite.Options{Path: t.TempDir() + "/d.db"})
	if err != nil {
		t.Fatal(err)
	}
	clk := &hands{tt.Clock}
	vault := keys{}
	eng := engine.New(engine.Config{Catalogue: cat, Store: st, Vault: vault, Now: clk.Now, NewID: IDs(1)})
	defer eng.Close()
	p := &player{eng: eng, jobs: &jobs.Jobs{Engine: eng, Outbox: st, Eraser: vault}, clock: clk, gen: g, tell: func(domain.Text, int, int) {}}
	begin := time.Now()
	if err := p.open(t.Context()); err != nil {
		t.Fatal(err)
	}
	t.Log("opened", time.Since(begin))
	if err := p.live(t.Context()); err != nil {
		t.Fatal(err)
	}
	t.Log("lived", time.Since(begin))
	clk.Set(tt.Clock)
	h, _ := eng.Reader().Heads(t.Context())
	sum := int64(0)
	for _, n := range h {
		sum += n
	}
	t.Log("events", sum, float64(sum)/time.Since(begin).Seconds(), "/s")
	for _, x := range tt.Targets {
		want, ok := g.plan.agreed[x.Recipe]
		if !ok || x.Figure == "" {
			continue
		}
		f, err := eng.Figures().Value(t.Context(), eng.Reader(), x.Figure, indicator.Query{From: x.Period.From, To: x.Period.To})
		mark := "ok "
		if err != nil || f.Value != want {
			mark = "BAD"
		}
		t.Log(mark, x.Figure, "want", want, "got", f.Value, f.Num, f.Den, err)
	}
}

type hands struct{ t time.Time }

func (h *hands) Set(t time.Time) { h.t = t }
func (h *hands) Now() time.Time  { return h.t }

type keys map[string][]byte

func (k keys) Add(_ context.Context, add map[string][]byte) error {
	for id, b := range add {
		k[id] = b
	}
	return nil
}
func (k keys) Key(_ context.Context, id string) ([]byte, error) { return k[id], nil }
func (k keys) Destroy(_ context.Context, id string) error       { delete(k, id); return nil }
func (k keys) BlindKey() []byte                                 { return []byte("a test's blind key") }
