package typeset_test

import (
	"errors"
	"image"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/dinghai/dinghai/kit/typeset"
	"github.com/dinghai/dinghai/kit/typeset/fonts"
)

// em is the size of the tests: a frame of 10 by 5 of them.
const em = 10 * typeset.Pt

var frame = typeset.Frame{Width: 14 * em, Height: 9 * em, Left: 2 * em, Top: 2 * em, BodyWidth: 10 * em, BodyHeight: 5 * em, Grid: em}

var style = typeset.Style{Family: typeset.SongTi, Size: em}

func par(text string) typeset.Paragraph {
	return typeset.Paragraph{Spans: []typeset.Span{{Text: text, Style: style}}, Leading: em}
}

func set(t testing.TB, f typeset.Frame, blocks ...typeset.Block) *typeset.Document {
	t.Helper()
	d, err := typeset.Typeset(fonts.Embedded(), f, blocks...)
	if err != nil {
		t.Fatal(err)
	}
	return d
}

// lines returns the text of each baseline of each page.
func lines(d *typeset.Document) (pages [][]string) {
	for _, p := range d.Pages {
		var out []string
		last := typeset.Length(-1)
		for _, r := range p.Runs {
			if r.Y != last {
				out = append(out, "")
				last = r.Y
			}
			out[len(out)-1] += r.Text()
		}
		pages = append(pages, out)
	}
	return pages
}

func TestLines(t *testing.T) {
	tests := []struct {
		name, in string
		want     []string
	}{
		{"ten to a line", "一二三四五六七八九十甲乙", []string{"一二三四五六七八九十", "甲乙"}},
		{"a stop takes its character along", "一二三四五六七八九十。甲", []string{"一二三四五六七八九", "十。甲"}},
		{"so do several", "一二三四五六七八九）。”甲", []string{"一二三四五六七八", "九）。”甲"}},
		{"an opening mark goes to the next line", "一二三四五六七八九（甲）", []string{"一二三四五六七八九", "（甲）"}},
		{"the dash stays whole", "一二三四五六七八九——甲", []string{"一二三四五六七八", "九——甲"}},
		{"a word stays whole", "一二三四五六七八word甲", []string{"一二三四五六七八", "word甲"}},
		{"a number stays whole", "一二三四五六七八九1,234.5元", []string{"一二三四五六七八九", "1,234.5元"}},
		{"the space at a break is not set", "一二三四五六七八九十 甲", []string{"一二三四五六七八九十", "甲"}},
		{"an endless word is broken", strings.Repeat("0123456789", 3), []string{"01234567890123456789", "0123456789"}},
		{"but not before a stop", "01234567890123456789.1", []string{"0123456789012345678", "9.1"}},
		{"line feed", "甲\n乙", []string{"甲", "乙"}},
		{"ideographic space counts", "甲　乙", []string{"甲　乙"}},
	}
	for _, tt := range tests {
		if d := cmp.Diff([][]string{tt.want}, lines(set(t, frame, par(tt.in)))); d != "" {
			t.Errorf("%s: %s", tt.name, d)
		}
	}
}

// TestForced: where every place is against a rule the line is broken all the
// same, nothing is lost, and the page says so.
func TestForced(t *testing.T) {
	text := strings.Repeat("。", 25)
	d := set(t, frame, par(text))
	if got := d.Pages[0].Text(); got != text {
		t.Errorf("%q", got)
	}
	if d.Pages[0].Forced != 2 {
		t.Errorf("%d lines by force", d.Pages[0].Forced)
	}
}

// TestNoGlyph: a character that no font shows is an error that names it.
func TestNoGlyph(t *testing.T) {
	tests := []struct {
		text   string
		r      rune
		offset int
	}{
		{"舟山😀市", '😀', 2}, {"a\tb", '\t', 1}, {"坏\xff字", '\uFFFD', 1}, {"零\u200b宽", '\u200b', 1}, {"\U000E0100", '\U000E0100', 0},
	}
	for _, tt := range tests {
		_, err := typeset.Typeset(fonts.Embedded(), frame, par("前"), par(tt.text))
		var ge *typeset.GlyphError
		if !errors.As(err, &ge) || ge.Rune != tt.r || ge.Offset != tt.offset {
			t.Errorf("%q: %v", tt.text, err)
		}
	}
	p := par("舟")
	p.Spans[0].Family = "隶书"
	var fe *typeset.FamilyError
	if _, err := typeset.Typeset(fonts.Embedded(), frame, p); !errors.As(err, &fe) || fe.Family != "隶书" {
		t.Error(err)
	}
}

