package web

import (
	"cmp"
	"encoding/json"
	"io"
	"net/http"
	"slices"
	"strings"

	"github.com/dinghai/dinghai/catalogue"
	"github.com/dinghai/dinghai/domain"
	"github.com/dinghai/dinghai/engine"
	"github.com/dinghai/dinghai/kit/calendar"
	"github.com/dinghai/dinghai/kit/table"
	"github.com/dinghai/dinghai/kit/xlsx"
	"github.com/dinghai/dinghai/web/view"
)

// change is one cell that differs from the record: it becomes a correction.
type change struct {
	Ref   string `json:"r"`
	Seq   int    `json:"s"`
	Field string `json:"f"`
	Value any    `json:"v"`
	Row   int    `json:"n"`
}

// maxChanges bounds what one sheet may change.
const maxChanges = 2000

var sheetLimits = xlsx.Limits{}

// excelBack takes an exported sheet back: first it shows every change it would
// make, then, confirmed with a reason, makes them, each as a correction of its
// own. What somebody else changed since the export is shown as a conflict and
// left alone.
func (s *server) excelBack(w http.ResponseWriter, h *http.Request) {
	r := s.request(w, h)
	v, err := s.backPage(r)
	if err != nil {
		s.fail(w, h, err)
		return
	}
	s.render(w, r, http.StatusOK, view.BackPage(r.Page, v))
}

func (s *server) backPage(r *request) (view.Back, error) {
	var v view.Back
	a, err := s.askList(r)
	if err != nil {
		return v, err
	}
	sent, err := s.sent(r)
	if err != nil {
		return v, err
	}
	v = view.Back{Kind: a.kind.Name, Title: a.kind.Label.In(r.lang), Reason: strings.TrimSpace(sent.Get("_reason")), Batch: first(sent.Get("_batch"), newKey())}
	r.Nav, r.Title = "lists", r.T("back.title")
	r.Crumbs = []view.Link{{Text: r.T("nav.lists"), Href: "/list"}, {Text: v.Title, Href: "/list/" + a.kind.Name}, {Text: r.Title}}
	var list []change
	if sent.Get("_changes") != "" {
		text, ok := s.Engine.Unlock("sheet/"+r.sight.Viewer.ID, sent.Get("_changes"))
		if !ok || json.Unmarshal([]byte(text), &list) != nil {
			return v, domain.Fail(domain.Invalid, "file", "changes", "请重新上传表格", "upload the sheet again")
		}
		v.Done = sent.Get("_do") != "" && v.Reason != ""
		v.Asked = !v.Done
	} else if list, err = s.readSheet(r, a.kind, &v); err != nil {
		return v, err
	}
	if err := s.backRows(r, a.kind, list, &v); err != nil {
		return v, err
	}
	b, err := json.Marshal(list)
	if err == nil {
		v.Changes, err = s.Engine.Lock("sheet/"+r.sight.Viewer.ID, string(b))
	}
	return v, err
}

// readSheet finds the cells of an uploaded sheet that differ from the records.
func (s *server) readSheet(r *request, k *catalogue.Kind, v *view.Back) ([]change, error) {
	file, _, err := r.FormFile("file")
	if err != nil {
		return nil, domain.Fail(domain.Invalid, "file", "required", "请选择从本列表导出、修改过的 Excel 文件", "choose the Excel file that was exported from this list and edited")
	}
	defer file.Close()
	f, err := xlsx.Read(io.LimitReader(file, maxBody), sheetLimits)
	if err != nil {
		return nil, domain.Fail(domain.Invalid, "file", "type", "文件无法读取，请使用从本列表导出的 .xlsx 文件", "the file cannot be read; use the .xlsx file exported from this list")
	}
	defer f.Close()
	a := askedList{kind: k, columns: editable(k)}
	columns := s.sheetColumns(r, a)
	var list []change
	for row, err := range f.Records(f.Sheets()[0], columns) {
		if err != nil {
			return nil, domain.Failf(domain.Invalid, "file", "rows", "表格无法读取：%v", "the sheet cannot be read: %v", err)
		}
		if row.ID == "" {
			v.Ignored++
			continue
		}
		if !slices.ContainsFunc(columns, func(c xlsx.Column) bool { _, there := row.Header().At(c.Name); return there }) {
			return nil, domain.Fail(domain.Invalid, "file", "columns", "表格里没有可以修改的列。如果是用另一种语言导出的，请先切换语言再传回", "no column of the sheet can be changed; if it was exported in the other language, switch to that first")
		}
		found, problems := s.changesOf(r, k, columns, row)
		for _, p := range problems {
			v.Rows = append(v.Rows, view.BackRow{Row: row.Number, Problems: []string{p}})
			v.Bad++
		}
		if list = append(list, found...); len(list) > maxChanges {
			return nil, domain.Failf(domain.Invalid, "file", "count", "一次最多修改 %d 处，请分成几个文件", "at most %d changes at a time; split the file", maxChanges)
		}
	}
	return list, nil
}

