package demo

import (
	"fmt"
	"math/rand/v2"
	"sync"
	"time"
)

// IDs is an id source for repeatable demos: version 7 UUIDs whose time is the
// demo's own and whose random part comes from the seed. Each home has a sequence
// of its own, so that ids do not depend on which lane was faster.
func IDs(seed uint64) func(int, time.Time) string {
	type sequence struct {
		*rand.Rand
		n uint64
	}
	var mu sync.Mutex
	homes := map[int]*sequence{}
	return func(home int, t time.Time) string {
		mu.Lock()
		defer mu.Unlock()
		s := homes[home]
		if s == nil {
			s = &sequence{Rand: rand.New(rand.NewPCG(seed, 0x6964<<32|uint64(home)))} //nolint:gosec // repeatable on purpose
			homes[home] = s
		}
		s.n++
		ms := uint64(t.UnixMilli()) & (1<<48 - 1)
		return fmt.Sprintf("%08x-%04x-7%03x-%04x-%012x", ms>>16, ms&0xffff, s.n>>12&0xfff, 0x8000|s.n&0xfff, s.Uint64()&(1<<48-1))
	}
}
