package diagram_test

import (
	"math"
	"testing"

	"github.com/dinghai/dinghai/web/diagram"
)

func machine() ([]diagram.Node, []diagram.Edge) {
	nodes := []diagram.Node{{ID: "a", Text: "已收"}, {ID: "b", Text: "办理中"}, {ID: "c", Text: "已结", End: true}, {ID: "d", Text: "已退回", End: true}, {ID: "lone", Text: "未用"}}
	edges := []diagram.Edge{{From: "a", To: "b", Text: "受理"}, {From: "b", To: "c", Text: "办结"}, {From: "b", To: "a", Text: "退回补正"},
		{From: "a", To: "c", Text: "直接办结"}, {From: "a", To: "d", Text: "不予受理"}, {From: "b", To: "b", Text: "延期"}, {From: "b", To: "d", Text: "终止"}, {From: "c", To: "d", Text: "终止"}, {From: "a", To: "d", Text: "撤回"}}
	return nodes, edges
}

// TestNothingOverlaps: boxes and names keep clear of one another and inside
// the drawing.
func TestNothingOverlaps(t *testing.T) {
	d := diagram.Draw(machine())
	all := append(append([]diagram.Box{}, d.Boxes...), d.Labels...)
	for i, a := range all {
		if a.X-a.W/2 < 0 || a.Y-a.H/2 < 0 || a.X+a.W/2 > d.W || a.Y+a.H/2 > d.H {
			t.Errorf("%v lies outside %v x %v", a, d.W, d.H)
		}
		for _, b := range all[i+1:] {
			if math.Abs(a.X-b.X) < (a.W+b.W)/2 && math.Abs(a.Y-b.Y) < (a.H+b.H)/2 {
				t.Errorf("%v and %v overlap", a.Lines, b.Lines)
			}
		}
	}
}

// TestArrows: actions with the same ways are named together, an action to one
// state from several is one arrow; one that stays draws nothing.
func TestArrows(t *testing.T) {
	d := diagram.Draw(machine())
	if len(d.Labels) != 6 {
		t.Errorf("%d names, want 6", len(d.Labels))
	}
	heads := 0
	for _, l := range d.Lines {
		if l.Head {
			heads++
		}
	}
	if heads != 6 {
		t.Errorf("%d heads, want 6", heads)
	}
	if len(d.Boxes) != 5 {
		t.Errorf("%d boxes, want 5", len(d.Boxes))
	}
}

func TestEmpty(t *testing.T) {
	if d := diagram.Draw(nil, nil); d.W <= 0 || d.H <= 0 {
		t.Errorf("an empty drawing is %v x %v", d.W, d.H)
	}
}
