package web

import (
	"strconv"
	"strings"

	"github.com/dinghai/dinghai/catalogue"
	"github.com/dinghai/dinghai/domain"
	"github.com/dinghai/dinghai/store"
	"github.com/dinghai/dinghai/web/view"
)

// fileLinks shows the files of a field as links of its record.
func (s *server) fileLinks(rec *domain.Record, f *catalogue.Field, v any) []view.File {
	if s.Files == nil || !domain.FileMedia(f.Type) {
		return nil
	}
	list, err := parseFiles(v)
	if err != nil {
		return nil
	}
	out := make([]view.File, len(list))
	for i, x := range list {
		out[i] = view.File{Link: view.Link{Text: x.Name, Href: address(rec.Class, rec.Ref) + "/files/" + f.Field + "/" + strconv.Itoa(i)}, Size: sizeText(x.Size), Image: x.Image()}
	}
	return out
}

// rowFiles lets the files in the rows of a table be opened: each has the
// address of its field, row and column.
func (s *server) rowFiles(rec *domain.Record, f *catalogue.Field, t *view.Table, v any) {
	list, _ := v.([]any)
	if s.Files == nil || t == nil {
		return
	}
	for n, c := range usedColumns(f, list) {
		if c.Sealed() || !domain.FileMedia(c.Type) {
			continue
		}
		for i := range t.Rows {
			row, _ := list[i].(map[string]any)
			if files, err := parseFiles(row[c.Field]); err == nil && len(files) > 0 {
				t.Rows[i][n].Href = address(rec.Class, rec.Ref) + "/files/" + f.Field + "." + strconv.Itoa(i) + "." + c.Field + "/0"
			}
		}
	}
}

// fileField finds the field a file's address names, and the value it has in the
// record: field, or field.row.column of a table. nil = there is none.
func fileField(k *catalogue.Kind, rec *domain.Record, name string) (f *catalogue.Field, value any) {
	part := strings.Split(name, ".")
	if f = k.FieldOf(part[0]); f == nil || rec.Fields[f.Field] == nil {
		return nil, nil
	}
	if len(part) == 1 {
		return f, rec.Fields[f.Field]
	}
	list, _ := rec.Fields[f.Field].([]any)
	i, err := strconv.Atoi(part[1])
	if len(part) != 3 || f.Type != "rows" || f.Sealed() || err != nil || i < 0 || i >= len(list) {
		return nil, nil
	}
	row, _ := list[i].(map[string]any)
	for _, c := range f.Of {
		if c.Field == part[2] && !c.Sealed() && row[c.Field] != nil {
			return c, row[c.Field]
		}
	}
	return nil, nil
}

func sizeText(n int64) string {
	if n < 1<<20 {
		return strconv.FormatInt((n+1023)>>10, 10) + " KB"
	}
	return strconv.FormatFloat(float64(n)/(1<<20), 'f', 1, 64) + " MB"
}

// pendingEvidence tells of a record that says it has evidence and holds none:
// it is valid all the same.
func pendingEvidence(k *catalogue.Kind, rec *domain.Record) bool {
	if rec.Fields["has_evidence"] != true {
		return false
	}
	for _, f := range k.Fields {
		if domain.FileMedia(f.Type) && rec.Fields[f.Field] != nil {
			return false
		}
	}
	return true
}

// logLook records that somebody is about to see what not everybody may.
func (s *server) logLook(r *request, action string, ref domain.Ref, detail string) error {
	if s.Work == nil {
		return domain.Fail(domain.Unavailable, "", "log", "查看记录暂时不能保存，因此不能打开", "the look cannot be recorded, so it cannot be opened")
	}
	return s.Work.LogAccess(r.Context(), store.Access{At: s.Engine.Now(), Actor: r.sight.Viewer.ID, Action: action, Target: ref.String(), Detail: detail})
}
