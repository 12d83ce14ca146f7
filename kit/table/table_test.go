package table_test

import (
	"errors"
	"fmt"
	"iter"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/dinghai/dinghai/kit/calendar"
	"github.com/dinghai/dinghai/kit/table"
)

var columns = []table.Column{
	{Name: "name", Aliases: []string{"企业名称", "名称"}, Required: true},
	{Name: "date", Aliases: []string{"成立日期"}, Required: true},
	{Name: "note", Aliases: []string{"备注"}},
}

// lines makes raw rows of cells parted by "|".
func lines(s ...string) iter.Seq2[table.Raw, error] {
	return func(yield func(table.Raw, error) bool) {
		for i, l := range s {
			if !yield(table.Raw{Number: i + 1, Line: i + 1, Cells: strings.Split(l, "|")}, nil) {
				return
			}
		}
	}
}

func TestRows(t *testing.T) {
	tests := []struct {
		name string
		in   []string
		want []string
	}{
		{"plain", []string{"名称|成立日期", "甲|x"}, []string{"2 甲 x "}},
		{"title above, order, remark, width", []string{"登记表", "", "备注|* 成立日期（必填）|企业 名称：", "n|x|甲"}, []string{"4 甲 x n"}},
		{"left of two", []string{"名称|企业名称|成立日期", "甲|乙|x"}, []string{"2 甲 x "}},
		{"empty rows", []string{"名称|成立日期", "|", " | ", "甲|x"}, []string{"4 甲 x "}},
		{"ragged", []string{"名称|成立日期|备注", "甲", "甲|x|n|", "甲|x|n|more"}, []string{"2 ragged 甲  ", "3 甲 x n", "4 ragged 甲 x n"}},
		{"no header", []string{"名称|x", "甲|y"}, []string{"missing date"}},
		{"empty file", nil, []string{"missing name, date"}},
	}
	for _, tt := range tests {
		var got []string
		for row, err := range table.Rows(lines(tt.in...), table.Options{Columns: columns, Ragged: true}) {
			s := fmt.Sprintf("%d %s %s %s", row.Number, row.Get("name").Text(), row.Get("date").Text(), row.Get("note").Text())
			var re *table.RowError
			var he *table.HeaderError
			switch {
			case errors.As(err, &re):
				s = strings.Replace(s, " ", " "+re.Reason+" ", 1)
			case errors.As(err, &he):
				s = "missing " + strings.Join(he.Missing, ", ")
			}
			got = append(got, s)
		}
		if d := cmp.Diff(tt.want, got); d != "" {
			t.Errorf("%s: %s", tt.name, d)
		}
	}
}

func TestNoHeaderWithinReach(t *testing.T) {
	in := make([]string, 40)
	n := 0
	for _, err := range table.Rows(lines(in...), table.Options{Columns: columns}) {
		if n++; err == nil || n > 1 {
			t.Fatal("want one error", n, err)
		}
	}
}

func TestWithoutColumns(t *testing.T) {
	for row, err := range table.Rows(lines("a|b"), table.Options{}) {
		if err != nil || len(row.Cells) != 2 || row.Header() != nil || !row.Get("a").Empty() {
			t.Error(row, err)
		}
	}
}

func TestUnknownHeadings(t *testing.T) {
	for row := range table.Rows(lines("名称|成立日期|颜色|", "甲|x|红|"), table.Options{Columns: columns}) {
		if d := cmp.Diff([]string{"颜色"}, row.Header().Unknown); d != "" {
			t.Error(d)
		}
	}
}

func TestDate(t *testing.T) {
	tests := []struct {
		in   string
		want calendar.Date
		ok   bool
	}{
		{"2023-11-24", "2023-11-24", true},
		{"2023/1/4", "2023-01-04", true},
		{"2023.11.24", "2023-11-24", true},
		{"2023年11月24日", "2023-11-24", true},
		{"２０２３－１１－２４", "2023-11-24", true},
		{"20231124", "2023-11-24", true},
		{"2023-11-24 08:30:00", "2023-11-24", true},
		{"2023-11-24T08:30:00", "2023-11-24", true},
		{"45254", "2023-11-24", true},
		{"45254.75", "2023-11-24", true},
		{"61", "1900-03-01", true},
		{"", "", true},
		{"60", "", false},
		{"2023-02-29", "", false},
		{"11/24/2023", "", false},
		{"23-11-24", "", false},
		{"2023", "1905-07-15", true}, // a serial number: nothing tells a bare year apart
		{"明天", "", false},
		{"-45254", "", false},
	}
	for _, tt := range tests {
		got, err := table.Cell{Row: 3, Column: "d", Value: tt.in}.Date()
		if got != tt.want || (err == nil) != tt.ok {
			t.Errorf("%q: got %q, %v, want %q", tt.in, got, err, tt.want)
		}
	}
}

func TestNumbers(t *testing.T) {
	tests := []struct {
		in   string
		want int64
		ok   bool
	}{
		{"12", 1200, true}, {"12.5", 1250, true}, {"￥1，234.50", 123450, true}, {"1,234元", 123400, true},
		{"12.300000000000001", 1230, true}, {"-0.01", -1, true}, {"12.345", 0, false}, {"", 0, false},
		{"12元5角", 0, false}, {"NaN", 0, false}, {"1e300", 0, false},
	}
	for _, tt := range tests {
		got, err := table.Cell{Value: tt.in}.Scaled(2)
		if got != tt.want || (err == nil) != tt.ok {
			t.Errorf("%q: got %d, %v", tt.in, got, err)
		}
	}
	if n, err := (table.Cell{Value: "12.0"}).Int(); n != 12 || err != nil {
		t.Error(n, err)
	}
	if _, err := (table.Cell{Value: "12.5"}).Int(); err == nil {
		t.Error("12.5 is whole")
	}
}

func TestCode(t *testing.T) {
	for in, want := range map[string]string{
		" 91330900Y ":          "91330900Y",
		"013800138000":         "013800138000",
		"1.3800138E+10":        "13800138000",
		"3.3090219491231E+17":  "",
		"1.5E+0":               "",
		"9133E+":               "",
		"91330100MAE+12345678": "91330100MAE+12345678",
	} {
		got, err := table.Cell{Value: in}.Code()
		if got != want || (err == nil) != (want != "") {
			t.Errorf("%q: got %q, %v", in, got, err)
		}
	}
}

func FuzzCell(f *testing.F) {
	for _, s := range []string{"2023-11-24", "45254.5", "￥1，234.50", "3.3E+17", "20231124", "年月日", "E+", "\xff"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		c := table.Cell{Value: s}
		if d, err := c.Date(); err == nil && d != "" && !d.Valid() {
			t.Fatalf("%q read as %q", s, d)
		}
		if n, err := c.Scaled(2); err == nil && (n > 1<<53 || n < -1<<53) {
			t.Fatalf("%q read as %d", s, n)
		}
		_, _ = c.Code()
	})
}

func ExampleRows() {
	raw := lines("2023年度名单", "名称|成立日期（必填）", "甲公司|2023年1月4日", "乙公司|不详")
	for row, err := range table.Rows(raw, table.Options{Columns: columns}) {
		if err != nil {
			fmt.Println(err)
			continue
		}
		d, err := row.Get("date").Date()
		fmt.Println(row.Number, row.Get("name").Text(), d, err)
	}
	// Output:
	// 3 甲公司 2023-01-04 <nil>
	// 4 乙公司  table: row 4, column "date": bad date
}
