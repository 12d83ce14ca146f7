package web

import (
	"context"
	"strings"

	"github.com/dinghai/dinghai/catalogue"
	"github.com/dinghai/dinghai/domain"
	"github.com/dinghai/dinghai/engine"
	"github.com/dinghai/dinghai/web/format"
	"github.com/dinghai/dinghai/web/view"
)

// datum shows one field of a record. Sealed values show only that they exist:
// opening them is an act of its own, with a reason.
func (s *server) datum(ctx context.Context, w words, f *catalogue.Field, v any) view.Datum {
	d := view.Datum{Label: f.Label.In(w.lang)}
	switch {
	case f.Sealed() || engine.IsSealed(v):
		d.Sealed = true
	case f.Type == "rows":
		d.Table = s.rowsTable(ctx, w, f, v)
	case f.Many:
		list, _ := v.([]any)
		for _, x := range list {
			d.Values = append(d.Values, s.value(ctx, w, f, x))
		}
	default:
		d.Values = []view.Link{s.value(ctx, w, f, v)}
	}
	return d
}

// value writes a single value by its type.
func (s *server) value(ctx context.Context, w words, f *catalogue.Field, v any) view.Link {
	switch f.Type {
	case "money":
		return view.Link{Text: w.l.T("money", format.Money(whole(v)))}
	case "int":
		if ofYear(f) {
			return view.Link{Text: text(v)}
		}
		return view.Link{Text: join(format.Int(whole(v)), f.Unit.In(w.lang))}
	case "number":
		return view.Link{Text: join(text(v), f.Unit.In(w.lang))}
	case "bool":
		if v == true {
			return view.Link{Text: w.l.T("yes")}
		}
		return view.Link{Text: w.l.T("no")}
	case "code":
		return view.Link{Text: w.cat.Label(f.List, text(v), w.lang)}
	case "industry":
		return view.Link{Text: w.cat.Label("industry", text(v), w.lang)}
	case "area":
		return view.Link{Text: w.area(text(v))}
	case "text":
		if f.Field == "registry" || strings.HasSuffix(f.Field, "organ") {
			return view.Link{Text: w.organ(text(v))}
		}
		if role, organ, ok := w.seat(text(v)); ok && organ != "" {
			return view.Link{Text: role + " · " + organ}
		}
	case "ref":
		return s.linkTo(ctx, w, text(v))
	case "file", "photo", "signature":
		if x, err := domain.ParseFile(text(v)); err == nil {
			return view.Link{Text: x.Name} // never the key
		}
		return view.Link{Text: w.l.T("record.gone")}
	}
	return view.Link{Text: text(v)}
}

// ofYear tells a year from an amount: it has no thousands.
func ofYear(f *catalogue.Field) bool {
	return f.Min != nil && f.Max != nil && *f.Min >= 1900 && *f.Max < 3000
}

func join(value, unit string) string {
	if unit == "" {
		return value
	}
	return value + " " + unit
}

func whole(v any) int64 {
	switch n := v.(type) {
	case int64:
		return n
	case int:
		return int64(n)
	case uint64:
		return int64(n)
	case float64:
		return int64(n)
	}
	return 0
}

// linkTo names the record a reference points to.
func (s *server) linkTo(ctx context.Context, w words, ref string) view.Link {
	r, err := domain.ParseRef(ref)
	if err != nil {
		return view.Link{Text: ref}
	}
	rec, err := s.read.Record(ctx, r)
	if err != nil {
		rec = nil
	}
	return w.linkOf(rec)
}

// linkOf names a record that was read, nil where it is gone.
func (w words) linkOf(rec *domain.Record) view.Link {
	if rec == nil {
		return view.Link{Text: w.l.T("record.gone")}
	}
	return view.Link{Text: w.title(rec), Href: address(rec.Class, rec.Ref)}
}

// rowsTable shows a field of type rows; unused columns are left out.
func (s *server) rowsTable(ctx context.Context, w words, f *catalogue.Field, v any) *view.Table {
	list, _ := v.([]any)
	t := &view.Table{}
	used := usedColumns(f, list)
	for _, c := range used {
		t.Head = append(t.Head, c.Label.In(w.lang))
	}
	for _, x := range list {
		m, _ := x.(map[string]any)
		row := make([]view.Link, len(used))
		for i, c := range used {
			switch {
			case c.Sealed():
				row[i].Text = w.l.T("sealed")
			case m[c.Field] != nil && c.Many:
				row[i].Text = s.plain(ctx, w, c, m[c.Field])
			case m[c.Field] != nil:
				row[i] = s.value(ctx, w, c, m[c.Field])
			}
		}
		t.Rows = append(t.Rows, row)
	}
	return t
}

// usedColumns are those with a value in some row; sealed ones always.
func usedColumns(f *catalogue.Field, list []any) []*catalogue.Field {
	var used []*catalogue.Field
	for _, c := range f.Of {
		if c.Sealed() || holds(list, c.Field) {
			used = append(used, c)
		}
	}
	return used
}

func holds(list []any, field string) bool {
	for _, x := range list {
		if m, _ := x.(map[string]any); m[field] != nil {
			return true
		}
	}
	return false
}

// plain writes a value of a known field in one line, for the time line.
func (s *server) plain(ctx context.Context, w words, f *catalogue.Field, v any) string {
	if v == nil {
		return w.l.T("cleared")
	}
	d := s.datum(ctx, w, f, v)
	if d.Sealed {
		return w.l.T("sealed")
	}
	if d.Table != nil {
		return w.l.T("rows.n", len(d.Table.Rows))
	}
	parts := make([]string, len(d.Values))
	for i, x := range d.Values {
		parts[i] = x.Text
	}
	return strings.Join(parts, w.l.T("comma"))
}
