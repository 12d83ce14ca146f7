package web

import (
	"slices"

	"github.com/a-h/templ"

	"github.com/dinghai/dinghai/domain"
	"github.com/dinghai/dinghai/web/view"
)

// The tabs of the inbox.
const (
	tabMine = "mine" // given to me, or to an absent colleague I stand in for
	tabFree = "free" // nobody's yet, and mine to take
	tabArea = "area" // everything open that I may see
)

// inbox lists what somebody must do next, what is due first on top. Each tab's
// number is its rows.
func (s *server) inbox(r *request) (templ.Component, error) {
	if err := s.signedIn(r); err != nil {
		return nil, err
	}
	r.Nav, r.Title = "inbox", r.T("nav.inbox")
	q, err := s.inboxFilter(r)
	if err != nil {
		return nil, err
	}
	v := view.Inbox{Chips: s.inboxChips(r, q), Kinds: s.inboxKinds(r, q.Kind), Late: r.URL.Query().Get("late") != "", Saved: s.savedViews(r, "inbox")}
	tab := r.URL.Query().Get("tab")
	if !slices.Contains([]string{tabMine, tabFree, tabArea}, tab) {
		tab = tabMine
	}
	for _, t := range []string{tabMine, tabFree, tabArea} {
		tq := s.inTab(r, q, t)
		if t != tab {
			tq.Limit = 1
		}
		list, total, err := s.tasksOf(r, tq)
		if err != nil {
			return nil, err
		}
		v.Tabs = append(v.Tabs, view.Tab{Link: view.Link{Text: r.T("inbox." + t), Href: putOnly(r, "tab", t)}, Count: total, Here: t == tab})
		if t != tab {
			continue
		}
		if v.Rows, err = s.taskRows(r, list); err != nil {
			return nil, err
		}
		next := ""
		if len(list) == pageSize && len(list) < total {
			next = list[len(list)-1].Cursor()
		}
		v.Pager, v.Tab = pager(r, len(list), total, next), tab
	}
	return view.InboxPage(r.Page, v), nil
}

// inboxFilter reads what the person narrowed the inbox to.
func (s *server) inboxFilter(r *request) (domain.TaskQuery, error) {
	u := r.URL.Query()
	q := domain.TaskQuery{Kind: u.Get("kind"), After: u.Get("after"), Limit: pageSize}
	if q.Kind != "" && s.cat.Kinds[q.Kind] == nil {
		return q, domain.Failf(domain.NotFound, "kind", "exists", "目录中没有事项「%s」", "the catalogue has no kind %q", q.Kind)
	}
	if a := u.Get("area"); a != "" {
		if s.cat.Areas[a] == nil {
			return q, domain.Failf(domain.NotFound, "area", "exists", "没有编号为「%s」的辖区", "there is no area %q", a)
		}
		q.Area = a
	}
	switch u.Get("late") {
	case "":
	case "1":
		q.DueTo = s.Engine.Today().AddDays(-1)
	default:
		q.DueTo = s.cat.Calendar.AddWorkdays(s.Engine.Today(), soon)
	}
	return q, nil
}

// inTab narrows the inbox to a tab.
func (s *server) inTab(r *request, q domain.TaskQuery, tab string) domain.TaskQuery {
	v := r.sight.Viewer
	switch tab {
	case tabMine:
		q.Assignees = append([]string{v.ID}, v.For...)
	case tabFree:
		q.Free, q.May = true, v.Grants
		if len(q.May) == 0 {
			q.May = []domain.Grant{{Role: "-"}} // no grant, nothing to take
		}
	}
	return q
}

func (s *server) tasksOf(r *request, q domain.TaskQuery) ([]domain.TaskRow, int, error) {
	return r.sight.Tasks(r.Context(), q)
}

