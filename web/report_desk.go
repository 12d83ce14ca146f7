package web

import (
	"cmp"
	"net/http"
	"net/url"
	"slices"

	"github.com/a-h/templ"

	"github.com/dinghai/dinghai/domain"
	"github.com/dinghai/dinghai/engine/report"
	"github.com/dinghai/dinghai/web/view"
)

const workReport = "summary.report"

// deskReports are the pages on which reports are written.
func (s *server) deskReports(m *http.ServeMux) {
	m.HandleFunc("GET /desk/reports", s.page(s.reportList))
	m.HandleFunc("POST /desk/reports", s.reportBegin)
	m.HandleFunc("GET /desk/reports/{ref}", s.page(s.reportPage))
	m.HandleFunc("POST /desk/reports/{ref}", s.reportSend)
	m.HandleFunc("POST /desk/reports/{ref}/look", s.reportLook)
	m.HandleFunc("POST /desk/reports/{ref}/figures", s.reportFigures)
	m.HandleFunc("GET /desk/reports/{ref}/export", s.reportExport)
}

// deskTabs lead to what officers write and fill in.
func (s *server) deskTabs(r *request, here string) []view.NavTab {
	r.Nav = "deskreports"
	var out []view.NavTab
	for _, t := range []string{"reports", "forms", "assessments"} {
		out = append(out, view.NavTab{Link: view.Link{Text: r.T("desk." + t), Href: "/desk/" + t}, Here: t == here})
	}
	return out
}

// mayDesk lets those in who may read a kind at all.
func (s *server) mayDesk(r *request, kind string) error {
	if err := s.signedIn(r); err != nil {
		return err
	}
	if s.cat.Kinds[kind] == nil {
		return domain.Fail(domain.NotFound, "", "kind", "本局的目录没有这一项", "the catalogue of this bureau has no such thing")
	}
	if !s.seesKind(r, kind) {
		k := s.cat.Kinds[kind]
		return domain.Failf(domain.Forbidden, "", "role", "您没有查看%s的权限，需要的角色：%s", "you may not see this; it needs one of the roles: %[2]s", k.Label.ZH, s.roleList(r.words, k.Read))
	}
	return nil
}

// reportList is the reports there are and the form that begins one.
func (s *server) reportList(r *request) (templ.Component, error) {
	if err := s.mayDesk(r, workReport); err != nil {
		return nil, err
	}
	return s.reportListWith(r, url.Values{}, nil)
}

func (s *server) reportListWith(r *request, sent url.Values, err error) (templ.Component, error) {
	v := view.Writing{Tabs: s.deskTabs(r, "reports")}
	r.Title = r.T("desk.reports")
	page, e := r.sight.List(r.Context(), domain.ListQuery{Kind: workReport, After: r.URL.Query().Get("after"), Limit: pageSize})
	if e != nil {
		return nil, e
	}
	for _, x := range page.Rows {
		rec, e := r.sight.Record(r.Context(), x.Ref)
		if e != nil || rec == nil {
			return nil, e
		}
		v.Rows = append(v.Rows, view.WritingRow{Link: view.Link{Text: r.title(rec), Href: "/desk/reports/" + rec.Ref.String()}, State: r.state(rec.Kind, rec.State),
			Template: s.cat.Label("report_template", text(rec.Fields["template"]), r.lang), Area: r.area(rec.Area), Period: r.T("period", text(rec.Fields["from"]), text(rec.Fields["to"]))})
	}
	v.Pager = pager(r, len(page.Rows), page.Total, page.Next)
	if s.mayOpenKind(r, workReport, "begin") {
		f := s.beginForm(r, sent, err)
		v.New = &f
	}
	return view.WritingPage(r.Page, v), nil
}

