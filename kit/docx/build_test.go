package docx_test

import (
	"archive/zip"
	"bytes"
	"encoding/xml"
	"errors"
	"fmt"
	"image"
	"io"
	"path"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"github.com/dinghai/dinghai/kit/docx"
	"github.com/dinghai/dinghai/kit/typeset"
)

var frame = typeset.Frame{Width: typeset.MM(210), Height: typeset.MM(297), Left: typeset.MM(28), Top: typeset.MM(37),
	BodyWidth: typeset.MM(156), BodyHeight: typeset.MM(225), Grid: typeset.MM(225) / 22}

func par(s string) typeset.Paragraph {
	return typeset.Paragraph{Spans: []typeset.Span{{Text: s, Style: typeset.Style{Family: typeset.FangSong, Size: typeset.Size3, Pitch: frame.BodyWidth / 28}}}}
}

func cell(s string) typeset.Cell { return typeset.Cell{Paragraphs: []typeset.Paragraph{par(s)}} }

var options = docx.Options{Title: "通知 <1>", Author: "局", Date: time.Date(2024, 3, 5, 0, 0, 0, 0, time.UTC), PageNumbers: true}

func build(t testing.TB, o docx.Options, blocks ...typeset.Block) []byte {
	t.Helper()
	var b bytes.Buffer
	if err := docx.Build(&b, frame, o, blocks...); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

func sample() []typeset.Block {
	head := par("一、总体要求")
	head.Bookmark, head.KeepNext, head.First = head.Spans[0].Text, true, 2*typeset.Size3
	head.Spans[0].Family, head.Spans[0].Color, head.Spans[0].Underline = typeset.HeiTi, typeset.Color{R: 0xE6}, true
	hang := par("抄送：省局")
	hang.First, hang.Align, hang.Leading = -typeset.Size3, typeset.End, 28*typeset.Pt
	table := typeset.Table{Columns: []typeset.Length{typeset.MM(20), 0, 0}, Head: 1, Border: typeset.Pt / 2, Padding: 2 * typeset.Pt, Rows: []typeset.Row{
		{Cells: []typeset.Cell{cell("序号"), {Span: 2, Top: true, Paragraphs: []typeset.Paragraph{par("名称")}}}},
		{Height: typeset.MM(10), Cells: []typeset.Cell{cell("1"), {}, cell("乙")}},
	}}
	return []typeset.Block{head, typeset.Gap{Height: typeset.MM(10)}, typeset.Line{Thick: typeset.Pt, Color: typeset.Color{R: 0xE6}}, table, table,
		typeset.Keep{Blocks: []typeset.Block{par("局"), par("2024年3月5日")}}, typeset.PageBreak{}, hang, typeset.PageBreak{}, table}
}

// TestBuildStructure checks what a word processor needs to open a file: each
// part is sound XML with a known type, and each relation leads to a part.
func TestBuildStructure(t *testing.T) {
	for _, o := range []docx.Options{options, {}} {
		b := build(t, o, sample()...)
		z, err := zip.NewReader(bytes.NewReader(b), int64(len(b)))
		if err != nil {
			t.Fatal(err)
		}
		parts := map[string]string{}
		for _, f := range z.File {
			parts[f.Name] = partOf(t, b, f.Name)
		}
		var types struct {
			Default []struct {
				Extension string `xml:",attr"`
			}
			Override []struct {
				PartName    string `xml:",attr"`
				ContentType string `xml:",attr"`
			}
		}
		if err := xml.Unmarshal([]byte(parts["[Content_Types].xml"]), &types); err != nil {
			t.Fatal(err)
		}
		for _, o := range types.Override {
			if parts[strings.TrimPrefix(o.PartName, "/")] == "" {
				t.Errorf("type of a part that is not there: %s", o.PartName)
			}
		}
		ids := map[string]bool{}
		for name, s := range parts {
			wellFormed(t, name, s)
			if path.Ext(name) != ".rels" {
				continue
			}
			var rels struct {
				Relationship []struct {
					ID     string `xml:"Id,attr"`
					Target string `xml:",attr"`
				}
			}
			if err := xml.Unmarshal([]byte(s), &rels); err != nil {
				t.Fatal(err)
			}
			for _, r := range rels.Relationship {
				ids[name+r.ID] = true
				if target := path.Join(path.Dir(path.Dir(name)), r.Target); parts[target] == "" {
					t.Errorf("%s: %s leads to %s, which is not there", name, r.ID, target)
				}
			}
		}
		for _, id := range []string{"rId3", "rId4"} {
			if strings.Contains(parts["word/document.xml"], `r:id="`+id+`"`) != ids["word/_rels/document.xml.rels"+id] {
				t.Errorf("footer %s", id)
			}
		}
	}
}

func wellFormed(t *testing.T, name, s string) {
	t.Helper()
	d := xml.NewDecoder(strings.NewReader(s))
	for {
		if _, err := d.Token(); err == io.EOF {
			return
		} else if err != nil {
			t.Errorf("%s: %v", name, err)
			return
		}
	}
}

// TestBuildBody looks for what makes each block what it is, in the order that
// the schema sets for the elements.
func TestBuildBody(t *testing.T) {
	s := partOf(t, build(t, options, sample()...), "word/document.xml")
	for what, want := range map[string]string{
		"heading":          `<w:pPr><w:keepNext/><w:autoSpaceDE w:val="0"/><w:autoSpaceDN w:val="0"/><w:snapToGrid w:val="0"/><w:spacing w:before="0" w:after="0" w:line="360" w:lineRule="auto"/><w:ind w:left="0" w:right="0" w:firstLine="640"/><w:jc w:val="both"/><w:outlineLvl w:val="0"/></w:pPr>`,
		"run":              `<w:rPr><w:rFonts w:ascii="黑体" w:eastAsia="黑体" w:hAnsi="黑体" w:cs="黑体"/><w:color w:val="E60000"/><w:spacing w:val="-5"/><w:sz w:val="32"/><w:szCs w:val="32"/><w:u w:val="single"/></w:rPr>`,
		"hanging, turned":  `<w:pageBreakBefore/><w:autoSpaceDE w:val="0"/><w:autoSpaceDN w:val="0"/><w:snapToGrid w:val="0"/><w:spacing w:before="0" w:after="0" w:line="560" w:lineRule="exact"/><w:ind w:left="0" w:right="0" w:hanging="320"/><w:jc w:val="right"/>`,
		"red line":         `<w:pBdr><w:top w:val="single" w:sz="8" w:space="0" w:color="E60000"/></w:pBdr>`,
		"head row":         `<w:trPr><w:cantSplit/><w:tblHeader/></w:trPr>`,
		"row height":       `<w:trHeight w:val="567" w:hRule="atLeast"/>`,
		"spanning cell":    `<w:tcW w:w="7710" w:type="dxa"/><w:gridSpan w:val="2"/></w:tcPr>`,
		"empty cell":       `<w:vAlign w:val="center"/></w:tcPr><w:p/></w:tc>`,
		"columns":          `<w:tblGrid><w:gridCol w:w="1134"/><w:gridCol w:w="3855"/><w:gridCol w:w="3855"/></w:tblGrid>`,
		"sheet":            `<w:pgSz w:w="11906" w:h="16838"/><w:pgMar w:top="2098" w:right="1474" w:bottom="1984" w:left="1587" w:header="850" w:footer="1307" w:gutter="0"/><w:docGrid w:type="lines" w:linePitch="580"/>`,
		"between tables":   `</w:tbl><w:p>`,
		"end after tables": `</w:p><w:sectPr>`,
	} {
		if !strings.Contains(s, want) {
			t.Errorf("%s: %s is missing", what, want)
		}
	}
	if strings.Contains(s, "</w:tbl><w:tbl>") || strings.Contains(s, "</w:tbl><w:sectPr>") {
		t.Error("a table without a paragraph after it")
	}
	s = partOf(t, build(t, options, par("前"), typeset.Keep{Pull: 2, Blocks: []typeset.Block{par("局")}}, par("后")), "word/document.xml")
	if n := strings.Count(s, "<w:keepNext/>"); n != 1 || strings.Index(s, "<w:keepNext/>") > strings.Index(s, "前") {
		t.Errorf("%d paragraphs stay with the signature", n)
	}
	if f := partOf(t, build(t, options, par("x")), "word/footer1.xml"); !strings.Contains(f, " PAGE ") || !strings.Contains(f, `<w:jc w:val="right"/>`) {
		t.Error(f)
	}
}

// TestBuildReadBack builds from any text and reads it with this package.
func TestBuildReadBack(t *testing.T) {
	chars := rapid.StringOf(rapid.SampledFrom([]rune("舟山 a<&>\"\t\n𬭚〔〕")))
	rapid.Check(t, func(t *rapid.T) {
		want := rapid.SliceOfN(chars, 1, 5).Draw(t, "paragraphs")
		var blocks []typeset.Block
		for _, s := range want {
			blocks = append(blocks, par(s))
		}
		var a, b bytes.Buffer
		if err := errors.Join(docx.Build(&a, frame, options, blocks...), docx.Build(&b, frame, options, blocks...)); err != nil {
			t.Fatal(err)
		}
		if !bytes.Equal(a.Bytes(), b.Bytes()) {
			t.Fatal("not reproducible")
		}
		got, err := docx.Text(a.Bytes(), docx.Limits{})
		if d := cmp.Diff(strings.Join(want, "\n")+"\n", got); d != "" || err != nil {
			t.Fatal(err, d)
		}
	})
}

func TestBuildErrors(t *testing.T) {
	seal := par("印")
	seal.Insets = []typeset.Inset{{Image: typeset.NewImage(image.NewNRGBA(image.Rect(0, 0, 1, 1)), typeset.Pt)}}
	row := func(n int) typeset.Table {
		return typeset.Table{Columns: []typeset.Length{0, 0}, Rows: []typeset.Row{{Cells: make([]typeset.Cell, n)}}}
	}
	for name, b := range map[string]typeset.Block{
		"a picture": seal, "a control character": par("a\x01"), "no UTF-8": par("\xff"), "no block": nil, "no columns": typeset.Table{},
		"few cells": row(1), "many cells": row(3), "in a keep": typeset.Keep{Blocks: []typeset.Block{seal}},
		"huge span": typeset.Table{Columns: []typeset.Length{0}, Rows: []typeset.Row{{Cells: []typeset.Cell{{Span: 1 << 62}}}}},
	} {
		var out bytes.Buffer
		err := docx.Build(&out, frame, options, par("前"), b)
		var be *docx.BuildError
		if !errors.As(err, &be) || be.Block != 2 || out.Len() > 0 {
			t.Errorf("%s: %v, %d bytes", name, err, out.Len())
		}
	}
}

func BenchmarkBuild(b *testing.B) {
	var blocks []typeset.Block
	for range 100 {
		blocks = append(blocks, par(strings.Repeat("为了规范市场监督管理行为，", 12)))
	}
	b.ReportAllocs()
	for b.Loop() {
		if err := docx.Build(io.Discard, frame, options, blocks...); err != nil {
			b.Fatal(err)
		}
	}
}

func ExampleBuild() {
	var b bytes.Buffer
	if err := docx.Build(&b, frame, docx.Options{Title: "通知"}, par("各县区局："), par("现将有关事项通知如下。")); err != nil {
		fmt.Println(err)
		return
	}
	fmt.Print(docx.Text(b.Bytes(), docx.Limits{}))
	// Output:
	// 各县区局：
	// 现将有关事项通知如下。
	// <nil>
}
