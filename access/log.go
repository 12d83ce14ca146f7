package access

import (
	"context"
	"sync"
	"time"

	"github.com/dinghai/dinghai/domain"
	"github.com/dinghai/dinghai/store"
)

// log adds a line to the access log: who did what to whose access. Detail never
// holds a secret.
func (s *Service) log(ctx context.Context, actor domain.Ref, action, target, detail string) error {
	return s.logID(ctx, actor.String(), action, target, detail)
}

func (s *Service) logID(ctx context.Context, actor, action, target, detail string) error {
	return s.Store.LogAccess(ctx, store.Access{At: s.Now(), Actor: actor, Action: action, Target: target, Detail: plain(detail, 200)})
}

// readAgain is how long looking at the same page again is one look.
const readAgain = 10 * time.Minute

// looks remembers who looked at what lately.
type looks struct {
	mu   sync.Mutex
	last map[string]time.Time
}

// first reports whether a look is no repetition.
func (l *looks) first(key string, now time.Time) bool {
	l.mu.Lock()
	defer l.mu.Unlock()
	if at, ok := l.last[key]; ok && now.Sub(at) < readAgain {
		return false
	}
	if l.last == nil || len(l.last) > 10_000 {
		l.last = map[string]time.Time{}
	}
	l.last[key] = now
	return true
}

// Read notes that somebody looked at records of administration.
func (s *Service) Read(ctx context.Context, v domain.Viewer, what, target string) error {
	if !s.looks.first(v.ID+" "+what+" "+target, s.Now()) {
		return nil
	}
	return s.Store.LogAccess(ctx, store.Access{At: s.Now(), Actor: v.ID, Role: v.Admin, Action: "read_" + what, Target: target})
}
