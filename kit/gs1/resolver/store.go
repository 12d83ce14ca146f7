package resolver

import (
	"context"
	"maps"
	"slices"
	"strings"
	"sync"

	"github.com/dinghai/dinghai/kit/gs1"
)

// Store knows the links. Paths are those of canonical Digital Link URIs, from
// the primary key on: "/01/06901234567892/10/LOT7".
type Store interface {
	// Entry returns what is known of exactly this path, nil when nothing is.
	Entry(ctx context.Context, path string) (*Entry, error)
}

// Delegator is a Store that also knows which other resolver serves whole ranges
// of identifiers, for example those of one company prefix.
type Delegator interface {
	// Delegate returns the root of that resolver, "" when there is none.
	Delegate(ctx context.Context, key gs1.Element) (string, error)
}

// Memory is a Store in memory. The zero value is empty. It is safe for
// concurrent use.
type Memory struct {
	mu        sync.RWMutex
	entries   map[string]*Entry
	delegates map[string]string
}

// Put checks an entry and stores it in place of an earlier one. Its anchor is a
// path or a Digital Link URI.
func (s *Memory) Put(e Entry) error {
	if err := e.Check(); err != nil {
		return err
	}
	uri := e.Anchor
	if strings.HasPrefix(uri, "/") {
		uri = gs1.CanonicalStem + uri
	}
	m, err := gs1.Parser{SkipAssociations: true, TrailingSlash: true}.URI(uri)
	if err != nil {
		return err
	}
	e.Links = slices.Clone(e.Links)
	e.Anchor, _ = m.IdentityURI("")
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.entries == nil {
		s.entries = map[string]*Entry{}
	}
	s.entries[e.Anchor] = &e
	return nil
}

// PutDelegate sends all requests about a primary key whose value begins with
// prefix to another resolver.
func (s *Memory) PutDelegate(ai, prefix, root string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.delegates == nil {
		s.delegates = map[string]string{}
	}
	s.delegates[ai+"/"+prefix] = root
}

// Entry implements Store.
func (s *Memory) Entry(_ context.Context, path string) (*Entry, error) {
	s.mu.RLock()
	defer s.mu.RUnlock()
	return s.entries[path], nil
}

// Delegate implements Delegator: the longest prefix wins.
func (s *Memory) Delegate(_ context.Context, key gs1.Element) (string, error) {
	s.mu.RLock()
	defer s.mu.RUnlock()
	for n := len(key.Value); n > 0; n-- {
		if root, ok := s.delegates[key.AI+"/"+key.Value[:n]]; ok {
			return root, nil
		}
	}
	return "", nil
}

// Paths returns the paths that have entries, sorted.
func (s *Memory) Paths() []string {
	s.mu.RLock()
	defer s.mu.RUnlock()
	return slices.Sorted(maps.Keys(s.entries))
}