// editable are the fields a sheet can change: plain values that are not sealed.
func editable(k *catalogue.Kind) []string {
	var out []string
	for _, f := range k.Fields {
		if !f.Many && !f.Sealed() && slices.Contains([]string{"text", "note", "int", "money", "number", "date", "bool", "code", "uscc", "phone"}, f.Type) {
			out = append(out, f.Field)
		}
	}
	return out
}

func (s *server) changesOf(r *request, k *catalogue.Kind, columns []xlsx.Column, row xlsx.Record) (list []change, problems []string) {
	ref, seq, err := parseRowID(row.ID)
	if err != nil {
		return nil, []string{r.T("back.noid")}
	}
	for _, e := range row.Errors {
		problems = append(problems, s.cellProblem(r, k, e))
	}
	rec, err := r.sight.Record(r.Context(), ref)
	if err != nil || rec == nil || rec.Kind != k.Name {
		return nil, append(problems, r.T("back.norecord"))
	}
	for i, c := range columns {
		_, there := row.Header().At(c.Name)
		if !there || slices.ContainsFunc(row.Errors, func(e *table.RowError) bool { return e.Column == c.Name }) {
			continue
		}
		f := k.FieldOf(c.Name)
		was := s.sheetCell(r, k, c.Name, c.Type, listed{rec: rec, officers: rec.Assignees()})
		if same(was, row.Values[i]) {
			continue
		}
		list = append(list, change{ref.String(), seq, c.Name, s.inputOfCell(r, f, row.Values[i]), row.Number})
	}
	return list, problems
}

// cellProblem tells what is wrong with a cell.
func (s *server) cellProblem(r *request, k *catalogue.Kind, e *table.RowError) string {
	name := e.Column
	if f := k.FieldOf(name); f != nil {
		name = f.Label.In(r.lang)
	}
	key := "back.bad." + e.Reason
	if !r.Has(key) {
		key = "back.bad.value"
	}
	return r.T(key, name, clip(e.Value, 40))
}

// same reports whether a cell still says what the record says.
func same(was, now any) bool {
	if t, ok := was.(string); ok && t == "" {
		was = nil
	}
	if t, ok := now.(string); ok {
		if t = strings.TrimSpace(t); t == "" {
			now = nil
		} else if w, ok := was.(string); ok {
			return strings.TrimSpace(w) == t
		}
	}
	if was == false && now == nil {
		return true
	}
	return was == now
}

// inputOfCell is a cell's value as the engine takes it.
func (s *server) inputOfCell(r *request, f *catalogue.Field, v any) any {
	switch x := v.(type) {
	case calendar.Date:
		return string(x)
	case string:
		for _, o := range s.builder(r).Field(f).Options {
			if f.Type == "code" && o.Text == x {
				return o.Value
			}
		}
	}
	return v
}

// backRows tries or makes each change.
func (s *server) backRows(r *request, k *catalogue.Kind, list []change, v *view.Back) error {
	for _, c := range list {
		ref, err := domain.ParseRef(c.Ref)
		if err != nil {
			return err
		}
		rec, err := r.sight.Record(r.Context(), ref)
		f := k.FieldOf(c.Field)
		if err != nil || rec == nil || f == nil {
			return cmp.Or(err, notThere())
		}
		row := view.BackRow{Row: c.Row, Link: view.Link{Text: first(rec.Number, r.title(rec)), Href: address(rec.Class, ref)}, Field: f.Label.In(r.lang),
			Was: s.plainValue(r, f, orEmpty(rec.Fields[c.Field])), Now: s.plainValue(r, f, orEmpty(c.Value))}
		if err := s.backOne(r, c, rec, v); err != nil {
			row.Problems = problemTexts(r, err)
			v.Bad++
		} else {
			v.Good++
		}
		v.Rows = append(v.Rows, row)
	}
	return nil
}

func orEmpty(v any) any {
	if v == nil {
		return ""
	}
	return v
}

// backOne is one correction. The version is the one exported, or, once this
// sheet itself has changed the record, the one it left.
func (s *server) backOne(r *request, c change, rec *domain.Record, v *view.Back) error {
	seq := c.Seq
	if last, err := s.read.Events(r.Context(), rec.Ref); err == nil && v.Done {
		for _, e := range last[min(c.Seq, len(last)):] {
			if e.Batch != v.Batch {
				break
			}
			seq++
		}
	}
	cmd := domain.Command{Record: rec.Ref, Kind: rec.Kind, Action: engine.ActCorrect, Actor: r.sight.Viewer.Actor, Seq: seq, Batch: v.Batch,
		Reason: first(v.Reason, "-"), Input: map[string]any{"field": c.Field, "value": c.Value}}
	if !v.Done {
		_, err := s.Engine.Check(r.Context(), cmd)
		return err
	}
	cmd.Key = v.Batch + "/" + c.Field
	_, err := s.Engine.Do(r.Context(), cmd)
	return err
}
