package web

import (
	"context"
	"net/http"
	"net/url"
	"slices"
	"strings"

	"github.com/dinghai/dinghai/catalogue"
	"github.com/dinghai/dinghai/domain"
	"github.com/dinghai/dinghai/engine/indicator"
	"github.com/dinghai/dinghai/engine/report"
	"github.com/dinghai/dinghai/web/format"
	"github.com/dinghai/dinghai/web/view"
)

// reporter computes reports; without the bureau's own list of figures only
// those a text asks for.
func (s *server) reporter() Reports {
	if s.Reports != nil {
		return s.Reports
	}
	return Standard{Sources: report.Sources{Catalogue: s.cat, Values: s.Engine.Figures(), Reader: s.read},
		Declared: &report.Declared{}, Bureau: report.Bureau{Name: s.Title}}
}

// written is a text with its figures put in.
type written struct {
	q     indicator.Query
	tpl   *report.Template
	wrong []*report.TemplateError
	res   *report.Result
	doc   *report.Document
}

// knownFigure reports whether a mark may name a figure.
func (s *server) knownFigure(id string) bool {
	x := s.indicator(id)
	return x != nil && figureID(x) == id
}

// figureID is the name texts use for an indicator.
func figureID(x *catalogue.Indicator) string { return first(x.Figure, x.Indicator) }

// writeOut fills a text as it was typed, with the figures as they stood at the
// log positions of the record.
func (s *server) writeOut(ctx context.Context, rec *domain.Record, typed url.Values) (*written, error) {
	w := &written{q: indicator.Query{From: domain.Date(typed.Get("from")), To: domain.Date(typed.Get("to")), Area: rec.Area,
		At: report.ParsePositions(text(rec.Fields["read_at"]))}}
	if !w.q.From.Valid() || !w.q.To.Valid() || w.q.From > w.q.To { // told when saving
		w.q.From, w.q.To = domain.Date(text(rec.Fields["from"])), domain.Date(text(rec.Fields["to"]))
	}
	w.tpl, w.wrong = report.ParseText(typed.Get("body"), text(rec.Fields["lang"]), s.knownFigure)
	var err error
	w.res, w.doc, err = s.writePast(ctx, w.q, w.tpl)
	return w, err
}

// moves are the figures of a text that records entered since would change.
func (s *server) moves(ctx context.Context, w *written) ([]report.Moved, error) {
	now := w.q
	now.At = nil
	res, _, err := s.reporter().Write(ctx, now, w.tpl, nil, true)
	if err != nil {
		return nil, err
	}
	return w.tpl.Moves(w.res, res, report.Bureau{Name: s.Title}), nil
}

// writePage gathers the page on which a report is written.
func (s *server) writePage(r *request, rec *domain.Record, typed url.Values) (view.Write, error) {
	v := view.Write{Tabs: s.deskTabs(r, "reports"), Here: "/desk/reports/" + rec.Ref.String(), Seq: rec.Seq, Draft: reportDraft(rec),
		Title: typed.Get("title"), From: typed.Get("from"), To: typed.Get("to"), Body: typed.Get("body"), Area: r.area(rec.Area),
		State: r.state(rec.Kind, rec.State), Plain: s.plainState(r.words, rec), Case: address(rec.Class, rec.Ref), Frozen: text(rec.Fields["frozen"]),
		Language: text(rec.Fields["lang"])}
	r.Title, r.Writes = first(v.Title, r.T("desk.reports")), true
	r.Crumbs = []view.Link{{Text: r.T("desk.reports"), Href: "/desk/reports"}, {Text: r.title(rec)}}
	v.May = rec.State == "draft" && s.may(r, rec, "edit")
	v.MayPublish = s.Publisher != nil && rec.State == "draft" && s.may(r, rec, "publish")
	v.MayWithdraw, v.MayDrop = s.may(r, rec, "withdraw"), s.may(r, rec, "drop")
	if s.Publisher != nil && slices.Contains(givenOut, rec.State) {
		v.Public = publicHref(rec.Ref)
	}
	w, err := s.writeOut(r.Context(), rec, typed)
	if err != nil {
		return v, err
	}
	s.lookAt(r, w, &v.Look)
	if rec.State == "draft" {
		if v.Moves, err = s.moveRows(r, w); err != nil {
			return v, err
		}
	} else if err := s.showPublished(r, rec, w, &v); err != nil {
		return v, err
	}
	s.refreshed(r, rec, w, &v)
	v.Pick = s.pickFigures(r, rec, typed)
	v.Versions, err = s.versions(r, rec)
	return v, err
}

// showPublished says when a report was published and shows it as it was.
func (s *server) showPublished(r *request, rec *domain.Record, w *written, v *view.Write) error {
	f, was, err := s.asPublished(r, rec, w.doc)
	if err != nil || f == nil {
		return err
	}
	v.PublishedAt = r.T("write.published.at", format.Moment(f.At))
	if was != nil {
		v.Look.Blocks, v.Note = blocks(r, was), r.T("write.frozen.differs")
	}
	return nil
}

