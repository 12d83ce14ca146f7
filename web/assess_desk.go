package web

import (
	"cmp"
	"fmt"
	"math"
	"net/http"
	"net/url"
	"strconv"
	"strings"

	"github.com/a-h/templ"

	"github.com/dinghai/dinghai/domain"
	"github.com/dinghai/dinghai/engine/report"
	"github.com/dinghai/dinghai/web/format"
	"github.com/dinghai/dinghai/web/view"
)

const assessmentKind = "summary.assessment"

// deskAssessments are the pages of assessment sheets.
func (s *server) deskAssessments(m *http.ServeMux) {
	m.HandleFunc("GET /desk/assessments", s.page(s.assessList))
	m.HandleFunc("POST /desk/assessments", s.assessBegin)
	m.HandleFunc("GET /desk/assessments/{ref}", s.page(s.assessPage))
	m.HandleFunc("POST /desk/assessments/{ref}", s.assessSend)
	m.HandleFunc("GET /desk/assessments/{ref}/export.xlsx", s.assessSheet)
}

func (s *server) assessAt(r *request) (*domain.Record, error) {
	if err := s.mayDesk(r, assessmentKind); err != nil {
		return nil, err
	}
	return s.recordOf(r, assessmentKind)
}

func (s *server) assessList(r *request) (templ.Component, error) {
	if err := s.mayDesk(r, assessmentKind); err != nil {
		return nil, err
	}
	return s.assessListWith(r, url.Values{}, nil)
}

func (s *server) assessListWith(r *request, sent url.Values, err error) (templ.Component, error) {
	v := view.AssessList{Tabs: s.deskTabs(r, "assessments")}
	r.Title = r.T("desk.assessments")
	page, e := r.sight.List(r.Context(), domain.ListQuery{Kind: assessmentKind, After: r.URL.Query().Get("after"), Limit: pageSize})
	if e != nil {
		return nil, e
	}
	for _, x := range page.Rows {
		rec, e := r.sight.Record(r.Context(), x.Ref)
		if e != nil || rec == nil {
			return nil, e
		}
		list, _, e := s.scores(r, rec)
		if e != nil {
			return nil, e
		}
		got, full := total(list)
		v.Rows = append(v.Rows, view.AssessRow{Link: view.Link{Text: r.title(rec), Href: "/desk/assessments/" + rec.Ref.String()}, State: r.state(rec.Kind, rec.State), Area: r.area(rec.Area),
			Period: r.T("period", text(rec.Fields["from"]), text(rec.Fields["to"])), Score: marks(got), Full: marks(full)})
	}
	v.Pager = pager(r, len(page.Rows), page.Total, page.Next)
	if s.mayOpenKind(r, assessmentKind, "begin") {
		year := s.through().Year()
		get := func(name, other string) string { return cmp.Or(sent.Get(name), other) }
		f := view.Form{Action: "/desk/assessments", Title: r.T("assess.new"), About: r.T("assess.new.about"), Button: r.T("assess.begin")}
		f.Entries = []view.Entry{
			{Name: "title", Label: r.T("assess.name"), Value: get("title", r.T("assess.name.year", year)), Max: 100},
			{Name: "from", Label: r.T("ask.from"), Type: "date", Value: get("from", fmt.Sprintf("%d-01-01", year))},
			{Name: "to", Label: r.T("ask.to"), Type: "date", Value: get("to", fmt.Sprintf("%d-12-31", year))},
			{Name: "area", Label: r.T("ask.area"), Type: "select", Options: s.workAreas(r, assessmentKind, "begin", sent.Get("area"))},
		}
		wrongEntries(r, &f, err)
		v.New = &f
	}
	return view.AssessListPage(r.Page, v), nil
}

func total(list []scored) (got, full float64) {
	for _, x := range list {
		got, full = got+x.score, full+x.Weight
	}
	return got, full
}

// marks are shown to a hundredth, without empty decimals.
func marks(n float64) string {
	n = math.Round(n*100) / 100
	return format.Value(n, decimalsOf(n))
}

func (s *server) assessBegin(w http.ResponseWriter, h *http.Request) {
	r := s.request(w, h)
	err := s.mayDesk(r, assessmentKind)
	if err == nil {
		err = h.ParseForm()
	}
	if err != nil {
		s.fail(w, h, err)
		return
	}
	in := map[string]any{}
	for _, name := range []string{"title", "from", "to"} {
		in[name] = h.PostForm.Get(name)
	}
	rec, err := s.Engine.Do(h.Context(), domain.Command{Kind: assessmentKind, Action: "begin", Input: in, Area: h.PostForm.Get("area"), Actor: r.sight.Viewer.Actor})
	switch {
	case domain.ErrorCode(err) == domain.Internal:
		s.fail(w, h, err)
	case err != nil:
		c, e := s.assessListWith(r, h.PostForm, err)
		if e != nil {
			s.fail(w, h, e)
			return
		}
		s.render(w, r, statuses[domain.ErrorCode(err)], c)
	default:
		http.Redirect(w, h, "/desk/assessments/"+rec.Record.Ref.String(), http.StatusSeeOther)
	}
}

