package measure_test

import (
	"errors"
	"os"
	"sync/atomic"
	"testing"
	"time"

	"github.com/dinghai/dinghai/kit/measure"
)

func TestQuantiles(t *testing.T) {
	var list []time.Duration
	for i := 101; i > 0; i-- {
		list = append(list, time.Duration(i)*time.Millisecond)
	}
	got := measure.Of(list)
	for q, want := range map[float64]time.Duration{0: time.Millisecond, 0.5: 51 * time.Millisecond, 0.99: 100 * time.Millisecond, 1: 101 * time.Millisecond} {
		if at := got.At(q); at != want {
			t.Errorf("at %v: %v, want %v", q, at, want)
		}
	}
	if s := got.String(); s != "p50 51.0 ms, p99 100 ms of 101" {
		t.Error(s)
	}
	if s := measure.Of(nil).String(); s != "nothing measured" {
		t.Error(s)
	}
}

// TestCallers: a caller that fails stops alone, and its failure is told.
func TestCallers(t *testing.T) {
	broken := errors.New("broken")
	var acts atomic.Int64
	load, err := measure.Callers(3, 20*time.Millisecond, func(caller, i int) error {
		acts.Add(1)
		if caller == 1 && i == 1 {
			return broken
		}
		time.Sleep(time.Millisecond)
		return nil
	})
	if !errors.Is(err, broken) {
		t.Errorf("told %v", err)
	}
	if n := acts.Load(); n < 4 || int(n) != len(load.Times) {
		t.Errorf("%d acts, %d measured", n, len(load.Times))
	}
	if load.Took < 20*time.Millisecond || load.Rate() <= 0 {
		t.Errorf("took %v, %v a second", load.Took, load.Rate())
	}
}

func TestResident(t *testing.T) {
	if _, err := os.Stat("/proc/self/status"); err != nil {
		t.Skip("no /proc here")
	}
	if mb := measure.Resident(os.Getpid()); mb <= 0 {
		t.Errorf("%d MB", mb)
	}
	before := measure.CPU(os.Getpid())
	for began := time.Now(); measure.CPU(os.Getpid()) < before+20*time.Millisecond; {
		if time.Since(began) > time.Minute {
			t.Fatalf("busy for a minute and %v on the processor", measure.CPU(os.Getpid())-before)
		}
	}
}
