package sqlite_test

import (
	"context"
	"path/filepath"
	"testing"

	"github.com/dinghai/dinghai/domain"
	"github.com/dinghai/dinghai/engine"
	"github.com/dinghai/dinghai/store/sqlite"
	"github.com/dinghai/dinghai/store/storetest"
)

var _ engine.Store = (*sqlite.Store)(nil)

func TestX(t *testing.T) {
	s, err := sqlite.Open(context.Background(), sqlite.Options{Path: filepath.Join(t.TempDir(), "a.db")})
	if err != nil {
		t.Fatal(err)
	}
	c := storetest.NewCity(1)
	for i := range 4 {
		ws := c.Group(storetest.Homes[i], 256)
		if err := s.Update(context.Background(), 0, func(tx domain.Tx) error { return tx.Write(ws) }); err != nil {
			t.Fatal(err)
		}
	}
	p, err := s.Reader().List(context.Background(), domain.ListQuery{Kind: "registration.entity", Limit: 3})
	t.Log(p, err)
	p, err = s.Reader().Search(context.Background(), domain.SearchQuery{Text: "定海", Limit: 3})
	t.Log(p, err)
	p, err = s.Reader().Search(context.Background(), domain.SearchQuery{Text: "9133", Limit: 3})
	t.Log(p, err)
	sum, err := s.Reader().Sum(context.Background(), domain.Slice{Indicator: "registration.entities", Version: 1, Mode: domain.ModeStock, To: "2023-06-17", Area: "330902"})
	t.Log(sum, err)
	t.Log(s.Close())
}

func BenchmarkStore(b *testing.B) {
	storetest.Bench(b, storetest.Maker{New: func(t testing.TB) storetest.Store {
		s, err := sqlite.Open(context.Background(), sqlite.Options{Path: filepath.Join(t.TempDir(), "a.db")})
		if err != nil {
			t.Fatal(err)
		}
		t.Cleanup(func() { s.Close() })
		return s
	}}, 1000)
}
