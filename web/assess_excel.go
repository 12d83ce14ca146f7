package web

import (
	"fmt"
	"net/http"
	"path"
	"strings"

	"github.com/dinghai/dinghai/domain"
	"github.com/dinghai/dinghai/jobs/forms"
	"github.com/dinghai/dinghai/kit/table"
	"github.com/dinghai/dinghai/kit/xlsx"
)

// assessColumns are the columns of a sheet as a file: those that are read back
// first, then what was computed.
var assessColumns = []struct {
	name, zh string
	read     bool
	typ      xlsx.Type
}{
	{"item", "考核项", true, xlsx.Text}, {"figure", "指标", true, xlsx.Code}, {"period", "期间", true, xlsx.Code}, {"area", "辖区", true, xlsx.Code}, {"show", "取数", true, xlsx.Code},
	{"manual", "手填实际值", true, xlsx.Text}, {"source", "手填来源", true, xlsx.Text}, {"target", "目标值", true, xlsx.Text}, {"weight", "分值", true, xlsx.Text},
	{"rule", "计分办法", true, xlsx.Code}, {"formula", "自定公式", true, xlsx.Code}, {"value", "实际值", false, xlsx.Text}, {"score", "得分", false, xlsx.Text}, {"missing", "距满分", false, xlsx.Text},
}

// assessSheet gives a sheet as a workbook; it can be changed there and read back.
func (s *server) assessSheet(w http.ResponseWriter, h *http.Request) {
	r := s.request(w, h)
	rec, err := s.assessAt(r)
	var list []scored
	if err == nil {
		list, _, err = s.scores(r, rec)
	}
	if err != nil {
		s.fail(w, h, err)
		return
	}
	w.Header().Set("Content-Type", domain.FileTypes["xlsx"])
	w.Header().Set("Content-Disposition", `attachment; filename="assessment_`+text(rec.Fields["to"])+`.xlsx"`)
	if err := writeAssessment(w, list); err != nil {
		s.Log.Error("assessment", "error", err)
		panic(http.ErrAbortHandler)
	}
}

func writeAssessment(w http.ResponseWriter, list []scored) error {
	heads := make([]string, len(assessColumns))
	for i, c := range assessColumns {
		heads[i] = c.zh
	}
	t, err := xlsx.NewWriter(w, "考核表", heads...)
	if err != nil {
		return err
	}
	for _, x := range list {
		row := []any{x.Item, x.ID, x.Period, x.Area, x.Show, nil, x.Source, x.Target, x.Weight, x.Rule, x.Formula, nil, nil, x.missing()}
		if x.Manual != nil {
			row[5] = *x.Manual
		}
		if x.known {
			row[11] = x.value
		}
		if x.defined {
			row[12] = x.score
		}
		if err := t.Write(row...); err != nil {
			return err
		}
	}
	return t.Close()
}

// maxLines bounds a sheet.
const maxLines = 300

// importedLines reads all lines from the file of a form: a sheet exported here,
// or any with these headings. One wrong row and nothing is taken.
func (s *server) importedLines(r *request) ([]line, error) {
	f, head, err := r.FormFile("sheet")
	if err != nil {
		return nil, domain.Fail(domain.Invalid, "sheet", "required", "请选择考核表文件（.xlsx）", "choose the file of the sheet (.xlsx)")
	}
	defer f.Close()
	book, err := xlsx.Read(f, forms.Limits)
	if err != nil {
		return nil, domain.Failf(domain.Invalid, "sheet", "open", "「%s」打不开，应为 .xlsx 工作簿", "%q cannot be opened; it must be an .xlsx workbook", clipped(path.Base(head.Filename)))
	}
	defer book.Close()
	var columns []table.Column
	for _, c := range assessColumns {
		if c.read {
			columns = append(columns, table.Column{Name: c.name, Aliases: []string{c.zh}, Required: c.name == "item" || c.name == "target" || c.name == "weight"})
		}
	}
	var out []line
	var bad []domain.Problem
	for row, err := range book.Rows("", columns) {
		if err != nil {
			return nil, domain.Fail(domain.Invalid, "sheet", "header", "没有找到表头：第一行应有「考核项」「目标值」「分值」等列，可先导出一份看看样子", "no header: the first row needs the columns 考核项, 目标值, 分值; export a sheet to see how it looks")
		}
		get := func(name string) string { return strings.TrimSpace(row.Get(name).Text()) }
		if get("item") == "" && get("target") == "" {
			continue
		}
		l, problems := s.lineOf(r, func(name string) string { return ruleOr(name, get(name)) })
		for _, p := range problems {
			p.Reason = domain.Text{ZH: fmt.Sprintf("第%d行：%s", row.Number, p.Reason.ZH), EN: fmt.Sprintf("row %d: %s", row.Number, p.Reason.EN)}
			bad = append(bad, p)
		}
		if out = append(out, l); len(out) > maxLines {
			return nil, domain.Failf(domain.Invalid, "sheet", "count", "最多 %d 项", "at most %d lines", maxLines)
		}
	}
	if len(bad) > 0 {
		return nil, &domain.Error{Code: domain.Invalid, Problems: bad}
	}
	if len(out) == 0 {
		return nil, domain.Fail(domain.Invalid, "sheet", "empty", "文件里没有考核项", "the file has no lines")
	}
	return out, nil
}

// ruleOr takes the usual rule where a file names none.
func ruleOr(name, v string) string {
	if name == "rule" && v == "" {
		return "share"
	}
	return v
}
