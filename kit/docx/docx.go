// Package docx reads, fills and makes word-processor documents, Office Open XML
// (ISO/IEC 29500): Paragraphs reads the text, Fill puts values into the content
// controls of a template and leaves everything else as it is, Build makes a
// document of the blocks that package typeset lays out.
//
// Paragraphs sees what a reader of the page sees: text, tabs and line breaks,
// with deletions of tracked changes left out and insertions kept. Headers,
// footnotes and text boxes are not read. A .docx is a ZIP archive, so reading is bounded.
package docx

import (
	"bytes"
	"encoding/xml"
	"errors"
	"fmt"
	"io"
	"iter"
	"strings"
)

// Limits bound what a document may unpack to.
type Limits struct {
	Size  int64 // bytes of the main part, default 64 MiB
	Depth int   // of nested elements, default 256
}

var (
	// ErrTooLarge says that a document exceeds its Limits.
	ErrTooLarge = errors.New("docx: too large")
	// ErrFormat says that a file is no .docx document.
	ErrFormat = errors.New("docx: not a document")
)

// Paragraph is one paragraph in reading order.
type Paragraph struct {
	Number int    // counted from 1, empty ones included
	Style  string // identifier of its style, or ""
	Table  bool   // stands in a table cell
	Text   string
}

// Paragraphs yields the paragraphs of a document. An error is the last thing
// that it yields.
func Paragraphs(r io.ReaderAt, size int64, l Limits) iter.Seq2[Paragraph, error] {
	return func(yield func(Paragraph, error) bool) {
		part, err := mainPart(r, size, l.withDefaults())
		if err != nil {
			yield(Paragraph{}, err)
			return
		}
		defer part.Close()
		s := newScanner(part, l.withDefaults())
		for {
			p, err := s.next()
			if err == io.EOF {
				return
			}
			if !yield(p, err) || err != nil {
				return
			}
		}
	}
}

// Text returns all paragraphs, each on a line of its own.
func Text(b []byte, l Limits) (string, error) {
	var out strings.Builder
	for p, err := range Paragraphs(bytes.NewReader(b), int64(len(b)), l) {
		if err != nil {
			return "", err
		}
		out.WriteString(p.Text)
		out.WriteByte('\n')
	}
	return out.String(), nil
}

func (l Limits) withDefaults() Limits {
	if l.Size <= 0 {
		l.Size = 64 << 20
	}
	if l.Depth <= 0 {
		l.Depth = 256
	}
	return l
}

// maxFiles bounds the directory of the archive; real documents have dozens.
const maxFiles = 10_000

// mainPart opens the document's text. Its place is fixed by custom rather than
// by the standard, but no known program puts it elsewhere.
func mainPart(r io.ReaderAt, size int64, l Limits) (io.ReadCloser, error) {
	z, err := open(r, size)
	if err != nil {
		return nil, err
	}
	for _, f := range z.File {
		if f.Name != "word/document.xml" {
			continue
		}
		if f.UncompressedSize64 > uint64(l.Size) {
			return nil, ErrTooLarge
		}
		part, err := f.Open()
		if err != nil {
			return nil, fmt.Errorf("%w: %w", ErrFormat, err)
		}
		return part, nil
	}
	return nil, fmt.Errorf("%w: no word/document.xml", ErrFormat)
}

// bounded reports ErrTooLarge where the archive's directory lied about a size.
type bounded struct {
	r    io.Reader
	left int64
}

func (b *bounded) Read(p []byte) (int, error) {
	if b.left <= 0 {
		return 0, ErrTooLarge
	}
	n, err := b.r.Read(p[:min(int64(len(p)), b.left)])
	b.left -= int64(n)
	return n, err
}

// scanner walks the XML. A paragraph may hold others, in text boxes; those are
// skipped with everything else that is not running text.
type scanner struct {
	d     *xml.Decoder
	limit Limits
	depth int
	cells int // open table cells
	n     int
}

func newScanner(r io.Reader, l Limits) *scanner {
	return &scanner{d: xml.NewDecoder(&bounded{r, l.Size + 1}), limit: l}
}

func (s *scanner) next() (Paragraph, error) {
	for {
		t, err := s.token()
		if err != nil {
			return Paragraph{}, err
		}
		switch t := t.(type) {
		case xml.StartElement:
			if t.Name.Local == "p" && isWord(t.Name.Space) {
				return s.paragraph()
			}
			if t.Name.Local == "tc" {
				s.cells++
			}
		case xml.EndElement:
			if t.Name.Local == "tc" {
				s.cells--
			}
		}
	}
}

// isWord accepts the namespaces of the transitional and of the strict format.
func isWord(space string) bool {
	return space == transitional || space == "http://purl.oclc.org/ooxml/wordprocessingml/main"
}

const transitional = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"

// token counts depth, so that a document cannot be a staircase without end.
func (s *scanner) token() (xml.Token, error) {
	t, err := s.d.Token()
	switch {
	case err == io.EOF && s.depth == 0 && s.d.InputOffset() > 0:
		return nil, io.EOF
	case errors.Is(err, ErrTooLarge):
		return nil, ErrTooLarge
	case err != nil:
		return nil, fmt.Errorf("%w: %w", ErrFormat, err)
	}
	switch t.(type) {
	case xml.StartElement:
		if s.depth++; s.depth > s.limit.Depth {
			return nil, ErrTooLarge
		}
	case xml.EndElement:
		s.depth--
	}
	return t, nil
}

// skipped elements hold no running text: deletions, field codes, pictures with
// text boxes, and the fallback copies of newer features.
var skipped = map[string]bool{
	"del": true, "moveFrom": true, "instrText": true, "delText": true,
	"drawing": true, "pict": true, "object": true, "Fallback": true, "rPr": true,
}

func (s *scanner) paragraph() (Paragraph, error) {
	s.n++
	p := Paragraph{Number: s.n, Table: s.cells > 0}
	var text strings.Builder
	open, inText := s.depth, false
	for s.depth >= open {
		t, err := s.token()
		if err != nil {
			return Paragraph{}, unexpected(err)
		}
		switch t := t.(type) {
		case xml.StartElement:
			if skipped[t.Name.Local] {
				if err := s.skip(); err != nil {
					return Paragraph{}, err
				}
				continue
			}
			inText = t.Name.Local == "t"
			start(t, &p, &text)
		case xml.EndElement:
			inText = false
		case xml.CharData:
			if inText {
				text.Write(t)
			}
		}
	}
	p.Text = text.String()
	return p, nil
}

func start(t xml.StartElement, p *Paragraph, text *strings.Builder) {
	switch t.Name.Local {
	case "tab":
		text.WriteByte('\t')
	case "br", "cr":
		text.WriteByte('\n')
	case "noBreakHyphen":
		text.WriteByte('-')
	case "pStyle":
		for _, a := range t.Attr {
			if a.Name.Local == "val" {
				p.Style = a.Value
			}
		}
	}
}

// skip passes over the element just opened.
func (s *scanner) skip() error {
	for open := s.depth; s.depth >= open; {
		if _, err := s.token(); err != nil {
			return unexpected(err)
		}
	}
	return nil
}

func unexpected(err error) error {
	if err == io.EOF {
		return fmt.Errorf("%w: %w", ErrFormat, io.ErrUnexpectedEOF)
	}
	return err
}
