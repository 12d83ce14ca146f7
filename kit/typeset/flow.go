package typeset

import "fmt"

// item is a piece of a flow that stands on one page.
type item interface {
	height() Length
	// draw puts the item on the last page of the composer with its top at y.
	draw(c *composer, y Length) error
}

// entry is an item with what the breaking of pages must know.
type entry struct {
	item
	blank bool // vanishes at the top of a page
	snap  bool // begins on the grid
	stick bool // on one page with the next entry
	stop  bool // begins a new page
	table *tableItem
}

// Typeset lays out blocks in a frame.
func Typeset(fonts *Fonts, f Frame, blocks ...Block) (*Document, error) {
	c := &composer{frame: f, set: newSetter(fonts), doc: &Document{}}
	if c.frame.MaxPages == 0 {
		c.frame.MaxPages = 10_000
	}
	if f.BodyWidth <= 0 || f.BodyHeight <= 0 {
		return nil, &FitError{"a type area", 1, min(f.BodyWidth, f.BodyHeight)}
	}
	if err := c.add(blocks); err != nil {
		return nil, err
	}
	if err := c.newPage(); err != nil {
		return nil, err
	}
	if err := c.compose(); err != nil {
		return nil, err
	}
	c.doc.End = c.y
	return c.doc, nil
}

type composer struct {
	frame Frame
	set   *setter
	doc   *Document
	flow  []entry
	y     Length // where the next item goes
	fresh bool   // nothing stands on the page yet
}

func (c *composer) add(blocks []Block) error {
	for _, b := range blocks {
		var err error
		switch b := b.(type) {
		case Paragraph:
			err = c.paragraph(&b)
		case Table:
			err = c.table(&b)
		case Gap:
			c.flow = append(c.flow, entry{item: gap(b.Height), blank: !b.Fixed})
		case Line:
			c.flow = append(c.flow, entry{item: rule(b)})
		case PageBreak:
			c.flow = append(c.flow, entry{item: gap(0), stop: true})
		case Keep:
			err = c.keep(b)
		default:
			err = fmt.Errorf("typeset: unknown block %T", b)
		}
		if err != nil {
			return err
		}
	}
	return nil
}

// keep ties the entries of its blocks, and the lines to pull, to one another.
func (c *composer) keep(k Keep) error {
	from := len(c.flow)
	if err := c.add(k.Blocks); err != nil {
		return err
	}
	for i, lines := from-1, 0; i >= 0 && lines < k.Pull && !c.flow[i].stop && c.flow[i].table == nil; i-- {
		c.flow[i].stick = true
		if !c.flow[i].blank {
			lines++
		}
	}
	for i := from; i < len(c.flow)-1; i++ {
		c.flow[i].stick = true
	}
	return nil
}

func (c *composer) paragraph(p *Paragraph) error {
	lines, err := c.set.lines(p, c.frame.BodyWidth)
	if err != nil {
		return err
	}
	if p.Before > 0 {
		c.flow = append(c.flow, entry{item: gap(p.Before), blank: true, stick: true})
	}
	for i := range lines {
		it := &lineItem{line: &lines[i], p: p, leading: leading(p), first: i == 0}
		c.flow = append(c.flow, entry{item: it, snap: p.Snap, stick: p.KeepNext})
	}
	if p.After > 0 {
		c.flow = append(c.flow, entry{item: gap(p.After), blank: true, stick: p.KeepNext})
	}
	return nil
}

func leading(p *Paragraph) Length {
	if p.Leading > 0 {
		return p.Leading
	}
	var size Length
	for _, s := range p.Spans {
		size = max(size, s.Size)
	}
	return size * 3 / 2
}

type gap Length

func (g gap) height() Length               { return Length(g) }
func (g gap) draw(*composer, Length) error { return nil }
func (r rule) height() Length              { return r.Thick }
func (l *lineItem) height() Length         { return l.leading }

type rule Line

func (r rule) draw(c *composer, y Length) error {
	c.page().Rules = append(c.page().Rules, Rule{X: c.frame.Left, Y: y, Width: c.frame.BodyWidth, Height: r.Thick, Color: r.Color})
	return nil
}

