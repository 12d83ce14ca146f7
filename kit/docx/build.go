package docx

import (
	"archive/zip"
	"bytes"
	"encoding/xml"
	"fmt"
	"io"
	"time"

	"github.com/dinghai/dinghai/kit/typeset"
)

// Options are what a document has beside its text.
type Options struct {
	Title, Author string
	Date          time.Time // of creation; the zero time is left out
	PageNumbers   bool      // — 1 — at the outer side of the foot
	// Fonts names the font of a family in the reader's word processor; those
	// not named get the usual name of a Chinese system.
	Fonts map[typeset.Family]string
}

// A BuildError names a block that cannot be written.
type BuildError struct {
	Block  int // from 1, counted on the outer level
	Reason string
}

func (e *BuildError) Error() string { return fmt.Sprintf("docx: block %d: %s", e.Block, e.Reason) }

// Build writes the blocks that package typeset lays out as a document to be
// edited further: what is a paragraph there is one here, and where lines and
// pages end is up to the word processor. Pictures are refused: a seal belongs
// on what can no longer be changed. Equal input gives equal bytes.
func Build(w io.Writer, f typeset.Frame, o Options, blocks ...typeset.Block) error {
	b := &builder{frame: f, fonts: fontNames(o.Fonts)}
	for i, block := range blocks {
		b.block = i + 1
		next, _ := at(blocks, i+1).(typeset.Keep)
		b.pull = next.Pull > 0
		if err := b.add(block, false); err != nil {
			return err
		}
	}
	b.finish()
	parts := []part{
		{"[Content_Types].xml", b.contentTypes(o)},
		{"_rels/.rels", packageRelations},
		{"docProps/core.xml", core(o)},
		{"word/document.xml", xml.Header + `<w:document xmlns:w="` + transitional + `" xmlns:r="` + relationNS + `"><w:body>` + b.out.String() + b.section(o) + `</w:body></w:document>`},
		{"word/_rels/document.xml.rels", documentRelations(o)},
		{"word/styles.xml", b.styles()},
		{"word/settings.xml", settings},
	}
	if o.PageNumbers {
		parts = append(parts, part{"word/footer1.xml", b.footer("right")}, part{"word/footer2.xml", b.footer("left")})
	}
	return pack(w, parts)
}

type part struct{ name, text string }

func pack(w io.Writer, parts []part) error {
	z := zip.NewWriter(w)
	for _, p := range parts {
		f, err := z.Create(p.name)
		if err == nil {
			_, err = io.WriteString(f, p.text)
		}
		if err != nil {
			return fmt.Errorf("docx: write %s: %w", p.name, err)
		}
	}
	if err := z.Close(); err != nil {
		return fmt.Errorf("docx: write: %w", err)
	}
	return nil
}

// usual are the names under which Chinese systems have the fonts of documents.
var usual = map[typeset.Family]string{
	typeset.FangSong: "仿宋", typeset.XiaoBiaoSong: "方正小标宋简体", typeset.HeiTi: "黑体", typeset.KaiTi: "楷体", typeset.SongTi: "宋体",
}

func fontNames(given map[typeset.Family]string) map[typeset.Family]string {
	m := map[typeset.Family]string{}
	for k, v := range usual {
		m[k] = v
	}
	for k, v := range given {
		m[k] = v
	}
	return m
}

// builder writes the body of a document.
type builder struct {
	frame typeset.Frame
	fonts map[typeset.Family]string
	out   bytes.Buffer
	block int
	turn  bool // the next paragraph begins a page
	pull  bool // the end of this block stays with the next
	table bool // the last thing written is a table
}

func at(blocks []typeset.Block, i int) typeset.Block {
	if i < len(blocks) {
		return blocks[i]
	}
	return nil
}

func (b *builder) reject(format string, args ...any) error {
	return &BuildError{b.block, fmt.Sprintf(format, args...)}
}

// twips are twentieths of a point, the unit of most measures.
func twips(l typeset.Length) int64 { return int64((l + 25) / 50) }

func (b *builder) add(block typeset.Block, keep bool) error {
	switch v := block.(type) {
	case typeset.Paragraph:
		v.KeepNext = v.KeepNext || keep || b.pull
		return b.paragraph(&v)
	case typeset.Table:
		return b.addTable(&v, keep)
	case typeset.Gap:
		b.gap(v.Height, keep)
	case typeset.Line:
		b.rule(v)
	case typeset.PageBreak:
		if b.turn {
			b.gap(typeset.Pt, false)
		}
		b.turn = true
	case typeset.Keep:
		for i, k := range v.Blocks {
			if err := b.add(k, keep || i < len(v.Blocks)-1); err != nil {
				return err
			}
		}
	default:
		return b.reject("unknown kind %T", block)
	}
	return nil
}

// finish sees that the body ends with a paragraph: it must after a table, and a
// page break needs one.
func (b *builder) finish() {
	if b.table || b.turn {
		b.gap(typeset.Pt, false)
	}
}

