package xlsx_test

import (
	"bytes"
	"fmt"
	"io"
	"runtime"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/xuri/excelize/v2"

	"github.com/dinghai/dinghai/kit/calendar"
	"github.com/dinghai/dinghai/kit/table"
	"github.com/dinghai/dinghai/kit/xlsx"
)

func longChoices() (out []string) {
	for i := range 60 {
		out = append(out, fmt.Sprintf("第%d个市场监督管理所", i))
	}
	return out
}

func column(name, title string, t xlsx.Type) xlsx.Column {
	return xlsx.Column{Column: table.Column{Name: name, Aliases: []string{title}}, Type: t}
}

func typed() []xlsx.Column {
	c := []xlsx.Column{
		column("name", "企业名称", xlsx.Text), column("uscc", "统一社会信用代码", xlsx.Code), column("staff", "从业人数", xlsx.Int),
		column("capital", "注册资本", xlsx.Decimal), column("founded", "成立日期", xlsx.Date), column("open", "是否开业", xlsx.Bool),
		column("area", "区域", xlsx.Choice), column("office", "管理所", xlsx.Choice),
	}
	c[0].Filled = true
	c[3].Places = 2
	c[6].Choices = []string{"定海", "普陀"}
	c[7].Choices = longChoices()
	return c
}

