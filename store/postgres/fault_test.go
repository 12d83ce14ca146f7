package postgres_test

import (
	"context"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"

	"github.com/dinghai/dinghai/domain"
	"github.com/dinghai/dinghai/store/pgtest"
	"github.com/dinghai/dinghai/store/postgres"
	"github.com/dinghai/dinghai/store/storetest"
)

var ctx = context.Background()

func check(t testing.TB, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

func register(s *postgres.Store, c *storetest.City, n int) error {
	return s.Update(ctx, 330902, func(tx domain.Tx) error { return tx.Write(c.Group(330902, n)) })
}

// TestServerDies kills the server between and during writes: errors are
// Unavailable, and when it is back the same store works on, with everything
// that was acknowledged.
func TestServerDies(t *testing.T) {
	pgtest.Start(t) // skips without PostgreSQL
	cluster, err := pgtest.New()
	check(t, err)
	defer cluster.Remove()
	dsn, err := cluster.Database("bureau")
	check(t, err)
	s := open(t, dsn)
	c := storetest.NewCity(1)
	check(t, register(s, c, 20))

	cluster.Kill()
	if err := register(s, c, 20); domain.ErrorCode(err) != domain.Unavailable {
		t.Errorf("writing gives %v", err)
	}
	if _, err := s.Reader().Heads(ctx); domain.ErrorCode(err) != domain.Unavailable {
		t.Errorf("reading gives %v", err)
	}
	check(t, cluster.Run())
	heads, err := s.Reader().Heads(ctx)
	check(t, err)
	if heads[330902] != 20 {
		t.Fatalf("head %d after recovery, want 20", heads[330902])
	}

	next := storetest.NewCity(2)
	next.Skip(330902, 20)
	err = s.Update(ctx, 330902, func(tx domain.Tx) error {
		check(t, tx.Write(next.Group(330902, 5)))
		cluster.Kill()
		return nil
	})
	if domain.ErrorCode(err) != domain.Unavailable {
		t.Errorf("committing on a dead server gives %v", err)
	}
	check(t, cluster.Run())
	if heads, err = s.Reader().Heads(ctx); err != nil || heads[330902] != 20 {
		t.Errorf("heads %v, %v: the lost transaction left something", heads, err)
	}
	again := storetest.NewCity(3)
	again.Skip(330902, 20)
	check(t, register(s, again, 5))
}

// TestWeakSettingsRefused: a database that acknowledges before the disk has it.
func TestWeakSettingsRefused(t *testing.T) {
	dsn := pgtest.Start(t)
	c, err := pgx.Connect(ctx, dsn)
	check(t, err)
	defer c.Close(ctx)
	_, err = c.Exec(ctx, "DO $$ BEGIN EXECUTE 'ALTER DATABASE ' || current_database() || ' SET synchronous_commit = off'; END $$")
	check(t, err)
	_, err = postgres.Open(ctx, postgres.Options{DSN: dsn})
	if domain.ErrorCode(err) != domain.Refused {
		t.Errorf("got %v, want refused", err)
	}
}

// TestExpiredLease: who stops renewing loses it.
func TestExpiredLease(t *testing.T) {
	dsn := pgtest.Start(t)
	one, two := open(t, dsn), open(t, dsn)
	if held, err := one.Acquire(ctx, "one"); !held || err != nil {
		t.Fatal(held, err)
	}
	c, err := pgx.Connect(ctx, dsn)
	check(t, err)
	defer c.Close(ctx)
	_, err = c.Exec(ctx, "UPDATE lease SET expires = $1", time.Now().Add(-time.Second).UnixNano())
	check(t, err)
	if held, err := two.Acquire(ctx, "two"); !held || err != nil {
		t.Errorf("an expired lease is not free: %v, %v", held, err)
	}
	if held, err := one.Renew(ctx, "one"); held || err != nil {
		t.Errorf("the first renewed a lost lease: %v, %v", held, err)
	}
}
