package docx_test

import (
	"archive/zip"
	"bytes"
	"errors"
	"io"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/dinghai/dinghai/kit/docx"
)

// archive packs parts in order: name, text, name, text …
func archive(t testing.TB, parts ...string) []byte {
	t.Helper()
	var b bytes.Buffer
	z := zip.NewWriter(&b)
	for i := 0; i < len(parts); i += 2 {
		f, err := z.Create(parts[i])
		if err == nil {
			_, err = io.WriteString(f, parts[i+1])
		}
		if err != nil {
			t.Fatal(err)
		}
	}
	if err := z.Close(); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

func partOf(t testing.TB, b []byte, name string) string {
	t.Helper()
	z, err := zip.NewReader(bytes.NewReader(b), int64(len(b)))
	if err != nil {
		t.Fatal(err)
	}
	f, err := z.Open(name)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	out, err := io.ReadAll(f)
	if err != nil {
		t.Fatal(err)
	}
	return string(out)
}

func fill(b []byte, v docx.Values, l docx.Limits) ([]byte, error) {
	var out bytes.Buffer
	err := docx.Fill(&out, bytes.NewReader(b), int64(len(b)), v, l)
	return out.Bytes(), err
}

const (
	head = `<w:document xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main" xmlns:w14="http://schemas.microsoft.com/office/word/2010/wordml" xmlns:w15="http://schemas.microsoft.com/office/word/2012/wordml"><w:body>`
	foot = `<w:sectPr/></w:body></w:document>`
)

// sdt writes a control with a tag, further properties and contents.
func sdt(tag, more, content string) string {
	return `<w:sdt><w:sdtPr><w:id w:val="7"/><w:tag w:val="` + tag + `"/>` + more + `</w:sdtPr><w:sdtContent>` + content + `</w:sdtContent></w:sdt>`
}

func text(m map[string]string) docx.Values { return docx.Values{Text: m} }

// TestFill compares the body before and after: what is around a control, and
// the control's own format, stay byte for byte.
func TestFill(t *testing.T) {
	const bold, grey = `<w:rPr><w:b/></w:rPr>`, `<w:rPr><w:rStyle w:val="PlaceholderText"/></w:rPr>`
	const id, tag = `<w:id w:val="7"/>`, `<w:tag w:val="a"/>`
	box := `<w14:checkbox><w14:checked w14:val="0"/><w14:checkedState w14:val="2611" w14:font="MS Gothic"/><w14:uncheckedState w14:val="2610"/></w14:checkbox>`
	list := `<w:dropDownList><w:listItem w:displayText="警告" w:value="1"/><w:listItem w:value="罚款"/></w:dropDownList>`
	rowItem := func(id string) string {
		return `<w:tr><w:tc><w:p>` + strings.Replace(sdt("n", "", `<w:r><w:t>x</w:t></w:r>`), `<w:id w:val="7"/>`, id, 1) + `</w:p></w:tc></w:tr>`
	}
	filledRow := func(id, s string) string {
		return strings.Replace(rowItem(id), `<w:r><w:t>x</w:t></w:r>`, `<w:r><w:t xml:space="preserve">`+s+`</w:t></w:r>`, 1)
	}
	tests := []struct {
		name, in, want string
		v              docx.Values
	}{
		{"words keep their format", `<w:p>` + sdt("a", "<w:text/>", `<w:r>`+bold+`<w:t>旧</w:t></w:r><w:r><w:t>文</w:t></w:r>`) + `</w:p>`,
			`<w:p>` + sdt("a", "<w:text/>", `<w:r>`+bold+`<w:t xml:space="preserve">新&lt;1&gt;</w:t></w:r>`) + `</w:p>`, text(map[string]string{"a": "新<1>"})},
		{"a placeholder gives way, with its format", `<w:p>` + sdt("a", bold+"<w:showingPlcHdr/>", `<w:r>`+grey+`<w:t>单击此处</w:t></w:r>`) + `</w:p>`,
			`<w:p>` + sdt("a", bold, `<w:r>`+bold+`<w:t xml:space="preserve">新</w:t></w:r>`) + `</w:p>`, text(map[string]string{"a": "新"})},
		{"a binding is cut", `<w:p>` + sdt("a", `<w:dataBinding w:xpath="/x" w:storeItemID="{1}"/><w:text/>`, `<w:r><w:t>旧</w:t></w:r>`) + `</w:p>`,
			`<w:p>` + sdt("a", "<w:text/>", `<w:r><w:t xml:space="preserve">新</w:t></w:r>`) + `</w:p>`, text(map[string]string{"a": "新"})},
		{"lines and tabs", `<w:p>` + sdt("a", "", `<w:r><w:t>旧</w:t></w:r>`) + `</w:p>`,
			`<w:p>` + sdt("a", "", `<w:r><w:t xml:space="preserve">甲</w:t><w:tab/><w:t xml:space="preserve">乙</w:t><w:br/><w:t xml:space="preserve">丙</w:t></w:r>`) + `</w:p>`, text(map[string]string{"a": "甲\t乙\n丙"})},
		{"paragraphs", sdt("a", "", `<w:p><w:pPr><w:jc w:val="both"/></w:pPr><w:r>`+bold+`<w:t>旧</w:t></w:r></w:p><w:p/>`),
			sdt("a", "", `<w:p><w:pPr><w:jc w:val="both"/></w:pPr><w:r>`+bold+`<w:t xml:space="preserve">甲</w:t></w:r></w:p><w:p><w:pPr><w:jc w:val="both"/></w:pPr><w:r>`+bold+`<w:t xml:space="preserve">乙</w:t></w:r></w:p>`),
			text(map[string]string{"a": "甲\n乙"})},
		{"a cell", `<w:tr>` + sdt("a", "", `<w:tc><w:tcPr><w:tcW w:w="9"/></w:tcPr><w:p><w:r><w:t>旧</w:t></w:r></w:p></w:tc>`) + `</w:tr>`,
			`<w:tr>` + sdt("a", "", `<w:tc><w:tcPr><w:tcW w:w="9"/></w:tcPr><w:p><w:r><w:t xml:space="preserve">新</w:t></w:r></w:p></w:tc>`) + `</w:tr>`, text(map[string]string{"a": "新"})},
		{"empty contents", `<w:p><w:sdt><w:sdtPr>` + tag + `</w:sdtPr><w:sdtContent/></w:sdt></w:p>`,
			`<w:p><w:sdt><w:sdtPr>` + tag + `</w:sdtPr><w:sdtContent><w:r><w:t xml:space="preserve">新</w:t></w:r></w:sdtContent></w:sdt></w:p>`, text(map[string]string{"a": "新"})},
		{"empty value", `<w:p>` + sdt("a", "", `<w:r><w:t>旧</w:t></w:r>`) + `</w:p>`, `<w:p>` + sdt("a", "", `<w:r></w:r>`) + `</w:p>`, text(map[string]string{"a": ""})},
		{"a tag that comes twice", `<w:p>` + sdt("a", "", `<w:r/>`) + sdt("b", "", `<w:r/>`) + sdt("a", "", `<w:r/>`) + `</w:p>`,
			`<w:p>` + sdt("a", "", `<w:r><w:t xml:space="preserve">新</w:t></w:r>`) + sdt("b", "", `<w:r/>`) + sdt("a", "", `<w:r><w:t xml:space="preserve">新</w:t></w:r>`) + `</w:p>`, text(map[string]string{"a": "新"})},
		{"a control within a control", sdt("out", "", `<w:p>`+sdt("a", "", `<w:r/>`)+`<w:r><w:t>尾</w:t></w:r></w:p>`),
			sdt("out", "", `<w:p>`+sdt("a", "", `<w:r><w:t xml:space="preserve">新</w:t></w:r>`)+`<w:r><w:t>尾</w:t></w:r></w:p>`), text(map[string]string{"a": "新"})},
		{"a date forgets the day it knew", `<w:p>` + sdt("a", `<w:date w:fullDate="2020-01-01T00:00:00Z"><w:dateFormat w:val="yyyy年M月d日"/></w:date>`, `<w:r/>`) + `</w:p>`,
			`<w:p>` + sdt("a", `<w:date><w:dateFormat w:val="yyyy年M月d日"/></w:date>`, `<w:r><w:t xml:space="preserve">2024年3月5日</w:t></w:r>`) + `</w:p>`, text(map[string]string{"a": "2024年3月5日"})},
		{"a list takes the value for what it shows", `<w:p>` + sdt("a", list, `<w:r/>`) + `</w:p>`, `<w:p>` + sdt("a", list, `<w:r><w:t xml:space="preserve">警告</w:t></w:r>`) + `</w:p>`, text(map[string]string{"a": "1"})},
		{"a ticked box", `<w:p>` + sdt("a", box, `<w:r><w:t>☐</w:t></w:r>`) + `</w:p>`,
			`<w:p>` + sdt("a", strings.Replace(box, `checked w14:val="0"`, `checked w14:val="1"`, 1), `<w:r><w:t xml:space="preserve">☑</w:t></w:r>`) + `</w:p>`, docx.Values{Check: map[string]bool{"a": true}}},
		{"rows, identifiers once", `<w:tbl>` + sdt("a", "<w15:repeatingSection/>", rowItem(id)) + `</w:tbl>`,
			`<w:tbl>` + sdt("a", "<w15:repeatingSection/>", filledRow(id, "1")+filledRow("", "2")+filledRow("", "3")) + `</w:tbl>`,
			docx.Values{Rows: map[string][]docx.Values{"a": {text(map[string]string{"n": "1"}), text(map[string]string{"n": "2"}), text(map[string]string{"n": "3"})}}}},
		{"no rows", `<w:tbl>` + sdt("a", "", rowItem(id)) + `</w:tbl>`, `<w:tbl></w:tbl>`, docx.Values{Rows: map[string][]docx.Values{"a": nil}}},
		{"no paragraphs", `<w:tc>` + sdt("a", "", `<w:p/>`) + `</w:tc>`, `<w:tc><w:p/></w:tc>`, docx.Values{Rows: map[string][]docx.Values{"a": nil}}},
		{"no values", `<w:p>` + sdt("a", "<w:showingPlcHdr/>", `<w:r/>`) + `</w:p>`, `<w:p>` + sdt("a", "<w:showingPlcHdr/>", `<w:r/>`) + `</w:p>`, docx.Values{}},
	}
	for _, tt := range tests {
		b, err := fill(archive(t, "word/document.xml", head+tt.in+foot), tt.v, docx.Limits{})
		if err != nil {
			t.Errorf("%s: %v", tt.name, err)
			continue
		}
		if d := cmp.Diff(head+tt.want+foot, partOf(t, b, "word/document.xml")); d != "" {
			t.Errorf("%s: %s", tt.name, d)
		}
	}
	other := strings.NewReplacer("w:", "x:", ":w=", ":x=").Replace(head + `<w:p>` + sdt("a", "", `<w:r/>`) + `</w:p>` + foot)
	b, err := fill(archive(t, "word/document.xml", other), text(map[string]string{"a": "新"}), docx.Limits{})
	if err != nil || !strings.Contains(partOf(t, b, "word/document.xml"), `<x:r><x:t xml:space="preserve">新</x:t></x:r>`) {
		t.Error("another prefix:", err)
	}
}

// TestFillParts: headers are filled too, and parts without controls stay packed
// as they were.
func TestFillParts(t *testing.T) {
	in := archive(t, "word/document.xml", head+`<w:p/>`+foot, "word/media/image1.png", "\x89PNG…",
		"word/header1.xml", strings.Replace(head, "document", "hdr", 1)+`<w:p>`+sdt("number", "", `<w:r/>`)+`</w:p></w:body></w:hdr>`)
	b, err := fill(in, text(map[string]string{"number": "舟市监〔2024〕1号"}), docx.Limits{})
	if err != nil {
		t.Fatal(err)
	}
	again, err := fill(in, text(map[string]string{"number": "舟市监〔2024〕1号"}), docx.Limits{})
	if err != nil || !bytes.Equal(b, again) {
		t.Error("not reproducible", err)
	}
	if s := partOf(t, b, "word/header1.xml"); !strings.Contains(s, "舟市监〔2024〕1号") {
		t.Error(s)
	}
	for _, name := range []string{"word/document.xml", "word/media/image1.png"} {
		if partOf(t, b, name) != partOf(t, in, name) {
			t.Errorf("%s changed", name)
		}
	}
}

func TestFillErrors(t *testing.T) {
	list := `<w:dropDownList><w:listItem w:displayText="警告" w:value="1"/></w:dropDownList>`
	tests := []struct {
		name, in string
		v        docx.Values
		tag      string // of the ControlError
	}{
		{"no such control", `<w:p/>`, text(map[string]string{"a": "x"}), "a"},
		{"swallowed by an outer control", sdt("out", "", `<w:p>`+sdt("a", "", `<w:r/>`)+`</w:p>`), text(map[string]string{"out": "x", "a": "x"}), "a"},
		{"not in the list", sdt("a", list, `<w:r/>`), text(map[string]string{"a": "没收"}), "a"},
		{"text for a picture", sdt("a", "<w:picture/>", `<w:r/>`), text(map[string]string{"a": "x"}), "a"},
		{"text for a box", sdt("a", "<w14:checkbox/>", `<w:r/>`), text(map[string]string{"a": "x"}), "a"},
		{"a tick for text", sdt("a", "", `<w:r/>`), docx.Values{Check: map[string]bool{"a": true}}, "a"},
		{"text for rows", sdt("a", "", `<w:tr/>`), text(map[string]string{"a": "x"}), "a"},
		{"control character", sdt("a", "", `<w:r/>`), text(map[string]string{"a": "x\x00"}), "a"},
		{"no UTF-8", sdt("a", "", `<w:r/>`), text(map[string]string{"a": "\xff"}), "a"},
		{"missing within a row", sdt("a", "", `<w:tr/>`), docx.Values{Rows: map[string][]docx.Values{"a": {{}, text(map[string]string{"n": "1"})}}}, "a[1].n"},
	}
	for _, tt := range tests {
		b, err := fill(archive(t, "word/document.xml", head+tt.in+foot), tt.v, docx.Limits{})
		var ce *docx.ControlError
		if !errors.As(err, &ce) || ce.Tag != tt.tag || len(b) > 0 {
			t.Errorf("%s: %v, %d bytes", tt.name, err, len(b))
		}
	}
	for name, tt := range map[string]struct {
		in   []byte
		want error
	}{
		"no archive":         {[]byte("PK"), docx.ErrFormat},
		"two main parts":     {archive(t, "word/document.xml", head+foot, "word/document.xml", head+foot), docx.ErrFormat},
		"properties last":    {archive(t, "word/document.xml", head+`<w:sdt><w:sdtContent/><w:sdtPr><w:tag w:val="a"/></w:sdtPr></w:sdt>`+foot), docx.ErrFormat},
		"cut short":          {archive(t, "word/document.xml", head+"<w:p>"), docx.ErrFormat},
		"an entity":          {archive(t, "word/document.xml", `<!DOCTYPE d [<!ENTITY a "aaaa">]>`+head+"&a;"+foot), docx.ErrFormat},
		"deep":               {archive(t, "word/document.xml", head+strings.Repeat("<w:p>", 300)+strings.Repeat("</w:p>", 300)+foot), docx.ErrTooLarge},
		"large":              {archive(t, "word/document.xml", head+strings.Repeat(" ", 2<<20)+foot), docx.ErrTooLarge},
		"repeated too often": {archive(t, "word/document.xml", head+sdt("a", "", "<w:p>"+strings.Repeat(" ", 900_000)+"</w:p>")+foot), docx.ErrTooLarge},
	} {
		v := docx.Values{Rows: map[string][]docx.Values{"a": make([]docx.Values, 1000)}}
		if _, err := fill(tt.in, v, docx.Limits{Size: 1 << 20}); !errors.Is(err, tt.want) {
			t.Errorf("%s: %v", name, err)
		}
	}
}
