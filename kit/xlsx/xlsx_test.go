package xlsx_test

import (
	"archive/zip"
	"bytes"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/xuri/excelize/v2"

	"github.com/dinghai/dinghai/kit/calendar"
	"github.com/dinghai/dinghai/kit/table"
	"github.com/dinghai/dinghai/kit/xlsx"
)

var columns = []table.Column{
	{Name: "name", Aliases: []string{"企业名称"}, Required: true},
	{Name: "date", Aliases: []string{"成立日期"}},
	{Name: "sum", Aliases: []string{"金额"}},
}

func write(t testing.TB, rows ...[]any) []byte {
	t.Helper()
	var b bytes.Buffer
	w, err := xlsx.NewWriter(&b, "名单", "企业名称", "成立日期", "金额")
	if err != nil {
		t.Fatal(err)
	}
	for _, r := range rows {
		if err := w.Write(r...); err != nil {
			t.Fatal(err)
		}
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

func open(t testing.TB, b []byte, l xlsx.Limits) *xlsx.File {
	t.Helper()
	f, err := xlsx.Read(bytes.NewReader(b), l)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = f.Close() })
	return f
}

func TestRoundTrip(t *testing.T) {
	b := write(t,
		[]any{"甲公司", calendar.Date("2023-11-24"), 12.5},
		[]any{nil},
		[]any{"=1+1", "2023年1月4日", "1,234.50"},
		[]any{"乙公司", calendar.Date(""), nil},
	)
	f := open(t, b, xlsx.Limits{})
	if d := cmp.Diff([]string{"名单"}, f.Sheets()); d != "" {
		t.Error(d)
	}
	var got []string
	for row, err := range f.Rows("名单", columns) {
		if err != nil {
			t.Fatal(err)
		}
		d, derr := row.Get("date").Date()
		n, nerr := row.Get("sum").Scaled(2)
		got = append(got, fmt.Sprintf("%d %s %q %t %d %t", row.Number, row.Get("name").Text(), d, derr == nil, n, nerr == nil))
	}
	want := []string{`2 甲公司 "2023-11-24" true 1250 true`, `4 =1+1 "2023-01-04" true 123450 true`, `5 乙公司 "" true 0 false`}
	if d := cmp.Diff(want, got); d != "" {
		t.Error(d)
	}
}

func TestPathAndHeaderBelowTitle(t *testing.T) {
	f := excelize.NewFile()
	for at, v := range map[string]any{"A1": "2023年度名单", "B4": "企业名称（必填）", "A4": "序号", "B9": "甲公司", "A9": 1} {
		if err := f.SetCellValue("Sheet1", at, v); err != nil {
			t.Fatal(err)
		}
	}
	path := filepath.Join(t.TempDir(), "list.xlsx")
	if err := f.SaveAs(path); err != nil {
		t.Fatal(err)
	}
	n := 0
	for row, err := range xlsx.Rows(path, "", columns, xlsx.Limits{}) {
		if n++; err != nil || row.Number != 9 || row.Get("name").Text() != "甲公司" {
			t.Error(row, err)
		}
	}
	if n != 1 {
		t.Errorf("%d rows", n)
	}
}

func TestDate1904(t *testing.T) {
	f := excelize.NewFile()
	yes := true
	if err := f.SetWorkbookProps(&excelize.WorkbookPropsOptions{Date1904: &yes}); err != nil {
		t.Fatal(err)
	}
	_ = f.SetSheetRow("Sheet1", "A1", &[]any{"企业名称", "成立日期"})
	_ = f.SetSheetRow("Sheet1", "A2", &[]any{"甲", 43792})
	var b bytes.Buffer
	if err := f.Write(&b); err != nil {
		t.Fatal(err)
	}
	for row, err := range open(t, b.Bytes(), xlsx.Limits{}).Rows("", columns) {
		if d, derr := row.Get("date").Date(); err != nil || derr != nil || d != "2023-11-24" {
			t.Error(d, err, derr)
		}
	}
}