// TestJustify: a wrapped line reaches both margins, evenly; the last does not.
// Where letters would stand so far apart that a PDF reader sees spaces, the
// line stays short, but true spaces may grow.
func TestJustify(t *testing.T) {
	wide := frame
	wide.BodyWidth = 20 * em
	runs := set(t, wide, par("一二三四五六七八九十甲乙丙丁戊己庚辛壬癸。子")).Pages[0].Runs
	if end := runs[0].X + width(runs[0]); end != wide.Right() {
		t.Errorf("the line ends at %d, the margin is at %d", end, wide.Right())
	}
	for i, g := range runs[0].Glyphs[:18] {
		if want := em + em/18; g.Advance != want && g.Advance != want+1 {
			t.Errorf("glyph %d: %d", i, g.Advance)
		}
	}
	if width(runs[1]) != 3*em {
		t.Errorf("last line is %d wide", width(runs[1]))
	}
	if w := width(set(t, frame, par("一二三四五六七八九十。甲")).Pages[0].Runs[0]); w != 9*em {
		t.Errorf("a line of nine is spread to %d", w)
	}
	if w := width(set(t, frame, par("一 二 三 四五六七八九。甲")).Pages[0].Runs[0]); w != 10*em {
		t.Errorf("with a space: %d", w)
	}
}

func width(r typeset.Run) (w typeset.Length) {
	for _, g := range r.Glyphs {
		w += g.Advance
	}
	return w
}

func TestAlign(t *testing.T) {
	for _, tt := range []struct {
		align typeset.Align
		x     typeset.Length
	}{{typeset.Justify, 2 * em}, {typeset.Start, 2 * em}, {typeset.Center, 6 * em}, {typeset.End, 10 * em}} {
		p := par("甲乙")
		p.Align = tt.align
		if x := set(t, frame, p).Pages[0].Runs[0].X; x != tt.x {
			t.Errorf("align %d: %d", tt.align, x)
		}
	}
	p := par("一二三四五六七八九十甲乙")
	p.First, p.Left, p.Right = 2*em, em, em
	runs := set(t, frame, p).Pages[0].Runs
	if runs[0].X != 5*em || len(runs[0].Glyphs) != 6 || runs[1].X != 3*em {
		t.Errorf("indents: %d with %d glyphs, %d", runs[0].X, len(runs[0].Glyphs), runs[1].X)
	}
}

// TestBalance: a title's lines are of like length.
func TestBalance(t *testing.T) {
	p := par("关于开展年度检查工作的通知")
	p.Balance, p.Align = true, typeset.Center
	want := [][]string{{"关于开展年度检", "查工作的通知"}}
	if d := cmp.Diff(want, lines(set(t, frame, p))); d != "" {
		t.Error(d)
	}
}