// beginForm asks what the report is about. The month before today's is what a
// monthly report is mostly about.
func (s *server) beginForm(r *request, sent url.Values, err error) view.Form {
	end := s.through().MonthStart().AddDays(-1)
	if s.through() == s.through().MonthEnd() {
		end = s.through()
	}
	get := func(name, other string) string { return cmp.Or(sent.Get(name), other) }
	f := view.Form{Action: "/desk/reports", Title: r.T("write.new"), About: r.T("write.new.about"), Button: r.T("write.begin")}
	f.Entries = []view.Entry{
		{Name: "title", Label: r.T("write.title"), Value: get("title", r.T("write.title.month", end.Year(), end.Month())), Max: 100},
		{Name: "template", Label: r.T("write.template"), Type: "select", Options: s.listOptions(r, "report_template", get("template", "monthly"))},
		{Name: "from", Label: r.T("ask.from"), Type: "date", Value: get("from", string(end.MonthStart()))},
		{Name: "to", Label: r.T("ask.to"), Type: "date", Value: get("to", string(end))},
		{Name: "area", Label: r.T("ask.area"), Type: "select", Options: s.workAreas(r, workReport, "begin", sent.Get("area"))},
		{Name: "lang", Label: r.T("write.lang"), Type: "select", Options: s.listOptions(r, "report_lang", get("lang", r.lang))},
	}
	wrongEntries(r, &f, err)
	return f
}

// wrongEntries puts problems at their inputs, the rest on top.
func wrongEntries(r *request, f *view.Form, err error) {
	if err == nil {
		return
	}
	d := domainError(err)
	if d == nil {
		f.Errors = problemTexts(r, err)
		return
	}
	for _, p := range d.Problems {
		i := slices.IndexFunc(f.Entries, func(e view.Entry) bool { return e.Name == p.Field })
		if i < 0 {
			f.Errors = append(f.Errors, sentence(p.Reason, r.lang))
			continue
		}
		f.Entries[i].Error = sentence(p.Reason, r.lang)
	}
}

func (s *server) listOptions(r *request, list, chosen string) []view.Option {
	var out []view.Option
	for _, it := range s.cat.Lists[list].Items {
		out = append(out, view.Option{Value: it.Code, Text: s.cat.Label(list, it.Code, r.lang), Chosen: it.Code == chosen})
	}
	return out
}

// workAreas are the city and counties in which a viewer may open records of a
// kind, the widest first.
func (s *server) workAreas(r *request, kind, action, chosen string) []view.Option {
	var out []view.Option
	act := s.cat.Kinds[kind].ActionOf(action)
	for _, code := range sorted(s.cat.Areas) {
		a := s.cat.Areas[code]
		if a.Level != "city" && a.Level != "county" || !domain.Within(code, s.Area) {
			continue
		}
		if slices.ContainsFunc(r.sight.Viewer.Grants, func(g domain.Grant) bool { return slices.Contains(act.Roles, g.Role) && domain.Within(code, g.Area) }) {
			out = append(out, view.Option{Value: code, Text: r.area(code), Chosen: code == chosen})
		}
	}
	return out
}

// reportBegin opens a report with the wording of its template.
func (s *server) reportBegin(w http.ResponseWriter, h *http.Request) {
	r := s.request(w, h)
	err := s.mayDesk(r, workReport)
	if err == nil {
		err = h.ParseForm()
	}
	if err != nil {
		s.fail(w, h, err)
		return
	}
	in := map[string]any{}
	for _, name := range []string{"title", "template", "from", "to", "lang"} {
		in[name] = h.PostForm.Get(name)
	}
	h.PostForm.Set("body", s.Wordings[h.PostForm.Get("template")][h.PostForm.Get("lang")])
	heads, err := s.present(h.Context(), h.PostForm.Get("area"), h.PostForm.Get("lang"), h.PostForm)
	if err != nil {
		s.fail(w, h, err)
		return
	}
	in["read_at"], in["body"] = report.PositionsText(heads), h.PostForm.Get("body")
	rec, err := s.Engine.Do(h.Context(), domain.Command{Kind: workReport, Action: "begin", Input: in, Area: h.PostForm.Get("area"), Actor: r.sight.Viewer.Actor})
	switch {
	case domain.ErrorCode(err) == domain.Internal:
		s.fail(w, h, err)
	case err != nil:
		c, e := s.reportListWith(r, h.PostForm, err)
		if e != nil {
			s.fail(w, h, e)
			return
		}
		s.render(w, r, statuses[domain.ErrorCode(err)], c)
	default:
		http.Redirect(w, h, "/desk/reports/"+rec.Record.Ref.String(), http.StatusSeeOther)
	}
}
