package docx_test

import (
	"archive/zip"
	"bytes"
	"errors"
	"fmt"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"github.com/dinghai/dinghai/kit/docx"
)

// pack makes a document of a given main part.
func pack(t testing.TB, name, body string) []byte {
	t.Helper()
	var b bytes.Buffer
	z := zip.NewWriter(&b)
	f, err := z.Create(name)
	if err == nil {
		_, err = f.Write([]byte(body))
	}
	if err == nil {
		err = z.Close()
	}
	if err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

const open = `<w:document xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main" xmlns:mc="mc" xmlns:a="a"><w:body>`

func body(t testing.TB, s string) []byte {
	return pack(t, "word/document.xml", open+s+"</w:body></w:document>")
}

func read(b []byte, l docx.Limits) (out []docx.Paragraph, err error) {
	for p, err := range docx.Paragraphs(bytes.NewReader(b), int64(len(b)), l) {
		if err != nil {
			return out, err
		}
		out = append(out, p)
	}
	return out, nil
}

func TestParagraphs(t *testing.T) {
	tests := []struct {
		name, in string
		want     []docx.Paragraph
	}{
		{"runs", `<w:p><w:r><w:t>舟山</w:t></w:r><w:r><w:t xml:space="preserve"> 市</w:t></w:r></w:p>`,
			[]docx.Paragraph{{1, "", false, "舟山 市"}}},
		{"style", `<w:p><w:pPr><w:pStyle w:val="Heading1"/><w:rPr/></w:pPr><w:r><w:t>一</w:t></w:r></w:p><w:p/>`,
			[]docx.Paragraph{{1, "Heading1", false, "一"}, {2, "", false, ""}}},
		{"breaks", `<w:p><w:r><w:t>a</w:t><w:tab/><w:t>b</w:t><w:br/><w:t>c</w:t><w:noBreakHyphen/></w:r></w:p>`,
			[]docx.Paragraph{{1, "", false, "a\tb\nc-"}}},
		{"table", `<w:tbl><w:tr><w:tc><w:p><w:r><w:t>x</w:t></w:r></w:p></w:tc></w:tr></w:tbl><w:p><w:r><w:t>y</w:t></w:r></w:p>`,
			[]docx.Paragraph{{1, "", true, "x"}, {2, "", false, "y"}}},
		{"tracked changes", `<w:p><w:del><w:r><w:delText>old</w:delText></w:r></w:del><w:ins><w:r><w:t>new</w:t></w:r></w:ins></w:p>`,
			[]docx.Paragraph{{1, "", false, "new"}}},
		{"link and field", `<w:p><w:r><w:instrText>PAGE</w:instrText></w:r><w:hyperlink><w:r><w:t>here</w:t></w:r></w:hyperlink></w:p>`,
			[]docx.Paragraph{{1, "", false, "here"}}},
		{"text box", `<w:p><w:r><w:t>a</w:t><mc:Fallback><w:p><w:r><w:t>box</w:t></w:r></w:p></mc:Fallback><w:t>b</w:t></w:r></w:p>`,
			[]docx.Paragraph{{1, "", false, "ab"}}},
		{"other p", `<a:p>x</a:p><w:p>blank between<w:r><w:t>&lt;&#x821f;&gt;</w:t></w:r></w:p>`,
			[]docx.Paragraph{{1, "", false, "<舟>"}}},
		{"empty", ``, nil},
	}
	for _, tt := range tests {
		got, err := read(body(t, tt.in), docx.Limits{})
		if d := cmp.Diff(tt.want, got); d != "" || err != nil {
			t.Errorf("%s: %v %s", tt.name, err, d)
		}
	}
}

func TestErrors(t *testing.T) {
	deep := strings.Repeat("<w:sdt>", 300) + strings.Repeat("</w:sdt>", 300)
	tests := []struct {
		name string
		in   []byte
		l    docx.Limits
		want error
	}{
		{"no archive", []byte("text"), docx.Limits{}, docx.ErrFormat},
		{"no main part", pack(t, "other.xml", ""), docx.Limits{}, docx.ErrFormat},
		{"no XML", pack(t, "word/document.xml", "<w:p"), docx.Limits{}, docx.ErrFormat},
		{"empty part", pack(t, "word/document.xml", ""), docx.Limits{}, docx.ErrFormat},
		{"cut short", pack(t, "word/document.xml", open+"<w:p><w:r>"), docx.Limits{}, docx.ErrFormat},
		{"bomb", body(t, strings.Repeat(" ", 8<<20)), docx.Limits{Size: 1 << 20}, docx.ErrTooLarge},
		{"deep", body(t, deep), docx.Limits{}, docx.ErrTooLarge},
		{"deep in a paragraph", body(t, "<w:p>"+deep+"</w:p>"), docx.Limits{}, docx.ErrTooLarge},
		{"deep in a deletion", body(t, "<w:p><w:del>"+deep+"</w:del></w:p>"), docx.Limits{}, docx.ErrTooLarge},
	}
	for _, tt := range tests {
		if _, err := read(tt.in, tt.l); !errors.Is(err, tt.want) {
			t.Errorf("%s: %v", tt.name, err)
		}
		if _, err := docx.Text(tt.in, tt.l); !errors.Is(err, tt.want) {
			t.Errorf("%s: Text: %v", tt.name, err)
		}
	}
}

func TestRoundTrip(t *testing.T) {
	text := rapid.StringOf(rapid.SampledFrom([]rune("舟山 a<&>\"\t\n")))
	rapid.Check(t, func(t *rapid.T) {
		want := rapid.SliceOfN(text, 0, 6).Draw(t, "paragraphs")
		var b, again bytes.Buffer
		if err := errors.Join(docx.Write(&b, want...), docx.Write(&again, want...)); err != nil {
			t.Fatal(err)
		}
		if !bytes.Equal(b.Bytes(), again.Bytes()) {
			t.Fatal("not reproducible")
		}
		ps, err := read(b.Bytes(), docx.Limits{})
		if err != nil {
			t.Fatal(err)
		}
		got := make([]string, len(ps))
		for i, p := range ps {
			got[i] = p.Text
		}
		if len(got) != len(want) || strings.Join(got, "\x00") != strings.Join(want, "\x00") {
			t.Fatal(cmp.Diff(want, got))
		}
	})
}

func FuzzText(f *testing.F) {
	var b bytes.Buffer
	if err := docx.Write(&b, "舟山", "a\tb"); err != nil {
		f.Fatal(err)
	}
	f.Add(b.Bytes())
	f.Add(body(f, `<w:p><w:del><w:r/></w:del></w:p>`))
	f.Add([]byte("PK\x05\x06"))
	f.Fuzz(func(t *testing.T, b []byte) {
		_, err := docx.Text(b, docx.Limits{Size: 1 << 20})
		if err != nil && !errors.Is(err, docx.ErrFormat) && !errors.Is(err, docx.ErrTooLarge) {
			t.Fatalf("%v", err)
		}
	})
}

func FuzzXML(f *testing.F) {
	f.Add(`<w:p><w:r><w:t>舟</w:t></w:r></w:p>`)
	f.Add(`</w:tc></w:body>`)
	f.Fuzz(func(t *testing.T, s string) {
		_, _ = docx.Text(body(t, s), docx.Limits{})
	})
}

func BenchmarkText(b *testing.B) {
	ps := make([]string, 1000)
	for i := range ps {
		ps[i] = strings.Repeat("第一条 为了规范市场监督管理行为，", 5)
	}
	var doc bytes.Buffer
	if err := docx.Write(&doc, ps...); err != nil {
		b.Fatal(err)
	}
	b.ReportAllocs()
	for b.Loop() {
		if _, err := docx.Text(doc.Bytes(), docx.Limits{}); err != nil {
			b.Fatal(err)
		}
	}
}

func ExampleParagraphs() {
	var b bytes.Buffer
	if err := docx.Write(&b, "通知", "一、总则"); err != nil {
		fmt.Println(err)
		return
	}
	for p, err := range docx.Paragraphs(bytes.NewReader(b.Bytes()), int64(b.Len()), docx.Limits{}) {
		fmt.Println(p.Number, p.Text, err)
	}
	// Output:
	// 1 通知 <nil>
	// 2 一、总则 <nil>
}
