package docx

import (
	"archive/zip"
	"encoding/xml"
	"fmt"
	"io"
	"strings"
)

const contentTypes = xml.Header + `<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">` +
	`<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>` +
	`<Default Extension="xml" ContentType="application/xml"/>` +
	`<Override PartName="/word/document.xml" ContentType="application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml"/>` +
	`</Types>`

const relations = xml.Header + `<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">` +
	`<Relationship Id="rId1" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/officeDocument" Target="word/document.xml"/>` +
	`</Relationships>`

// Write writes a document of plain paragraphs, equal bytes for equal text. Tabs
// and line breaks within a paragraph are kept; characters that XML cannot hold
// become U+FFFD.
func Write(w io.Writer, paragraphs ...string) error {
	z := zip.NewWriter(w)
	for _, part := range []struct{ name, text string }{
		{"[Content_Types].xml", contentTypes},
		{"_rels/.rels", relations},
		{"word/document.xml", document(paragraphs)},
	} {
		f, err := z.Create(part.name)
		if err == nil {
			_, err = io.WriteString(f, part.text)
		}
		if err != nil {
			return fmt.Errorf("docx: write %s: %w", part.name, err)
		}
	}
	if err := z.Close(); err != nil {
		return fmt.Errorf("docx: write: %w", err)
	}
	return nil
}

func document(paragraphs []string) string {
	var b strings.Builder
	b.WriteString(xml.Header + `<w:document xmlns:w="` + transitional + `"><w:body>`)
	for _, p := range paragraphs {
		b.WriteString("<w:p><w:r>")
		for i, line := range strings.Split(p, "\n") {
			if i > 0 {
				b.WriteString("<w:br/>")
			}
			run(&b, line)
		}
		b.WriteString("</w:r></w:p>")
	}
	b.WriteString("</w:body></w:document>")
	return b.String()
}

func run(b *strings.Builder, line string) {
	for i, text := range strings.Split(line, "\t") {
		if i > 0 {
			b.WriteString("<w:tab/>")
		}
		if text == "" {
			continue
		}
		b.WriteString(`<w:t xml:space="preserve">`)
		// A strings.Builder never fails.
		_ = xml.EscapeText(b, []byte(text))
		b.WriteString("</w:t>")
	}
}
