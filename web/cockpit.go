package web

import (
	"cmp"
	"maps"
	"slices"

	"github.com/a-h/templ"

	"github.com/dinghai/dinghai/domain"
	"github.com/dinghai/dinghai/web/format"
	"github.com/dinghai/dinghai/web/view"
)

// cockpit is the director's page: what the bureau did, where, what is about to
// be late, and how much each officer has in hand. Every number opens its rows.
func (s *server) cockpit(r *request) (templ.Component, error) {
	if err := s.signedIn(r); err != nil {
		return nil, err
	}
	r.Nav, r.Title = "cockpit", r.T("nav.cockpit")
	q, err := s.queryOf(r)
	if err != nil {
		return nil, err
	}
	v := view.Cockpit{Form: s.askForm(r, q), Period: r.T("period", q.From, q.To), Area: r.area(q.Area), AreaCode: q.Area}
	if v.Tiles, err = s.tiles(r, q); err != nil {
		return nil, err
	}
	x := s.indicator(first(r.URL.Query().Get("show"), s.tileNames()[0]))
	if x == nil {
		return nil, domain.Failf(domain.NotFound, "show", "exists", "没有指标「%s」", "there is no figure %q", r.URL.Query().Get("show"))
	}
	v.Shown = view.Link{Text: x.Label.In(r.lang), Href: "/figures/" + x.Indicator}
	for _, name := range s.tileNames() {
		t := s.cat.Indicators[name]
		v.Choices = append(v.Choices, view.Tab{Link: view.Link{Text: t.Label.In(r.lang), Href: putOnly(r, "show", name)}, Here: t == x})
	}
	for _, a := range s.cat.AreaList() {
		if a.Level != "county" || !domain.Within(a.Code, s.Area) {
			continue
		}
		cq := q
		cq.Area = a.Code
		f, err := s.Engine.Figures().Value(r.Context(), s.read, x.Indicator, cq)
		if err != nil {
			return nil, err
		}
		c := view.CountyFigure{Code: a.Code, Name: r.area(a.Code), Href: "/figures/" + x.Indicator + "?area=" + a.Code + "&from=" + string(q.From) + "&to=" + string(q.To)}
		c.Value, c.Unit = s.shown(r.words, x, f)
		if c.Raw = f.Value; !f.Defined {
			c.Raw = 0
		}
		v.Counties = append(v.Counties, c)
	}
	shade(v.Counties)
	if s.Map != nil {
		v.Shapes, v.Approval = s.Map.Shapes, s.Map.Approval
	}
	if err := s.cockpitDue(r, q.Area, &v); err != nil {
		return nil, err
	}
	v.Load, err = s.load(r, q.Area)
	return view.CockpitPage(r.Page, v), err
}

// shade gives each county its step of the one hue, by its share of the largest.
func shade(list []view.CountyFigure) {
	top := 0.0
	for _, c := range list {
		top = max(top, c.Raw)
	}
	for i := range list {
		list[i].Step = 1
		if top > 0 {
			list[i].Step = 1 + int(list[i].Raw/top*4)
		}
		list[i].Step = min(list[i].Step, 5)
	}
}

// soonDays is how far ahead the cockpit warns.
const soonDays = 7

// cockpitDue counts what is late and what will be, each with the list behind it.
func (s *server) cockpitDue(r *request, area string, v *view.Cockpit) error {
	today := s.Engine.Today()
	_, late, err := r.sight.Clocks(r.Context(), domain.ClockQuery{Area: area, To: today.AddDays(-1), Limit: 1})
	if err != nil {
		return err
	}
	rows, soonTotal, err := r.sight.Clocks(r.Context(), domain.ClockQuery{Area: area, From: today, To: today.AddDays(soonDays), Limit: 12})
	if err != nil {
		return err
	}
	v.Late, v.Soon = format.Int(int64(late)), format.Int(int64(soonTotal))
	v.Next, err = s.dueRows(r, rows)
	return err
}

// load is how many open tasks each officer has, and how many are nobody's. It
// is in the order of names: a count of tasks says nothing about a person.
func (s *server) load(r *request, area string) ([]view.Load, error) {
	type one struct{ open, late int }
	by := map[string]*one{}
	today := s.Engine.Today()
	q := domain.TaskQuery{Area: area, Limit: 500}
	for {
		list, total, err := r.sight.Tasks(r.Context(), q)
		if err != nil {
			return nil, err
		}
		for _, t := range list {
			o := by[t.Assignee]
			if o == nil {
				o = &one{}
				by[t.Assignee] = o
			}
			o.open++
			if t.Due != "" && t.Due < today {
				o.late++
			}
		}
		if len(list) < q.Limit || total == 0 {
			break
		}
		q.After = list[len(list)-1].Cursor()
	}
	out := make([]view.Load, 0, len(by))
	for _, id := range slices.Sorted(maps.Keys(by)) {
		l := view.Load{Name: s.personName(r, id), Open: by[id].open, Late: by[id].late}
		if id == "" {
			l.Name, l.Nobody = r.T("cockpit.nobody"), true
		}
		out = append(out, l)
	}
	slices.SortStableFunc(out, func(a, b view.Load) int { return cmp.Compare(a.Name, b.Name) })
	return out, nil
}