// bomb is a valid file whose sheet unpacks to n bytes of blanks.
func bomb(t testing.TB, n int) []byte {
	t.Helper()
	src := write(t, []any{"甲"})
	in, err := zip.NewReader(bytes.NewReader(src), int64(len(src)))
	if err != nil {
		t.Fatal(err)
	}
	var b bytes.Buffer
	out := zip.NewWriter(&b)
	for _, f := range in.File {
		if err := out.Copy(f); err != nil {
			t.Fatal(err)
		}
	}
	w, err := out.Create("xl/worksheets/sheet9.xml")
	if err != nil {
		t.Fatal(err)
	}
	if _, err := w.Write(bytes.Repeat([]byte(" "), n)); err != nil {
		t.Fatal(err)
	}
	if err := out.Close(); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

func TestLimits(t *testing.T) {
	b := bomb(t, 8<<20)
	if len(b) > 1<<20 {
		t.Fatalf("the bomb weighs %d bytes", len(b))
	}
	if _, err := xlsx.Read(bytes.NewReader(b), xlsx.Limits{Size: 1 << 20}); !errors.Is(err, xlsx.ErrTooLarge) {
		t.Error("unpacked size:", err)
	}
	if _, err := xlsx.Read(bytes.NewReader(b), xlsx.Limits{Size: 1 << 10}); !errors.Is(err, xlsx.ErrTooLarge) {
		t.Error("packed size:", err)
	}
	open(t, b, xlsx.Limits{XML: 1 << 20})
	path := filepath.Join(t.TempDir(), "bomb.xlsx")
	if err := os.WriteFile(path, b, 0o600); err != nil {
		t.Fatal(err)
	}
	for _, err := range xlsx.Rows(path, "", columns, xlsx.Limits{Size: 1 << 20}) {
		if !errors.Is(err, xlsx.ErrTooLarge) {
			t.Error("by path:", err)
		}
	}
	var last error
	for _, err := range open(t, write(t, []any{"a"}, []any{"b"}, []any{"c"}), xlsx.Limits{Rows: 3}).Rows("", columns) {
		last = err
	}
	if !errors.Is(last, xlsx.ErrTooLarge) {
		t.Error("rows:", last)
	}
}

func TestErrors(t *testing.T) {
	if _, err := xlsx.Read(strings.NewReader("no archive"), xlsx.Limits{}); err == nil {
		t.Error("read a file that is none")
	}
	for _, err := range open(t, write(t), xlsx.Limits{}).Rows("other", columns) {
		if !errors.Is(err, xlsx.ErrNoSheet) {
			t.Error(err)
		}
	}
	var he *table.HeaderError
	for _, err := range open(t, write(t), xlsx.Limits{}).Rows("", []table.Column{{Name: "x", Required: true}}) {
		if !errors.As(err, &he) {
			t.Error(err)
		}
	}
}

// Stopping early leaves nothing open, and rows can be ranged over again.
func TestBreakAndAgain(t *testing.T) {
	f := open(t, write(t, []any{"a"}, []any{"b"}), xlsx.Limits{})
	for range 2 {
		for row, err := range f.Rows("", columns) {
			if err != nil || row.Get("name").Text() != "a" {
				t.Error(row, err)
			}
			break
		}
	}
}

func FuzzRead(f *testing.F) {
	f.Add(write(f, []any{"甲", calendar.Date("2023-11-24"), 1}))
	f.Add([]byte("PK\x05\x06"))
	f.Add([]byte{})
	f.Fuzz(func(t *testing.T, b []byte) {
		x, err := xlsx.Read(bytes.NewReader(b), xlsx.Limits{Size: 1 << 20, Rows: 1000})
		if err != nil {
			return
		}
		defer x.Close()
		for _, err := range x.Rows("", nil) {
			if err != nil {
				return
			}
		}
	})
}

func BenchmarkRows(b *testing.B) {
	var rows [][]any
	for i := range 10_000 {
		rows = append(rows, []any{fmt.Sprintf("舟山市第%d号海鲜面馆", i), calendar.Date("2023-11-24"), i})
	}
	data := write(b, rows...)
	b.ReportAllocs()
	for b.Loop() {
		f, err := xlsx.Read(bytes.NewReader(data), xlsx.Limits{})
		if err != nil {
			b.Fatal(err)
		}
		for _, err := range f.Rows("", columns) {
			if err != nil {
				b.Fatal(err)
			}
		}
		_ = f.Close()
	}
}

func Example() {
	var b bytes.Buffer
	w, err := xlsx.NewWriter(&b, "名单", "企业名称", "成立日期")
	if err != nil {
		fmt.Println(err)
		return
	}
	_ = w.Write("甲公司", calendar.Date("2023-11-24"))
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
	for row, err := range f.Rows("名单", []table.Column{{Name: "企业名称"}, {Name: "成立日期"}}) {
		d, derr := row.Get("成立日期").Date()
		fmt.Println(row.Number, row.Get("企业名称").Text(), d, err, derr)
	}
	// Output: 2 甲公司 2023-11-24 <nil> <nil>
}
