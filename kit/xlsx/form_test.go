package xlsx_test

import (
	"archive/zip"
	"bytes"
	"io"
	"testing"
)

// form is a workbook as other programs write them, with what a library that
// reads and writes it all would lose: formats by extension, prefixed
// attributes, parts that no one knows.
func form(t testing.TB, sheet string) []byte {
	t.Helper()
	const main = `xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main" xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships"`
	const rel = `http://schemas.openxmlformats.org/officeDocument/2006/relationships/`
	parts := []struct{ name, data string }{
		{"[Content_Types].xml", `<?xml version="1.0"?><Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"><Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/><Default Extension="xml" ContentType="application/xml"/><Default Extension="bin" ContentType="application/octet-stream"/><Override PartName="/xl/workbook.xml" ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml"/><Override PartName="/xl/worksheets/sheet1.xml" ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.worksheet+xml"/><Override PartName="/xl/worksheets/sheet2.xml" ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.worksheet+xml"/><Override PartName="/xl/styles.xml" ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.styles+xml"/></Types>`},
		{"_rels/.rels", `<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="rId1" Type="` + rel + `officeDocument" Target="xl/workbook.xml"/></Relationships>`},
		{"xl/workbook.xml", `<workbook ` + main + `><sheets><sheet name="申请表" sheetId="1" r:id="rId1"/><sheet name="it's 2" sheetId="2" r:id="rId2"/></sheets><definedNames><definedName name="企业名称">申请表!$B$2</definedName><definedName name="other">'it''s 2'!$A$1</definedName><definedName name="range">申请表!$A$1:$B$2</definedName></definedNames><calcPr calcId="191029"/><extLst><ext uri="{x}"/></extLst></workbook>`},
		{"xl/_rels/workbook.xml.rels", `<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="rId1" Type="` + rel + `worksheet" Target="worksheets/sheet1.xml"/><Relationship Id="rId2" Type="` + rel + `worksheet" Target="/xl/worksheets/sheet2.xml"/><Relationship Id="rId3" Type="` + rel + `styles" Target="styles.xml"/></Relationships>`},
		{"xl/styles.xml", `<styleSheet ` + main + `><fonts count="1"><font/></fonts><fills count="1"><fill/></fills><borders count="1"><border/></borders><cellStyleXfs count="1"><xf/></cellStyleXfs><cellXfs count="4"><xf/><xf numFmtId="14" applyNumberFormat="1"/><xf numFmtId="4" applyNumberFormat="1"/><xf numFmtId="49" applyNumberFormat="1"/></cellXfs></styleSheet>`},
		{"xl/worksheets/sheet1.xml", sheet},
		{"xl/worksheets/sheet2.xml", `<x:worksheet xmlns:x="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><x:sheetData/></x:worksheet>`},
		{"xl/printerSettings/printerSettings1.bin", "\x00\x01\xff"},
		{"custom/未知.xml", `<什么/>`},
	}
	var b bytes.Buffer
	w := zip.NewWriter(&b)
	for _, p := range parts {
		f, err := w.Create(p.name)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := io.WriteString(f, p.data); err != nil {
			t.Fatal(err)
		}
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

const applicationForm = `<?xml version="1.0" encoding="UTF-8" standalone="yes"?>
<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main" xmlns:x14ac="u" xmlns:xr="v" xr:uid="{0}"><sheetPr codeName="S1"/><dimension ref="A1:C6"/>` +
	`<cols><col min="4" max="5" width="9" style="3" customWidth="1"/></cols>` +
	`<sheetData><row r="1" spans="1:3" ht="30" x14ac:dyDescent="0.2"><c r="A1" s="2" t="s"><v>0</v></c></row>` +
	`<row r="2" spans="1:3"><c r="A2" t="inlineStr"><is><t>名称</t></is></c><c r="B2" s="3"/><c r="C2" s="3" t="str"><v>旧</v></c></row>` +
	`<row r="3"/>` +
	`<row r="5" s="1" customFormat="1"><c r="B5" s="1"><v>1</v></c><c r="C5" s="2"><f>B5*2</f><v>2</v></c></row>` +
	`<row r="6"><c r="C6"><f t="shared" ref="C6:C7" si="0">SUM(B5:B5)</f><v>1</v></c></row></sheetData>` +
	`<mergeCells count="1"><mergeCell ref="B2:C2"/></mergeCells><conditionalFormatting sqref="B5"><cfRule type="cellIs" priority="1" operator="greaterThan"><formula>9</formula></cfRule></conditionalFormatting>` +
	`<extLst><ext uri="{78C0D931}" xmlns:x14="w"><x14:conditionalFormattings/></ext></extLst></worksheet>`

func parts(t testing.TB, b []byte) map[string]string {
	t.Helper()
	z, err := zip.NewReader(bytes.NewReader(b), int64(len(b)))
	if err != nil {
		t.Fatal(err)
	}
	out := map[string]string{}
	for _, f := range z.File {
		r, err := f.Open()
		if err != nil {
			t.Fatal(err)
		}
		data, err := io.ReadAll(r)
		if err != nil {
			t.Fatal(err)
		}
		out[f.Name] = string(data)
	}
	return out
}
