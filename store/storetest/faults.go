package storetest

import (
	"context"
	"fmt"
	"sync"
	"testing"
	"time"

	"github.com/dinghai/dinghai/domain"
)

// faults: many at once, a caller who gives up, a panic in the middle.
func faults(t *testing.T, m Maker) {
	t.Run("ConcurrentHomes", func(t *testing.T) {
		s := m.New(t)
		var wg sync.WaitGroup
		errs := make(chan error, 100)
		for _, home := range Homes {
			for range 2 { // two processes race for each home: positions stay dense
				wg.Go(func() { errs <- race(s, home, 10) })
			}
		}
		wg.Wait()
		close(errs)
		for err := range errs {
			check(t, err)
		}
		for _, home := range Homes {
			same(t, "head", int64(20), must[map[int]int64](t)(s.Reader().Heads(ctx))[home])
		}
		n := 0
		check(t, s.Events(ctx, nil, func(domain.Event) error { n++; return nil }))
		same(t, "events", 20*len(Homes), n)
		same(t, "totals", []string(nil), must[[]string](t)(s.CheckRollups(ctx, 5)))
	})
	t.Run("CancelledWhileWaiting", func(t *testing.T) {
		s := m.New(t)
		inTx(t, s, 330902, func(domain.Tx) {
			short, cancel := context.WithTimeout(ctx, 20*time.Millisecond)
			defer cancel()
			err := s.Update(short, 330902, func(domain.Tx) error { return nil })
			wantCode(t, err, domain.Unavailable)
		})
		write(t, s, NewCity(1).Group(330902, 1))
	})
	t.Run("Panic", func(t *testing.T) {
		s, c := m.New(t), NewCity(1)
		func() {
			defer func() { _ = recover() }()
			_ = s.Update(ctx, 330902, func(tx domain.Tx) error {
				check(t, tx.Write(NewCity(1).Group(330902, 2)))
				panic("hook")
			})
		}()
		same(t, "nothing written", 0, must[int](t)(s.Reader().Count(ctx, domain.ListQuery{})))
		write(t, s, c.Group(330902, 2))
	})
	t.Run("ReadersSeeWholeGroups", func(t *testing.T) {
		s, c := m.New(t), NewCity(1)
		stop := make(chan struct{})
		var wg sync.WaitGroup
		for range 3 {
			wg.Go(func() {
				for {
					select {
					case <-stop:
						return
					default:
					}
					page, err := s.Reader().List(ctx, domain.ListQuery{Kind: "registration.entity", Limit: 1000})
					if err != nil || page.Total%10 != 0 || len(page.Rows) != page.Total {
						t.Errorf("total %d, rows %d, %v", page.Total, len(page.Rows), err)
						return
					}
				}
			})
		}
		for range 20 {
			write(t, s, c.Group(330902, 10))
		}
		close(stop)
		wg.Wait()
	})
}

// race appends n events to a home, each after whatever head it finds.
func race(s Store, home, n int) error {
	for i := range n {
		err := s.Update(ctx, home, func(tx domain.Tx) error {
			head, err := tx.Head(home)
			if err != nil {
				return err
			}
			c := NewCity(uint64(head)*1_000_000 + uint64(home))
			c.n, c.heads[home] = head*1000+int64(home%100)*20, head
			ws := c.Register(home)
			return tx.Write(&ws)
		})
		if err != nil {
			return fmt.Errorf("home %d, round %d: %w", home, i, err)
		}
	}
	return nil
}
