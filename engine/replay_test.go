package engine_test

import (
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/dinghai/dinghai/domain"
	"github.com/dinghai/dinghai/engine"
	"github.com/dinghai/dinghai/journey"
	"github.com/dinghai/dinghai/journey/journeytest"
	"github.com/dinghai/dinghai/kit/ids"
	"github.com/dinghai/dinghai/store/sqlite"
)

// TestReplay: after random lives, what is stored equals what the events say.
func TestReplay(t *testing.T) {
	for seed := range uint64(6) {
		t.Run(fmt.Sprint(seed), func(t *testing.T) {
			if done := replayed(t, seed, 400); done < 50 {
				t.Fatalf("only %d of the random actions were possible", done)
			}
		})
	}
}

// FuzzReplay is TestReplay over lives nobody chose.
func FuzzReplay(f *testing.F) {
	f.Add(uint64(7), uint16(60))
	f.Fuzz(func(t *testing.T, seed uint64, tries uint16) { replayed(t, seed, int(tries%500)) })
}

// replayed lives a life of so many attempts, rebuilds everything beside it and
// compares. It returns how many attempts the rules allowed.
func replayed(t *testing.T, seed uint64, tries int) int {
	t.Helper()
	st, err := sqlite.Open(t.Context(), sqlite.Options{Path: filepath.Join(t.TempDir(), "d.db")})
	if err != nil {
		t.Fatal(err)
	}
	cat := journeytest.Layer(t, os.DirFS("../systems"), os.DirFS("testdata"))
	r := journeytest.New(t, journeytest.Options{Catalogue: cat, Store: st})
	done := live(t, r, rand.New(rand.NewPCG(seed, 1)), tries)
	rebuilt(t, r, st)
	return done
}

// rebuilt makes the projections again beside the live ones and compares.
func rebuilt(t *testing.T, r *journey.Runner, st *sqlite.Store) {
	t.Helper()
	sh, err := st.Shadow(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	n, err := r.Engine.Replay(t.Context(), st, sh, 64, nil)
	if err != nil {
		t.Fatal(err)
	}
	diff, err := st.Compare(t.Context(), sh, 10)
	if err != nil || len(diff) > 0 {
		t.Fatalf("%d events: %v %v", n, diff, err)
	}
	rolls, err := st.CheckRollups(t.Context(), 10)
	if err != nil || len(rolls) > 0 {
		t.Fatalf("roll-ups: %v %v", rolls, err)
	}
}

// live tries random actions on random records for some months and counts those
// the rules allowed.
func live(t *testing.T, r *journey.Runner, rnd *rand.Rand, tries int) int {
	t.Helper()
	var refs []domain.Ref
	done := 0
	for i := range tries {
		if rnd.IntN(4) == 0 {
			r.Clock.Set(r.Clock.Now().Add(time.Duration(rnd.IntN(40)) * time.Hour))
		}
		rec, err := r.Engine.Do(t.Context(), random(rnd, refs, i))
		if err != nil {
			continue
		}
		done++
		for _, e := range rec.Events {
			refs = append(refs, domain.Ref{Home: e.Home, ID: e.Record})
		}
		if _, err := r.Jobs.Drain(t.Context()); err != nil {
			t.Fatal(err)
		}
	}
	return done
}

var towns = []string{"330902002", "330903001", "330921100"}

func random(rnd *rand.Rand, refs []domain.Ref, i int) domain.Command {
	pick := func() domain.Ref {
		if len(refs) == 0 {
			return domain.Ref{}
		}
		return refs[rnd.IntN(len(refs))]
	}
	sys := domain.System("test")
	switch rnd.IntN(10) {
	case 0, 1:
		c := load(fmt.Sprintf("第%d号海鲜面馆", i), ids.NewUSCC("9", "2", "330902", uint64(i+1)))
		c.Area = towns[rnd.IntN(len(towns))]
		c.Key = fmt.Sprint("load", i)
		if rnd.IntN(2) == 0 {
			c.Input["phone"] = "13800138000"
		}
		return c
	case 2, 3:
		return domain.Command{Kind: "mini.letter", Action: "receive", Of: pick(), Area: towns[rnd.IntN(len(towns))], Actor: sys,
			Input: map[string]any{"about": "退款", "amount": rnd.Int64N(100000)}}
	case 4:
		return domain.Command{Record: pick(), Action: "move", Actor: sys, Input: map[string]any{"to_area": towns[rnd.IntN(len(towns))]}}
	case 5:
		return domain.Command{Record: pick(), Action: engine.ActCorrect, Actor: sys, Reason: "笔误", Input: map[string]any{"field": "amount", "value": rnd.Int64N(100000)}}
	case 6:
		if rnd.IntN(4) == 0 {
			return domain.Command{Record: pick(), Action: engine.ActVoid, Actor: sys, Reason: "误录"}
		}
		return domain.Command{Record: pick(), Action: engine.ActMerge, Actor: sys, Reason: "重复", Input: map[string]any{"into": pick().String()}}
	case 7:
		return domain.Command{Record: pick(), Action: "settle", Actor: sys, Input: map[string]any{"shut_shop": rnd.IntN(3) == 0}}
	}
	return domain.Command{Record: pick(), Action: []string{"accept", "test", "tested", "send"}[rnd.IntN(4)], Actor: sys}
}
