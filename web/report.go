package web

import (
	"encoding/json"
	"net/http"

	"github.com/a-h/templ"

	"github.com/dinghai/dinghai/domain"
	"github.com/dinghai/dinghai/engine/report"
	"github.com/dinghai/dinghai/web/format"
	"github.com/dinghai/dinghai/web/view"
)

// report shows the work report: text with every figure a link, what needs an
// explanation, and all numbers.
func (s *server) report(r *request) (templ.Component, error) {
	r.Nav, r.Title = "report", r.T("report.title")
	if s.Reports == nil {
		return view.ReportPage(r.Page, view.Report{Missing: true}), nil
	}
	q, err := s.queryOf(r)
	if err != nil {
		return nil, err
	}
	res, doc, err := s.Reports.Report(r.Context(), q, r.lang)
	if err != nil {
		return nil, err
	}
	at := span(q.From, q.To, q.Area) + "&lang=" + r.lang
	v := view.Report{Form: s.askForm(r, q), Blocks: blocks(r, doc), Markdown: "/report.md?" + at, JSON: "/report.json?" + at}
	n := map[string]int{}
	for i := range res.Figures {
		n[res.Figures[i].Kind]++
		v.Figures = append(v.Figures, s.reportFigure(r, q.Area, &res.Figures[i]))
	}
	v.Summary = r.T("report.figures", n[report.Computed], n[report.AsStated], n[report.NotBuilt])
	for _, f := range res.Findings {
		v.Findings = append(v.Findings, finding(r, res, f, q.Area))
	}
	return view.ReportPage(r.Page, v), nil
}

// blocks brings the document into the shape of the page: items of a list stand
// together.
func blocks(r *request, doc *report.Document) []view.Block {
	var out []view.Block
	for _, b := range doc.Blocks {
		kind := "p"
		switch b.Kind {
		case "heading":
			kind = "h" + plain(min(max(b.Level, 1), 4))
		case "item":
			kind = "ul"
		}
		if kind == "ul" && len(out) > 0 && out[len(out)-1].Kind == "ul" {
			last := &out[len(out)-1]
			last.Items = append(last.Items, pieces(r, b.Pieces))
			continue
		}
		out = append(out, view.Block{Kind: kind, Items: [][]view.Piece{pieces(r, b.Pieces)}})
	}
	return out
}

func pieces(r *request, list []report.Piece) []view.Piece {
	out := make([]view.Piece, len(list))
	for i, p := range list {
		out[i] = view.Piece{Text: p.Text, Mark: p.Mark, Href: p.Link, Definition: p.Definition, Figure: p.Figure != "", Missing: p.Figure != "" && p.Kind != report.Computed}
		if p.Value != nil && p.Value.Numeric() {
			out[i].Value = p.Value.String()
			out[i].Definition = r.T("report.exact", p.Definition, format.Plain(p.Value.Number, 2))
		}
		if p.Kind != report.Computed {
			out[i].Href = ""
		}
	}
	return out
}

func (s *server) reportFigure(r *request, area string, f *report.Figure) view.ReportFigure {
	v := view.ReportFigure{Link: view.Link{Text: f.Label.In(r.lang)}, Stated: amount(f, f.Target), Computed: amount(f, f.Value)}
	if x := s.cat.Indicators[f.Indicator]; x != nil && v.Computed != "" {
		_, unit := r.words.figure(x, 0)
		v.Computed = join(v.Computed, unit)
	}
	switch {
	case f.Kind == report.NotBuilt:
		v.Verdict = r.T("report.notbuilt")
	case f.Kind == report.AsStated:
		v.Verdict, v.Computed = r.T("report.declared"), ""
	case !f.Value.Known:
		v.Verdict = r.T("report.undefined")
	case f.Agrees == nil:
	case *f.Agrees:
		v.Verdict = r.T("report.agrees")
	default:
		v.Verdict = r.T("report.differs")
	}
	if f.Kind == report.Computed {
		v.Href = "/figures/" + f.ID + "?" + span(f.Period.From, f.Period.To, area)
	}
	if f.Numerator != nil && f.Denominator != nil {
		v.Parts = format.Int(*f.Numerator) + " / " + format.Int(*f.Denominator)
	}
	return v
}

func amount(f *report.Figure, a report.Amount) string {
	if !a.Numeric() {
		return a.String()
	}
	return format.Value(a.Number, f.Digits)
}

func finding(r *request, res *report.Result, f report.Finding, area string) view.Finding {
	v := view.Finding{Kind: r.T("finding." + f.Kind), Text: f.Text.In(r.lang)}
	for _, id := range f.Figures {
		if x := res.Find(id); x != nil && x.Kind == report.Computed {
			v.Figures = append(v.Figures, view.Link{Text: x.Label.In(r.lang), Href: "/figures/" + id + "?" + span(x.Period.From, x.Period.To, area)})
		}
	}
	return v
}

// computed is the report of the address, for the downloads.
func (s *server) computed(r *request) (*report.Result, *report.Document, error) {
	if s.Reports == nil {
		return nil, nil, domain.Fail(domain.NotFound, "", "report", "本机没有装报告模板", "this machine has no report template")
	}
	q, err := s.queryOf(r)
	if err != nil {
		return nil, nil, err
	}
	return s.Reports.Report(r.Context(), q, r.lang)
}

func (s *server) reportText(w http.ResponseWriter, req *http.Request) {
	r := s.request(w, req)
	res, doc, err := s.computed(r)
	if err != nil {
		s.fail(w, req, err)
		return
	}
	download(w, "text/markdown; charset=utf-8", "report_"+string(res.To)+"_"+r.lang+".md", []byte(doc.Markdown()))
}

func (s *server) reportJSON(w http.ResponseWriter, req *http.Request) {
	r := s.request(w, req)
	res, doc, err := s.computed(r)
	if err != nil {
		s.fail(w, req, err)
		return
	}
	b, err := json.MarshalIndent(struct {
		*report.Result
		Text *report.Document `json:"text"`
	}{res, doc}, "", "  ")
	if err != nil {
		s.fail(w, req, err)
		return
	}
	download(w, "application/json", "report_"+string(res.To)+".json", b)
}

func download(w http.ResponseWriter, kind, name string, b []byte) {
	w.Header().Set("Content-Type", kind)
	w.Header().Set("Content-Disposition", `attachment; filename="`+name+`"`)
	_, _ = w.Write(b) // the reader has gone; nothing to tell anyone
}
