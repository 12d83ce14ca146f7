package storetest

import (
	"context"
	"fmt"
	"os"
	"syscall"
	"testing"
	"time"

	"github.com/dinghai/dinghai/domain"
	"github.com/dinghai/dinghai/kit/measure"
)

// rowsPerCommand is what one registration writes: event, 2 records, claim,
// text, 2 contributions, link, receipt.
const rowsPerCommand = 9

// Bench measures the hot paths of a store. entities is the size of the city
// that reads are measured on.
func Bench(b *testing.B, m Maker, entities int) {
	b.Run("Write/sorted", func(b *testing.B) { benchWrite(b, m, true) })
	b.Run("Write/random", func(b *testing.B) { benchWrite(b, m, false) })
	s := m.New(b)
	c := NewCity(1)
	settle(b, s, c, entities)
	b.Logf("resident: %d MB", measure.Resident(os.Getpid()))
	benchReads(b, s, c)
}

func benchWrite(b *testing.B, m Maker, sorted bool) {
	s, c := m.New(b), NewCity(2)
	c.Sorted = sorted
	size := s.GroupSize()
	groups := make([]*domain.WriteSet, 0, 64)
	var cpu time.Duration
	b.ResetTimer()
	for i := 0; i < b.N; i += size {
		if len(groups) == 0 {
			b.StopTimer()
			for j := range cap(groups) {
				groups = append(groups, c.Group(Homes[j%len(Homes)], size))
			}
			b.StartTimer()
		}
		before := cpuTime()
		write(b, s, groups[0])
		cpu += cpuTime() - before
		groups = groups[1:]
		if len(groups) == 0 {
			groups = make([]*domain.WriteSet, 0, 64)
		}
	}
	b.StopTimer()
	n := float64((b.N + size - 1) / size * size)
	b.ReportMetric(float64(cpu.Microseconds())/n, "cpu-µs/event")
	b.ReportMetric(n/b.Elapsed().Seconds(), "events/s")
	b.ReportMetric(rowsPerCommand*n/b.Elapsed().Seconds(), "rows/s")
}

func benchReads(b *testing.B, s Store, c *City) {
	ctx, r := context.Background(), s.Reader()
	page, err := r.List(ctx, domain.ListQuery{Kind: "registration.entity", Limit: 500})
	if err != nil {
		b.Fatal(err)
	}
	one := func(name string, fn func(i int) error) {
		b.Run(name, func(b *testing.B) {
			for i := 0; b.Loop(); i++ {
				if err := fn(i); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
	one("Record", func(i int) error {
		_, err := r.Record(ctx, page.Rows[i%len(page.Rows)].Ref)
		return err
	})
	for name, q := range map[string]domain.ListQuery{
		"kind":   {Kind: "registration.entity", Limit: 20},
		"county": {Kind: "registration.entity", States: []string{"active"}, Area: "330902", Limit: 20},
		"town":   {Kind: "registration.entity", Area: "330902003", Limit: 20},
	} {
		one("List/"+name, func(int) error { _, err := r.List(ctx, q); return err })
	}
	for name, text := range map[string]string{"2_anywhere": "定海", "2_brand": "鑫盛", "4": "鑫盛食品", "1": "鑫", "code": "91330900A", "initials": "zsdh"} {
		one("Search/"+name, func(int) error { _, err := r.Search(ctx, domain.SearchQuery{Text: text, Limit: 20}); return err })
	}
	for _, area := range []string{"", "330902", "330902003"} {
		for name, s := range map[string]domain.Slice{
			"year":  {Indicator: "registration.new_entities", Version: 1, Mode: domain.ModeSum, From: "2023-01-01", To: "2023-12-31"},
			"days":  {Indicator: "registration.new_entities", Version: 1, Mode: domain.ModeSum, From: "2023-02-10", To: "2023-11-20"},
			"stock": {Indicator: "registration.entities", Version: 1, Mode: domain.ModeStock, To: "2023-06-17"},
		} {
			s.Area = area
			one(fmt.Sprintf("Sum/%s/%s", name, area), func(int) error { _, err := r.Sum(ctx, s); return err })
		}
	}
}

// cpuTime is what the process has used: steadier than the clock on a busy machine.
func cpuTime() time.Duration {
	var u syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &u); err != nil {
		return 0
	}
	return time.Duration(u.Utime.Nano() + u.Stime.Nano())
}