// may reports whether the viewer holds a role for an action on a record that it
// may start from now.
func (s *server) may(r *request, rec *domain.Record, action string) bool {
	for _, a := range s.Engine.Possible(rec, r.sight.Viewer.Actor) {
		if a.Action == action {
			return true
		}
	}
	return false
}

func (s *server) moveRows(r *request, w *written) ([]view.MovedFigure, error) {
	list, err := s.moves(r.Context(), w)
	if err != nil {
		return nil, err
	}
	return s.movedFigures(r, list), nil
}

func (s *server) movedFigures(r *request, list []report.Moved) []view.MovedFigure {
	var out []view.MovedFigure
	for _, m := range list {
		out = append(out, view.MovedFigure{Link: view.Link{Text: s.askLabel(r, m.Ask), Href: m.New.Link}, Old: m.Old.Text, New: m.New.Text})
	}
	return out
}

// refreshed lists what the latest refresh changed, on the page it led to.
func (s *server) refreshed(r *request, rec *domain.Record, w *written, v *view.Write) {
	if r.URL.Query().Get("done") != "refresh" {
		return
	}
	list, err := s.read.Events(r.Context(), rec.Ref)
	if err != nil {
		return
	}
	was := ""
	for _, e := range list[:max(0, len(list)-1)] {
		if at, ok := e.Changes.Set["read_at"]; ok {
			was = text(at)
		}
	}
	q := w.q
	if q.At = report.ParsePositions(was); q.At == nil {
		return
	}
	old, _, err := s.writePast(r.Context(), q, w.tpl)
	if err != nil {
		return
	}
	v.Refreshed, v.JustRefreshed = s.movedFigures(r, w.tpl.Moves(old, w.res, report.Bureau{Name: s.Title})), true
}

// lookAt is the text with its figures, and what is to be said about it.
func (s *server) lookAt(r *request, w *written, v *view.TextLook) {
	v.Blocks = blocks(r, w.doc)
	for _, e := range w.wrong {
		v.Wrong = append(v.Wrong, r.T("mark.line", e.Line)+r.T("mark."+e.Rule, e.Arg))
	}
	text, claims := w.doc.CheckTyped(w.res.Figures)
	borne := s.borneOut(r, w, claims)
	for _, c := range claims {
		word := verdicts[c.Verdict]
		if word == "agrees" || borne[[2]int{c.From, c.To}] {
			v.Agree++
			continue
		}
		row := view.DraftNumber{Text: c.Text, Context: near(text, c.From, c.To), Verdict: word, Word: r.T("draft." + word), Record: c.Right}
		if f := w.res.Find(c.Figure); f != nil {
			row.Figure = view.Link{Text: f.Label.In(r.lang), Href: "/figures/" + f.ID + "?" + span(f.Period.From, f.Period.To, w.q.Area)}
			row.Record = first(c.Right, amount(f, f.Value))
		}
		v.Numbers = append(v.Numbers, row)
	}
}

// borneOut finds the numbers that are those of another period a report may
// speak of: the year to date, the last month.
func (s *server) borneOut(r *request, w *written, claims []report.Claim) map[[2]int]bool {
	if !slices.ContainsFunc(claims, func(c report.Claim) bool { return c.Verdict != report.Agrees }) {
		return nil
	}
	out := map[[2]int]bool{}
	none, _ := report.ParseText("", w.doc.Lang, s.knownFigure)
	for _, period := range []string{"year", "month"} {
		q := indicator.Resolve(w.q, period)
		if q.From == w.q.From {
			continue
		}
		res, _, err := s.writePast(r.Context(), q, none)
		if err != nil {
			s.Log.Error("report", "error", err)
			continue
		}
		_, list := w.doc.CheckTyped(res.Figures)
		for _, c := range list {
			if c.Verdict == report.Agrees {
				out[[2]int{c.From, c.To}] = true
			}
		}
	}
	return out
}

// reportLook is the preview beside the text, as it is typed.
func (s *server) reportLook(w http.ResponseWriter, h *http.Request) {
	r := s.request(w, h)
	rec, err := s.reportAt(r)
	if err == nil {
		err = h.ParseForm()
	}
	if err != nil {
		s.fail(w, h, err)
		return
	}
	t, err := s.writeOut(h.Context(), rec, h.PostForm)
	if err != nil {
		s.fail(w, h, err)
		return
	}
	var v view.TextLook
	s.lookAt(r, t, &v)
	s.fragment(w, r, view.LookPart(r.Page, v))
}

// askLabel says which figure, over what and where.
func (s *server) askLabel(r *request, a report.Ask) string {
	name := a.ID
	if x := s.indicator(a.ID); x != nil {
		name = x.Label.In(r.lang)
	}
	var more []string
	if a.Period != "" {
		word, arg, _ := strings.Cut(a.Period, ":")
		if r.Has("period." + word) {
			more = append(more, strings.TrimSpace(r.T("period."+word)+" "+arg))
		} else {
			more = append(more, a.Period)
		}
	}
	if a.Area != "" {
		more = append(more, r.area(a.Area))
	}
	if a.Show != "" {
		more = append(more, r.T("show."+a.Show))
	}
	if len(more) > 0 {
		name += " · " + strings.Join(more, " · ")
	}
	return name
}
