package draw_test

import (
	"encoding/json"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"testing"

	gocmp "github.com/google/go-cmp/cmp"

	"github.com/dinghai/dinghai/kit/draw"
	"github.com/dinghai/dinghai/kit/jcs"
	"github.com/dinghai/dinghai/kit/need"
)

// A program in another language that knows only the design computes the same
// roots and the same lines.
func TestSecondImplementation(t *testing.T) {
	node := need.Tool(t, "node", "nodejs")
	w := newWorldLists(t)
	for i := range 3000 {
		w.objects = append(w.objects, draw.Object{ID: fmt.Sprintf("9133010%011d", i*7), Stratum: "食品/" + string("AB"[i%2]), Area: []string{"E", "W", ""}[i%3]})
	}
	x := w.files()
	p := w.planFor(x)
	seed := seedOf(77)
	dir := t.TempDir()
	for name, b := range map[string][]byte{"plan.json": must(jcs.Marshal(p)), "seed": []byte(seed.String()), "objects": x.objects,
		"inspectors": x.inspectors, "conflicts": x.conflicts, "openings": x.openings} {
		if err := os.WriteFile(filepath.Join(dir, name), b, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	out, err := exec.Command(node, "testdata/draw.mjs", dir).Output()
	if err != nil {
		t.Fatal(err)
	}
	var got struct {
		Objects, Inspectors, Conflicts, Result draw.Hash
		Lines                                  []string
	}
	if err := json.Unmarshal(out, &got); err != nil {
		t.Fatal(err)
	}
	r := must(draw.Run(p, seed, x.readers(), 0))
	if got.Objects != p.Objects.Root || got.Inspectors != p.Inspectors.Root || got.Conflicts != p.Conflicts.Root || got.Result != r.Root {
		t.Errorf("roots differ: %+v", got)
	}
	if d := gocmp.Diff(resultLines(r), got.Lines); d != "" {
		t.Error(d)
	}
	t.Logf("%d lines and 4 roots are the same in JavaScript", len(got.Lines))
}