// assessPage is a sheet with its score, and the form of one line.
func (s *server) assessPage(r *request) (templ.Component, error) {
	rec, err := s.assessAt(r)
	if err != nil {
		return nil, err
	}
	sent := url.Values{"line": {r.URL.Query().Get("line")}, "rule": {"share"}}
	if n, err := strconv.Atoi(sent.Get("line")); err == nil && n >= 1 && n <= len(linesOf(rec)) {
		sent = typedLine(linesOf(rec)[n-1], n)
	}
	v, err := s.assessWith(r, rec, sent)
	if done := r.URL.Query().Get("done"); done != "" && r.Has("assess.done."+done) {
		v.Note = r.T("assess.done." + done)
	}
	return view.AssessPage(r.Page, v), err
}

// typedLine is a line as the form has it.
func typedLine(l line, n int) url.Values {
	num := func(x float64) string { return strconv.FormatFloat(x, 'f', -1, 64) }
	v := url.Values{"line": {strconv.Itoa(n)}, "item": {l.Item}, "figure": {l.ID}, "period": {l.Period}, "area": {l.Area}, "show": {l.Show}, "source": {l.Source},
		"target": {num(l.Target)}, "weight": {num(l.Weight)}, "rule": {l.Rule}, "formula": {l.Formula}}
	if l.Manual != nil {
		v.Set("manual", num(*l.Manual))
	}
	return v
}

func (s *server) assessWith(r *request, rec *domain.Record, sent url.Values) (view.AssessSheet, error) {
	here := "/desk/assessments/" + rec.Ref.String()
	v := view.AssessSheet{Tabs: s.deskTabs(r, "assessments"), Here: here, Title: r.title(rec), State: r.state(rec.Kind, rec.State), Area: r.area(rec.Area),
		Period: r.T("period", text(rec.Fields["from"]), text(rec.Fields["to"])), Record: address(rec.Class, rec.Ref), May: s.may(r, rec, "change"), Seq: rec.Seq,
		Choice: s.askOptions(r, rec, report.Ask{ID: sent.Get("figure"), Period: sent.Get("period"), Area: sent.Get("area"), Show: sent.Get("show")}),
		Rules:  s.listOptions(r, "score_rule", sent.Get("rule")), Typed: map[string]string{}}
	for name := range sent {
		v.Typed[name] = sent.Get(name)
	}
	r.Title = v.Title
	r.Crumbs = []view.Link{{Text: r.T("desk.assessments"), Href: "/desk/assessments"}, {Text: v.Title}}
	list, q, err := s.scores(r, rec)
	if err != nil {
		return v, err
	}
	got, full := total(list)
	v.Score, v.Full, v.Missing, v.To = marks(got), marks(full), marks(max(0, full-got)), string(q.To)
	for i, x := range list {
		v.Lines = append(v.Lines, s.assessLine(r, here, i+1, x))
	}
	return v, nil
}

func (s *server) assessLine(r *request, here string, n int, x scored) view.AssessLine {
	l := view.AssessLine{Number: n, Item: x.Item, Weight: marks(x.Weight), Target: s.cellText(x.Target), Rule: s.cat.Label("score_rule", x.Rule, r.lang), Formula: s.formula(x.line),
		Edit: here + "?line=" + strconv.Itoa(n) + "#line", Wrong: x.wrong}
	if x.ID != "" {
		l.What = s.askLabel(r, x.Ask)
	} else {
		l.What = r.T("assess.byhand", first(x.Source, "—"))
	}
	l.Value = view.Link{Text: r.T("assess.novalue"), Href: x.link}
	if x.known {
		l.Value.Text = x.text
		if part := strings.Fields(x.text); len(part) == 2 { // the target is of the same unit
			l.Target += " " + part[1]
		}
	}
	if !x.defined {
		l.Score, l.Missing = "—", r.T("assess.lacks", marks(x.Weight))
		return l
	}
	l.Score = marks(x.score)
	if gap := x.missing(); gap > 1e-9 {
		l.Missing = r.T("assess.lacks", marks(gap))
		if x.enough && x.value != x.Target {
			l.Gap = r.T("assess.gap", s.cellText(x.Target), signed(s.cellText(report.Tidy(x.Target-x.value)), x.Target-x.value))
		}
	} else {
		l.Full = true
	}
	return l
}

