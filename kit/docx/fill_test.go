package docx_test

import (
	"archive/zip"
	"bytes"
	"errors"
	"fmt"
	"io"
	"os"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

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

func TestControls(t *testing.T) {
	body := `<w:p>` + sdt("a", `<w:alias w:val="当事人"/><w:text/>`, `<w:r><w:t>甲</w:t><w:tab/></w:r>`) + `</w:p>` +
		sdt("b", `<w:comboBox><w:listItem w:displayText="警告" w:value="1"/></w:comboBox>`, `<w:p><w:r><w:t>一</w:t></w:r></w:p><w:p>`+sdt("c", "<w14:checkbox/>", `<w:r><w:t>☐</w:t></w:r>`)+`</w:p>`)
	b := archive(t, "word/footer1.xml", strings.Replace(head, "document", "ftr", 1)+sdt("d", "<w:date/>", "")+"</w:body></w:ftr>", "word/document.xml", head+body+foot)
	got, err := docx.Controls(bytes.NewReader(b), int64(len(b)), docx.Limits{})
	want := []docx.Control{
		{Tag: "a", Title: "当事人", Kind: docx.PlainText, Text: "甲\t", Part: "word/document.xml"},
		{Tag: "b", Kind: docx.ComboBox, Text: "一\n☐", Items: []string{"警告"}, Part: "word/document.xml"},
		{Tag: "c", Kind: docx.CheckBox, Text: "☐", Part: "word/document.xml"},
		{Tag: "d", Kind: docx.DateField, Part: "word/footer1.xml"},
	}
	if d := cmp.Diff(want, got); d != "" || err != nil {
		t.Error(err, d)
	}
	deep := strings.Repeat(`<w:sdt><w:sdtContent>`, 100) + "<w:r><w:t>" + strings.Repeat("x", 20_000) + "</w:t></w:r>" + strings.Repeat(`</w:sdtContent></w:sdt>`, 100)
	b = archive(t, "word/document.xml", head+deep+foot)
	if _, err := docx.Controls(bytes.NewReader(b), int64(len(b)), docx.Limits{Size: 1 << 20}); !errors.Is(err, docx.ErrTooLarge) {
		t.Error("text within a hundred controls:", err)
	}
}

// TestFillReadBack fills any text and reads it back.
func TestFillReadBack(t *testing.T) {
	tmpl := archive(t, "word/document.xml", head+`<w:p>`+sdt("words", "", `<w:r><w:t>旧</w:t></w:r>`)+`</w:p>`+sdt("paragraphs", "", `<w:p/>`)+foot)
	rapid.Check(t, func(t *rapid.T) {
		s := rapid.StringOf(rapid.SampledFrom([]rune("舟山 a<&>\"'\t\n]]>𬭚"))).Draw(t, "text")
		b, err := fill(tmpl, text(map[string]string{"words": s, "paragraphs": s}), docx.Limits{})
		if err != nil {
			t.Fatal(err)
		}
		cs, err := docx.Controls(bytes.NewReader(b), int64(len(b)), docx.Limits{})
		if err != nil || cs[0].Text != strings.TrimSuffix(s, "\n") || cs[1].Text != s {
			t.Fatalf("%q became %+v, %v", s, cs, err)
		}
	})
}

func FuzzFill(f *testing.F) {
	f.Add(`<w:p>`+sdt("a", "<w:text/>", `<w:r><w:t>旧</w:t></w:r>`)+`</w:p>`, "新")
	f.Add(sdt("r", "", sdt("a", "<w14:checkbox/>", "")), "x\ny")
	f.Add(`<w:sdt><w:sdtContent/><w:sdtPr/></w:sdt>`, "")
	f.Fuzz(func(t *testing.T, body, value string) {
		in := archive(t, "word/document.xml", head+body+foot)
		for _, v := range []docx.Values{text(map[string]string{"a": value}), {Rows: map[string][]docx.Values{"r": {text(map[string]string{"a": value}), {}}}}, {Check: map[string]bool{"a": true}}} {
			b, err := fill(in, v, docx.Limits{Size: 1 << 20})
			if err != nil {
				continue
			}
			if _, err := docx.Controls(bytes.NewReader(b), int64(len(b)), docx.Limits{}); err != nil {
				t.Fatalf("filled document cannot be read: %v", err)
			}
		}
	})
}

func BenchmarkFill(b *testing.B) {
	var body strings.Builder
	values := map[string]string{}
	for i := range 200 {
		tag := fmt.Sprint("field", i)
		body.WriteString(`<w:p><w:r><w:t>当事人：</w:t></w:r>` + sdt(tag, "<w:text/>", `<w:r><w:t>旧</w:t></w:r>`) + `</w:p>`)
		values[tag] = "舟山某某食品有限公司"
	}
	in := archive(b, "word/document.xml", head+body.String()+foot)
	b.ReportAllocs()
	for b.Loop() {
		if _, err := fill(in, text(values), docx.Limits{}); err != nil {
			b.Fatal(err)
		}
	}
}

func ExampleFill() {
	template, err := os.ReadFile("testdata/decision.docx")
	if err != nil {
		fmt.Println(err)
		return
	}
	var out bytes.Buffer
	err = docx.Fill(&out, bytes.NewReader(template), int64(len(template)), docx.Values{
		Text:  map[string]string{"party": "舟山某某食品有限公司", "fine": "12,000.00"},
		Check: map[string]bool{"warning": true},
		Rows: map[string][]docx.Values{"goods": {
			{Text: map[string]string{"name": "鱼松", "count": "30"}},
			{Text: map[string]string{"name": "鱿鱼丝", "count": "12"}},
		}},
	}, docx.Limits{})
	if err != nil {
		fmt.Println(err)
		return
	}
	s, err := docx.Text(out.Bytes(), docx.Limits{})
	fmt.Print(s, err)
	// Output:
	// 行政处罚决定书
	// 当事人：舟山某某食品有限公司
	// 处罚：☒警告　罚款12,000.00元
	// 物品
	// 数量
	// 鱼松
	// 30
	// 鱿鱼丝
	// 12
	// <nil>
}
