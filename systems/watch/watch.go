// Package watch merges the fires of trigger items: one subject, one task.
// Everything else of the system is data.
package watch

import (
	"cmp"
	"slices"

	"github.com/dinghai/dinghai/domain"
	"github.com/dinghai/dinghai/engine"
	"github.com/dinghai/dinghai/module"
)

// Module is what the system hands to the product beyond its data.
var Module = module.Module{Name: "watch", Hooks: map[string]module.Hook{"watch_merge": merge}}

// merge finds the open task on the same subject in which a new fire is to
// merge: the oldest one. Without any the fire stands alone.
func merge(in engine.HookInput) (engine.HookOutput, error) {
	if len(in.Pools["open"]) == 0 {
		return engine.HookOutput{}, nil
	}
	oldest := slices.MinFunc(in.Pools["open"], func(a, b *domain.Record) int {
		return cmp.Or(cmp.Compare(a.Opened, b.Opened), cmp.Compare(a.ID, b.ID))
	})
	return engine.HookOutput{Set: map[string]any{"merged_into": oldest.Ref.String()}}, nil
}
