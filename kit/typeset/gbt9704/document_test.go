package gbt9704_test

import (
	"bytes"
	"errors"
	"fmt"
	"regexp"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/dinghai/dinghai/kit/calendar"
	"github.com/dinghai/dinghai/kit/docx"
	"github.com/dinghai/dinghai/kit/typeset"
	"github.com/dinghai/dinghai/kit/typeset/fonts"
	"github.com/dinghai/dinghai/kit/typeset/gbt9704"
)

func TestNumber(t *testing.T) {
	good := gbt9704.Number{Organ: "舟市监", Year: 2024, Serial: 12}
	if s := good.String(); s != "舟市监〔2024〕12号" || !regexp.MustCompile(`^\p{Han}+〔\d{4}〕[1-9]\d*号$`).MatchString(s) {
		t.Error(s)
	}
	if n, err := gbt9704.ParseNumber(good.String()); err != nil || n != good {
		t.Error(n, err)
	}
	for s, reason := range map[string]string{
		"舟市监[2024]12号":          "six-cornered",
		"舟市监〔2024 12号":          "missing",
		"舟市监〔24〕12号":            "in full",
		"舟市监〔2024〕第12号":         "第",
		"舟市监〔2024〕012号":         "begins with 0",
		"舟市监〔2024〕12":           "号 is missing",
		"舟市监〔2024〕号":            "not a number",
		"舟市监〔2024〕99999999999号": "not a number",
		"〔2024〕1号":              "short name",
		"舟市监〔1024〕1号":           "year",
		"舟市监〔２０２４〕1号":           "in full",
	} {
		_, err := gbt9704.ParseNumber(s)
		var fe *gbt9704.FieldError
		if !errors.As(err, &fe) || fe.Field != "Number" || !strings.Contains(fe.Reason, reason) {
			t.Errorf("%s: %v", s, err)
		}
	}
}

func FuzzParseNumber(f *testing.F) {
	f.Add("舟市监〔2024〕12号")
	f.Fuzz(func(t *testing.T, s string) {
		if n, err := gbt9704.ParseNumber(s); err == nil && n.String() != s {
			t.Fatalf("%q is read as %q", s, n)
		}
	})
}

func TestDay(t *testing.T) {
	for d, want := range map[calendar.Date]string{"2024-03-05": "2024年3月5日", "2024-12-31": "2024年12月31日", "": "", "2024-02-30": ""} {
		if got := gbt9704.Day(d); got != want {
			t.Errorf("%s: %s", d, got)
		}
	}
}

func TestFields(t *testing.T) {
	for field, spoil := range map[string]func(*gbt9704.Document){
		"Masthead": func(d *gbt9704.Document) { d.Masthead = "" },
		"Title":    func(d *gbt9704.Document) { d.Title = "" },
		"Issuer":   func(d *gbt9704.Document) { d.Issuer = "" },
		"Body":     func(d *gbt9704.Document) { d.Body[1].Level = 5 },
		"Number":   func(d *gbt9704.Document) { d.Number.Serial = 0 },
		"Date":     func(d *gbt9704.Document) { d.Date = "2024-2-3" },
		"Printed":  func(d *gbt9704.Document) { d.Printed = "" },
		"Copy":     func(d *gbt9704.Document) { d.Copy = "12" },
		"Signers":  func(d *gbt9704.Document) { d.Signers = make([]string, 9) },
	} {
		d := notice()
		spoil(d)
		_, err := d.Typeset(fonts.Embedded())
		var fe *gbt9704.FieldError
		if !errors.As(err, &fe) || fe.Field != field {
			t.Errorf("%s: %v", field, err)
		}
	}
	d := notice()
	d.Title = strings.Repeat("很长的标题", 60)
	var fit *typeset.FitError
	if _, err := d.Typeset(fonts.Embedded()); !errors.As(err, &fit) {
		t.Errorf("first page without text: %v", err)
	}
	d = notice()
	d.Issuer = "舟山😀局"
	var ge *typeset.GlyphError
	if _, err := d.Typeset(fonts.Embedded()); !errors.As(err, &ge) || ge.Rune != '😀' {
		t.Errorf("no glyph: %v", err)
	}
}

// short is a document with so many lines of text and nothing more.
func short(lines int) *gbt9704.Document {
	d := notice()
	d.Enclosures, d.Annexes, d.Note = nil, nil, ""
	d.Body = []gbt9704.Part{{Text: strings.TrimSuffix(strings.Repeat("本。\n", lines), "\n")}}
	return d
}

// TestImprint: it is on an even page, the last; pages that only it needs have
// no number.
func TestImprint(t *testing.T) {
	for _, tt := range []struct{ lines, pages, numbered int }{
		{1, 2, 1},  // one page of text: the back
		{10, 2, 2}, // text ends on an even page with room
		{23, 4, 2}, // without room: the next even page
		{30, 4, 3}, // text ends on an odd page
	} {
		out := set(t, short(tt.lines))
		numbered := 0
		for _, p := range out.Pages {
			if strings.Contains(p.Text(), "— ") {
				numbered++
			}
		}
		last := out.Pages[len(out.Pages)-1].Text()
		if len(out.Pages) != tt.pages || numbered != tt.numbered || !strings.Contains(last, "抄送：") || !strings.Contains(last, "2024年3月6日印发") {
			t.Errorf("%d lines: %d pages, %d numbered, last %q", tt.lines, len(out.Pages), numbered, last)
		}
	}
	d := short(1)
	d.CopyTo, d.Printer = "", ""
	if out := set(t, d); len(out.Pages) != 1 {
		t.Errorf("%d pages without an imprint", len(out.Pages))
	}
}

