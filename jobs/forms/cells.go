// Package forms fills the blank workbooks of higher offices: cells tied to
// indicators get their values, everything else stays, and each filling is kept
// with the file and the source of every cell.
package forms

import (
	"fmt"
	"math"

	"github.com/dinghai/dinghai/domain"
	"github.com/dinghai/dinghai/engine/report"
)

// The kinds of record this works on.
const (
	Workbook = "summary.workbook"
	Filling  = "summary.filling"
)

// Cell is an indicator with what is asked of it, and the cell it goes into.
type Cell struct {
	report.Ask
	Sheet, Cell, Scale string
}

// CellsOf reads the cells of a workbook or filling.
func CellsOf(rec *domain.Record) []Cell {
	list, _ := rec.Fields["cells"].([]any)
	var out []Cell
	for _, x := range list {
		row, _ := x.(map[string]any)
		out = append(out, Cell{report.Ask{ID: str(row["figure"]), Period: str(row["period"]), Area: str(row["area"]), Show: str(row["show"])},
			str(row["sheet"]), str(row["cell"]), str(row["scale"])})
	}
	return out
}

func str(v any) string {
	if v == nil {
		return ""
	}
	return fmt.Sprint(v)
}

// Row is the cell as a field keeps it.
func (c Cell) Row() map[string]any {
	out := map[string]any{"sheet": c.Sheet, "cell": c.Cell, "figure": c.ID}
	for name, v := range map[string]string{"period": c.Period, "area": c.Area, "show": c.Show, "scale": c.Scale} {
		if v != "" {
			out[name] = v
		}
	}
	return out
}

// Place names a cell: the sheet, then the cell.
func (c Cell) Place() string { return c.Sheet + "!" + c.Cell }

// scales are what a value is divided by before it goes into a cell.
var scales = map[string]float64{"": 1, "one": 1, "wan": 1e4, "yi": 1e8, "share": 100}

// In is a value in the unit of a cell.
func In(value float64, scale string) float64 {
	if d := scales[scale]; d != 0 {
		value /= d
	}
	return report.Tidy(value)
}

// Shown is the value of a figure at the precision people read it with, so that
// what stands in a cell is what the page says.
func Shown(f *report.Figure) float64 {
	step := math.Pow10(max(f.Digits, leastDigits))
	return math.Round(f.Value.Number*step) / step
}

// leastDigits keeps cents and hundredths of a percent.
const leastDigits = 2
