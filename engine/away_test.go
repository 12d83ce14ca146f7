package engine_test

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"sync/atomic"
	"testing"
	"time"

	"github.com/dinghai/dinghai/domain"
	"github.com/dinghai/dinghai/journey/journeytest"
	"github.com/dinghai/dinghai/store/sqlite"
)

// away is a store that can be made to go away for reading, writing or both.
type away struct {
	*sqlite.Store
	reading, writing atomic.Bool
}

func (a *away) Peek(ctx context.Context, fn func(domain.Tx) error) error {
	if a.reading.Load() {
		return domain.Wrap(domain.Unavailable, fmt.Errorf("away"))
	}
	return a.Store.Peek(ctx, fn)
}

func (a *away) Update(ctx context.Context, home int, fn func(domain.Tx) error) error {
	if a.writing.Load() {
		return domain.Wrap(domain.Unavailable, fmt.Errorf("away"))
	}
	return a.Store.Update(ctx, home, fn)
}

// TestEveryCommandIsAnsweredWhileTheStoreIsAway, and all go through when it is
// back.
func TestEveryCommandIsAnsweredWhileTheStoreIsAway(t *testing.T) {
	st, err := sqlite.Open(t.Context(), sqlite.Options{Path: filepath.Join(t.TempDir(), "d.db")})
	if err != nil {
		t.Fatal(err)
	}
	a := &away{Store: st}
	r := journeytest.New(t, journeytest.Options{Catalogue: journeytest.Layer(t, os.DirFS("../systems"), os.DirFS("testdata")), Store: a})
	var cmds []domain.Command
	for i := range 300 {
		cmds = append(cmds, domain.Command{Kind: "mini.letter", Action: "receive", Area: towns[i%3], Actor: as("citizen"), Key: fmt.Sprint(i), Input: map[string]any{"about": "退款"}})
	}
	all := func(want domain.Code) {
		t.Helper()
		done := make(chan int, 1)
		go func() {
			wrong := 0
			for _, res := range r.Engine.DoAll(t.Context(), cmds) {
				if domain.ErrorCode(res.Err) != want {
					wrong++
				}
			}
			done <- wrong
		}()
		select {
		case wrong := <-done:
			if wrong > 0 {
				t.Errorf("%d of %d answers are not %q", wrong, len(cmds), want)
			}
		case <-time.After(30 * time.Second):
			t.Fatal("some command was never answered")
		}
	}
	for _, x := range []struct{ reading, writing bool }{{true, true}, {false, true}, {true, false}} {
		a.reading.Store(x.reading)
		a.writing.Store(x.writing)
		all(domain.Unavailable)
	}
	a.reading.Store(false)
	all("")
	if heads, _ := r.Engine.Reader().Heads(t.Context()); heads[330902]+heads[330903]+heads[330921] != 300 {
		t.Errorf("heads %v after 300 commands", heads)
	}
}
