package web

import (
	"bytes"
	"math"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"

	"github.com/a-h/templ"

	"github.com/dinghai/dinghai/domain"
	"github.com/dinghai/dinghai/engine/report"
	"github.com/dinghai/dinghai/jobs/forms"
	"github.com/dinghai/dinghai/kit/xlsx"
	"github.com/dinghai/dinghai/web/format"
	"github.com/dinghai/dinghai/web/view"
)

// Bounds of the grid one chooses cells of; beyond them a cell is typed.
const (
	gridRows = 120
	gridCols = 26
)

func (s *server) formAt(r *request) (*domain.Record, error) {
	if err := s.mayDesk(r, workbookKind); err != nil {
		return nil, err
	}
	return s.recordOf(r, workbookKind)
}

// formPage is a workbook: its sheets to choose cells of, what they are tied to,
// and the fillings so far.
func (s *server) formPage(r *request) (templ.Component, error) {
	rec, err := s.formAt(r)
	if err != nil {
		return nil, err
	}
	q := r.URL.Query()
	sent := url.Values{"sheet": {q.Get("sheet")}, "cell": {q.Get("cell")}, "period": {q.Get("period")}, "area": {q.Get("area")}, "show": {q.Get("show")}, "scale": {q.Get("scale")}}
	if i := slices.IndexFunc(forms.CellsOf(rec), func(t tied) bool { return t.Sheet == q.Get("sheet") && t.Cell == q.Get("cell") }); i >= 0 {
		t := forms.CellsOf(rec)[i]
		for name, v := range map[string]string{"figure": t.ID, "period": t.Period, "area": t.Area, "show": t.Show, "scale": t.Scale} {
			sent.Set(name, v)
		}
	}
	v, err := s.formWith(r, rec, sent)
	if done := q.Get("done"); done != "" && r.Has("book.done."+done) {
		v.Note = r.T("book.done."+done, q.Get("at"))
	}
	return view.FormPage(r.Page, v), err
}

func (s *server) formWith(r *request, rec *domain.Record, sent url.Values) (view.BookPage, error) {
	v := view.BookPage{Tabs: s.deskTabs(r, "forms"), Here: "/desk/forms/" + rec.Ref.String(), Seq: rec.Seq, Title: r.title(rec), State: r.state(rec.Kind, rec.State), Area: r.area(rec.Area),
		Record: address(rec.Class, rec.Ref), Blank: address(rec.Class, rec.Ref) + "/files/file/0", May: s.may(r, rec, "tie"), Cell: sent.Get("cell"), Sheet: sent.Get("sheet"),
		To: first(sent.Get("to"), s.lastMonthEnd())}
	r.Title = v.Title
	r.Crumbs = []view.Link{{Text: r.T("desk.forms"), Href: "/desk/forms"}, {Text: v.Title}}
	v.Choice = s.askOptions(r, rec, report.Ask{ID: sent.Get("figure"), Period: sent.Get("period"), Area: sent.Get("area"), Show: sent.Get("show")})
	v.Scales = s.listOptions(r, "form_scale", first(sent.Get("scale"), "one"))
	if err := s.tiedRows(r, rec, &v); err != nil {
		return v, err
	}
	if err := s.gridOf(r, rec, &v); err != nil {
		return v, err
	}
	return v, s.fillingRows(r, rec, &v)
}

// lastMonthEnd is the last day of the latest whole month.
func (s *server) lastMonthEnd() string {
	if to := s.through(); to == to.MonthEnd() {
		return string(to)
	}
	return string(s.through().MonthStart().AddDays(-1))
}

// tiedRows lists the cells with what they would be filled with.
func (s *server) tiedRows(r *request, rec *domain.Record, v *view.BookPage) error {
	list := forms.CellsOf(rec)
	to := domain.Date(v.To)
	if !to.Valid() {
		to = domain.Date(s.lastMonthEnd())
	}
	values, err := s.answers(r.Context(), r, forms.Month(rec, to, nil), list)
	if err != nil {
		return err
	}
	for _, t := range list {
		a := values[t.Ask]
		row := view.TiedCell{Place: t.Place(), Href: v.Here + "?" + url.Values{"sheet": {t.Sheet}, "cell": {t.Cell}}.Encode() + "#tie", Sheet: t.Sheet, Cell: t.Cell,
			What: s.askLabel(r, t.Ask), Value: r.T("book.nodata"), Rows: a.link}
		if a.known {
			row.Value = s.cellText(forms.In(a.value, t.Scale))
		}
		if t.Scale != "" && t.Scale != "one" {
			row.What += " · " + s.cat.Label("form_scale", t.Scale, r.lang)
		}
		v.Tied = append(v.Tied, row)
	}
	return nil
}

