// Package measure has what every measurement needs: callers at work for a
// while, how long each of them waited, and what a process takes.
package measure

import (
	"errors"
	"fmt"
	"os"
	"slices"
	"strconv"
	"strings"
	"sync"
	"time"
)

// Times says how long each of many acts took, shortest first.
type Times []time.Duration

// Of puts times in order.
func Of(list []time.Duration) Times {
	slices.Sort(list)
	return list
}

// At is the time that a share q of the acts kept within; 0 if there were none.
func (t Times) At(q float64) time.Duration {
	if len(t) == 0 {
		return 0
	}
	return t[int(q*float64(len(t)-1))]
}

// String gives the middle, the slow end and the number of acts.
func (t Times) String() string {
	if len(t) == 0 {
		return "nothing measured"
	}
	return fmt.Sprintf("p50 %s, p99 %s of %d", MS(t.At(0.5)), MS(t.At(0.99)), len(t))
}

// MS writes a time in milliseconds with three digits that say something.
func MS(d time.Duration) string {
	ms := float64(d.Microseconds()) / 1000
	switch {
	case ms < 1:
		return fmt.Sprintf("%.3f ms", ms)
	case ms < 100:
		return fmt.Sprintf("%.1f ms", ms)
	}
	return fmt.Sprintf("%.0f ms", ms)
}

// Load is what callers at work reached.
type Load struct {
	Times
	Took time.Duration
}

// Rate is how many acts ended in a second.
func (l Load) Rate() float64 {
	if l.Took == 0 {
		return 0
	}
	return float64(len(l.Times)) / l.Took.Seconds()
}

// Callers lets n callers act at the same time, each again and again until a
// while is over. A caller ends at its first failure; what failed comes back.
func Callers(n int, while time.Duration, act func(caller, i int) error) (Load, error) {
	var mu sync.Mutex
	var list []time.Duration
	var failed error
	var wg sync.WaitGroup
	began := time.Now()
	for c := range n {
		wg.Go(func() {
			var mine []time.Duration
			var err error
			for i := 0; err == nil && time.Since(began) < while; i++ {
				t := time.Now()
				err = act(c, i)
				mine = append(mine, time.Since(t))
			}
			mu.Lock()
			defer mu.Unlock()
			list, failed = append(list, mine...), errors.Join(failed, err)
		})
	}
	wg.Wait()
	return Load{Of(list), time.Since(began)}, failed
}

// Resident is the memory a process holds in MB, as Linux tells it; 0 where
// that is not known.
func Resident(pid int) int {
	b, _ := os.ReadFile(fmt.Sprintf("/proc/%d/status", pid))
	for l := range strings.Lines(string(b)) {
		kb := 0
		if n, _ := fmt.Sscanf(l, "VmRSS: %d", &kb); n == 1 {
			return kb / 1024
		}
	}
	return 0
}

// CPU is the time a process has spent on processors since its start: steadier
// than the clock where others work as well. 0 where that is not known.
func CPU(pid int) time.Duration {
	const tick = 10 * time.Millisecond // as Linux counts here, whatever its own clock
	b, _ := os.ReadFile(fmt.Sprintf("/proc/%d/stat", pid))
	_, rest, _ := strings.Cut(string(b), ") ") // the name may hold anything
	f := strings.Fields(rest)
	if len(f) < 13 {
		return 0
	}
	user, _ := strconv.Atoi(f[11])
	system, _ := strconv.Atoi(f[12])
	return time.Duration(user+system) * tick
}
