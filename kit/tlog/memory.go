package tlog

import (
	"bytes"
	"context"
	"slices"
	"sync"
)

// Memory is a Store in memory, for tests and for logs that are rebuilt.
type Memory struct {
	mu         sync.RWMutex
	entries    [][]byte
	hashes     []Hash
	checkpoint []byte
}

var _ Store = (*Memory)(nil)

// Size returns the number of entries.
func (m *Memory) Size(context.Context) (uint64, error) {
	m.mu.RLock()
	defer m.mu.RUnlock()
	return uint64(len(m.entries)), nil
}

// Hashes returns the hashes at positions.
func (m *Memory) Hashes(_ context.Context, positions []int64) ([]Hash, error) {
	m.mu.RLock()
	defer m.mu.RUnlock()
	out := make([]Hash, len(positions))
	for i, p := range positions {
		if p < 0 || p >= int64(len(m.hashes)) {
			return nil, &Error{"proof", i, "range"}
		}
		out[i] = m.hashes[p]
	}
	return out, nil
}

// Entries returns the entries from first up to end.
func (m *Memory) Entries(_ context.Context, first, end uint64) ([][]byte, error) {
	m.mu.RLock()
	defer m.mu.RUnlock()
	if first > end || end > uint64(len(m.entries)) {
		return nil, fail("index", "range")
	}
	return slices.Clone(m.entries[first:end]), nil
}

// Append adds entries and hashes if the log has size entries.
func (m *Memory) Append(_ context.Context, size uint64, entries [][]byte, hashes []Hash) error {
	m.mu.Lock()
	defer m.mu.Unlock()
	if size != uint64(len(m.entries)) {
		return fail("size", "conflict")
	}
	for _, e := range entries {
		m.entries = append(m.entries, bytes.Clone(e))
	}
	m.hashes = append(m.hashes, hashes...)
	return nil
}

// Checkpoint returns the last signed checkpoint.
func (m *Memory) Checkpoint(context.Context) ([]byte, error) {
	m.mu.RLock()
	defer m.mu.RUnlock()
	return bytes.Clone(m.checkpoint), nil
}

// SetCheckpoint replaces old by signed.
func (m *Memory) SetCheckpoint(_ context.Context, old, signed []byte) error {
	m.mu.Lock()
	defer m.mu.Unlock()
	if !bytes.Equal(m.checkpoint, old) {
		return fail("checkpoint", "conflict")
	}
	m.checkpoint = bytes.Clone(signed)
	return nil
}
