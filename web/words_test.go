package web

import (
	"context"
	"testing"

	"github.com/dinghai/dinghai/catalogue"
	"github.com/dinghai/dinghai/systems"
	"github.com/dinghai/dinghai/web/i18n"
)

// TestNoCodesForPeople: what stands in a record as a code is read as words: who
// held a seat, a functional district, a list in a table's cell; a year is no
// amount, and the run of a limit has a name.
func TestNoCodesForPeople(t *testing.T) {
	cat, err := catalogue.Load(systems.Files)
	if err != nil {
		t.Fatal(err)
	}
	texts, err := i18n.Load()
	if err != nil {
		t.Fatal(err)
	}
	w := words{cat: cat, lang: "zh", l: texts["zh"], organs: func(code string) *catalogue.Organ { return cat.Organs[code] }}
	s := &server{}
	low, high := 2015.0, 2100.0
	for _, c := range []struct {
		field *catalogue.Field
		value any
		want  string
	}{
		{&catalogue.Field{Field: "done_by", Type: "text"}, "inspector.ss", "执法检查人员 · 嵊泗县市场监督管理局"},
		{&catalogue.Field{Field: "note", Type: "text"}, "inspector", "inspector"},
		{&catalogue.Field{Field: "zone_codes", Type: "code", List: "zone", Many: true}, []any{"puzhu"}, "普陀山—朱家尖功能区"},
		{&catalogue.Field{Field: "year", Type: "int", Min: &low, Max: &high}, int64(2023), "2023"},
		{&catalogue.Field{Field: "count", Type: "int"}, int64(2023), "2,023"},
	} {
		if got := s.plain(context.Background(), w, c.field, c.value); got != c.want {
			t.Errorf("%s %v: got %s, want %s", c.field.Field, c.value, got, c.want)
		}
	}
	rows := &catalogue.Field{Field: "tasks", Type: "rows", Of: []*catalogue.Field{{Field: "items", Type: "text", Many: true}}}
	table := s.rowsTable(context.Background(), w, rows, []any{map[string]any{"items": []any{"甲", "乙"}}})
	if got := table.Rows[0][0].Text; got != "甲、乙" {
		t.Errorf("a list in a cell: %s", got)
	}
	if got := w.part("process"); got != "抽样过程" {
		t.Errorf("a run of a limit: %s", got)
	}
}