// assessSend takes what is done on the page of a sheet.
func (s *server) assessSend(w http.ResponseWriter, h *http.Request) {
	r := s.request(w, h)
	if s.parked(w, r) {
		return
	}
	rec, err := s.assessAt(r)
	var sent url.Values
	if err == nil {
		sent, err = s.sent(r)
	}
	if err != nil {
		s.fail(w, h, err)
		return
	}
	lines := linesOf(rec)
	switch op := sent.Get("op"); op {
	case "set", "drop":
		lines, err = s.changedLine(r, lines, sent, op == "drop")
	case "import":
		lines, err = s.importedLines(r)
	default:
		err = domain.Fail(domain.Invalid, "op", "op", "不认识的操作，请返回考核表重试", "no such step; go back to the sheet")
	}
	if err == nil {
		rows := make([]any, len(lines))
		for i, l := range lines {
			rows[i] = l.row()
		}
		seq, _ := strconv.Atoi(sent.Get("_seq"))
		_, err = s.Engine.Do(h.Context(), domain.Command{Record: rec.Ref, Action: "change", Input: map[string]any{"lines": rows}, Seq: seq, Actor: r.sight.Viewer.Actor})
	}
	s.assessAnswer(w, r, rec, sent, err)
}

func (s *server) assessAnswer(w http.ResponseWriter, r *request, rec *domain.Record, sent url.Values, err error) {
	code := domain.ErrorCode(err)
	switch {
	case err == nil:
		http.Redirect(w, r.Request, "/desk/assessments/"+rec.Ref.String()+"?done="+sent.Get("op"), http.StatusSeeOther)
		return
	case code == domain.Internal:
		s.fail(w, r.Request, err)
		return
	}
	if now, e := s.read.Record(r.Context(), rec.Ref); e == nil && now != nil {
		rec = now
	}
	v, e := s.assessWith(r, rec, sent)
	if e != nil {
		s.fail(w, r.Request, e)
		return
	}
	if code == domain.Conflict {
		v.Problems = append(v.Problems, r.T("assess.changed"))
	} else {
		v.Problems = problemTexts(r, err)
	}
	s.render(w, r, statuses[code], view.AssessPage(r.Page, v))
}

// changedLine puts a line as typed in its place, or takes it away.
func (s *server) changedLine(r *request, lines []line, sent url.Values, drop bool) ([]line, error) {
	n, _ := strconv.Atoi(sent.Get("line"))
	if n < 0 || n > len(lines) || drop && n == 0 {
		return nil, domain.Fail(domain.NotFound, "line", "line", "没有这一项，可能已被同事删去", "there is no such line; a colleague may have dropped it")
	}
	if drop {
		return append(lines[:n-1:n-1], lines[n:]...), nil
	}
	l, bad := s.lineOf(r, sent.Get)
	if len(bad) > 0 {
		return nil, &domain.Error{Code: domain.Invalid, Problems: bad}
	}
	if n == 0 {
		return append(lines, l), nil
	}
	lines[n-1] = l
	return lines, nil
}

// lineOf reads a line from a form or a row of a table, with all that is wrong.
func (s *server) lineOf(r *request, get func(string) string) (line, []domain.Problem) {
	l := line{Item: strings.TrimSpace(get("item")), Source: strings.TrimSpace(get("source")), Rule: get("rule"), Formula: strings.TrimSpace(get("formula"))}
	var bad []domain.Problem
	wrong := func(field, zh, en string) {
		bad = append(bad, domain.Problem{Field: field, Rule: field, Reason: domain.Text{ZH: zh, EN: en}})
	}
	if l.Item == "" {
		wrong("item", "请填写考核项的名称", "name the line")
	}
	if strings.TrimSpace(get("figure")) != "" {
		var more []domain.Problem
		l.Ask, more = s.sentAsk(r, get)
		bad = append(bad, more...)
	}
	num := func(field, zh, en string, needed bool) float64 {
		t := strings.NewReplacer(",", "", "，", "", "%", "", "％", "").Replace(strings.TrimSpace(get(field)))
		if t == "" && !needed {
			return 0
		}
		n, err := strconv.ParseFloat(t, 64)
		if err != nil || n != n || n > 1e15 || n < -1e15 {
			wrong(field, zh+"「"+clipped(t)+"」不是数字", en+" is not a number: "+clipped(t))
		}
		return n
	}
	l.Target, l.Weight = num("target", "目标值", "the target", true), num("weight", "分值", "the weight", true)
	if l.ID == "" && strings.TrimSpace(get("manual")) != "" {
		n := num("manual", "手填实际值", "the value", true)
		l.Manual = &n
	}
	if l.Weight < 0 || l.Weight > 1000 {
		wrong("weight", "分值应在 0 到 1000 之间", "the weight is between 0 and 1000")
	}
	if s.cat.Lists["score_rule"].Find(l.Rule) == nil {
		wrong("rule", "请选择计分办法", "choose a rule of the score")
	}
	if len(bad) == 0 {
		if _, err := s.scorer(l); err != nil {
			bad = append(bad, domainError(err).Problems...)
		}
	}
	return l, bad
}
