package docx

import (
	"encoding/xml"
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
	return pack(w, []part{
		{"[Content_Types].xml", contentTypes},
		{"_rels/.rels", relations},
		{"word/document.xml", document(paragraphs)},
	})
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
			run(&b, "w:", line)
		}
		b.WriteString("</w:r></w:p>")
	}
	b.WriteString("</w:body></w:document>")
	return b.String()
}

// run writes text with its tabs; p is the prefix of the elements.
func run(b buffer, p, line string) {
	for i, text := range strings.Split(line, "\t") {
		if i > 0 {
			_, _ = b.WriteString("<" + p + "tab/>")
		}
		if text == "" {
			continue
		}
		b.WriteString("<" + p + `t xml:space="preserve">`)
		// A buffer never fails.
		_ = xml.EscapeText(b, []byte(text))
		b.WriteString("</" + p + "t>")
	}
}

// buffer is a strings.Builder or bytes.Buffer.
type buffer interface {
	io.Writer
	io.StringWriter
}
