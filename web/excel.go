package web

import (
	"encoding/csv"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/dinghai/dinghai/catalogue"
	"github.com/dinghai/dinghai/domain"
	"github.com/dinghai/dinghai/kit/calendar"
	"github.com/dinghai/dinghai/kit/table"
	"github.com/dinghai/dinghai/kit/xlsx"
	"github.com/dinghai/dinghai/store"
	"github.com/dinghai/dinghai/web/form"
)

// exportTimeout is longer than a page's: a city's list has many rows.
const exportTimeout = 5 * time.Minute

// export sends a list as it is shown, every row of it, as a file: same filters,
// same columns, same rights. A sheet carries each row's record and version in a
// hidden column, so that it can come back.
func (s *server) export(ext string) http.HandlerFunc {
	return func(w http.ResponseWriter, h *http.Request) { s.exportAs(w, h, ext) }
}

func (s *server) exportAs(w http.ResponseWriter, h *http.Request, ext string) {
	_ = http.NewResponseController(w).SetWriteDeadline(time.Now().Add(exportTimeout))
	r := s.request(w, h)
	a, err := s.askList(r)
	if err != nil {
		s.fail(w, h, err)
		return
	}
	name := a.kind.Kind + "_" + string(s.Engine.Today()) + "." + ext
	if s.Work != nil {
		err = s.Work.LogAccess(h.Context(), store.Access{At: s.Engine.Now(), Actor: r.sight.Viewer.ID, Action: "export", Target: a.kind.Name, Detail: clip(h.URL.RawQuery, 400)})
		if err != nil {
			s.fail(w, h, err)
			return
		}
	}
	w.Header().Set("Content-Disposition", `attachment; filename="`+name+`"`)
	if ext == "csv" {
		w.Header().Set("Content-Type", "text/csv; charset=utf-8")
		err = s.exportCSV(w, r, a)
	} else {
		w.Header().Set("Content-Type", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet")
		err = s.exportSheet(w, r, a)
	}
	if err != nil {
		s.Log.Error("export", "kind", a.kind.Name, "error", err)
		panic(http.ErrAbortHandler) // the head is sent: the reader must see that the file is not whole
	}
}

// each goes through all rows of a list, a page at a time.
func (s *server) each(r *request, a askedList, fn func(listed) error) error {
	a.q.Limit = 500
	for {
		page, err := r.sight.List(r.Context(), a.q)
		if err != nil {
			return err
		}
		rows, err := s.listed(r, a, page.Rows, true)
		if err != nil {
			return err
		}
		for _, x := range rows {
			if x.rec == nil {
				continue
			}
			if err := fn(x); err != nil {
				return err
			}
		}
		if a.q.After = page.Next; page.Next == "" {
			return nil
		}
	}
}

func (s *server) exportCSV(w http.ResponseWriter, r *request, a askedList) error {
	if _, err := w.Write([]byte("\ufeff")); err != nil {
		return err
	}
	out := csv.NewWriter(w)
	var head []string
	for _, c := range a.columns {
		head = append(head, s.columnName(r, a.kind, c))
	}
	if err := out.Write(head); err != nil {
		return err
	}
	err := s.each(r, a, func(x listed) error {
		row := make([]string, len(a.columns))
		for i, c := range a.columns {
			row[i] = s.cellOf(r, a.kind, c, x).Text
		}
		return out.Write(inert(row))
	})
	out.Flush()
	if err != nil {
		return err
	}
	return out.Error()
}

func (s *server) exportSheet(w http.ResponseWriter, r *request, a askedList) error {
	columns := s.sheetColumns(r, a)
	t, err := xlsx.NewTable(w, sheetName, columns, true)
	if err != nil {
		return err
	}
	err = s.each(r, a, func(x listed) error {
		cells := make([]any, len(a.columns))
		for i, c := range a.columns {
			cells[i] = s.sheetCell(r, a.kind, c, columns[i].Type, x)
		}
		return t.Write(rowID(x.rec), cells...)
	})
	if err != nil {
		return err
	}
	return t.Close()
}

const sheetName = "清单"

// rowID names a record and the version that was exported.
func rowID(rec *domain.Record) string { return rec.Ref.String() + "@" + strconv.Itoa(rec.Seq) }

func parseRowID(id string) (domain.Ref, int, error) {
	text, version, _ := strings.Cut(id, "@")
	ref, err := domain.ParseRef(text)
	seq, _ := strconv.Atoi(version)
	return ref, seq, err
}

// sheetColumns gives the columns of a list their types in a sheet.
func (s *server) sheetColumns(r *request, a askedList) []xlsx.Column {
	out := make([]xlsx.Column, len(a.columns))
	for i, c := range a.columns {
		out[i] = xlsx.Column{Column: table.Column{Name: c}, Title: s.columnName(r, a.kind, c)}
		switch c {
		case "due", "opened", "closed":
			out[i].Type = xlsx.Date
		case "number":
			out[i].Type = xlsx.Code
		default:
			if f := a.kind.FieldOf(c); f != nil {
				s.fieldColumn(r, f, &out[i])
			}
		}
	}
	return out
}

// fieldColumn is a field of the catalogue as a column of a sheet.
func (s *server) fieldColumn(r *request, f *catalogue.Field, c *xlsx.Column) {
	if f.Many {
		return
	}
	switch f.Type {
	case "int":
		c.Type = xlsx.Int
	case "money":
		c.Type, c.Places = xlsx.Decimal, 2
	case "date":
		c.Type = xlsx.Date
	case "bool":
		c.Type = xlsx.Bool
	case "phone", "uscc", "resident_id":
		c.Type = xlsx.Code
	case "code":
		x := s.builder(r).Field(f)
		if len(x.Options) > 0 {
			c.Type, c.Choices = xlsx.Choice, texts(x.Options)
		}
	}
}

func texts(list []form.Option) []string {
	out := make([]string, len(list))
	for i, o := range list {
		out[i] = o.Text
	}
	return out
}

// sheetCell is a value of a column's type; nil where there is none.
func (s *server) sheetCell(r *request, k *catalogue.Kind, c string, t xlsx.Type, x listed) any {
	if f := k.FieldOf(c); f != nil && t != xlsx.Text && t != xlsx.Code {
		return typedCell(s, r, f, t, x.rec.Fields[c])
	}
	text := s.cellOf(r, k, c, x).Text
	switch {
	case text == "":
		return nil
	case t == xlsx.Date:
		return calendar.Date(text)
	}
	return text
}

func typedCell(s *server, r *request, f *catalogue.Field, t xlsx.Type, v any) any {
	if v == nil {
		return nil
	}
	switch t {
	case xlsx.Int, xlsx.Decimal:
		return whole(v)
	case xlsx.Bool:
		return v == true
	case xlsx.Date:
		return calendar.Date(text(v))
	case xlsx.Choice:
		label := s.value(r.Context(), r.words, f, v).Text
		if x := s.builder(r).Field(f); !slices.Contains(texts(x.Options), label) {
			return nil
		}
		return label
	}
	return text(v)
}
