package typeset_test

import (
	"fmt"
	"math/rand/v2"
	"strings"
	"testing"

	"github.com/dinghai/dinghai/kit/typeset"
	"github.com/dinghai/dinghai/kit/typeset/fonts"
)

// TestProhibited sets random texts as real ones are (marks where marks go) and
// looks at every line of every page.
func TestProhibited(t *testing.T) {
	r := rand.New(rand.NewPCG(15834, 2011))
	wrapped := 0
	for range 1000 {
		text := sentence(r, 20+r.IntN(200))
		d := set(t, frame, par(text))
		var all strings.Builder
		for n, page := range lines(d) {
			if d.Pages[n].Forced > 0 {
				t.Errorf("by force: %s", text)
			}
			for k, l := range page {
				rs := []rune(l)
				if (n > 0 || k > 0) && typeset.NoLineStart(rs[0]) {
					t.Errorf("line starts with %q: %s", rs[0], text)
				}
				if end := rs[len(rs)-1]; typeset.NoLineEnd(end) {
					t.Errorf("line ends with %q: %s", end, text)
				}
				all.WriteString(l)
				wrapped++
			}
		}
		if strip(all.String()) != strip(text) {
			t.Errorf("text changed: %s", text)
		}
	}
	t.Logf("%d lines of 1000 texts: none begins or ends with what must not", wrapped)
}

func strip(s string) string { return strings.ReplaceAll(s, " ", "") }

// sentence makes clauses with stops, pairs around words, numbers and dashes.
func sentence(r *rand.Rand, n int) string {
	var b strings.Builder
	word := func() {
		switch r.IntN(8) {
		case 0:
			fmt.Fprintf(&b, "%d.%d%%", r.IntN(1000), r.IntN(100))
		case 1:
			b.WriteString([]string{"GB/T 9704", "e-mail", "QR", "2024-03-05"}[r.IntN(4)])
		default:
			for range 1 + r.IntN(6) {
				b.WriteRune(rune(0x4E00 + r.IntN(0x5000)))
			}
		}
	}
	for b.Len() < 3*n {
		word()
		switch r.IntN(6) {
		case 0:
			open, shut := pair(r)
			b.WriteString(open)
			word()
			b.WriteString(shut)
		case 1:
			b.WriteString([]string{"——", "……", "·", "、", "～"}[r.IntN(5)])
			word()
		case 2, 3:
			b.WriteString([]string{"，", "。", "；", "：", "？", "！”", "……。"}[r.IntN(7)])
		}
	}
	return b.String() + "。"
}

func pair(r *rand.Rand) (string, string) {
	p := []string{"“”", "（）", "《》", "〔〕", "【】", "‘’", "()"}[r.IntN(7)]
	rs := []rune(p)
	return string(rs[0]), string(rs[1])
}

// FuzzTypeset: no panic, and every character is on a page or named in an error.
func FuzzTypeset(f *testing.F) {
	f.Add("为了规范（市场）监督——管理。\n e-mail：a@b.c  ", uint8(0), uint16(100))
	f.Add("。。。。。。。。。。。。。。", uint8(1), uint16(20))
	f.Fuzz(func(t *testing.T, s string, align uint8, wide uint16) {
		fr := frame
		fr.BodyWidth = typeset.Length(wide) * em / 10
		p := par(s)
		p.Align, p.Balance = typeset.Align(align%4), align > 127
		d, err := typeset.Typeset(fonts.Embedded(), fr, p)
		if err != nil {
			return
		}
		var all strings.Builder
		for _, page := range d.Pages {
			all.WriteString(page.Text())
		}
		if want := strip(strings.ReplaceAll(s, "\n", "")); strip(all.String()) != want {
			t.Fatalf("%q became %q", want, all.String())
		}
	})
}

func BenchmarkTypeset(b *testing.B) {
	r := rand.New(rand.NewPCG(1, 2))
	f := typeset.Frame{Width: typeset.MM(210), Height: typeset.MM(297), Left: typeset.MM(28), Top: typeset.MM(37),
		BodyWidth: typeset.MM(156), BodyHeight: typeset.MM(225), Grid: typeset.MM(225) / 22}
	p := typeset.Paragraph{Leading: f.Grid, Spans: []typeset.Span{{Text: sentence(r, 28*22), Style: typeset.Style{Family: typeset.SongTi, Size: typeset.Size3}}}}
	set := fonts.Embedded()
	b.ReportAllocs()
	for b.Loop() {
		if _, err := typeset.Typeset(set, f, p); err != nil {
			b.Fatal(err)
		}
	}
}

func ExampleTypeset() {
	f := typeset.Frame{Width: typeset.MM(210), Height: typeset.MM(297), Left: typeset.MM(28), Top: typeset.MM(37),
		BodyWidth: typeset.MM(156), BodyHeight: typeset.MM(225)}
	text := typeset.Style{Family: typeset.FangSong, Size: typeset.Size3}
	d, err := typeset.Typeset(fonts.Embedded(), f, typeset.Paragraph{
		Spans: []typeset.Span{{Text: "经查，当事人（舟山某某食品有限公司）的行为违反了《中华人民共和国食品安全法》第三十四条的规定。", Style: text}},
		First: 2 * text.Size,
	})
	if err != nil {
		fmt.Println(err)
		return
	}
	for _, r := range d.Pages[0].Runs {
		fmt.Printf("%.1f mm: %s\n", r.X.MM(), r.Text())
	}
	// Output:
	// 39.3 mm: 经查，当事人（舟山某某食品有限公司）的行为违反了
	// 28.0 mm: 《中华人民共和国食品安全法》第三十四条的规定。
}
