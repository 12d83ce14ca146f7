package web

import (
	"slices"
	"strings"

	"github.com/a-h/templ"

	"github.com/dinghai/dinghai/catalogue"
	"github.com/dinghai/dinghai/domain"
	"github.com/dinghai/dinghai/web/view"
)

// lists shows every kind the viewer may see, with how many there are.
func (s *server) lists(r *request) (templ.Component, error) {
	if err := s.signedIn(r); err != nil {
		return nil, err
	}
	r.Nav, r.Title = "lists", r.T("nav.lists")
	var v view.Lists
	for _, k := range s.cat.Ordered() {
		if !s.seesKind(r, k.Name) {
			continue
		}
		n, err := r.sight.Count(r.Context(), domain.ListQuery{Kind: k.Name})
		if err != nil {
			return nil, err
		}
		row := view.Count{System: s.system(r.words, k.System), Link: view.Link{Text: k.Label.In(r.lang), Href: "/list/" + k.Name}, Total: count(n)}
		if k.Class == domain.Subject {
			v.Subjects = append(v.Subjects, row)
		} else {
			v.Matters = append(v.Matters, row)
		}
	}
	return view.ListsPage(r.Page, v), nil
}

// records lists one kind: found, filtered, sorted, with the columns chosen.
func (s *server) records(r *request) (templ.Component, error) {
	a, err := s.askList(r)
	if err != nil {
		return nil, err
	}
	a.q.After, a.q.Limit = r.URL.Query().Get("after"), pageSize
	page, err := r.sight.List(r.Context(), a.q)
	if err != nil {
		return nil, err
	}
	r.Nav, r.Title = "lists", a.kind.Label.In(r.lang)
	r.Crumbs = []view.Link{{Text: r.T("nav.lists"), Href: "/list"}, {Text: r.Title}}
	v := view.List{Kind: a.kind.Name, Title: r.Title, About: a.kind.About.In(r.lang), Filter: s.listFilter(r, a), Chips: s.listChips(r, a), Saved: s.savedViews(r, "list/"+a.kind.Name),
		Columns: s.columnChoices(r, a), Sorts: s.listSorts(r, a), Pager: pager(r, len(page.Rows), page.Total, page.Next), Query: drop(r, "after", "at")}
	for _, act := range s.Engine.Openings(a.kind, r.sight.Viewer.Actor) {
		v.New = append(v.New, view.Link{Text: act.Label.In(r.lang), Href: "/new/" + a.kind.Name + "/" + act.Action})
	}
	v.Bulk = s.bulkActions(r, a.kind)
	for _, c := range a.columns {
		v.Head = append(v.Head, s.columnName(r, a.kind, c))
	}
	if v.Rows, err = s.listRows(r, a, page.Rows); err != nil {
		return nil, err
	}
	v.Narrowed = len(v.Chips) > 0 || a.q.Text != ""
	return view.ListPage(r.Page, v), nil
}

// askedList is a list as the address asks for it.
type askedList struct {
	kind    *catalogue.Kind
	q       domain.ListQuery
	columns []string
}

// fixedColumns are the columns every list has; the rest are fields of the kind.
var fixedColumns = []string{"title", "number", "state", "due", "subject", "officer", "area", "organ", "opened", "closed"}

func defaultColumns(k *catalogue.Kind) []string {
	if k.Class == domain.Subject {
		if k.Code != "" {
			return []string{"title", k.Code, "state", "area", "opened"}
		}
		return []string{"title", "state", "area", "opened"}
	}
	return []string{"title", "number", "state", "due", "officer", "area", "opened"}
}

// askList reads kind, filters, order and columns from the address.
func (s *server) askList(r *request) (askedList, error) {
	a := askedList{kind: s.cat.Kinds[r.PathValue("kind")]}
	if err := s.signedIn(r); err != nil {
		return a, err
	}
	if a.kind == nil {
		return a, domain.Fail(domain.NotFound, "kind", "exists", "目录中没有这个事项", "the catalogue has no such matter")
	}
	if !s.seesKind(r, a.kind.Name) {
		return a, domain.Failf(domain.Forbidden, "kind", "scope", "您没有查看「%s」的权限，可查看的角色：%s", "you may not see this kind of record; these roles may: %[2]s",
			a.kind.Label.In(r.lang), s.roleList(r.words, s.cat.Readers(a.kind.Name)))
	}
	u := r.URL.Query()
	a.q = domain.ListQuery{Kind: a.kind.Name, Text: strings.TrimSpace(u.Get("q")), Area: u.Get("area"), Sort: u.Get("sort"), Asc: u.Get("asc") != "",
		From: domain.Date(u.Get("from")), To: domain.Date(u.Get("to")), Voided: u.Get("voided") != "", Fields: map[string]string{}}
	for _, st := range u["state"] {
		if a.kind.StateOf(st) != nil {
			a.q.States = append(a.q.States, st)
		}
	}
	switch u.Get("due") {
	case "over":
		a.q.DueTo = s.Engine.Today().AddDays(-1)
	case "soon":
		a.q.DueTo = s.cat.Calendar.AddWorkdays(s.Engine.Today(), soon)
	}
	s.askFields(r, &a)
	a.columns = defaultColumns(a.kind)
	if cols := u["col"]; len(cols) > 0 {
		a.columns = slices.DeleteFunc(slices.Clone(cols), func(c string) bool { return !s.isColumn(a.kind, c) })
	}
	if !slices.Contains(a.columns, "title") {
		a.columns = append([]string{"title"}, a.columns...)
	}
	return a, nil
}