func TestPages(t *testing.T) {
	gap := typeset.Gap{Height: 2 * em}
	tests := []struct {
		name   string
		blocks []typeset.Block
		want   [][]string
	}{
		{"full page", []typeset.Block{par("1\n2\n3\n4\n5\n6")}, [][]string{{"1", "2", "3", "4", "5"}, {"6"}}},
		{"gap", []typeset.Block{par("1"), gap, par("2\n3\n4")}, [][]string{{"1", "2", "3"}, {"4"}}},
		{"a gap ends with the page", []typeset.Block{par("1\n2\n3\n4"), gap, par("5")}, [][]string{{"1", "2", "3", "4"}, {"5"}}},
		{"a fixed gap stays", []typeset.Block{typeset.Gap{Height: 3 * em, Fixed: true}, par("1\n2\n3")}, [][]string{{"1", "2"}, {"3"}}},
		{"break", []typeset.Block{par("1"), typeset.PageBreak{}, par("2")}, [][]string{{"1"}, {"2"}}},
		{"no empty page for a break at the top", []typeset.Block{typeset.PageBreak{}, par("2")}, [][]string{{"2"}}},
		{"together", []typeset.Block{par("1\n2\n3"), typeset.Keep{Blocks: []typeset.Block{par("4"), par("5\n6")}}}, [][]string{{"1", "2", "3"}, {"4", "5", "6"}}},
		{"together with lines before", []typeset.Block{par("1\n2\n3"), typeset.Keep{Pull: 2, Blocks: []typeset.Block{gap, par("4")}}}, [][]string{{"1"}, {"2", "3", "4"}}},
		{"more than a page together", []typeset.Block{par("0"), typeset.Keep{Blocks: []typeset.Block{par("1\n2\n3\n4\n5\n6")}}}, [][]string{{"0"}, {"1", "2", "3", "4", "5"}, {"6"}}},
		{"nothing", nil, [][]string{nil}},
	}
	for _, tt := range tests {
		if d := cmp.Diff(tt.want, lines(set(t, frame, tt.blocks...))); d != "" {
			t.Errorf("%s: %s", tt.name, d)
		}
	}
	head := par("头")
	head.KeepNext = true
	if d := cmp.Diff([][]string{{"1", "2", "3", "4"}, {"头", "5"}}, lines(set(t, frame, par("1\n2\n3\n4"), head, par("5")))); d != "" {
		t.Error("heading:", d)
	}
}

// TestSnap: lines return to the grid after something off it.
func TestSnap(t *testing.T) {
	p := par("甲")
	p.Snap = true
	runs := set(t, frame, par("一"), typeset.Gap{Height: em / 3}, p).Pages[0].Runs
	if dy := runs[1].Y - runs[0].Y; dy != 2*em {
		t.Errorf("%d below", dy)
	}
}

func TestBookmarksAndInsets(t *testing.T) {
	seal := typeset.NewImage(image.NewNRGBA(image.Rect(0, 0, 4, 2)), 2*em)
	p := par("甲乙")
	p.Bookmark, p.Level, p.Align = "甲乙", 1, typeset.End
	p.Insets = []typeset.Inset{{Image: seal, DY: -em}}
	d := set(t, frame, par("1\n2\n3\n4\n5"), p)
	if diff := cmp.Diff([]typeset.Bookmark{{Title: "甲乙", Level: 1, Page: 1, Y: 2 * em}}, d.Bookmarks); diff != "" {
		t.Error(diff)
	}
	pic := d.Pages[1].Pictures[0]
	// The text stands from 10 to 12 em; the picture is 2 by 1 em.
	if pic.X != 10*em || pic.Y != 2*em+em/2-em-em/2 || pic.Height != em {
		t.Errorf("at %d, %d, %d high", pic.X, pic.Y, pic.Height)
	}
}

func TestErrors(t *testing.T) {
	narrow, small := frame, frame
	narrow.BodyWidth, small.BodyHeight = em/2, em/2
	none := par("甲")
	none.Spans[0].Size = 0
	few := frame
	few.MaxPages = 1
	for name, run := range map[string]func() error{
		"character wider than the column": func() error { _, err := typeset.Typeset(fonts.Embedded(), narrow, par("甲")); return err },
		"line higher than the page":       func() error { _, err := typeset.Typeset(fonts.Embedded(), small, par("甲")); return err },
		"no frame":                        func() error { _, err := typeset.Typeset(fonts.Embedded(), typeset.Frame{}, par("甲")); return err },
		"no size":                         func() error { _, err := typeset.Typeset(fonts.Embedded(), frame, none); return err },
	} {
		var fe *typeset.FitError
		if err := run(); !errors.As(err, &fe) {
			t.Errorf("%s: %v", name, err)
		}
	}
	if _, err := typeset.Typeset(fonts.Embedded(), few, par("1\n2\n3\n4\n5\n6")); err == nil {
		t.Error("more pages than allowed")
	}
	if _, err := typeset.Typeset(fonts.Embedded(), frame, nil); err == nil {
		t.Error("an unknown block was taken")
	}
}
