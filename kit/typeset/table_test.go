package typeset_test

import (
	"errors"
	"fmt"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/dinghai/dinghai/kit/typeset"
	"github.com/dinghai/dinghai/kit/typeset/fonts"
)

func cell(text string) typeset.Cell {
	return typeset.Cell{Paragraphs: []typeset.Paragraph{par(text)}}
}

func row(texts ...string) (r typeset.Row) {
	for _, s := range texts {
		r.Cells = append(r.Cells, cell(s))
	}
	return r
}

// flat joins the runs of each page, for tables.
func flat(d *typeset.Document) (pages []string) {
	for _, p := range d.Pages {
		var out []string
		for _, r := range p.Runs {
			out = append(out, r.Text())
		}
		pages = append(pages, strings.Join(out, " "))
	}
	return pages
}

func TestTablePages(t *testing.T) {
	numbered := func(n int) (rs []typeset.Row) {
		rs = append(rs, row("序", "名"))
		for i := range n {
			rs = append(rs, row(fmt.Sprint(i+1), "甲"))
		}
		return rs
	}
	two := []typeset.Length{2 * em, 0}
	long := func(lines int) string { return strings.Repeat("一二三四五六七八", lines) }
	tests := []struct {
		name string
		in   []typeset.Block
		want []string
	}{
		{"the head comes again", []typeset.Block{typeset.Table{Columns: two, Head: 1, Rows: numbered(6)}},
			[]string{"序 名 1 甲 2 甲 3 甲 4 甲", "序 名 5 甲 6 甲"}},
		{"without head", []typeset.Block{typeset.Table{Columns: two, Rows: numbered(5)}},
			[]string{"序 名 1 甲 2 甲 3 甲 4 甲", "5 甲"}},
		{"the head does not stand alone", []typeset.Block{par("1\n2\n3\n4"), typeset.Table{Columns: two, Head: 1, Rows: numbered(1)}},
			[]string{"1 2 3 4", "序 名 1 甲"}},
		{"a row stays whole", []typeset.Block{par("1\n2\n3\n4"), typeset.Table{Columns: two, Rows: []typeset.Row{row("1", long(2))}}},
			[]string{"1 2 3 4", "1 一二三四五六七八 一二三四五六七八"}},
		{"a row taller than a page is divided", []typeset.Block{typeset.Table{Columns: two, Head: 1, Rows: []typeset.Row{row("序", "名"), row("1", long(7))}}},
			[]string{"序 名 1 一二三四五六七八 一二三四五六七八 一二三四五六七八 一二三四五六七八", "序 名 一二三四五六七八 一二三四五六七八 一二三四五六七八"}},
		{"text goes on below", []typeset.Block{typeset.Table{Columns: two, Head: 1, Rows: numbered(1)}, par("后\n后\n后\n后")},
			[]string{"序 名 1 甲 后 后 后", "后"}},
	}
	for _, tt := range tests {
		d := set(t, frame, tt.in...)
		if diff := cmp.Diff(tt.want, flat(d)); diff != "" {
			t.Errorf("%s: %s", tt.name, diff)
		}
		for n, p := range d.Pages {
			for _, r := range p.Runs {
				if r.Y > frame.Bottom() {
					t.Errorf("%s: page %d: %q below the frame", tt.name, n+1, r.Text())
				}
			}
		}
	}
}

// TestTableLines: a cell that spans columns has no line through it, and text
// stands within padding.
func TestTableLines(t *testing.T) {
	table := typeset.Table{Columns: []typeset.Length{3 * em, 0, 0}, Border: 100, Padding: 500, Rows: []typeset.Row{
		{Height: 2 * em, Cells: []typeset.Cell{{Span: 2, Paragraphs: []typeset.Paragraph{par("并")}}, cell("右")}},
		row("甲", "乙", "丙"),
	}}
	p := set(t, frame, table).Pages[0]
	count := map[typeset.Length]int{}
	for _, r := range p.Rules {
		if r.Width == 100 {
			count[r.X+50]++
		}
	}
	left := frame.Left
	want := map[typeset.Length]int{left: 2, left + 3*em: 1, left + 6500*em/1000: 2, left + 10*em: 2}
	if d := cmp.Diff(want, count); d != "" {
		t.Error("upright lines:", d)
	}
	if r := p.Runs[0]; r.X != left+500 || r.Y != frame.Top+em/2+880*em/1000 {
		t.Errorf("text at %d, %d", r.X, r.Y)
	}
}

func TestTableErrors(t *testing.T) {
	tests := []struct {
		name string
		in   typeset.Table
		fit  bool
	}{
		{"no columns", typeset.Table{}, true},
		{"too wide", typeset.Table{Columns: []typeset.Length{11 * em}}, true},
		{"negative", typeset.Table{Columns: []typeset.Length{-1}}, true},
		{"too many cells", typeset.Table{Columns: []typeset.Length{0}, Rows: []typeset.Row{row("1", "2")}}, false},
		{"too few cells", typeset.Table{Columns: []typeset.Length{0, 0}, Rows: []typeset.Row{row("1")}}, false},
		{"huge span", typeset.Table{Columns: []typeset.Length{0}, Rows: []typeset.Row{{Cells: []typeset.Cell{{Span: 1 << 40}}}}}, false},
		{"head of more rows", typeset.Table{Columns: []typeset.Length{0}, Head: 1}, false},
		{"head as high as the page", typeset.Table{Columns: []typeset.Length{0}, Head: 1, Rows: []typeset.Row{{Height: 5 * em, Cells: []typeset.Cell{cell("1")}}}}, true},
		{"row wanted higher than the page", typeset.Table{Columns: []typeset.Length{0}, Rows: []typeset.Row{{Height: 6 * em, Cells: []typeset.Cell{cell("1")}}}}, true},
		{"padding wider than the cell", typeset.Table{Columns: []typeset.Length{em}, Padding: em, Rows: []typeset.Row{{Cells: []typeset.Cell{cell("1")}}}}, false},
	}
	tests[1].in.Rows = []typeset.Row{row("1")}
	for _, tt := range tests {
		_, err := typeset.Typeset(fonts.Embedded(), frame, tt.in)
		var fe *typeset.FitError
		if err == nil || tt.fit && !errors.As(err, &fe) {
			t.Errorf("%s: %v", tt.name, err)
		}
	}
}
