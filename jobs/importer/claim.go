package importer

import (
	"context"

	"github.com/dinghai/dinghai/catalogue"
	"github.com/dinghai/dinghai/domain"
	"github.com/dinghai/dinghai/engine"
)

// Files are the uploads that rows tie to their records.
type Files interface {
	Claim(ctx context.Context, list ...domain.File) error
}

// Claiming is a door before which the files of each command are claimed, so
// that the sweep of unused uploads leaves them alone. A command whose files are
// not there is refused.
type Claiming struct {
	Door
	Files     Files
	Catalogue *catalogue.Catalogue
}

// DoAll performs the commands whose files are there.
func (c Claiming) DoAll(ctx context.Context, cmds []domain.Command) []engine.Result {
	out := make([]engine.Result, len(cmds))
	var sound []domain.Command
	var at []int
	for i, cmd := range cmds {
		if list := filesOf(c.Catalogue, cmd); len(list) > 0 {
			out[i].Err = c.Files.Claim(ctx, list...)
		}
		if out[i].Err == nil {
			sound, at = append(sound, cmd), append(at, i)
		}
	}
	for n, r := range c.Door.DoAll(ctx, sound) {
		out[at[n]] = r
	}
	return out
}

// filesOf are the files a command's input names; what is no file value is left
// for the check of the form to refuse.
func filesOf(cat *catalogue.Catalogue, cmd domain.Command) (out []domain.File) {
	k := cat.Kinds[cmd.Kind]
	if k == nil || k.ActionOf(cmd.Action) == nil {
		return nil
	}
	for _, f := range k.ActionOf(cmd.Action).Form {
		if f.Def == nil || !domain.FileMedia(f.Def.Type) {
			continue
		}
		list, ok := cmd.Input[f.Field].([]any)
		if !ok {
			list = []any{cmd.Input[f.Field]}
		}
		for _, x := range list {
			t, _ := x.(string)
			if v, err := domain.ParseFile(t); err == nil {
				out = append(out, v)
			}
		}
	}
	return out
}
