package report

import (
	"bytes"
	"io"
	"path"
	"regexp"
	"strings"
	"unicode"

	"github.com/dinghai/dinghai/domain"
	"github.com/dinghai/dinghai/kit/csvx"
	"github.com/dinghai/dinghai/kit/docx"
)

// ReadDraft takes the text out of a draft: .txt, .md or .docx, by the name of
// the file. Text may be UTF-8 or what older Chinese programs write.
func ReadDraft(name string, b []byte) (string, error) {
	switch strings.ToLower(path.Ext(name)) {
	case ".docx":
		s, err := docx.Text(b, docx.Limits{})
		if err != nil {
			return "", domain.Wrap(domain.Invalid, err)
		}
		return s, nil
	case ".md", ".markdown":
		s, err := decode(b)
		return unwrap(s), err
	case ".txt", "":
		return decode(b)
	}
	return "", domain.Failf(domain.Invalid, "draft", "type", "不能读取「%s」：草稿须是txt、md或docx", "cannot read %q: a draft is txt, md or docx", path.Base(name))
}

func decode(b []byte) (string, error) {
	r, _ := csvx.Decode(bytes.NewReader(b))
	out, err := io.ReadAll(r)
	if err != nil {
		return "", domain.Wrap(domain.Invalid, err)
	}
	return strings.ReplaceAll(string(out), "\r\n", "\n"), nil
}

// ownLine tells lines of Markdown that begin something new.
var ownLine = regexp.MustCompile(`^\s*(?:#|[-*+] |\d+[.)] |\||>|$)`)

// unwrap joins the lines of a Markdown paragraph, so that a sentence is not cut
// where the editor broke it.
func unwrap(s string) string {
	lines := strings.Split(s, "\n")
	var b strings.Builder
	for i, line := range lines {
		b.WriteString(line)
		switch {
		case i == len(lines)-1:
		case ownLine.MatchString(lines[i+1]) || strings.HasPrefix(line, "#") || strings.TrimSpace(line) == "":
			b.WriteByte('\n')
		case !endsWide(line):
			b.WriteByte(' ')
		}
	}
	return b.String()
}

// endsWide reports whether a line ends in Chinese, which needs no blank.
func endsWide(line string) bool {
	r := []rune(line)
	return len(r) > 0 && (unicode.Is(unicode.Han, r[len(r)-1]) || r[len(r)-1] >= 0x3000)
}

// DraftLang guesses the language of a draft by its letters.
func DraftLang(text string) string {
	han, latin := 0, 0
	for _, r := range text {
		switch {
		case unicode.Is(unicode.Han, r):
			han++
		case r < 0x80 && unicode.IsLetter(r):
			latin++
		}
	}
	if latin > 4*han {
		return "en"
	}
	return "zh"
}
