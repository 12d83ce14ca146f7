package web

import (
	"errors"
	"io"
	"net/http"
	"strings"
	"unicode/utf8"

	"github.com/a-h/templ"

	"github.com/dinghai/dinghai/domain"
	"github.com/dinghai/dinghai/engine/indicator"
	"github.com/dinghai/dinghai/engine/report"
	"github.com/dinghai/dinghai/web/view"
)

const maxDraft = 1 << 20 // bytes of text

// draft is the empty form.
func (s *server) draft(r *request) (templ.Component, error) {
	r.Nav, r.Title = "draft", r.T("draft.title")
	q, err := s.queryOf(r)
	if err != nil {
		return nil, err
	}
	return view.DraftPage(r.Page, view.Draft{Missing: s.Reports == nil, Form: s.askForm(r, q)}), nil
}

// draftCheck holds the numbers of a draft against the records. The draft is
// not kept.
func (s *server) draftCheck(r *request) (templ.Component, error) {
	r.Nav, r.Title = "draft", r.T("draft.title")
	if s.Reports == nil {
		return view.DraftPage(r.Page, view.Draft{Missing: true}), nil
	}
	text, err := draftText(r)
	if err != nil {
		return nil, err
	}
	q, err := s.queryOf(r)
	if err != nil {
		return nil, err
	}
	v := view.Draft{Form: s.askForm(r, q), Text: text}
	if strings.TrimSpace(text) == "" {
		v.Problem = r.T("draft.empty")
		return view.DraftPage(r.Page, v), nil
	}
	lang := report.DraftLang(text)
	res, _, err := s.Reports.Report(r.Context(), q, lang)
	if err != nil {
		return nil, err
	}
	v.Done = true
	s.judge(r, &v, q, res, report.Check(text, lang, res.Figures))
	return view.DraftPage(r.Page, v), nil
}

// draftText is the pasted text or the uploaded file.
func draftText(r *request) (string, error) {
	text := r.PostFormValue("text")
	f, head, err := r.FormFile("file")
	switch {
	case errors.Is(err, http.ErrMissingFile) || errors.Is(err, http.ErrNotMultipart):
	case err != nil:
		return "", err
	default:
		defer f.Close()
		b, err := io.ReadAll(f)
		if err != nil {
			return "", err
		}
		if len(b) > 0 {
			if text, err = report.ReadDraft(head.Filename, b); err != nil {
				return "", unreadable(err)
			}
		}
	}
	if len(text) > maxDraft {
		return "", domain.Failf(domain.Invalid, "text", "length", "文稿超过 %d KB，请分段核对", "the draft is larger than %d KB; check it in parts", maxDraft>>10)
	}
	return strings.ReplaceAll(text, "\r\n", "\n"), nil
}

// unreadable gives a file that cannot be opened a reason in words.
func unreadable(err error) error {
	var d *domain.Error
	if errors.As(err, &d) && len(d.Problems) > 0 {
		return err
	}
	return domain.Fail(domain.Invalid, "file", "type", "文件无法读取，可能已损坏或不是 .docx、.txt、.md 文件", "the file cannot be read; it may be damaged, or is no .docx, .txt or .md file")
}

// verdicts turns those of the checker into ours.
var verdicts = map[string]string{report.Agrees: "agrees", report.Differs: "differs", report.Unsourced: "unknown"}

// judge marks the text and lists the numbers.
func (s *server) judge(r *request, v *view.Draft, q indicator.Query, res *report.Result, claims []report.Claim) {
	n := map[string]int{}
	at := 0
	for _, c := range claims {
		word := verdicts[c.Verdict]
		n[word]++
		row := view.DraftNumber{Text: c.Text, Context: near(v.Text, c.From, c.To), Verdict: word, Word: r.T("draft." + word), Record: c.Right}
		piece := view.DraftPiece{Text: v.Text[c.From:c.To], Verdict: word, Note: note(c)}
		if f := res.Find(c.Figure); f != nil {
			row.Figure = view.Link{Text: f.Label.In(r.lang), Href: "/figures/" + f.ID + "?" + span(f.Period.From, f.Period.To, q.Area)}
			row.Record = first(c.Right, amount(f, f.Value))
			piece.Href = row.Figure.Href
		}
		v.Numbers = append(v.Numbers, row)
		if c.From >= at { // a number shared by several figures is marked once
			v.Pieces = append(v.Pieces, view.DraftPiece{Text: v.Text[at:c.From]}, piece)
			at = c.To
		}
	}
	v.Pieces = append(v.Pieces, view.DraftPiece{Text: v.Text[at:]})
	v.Summary = r.T("draft.count", len(claims), n["agrees"], n["differs"], n["unknown"])
}

// note is what stands behind a number that differs.
func note(c report.Claim) string {
	if c.Right == "" {
		return ""
	}
	return "（" + c.Right + "）"
}

const around = 18 // characters shown on either side of a number

// near is the number with the words around it, within its line; an ellipsis
// says where the line goes on.
func near(text string, from, to int) string {
	line := strings.LastIndexByte(text[:from], '\n') + 1
	end := len(text)
	if i := strings.IndexByte(text[to:], '\n'); i >= 0 {
		end = to + i
	}
	left, right := from, to
	for n := 0; left > line; n++ {
		r, size := utf8.DecodeLastRuneInString(text[:left])
		if n >= around && !inNumber(r) {
			break
		}
		left -= size
	}
	for n := 0; right < end; n++ {
		r, size := utf8.DecodeRuneInString(text[right:])
		if n >= around && !inNumber(r) {
			break
		}
		right += size
	}
	out := strings.TrimSpace(text[left:right])
	if strings.TrimSpace(text[line:left]) != "" {
		out = "…" + out
	}
	if strings.TrimSpace(text[right:end]) != "" {
		out += "…"
	}
	return out
}

// inNumber: a number or a Latin word is not cut in the middle; it would read
// as another.
func inNumber(r rune) bool {
	return r >= '0' && r <= '9' || r == '.' || r == ',' || r == '%' || r >= 'a' && r <= 'z' || r >= 'A' && r <= 'Z'
}
