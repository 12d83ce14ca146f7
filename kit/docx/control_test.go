package docx_test

import (
	"bytes"
	"errors"
	"fmt"
	"os"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"github.com/dinghai/dinghai/kit/docx"
)

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
