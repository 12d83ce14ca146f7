package web

import (
	"net/http"
	"net/url"
	"strings"

	"github.com/a-h/templ"

	"github.com/dinghai/dinghai/domain"
	"github.com/dinghai/dinghai/jobs/forms"
	"github.com/dinghai/dinghai/web/form"
	"github.com/dinghai/dinghai/web/view"
)

const (
	workbookKind = forms.Workbook
	fillingKind  = forms.Filling
)

// deskForms are the pages on which the workbooks of higher offices are filled.
func (s *server) deskForms(m *http.ServeMux) {
	m.HandleFunc("GET /desk/forms", s.page(s.formList))
	m.HandleFunc("POST /desk/forms", s.formUpload)
	m.HandleFunc("GET /desk/forms/{ref}", s.page(s.formPage))
	m.HandleFunc("POST /desk/forms/{ref}", s.formSend)
	m.HandleFunc("GET /desk/forms/{ref}/filled/{filling}", s.page(s.filledPage))
}

// formList is the workbooks there are and the form that takes a new one.
func (s *server) formList(r *request) (templ.Component, error) {
	if err := s.mayDesk(r, workbookKind); err != nil {
		return nil, err
	}
	return s.formListWith(r, url.Values{}, nil)
}

func (s *server) formListWith(r *request, sent url.Values, err error) (templ.Component, error) {
	v := view.FormList{Tabs: s.deskTabs(r, "forms"), MayNew: s.Files != nil && s.mayOpenKind(r, workbookKind, "upload"), Title: sent.Get("title")}
	r.Title = r.T("desk.forms")
	page, e := r.sight.List(r.Context(), domain.ListQuery{Kind: workbookKind, After: r.URL.Query().Get("after"), Limit: pageSize})
	if e != nil {
		return nil, e
	}
	for _, x := range page.Rows {
		rec, e := r.sight.Record(r.Context(), x.Ref)
		if e != nil || rec == nil {
			return nil, e
		}
		row := view.FormRow{Link: view.Link{Text: r.title(rec), Href: "/desk/forms/" + rec.Ref.String()}, State: r.state(rec.Kind, rec.State), Area: r.area(rec.Area), Cells: len(forms.CellsOf(rec))}
		last, _, e := s.fillings(r, rec)
		if e != nil {
			return nil, e
		}
		if len(last) > 0 {
			row.Last = text(last[0].Fields["to"])
		}
		if end := s.lastMonthEnd(); row.Last < end && rec.State == "used" && row.Cells > 0 {
			row.Waits = r.T("book.waits", end)
		}
		v.Rows = append(v.Rows, row)
	}
	v.Pager = pager(r, len(page.Rows), page.Total, page.Next)
	v.Areas = s.workAreas(r, workbookKind, "upload", sent.Get("area"))
	if err != nil {
		v.Problems = problemTexts(r, err)
	}
	return view.FormListPage(r.Page, v), nil
}

// formUpload takes a blank workbook.
func (s *server) formUpload(w http.ResponseWriter, h *http.Request) {
	r := s.request(w, h)
	err := s.mayDesk(r, workbookKind)
	var sent url.Values
	if err == nil {
		sent, err = s.sent(r)
	}
	if err != nil {
		s.fail(w, h, err)
		return
	}
	in := map[string]any{"title": strings.TrimSpace(sent.Get("title"))}
	if err = s.blankOf(r, sent, in); err == nil {
		var rec domain.Receipt
		if rec, err = s.Engine.Do(h.Context(), domain.Command{Kind: workbookKind, Action: "upload", Area: sent.Get("area"), Input: in, Actor: r.sight.Viewer.Actor}); err == nil {
			http.Redirect(w, h, "/desk/forms/"+rec.Record.Ref.String(), http.StatusSeeOther)
			return
		}
	}
	if domain.ErrorCode(err) == domain.Internal {
		s.fail(w, h, err)
		return
	}
	c, e := s.formListWith(r, sent, err)
	if e != nil {
		s.fail(w, h, e)
		return
	}
	s.render(w, r, statuses[domain.ErrorCode(err)], c)
}

// blankOf reads the workbook that came with a form and claims it for a record.
func (s *server) blankOf(r *request, sent url.Values, in map[string]any) error {
	if len(r.badFiles) > 0 {
		return &domain.Error{Code: domain.Invalid, Problems: r.badFiles}
	}
	file := sent.Get("file")
	if file == "" {
		return domain.Fail(domain.Invalid, "file", "required", "请选择上级下发的空白报表（.xlsx）", "choose the blank workbook (.xlsx)")
	}
	f, err := domain.ParseFile(file)
	if err != nil {
		return err
	}
	if f.Type != "xlsx" {
		return domain.Failf(domain.Invalid, "file", "type", "「%s」不是 .xlsx 工作簿；旧的 .xls 请先在 Excel 里另存为 .xlsx", "%q is no .xlsx workbook; save an old .xls as .xlsx first", f.Name)
	}
	if _, err := s.filler().Book(r.Context(), file); err != nil {
		return err
	}
	in["file"] = file
	if bad := s.claimFiles(r, []form.Field{{Name: "file", Type: "file"}}, in); len(bad) > 0 {
		return &domain.Error{Code: domain.Invalid, Problems: bad}
	}
	return nil
}

// fillings are those of a workbook, the latest month first and of a month the
// latest filling.
func (s *server) fillings(r *request, book *domain.Record) ([]*domain.Record, int, error) {
	page, err := r.sight.List(r.Context(), domain.ListQuery{Kind: fillingKind, Of: book.Ref, Limit: maxFillings})
	if err != nil {
		return nil, 0, err
	}
	var out []*domain.Record
	for _, x := range page.Rows {
		rec, err := r.sight.Record(r.Context(), x.Ref)
		if err != nil {
			return nil, 0, err
		}
		if rec != nil && !rec.Voided {
			out = append(out, rec)
		}
	}
	sortFillings(out)
	return out, page.Total, nil
}

// maxFillings bounds one page: five years of months.
const maxFillings = 60
