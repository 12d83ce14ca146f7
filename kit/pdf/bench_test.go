//go:build unix

package pdf_test

import (
	"io"
	"math/rand/v2"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/dinghai/dinghai/kit/pdf"
	"github.com/dinghai/dinghai/kit/typeset"
	"github.com/dinghai/dinghai/kit/typeset/fonts"
)

// cpu is the time that the process has computed, which on a busy machine tells
// more than the clock on the wall.
func cpu() time.Duration {
	var u syscall.Rusage
	if syscall.Getrusage(syscall.RUSAGE_SELF, &u) != nil {
		return 0
	}
	return time.Duration(u.Utime.Nano() + u.Stime.Nano())
}

func benchmarkPages(b *testing.B, pages int) {
	r := rand.New(rand.NewPCG(3, 4))
	var blocks []typeset.Block
	for i := range pages {
		if i > 0 {
			blocks = append(blocks, typeset.PageBreak{})
		}
		// Text of some 500 different characters, as papers have.
		var text strings.Builder
		for range 25 * 22 {
			text.WriteRune(rune(0x4E00 + r.IntN(500)*40))
		}
		head := plain(typeset.HeiTi, "一、总体要求")
		head.Bookmark = "一、总体要求"
		blocks = append(blocks, head, plain(typeset.FangSong, text.String()))
	}
	set := fonts.Embedded()
	once := func() {
		doc, err := typeset.Typeset(set, frame, blocks...)
		if err != nil {
			b.Fatal(err)
		}
		if err := pdf.Write(io.Discard, doc, pdf.Info{Title: "试验", Date: day}); err != nil {
			b.Fatal(err)
		}
	}
	once() // unpacks the fonts, which a process does one time
	b.ReportAllocs()
	before := cpu()
	for b.Loop() {
		once()
	}
	n := float64(b.N * pages)
	b.ReportMetric(b.Elapsed().Seconds()*1000/n, "ms/page")
	b.ReportMetric((cpu()-before).Seconds()*1000/n, "cpu-ms/page")
}

func BenchmarkOnePage(b *testing.B)  { benchmarkPages(b, 1) }
func BenchmarkTenPages(b *testing.B) { benchmarkPages(b, 10) }
