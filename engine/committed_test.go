package engine_test

import (
	"os"
	"path/filepath"
	"sync"
	"testing"

	"github.com/dinghai/dinghai/domain"
	"github.com/dinghai/dinghai/engine"
	"github.com/dinghai/dinghai/journey/journeytest"
	"github.com/dinghai/dinghai/store/sqlite"
)

// TestCommitted: who listens hears of every event, once it is durable and
// before the command is answered; of a refused command nothing.
func TestCommitted(t *testing.T) {
	cat := journeytest.Layer(t, os.DirFS("../systems"), os.DirFS("testdata"))
	st, err := sqlite.Open(t.Context(), sqlite.Options{Path: filepath.Join(t.TempDir(), "d.db")})
	if err != nil {
		t.Fatal(err)
	}
	defer st.Close()
	var mu sync.Mutex
	heard := map[string]int{}
	e := engine.New(engine.Config{Catalogue: cat, Store: st, Vault: journeytest.NewKeys(), Committed: func(list []domain.Event) {
		mu.Lock()
		defer mu.Unlock()
		for _, ev := range list {
			if r, err := st.Reader().Record(t.Context(), domain.Ref{Home: ev.Home, ID: ev.Record}); err != nil || r == nil {
				t.Errorf("told of %s before it was stored (%v)", ev.Type, err)
			}
			heard[ev.ID]++
		}
	}})
	defer e.Close()
	cmds := []domain.Command{load("东海鲜面馆", code1), load("又一家", code1), load("西码头", code2)}
	events := 0
	for i, r := range e.DoAll(t.Context(), cmds) {
		if (r.Err != nil) != (i == 1) {
			t.Fatalf("command %d: %v", i, r.Err)
		}
		for _, ev := range r.Receipt.Events {
			mu.Lock()
			if events++; r.Err == nil && heard[ev.ID] != 1 {
				t.Errorf("answered, and %s was told %d times", ev.Type, heard[ev.ID])
			}
			mu.Unlock()
		}
	}
	if len(heard) != events || events == 0 {
		t.Errorf("%d events told of %d", len(heard), events)
	}
}
