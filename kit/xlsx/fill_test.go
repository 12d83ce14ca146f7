package xlsx_test

import (
	"archive/zip"
	"bytes"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/xuri/excelize/v2"

	"github.com/dinghai/dinghai/kit/calendar"
	"github.com/dinghai/dinghai/kit/table"
	"github.com/dinghai/dinghai/kit/xlsx"
)

func TestFill(t *testing.T) {
	src := form(t, applicationForm)
	out, err := xlsx.FillBytes(src, map[string]xlsx.Cells{
		"申请表":   {"B5": calendar.Date("2023-11-24"), "a5": 12.5, "D1": true, "D2": "x<y & _x0041_", "E5": "行格式", "C4": 7, "A6": nil},
		"企业名称":  {"": "舟山海达\n有限公司"},
		"other": {"": "二"},
	}, xlsx.Limits{})
	if err != nil {
		t.Fatal(err)
	}
	before, after := parts(t, src), parts(t, out)
	want := applicationForm
	for _, edit := range [][2]string{
		{`ref="A1:C6"`, `ref="A1:E6"`},
		{`<row r="1" spans="1:3" ht`, `<row r="1" ht`},
		{`<v>0</v></c></row>`, `<v>0</v></c><c r="D1" s="3" t="b"><v>1</v></c></row>`},
		{`<row r="2" spans="1:3">`, `<row r="2">`},
		{`<c r="B2" s="3"/>`, `<c r="B2" s="3" t="inlineStr"><is><t xml:space="preserve">舟山海达` + "\n" + `有限公司</t></is></c>`},
		{`<v>旧</v></c></row>`, `<v>旧</v></c><c r="D2" s="3" t="inlineStr"><is><t xml:space="preserve">x&lt;y &amp; _x005F_x0041_</t></is></c></row>`},
		{`<row r="3"/>`, `<row r="3"/><row r="4"><c r="C4"><v>7</v></c></row>`},
		{`<c r="B5" s="1"><v>1</v></c>`, `<c r="A5" s="1"><v>12.5</v></c><c r="B5" s="1"><v>45254</v></c>`},
		{`<v>2</v></c></row>`, `<v>2</v></c><c r="E5" s="1" t="inlineStr"><is><t xml:space="preserve">行格式</t></is></c></row>`},
		{`<row r="6">`, `<row r="6"><c r="A6"/>`},
	} {
		if strings.Count(want, edit[0]) != 1 {
			t.Fatal(edit[0])
		}
		want = strings.Replace(want, edit[0], edit[1], 1)
	}
	before["xl/worksheets/sheet1.xml"] = want
	before["xl/worksheets/sheet2.xml"] = `<x:worksheet xmlns:x="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><x:sheetData><x:row r="1"><x:c r="A1" t="inlineStr"><x:is><x:t xml:space="preserve">二</x:t></x:is></x:c></x:row></x:sheetData></x:worksheet>`
	before["xl/workbook.xml"] = strings.Replace(before["xl/workbook.xml"], `<calcPr calcId="191029"/>`, `<calcPr calcId="191029" fullCalcOnLoad="1"/>`, 1)
	if d := cmp.Diff(before, after); d != "" {
		t.Error(d)
	}
	checkWithExcelize(t, out)
}

// checkWithExcelize reads the filled form with another implementation.
func checkWithExcelize(t *testing.T, b []byte) {
	t.Helper()
	f, err := excelize.OpenReader(bytes.NewReader(b))
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	for cell, want := range map[string]string{"B2": "舟山海达\n有限公司", "D1": "TRUE", "D2": "x<y & _x0041_", "A5": "01-12-00", "B5": "11-24-23", "C4": "7"} {
		if got, err := f.GetCellValue("申请表", cell); got != want || err != nil {
			t.Errorf("%s: %q, want %q, %v", cell, got, want, err)
		}
	}
	for cell, want := range map[string]string{"C5": "B5*2", "C6": "SUM(B5:B5)"} {
		if got, err := f.GetCellFormula("申请表", cell); got != want || err != nil {
			t.Errorf("%s: formula %q, %v", cell, got, err)
		}
	}
	if v, err := f.CalcCellValue("申请表", "C5", excelize.Options{RawCellValue: true}); v != "90508" || err != nil {
		t.Errorf("C5 computes to %s, %v", v, err)
	}
	if m, err := f.GetMergeCells("申请表"); len(m) != 1 || m[0].GetCellValue() != "舟山海达\n有限公司" || err != nil {
		t.Error(m, err)
	}
}

