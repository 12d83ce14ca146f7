package witness

import (
	"context"
	"sync"

	"github.com/dinghai/dinghai/kit/tlog"
)

// Memory is a Store in memory. A witness that forgets can be shown two
// histories; use it for tests only.
type Memory struct {
	mu   sync.Mutex
	last map[string]head
}

type head struct {
	size uint64
	root tlog.Hash
}

var _ Store = (*Memory)(nil)

// Last returns the checkpoint of an origin.
func (m *Memory) Last(_ context.Context, origin string) (uint64, tlog.Hash, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	h, ok := m.last[origin]
	if !ok {
		return 0, tlog.EmptyRoot, nil
	}
	return h.size, h.root, nil
}

// Set records a checkpoint if old is the last size.
func (m *Memory) Set(_ context.Context, origin string, old, size uint64, root tlog.Hash) (bool, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	if m.last[origin].size != old {
		return false, nil
	}
	if m.last == nil {
		m.last = map[string]head{}
	}
	m.last[origin] = head{size, root}
	return true, nil
}