func (b *builder) paragraph(p *typeset.Paragraph) error {
	if len(p.Insets) > 0 {
		return b.reject("pictures are not written")
	}
	b.table = false
	b.out.WriteString("<w:p><w:pPr>")
	if p.KeepNext {
		b.out.WriteString("<w:keepNext/>")
	}
	if b.turn {
		b.turn = false
		b.out.WriteString("<w:pageBreakBefore/>")
	}
	b.out.WriteString(`<w:autoSpaceDE w:val="0"/><w:autoSpaceDN w:val="0"/>`)
	if !p.Snap {
		b.out.WriteString(`<w:snapToGrid w:val="0"/>`)
	}
	b.spacing(p)
	b.indent(p)
	fmt.Fprintf(&b.out, `<w:jc w:val="%s"/>`, [...]string{"both", "left", "center", "right"}[p.Align&3])
	if p.Bookmark != "" {
		fmt.Fprintf(&b.out, `<w:outlineLvl w:val="%d"/>`, min(max(p.Level, 0), 8))
	}
	b.out.WriteString("</w:pPr>")
	for _, s := range p.Spans {
		if err := b.span(s); err != nil {
			return err
		}
	}
	b.out.WriteString("</w:p>")
	return nil
}

func (b *builder) spacing(p *typeset.Paragraph) {
	fmt.Fprintf(&b.out, `<w:spacing w:before="%d" w:after="%d"`, twips(p.Before), twips(p.After))
	if p.Leading > 0 {
		fmt.Fprintf(&b.out, ` w:line="%d" w:lineRule="exact"`, twips(p.Leading))
	} else {
		b.out.WriteString(` w:line="360" w:lineRule="auto"`)
	}
	b.out.WriteString("/>")
}

func (b *builder) indent(p *typeset.Paragraph) {
	fmt.Fprintf(&b.out, `<w:ind w:left="%d" w:right="%d"`, twips(p.Left), twips(p.Right))
	switch {
	case p.First > 0:
		fmt.Fprintf(&b.out, ` w:firstLine="%d"`, twips(p.First))
	case p.First < 0:
		fmt.Fprintf(&b.out, ` w:hanging="%d"`, twips(-p.First))
	}
	b.out.WriteString("/>")
}

func (b *builder) span(s typeset.Span) error {
	if bad := badRune(s.Text); bad != "" {
		return b.reject("text holds %s, which XML cannot", bad)
	}
	if s.Text == "" {
		return nil
	}
	b.out.WriteString("<w:r>")
	b.look(s.Style)
	for i, line := range bytes.Split([]byte(s.Text), []byte("\n")) {
		if i > 0 {
			b.out.WriteString("<w:br/>")
		}
		run(&b.out, "w:", string(line))
	}
	b.out.WriteString("</w:r>")
	return nil
}

// look writes the properties of a run.
func (b *builder) look(s typeset.Style) {
	name := b.fonts[s.Family]
	if name == "" {
		name = string(s.Family)
	}
	name = escaped(name)
	fmt.Fprintf(&b.out, `<w:rPr><w:rFonts w:ascii="%s" w:eastAsia="%s" w:hAnsi="%s" w:cs="%s"/>`, name, name, name, name)
	if s.Color != (typeset.Color{}) {
		fmt.Fprintf(&b.out, `<w:color w:val="%02X%02X%02X"/>`, s.Color.R, s.Color.G, s.Color.B)
	}
	if s.Pitch != 0 && s.Pitch != s.Size {
		// Rounded down, so that a full line of the grid stays in one line.
		fmt.Fprintf(&b.out, `<w:spacing w:val="%d"/>`, floor(int64(s.Pitch-s.Size), 50))
	}
	size := (int64(s.Size) + 250) / 500
	fmt.Fprintf(&b.out, `<w:sz w:val="%d"/><w:szCs w:val="%d"/>`, size, size)
	if s.Underline {
		b.out.WriteString(`<w:u w:val="single"/>`)
	}
	b.out.WriteString("</w:rPr>")
}

func floor(a, b int64) int64 {
	if a < 0 {
		return -((-a + b - 1) / b)
	}
	return a / b
}

func escaped(s string) string {
	var b bytes.Buffer
	// A bytes.Buffer never fails.
	_ = xml.EscapeText(&b, []byte(s))
	return b.String()
}

// maxLine is the greatest exact line height a word processor takes.
const maxLine = 1584 * typeset.Pt

// gap is an empty line of that height.
func (b *builder) gap(height typeset.Length, keep bool) {
	p := typeset.Paragraph{Leading: min(max(height, typeset.Pt), maxLine), KeepNext: keep}
	// Without pictures and text nothing can fail.
	_ = b.paragraph(&p)
}

// rule is an empty line with a border above.
func (b *builder) rule(l typeset.Line) {
	b.table = false
	fmt.Fprintf(&b.out, `<w:p><w:pPr><w:pBdr><w:top w:val="single" w:sz="%d" w:space="0" w:color="%02X%02X%02X"/></w:pBdr>`+
		`<w:snapToGrid w:val="0"/><w:spacing w:before="0" w:after="0" w:line="20" w:lineRule="exact"/></w:pPr></w:p>`,
		min(max(int64(l.Thick+62)/125, 2), 96), l.Color.R, l.Color.G, l.Color.B)
}