// A workbook of the library that reads it later, with a picture-like number of
// formats, is filled and compared cell by cell.
func TestFillKeepsFormats(t *testing.T) {
	f := excelize.NewFile()
	for row := 1; row <= 40; row++ {
		for col := 1; col <= 8; col++ {
			cell, _ := excelize.CoordinatesToCellName(col, row)
			style, err := f.NewStyle(&excelize.Style{NumFmt: (row*8 + col) % 40, Font: &excelize.Font{Bold: row%2 == 0, Size: float64(8 + col)}})
			if err != nil {
				t.Fatal(err)
			}
			_ = f.SetCellValue("Sheet1", cell, row*col)
			_ = f.SetCellStyle("Sheet1", cell, cell, style)
			if col == 8 {
				_ = f.SetCellFormula("Sheet1", cell, fmt.Sprintf("SUM(A%d:G%d)", row, row))
			}
		}
	}
	_ = f.MergeCell("Sheet1", "A30", "C31")
	var b bytes.Buffer
	if err := f.Write(&b); err != nil {
		t.Fatal(err)
	}
	cells := xlsx.Cells{"A30": "合并"}
	for row := 1; row <= 20; row++ {
		cells[fmt.Sprintf("C%d", row)] = -row
	}
	out, err := xlsx.FillBytes(b.Bytes(), map[string]xlsx.Cells{"": cells}, xlsx.Limits{})
	if err != nil {
		t.Fatal(err)
	}
	g, err := excelize.OpenReader(bytes.NewReader(out))
	if err != nil {
		t.Fatal(err)
	}
	for row := 1; row <= 40; row++ {
		for col := 1; col <= 8; col++ {
			cell, _ := excelize.CoordinatesToCellName(col, row)
			s1, _ := f.GetCellStyle("Sheet1", cell)
			s2, _ := g.GetCellStyle("Sheet1", cell)
			f1, _ := f.GetCellFormula("Sheet1", cell)
			f2, _ := g.GetCellFormula("Sheet1", cell)
			v, _ := g.GetCellValue("Sheet1", cell, excelize.Options{RawCellValue: true})
			if want, filled := cells[cell]; filled && v != fmt.Sprint(want) || s1 != s2 || f1 != f2 {
				t.Errorf("%s: style %d, %d, formula %q, %q, value %s", cell, s1, s2, f1, f2, v)
			}
		}
	}
	if sum, err := g.CalcCellValue("Sheet1", "H3", excelize.Options{RawCellValue: true}); sum != "72" || err != nil { // 3·(1+2+4+5+6+7) - 3
		t.Error(sum, err)
	}
}