// taskRows shows tasks with the records they stand on.
func (s *server) taskRows(r *request, list []domain.TaskRow) ([]view.TaskRow, error) {
	out := make([]view.TaskRow, 0, len(list))
	refs := make([]domain.Ref, len(list))
	for i, t := range list {
		refs[i] = domain.Ref{Home: t.Home, ID: t.Record}
	}
	found, err := s.read.Records(r.Context(), refs)
	if err != nil {
		return nil, err
	}
	for i, t := range list {
		ref, rec := refs[i], found[refs[i]]
		if rec == nil {
			continue
		}
		v := view.TaskRow{Title: view.Link{Text: r.title(rec), Href: address(rec.Class, ref)}, Number: rec.Number, Kind: r.kind(t.Kind), State: r.state(t.Kind, rec.State), Area: r.area(t.Area)}
		if k := s.cat.KindAt(rec.Kind, rec.Process); k != nil {
			v.Todo = s.todo(r.words, k, t.Task)
		}
		if !rec.Of.Zero() {
			v.Subject = s.linkTo(r.Context(), r.words, rec.Of.String()).Text
		}
		v.Due, v.Officer = s.badge(r.words, t.Due), s.personName(r, t.Assignee)
		if v.Due != nil {
			v.Day = string(t.Due)
		}
		v.Take = s.takeable(r, rec, t.Task)
		if v.Take != nil {
			v.Take.Over = ""
		}
		out = append(out, v)
	}
	return out, nil
}

// personName names a colleague by id; "" for nobody.
func (s *server) personName(r *request, id string) string {
	if id == "" {
		return ""
	}
	if _, err := domain.ParseRef(id); err != nil {
		return id
	}
	name, known := r.people[id]
	if !known {
		name = s.linkTo(r.Context(), r.words, id).Text
		r.people[id] = name
	}
	return name
}

func (s *server) inboxChips(r *request, q domain.TaskQuery) []view.Link {
	var out []view.Link
	if q.Kind != "" {
		out = append(out, view.Link{Text: r.T("chip.kind", r.kind(q.Kind)), Href: drop(r, "kind", "after", "at")})
	}
	if q.Area != "" {
		out = append(out, view.Link{Text: r.T("chip.area", r.area(q.Area)), Href: drop(r, "area", "after", "at")})
	}
	if l := r.URL.Query().Get("late"); l != "" {
		out = append(out, view.Link{Text: r.T("chip.late." + map[bool]string{true: "over", false: "soon"}[l == "1"]), Href: drop(r, "late", "after", "at")})
	}
	return out
}

// inboxKinds are the matters a viewer can have tasks in.
func (s *server) inboxKinds(r *request, chosen string) []view.Option {
	out := []view.Option{{Text: r.T("search.all"), Chosen: chosen == ""}}
	for _, k := range s.cat.Ordered() {
		for _, st := range k.States {
			if st.Todo != nil && s.seesKind(r, k.Name) {
				out = append(out, view.Option{Value: k.Name, Text: k.Label.In(r.lang), Chosen: k.Name == chosen})
				break
			}
		}
	}
	return out
}

// seesKind reports whether a viewer may see any record of a kind.
func (s *server) seesKind(r *request, kind string) bool {
	sc := r.sight.Viewer.Scope
	return sc.All || slices.ContainsFunc(sc.Any, func(c domain.Clause) bool {
		return len(c.Kinds) > 0 && slices.Contains(c.Kinds, kind)
	})
}

// savedViews are the person's own views of a page.
func (s *server) savedViews(r *request, page string) view.Saved {
	v := view.Saved{Page: page, Query: r.URL.RawQuery}
	if s.Work == nil || !r.sight.Viewer.Known() {
		return v
	}
	list, err := s.Work.SavedOf(r.Context(), r.sight.Viewer.ID, page)
	if err != nil {
		s.Log.Error("saved views", "error", err)
	}
	for _, x := range list {
		v.Views = append(v.Views, view.Link{Text: x.Name, Href: r.URL.Path + "?" + x.Query})
	}
	v.Offer = r.URL.RawQuery != ""
	return v
}
