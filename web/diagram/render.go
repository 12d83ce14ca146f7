package diagram

import (
	"fmt"
	"math"
	"strings"
	"unicode"
)

// drawing moves everything to the margin and writes the paths.
func (g *graph) drawing() Drawing {
	left, right, bottom := math.Inf(1), math.Inf(-1), 0.0
	for _, v := range g.verts {
		left, right, bottom = min(left, v.x-v.w/2), max(right, v.x+v.w/2), max(bottom, v.y+v.h/2)
	}
	if len(g.verts) == 0 {
		left, right = 0, 0
	}
	d := Drawing{W: math.Ceil(right - left + 2*margin), H: math.Ceil(bottom + margin)}
	for _, v := range g.verts {
		v.x += margin - left
		b := Box{X: round(v.x), Y: round(v.y), W: round(v.w), H: round(v.h), Lines: v.lines, Href: v.href}
		switch {
		case v.node != nil:
			b.End, b.Loose = v.node.End, v.node.Loose
			d.Boxes = append(d.Boxes, b)
		case !v.bend():
			d.Labels = append(d.Labels, b)
		}
	}
	for _, a := range g.arrows {
		d.Lines = append(d.Lines, lines(a)...)
	}
	return d
}

func round(x float64) float64 { return math.Round(x*10) / 10 }

// lines are the pieces of an arrow, each leaving and arriving upright.
func lines(a *arrow) []Line {
	out := make([]Line, len(a.parts))
	for i, p := range a.parts {
		y1, y2 := p.from.y+p.from.h/2, p.to.y-p.to.h/2
		if a.back {
			y1, y2 = p.from.y-p.from.h/2, p.to.y+p.to.h/2
		}
		mid := (y1 + y2) / 2
		begin := y1
		if p.from.bend() {
			begin = 2*p.from.y - y1
		}
		out[i] = Line{Path: fmt.Sprintf("M%.1f %.1fV%.1fC%.1f %.1f %.1f %.1f %.1f %.1f", p.from.x, begin, y1, p.from.x, mid, p.to.x, mid, p.to.x, y2), Head: p.to == a.to}
	}
	return out
}

// width estimates how wide lines of text are: Chinese characters are square,
// others about half as wide.
func width(lines []string, size float64) float64 {
	widest := 0.0
	for _, l := range lines {
		widest = max(widest, ems(l))
	}
	return widest * size
}

func ems(s string) float64 {
	n := 0.0
	for _, r := range s {
		n += em(r)
	}
	return n
}

func em(r rune) float64 {
	switch {
	case r >= 0x2e80:
		return 1
	case unicode.IsUpper(r):
		return .76
	case r == ' ' || r == 'i' || r == 'l':
		return .36
	}
	return .63
}

// wrap breaks a text into lines of at most limit ems: at spaces where it has
// them, else between characters.
func wrap(s string, limit float64) []string {
	if ems(s) <= limit {
		return []string{s}
	}
	if !strings.Contains(s, " ") {
		return halves(s)
	}
	var out []string
	line := ""
	for _, w := range strings.Fields(s) {
		if line != "" && ems(line+" "+w) > limit {
			out = append(out, line)
			line = ""
		}
		line = strings.TrimSpace(line + " " + w)
	}
	return append(out, line)
}

// halves breaks a text without spaces into lines of equal length.
func halves(s string) []string {
	r := []rune(s)
	n := int(math.Ceil(ems(s) / maxLabel))
	size := (len(r) + n - 1) / n
	var out []string
	for len(r) > size {
		out = append(out, string(r[:size]))
		r = r[size:]
	}
	return append(out, string(r))
}

func wrapAll(texts []string) []string {
	var out []string
	for _, t := range texts {
		out = append(out, wrap(t, maxLabel+2)...)
	}
	return out
}