func TestFillErrors(t *testing.T) {
	src := form(t, applicationForm)
	tests := []struct {
		name   string
		sheets map[string]xlsx.Cells
		want   string
	}{
		{"formula", map[string]xlsx.Cells{"申请表": {"C5": 1}}, `xlsx: sheet "申请表", cell C5: bad formula`},
		{"covered by a merged cell", map[string]xlsx.Cells{"申请表": {"C2": 1}}, `xlsx: sheet "申请表", cell C2: bad merged`},
		{"no such cell", map[string]xlsx.Cells{"申请表": {"5B": 1}}, `xlsx: sheet "申请表", cell 5B: bad reference`},
		{"beyond the last row", map[string]xlsx.Cells{"申请表": {"A1048577": 1}}, `xlsx: sheet "申请表", cell A1048577: bad reference`},
		{"one cell twice", map[string]xlsx.Cells{"申请表": {"B2": 1}, "企业名称": {"": 2}}, `xlsx: sheet "申请表", cell B2: bad reference`},
		{"no such sheet", map[string]xlsx.Cells{"表": {"A1": 1}}, `xlsx: no such sheet: "表"`},
		{"a name of many cells", map[string]xlsx.Cells{"range": {"": 1}}, `xlsx: no such sheet: "range"`},
		{"type", map[string]xlsx.Cells{"": {"A1": []int{1}}}, `xlsx: sheet "申请表", cell A1: bad value`},
		{"no number", map[string]xlsx.Cells{"": {"A1": float32(1) / zero}}, `xlsx: sheet "申请表", cell A1: bad value`},
		{"no date", map[string]xlsx.Cells{"": {"A1": calendar.Date("2023-02-29")}}, `xlsx: sheet "申请表", cell A1: bad value`},
		{"control character", map[string]xlsx.Cells{"": {"A1": "a\x00"}}, `xlsx: sheet "申请表", cell A1: bad text`},
		{"no UTF-8", map[string]xlsx.Cells{"": {"A1": "\xff"}}, `xlsx: sheet "申请表", cell A1: bad text`},
		{"long text", map[string]xlsx.Cells{"": {"A1": strings.Repeat("长", 32768)}}, `xlsx: sheet "申请表", cell A1: bad value`},
	}
	for _, tt := range tests {
		out, err := xlsx.FillBytes(src, tt.sheets, xlsx.Limits{})
		if fmt.Sprint(err) != tt.want || out != nil {
			t.Errorf("%s: %v", tt.name, err)
		}
	}
	for name, sheet := range map[string]string{
		"no rows": `<worksheet/>`, "cut off": `<worksheet><sheetData><row r="1">`, "rows out of order": `<worksheet><sheetData><row r="2"/><row r="1"><c r="A1"/></row></sheetData></worksheet>`,
		"cells out of order": `<worksheet><sheetData><row r="1"><c r="B1"/><c r="A1"/></row></sheetData></worksheet>`, "not XML": `<<`, "empty": ``,
	} {
		if _, err := xlsx.FillBytes(form(t, sheet), map[string]xlsx.Cells{"": {"A1": 1}}, xlsx.Limits{}); err == nil {
			t.Errorf("%s: filled", name)
		}
	}
}

var zero float32

func TestFillLimits(t *testing.T) {
	if _, err := xlsx.FillBytes(bomb(t, 8<<20), map[string]xlsx.Cells{"": {"A1": 1}}, xlsx.Limits{Size: 1 << 20}); !errors.Is(err, xlsx.ErrTooLarge) {
		t.Error("a bomb:", err)
	}
	// A directory that understates what a part unpacks to.
	src := form(t, applicationForm+strings.Repeat(" ", 4<<20))
	at := bytes.LastIndex(src, []byte("xl/worksheets/sheet1.xml"))
	for i := range 4 {
		src[at-46+24+i] = 0
	}
	if _, err := xlsx.FillBytes(src, map[string]xlsx.Cells{"": {"A1": 1}}, xlsx.Limits{Size: 1 << 20}); err == nil {
		t.Error("a part that lies about its size")
	}
	var b bytes.Buffer
	w := zip.NewWriter(&b)
	for _, name := range []string{"xl/workbook.xml", "XL/workbook.xml"} {
		_, _ = w.Create(name)
	}
	_ = w.Close()
	if _, err := xlsx.FillBytes(b.Bytes(), nil, xlsx.Limits{}); err == nil || !strings.Contains(err.Error(), "twice") {
		t.Error("one part twice:", err)
	}
	b.Reset()
	w = zip.NewWriter(&b)
	_, _ = w.Create("_xmlsignatures/sig1.xml")
	_ = w.Close()
	if _, err := xlsx.FillBytes(b.Bytes(), nil, xlsx.Limits{}); !errors.Is(err, xlsx.ErrSigned) {
		t.Error("signed:", err)
	}
}

