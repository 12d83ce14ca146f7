package xlsx

import (
	"bytes"
	"testing"

	"github.com/xuri/excelize/v2"
)

// blank is a form as a higher office hands it out: a title over four columns, a
// sum, and a second sheet.
func blank(t *testing.T) []byte {
	t.Helper()
	f := excelize.NewFile()
	for cell, v := range map[string]any{"A1": "市场监管月报表", "A2": "项目", "B2": "本月", "A3": "投诉举报", "A4": "抽检", "D6": "填表人"} {
		if err := f.SetCellValue("Sheet1", cell, v); err != nil {
			t.Fatal(err)
		}
	}
	if err := f.MergeCell("Sheet1", "A1", "D1"); err != nil {
		t.Fatal(err)
	}
	if err := f.SetCellFormula("Sheet1", "B5", "SUM(B3:B4)"); err != nil {
		t.Fatal(err)
	}
	if _, err := f.NewSheet("附表"); err != nil {
		t.Fatal(err)
	}
	var b bytes.Buffer
	if err := f.Write(&b); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

func TestGrid(t *testing.T) {
	f, err := Read(bytes.NewReader(blank(t)), Limits{})
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	g, err := f.Grid("", 10, 10)
	if err != nil {
		t.Fatal(err)
	}
	if g.Sheet != "Sheet1" || len(g.Cols) != 4 || len(g.Rows) != 6 || g.More {
		t.Fatalf("%+v", g)
	}
	if c := g.Rows[0].Cells; len(c) != 1 || c[0].ColSpan != 4 || c[0].Text != "市场监管月报表" {
		t.Errorf("the merged title: %+v", c)
	}
	if c := g.Rows[4].Cells[1]; c.Ref != "B5" || !c.Formula {
		t.Errorf("the sum: %+v", c)
	}
	if g, err := f.Grid("Sheet1", 3, 2); err != nil || len(g.Rows) != 3 || len(g.Cols) != 2 || !g.More {
		t.Errorf("a part: %+v %v", g, err)
	}
	if _, err := f.Grid("没有", 3, 2); err == nil {
		t.Error("a sheet that is not there")
	}
	for in, want := range map[string]string{" $b$5": "B5", "aa10": "AA10", "5B": "", "": ""} {
		if got, ok := CellRef(in); got != want || ok != (want != "") {
			t.Errorf("%q: %q", in, got)
		}
	}
}
