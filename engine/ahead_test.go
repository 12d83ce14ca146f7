package engine_test

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/dinghai/dinghai/domain"
	"github.com/dinghai/dinghai/engine"
	"github.com/dinghai/dinghai/journey"
	"github.com/dinghai/dinghai/journey/journeytest"
	"github.com/dinghai/dinghai/kit/ids"
	"github.com/dinghai/dinghai/store/sqlite"
)

// gate is a store whose writer can be held up and made to fail.
type gate struct {
	journeytest.Store
	hold sync.Mutex
	fail atomic.Pointer[error]
}

func (g *gate) Update(ctx context.Context, home int, fn func(domain.Tx) error) error {
	g.hold.Lock()
	defer g.hold.Unlock()
	if err := g.fail.Load(); err != nil {
		return *err
	}
	return g.Store.Update(ctx, home, fn)
}

func gated(t *testing.T) (*gate, *journey.Runner) {
	st, err := sqlite.Open(t.Context(), sqlite.Options{Path: filepath.Join(t.TempDir(), "d.db")})
	if err != nil {
		t.Fatal(err)
	}
	g := &gate{Store: st}
	return g, journeytest.New(t, journeytest.Options{Catalogue: journeytest.Layer(t, os.DirFS("../systems"), os.DirFS("testdata")), Store: g})
}

// shops are openings of shops with numbers from a given one.
func shops(from, n int) []domain.Command {
	list := make([]domain.Command, n)
	for i := range list {
		list[i] = load(fmt.Sprintf("海鲜面馆%d", from+i), ids.NewUSCC("9", "1", "330902", uint64(from+i)))
	}
	return list
}

// TestAhead: answers come before the writer is done; Settle waits for it.
func TestAhead(t *testing.T) {
	g, r := gated(t)
	g.hold.Lock()
	for i, a := range r.Engine.DoAhead(t.Context(), shops(1, 300)) { // hangs if it waits for the writer
		if a.Err != nil || a.Receipt.Record == nil {
			t.Fatalf("answer %d: %+v", i, a)
		}
	}
	if h, err := r.Engine.Reader().Heads(t.Context()); err != nil || h[330902] != 0 {
		t.Fatalf("written already: %v %v", h, err)
	}
	g.hold.Unlock()
	if err := r.Engine.Settle(t.Context()); err != nil {
		t.Fatal(err)
	}
	if h, err := r.Engine.Reader().Heads(t.Context()); err != nil || h[330902] != 300 {
		t.Fatalf("after Settle: %v %v", h, err)
	}
}

// TestAheadLost: what was answered and then not written is told by Settle, once;
// the lane goes on from what is stored.
func TestAheadLost(t *testing.T) {
	for name, lost := range map[string]error{
		"store away": domain.Fail(domain.Unavailable, "", "disk", "磁盘已满", "disk full"),
		"conflict":   domain.Fail(domain.Conflict, "", "claim", "已被占用", "taken"),
	} {
		t.Run(name, func(t *testing.T) {
			g, r := gated(t)
			must(t, r, shops(0, 1)[0])
			g.fail.Store(&lost)
			r.Engine.DoAhead(t.Context(), shops(1, 600))
			if err := r.Engine.Settle(t.Context()); !errors.Is(err, lost) {
				t.Fatalf("settled with %v", err)
			}
			g.fail.Store(nil)
			if err := r.Engine.Settle(t.Context()); err != nil {
				t.Fatalf("told twice: %v", err)
			}
			if pos := must(t, r, shops(1, 1)[0]).Events[0].Pos; pos != 2 {
				t.Errorf("the next event has position %d, want 2", pos)
			}
		})
	}
}

// TestPeopleFirst: a person does not wait behind what an import has queued.
func TestPeopleFirst(t *testing.T) {
	g, r := gated(t)
	g.hold.Lock()
	var bulk []engine.Result
	var wg sync.WaitGroup
	wg.Go(func() { bulk = r.Engine.DoAll(t.Context(), shops(1, 1000)) })
	time.Sleep(100 * time.Millisecond) // the import has queued by now; if not, the test only proves less
	var person domain.Receipt
	wg.Go(func() { person, _ = r.Engine.Do(t.Context(), shops(0, 1)[0]) })
	g.hold.Unlock()
	wg.Wait()
	for i, b := range bulk {
		if b.Err != nil {
			t.Fatalf("row %d: %v", i, b.Err)
		}
	}
	last := bulk[len(bulk)-1].Receipt.Events[0].Pos
	if person.Record == nil || person.Events[0].Pos > last/2 {
		t.Errorf("the person came at position %v of %d", person.Events, last)
	}
}
