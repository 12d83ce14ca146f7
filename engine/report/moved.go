package report

import (
	"fmt"
	"slices"
	"strconv"
	"strings"
)

// Moved is a figure of a text that reads differently than before.
type Moved struct {
	Ask
	Mark     string
	Old, New Piece
}

// Moves lists the figures of a text that another computation words anew, each
// once, in the order of the text.
func (t *Template) Moves(before, now *Result, b Bureau) []Moved {
	was := &filler{t: t, res: before, bureau: b}
	return t.moves(now, b, func(n node) *Piece {
		p := was.piece(n)
		return &p
	})
}

// MovedSince lists the figures that a computation words otherwise than a
// document made from the text before.
func (t *Template) MovedSince(was *Document, now *Result, b Bureau) []Moved {
	old := map[string]*Piece{}
	for i := range was.Blocks {
		for j := range was.Blocks[i].Pieces {
			p := &was.Blocks[i].Pieces[j]
			old[p.Mark] = p
		}
	}
	return t.moves(now, b, func(n node) *Piece { return old[n.mark.source] })
}

// moves holds each figure against what it read before, where that is known.
func (t *Template) moves(now *Result, b Bureau, before func(node) *Piece) []Moved {
	is := &filler{t: t, res: now, bureau: b}
	var out []Moved
	for _, block := range t.blocks {
		for _, n := range block.Nodes {
			if n.mark == nil || n.mark.name != "figure" {
				continue
			}
			old := before(n)
			if old == nil {
				continue
			}
			m := Moved{n.mark.ask(), n.mark.source, *old, is.piece(n)}
			if m.Old.Text != m.New.Text && !slices.ContainsFunc(out, func(x Moved) bool { return x.Mark == m.Mark }) {
				out = append(out, m)
			}
		}
	}
	return out
}

// Plain is the text of a document with the bytes its figures stand on: those
// come from records by themselves and need no check.
func (d *Document) Plain() (text string, locked [][2]int) {
	var b strings.Builder
	for _, x := range d.Blocks {
		switch x.Kind {
		case "heading":
			b.WriteString(strings.Repeat("#", x.Level) + " ")
		case "item":
			b.WriteString("- ")
		}
		for _, p := range x.Pieces {
			from := b.Len()
			b.WriteString(p.Text)
			if p.Mark != "" {
				locked = append(locked, [2]int{from, b.Len()})
			}
		}
		b.WriteByte('\n')
	}
	return b.String(), locked
}

// CheckTyped is Check for the numbers a person typed: those that stand in the
// place of a mark are left out.
func (d *Document) CheckTyped(figures []Figure) (text string, claims []Claim) {
	text, locked := d.Plain()
	for _, c := range Check(text, d.Lang, figures) {
		if !slices.ContainsFunc(locked, func(l [2]int) bool { return c.From < l[1] && l[0] < c.To }) {
			claims = append(claims, c)
		}
	}
	return text, claims
}

// PositionsText writes how far the log of each home was read: 330900:12 330902:7.
func PositionsText(at map[int]int64) string {
	list := make([]string, 0, len(at))
	for home, pos := range at {
		list = append(list, fmt.Sprintf("%d:%d", home, pos))
	}
	slices.Sort(list)
	return strings.Join(list, " ")
}

// ParsePositions reads it back; text that is none gives nil, which asks for the
// present.
func ParsePositions(s string) map[int]int64 {
	out := map[int]int64{}
	for _, part := range strings.Fields(s) {
		h, p, _ := strings.Cut(part, ":")
		home, err1 := strconv.Atoi(h)
		pos, err2 := strconv.ParseInt(p, 10, 64)
		if err1 != nil || err2 != nil {
			return nil
		}
		out[home] = pos
	}
	if len(out) == 0 {
		return nil
	}
	return out
}

// Mark writes the mark of a figure.
func (a Ask) Mark() string {
	s := "{{figure " + a.ID
	for _, o := range [][2]string{{"period", a.Period}, {"area", a.Area}, {"show", a.Show}} {
		if o[1] != "" {
			s += " " + o[0] + "=" + o[1]
		}
	}
	return s + "}}"
}
