package typeset

import "fmt"

// A Table is rows of cells between lines. On each further page its head rows
// come first again. A row stays on one page unless it is taller than a page.
type Table struct {
	Columns []Length // widths; columns of width 0 share what the others leave
	Head    int      // rows repeated on each page
	Rows    []Row
	Border  Length // thickness of the lines, 0 for none
	Padding Length // on all four sides of a cell
	Color   Color  // of the lines
}

// A Row is cells from left to right; their spans fill the columns.
type Row struct {
	Cells  []Cell
	Height Length // at least so high
}

// A Cell holds paragraphs over Span columns (0 means 1). They are set in the
// middle of the row's height, or at its top.
type Cell struct {
	Paragraphs []Paragraph
	Span       int
	Top        bool
}

// tableItem is what the rows of a table share.
type tableItem struct {
	t    *Table
	x    []Length // edges of the columns, from the frame's left
	head []*rowItem
}

// rowItem is a row, or a piece of one, ready to draw.
type rowItem struct {
	table *tableItem
	cells []cellItem
	h     Length
	head  bool
}

type cellItem struct {
	x, width Length
	lines    []lineItem
	top      bool
}

func (c *composer) table(t *Table) error {
	edges, err := t.Edges(c.frame.BodyWidth)
	if err != nil {
		return err
	}
	if t.Head < 0 || t.Head > len(t.Rows) {
		return fmt.Errorf("typeset: table has %d head rows of %d", t.Head, len(t.Rows))
	}
	ti := &tableItem{t: t, x: edges}
	for i := range t.Rows {
		r, err := c.row(ti, i)
		if err != nil {
			return err
		}
		if i < t.Head {
			r.head = true
			ti.head = append(ti.head, r)
		}
		c.flow = append(c.flow, entry{item: r, table: ti, stick: r.head && i+1 < len(t.Rows)})
	}
	if head := ti.headHeight(); head >= c.frame.BodyHeight {
		return &FitError{"a table's head", head, c.frame.BodyHeight}
	}
	return nil
}

// Edges returns where columns begin and the last ends, from the left of a frame
// so wide.
func (t *Table) Edges(width Length) ([]Length, error) {
	var used, open Length
	for i, w := range t.Columns {
		if w < 0 {
			return nil, &FitError{fmt.Sprintf("column %d", i+1), w, width}
		}
		used += w
		if w == 0 {
			open++
		}
	}
	if used > width || len(t.Columns) == 0 {
		return nil, &FitError{fmt.Sprintf("a table of %d columns", len(t.Columns)), used, width}
	}
	edges := []Length{0}
	rest := width - used
	for _, w := range t.Columns {
		if w == 0 {
			w = rest / open
			rest, open = rest-w, open-1
		}
		edges = append(edges, edges[len(edges)-1]+w)
	}
	return edges, nil
}

func (c *composer) row(ti *tableItem, n int) (*rowItem, error) {
	r := &rowItem{table: ti}
	column := 0
	for k := range ti.t.Rows[n].Cells {
		cell := &ti.t.Rows[n].Cells[k]
		span := max(1, cell.Span)
		if column+span >= len(ti.x) {
			return nil, fmt.Errorf("typeset: table row %d has more than %d columns", n+1, len(ti.x)-1)
		}
		it := cellItem{x: ti.x[column], width: ti.x[column+span] - ti.x[column], top: cell.Top}
		column += span
		for i := range cell.Paragraphs {
			if err := c.cellLines(&it, &cell.Paragraphs[i], ti.t.Padding); err != nil {
				return nil, fmt.Errorf("table row %d, cell %d: %w", n+1, k+1, err)
			}
		}
		r.cells = append(r.cells, it)
	}
	if column != len(ti.x)-1 {
		return nil, fmt.Errorf("typeset: table row %d fills %d of %d columns", n+1, column, len(ti.x)-1)
	}
	r.h = max(r.natural(), ti.t.Rows[n].Height)
	return r, nil
}

func (c *composer) cellLines(it *cellItem, p *Paragraph, padding Length) error {
	lines, err := c.set.lines(p, it.width-2*padding)
	if err != nil {
		return err
	}
	for i := range lines {
		it.lines = append(it.lines, lineItem{line: &lines[i], p: p, leading: leading(p), first: i == 0})
	}
	return nil
}