// cellText is a value as it stands in a cell.
func (s *server) cellText(n float64) string { return format.Value(report.Tidy(n), decimalsOf(n)) }

// decimalsOf is how many decimals a value needs; a difference of two may carry
// noise beyond the sixth.
func decimalsOf(n float64) int {
	t := strconv.FormatFloat(math.Round(n*1e6)/1e6, 'f', -1, 64)
	if i := strings.IndexByte(t, '.'); i >= 0 {
		return len(t) - i - 1
	}
	return 0
}

// gridOf reads the sheet to choose cells of.
func (s *server) gridOf(r *request, rec *domain.Record, v *view.BookPage) error {
	b, err := s.filler().Book(r.Context(), text(rec.Fields["file"]))
	if err != nil {
		v.Problems = append(v.Problems, problemTexts(r, err)...)
		return nil
	}
	book, err := xlsx.Read(bytes.NewReader(b), forms.Limits)
	if err != nil {
		return err
	}
	defer book.Close()
	v.Sheet = first(v.Sheet, book.Sheets()[0])
	for _, name := range book.Sheets() {
		v.Sheets = append(v.Sheets, view.NavTab{Link: view.Link{Text: name, Href: v.Here + "?" + url.Values{"sheet": {name}}.Encode() + "#grid"}, Here: name == v.Sheet})
	}
	g, err := book.Grid(v.Sheet, gridRows, gridCols)
	if err != nil {
		v.Problems = append(v.Problems, problemTexts(r, forms.Problem(err))...)
		return nil
	}
	v.Cols, v.GridMore = g.Cols, g.More
	tiedAt := map[string]*view.TiedCell{}
	for i := range v.Tied {
		tiedAt[v.Tied[i].Place] = &v.Tied[i]
	}
	for _, row := range g.Rows {
		out := view.SheetRow{Number: row.Number}
		for _, c := range row.Cells {
			x := view.SheetCell{Ref: c.Ref, Text: c.Text, Formula: c.Formula, ColSpan: c.ColSpan, RowSpan: c.RowSpan, Chosen: c.Ref == v.Cell,
				Href: v.Here + "?" + url.Values{"sheet": {v.Sheet}, "cell": {c.Ref}}.Encode() + "#tie"}
			if t := tiedAt[v.Sheet+"!"+c.Ref]; t != nil {
				x.Tied, x.Text = t.What, t.Value
			}
			out.Cells = append(out.Cells, x)
		}
		v.Grid = append(v.Grid, out)
	}
	return nil
}

func (s *server) fillingRows(r *request, rec *domain.Record, v *view.BookPage) error {
	list, total, err := s.fillings(r, rec)
	if err != nil {
		return err
	}
	v.Fillings = total
	for _, f := range list {
		v.Filled = append(v.Filled, view.FillingRow{Link: view.Link{Text: text(f.Fields["to"]), Href: v.Here + "/filled/" + f.Ref.String()}, On: string(f.Opened),
			File: address(f.Class, f.Ref) + "/files/file/0"})
	}
	return nil
}

// formSend takes what is done on the page of a workbook.
func (s *server) formSend(w http.ResponseWriter, h *http.Request) {
	r := s.request(w, h)
	if s.parked(w, r) {
		return
	}
	rec, err := s.formAt(r)
	var sent url.Values
	if err == nil {
		sent, err = s.sent(r)
	}
	if err != nil {
		s.fail(w, h, err)
		return
	}
	here := "/desk/forms/" + rec.Ref.String()
	to := here
	switch op := sent.Get("op"); op {
	case "tie", "untie":
		err = s.tieCell(r, rec, sent, op == "untie")
		to = here + "?" + afterTie(op, sent).Encode() + "#grid"
	case "replace":
		in := map[string]any{}
		if err = s.blankOf(r, sent, in); err == nil {
			_, err = s.Engine.Do(h.Context(), domain.Command{Record: rec.Ref, Action: "replace", Input: in, Actor: r.sight.Viewer.Actor})
		}
		to = here + "?done=replace"
	case "fill":
		var f domain.Ref
		f, err = s.fillForm(r, rec, domain.Date(strings.TrimSpace(sent.Get("to"))))
		to = here + "/filled/" + f.String()
	default:
		err = domain.Fail(domain.Invalid, "op", "op", "不认识的操作，请返回报表页重试", "no such step; go back to the form")
	}
	s.formAnswer(w, r, rec, sent, to, err)
}

