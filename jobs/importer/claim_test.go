package importer_test

import (
	"context"
	"strings"
	"testing"

	"github.com/dinghai/dinghai/catalogue"
	"github.com/dinghai/dinghai/domain"
	"github.com/dinghai/dinghai/engine"
	"github.com/dinghai/dinghai/jobs/importer"
	"github.com/dinghai/dinghai/systems"
)

type door struct{ got []domain.Command }

func (d *door) DoAll(_ context.Context, cmds []domain.Command) []engine.Result {
	d.got = append(d.got, cmds...)
	return make([]engine.Result, len(cmds))
}

func (d *door) Check(context.Context, domain.Command) (domain.Receipt, error) {
	return domain.Receipt{}, nil
}

type uploads struct {
	there   string
	claimed []string
}

func (u *uploads) Claim(_ context.Context, list ...domain.File) error {
	for _, f := range list {
		if f.Sum != u.there {
			return domain.Fail(domain.Invalid, "evidence", "file", "没有", "not there")
		}
		u.claimed = append(u.claimed, f.Sum)
	}
	return nil
}

// TestFilesOfRowsAreClaimed before their record is made; a row whose file is
// not there is refused, and only that one.
func TestFilesOfRowsAreClaimed(t *testing.T) {
	cat, err := catalogue.Load(systems.Files)
	if err != nil {
		t.Fatal(err)
	}
	file := func(digit string) string {
		return strings.Repeat(digit, 64) + "." + strings.Repeat("A", 43) + ":10:jpeg:照片.jpg"
	}
	row := func(evidence any) domain.Command {
		return domain.Command{Kind: "complaint.complaint", Action: "receive", Input: map[string]any{"complainant": "何一", "evidence": evidence}}
	}
	d, u := &door{}, &uploads{there: strings.Repeat("a", 64)}
	got := importer.Claiming{Door: d, Files: u, Catalogue: cat}.DoAll(t.Context(), []domain.Command{row([]any{file("a")}), row(file("b")), row(nil), row("no file at all")})
	if len(u.claimed) != 1 || len(d.got) != 3 {
		t.Errorf("claimed %v, went through %d", u.claimed, len(d.got))
	}
	for i, want := range []domain.Code{"", domain.Invalid, "", ""} {
		if domain.ErrorCode(got[i].Err) != want {
			t.Errorf("row %d: %v", i, got[i].Err)
		}
	}
}
