package typeset

// line is a broken line: its cells without the spaces that the break took.
type line struct {
	cells  []cell
	indent Length // from the frame's left
	room   Length // between indents
	width  Length // of the cells as they are
	last   bool   // ends a paragraph or was ended by a line feed
	forced bool   // broken against the rules
}

// lines breaks a paragraph for a column so wide.
func (s *setter) lines(p *Paragraph, column Length) ([]line, error) {
	cells, err := s.shape(p.Spans)
	if err != nil {
		return nil, err
	}
	lines, err := breakLines(p, cells, column)
	if err != nil || !p.Balance || len(lines) < 2 {
		return lines, err
	}
	return balance(p, cells, column, lines), nil
}

// balance finds the narrowest column that needs no more lines, and sets the
// result in the middle of the wide one, where alignment will put it.
func balance(p *Paragraph, cells []cell, column Length, wide []line) []line {
	lo, hi := Length(1), column
	best := wide
	for lo < hi {
		mid := (lo + hi) / 2
		ls, err := breakLines(p, cells, mid)
		if err != nil || len(ls) > len(wide) || forced(ls) {
			lo = mid + 1
			continue
		}
		best, hi = ls, mid
	}
	for i := range best {
		best[i].room = wide[0].room
		best[i].last = true
	}
	return best
}

func forced(ls []line) bool {
	for _, l := range ls {
		if l.forced {
			return true
		}
	}
	return false
}

func breakLines(p *Paragraph, cells []cell, column Length) ([]line, error) {
	text := make([]rune, len(cells))
	for i, c := range cells {
		text[i] = c.r
	}
	b := breaker{cells: cells, text: text, ok: Breaks(text)}
	var out []line
	for start := 0; ; {
		l := line{indent: p.Left}
		if len(out) == 0 {
			l.indent += p.First
		}
		l.room = column - l.indent - p.Right
		end, next, err := b.next(start, &l)
		if err != nil {
			return nil, err
		}
		l.cells = b.trim(start, end, &l)
		out = append(out, l)
		if next < 0 {
			return out, nil
		}
		start = next
	}
}

// breaker holds a text with the places where lines may begin.
type breaker struct {
	cells []cell
	text  []rune
	ok    []bool
}

// next finds where the line from start ends and where the next one begins, or
// -1 after the last.
func (b *breaker) next(start int, l *line) (end, next int, err error) {
	var width Length
	at := start // the last place seen where a line may begin
	for i := start; i < len(b.cells); i++ {
		c := b.cells[i]
		if c.r == '\n' {
			l.last = true
			return i, i + 1, nil
		}
		if i > start && b.ok[i] {
			at = i
		}
		width += c.advance
		if width <= l.room || c.r == ' ' {
			continue
		}
		if i == start {
			return 0, 0, &FitError{"character " + string(c.r), c.advance, l.room}
		}
		if at > start {
			return at, at, nil
		}
		at = b.emergency(start, i, l)
		return at, at, nil
	}
	l.last = true
	return len(b.cells), -1, nil
}

// emergency breaks what is longer than a line and has no place to break, such
// as a web address: at the last place that no rule forbids, if there is one.
func (b *breaker) emergency(start, end int, l *line) int {
	for i := end; i > start; i-- {
		if !noStart[b.text[i]] && !noEnd[b.text[i-1]] && classOf(b.text[i]) != mark && b.text[i] != b.text[i-1] {
			return i
		}
	}
	for i := end; i > start; i-- {
		if !noStart[b.text[i]] && !noEnd[b.text[i-1]] && classOf(b.text[i]) != mark {
			return i
		}
	}
	l.forced = true
	return end
}

// trim leaves out the spaces at the end of a wrapped line; at the end of a
// paragraph only those that have no room.
func (b *breaker) trim(start, end int, l *line) []cell {
	cells := b.cells[start:end]
	l.width = 0
	for _, c := range cells {
		l.width += c.advance
	}
	for n := len(cells); n > 0 && cells[n-1].r == ' ' && (!l.last || l.width > l.room); n-- {
		l.width -= cells[n-1].advance
		cells = cells[:n-1]
	}
	return cells
}
