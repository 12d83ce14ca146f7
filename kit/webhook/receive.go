package webhook

import (
	"context"
	"errors"
	"io"
	"net/http"
	"sync"
	"time"
)

// Memory remembers the messages received, so that one delivered twice is acted
// on once.
type Memory interface {
	// First reports whether id was not seen before, and keeps it until the
	// given time.
	First(ctx context.Context, id string, until time.Time) (bool, error)
	// Forget takes id back. Who fails to act on a message calls it, or the
	// sender's next try would pass for a repetition.
	Forget(ctx context.Context, id string) error
}

// Receiver takes signed requests.
type Receiver struct {
	Keys    Ring
	MaxBody int64            // bytes, default 1 MiB
	Memory  Memory           // nil: repeated messages are let through
	Now     func() time.Time // default time.Now
}

// Receive reads and verifies a request. Only a message that verified is put
// into memory, so that a forger cannot use up an identifier. A repeated message
// comes back together with ReasonRepeated.
func (r Receiver) Receive(req *http.Request) (Message, error) {
	body, err := r.read(req.Body)
	if err != nil {
		return Message{}, err
	}
	now := time.Now
	if r.Now != nil {
		now = r.Now
	}
	m, err := r.Keys.Verify(req.Header, body, now())
	if err != nil || r.Memory == nil {
		return m, err
	}
	// Beyond twice the tolerance the timestamp alone refuses a repetition.
	first, err := r.Memory.First(req.Context(), m.ID, now().Add(2*Tolerance))
	switch {
	case err != nil:
		return Message{}, err
	case !first:
		return m, bad(HeaderID, 0, ReasonRepeated)
	}
	return m, nil
}

func (r Receiver) read(body io.ReadCloser) ([]byte, error) {
	limit := r.MaxBody
	if limit <= 0 {
		limit = 1 << 20
	}
	b, err := io.ReadAll(http.MaxBytesReader(nil, body, limit))
	var large *http.MaxBytesError
	if errors.As(err, &large) {
		return nil, bad("body", int(large.Limit)+1, ReasonTooLarge)
	}
	return b, err
}

// Recent is a Memory of one process, bounded in size. When it is full of
// identifiers that are still to be kept, it takes no more and says so, since
// forgetting one would let its message through twice.
type Recent struct {
	Max int              // identifiers, default 100,000
	Now func() time.Time // default time.Now

	mu   sync.Mutex
	seen map[string]time.Time
}

// ErrFull says that a Recent is full.
var ErrFull = errors.New("webhook: too many messages to remember")

// First implements Memory.
func (m *Recent) First(_ context.Context, id string, until time.Time) (bool, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	now := time.Now()
	if m.Now != nil {
		now = m.Now()
	}
	if end, ok := m.seen[id]; ok && now.Before(end) {
		return false, nil
	}
	limit := m.Max
	if limit <= 0 {
		limit = 100_000
	}
	if len(m.seen) >= limit {
		m.sweep(now)
	}
	if len(m.seen) >= limit {
		return false, ErrFull
	}
	if m.seen == nil {
		m.seen = map[string]time.Time{}
	}
	m.seen[id] = until
	return true, nil
}

// Forget implements Memory.
func (m *Recent) Forget(_ context.Context, id string) error {
	m.mu.Lock()
	defer m.mu.Unlock()
	delete(m.seen, id)
	return nil
}

func (m *Recent) sweep(now time.Time) {
	for id, end := range m.seen {
		if !now.Before(end) {
			delete(m.seen, id)
		}
	}
}
