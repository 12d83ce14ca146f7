package typeset

// The em box of an ideograph reaches this far above the baseline, in
// thousandths of the size. Fonts differ by a few; one value keeps lines of
// mixed fonts straight.
const emAbove = 880

// widest is how far letters may be spread to reach the margin, in thousandths
// of the size. From a tenth on, readers of PDF take the gap for a space.
const widest = 90

// widestSpace is how much a space may grow, in the same unit.
const widestSpace = 500

// size returns the largest size of a line, or that of the given style.
func (l *line) size() Length {
	var size Length
	for _, c := range l.cells {
		size = max(size, c.style.Size)
	}
	return size
}

// draw puts a line on a page, with its cell from y to y+leading.
func (l *line) draw(page *Page, left, y, leading Length, align Align) (from, to Length) {
	if l.forced {
		page.Forced++
	}
	size := l.size()
	base := y + (leading-size)/2 + size*emAbove/1000
	x := left + l.indent
	extra := l.room - l.width
	switch {
	case align == Center:
		x += extra / 2
	case align == End:
		x += extra
	}
	grow := l.spread(align, extra)
	from = x
	for i := 0; i < len(l.cells); {
		n := i + 1
		for n < len(l.cells) && l.cells[n].font == l.cells[i].font && l.cells[n].style == l.cells[i].style {
			n++
		}
		x = drawRun(page, l.cells[i:n], grow[i:n], x, base)
		i = n
	}
	return from, x
}

// drawRun adds cells of one font and style and returns where they end.
func drawRun(page *Page, cells []cell, grow []Length, x, base Length) Length {
	st := cells[0].style
	run := Run{Font: cells[0].font, Size: st.Size, Color: st.Color, X: x, Y: base, Glyphs: make([]Glyph, len(cells))}
	for i, c := range cells {
		run.Glyphs[i] = Glyph{ID: c.id, Rune: c.r, Advance: c.advance + grow[i]}
		x += c.advance + grow[i]
	}
	page.Runs = append(page.Runs, run)
	if st.Underline {
		page.Rules = append(page.Rules, Rule{X: run.X, Y: base + st.Size/8, Width: x - run.X, Height: st.Size / 20, Color: st.Color})
	}
	return x
}

// spread returns how much the gap after each cell grows, so that a justified
// line reaches the margin. Equal shares come first; when those would look like
// spaces, true spaces take more; when they cannot either, the line stays short.
func (l *line) spread(align Align, extra Length) []Length {
	grow := make([]Length, len(l.cells))
	if align != Justify || l.last || extra <= 0 || len(l.cells) < 2 {
		return grow
	}
	var gaps, spaces Length
	for i := range len(l.cells) - 1 {
		switch {
		case l.cells[i].r == ' ':
			spaces++
		case loose(l.cells[i].r, l.cells[i+1].r):
			gaps++
		}
	}
	size := l.size()
	limit := size * widest / 1000
	var inGap, inSpace Length
	switch {
	case gaps+spaces == 0:
		return grow
	case extra <= (gaps+spaces)*limit:
		inGap, inSpace = extra/(gaps+spaces), extra/(gaps+spaces)
	case spaces > 0 && extra-gaps*limit <= spaces*size*widestSpace/1000:
		inGap, inSpace = limit, (extra-gaps*limit)/spaces
	default:
		return grow
	}
	rest := extra - gaps*inGap - spaces*inSpace
	for i := range len(l.cells) - 1 {
		switch {
		case l.cells[i].r == ' ':
			grow[i] = inSpace
		case loose(l.cells[i].r, l.cells[i+1].r):
			grow[i] = inGap
		default:
			continue
		}
		if rest > 0 {
			grow[i]++
			rest--
		}
	}
	return grow
}

// loose reports whether the gap between two characters may grow.
func loose(a, b rune) bool {
	ca, cb := classOf(a), classOf(b)
	switch {
	case cb == space || cb == mark || ca == glue || cb == glue:
		return false
	case ca == twin && a == b:
		return false
	}
	return !(ca == word || ca == quote || ca == mark) || !(cb == word || cb == quote)
}
