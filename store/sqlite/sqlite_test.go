package sqlite_test

import (
	"context"
	"path/filepath"
	"testing"

	"github.com/dinghai/dinghai/store/sqlite"
	"github.com/dinghai/dinghai/store/storetest"
)

var paths = map[storetest.Store]string{}

func open(t testing.TB, path string) *sqlite.Store {
	t.Helper()
	s, err := sqlite.Open(context.Background(), sqlite.Options{Path: path})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = s.Close() })
	return s
}

var maker = storetest.Maker{
	New: func(t testing.TB) storetest.Store {
		path := filepath.Join(t.TempDir(), "bureau.db")
		s := open(t, path)
		paths[s] = path
		return s
	},
	Again: func(t testing.TB, s storetest.Store) storetest.Store { return open(t, paths[s]) },
}

func TestStore(t *testing.T) { storetest.Run(t, maker) }

func BenchmarkStore(b *testing.B) { storetest.Bench(b, maker, 158_200) }
