package storetest_test

import (
	"bytes"
	"context"
	"os"
	"path/filepath"
	"testing"

	"github.com/dinghai/dinghai/store/pgtest"
	"github.com/dinghai/dinghai/store/postgres"
	"github.com/dinghai/dinghai/store/sqlite"
	"github.com/dinghai/dinghai/store/storetest"
)

func TestMain(m *testing.M) {
	code := m.Run()
	pgtest.Stop()
	os.Exit(code)
}

func lite(t *testing.T) storetest.Store {
	s, err := sqlite.Open(context.Background(), sqlite.Options{Path: filepath.Join(t.TempDir(), "bureau.db")})
	return opened(t, s, err)
}

func post(t *testing.T) storetest.Store {
	s, err := postgres.Open(context.Background(), postgres.Options{DSN: pgtest.Start(t)})
	return opened(t, s, err)
}

func opened(t *testing.T, s storetest.Store, err error) storetest.Store {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = s.Close() })
	return s
}

// TestMove restores the archive of one engine into the other, both ways.
func TestMove(t *testing.T) {
	for name, pair := range map[string][2]func(*testing.T) storetest.Store{"SQLiteToPostgreSQL": {lite, post}, "PostgreSQLToSQLite": {post, lite}} {
		t.Run(name, func(t *testing.T) {
			from, to := pair[0](t), pair[1](t)
			storetest.Furnish(t, from, storetest.NewCity(1))
			var archive bytes.Buffer
			if err := from.Backup(context.Background(), &archive); err != nil {
				t.Fatal(err)
			}
			if err := to.Restore(context.Background(), &archive); err != nil {
				t.Fatal(err)
			}
			storetest.SameCity(t, from, to)
		})
	}
}
