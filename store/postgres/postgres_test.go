package postgres_test

import (
	"context"
	"os"
	"testing"

	"github.com/dinghai/dinghai/store/pgtest"
	"github.com/dinghai/dinghai/store/postgres"
	"github.com/dinghai/dinghai/store/storetest"
)

func TestMain(m *testing.M) {
	code := m.Run()
	pgtest.Stop()
	os.Exit(code)
}

var addresses = map[storetest.Store]string{}

func open(t testing.TB, dsn string) *postgres.Store {
	t.Helper()
	s, err := postgres.Open(context.Background(), postgres.Options{DSN: dsn})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = s.Close() })
	return s
}

var maker = storetest.Maker{
	New: func(t testing.TB) storetest.Store {
		dsn := pgtest.Start(t)
		s := open(t, dsn)
		addresses[s] = dsn
		return s
	},
	Again: func(t testing.TB, s storetest.Store) storetest.Store { return open(t, addresses[s]) },
}

func TestStore(t *testing.T) { storetest.Run(t, maker) }

func BenchmarkStore(b *testing.B) { storetest.Bench(b, maker, 158_200) }
