package web

import (
	"encoding/csv"
	"net/http"
	"strings"

	"github.com/dinghai/dinghai/domain"
)

// rowsCSV streams every row behind a figure, in the columns of the page.
func (s *server) rowsCSV(w http.ResponseWriter, req *http.Request) {
	r := s.request(w, req)
	a, err := s.ask(r)
	if err == nil && a.slice.Indicator == "" || a.x != nil && (a.x.Kind == "derived" || a.x.Kind == "catalogue") {
		err = domain.Fail(domain.NotFound, "id", "rows", "该指标由其他指标算得，请下载各项的明细", "this figure is computed from others; download the rows of each input")
	}
	if err != nil {
		s.fail(w, req, err)
		return
	}
	w.Header().Set("Content-Type", "text/csv; charset=utf-8")
	w.Header().Set("Content-Disposition", `attachment; filename="`+a.x.Indicator+"_"+string(a.f.From)+"_"+string(a.f.To)+`.csv"`)
	if err := s.writeRows(w, r, a); err != nil {
		// The head is sent: an aborted connection tells the reader that the file is not whole.
		s.Log.Error("rows.csv", "figure", a.x.Indicator, "error", err)
		panic(http.ErrAbortHandler)
	}
}

func (s *server) writeRows(w http.ResponseWriter, r *request, a asked) error {
	if _, err := w.Write([]byte("\ufeff")); err != nil { // spreadsheets read Chinese only with the mark
		return err
	}
	out := csv.NewWriter(w)
	head := []string{r.T("col.day"), r.T("col.title"), r.T("col.number"), r.T("col.kind"), r.T("col.area"), r.T("col.result"), r.T("col.counts"), r.T("col.quantity")}
	if err := out.Write(head); err != nil {
		return err
	}
	for after := ""; ; {
		list, next, err := s.read.Rows(r.Context(), a.slice, after, 500)
		if err != nil {
			return err
		}
		for _, x := range list {
			v, err := s.figureRow(r, a.x, x)
			if err != nil {
				return err
			}
			if err := out.Write(inert([]string{v.Day, v.Text, v.Number, v.Kind, v.Area, v.Result, v.Verdict, strings.ReplaceAll(v.Quantity, ",", "")})); err != nil {
				return err
			}
		}
		if next == "" {
			out.Flush()
			return out.Error()
		}
		after = next
	}
}

// inert keeps a spreadsheet from taking a text for a formula.
func inert(row []string) []string {
	for i, c := range row {
		if c != "" && strings.ContainsRune("=+-@\t\r", rune(c[0])) {
			row[i] = "'" + c
		}
	}
	return row
}
