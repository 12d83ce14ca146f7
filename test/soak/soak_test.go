// Package soak kills the program at random moments under load and looks at
// what is left: every acknowledged command there exactly once, no gap in
// numbers, projections equal to a rebuild.
package soak

import (
	"bufio"
	"context"
	"fmt"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/dinghai/dinghai/catalogue"
	"github.com/dinghai/dinghai/domain"
	"github.com/dinghai/dinghai/engine"
	"github.com/dinghai/dinghai/journey/journeytest"
	"github.com/dinghai/dinghai/store"
	"github.com/dinghai/dinghai/store/pgtest"
	"github.com/dinghai/dinghai/store/postgres"
	"github.com/dinghai/dinghai/store/sqlite"
)

// database is a store with what the check after a kill needs.
type database interface {
	journeytest.Store
	Shadow(ctx context.Context) (store.Shadow, error)
	Compare(ctx context.Context, sh store.Shadow, max int) ([]string, error)
	CheckRollups(ctx context.Context, max int) ([]string, error)
}

func open(ctx context.Context, where string) (database, error) {
	if strings.HasPrefix(where, "postgres") {
		return postgres.Open(ctx, postgres.Options{DSN: where})
	}
	return sqlite.Open(ctx, sqlite.Options{Path: where})
}

// TestMain becomes the victim when told to.
func TestMain(m *testing.M) {
	if where := os.Getenv("SOAK_VICTIM"); where != "" {
		if err := victim(where, os.Getenv("SOAK_ROUND")); err != nil {
			fmt.Fprintln(os.Stderr, err)
			os.Exit(1)
		}
		return
	}
	os.Exit(m.Run())
}

func trial(t testing.TB) *catalogue.Catalogue {
	return journeytest.Layer(t, os.DirFS("../../systems"), os.DirFS("../../engine/testdata"))
}

// victim writes letters from many callers until it is killed, and says so only
// after each is acknowledged.
func victim(where, round string) error {
	ctx := context.Background()
	cat, err := catalogue.Load(journeytest.Base(os.DirFS("../../systems")), os.DirFS("../../engine/testdata"))
	if err != nil {
		return err
	}
	st, err := open(ctx, where)
	if err != nil {
		return err
	}
	eng := engine.New(engine.Config{Catalogue: cat, Store: st})
	out := make(chan string, 1024)
	for w := range 16 {
		go func() {
			for i := 0; ; i++ {
				key := fmt.Sprintf("r%s-w%d-%d", round, w, i)
				if _, err := eng.Do(ctx, letter(key)); err != nil {
					fmt.Fprintln(os.Stderr, key, err)
					os.Exit(1)
				}
				out <- key
			}
		}()
	}
	for key := range out {
		os.Stdout.WriteString(key + "\n") //nolint:errcheck // the reader may be gone already
	}
	return nil
}

var areas = []string{"330902002", "330903001", "330921100"}

func letter(key string) domain.Command {
	return domain.Command{Kind: "mini.letter", Action: "receive", Area: areas[len(key)%len(areas)], Key: key,
		Actor: domain.System("soak"), Input: map[string]any{"about": key}}
}

func rounds() int {
	if n, err := strconv.Atoi(os.Getenv("SOAK")); err == nil {
		return n
	}
	return 5
}

func TestKillSQLite(t *testing.T) { soak(t, filepath.Join(t.TempDir(), "d.db")) }

func TestKillPostgres(t *testing.T) { soak(t, pgtest.Start(t)) }

func soak(t *testing.T, where string) {
	cat := trial(t)
	total := 0
	for round := range rounds() {
		acked := killRound(t, where, round)
		total += len(acked)
		survey(t, where, cat, acked)
	}
	if total == 0 {
		t.Fatal("nothing was acknowledged in any round")
	}
	t.Logf("%d rounds, %d acknowledged commands", rounds(), total)
}

// killRound runs the victim, kills it, and returns the acknowledged keys.
func killRound(t *testing.T, where string, round int) []string {
	t.Helper()
	cmd := exec.Command(os.Args[0], "-test.run=none")
	cmd.Env = append(os.Environ(), "SOAK_VICTIM="+where, "SOAK_ROUND="+strconv.Itoa(round))
	cmd.Stderr = os.Stderr
	pipe, err := cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	var acked []string
	var timer *time.Timer
	sc := bufio.NewScanner(pipe)
	for sc.Scan() {
		if timer == nil { // the kill falls into the load, not into the start
			timer = time.AfterFunc(time.Duration(20+rand.IntN(400))*time.Millisecond, func() { cmd.Process.Kill() }) //nolint:errcheck // it may be dead
		}
		acked = append(acked, sc.Text())
	}
	_ = cmd.Wait()
	if n := len(acked); n > 0 && !strings.HasPrefix(acked[n-1], "r") {
		acked = acked[:n-1]
	}
	return acked
}

// survey opens what the dead process left.
func survey(t *testing.T, where string, cat *catalogue.Catalogue, acked []string) {
	t.Helper()
	ctx := t.Context()
	st, err := open(ctx, where)
	if err != nil {
		t.Fatal(err)
	}
	defer st.Close()
	eng := engine.New(engine.Config{Catalogue: cat, Store: st})
	defer eng.Close()
	for _, key := range acked {
		r, err := eng.Do(ctx, letter(key))
		if err != nil || !r.Again || r.Record == nil {
			t.Fatalf("acknowledged %s: again %v, %v", key, r.Again, err)
		}
	}
	numbers(t, eng)
	sh, err := st.Shadow(ctx)
	if err != nil {
		t.Fatal(err)
	}
	defer sh.Discard(ctx) //nolint:errcheck // dropped with the database
	if _, err := eng.Replay(ctx, st, sh, engine.Beside, nil); err != nil {
		t.Fatal(err)
	}
	if diff, err := st.Compare(ctx, sh, 5); err != nil || len(diff) > 0 {
		t.Fatalf("live differs from rebuilt: %v %v", diff, err)
	}
	if diff, err := st.CheckRollups(ctx, 5); err != nil || len(diff) > 0 {
		t.Fatalf("roll-ups: %v %v", diff, err)
	}
}

// numbers demands that each organ's letters are numbered 1 to n.
func numbers(t *testing.T, eng *engine.Engine) {
	t.Helper()
	seen := map[string]bool{}
	count := map[string]int{}
	for after := ""; ; {
		page, err := eng.Reader().List(t.Context(), domain.ListQuery{Kind: "mini.letter", After: after, Limit: 1000})
		if err != nil {
			t.Fatal(err)
		}
		for _, r := range page.Rows {
			if seen[r.Number] {
				t.Fatalf("number %s was given twice", r.Number)
			}
			seen[r.Number] = true
			count[strings.SplitN(r.Number, "〕", 2)[0]]++
		}
		if after = page.Next; after == "" {
			break
		}
	}
	for series, n := range count {
		for i := 1; i <= n; i++ {
			if !seen[fmt.Sprintf("%s〕%d号", series, i)] {
				t.Fatalf("series %s has %d numbers, but not %d", series, n, i)
			}
		}
	}
}
