package demo

import (
	"fmt"
	"math/rand/v2"
	"time"
)

// IDs is an id source for repeatable demos: version 7 UUIDs whose time is the
// demo's own and whose random part comes from the seed. It serves one writer.
func IDs(seed uint64) func(time.Time) string {
	r := rand.New(rand.NewPCG(seed, 0x6964)) //nolint:gosec // repeatable on purpose
	n := uint64(0)
	return func(t time.Time) string {
		n++
		ms := uint64(t.UnixMilli()) & (1<<48 - 1)
		return fmt.Sprintf("%08x-%04x-7%03x-%04x-%012x", ms>>16, ms&0xffff, n>>12&0xfff, 0x8000|n&0xfff, r.Uint64()&(1<<48-1))
	}
}
