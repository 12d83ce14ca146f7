package docx

import (
	"encoding/xml"
	"fmt"
	"strings"
	"time"

	"github.com/dinghai/dinghai/kit/typeset"
)

const (
	officeNS   = "http://schemas.openxmlformats.org/officeDocument/2006/"
	relationNS = officeNS + "relationships"
	packageNS  = "http://schemas.openxmlformats.org/package/2006/"
	mainType   = "application/vnd.openxmlformats-officedocument.wordprocessingml."
)

const packageRelations = xml.Header + `<Relationships xmlns="` + packageNS + `relationships">` +
	`<Relationship Id="rId1" Type="` + relationNS + `/officeDocument" Target="word/document.xml"/>` +
	`<Relationship Id="rId2" Type="` + packageNS + `relationships/metadata/core-properties" Target="docProps/core.xml"/>` +
	`</Relationships>`

// settings: odd and even pages differ, and Chinese rules for line ends hold.
const settings = xml.Header + `<w:settings xmlns:w="` + transitional + `"><w:evenAndOddHeaders/>` +
	`<w:characterSpacingControl w:val="doNotCompress"/>` +
	`<w:compat><w:compatSetting w:name="compatibilityMode" w:uri="http://schemas.microsoft.com/office/word" w:val="15"/></w:compat>` +
	`<w:themeFontLang w:val="en-US" w:eastAsia="zh-CN"/></w:settings>`

func (b *builder) contentTypes(o Options) string {
	var s strings.Builder
	s.WriteString(xml.Header + `<Types xmlns="` + packageNS + `content-types">` +
		`<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>` +
		`<Default Extension="xml" ContentType="application/xml"/>` +
		`<Override PartName="/docProps/core.xml" ContentType="application/vnd.openxmlformats-package.core-properties+xml"/>` +
		`<Override PartName="/word/document.xml" ContentType="` + mainType + `document.main+xml"/>` +
		`<Override PartName="/word/styles.xml" ContentType="` + mainType + `styles+xml"/>` +
		`<Override PartName="/word/settings.xml" ContentType="` + mainType + `settings+xml"/>`)
	if o.PageNumbers {
		s.WriteString(`<Override PartName="/word/footer1.xml" ContentType="` + mainType + `footer+xml"/>` +
			`<Override PartName="/word/footer2.xml" ContentType="` + mainType + `footer+xml"/>`)
	}
	s.WriteString(`</Types>`)
	return s.String()
}

func documentRelations(o Options) string {
	s := xml.Header + `<Relationships xmlns="` + packageNS + `relationships">` +
		`<Relationship Id="rId1" Type="` + relationNS + `/styles" Target="styles.xml"/>` +
		`<Relationship Id="rId2" Type="` + relationNS + `/settings" Target="settings.xml"/>`
	if o.PageNumbers {
		s += `<Relationship Id="rId3" Type="` + relationNS + `/footer" Target="footer1.xml"/>` +
			`<Relationship Id="rId4" Type="` + relationNS + `/footer" Target="footer2.xml"/>`
	}
	return s + `</Relationships>`
}

func core(o Options) string {
	s := xml.Header + `<cp:coreProperties xmlns:cp="` + packageNS + `metadata/core-properties" xmlns:dc="http://purl.org/dc/elements/1.1/"` +
		` xmlns:dcterms="http://purl.org/dc/terms/" xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance">` +
		`<dc:title>` + escaped(o.Title) + `</dc:title><dc:creator>` + escaped(o.Author) + `</dc:creator>`
	if !o.Date.IsZero() {
		at := o.Date.UTC().Format(time.RFC3339)
		s += `<dcterms:created xsi:type="dcterms:W3CDTF">` + at + `</dcterms:created><dcterms:modified xsi:type="dcterms:W3CDTF">` + at + `</dcterms:modified>`
	}
	return s + `</cp:coreProperties>`
}

// section sets the sheet, its margins and the grid of lines.
func (b *builder) section(o Options) string {
	f := b.frame
	refs, foot := "", f.Height-f.Bottom()
	if o.PageNumbers {
		refs = `<w:footerReference w:type="default" r:id="rId3"/><w:footerReference w:type="even" r:id="rId4"/>`
	}
	// The page number is 7 mm below the type area, as GB/T 9704 wants it.
	number := max(0, foot-typeset.MM(7)-typeset.Size4)
	grid := ""
	if f.Grid > 0 {
		grid = fmt.Sprintf(`<w:docGrid w:type="lines" w:linePitch="%d"/>`, twips(f.Grid))
	}
	return fmt.Sprintf(`<w:sectPr>%s<w:pgSz w:w="%d" w:h="%d"/><w:pgMar w:top="%d" w:right="%d" w:bottom="%d" w:left="%d" w:header="850" w:footer="%d" w:gutter="0"/>%s</w:sectPr>`,
		refs, twips(f.Width), twips(f.Height), twips(f.Top), twips(f.Width-f.Right()), twips(foot), twips(f.Left), twips(number), grid)
}

// styles sets what a new paragraph looks like when the document is edited.
func (b *builder) styles() string {
	name := escaped(b.fonts[typeset.FangSong])
	return xml.Header + `<w:styles xmlns:w="` + transitional + `"><w:docDefaults><w:rPrDefault><w:rPr>` +
		fmt.Sprintf(`<w:rFonts w:ascii="%s" w:eastAsia="%s" w:hAnsi="%s" w:cs="%s"/>`, name, name, name, name) +
		`<w:kern w:val="0"/><w:sz w:val="32"/><w:szCs w:val="32"/><w:lang w:val="en-US" w:eastAsia="zh-CN" w:bidi="ar-SA"/></w:rPr></w:rPrDefault>` +
		`<w:pPrDefault><w:pPr><w:widowControl w:val="0"/></w:pPr></w:pPrDefault></w:docDefaults>` +
		`<w:style w:type="paragraph" w:default="1" w:styleId="Normal"><w:name w:val="Normal"/><w:qFormat/></w:style></w:styles>`
}

func (b *builder) footer(side string) string {
	f := &builder{fonts: b.fonts}
	st := typeset.Style{Family: typeset.SongTi, Size: typeset.Size4}
	field := func(kind string) {
		f.out.WriteString("<w:r>")
		f.look(st)
		f.out.WriteString(`<w:fldChar w:fldCharType="` + kind + `"/></w:r>`)
	}
	fmt.Fprintf(&f.out, `<w:p><w:pPr><w:ind w:left="316" w:right="316"/><w:jc w:val="%s"/></w:pPr>`, side)
	// Text without control characters cannot fail.
	_ = f.span(typeset.Span{Text: "— ", Style: st})
	field("begin")
	f.out.WriteString("<w:r>")
	f.look(st)
	f.out.WriteString(`<w:instrText xml:space="preserve"> PAGE </w:instrText></w:r>`)
	field("separate")
	_ = f.span(typeset.Span{Text: "1", Style: st})
	field("end")
	_ = f.span(typeset.Span{Text: " —", Style: st})
	return xml.Header + `<w:ftr xmlns:w="` + transitional + `">` + f.out.String() + `</w:p></w:ftr>`
}
