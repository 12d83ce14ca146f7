package csvx_test

import (
	"bytes"
	"encoding/csv"
	"errors"
	"fmt"
	"io"
	"strings"
	"testing"
	"testing/iotest"

	"github.com/google/go-cmp/cmp"
	"golang.org/x/text/encoding/simplifiedchinese"
	"pgregory.net/rapid"

	"github.com/dinghai/dinghai/kit/csvx"
	"github.com/dinghai/dinghai/kit/table"
)

// read lists rows as "number/line[!reason]: cells".
func read(r io.Reader, columns []table.Column) (out []string) {
	for row, err := range csvx.Rows(r, columns) {
		s := fmt.Sprintf("%d/%d", row.Number, row.Line)
		var re *table.RowError
		switch {
		case errors.As(err, &re):
			s += "!" + re.Reason
		case err != nil:
			return append(out, err.Error())
		}
		out = append(out, s+": "+strings.Join(row.Cells, "|"))
	}
	return out
}

func TestRows(t *testing.T) {
	tests := []struct{ name, in, want string }{
		{"plain", "a,b\n1,2\n", "1/1: a|b\n2/2: 1|2"},
		{"no end of line, CR", "a,b\r\n1,2", "1/1: a|b\n2/2: 1|2"},
		{"quotes", `a,"b,c","d""e",""`, `1/1: a|b,c|d"e|`},
		{"lines in quotes", "a,\"b\nc\nd\",e\nf,g\n", "1/1: a|b\nc\nd|e\n2/4: f|g"},
		{"stray quotes", "5\" pipe,\"a\"b\",c\n", "1/1: 5\" pipe|a\"b|c"},
		{"quote never closes", "a,\"b\nc,d\ne,f\n", "1/1!quote: a|\"b\n2/2: c|d\n3/3: e|f"},
		{"quotes only", `"`, `1/1!quote: "`},
		{"semicolons", "a;b\n1,5;2\n", "1/1: a|b\n2/2: 1,5|2"},
		{"tabs below a title", "title\na\tb\n1\t2,3\n", "1/1: title\n2/2: a|b\n3/3: 1|2,3"},
		{"empty lines", "a,b\n\n1,2\n", "1/1: a|b\n3/3: 1|2"},
		{"bad bytes", "舟山,市场,监督,管理\n定海,\xff,岱山\n", "1/1: 舟山|市场|监督|管理\n2/2!encoding: 定海|\uFFFD|岱山"},
		{"empty", "", ""},
	}
	for _, tt := range tests {
		if d := cmp.Diff(tt.want, strings.Join(read(strings.NewReader(tt.in), nil), "\n")); d != "" {
			t.Errorf("%s: %s", tt.name, d)
		}
	}
}

func TestRagged(t *testing.T) {
	in := "名称,日期\n甲\n乙,2023-01-01\n丙,2023-01-01,x\n丁,2023-01-01,,\n"
	got := read(strings.NewReader(in), []table.Column{{Name: "名称"}, {Name: "日期"}})
	want := []string{"2/2!ragged: 甲", "3/3: 乙|2023-01-01", "4/4!ragged: 丙|2023-01-01|x", "5/5: 丁|2023-01-01||"}
	if d := cmp.Diff(want, got); d != "" {
		t.Error(d)
	}
}

func TestEncodings(t *testing.T) {
	const text = "名称,区\n舟山市𠮷野家,普陀\n"
	gb, err := simplifiedchinese.GB18030.NewEncoder().String(text)
	if err != nil {
		t.Fatal(err)
	}
	utf16 := func(s string) string {
		b := []byte{0xff, 0xfe}
		for _, r := range s {
			b = append(b, byte(r), byte(r>>8))
		}
		return string(b)
	}
	far := strings.Repeat("only ascii so far,1\n", 10_000)
	tests := []struct{ name, in, want, encoding string }{
		{"UTF-8", text, text, "UTF-8"},
		{"UTF-8 with mark", "\ufeff" + text, text, "UTF-8"},
		{"GB 18030", gb, text, "GB18030"},
		{"GB 18030 far down", far + gb, far + text, "GB18030"},
		{"UTF-8 far down", far + text, far + text, "UTF-8"},
		{"UTF-8 longer than the window", strings.Repeat(text, 5000), strings.Repeat(text, 5000), "UTF-8"},
		{"UTF-16", utf16("名称,区"), "名称,区", "UTF-16LE"},
		{"ASCII", "a,b", "a,b", "ASCII"},
		{"empty", "", "", "ASCII"},
	}
	for _, tt := range tests {
		for _, in := range []io.Reader{strings.NewReader(tt.in), iotest.HalfReader(strings.NewReader(tt.in))} {
			r, name := csvx.Decode(in)
			got, err := io.ReadAll(r)
			if err != nil || string(got) != tt.want || name() != tt.encoding {
				t.Errorf("%s: %d bytes, %s, %v", tt.name, len(got), name(), err)
			}
		}
	}
}