func (it *cellItem) textHeight() Length {
	var h Length
	for _, l := range it.lines {
		h += l.leading
	}
	return h
}

func (r *rowItem) natural() Length {
	var h Length
	for i := range r.cells {
		h = max(h, r.cells[i].textHeight())
	}
	return h + 2*r.table.t.Padding
}

func (r *rowItem) height() Length { return r.h }

func (r *rowItem) draw(c *composer, y Length) error {
	t := r.table.t
	page, left := c.page(), c.frame.Left
	for _, it := range r.cells {
		at := y + t.Padding
		if !it.top {
			at = y + (r.h-it.textHeight())/2
		}
		for i := range it.lines {
			l := &it.lines[i]
			from, to := l.line.draw(page, left+it.x+t.Padding, at, l.leading, l.p.Align)
			if l.first {
				c.mark(l.p, at)
				inset(page, l.p.Insets, (from+to)/2, at+l.leading/2)
			}
			at += l.leading
		}
	}
	r.frame(page, left, y)
	return nil
}

// frame draws the lines around the cells of a row, centred on the edges.
func (r *rowItem) frame(page *Page, left, y Length) {
	b := r.table.t.Border
	if b <= 0 {
		return
	}
	color := r.table.t.Color
	x, width := left-b/2, r.table.x[len(r.table.x)-1]+b
	page.Rules = append(page.Rules, Rule{x, y - b/2, width, b, color}, Rule{x, y + r.h - b/2, width, b, color})
	for _, it := range r.cells {
		page.Rules = append(page.Rules, Rule{x + it.x, y - b/2, b, r.h + b, color})
	}
	page.Rules = append(page.Rules, Rule{x + width - b, y - b/2, b, r.h + b, color})
}

func (ti *tableItem) headHeight() Length {
	var h Length
	for _, r := range ti.head {
		h += r.h
	}
	return h
}

// repeatHead puts a table's head at the top of a page that its body continues.
func (c *composer) repeatHead(e entry) error {
	if e.table == nil || e.item.(*rowItem).head {
		return nil
	}
	for _, r := range e.table.head {
		if err := r.draw(c, c.y); err != nil {
			return err
		}
		c.y += r.h
	}
	return nil
}

// canSplit tells whether a row must be divided, being taller than a page, and
// can be here: something of each cell has room, or of none but empty ones.
func (e entry) canSplit(c *composer, room Length) bool {
	r := e.item.(*rowItem)
	if r.head || r.h <= c.frame.BodyHeight-e.table.headHeight() {
		return false
	}
	first, _ := r.split(room)
	return first != nil
}

// split takes as many lines of each cell as have room. It returns nil when some
// cell's next line has none.
func (r *rowItem) split(room Length) (first, rest *rowItem) {
	first, rest = &rowItem{table: r.table}, &rowItem{table: r.table}
	for _, it := range r.cells {
		used, n := 2*r.table.t.Padding, 0
		for n < len(it.lines) && used+it.lines[n].leading <= room {
			used += it.lines[n].leading
			n++
		}
		if n == 0 && len(it.lines) > 0 {
			return nil, nil
		}
		a, b := it, it
		a.lines, b.lines = it.lines[:n], it.lines[n:]
		a.top, b.top = true, true
		first.cells, rest.cells = append(first.cells, a), append(rest.cells, b)
	}
	if rest.natural() == 2*r.table.t.Padding {
		return nil, nil // only its wanted height makes it so tall
	}
	first.h, rest.h = first.natural(), rest.natural()
	return first, rest
}

// putRow draws a row that does not fit: on the next page, or in pieces.
func (c *composer) putRow(e entry) error {
	r := e.item.(*rowItem)
	room := c.frame.Bottom() - c.y
	if r.h > c.frame.BodyHeight-e.table.headHeight() && !r.head {
		if first, rest := r.split(room); first != nil {
			if err := first.draw(c, c.y); err != nil {
				return err
			}
			if err := c.newPageFor(e); err != nil {
				return err
			}
			e.item = rest
			return c.put(e)
		}
	}
	if c.fresh {
		return &FitError{"a table row", r.h, room}
	}
	if err := c.newPageFor(e); err != nil {
		return err
	}
	return c.put(e)
}