type lineItem struct {
	line    *line
	p       *Paragraph
	leading Length
	first   bool
}

func (l *lineItem) draw(c *composer, y Length) error {
	from, to := l.line.draw(c.page(), c.frame.Left, y, l.leading, l.p.Align)
	if l.first {
		c.mark(l.p, y)
		inset(c.page(), l.p.Insets, (from+to)/2, y+l.leading/2)
	}
	return nil
}

func (c *composer) mark(p *Paragraph, y Length) {
	if p.Bookmark != "" {
		c.doc.Bookmarks = append(c.doc.Bookmarks, Bookmark{Title: p.Bookmark, Level: p.Level, Page: len(c.doc.Pages) - 1, Y: y})
	}
}

func inset(page *Page, insets []Inset, x, y Length) {
	for _, in := range insets {
		page.Pictures = append(page.Pictures, Picture{Image: in.Image, Width: in.Image.Width, Height: in.Image.Height,
			X: x + in.DX - in.Image.Width/2, Y: y + in.DY - in.Image.Height/2})
	}
}

func (c *composer) page() *Page { return &c.doc.Pages[len(c.doc.Pages)-1] }

func (c *composer) newPage() error {
	if len(c.doc.Pages) == c.frame.MaxPages {
		return fmt.Errorf("typeset: more than %d pages", c.frame.MaxPages)
	}
	c.doc.Pages = append(c.doc.Pages, Page{Width: c.frame.Width, Height: c.frame.Height})
	c.y, c.fresh = c.frame.Top, true
	return nil
}

// compose breaks the flow into pages, first fit.
func (c *composer) compose() error {
	for i := 0; i < len(c.flow); {
		n := i + 1
		for n < len(c.flow) && c.flow[n-1].stick && !c.flow[n].stop {
			n++
		}
		if !c.fresh && (c.flow[i].stop || !c.fits(c.flow[i:n])) {
			if err := c.newPageFor(c.flow[i]); err != nil {
				return err
			}
		}
		for ; i < n; i++ {
			if err := c.put(c.flow[i]); err != nil {
				return err
			}
		}
	}
	return nil
}

func (c *composer) newPageFor(e entry) error {
	if err := c.newPage(); err != nil {
		return err
	}
	return c.repeatHead(e)
}

// fits tells whether entries that belong together have room below. What is
// larger than a page does not wait for one.
func (c *composer) fits(es []entry) bool {
	bottom := c.after(c.y, es)
	if bottom <= c.frame.Bottom() {
		return true
	}
	return len(es) == 1 && es[0].table != nil && es[0].canSplit(c, c.frame.Bottom()-c.y)
}

// after returns where entries put at y would end.
func (c *composer) after(y Length, es []entry) Length {
	for _, e := range es {
		y = c.snapped(y, e) + e.height()
	}
	return y
}

func (c *composer) snapped(y Length, e entry) Length {
	if !e.snap || c.frame.Grid <= 0 {
		return y
	}
	lines := (y - c.frame.Top + c.frame.Grid - 1) / c.frame.Grid
	return c.frame.Top + lines*c.frame.Grid
}

// put draws an entry, on a new page if it has no room on this one.
func (c *composer) put(e entry) error {
	if e.blank && c.fresh {
		return nil
	}
	if e.blank {
		c.y = min(c.y+e.height(), c.frame.Bottom())
		return nil
	}
	y := c.snapped(c.y, e)
	if y+e.height() > c.frame.Bottom() {
		if e.table != nil {
			return c.putRow(e)
		}
		if c.fresh {
			return &FitError{"a line", e.height(), c.frame.Bottom() - y}
		}
		if err := c.newPage(); err != nil {
			return err
		}
		y = c.snapped(c.y, e)
		if y+e.height() > c.frame.Bottom() {
			return &FitError{"a line", e.height(), c.frame.Bottom() - y}
		}
	}
	if err := e.draw(c, y); err != nil {
		return err
	}
	c.y = y + e.height()
	c.fresh = c.fresh && e.height() == 0
	return nil
}