func TestBrokenInput(t *testing.T) {
	got := read(io.MultiReader(strings.NewReader("a,b\n1,2\n"), iotest.ErrReader(errors.New("disk"))), nil)
	if d := cmp.Diff([]string{"1/1: a|b", "2/2: 1|2", "disk"}, got); d != "" {
		t.Error(d)
	}
	got = read(strings.NewReader(strings.Repeat("x", 2<<20)), nil)
	if d := cmp.Diff([]string{csvx.ErrLineTooLong.Error()}, got); d != "" {
		t.Error(d)
	}
}

// What encoding/csv writes is read back, whatever the cells hold.
func TestRoundTrip(t *testing.T) {
	cell := rapid.StringOfN(rapid.SampledFrom([]rune("a舟,\"\n;\t ")), 0, 6, -1)
	rapid.Check(t, func(t *rapid.T) {
		n := rapid.IntRange(2, 4).Draw(t, "width")
		rows := rapid.SliceOfN(rapid.SliceOfN(cell, n, n), 0, 6).Draw(t, "rows")
		head := make([]string, n)
		for i := range head {
			head[i] = fmt.Sprint("head", i)
		}
		var b bytes.Buffer
		w := csv.NewWriter(&b)
		if err := w.WriteAll(append([][]string{head}, rows...)); err != nil {
			t.Fatal(err)
		}
		var got [][]string
		for row, err := range csvx.Rows(&b, nil) {
			if err != nil {
				t.Fatal(err)
			}
			got = append(got, row.Cells)
		}
		var want [][]string
		for _, r := range append([][]string{head}, rows...) {
			if strings.TrimSpace(strings.Join(r, "")) != "" {
				want = append(want, r)
			}
		}
		if d := cmp.Diff(want, got); d != "" {
			t.Fatal(d)
		}
	})
}

func FuzzRows(f *testing.F) {
	for _, s := range []string{"a,b\n1,2\n", "a,\"b\nc", "\xef\xbb\xbfa", "\xd6\xdb\xc9\xbd,1", "\xff\xfea\x00", "\"\"\"\"", "a;\"b\";c"} {
		f.Add([]byte(s))
	}
	f.Fuzz(func(t *testing.T, b []byte) {
		last := 0
		for row, err := range csvx.Rows(bytes.NewReader(b), nil) {
			var re *table.RowError
			if err != nil && !errors.As(err, &re) {
				return
			}
			if row.Line <= last || row.Line > bytes.Count(b, []byte("\n"))+1+len(b) {
				t.Fatalf("line %d after %d", row.Line, last)
			}
			last = row.Line
		}
	})
}

func BenchmarkRows(b *testing.B) {
	text := "名称,代码,日期\n" + strings.Repeat("舟山市定海区某某海鲜面馆,91330902Y0000000XX,2023-11-24\n", 10_000)
	gb, err := simplifiedchinese.GB18030.NewEncoder().String(text)
	if err != nil {
		b.Fatal(err)
	}
	for name, in := range map[string]string{"UTF-8": text, "GB18030": gb} {
		b.Run(name, func(b *testing.B) {
			b.ReportAllocs()
			b.SetBytes(int64(len(in)))
			for b.Loop() {
				for _, err := range csvx.Rows(strings.NewReader(in), []table.Column{{Name: "名称"}}) {
					if err != nil {
						b.Fatal(err)
					}
				}
			}
		})
	}
}

func ExampleRows() {
	in := "企业名称,代码\n甲公司,1\n乙公司\n"
	for row, err := range csvx.Rows(strings.NewReader(in), []table.Column{{Name: "name", Aliases: []string{"企业名称"}}}) {
		fmt.Println(row.Line, row.Get("name").Text(), err)
	}
	// Output:
	// 2 甲公司 <nil>
	// 3 乙公司 table: row 3, column "": bad ragged
}
