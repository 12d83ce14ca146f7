package sqlite_test

import (
	"bufio"
	"context"
	"database/sql"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"runtime/debug"
	"testing"
	"time"

	"github.com/dinghai/dinghai/domain"
	"github.com/dinghai/dinghai/store/sqlite"
	"github.com/dinghai/dinghai/store/storetest"
)

var ctx = context.Background()

func check(t testing.TB, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

func register(s *sqlite.Store, c *storetest.City, n int) error {
	return s.Update(ctx, 0, func(tx domain.Tx) error { return tx.Write(c.Group(330902, n)) })
}

// TestDurableSettings reads back what the file and a fresh connection say.
func TestDurableSettings(t *testing.T) {
	path := filepath.Join(t.TempDir(), "bureau.db")
	s := open(t, path)
	settings, err := s.Settings(ctx)
	check(t, err)
	if settings["journal_mode"] != "wal" || settings["synchronous"] != "2" {
		t.Errorf("settings %v", settings)
	}
}

// TestKill9 kills a writing process at a random moment: what it had reported
// as done must be there, and nothing by halves.
func TestKill9(t *testing.T) {
	if path := os.Getenv("STORE_WRITE_UNTIL_KILLED"); path != "" {
		writeUntilKilled(t, path)
		return
	}
	for round := range 3 {
		path := filepath.Join(t.TempDir(), "bureau.db")
		cmd := exec.Command(os.Args[0], "-test.run=^TestKill9$")
		cmd.Env = append(os.Environ(), "STORE_WRITE_UNTIL_KILLED="+path)
		out, err := cmd.StdoutPipe()
		check(t, err)
		check(t, cmd.Start())
		var acknowledged int64
		kill := false
		for lines := bufio.NewScanner(out); lines.Scan(); {
			_, _ = fmt.Sscanf(lines.Text(), "head %d", &acknowledged)
			if acknowledged > 0 && !kill { // into the writing, however slow the start was
				kill = true
				time.AfterFunc(time.Duration(50+150*round)*time.Millisecond, func() { _ = cmd.Process.Kill() })
			}
		}
		_ = cmd.Wait()
		s := open(t, path)
		heads, err := s.Reader().Heads(ctx)
		check(t, err)
		if acknowledged == 0 || heads[330902] < acknowledged || heads[330902]%20 != 0 {
			t.Errorf("acknowledged %d, found %d", acknowledged, heads[330902])
		}
		found, err := s.CheckRollups(ctx, 5)
		check(t, err)
		if len(found) > 0 {
			t.Errorf("totals: %v", found)
		}
		n, err := s.Reader().Count(ctx, domain.ListQuery{Kind: "registration.entity"})
		check(t, err)
		if int64(n) != heads[330902] {
			t.Errorf("%d entities for %d events", n, heads[330902])
		}
	}
}

func writeUntilKilled(t *testing.T, path string) {
	s, c := open(t, path), storetest.NewCity(1)
	for n := int64(20); ; n += 20 {
		check(t, register(s, c, 20))
		fmt.Printf("head %d\n", n)
	}
}

// TestFullDisk lets the file not grow: the write fails with Unavailable, leaves
// nothing by halves, and works again when there is room.
func TestFullDisk(t *testing.T) {
	path := filepath.Join(t.TempDir(), "bureau.db")
	s := open(t, path)
	check(t, register(s, storetest.NewCity(1), 20))
	check(t, s.LimitPages(ctx, 1)) // SQLite raises it to what is in use
	big := storetest.NewCity(2)
	big.Skip(330902, 20)
	if err := register(s, big, 2000); domain.ErrorCode(err) != domain.Unavailable {
		t.Fatalf("got %v, want unavailable", err)
	}
	n, err := s.Reader().Count(ctx, domain.ListQuery{Kind: "registration.entity"})
	check(t, err)
	if n != 20 {
		t.Errorf("%d entities after the failure, want 20", n)
	}
	check(t, s.LimitPages(ctx, 1<<30))
	again := storetest.NewCity(3)
	again.Skip(330902, 20)
	check(t, register(s, again, 2000))
}

// TestDamageIsFound alters totals behind the store's back.
func TestDamageIsFound(t *testing.T) {
	path := filepath.Join(t.TempDir(), "bureau.db")
	s := open(t, path)
	check(t, register(s, storetest.NewCity(1), 20))
	db, err := sql.Open("sqlite", path)
	check(t, err)
	defer db.Close()
	for _, damage := range []string{
		"UPDATE rollup SET num = num + 1 WHERE level = 6 AND indicator = 'registration.entities'",
		"DELETE FROM rollup WHERE level = 9", "UPDATE tally SET cnt = cnt + 1 WHERE kind = 'registration.entity'",
	} {
		_, err := db.Exec(damage)
		check(t, err)
		found, err := s.CheckRollups(ctx, 3)
		check(t, err)
		if len(found) == 0 {
			t.Errorf("not found: %s", damage)
		}
		_, err = db.Exec("DELETE FROM rollup; DELETE FROM tally")
		check(t, err)
	}
}

func TestReadOnly(t *testing.T) {
	path := filepath.Join(t.TempDir(), "bureau.db")
	if _, err := sqlite.Open(ctx, sqlite.Options{Path: path, ReadOnly: true}); domain.ErrorCode(err) != domain.Unavailable {
		t.Errorf("a missing file gives %v", err)
	}
	check(t, register(open(t, path), storetest.NewCity(1), 3))
	s, err := sqlite.Open(ctx, sqlite.Options{Path: path, ReadOnly: true})
	check(t, err)
	defer s.Close()
	if err := register(s, storetest.NewCity(2), 1); domain.ErrorCode(err) != domain.Unavailable {
		t.Errorf("writing gives %v", err)
	}
	n, err := s.Reader().Count(ctx, domain.ListQuery{})
	check(t, err)
	if n != 6 {
		t.Errorf("%d records, want 6", n)
	}
}

// TestLibcFits holds the pair of versions that belong together: another libc
// than the one SQLite was translated with has crashed programs before.
func TestLibcFits(t *testing.T) {
	info, ok := debug.ReadBuildInfo()
	if !ok || len(info.Deps) == 0 {
		t.Skip("this build carries no versions")
	}
	versions := map[string]string{}
	for _, m := range info.Deps {
		versions[m.Path] = m.Version
	}
	pair := versions["modernc.org/sqlite"] + " " + versions["modernc.org/libc"]
	if pair != "v1.62.0 v1.80.1" {
		t.Errorf("sqlite and libc are %s; look up the libc in SQLite's own go.mod and note the pair here", pair)
	}
}