func typedFile(t testing.TB, rows map[string][]any) []byte {
	t.Helper()
	var b bytes.Buffer
	w, err := xlsx.NewTable(&b, "企业", typed(), true)
	if err != nil {
		t.Fatal(err)
	}
	for _, id := range slices.Sorted(keys(rows)) {
		if err := w.Write(id, rows[id]...); err != nil {
			t.Fatal(err)
		}
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

func keys(m map[string][]any) func(func(string) bool) {
	return func(yield func(string) bool) {
		for k := range m {
			if !yield(k) {
				return
			}
		}
	}
}

func TestTypedRoundTrip(t *testing.T) {
	rows := map[string][]any{
		"rec-1": {"甲公司", "091330900123456789", int64(12), int64(1234567), calendar.Date("2023-11-24"), true, "定海", "第59个市场监督管理所"},
		"rec-2": {"=1+1", "0012", int64(-3), int64(-5), calendar.Date("1955-01-31"), false, "普陀", nil},
		"rec-3": {"丙", nil, nil, nil, nil, nil, nil, nil},
	}
	got := map[string][]any{}
	for r, err := range open(t, typedFile(t, rows), xlsx.Limits{}).Records("企业", typed()) {
		if err != nil || len(r.Errors) > 0 {
			t.Fatal(err, r.Errors)
		}
		got[r.ID] = r.Values
	}
	if d := cmp.Diff(rows, got); d != "" {
		t.Error(d)
	}
}

// What people see: formats, lists to pick from, and no identifiers.
func TestTypedLayout(t *testing.T) {
	b := typedFile(t, map[string][]any{"rec-1": {"甲公司", "0012", int64(12), int64(1234567), calendar.Date("2023-11-24"), true, "定海", nil}})
	f, err := excelize.OpenReader(bytes.NewReader(b))
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	rows, _ := f.GetRows("企业")
	want := [][]string{
		{xlsx.IDColumn, "企业名称", "统一社会信用代码", "从业人数", "注册资本", "成立日期", "是否开业", "区域", "管理所"},
		{"rec-1", "甲公司", "0012", "12", "12,345.67", "2023-11-24", "是", "定海"},
	}
	if d := cmp.Diff(want, rows); d != "" {
		t.Error(d)
	}
	if visible, err := f.GetColVisible("企业", "A"); visible || err != nil {
		t.Error("the identifiers are to be seen", err)
	}
	// A cell that people add gets the format of its column.
	style, _ := f.GetColStyle("企业", "C")
	s, err := f.GetStyle(style)
	if err != nil || s.CustomNumFmt == nil && s.NumFmt != 49 || s.CustomNumFmt != nil && *s.CustomNumFmt != "@" {
		t.Error("codes are not text:", s, err)
	}
	dv, err := f.GetDataValidations("企业")
	var lists []string
	for _, v := range dv {
		lists = append(lists, v.Sqref+" "+v.Formula1)
	}
	if d := cmp.Diff([]string{`G2:G1048576 "是,否"`, `H2:H1048576 "定海,普陀"`, `I2:I1048576 _lists!$I$1:$I$60`}, lists); d != "" || err != nil {
		t.Error(d, err)
	}
	if last, _ := f.GetCellValue("_lists", "I60"); last != "第59个市场监督管理所" {
		t.Error(last)
	}
	if visible, _ := f.GetSheetVisible("_lists"); visible {
		t.Error("the lists are to be seen")
	}
}

// Every fault of every row is told, and rows keep their identity through
// sorting, copying and adding.
func TestRowErrors(t *testing.T) {
	b := typedFile(t, map[string][]any{"rec-1": {"甲", nil, nil, nil, nil, nil, nil, nil}, "rec-2": {"乙", nil, nil, nil, nil, nil, nil, nil}})
	f, err := excelize.OpenReader(bytes.NewReader(b))
	if err != nil {
		t.Fatal(err)
	}
	set := func(cell string, v any) {
		if err := f.SetCellValue("企业", cell, v); err != nil {
			t.Fatal(err)
		}
	}
	if err := f.DuplicateRow("企业", 2); err != nil { // copied with its identifier
		t.Fatal(err)
	}
	for cell, v := range map[string]any{
		"B4": " ", "D4": "十二", "E4": "1.005", "F4": "2023-02-30", "G4": "也许", "H4": "嵊泗",
		"B5": "新来的", "D5": "１2", "E5": "￥1，234.5 元", "F5": "2023年1月4日", "G5": "√", "H5": "普陀",
	} {
		set(cell, v)
	}
	// A long number as spreadsheets keep it.
	if err := f.SetCellDefault("企业", "C4", "9.13309001234567E+16"); err != nil {
		t.Fatal(err)
	}
	var out bytes.Buffer
	if err := f.Write(&out); err != nil {
		t.Fatal(err)
	}
	var got []string
	var values []any
	for r, err := range open(t, out.Bytes(), xlsx.Limits{}).Records("企业", typed()) {
		if err != nil {
			t.Fatal(err)
		}
		s := fmt.Sprintf("%d %q", r.Number, r.ID)
		for _, e := range r.Errors {
			s += fmt.Sprintf(" %s:%s", e.Column, e.Reason)
		}
		got = append(got, s)
		values = r.Values
	}
	want := []string{
		`2 "rec-1"`, `3 "rec-1" 记录标识:duplicate_id`,
		`4 "rec-2" name:empty uscc:rounded staff:number capital:number founded:date open:bool area:choice`,
		`5 ""`,
	}
	if d := cmp.Diff(want, got); d != "" {
		t.Error(d)
	}
	if d := cmp.Diff([]any{"新来的", nil, int64(12), int64(123450), calendar.Date("2023-01-04"), true, "普陀", nil}, values); d != "" {
		t.Error(d)
	}
}

func TestTypeErrors(t *testing.T) {
	w, err := xlsx.NewTable(io.Discard, "企业", typed(), false)
	if err != nil {
		t.Fatal(err)
	}
	for name, row := range map[string][]any{
		"text": {1}, "code": {nil, 12}, "int": {nil, nil, "1"}, "int of 16 digits": {nil, nil, int64(1e15)}, "decimal": {nil, nil, nil, 1.5},
		"date": {nil, nil, nil, nil, "2023-11-24"}, "no date": {nil, nil, nil, nil, calendar.Date("2023-02-30")}, "bool": {nil, nil, nil, nil, nil, "是"},
		"choice": {nil, nil, nil, nil, nil, nil, "嵊泗"}, "too many": {nil, nil, nil, nil, nil, nil, nil, nil, "x"},
	} {
		if err := w.Write("", row...); err == nil || !strings.Contains(err.Error(), "a value of type") {
			t.Errorf("%s: %v", name, err)
		}
	}
	if err := w.Close(); err != nil {
		t.Error(err)
	}
}

// Memory does not grow with the number of rows: rows are compressed and
// go as they come.
func TestFlatMemory(t *testing.T) {
	peak := func(n int) (most uint64) {
		w, err := xlsx.NewTable(io.Discard, "企业", typed(), true)
		if err != nil {
			t.Fatal(err)
		}
		for i := range n {
			if err := w.Write("rec", wide(i)...); err != nil {
				t.Fatal(err)
			}
			if i%5000 == 0 {
				var m runtime.MemStats
				runtime.GC()
				runtime.ReadMemStats(&m)
				most = max(most, m.HeapAlloc)
			}
		}
		if err := w.Close(); err != nil {
			t.Fatal(err)
		}
		return most
	}
	few, many := peak(10_000), peak(60_000)
	t.Logf("%d MB for 10,000 rows, %d MB for 60,000", few>>20, many>>20)
	if many > few+2<<20 {
		t.Error("memory grows with the rows")
	}
}

func wide(i int) []any {
	return []any{fmt.Sprintf("舟山市第%d号海鲜面馆", i), fmt.Sprintf("91330902MA%08d", i), int64(i), int64(i) * 7, calendar.Date("2023-11-24"), i%2 == 0, "定海", nil}
}

// BenchmarkWrite is the budget: 200,000 rows of nine columns.
func BenchmarkWrite(b *testing.B) {
	b.ReportAllocs()
	for b.Loop() {
		w, err := xlsx.NewTable(io.Discard, "企业", typed(), true)
		if err != nil {
			b.Fatal(err)
		}
		for i := range 200_000 {
			if err := w.Write("rec", wide(i)...); err != nil {
				b.Fatal(err)
			}
		}
		if err := w.Close(); err != nil {
			b.Fatal(err)
		}
	}
	var m runtime.MemStats
	runtime.ReadMemStats(&m)
	b.ReportMetric(float64(m.HeapSys)/1e6, "MB-heap")
}

func BenchmarkFill(b *testing.B) {
	src := form(b, applicationForm)
	b.ReportAllocs()
	for b.Loop() {
		if _, err := xlsx.FillBytes(src, map[string]xlsx.Cells{"": {"B5": 1, "B2": "x"}}, xlsx.Limits{}); err != nil {
			b.Fatal(err)
		}
	}
}

func ExampleFile_Records() {
	columns := []xlsx.Column{
		{Column: table.Column{Name: "name"}, Title: "企业名称", Filled: true},
		{Column: table.Column{Name: "capital"}, Title: "注册资本", Type: xlsx.Decimal, Places: 2},
	}
	var b bytes.Buffer
	w, err := xlsx.NewTable(&b, "名单", columns, true)
	if err != nil {
		fmt.Println(err)
		return
	}
	_ = w.Write("rec-7", "甲公司", int64(1234550))
	if err := w.Close(); err != nil {
		fmt.Println(err)
		return
	}
	f, err := xlsx.Read(&b, xlsx.Limits{})
	if err != nil {
		fmt.Println(err)
		return
	}
	defer f.Close()
	for r, err := range f.Records("名单", columns) {
		fmt.Println(r.Number, r.ID, r.Values, r.Errors, err)
	}
	// Output: 2 rec-7 [甲公司 1234550] [] <nil>
}
