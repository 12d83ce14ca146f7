package draw_test

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"
	"testing"
	"testing/iotest"

	"github.com/dinghai/dinghai/kit/draw"
)

// poolLines makes the lines of n objects.
func poolLines(n int) []string {
	out := make([]string, n)
	for i := range out {
		out[i] = fmt.Sprintf("91330900%010d,s%d,33090%d,%s", i, i%3, i%5, []string{"", "", "", "moved"}[i%4])
	}
	return out
}

func joined(lines []string) string {
	if len(lines) == 0 {
		return ""
	}
	return strings.Join(lines, "\n") + "\n"
}

// Around the size of a chunk, and however the stream comes in pieces, the root is
// that of the list.
func TestFreezeEqualsListRoot(t *testing.T) {
	for _, n := range []int{0, 1, 2, 7, 8191, 8192, 8193, 16384, 20001} {
		lines := poolLines(n)
		text := joined(lines)
		readers := map[string]io.Reader{"whole": strings.NewReader(text), "data with EOF": iotest.DataErrReader(strings.NewReader(text)), "halves": iotest.HalfReader(strings.NewReader(text))}
		if n < 10 {
			readers["bytes"] = iotest.OneByteReader(strings.NewReader(text))
		}
		for name, r := range readers {
			p, err := draw.FreezeObjects(r)
			if err != nil || p.Root != draw.ListRoot(lines) || p.Objects != n {
				t.Fatalf("%d lines, %s: %+v, %v", n, name, p, err)
			}
			eligible, excluded := 0, 0
			for _, s := range p.Strata {
				eligible, excluded = eligible+s.Eligible, excluded+s.ExcludedAll()
			}
			if eligible+excluded != n || excluded != n/4 {
				t.Errorf("%d lines: %d eligible, %d excluded", n, eligible, excluded)
			}
		}
	}
}

func TestFreezeRefuses(t *testing.T) {
	good := poolLines(20001)
	swap := func(i, j int) func([]string) { return func(l []string) { l[i], l[j] = l[j], l[i] } }
	set := func(i int, s string) func([]string) { return func(l []string) { l[i] = s } }
	tests := []struct {
		name, reason string
		line         int
		change       func([]string)
	}{
		{"twice", "twice", 101, func(l []string) { l[100] = l[99] }},
		{"twice across chunks", "twice", 8193, func(l []string) { l[8192] = l[8191] }},
		{"order", "order", 102, swap(100, 101)},
		{"order across chunks", "order", 16385, swap(16383, 16384)},
		{"the earliest of several", "order", 9002, func(l []string) { swap(9000, 9001)(l); swap(19000, 19001)(l); l[17000] = "x" }},
		{"three columns", "syntax", 5, set(4, "a,b,c")},
		{"five columns", "syntax", 5, set(4, "a,b,c,d,e")},
		{"no identifier", "empty", 5, set(4, ",b,c,d")},
		{"no stratum", "empty", 5, set(4, "a,,c,d")},
		{"space", "syntax", 5, set(4, "a b,b,c,d")},
		{"carriage return", "syntax", 5, func(l []string) { l[4] += "\r" }},
		{"NUL", "syntax", 5, set(4, "a\x00,b,c,")},
		{"DEL", "syntax", 5, set(4, "a\x7f,b,c,")},
		{"plus", "syntax", 5, set(4, "a+b,b,c,")},
		{"not UTF-8", "syntax", 5, set(4, "a\xff,b,c,")},
		{"long column", "length", 5, set(4, strings.Repeat("9", 97)+",b,c,")},
		{"long line", "length", 5, set(4, "a,b,c,"+strings.Repeat("9", 1100))},
		{"empty line", "syntax", 20001, set(20000, "")},
	}
	for _, tt := range tests {
		lines := slices.Clone(good)
		tt.change(lines)
		_, err := draw.FreezeObjects(strings.NewReader(joined(lines)))
		var e *draw.Error
		if !errors.As(err, &e) || e.Reason != tt.reason || e.Position != tt.line {
			t.Errorf("%s: %v, want line %d: %s", tt.name, err, tt.line, tt.reason)
		}
	}
	text := joined(good)
	for name, tt := range map[string]struct {
		r      io.Reader
		reason string
	}{
		"last newline missing":     {strings.NewReader(text[:len(text)-1]), "syntax"},
		"a line without end":       {io.LimitReader(endless{}, 1<<40), "length"},
		"a line without end later": {io.MultiReader(strings.NewReader(text), io.LimitReader(endless{}, 1<<40)), "length"},
	} {
		var e *draw.Error
		if _, err := draw.FreezeObjects(tt.r); !errors.As(err, &e) || e.Reason != tt.reason {
			t.Errorf("%s: %v", name, err)
		}
	}
	boom := errors.New("boom")
	if _, err := draw.FreezeObjects(io.MultiReader(strings.NewReader(text), iotest.ErrReader(boom))); !errors.Is(err, boom) {
		t.Error(err)
	}
	if _, err := draw.FreezeObjects(stuck{}); !errors.Is(err, io.ErrNoProgress) {
		t.Error(err)
	}
}

type endless struct{}

func (endless) Read(b []byte) (int, error) { return copy(b, bytes.Repeat([]byte("9"), len(b))), nil }

type stuck struct{}

func (stuck) Read([]byte) (int, error) { return 0, nil }
