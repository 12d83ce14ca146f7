package access

import (
	"context"

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

// Read notes that somebody looked at records of administration.
func (s *Service) Read(ctx context.Context, v domain.Viewer, what, target string) error {
	return s.Store.LogAccess(ctx, store.Access{At: s.Now(), Actor: v.ID, Role: v.Admin, Action: "read_" + what, Target: target})
}
