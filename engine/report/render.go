package report

import (
	"html"
	"strconv"
	"strings"
)

// Markdown writes the document as text that any editor takes over.
func (d *Document) Markdown() string {
	var b strings.Builder
	for i, x := range d.Blocks {
		if i > 0 && (x.Kind != "item" || d.Blocks[i-1].Kind != "item") {
			b.WriteByte('\n')
		}
		switch x.Kind {
		case "heading":
			b.WriteString(strings.Repeat("#", x.Level) + " ")
		case "item":
			b.WriteString("- ")
		}
		for _, p := range x.Pieces {
			b.WriteString(markdownEscaper.Replace(p.Text))
		}
		b.WriteByte('\n')
	}
	return b.String()
}

// markdownEscaper keeps names from becoming markup.
var markdownEscaper = strings.NewReplacer(`\`, `\\`, "*", `\*`, "_", `\_`, "`", "\\`", "[", `\[`, "<", `\<`)

// HTML writes the document as a fragment. Every figure leads to its rows and
// carries its definition.
func (d *Document) HTML() string {
	var b strings.Builder
	for i, x := range d.Blocks {
		if x.Kind == "item" && (i == 0 || d.Blocks[i-1].Kind != "item") {
			b.WriteString("<ul>\n")
		}
		tag := htmlTag(x)
		b.WriteString("<" + tag + ">")
		for _, p := range x.Pieces {
			p.html(&b)
		}
		b.WriteString("</" + tag + ">\n")
		if x.Kind == "item" && (i == len(d.Blocks)-1 || d.Blocks[i+1].Kind != "item") {
			b.WriteString("</ul>\n")
		}
	}
	return b.String()
}

func htmlTag(x Block) string {
	switch x.Kind {
	case "heading":
		return "h" + strconv.Itoa(x.Level)
	case "item":
		return "li"
	}
	return "p"
}

func (p Piece) html(b *strings.Builder) {
	text := html.EscapeString(p.Text)
	switch {
	case p.Figure == "":
		b.WriteString(text)
	case p.Link == "" || p.Kind == NotBuilt:
		b.WriteString(`<span class="figure missing">` + text + "</span>")
	default:
		b.WriteString(`<a class="figure" href="` + html.EscapeString(p.Link) + `" data-value="` + html.EscapeString(p.Value.String()) +
			`" title="` + html.EscapeString(p.Definition) + `">` + text + "</a>")
	}
}