func (s *server) formAnswer(w http.ResponseWriter, r *request, rec *domain.Record, sent url.Values, to string, err error) {
	switch code := domain.ErrorCode(err); {
	case err == nil:
		http.Redirect(w, r.Request, to, http.StatusSeeOther)
	case code == domain.Internal:
		s.fail(w, r.Request, err)
	default:
		if now, e := s.read.Record(r.Context(), rec.Ref); e == nil && now != nil {
			rec = now // somebody else may have tied cells meanwhile
		}
		v, e := s.formWith(r, rec, sent)
		if e != nil {
			s.fail(w, r.Request, e)
			return
		}
		v.Problems = append(problemTexts(r, err), v.Problems...)
		s.render(w, r, statuses[code], view.FormPage(r.Page, v))
	}
}

// fillForm fills a form up to a day for the person who asks.
func (s *server) fillForm(r *request, rec *domain.Record, to domain.Date) (domain.Ref, error) {
	if !to.Valid() {
		return domain.Ref{}, badDate("to", clipped(string(to)))
	}
	return s.filler().Fill(r.Context(), rec, to, r.sight.Viewer.Actor, "")
}

// tieCell ties one cell to an indicator, or frees it. Other cells are left as
// they are, also those a colleague tied meanwhile.
func (s *server) tieCell(r *request, rec *domain.Record, sent url.Values, free bool) error {
	cell, ok := xlsx.CellRef(sent.Get("cell"))
	if !ok {
		return domain.Failf(domain.Invalid, "cell", "cell", "「%s」不是单元格，请点选或写成 B5 这样", "%q names no cell; click one or write it like B5", clipped(sent.Get("cell")))
	}
	list := []tied{{Sheet: sent.Get("sheet"), Cell: cell, Scale: sent.Get("scale")}}
	if !free {
		ask, bad := s.sentAsk(r, sent.Get)
		if len(bad) > 0 {
			return &domain.Error{Code: domain.Invalid, Problems: bad}
		}
		list[0].Ask = ask
		if sent.Get("spread") != "" {
			list = s.spread(rec, list[0])
		}
		book, err := s.filler().Book(r.Context(), text(rec.Fields["file"]))
		if err != nil {
			return err
		}
		if err := forms.Try(book, list); err != nil {
			return err
		}
	}
	var rows []any
	for _, x := range forms.CellsOf(rec) {
		if !slices.ContainsFunc(list, func(t tied) bool { return t.Place() == x.Place() }) {
			rows = append(rows, x.Row())
		}
	}
	for _, t := range list {
		if !free {
			rows = append(rows, t.Row())
		}
	}
	_, err := s.Engine.Do(r.Context(), domain.Command{Record: rec.Ref, Action: "tie", Input: map[string]any{"cells": rows}, Seq: rec.Seq, Actor: r.sight.Viewer.Actor})
	return err
}

// spread ties a cell and those below it to the same figure, one for each area
// directly below the form's own: the rows of a table by county.
func (s *server) spread(rec *domain.Record, t tied) []tied {
	var out []tied
	for _, code := range sorted(s.cat.Areas) {
		if s.cat.Areas[code].Parent == rec.Area {
			x := t
			x.Area, x.Cell = code, xlsx.Below(t.Cell, len(out))
			out = append(out, x)
		}
	}
	if len(out) == 0 {
		return []tied{t}
	}
	return out
}

// afterTie goes on with the cell below, asked the same way.
func afterTie(op string, sent url.Values) url.Values {
	v := url.Values{"done": {op}, "at": {sent.Get("cell")}, "sheet": {sent.Get("sheet")}}
	if cell, ok := xlsx.CellRef(sent.Get("cell")); ok && op == "tie" && sent.Get("spread") == "" {
		v.Set("cell", xlsx.Below(cell, 1))
		for _, name := range []string{"period", "area", "show", "scale"} {
			if x := sent.Get(name); x != "" {
				v.Set(name, x)
			}
		}
	}
	return v
}