// TestSignatureWithText: issuer and date never stand on a page without text.
func TestSignatureWithText(t *testing.T) {
	for lines := 1; lines < 40; lines++ {
		d := short(lines)
		d.CopyTo, d.Printer = "", ""
		out := set(t, d)
		last := out.Pages[len(out.Pages)-1].Text()
		if n := strings.Count(last, "本。"); n < min(2, lines) || !strings.Contains(last, "2024年3月5日") {
			t.Errorf("%d lines: the last page holds %d and %q", lines, n, last)
		}
	}
}

// TestUnsealed: without a seal the date begins two characters right of the
// issuer, and what is longer ends two characters from the margin.
func TestUnsealed(t *testing.T) {
	right := 184 - 2*156.0/28
	for issuer, ends := range map[string]string{"舟山市市场监督管理局": "issuer", "办公室": "date"} {
		d := short(2)
		d.NoSeal, d.Issuer = true, issuer
		var at, to [2]float64
		for _, r := range set(t, d).Pages[0].Runs {
			var w typeset.Length
			for _, g := range r.Glyphs {
				w += g.Advance
			}
			for i, s := range []string{issuer, "2024年3月5日"} {
				if r.Text() == s {
					at[i], to[i] = r.X.MM(), (r.X + w).MM()
				}
			}
		}
		near(t, issuer+": date right of issuer", at[1]-at[0], 2*156.0/28, 0.01)
		got := to[0]
		if ends == "date" {
			got = to[1]
		}
		near(t, issuer+": end", got, right, 0.01)
	}
}

// TestSigners: with signers the number is at the left, level with the last.
func TestSigners(t *testing.T) {
	for n := 1; n <= 6; n++ {
		d := short(2)
		d.Signers = []string{"张三", "李四", "王五", "赵六", "钱七", "孙八"}[:n]
		var number, last typeset.Run
		for _, r := range set(t, d).Pages[0].Runs {
			if r.Text() == d.Number.String() {
				number = r
			}
			if strings.HasSuffix(r.Text(), d.Signers[n-1]) {
				last = r
			}
		}
		if number.Y != last.Y {
			t.Errorf("%d signers: number at %d, last signer at %d", n, number.Y, last.Y)
		}
		near(t, "number, one character in", number.X.MM(), 28+156.0/28, 0.01)
	}
}

func TestOutline(t *testing.T) {
	var got []string
	for _, b := range set(t, notice()).Bookmarks {
		got = append(got, fmt.Sprintf("%d %d %s", b.Level, b.Page+1, b.Title))
	}
	want := []string{
		"0 1 舟山市市场监督管理局关于开展2024年度双随机、一公开监督检查工作的通知",
		"1 1 一、总体要求", "1 2 二、主要任务", "2 2 （一）制定抽查计划。", "2 2 （二）规范抽查程序。",
		"3 2 1.随机抽取检查对象。", "3 2 2.随机选派执法检查人员。", "4 2 （1）持证上岗。", "1 2 三、工作要求",
		"0 3 附件1 2024年度抽查事项清单", "0 7 附件2 名录库管理办法",
	}
	if d := cmp.Diff(want, got); d != "" {
		t.Error(d)
	}
}

func ExampleDocument_Typeset() {
	d := gbt9704.Document{
		Masthead: "舟山市市场监督管理局文件",
		Number:   gbt9704.Number{Organ: "舟市监", Year: 2024, Serial: 12},
		Title:    "关于印发抽查工作计划的通知",
		Body:     []gbt9704.Part{{Text: "现将抽查工作计划印发给你们，请遵照执行。"}},
		Issuer:   "舟山市市场监督管理局",
		Date:     "2024-03-05",
	}
	out, err := d.Typeset(fonts.Embedded())
	if err != nil {
		fmt.Println(err)
		return
	}
	for _, r := range out.Pages[0].Runs {
		fmt.Printf("%.0f mm: %s\n", r.X.MM(), r.Text())
	}
	// Output:
	// 29 mm: 舟山市市场监督管理局文件
	// 81 mm: 舟市监〔2024〕12号
	// 56 mm: 关于印发抽查工作计划的通知
	// 39 mm: 现将抽查工作计划印发给你们，请遵照执行。
	// 117 mm: 舟山市市场监督管理局
	// 128 mm: 2024年3月5日
	// 164 mm: — 1 —
}

// TestFlow: the draft for a word processor holds all that the document does,
// but seal and page numbers.
func TestFlow(t *testing.T) {
	d := notice()
	d.Annexes[0].Body[0].Blocks = []typeset.Block{table(3)} // one page, one head
	letters := func(s string) map[rune]int {
		m := map[rune]int{}
		for _, r := range s {
			if r > ' ' {
				m[r]++
			}
		}
		return m
	}
	blocks, err := d.Flow(fonts.Embedded())
	if err != nil {
		t.Fatal(err)
	}
	var b bytes.Buffer
	if err := docx.Build(&b, gbt9704.Frame(), docx.Options{Title: d.Title}, blocks...); err != nil {
		t.Fatal(err)
	}
	draft, err := docx.Text(b.Bytes(), docx.Limits{})
	if err != nil {
		t.Fatal(err)
	}
	var set strings.Builder
	out, err := d.Typeset(fonts.Embedded())
	if err != nil {
		t.Fatal(err)
	}
	for i, p := range out.Pages {
		set.WriteString(strings.Replace(p.Text(), fmt.Sprintf("— %d —", i+1), "", 1))
	}
	if diff := cmp.Diff(letters(set.String()), letters(draft)); diff != "" {
		t.Error(diff)
	}
	d.Title = ""
	if _, err := d.Flow(fonts.Embedded()); err == nil {
		t.Error("a document without title")
	}
}
