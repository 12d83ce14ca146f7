package web

import (
	"bytes"
	"fmt"
	"mime"
	"net/http"
	"strings"

	"github.com/dinghai/dinghai/domain"
	"github.com/dinghai/dinghai/engine/report"
	"github.com/dinghai/dinghai/kit/docx"
	"github.com/dinghai/dinghai/kit/typeset"
)

// publishText freezes and signs a report as it was refreshed last.
func (s *server) publishText(r *request, rec *domain.Record) error {
	if s.Publisher == nil {
		return domain.Fail(domain.Unavailable, "", "publish", "本机没有启用发布，请联系系统管理员", "this machine publishes no reports; ask the system administrator")
	}
	cmd := domain.Command{Record: rec.Ref, Action: "publish", Actor: r.sight.Viewer.Actor, Seq: rec.Seq, Input: map[string]any{"frozen": strings.Repeat("0", 64)}}
	if _, err := s.Engine.Check(r.Context(), cmd); err != nil {
		return err
	}
	w, err := s.writeOut(r.Context(), rec, s.typedOf(rec))
	if err != nil {
		return err
	}
	if len(w.wrong) > 0 {
		e := w.wrong[0]
		return domain.Fail(domain.Guarded, "body", "marks", "正文里有不能识别的数字标记，请先改正："+s.langs["zh"].T("mark.line", e.Line)+s.langs["zh"].T("mark."+e.Rule, e.Arg),
			"the text has a mark nobody can fill; mend it first: "+s.langs["en"].T("mark.line", e.Line)+s.langs["en"].T("mark."+e.Rule, e.Arg))
	}
	title := text(rec.Fields["title"])
	f := report.Freeze(w.res, domain.Text{ZH: title, EN: title}, s.Engine.Now(), s.cat.Hash, w.q.At)
	f.Word(w.tpl, w.doc)
	id, err := s.Publisher.Publish(r.Context(), f)
	if err != nil {
		return err
	}
	cmd.Input = map[string]any{"frozen": id}
	_, err = s.Engine.Do(r.Context(), cmd)
	return err
}

// asPublished is the document of a published report: as it was frozen where
// computing it again would read differently, nil else.
func (s *server) asPublished(r *request, rec *domain.Record, now *report.Document) (*report.Frozen, *report.Document, error) {
	id := text(rec.Fields["frozen"])
	if s.Publisher == nil || id == "" {
		return nil, nil, nil
	}
	_, f, err := s.Publisher.Published(r.Context(), rec.Area, id)
	if err != nil || f == nil || len(f.Templates) == 0 {
		return nil, nil, err
	}
	if now.Markdown() == f.Templates[0].Text {
		return f, nil, nil
	}
	return f, f.Document(f.Templates[0].Lang), nil
}

// reportExport gives the report as a file: Markdown, HTML, DOCX, or signed.
func (s *server) reportExport(w http.ResponseWriter, h *http.Request) {
	r := s.request(w, h)
	rec, err := s.reportAt(r)
	if err != nil {
		s.fail(w, h, err)
		return
	}
	kind, b, err := s.exported(r, rec, r.URL.Query().Get("as"))
	if err != nil {
		s.fail(w, h, err)
		return
	}
	name := first(domain.CleanFileName(text(rec.Fields["title"])), "report") + "." + r.URL.Query().Get("as")
	w.Header().Set("Content-Type", kind)
	w.Header().Set("Content-Disposition", mime.FormatMediaType("attachment", map[string]string{"filename": name}))
	_, _ = w.Write(b) // the reader has gone; nothing to tell anyone
}

func (s *server) exported(r *request, rec *domain.Record, as string) (kind string, b []byte, err error) {
	if as == "json" {
		return s.signedFile(r, rec)
	}
	t, err := s.writeOut(r.Context(), rec, s.typedOf(rec))
	if err != nil {
		return "", nil, err
	}
	if _, was, err := s.asPublished(r, rec, t.doc); err != nil {
		return "", nil, err
	} else if was != nil {
		t.doc = was
	}
	switch as {
	case "md":
		return "text/markdown; charset=utf-8", []byte(t.doc.Markdown()), nil
	case "html":
		return "text/html; charset=utf-8", []byte(fmt.Sprintf("<!DOCTYPE html>\n<html lang=%q><head><meta charset=\"utf-8\"><title>%s</title></head><body>\n%s</body></html>\n",
			map[string]string{"zh": "zh-CN", "en": "en"}[t.doc.Lang], htmlText(text(rec.Fields["title"])), t.doc.HTML())), nil
	case "docx":
		var out bytes.Buffer
		o := docx.Options{Title: text(rec.Fields["title"]), Author: s.Title.In(t.doc.Lang), Date: s.Engine.Now(), PageNumbers: true}
		err := docx.Build(&out, paperA4, o, paperBlocks(t.doc)...)
		return domain.FileTypes["docx"], out.Bytes(), err
	}
	return "", nil, domain.Fail(domain.NotFound, "as", "format", "可以导出的格式：md、html、docx", "formats: md, html, docx")
}

func htmlText(s string) string {
	return strings.NewReplacer("&", "&amp;", "<", "&lt;", ">", "&gt;").Replace(s)
}

// signedFile is the file that was signed; anyone can check it.
func (s *server) signedFile(r *request, rec *domain.Record) (string, []byte, error) {
	if id := text(rec.Fields["frozen"]); s.Publisher != nil && id != "" {
		if b, f, err := s.Publisher.Published(r.Context(), rec.Area, id); err != nil || f != nil {
			return "application/json", b, err
		}
	}
	return "", nil, domain.Fail(domain.NotFound, "as", "published", "报告还没有发布，没有签名文件", "the report is not published; there is no signed file")
}

// paperA4 is the page of official documents.
var paperA4 = typeset.Frame{Width: typeset.MM(210), Height: typeset.MM(297), Left: typeset.MM(28), Top: typeset.MM(37), BodyWidth: typeset.MM(156), BodyHeight: typeset.MM(225)}

// paperBlocks sets a report as official letters are set: title in the middle,
// paragraphs indented by two characters.
func paperBlocks(d *report.Document) []typeset.Block {
	var out []typeset.Block
	for _, x := range d.Blocks {
		var b strings.Builder
		for _, p := range x.Pieces {
			b.WriteString(p.Text)
		}
		style := typeset.Style{Family: typeset.FangSong, Size: typeset.Size3}
		par := typeset.Paragraph{First: 2 * typeset.Size3, Leading: 28 * typeset.Pt}
		switch {
		case x.Kind == "heading" && x.Level == 1:
			style = typeset.Style{Family: typeset.XiaoBiaoSong, Size: typeset.Size2}
			par = typeset.Paragraph{Align: typeset.Center, Leading: 36 * typeset.Pt, After: 14 * typeset.Pt}
		case x.Kind == "heading":
			style.Family = typeset.HeiTi
		}
		par.Spans = []typeset.Span{{Text: b.String(), Style: style}}
		out = append(out, par)
	}
	return out
}