func TestMarkErrors(t *testing.T) {
	columns := []xlsx.Column{{Column: table.Column{Name: "name"}, Title: "企业名称"}, {Column: table.Column{Name: "n"}, Title: "人数", Type: xlsx.Int}}
	src := write(t, []any{"甲", 1}, []any{"乙", "许多"}, []any{"丙", "无"})
	src = renamed(t, src)
	for _, want := range []map[int]string{{2: "", 3: "n number", 4: "n number"}, {2: "", 3: "", 4: "n number"}} {
		texts := map[int]string{}
		var header *table.Header
		for r, err := range open(t, src, xlsx.Limits{}).Records("", columns) {
			if err != nil {
				t.Fatal(err)
			}
			header = r.Header()
			texts[r.Number] = ""
			for _, e := range r.Errors {
				texts[r.Number] += e.Column + " " + e.Reason
			}
		}
		if d := cmp.Diff(want, texts); d != "" {
			t.Fatal(d)
		}
		var b bytes.Buffer
		if err := xlsx.MarkErrors(&b, bytes.NewReader(src), int64(len(src)), "", header, texts, xlsx.Limits{}); err != nil {
			t.Fatal(err)
		}
		f, _ := excelize.OpenReader(bytes.NewReader(b.Bytes()))
		rows, _ := f.GetRows("名单")
		if rows[0][3] != xlsx.ErrorColumn || len(rows[0]) != 4 || rows[3][3] != "n number" || (len(rows[2]) > 3 && rows[2][3] != "") != (want[3] != "") {
			t.Error(rows)
		}
		var err error
		if src, err = xlsx.FillBytes(b.Bytes(), map[string]xlsx.Cells{"": {"B3": 5}}, xlsx.Limits{}); err != nil {
			t.Fatal(err)
		}
	}
}

// renamed gives the columns of write other headings.
func renamed(t *testing.T, b []byte) []byte {
	t.Helper()
	out, err := xlsx.FillBytes(b, map[string]xlsx.Cells{"": {"B1": "人数", "C1": "备注"}}, xlsx.Limits{})
	if err != nil {
		t.Fatal(err)
	}
	return out
}

func FuzzFill(f *testing.F) {
	f.Add(applicationForm, "B5", "x")
	f.Add(`<worksheet><sheetData><row><c/><c/></row></sheetData></worksheet>`, "Z9", "")
	f.Add(`<worksheet><dimension ref="A1"/><sheetData/></worksheet>`, "A1", "\t")
	f.Fuzz(func(t *testing.T, sheet, cell, text string) {
		src := form(t, sheet)
		out, err := xlsx.FillBytes(src, map[string]xlsx.Cells{"": {cell: text}}, xlsx.Limits{Size: 1 << 20})
		if err != nil {
			return
		}
		before, after := parts(t, src), parts(t, out)
		for name := range maps.Keys(before) {
			if name != "xl/worksheets/sheet1.xml" && name != "xl/workbook.xml" && before[name] != after[name] {
				t.Fatalf("%s changed", name)
			}
		}
		if again, err := xlsx.FillBytes(out, map[string]xlsx.Cells{"": {cell: text}}, xlsx.Limits{}); err != nil || !slices.Equal(keysOf(before), keysOf(parts(t, again))) {
			t.Fatalf("filled once, it cannot be filled again: %v", err)
		}
	})
}

func keysOf(m map[string]string) []string { return slices.Sorted(maps.Keys(m)) }

func ExampleFill() {
	f := excelize.NewFile()
	_ = f.SetCellValue("Sheet1", "A1", "企业名称")
	_ = f.SetCellFormula("Sheet1", "B3", "B2*2")
	var form bytes.Buffer
	_ = f.Write(&form)

	out, err := xlsx.FillBytes(form.Bytes(), map[string]xlsx.Cells{"Sheet1": {"B1": "舟山海达有限公司", "B2": 21}}, xlsx.Limits{})
	if err != nil {
		fmt.Println(err)
		return
	}
	filled, _ := excelize.OpenReader(bytes.NewReader(out))
	name, _ := filled.GetCellValue("Sheet1", "B1")
	double, _ := filled.CalcCellValue("Sheet1", "B3")
	fmt.Println(name, double)
	// Output: 舟山海达有限公司 42
}