// askFields reads the filters on declared fields.
func (s *server) askFields(r *request, a *askedList) {
	u := r.URL.Query()
	for _, f := range a.kind.Fields {
		if !f.Filter || f.Sealed() {
			continue
		}
		if v := u.Get("f." + f.Field); v != "" {
			a.q.Fields[f.Field] = v
		}
		from, to := domain.Date(u.Get("from."+f.Field)), domain.Date(u.Get("to."+f.Field))
		if f.Type == "date" && (from != "" || to != "") {
			a.q.Spans = append(a.q.Spans, domain.Span{Field: f.Field, From: from, To: to})
		}
	}
}

func (s *server) isColumn(k *catalogue.Kind, c string) bool {
	if slices.Contains(fixedColumns, c) {
		return true
	}
	f := k.FieldOf(c)
	return f != nil && !f.Sealed() && f.Type != "rows" && !domain.FileMedia(f.Type)
}

func (s *server) columnName(r *request, k *catalogue.Kind, c string) string {
	if slices.Contains(fixedColumns, c) {
		return r.T("col." + c)
	}
	return k.FieldOf(c).Label.In(r.lang)
}

// listed is a row of a list with what its columns need beyond it.
type listed struct {
	domain.ListRow
	rec      *domain.Record // nil where no column needs it
	of       *domain.Record // what it is about, where that is a column
	officers []string       // who has its open tasks, by id
}

// listRows shows the rows.
func (s *server) listRows(r *request, a askedList, list []domain.ListRow) ([]view.ListRow, error) {
	rows, err := s.listed(r, a, list, s.needsRecords(r, a))
	if err != nil {
		return nil, err
	}
	out := make([]view.ListRow, len(rows))
	for i, x := range rows {
		out[i] = view.ListRow{Ref: x.Ref.String(), Voided: x.Voided, Cells: make([]view.Cell, len(a.columns))}
		for n, c := range a.columns {
			out[i].Cells[n] = s.cellOf(r, a.kind, c, x)
		}
	}
	return out, nil
}

// listed reads what the columns need beyond the rows, all rows at once.
func (s *server) listed(r *request, a askedList, list []domain.ListRow, records bool) ([]listed, error) {
	refs := make([]domain.Ref, len(list))
	out := make([]listed, len(list))
	for i, x := range list {
		refs[i], out[i].ListRow = x.Ref, x
	}
	if records {
		found, err := s.read.Records(r.Context(), refs)
		if err != nil {
			return nil, err
		}
		for i := range out {
			out[i].rec = found[refs[i]]
		}
	}
	if slices.Contains(a.columns, "subject") {
		if err := s.subjectsOf(r, out); err != nil {
			return nil, err
		}
	}
	if slices.Contains(a.columns, "officer") {
		found, err := s.read.Assignees(r.Context(), refs)
		if err != nil {
			return nil, err
		}
		for i := range out {
			out[i].officers = found[refs[i]]
		}
	}
	return out, nil
}

func (s *server) subjectsOf(r *request, list []listed) error {
	var refs []domain.Ref
	for _, x := range list {
		if !x.Of.Zero() {
			refs = append(refs, x.Of)
		}
	}
	found, err := s.read.Records(r.Context(), refs)
	for i, x := range list {
		list[i].of = found[x.Of]
	}
	return err
}

// needsRecords reports whether the list does not keep what is shown: a field of
// the kind, or a title in English where it has words of its own.
func (s *server) needsRecords(r *request, a askedList) bool {
	return r.retitled(a.kind.Name) || slices.ContainsFunc(a.columns, func(c string) bool { return !slices.Contains(fixedColumns, c) })
}

// cellOf is one column of one row.
func (s *server) cellOf(r *request, k *catalogue.Kind, c string, x listed) view.Cell {
	plain := func(t string) view.Cell { return view.Cell{Link: view.Link{Text: t}} }
	switch c {
	case "title":
		return view.Cell{Link: view.Link{Text: r.rowTitle(x.Kind, x.Title, x.rec), Href: address(x.Class, x.Ref)}, Lead: true}
	case "number":
		return view.Cell{Link: view.Link{Text: x.Number}, Num: true}
	case "state":
		return plain(r.state(x.Kind, x.State))
	case "due":
		return view.Cell{Link: view.Link{Text: string(x.Due)}, Due: s.badge(r.words, x.Due), Num: true}
	case "subject":
		if x.Of.Zero() {
			return plain("")
		}
		return view.Cell{Link: r.linkOf(x.of)}
	case "officer":
		return plain(s.officersOf(r, x.officers))
	case "area":
		return plain(r.area(x.Area))
	case "organ":
		return plain(r.organ(x.Organ))
	case "opened":
		return view.Cell{Link: view.Link{Text: string(x.Opened)}, Num: true}
	case "closed":
		return view.Cell{Link: view.Link{Text: string(x.Closed)}, Num: true}
	}
	f := k.FieldOf(c)
	if x.rec == nil || x.rec.Fields[c] == nil {
		return plain("")
	}
	d := s.datum(r.Context(), r.words, f, x.rec.Fields[c])
	texts := make([]string, len(d.Values))
	for i, l := range d.Values {
		texts[i] = l.Text
	}
	return view.Cell{Link: view.Link{Text: strings.Join(texts, "、")}, Num: slices.Contains([]string{"int", "number", "money", "date"}, f.Type)}
}

// officersOf names officers, each once.
func (s *server) officersOf(r *request, ids []string) string {
	var out []string
	for _, id := range ids {
		if name := s.personName(r, id); name != "" && !slices.Contains(out, name) {
			out = append(out, name)
		}
	}
	return strings.Join(out, "、")
}
