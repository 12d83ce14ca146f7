package web

import (
	"context"
	"slices"

	"github.com/a-h/templ"

	"github.com/dinghai/dinghai/catalogue"
	"github.com/dinghai/dinghai/domain"
	"github.com/dinghai/dinghai/engine/indicator"
	"github.com/dinghai/dinghai/web/format"
	"github.com/dinghai/dinghai/web/view"
)

// home shows what the bureau has. While a load runs it shows how far it is and
// leaves out what would be slow to count.
func (s *server) home(r *request) (templ.Component, error) {
	r.Nav = "home"
	h := view.Home{Progress: s.loading(r.words)}
	if h.Progress != nil {
		r.Reload = true
		return view.HomePage(r.Page, h), nil
	}
	today := s.through()
	from := today[:4] + "-01-01"
	h.Period = r.T("period", string(from), string(today))
	var err error
	if h.Tiles, err = s.tiles(r, indicator.Query{From: from, To: today, Area: s.Area}); err != nil {
		return nil, err
	}
	total := 0
	for _, k := range s.cat.Ordered() {
		n, err := s.countKind(r, k, &h)
		if err != nil {
			return nil, err
		}
		total += n
	}
	h.Empty = total == 0
	if h.Empty {
		h.Tiles = nil // a board of zeros says less than one sentence
	}
	news, err := s.publishedRows(r, "", maxNews)
	if err != nil {
		return nil, err
	}
	h.Published = news.Rows
	if r.Officer {
		p, err := r.sight.List(r.Context(), domain.ListQuery{Class: domain.Case, Limit: 10})
		if err != nil {
			return nil, err
		}
		h.Latest = s.rows(r, p.Rows)
	}
	return view.HomePage(r.Page, h), nil
}

// maxNews is how many published reports the home page names.
const maxNews = 3

// recent is how many days back a case counts as new on the home page.
const recent = 7

func (s *server) countKind(r *request, k *catalogue.Kind, h *view.Home) (int, error) {
	q := domain.ListQuery{Kind: k.Name, Area: s.Area}
	total, err := s.read.Count(r.Context(), q)
	if err != nil || total == 0 {
		return 0, err
	}
	c := view.Count{System: s.system(r.words, k.System), Link: view.Link{Text: k.Label.In(r.lang), Href: "/catalogue/" + k.Name}, Total: count(total)}
	if k.Class == domain.Subject {
		c.Href = "/search?kind=" + k.Name
		h.Subjects = append(h.Subjects, c)
		return total, nil
	}
	open := q
	for _, st := range k.States {
		if !st.End {
			open.States = append(open.States, st.State)
		}
	}
	n, err := s.read.Count(r.Context(), open)
	if err != nil {
		return 0, err
	}
	q.From = s.Engine.Today().AddDays(1 - recent)
	fresh, err := s.read.Count(r.Context(), q)
	c.Open, c.Recent = count(n), count(fresh)
	h.Matters = append(h.Matters, c)
	return total, err
}

func (s *server) system(w words, name string) string {
	for _, x := range s.cat.Systems {
		if x.System == name {
			return x.Label.In(w.lang)
		}
	}
	return name
}

func (s *server) tiles(r *request, q indicator.Query) ([]view.Tile, error) {
	var out []view.Tile
	for _, name := range s.tileNames() {
		x := s.cat.Indicators[name]
		f, err := s.Engine.Figures().Value(r.Context(), s.read, name, q)
		if err != nil {
			return nil, err
		}
		t := view.Tile{Label: x.Label.In(r.lang), Href: "/figures/" + name, Period: periodText(r, x, f)}
		t.Value, t.Unit = s.shown(r.words, x, f)
		if f.Den != 0 {
			t.Parts = format.Int(f.Num) + " / " + format.Int(f.Den)
		}
		out = append(out, t)
	}
	return out, nil
}

// askedFirst is what people ask of a bureau first; a catalogue without one of
// them leaves it out.
var askedFirst = []string{"total_market_entities", "new_individual_businesses", "complaints_total", "first_check_rate",
	"mediation_success", "food_samples", "food_fail_rate", "penalty_decisions"}

// tileNames are the configured indicators and those asked first; a catalogue
// with none of them shows the first of each system, then the second.
func (s *server) tileNames() []string {
	var out []string
	for _, n := range slices.Concat(s.Tiles, askedFirst) {
		if x := s.indicator(n); x != nil && len(out) < maxTiles {
			out = append(out, x.Indicator)
		}
	}
	if len(out) > 0 {
		return out
	}
	place := map[string]int{} // of an indicator within its system
	seen := map[string]int{}
	list := s.indicatorList()
	for _, x := range list {
		place[x.Indicator] = seen[x.System]
		seen[x.System]++
	}
	slices.SortStableFunc(list, func(a, b *catalogue.Indicator) int { return place[a.Indicator] - place[b.Indicator] })
	for _, x := range list[:min(len(list), maxTiles)] {
		out = append(out, x.Indicator)
	}
	return out
}

const maxTiles = 8 // what one glance takes in

// indicatorList is every indicator by system order, then name.
func (s *server) indicatorList() []*catalogue.Indicator {
	order := map[string]int{}
	for i, x := range s.cat.Systems {
		order[x.System] = i
	}
	out := make([]*catalogue.Indicator, 0, len(s.cat.Indicators))
	for _, name := range sorted(s.cat.Indicators) {
		out = append(out, s.cat.Indicators[name])
	}
	slices.SortStableFunc(out, func(a, b *catalogue.Indicator) int { return order[a.System] - order[b.System] })
	return out
}

// shown is a figure as printed, with its unit; nothing to divide by is said.
func (s *server) shown(w words, x *catalogue.Indicator, f indicator.Figure) (value, unit string) {
	if !f.Defined {
		return "—", w.l.T("undefined")
	}
	return w.figure(x, f.Value)
}

func (s *server) loading(w words) *view.Progress {
	if s.Progress == nil {
		return nil
	}
	p := s.Progress()
	if !p.Running {
		return nil
	}
	share := 0
	if p.Total > 0 {
		share = 100 * p.Done / p.Total
	}
	return &view.Progress{Stage: p.Stage.In(w.lang), Done: p.Done, Total: p.Total, Share: w.l.T("percent", share)}
}

// progress is the part of the home page that asks again by itself.
func (s *server) progress(r *request) (templ.Component, error) {
	if p := s.loading(r.words); p != nil {
		r.Reload = true
		return view.ProgressCard(r.Page, *p), nil
	}
	return view.ProgressDone(r.Page), nil
}

// rows shows records of a list. For a stranger each is looked at again: what
// its kind does not disclose is left out.
func (s *server) rows(r *request, list []domain.ListRow) []view.Row {
	out := make([]view.Row, len(list))
	for i, x := range list {
		out[i] = s.row(r.Context(), r, x)
	}
	return out
}

func (s *server) row(ctx context.Context, r *request, x domain.ListRow) view.Row {
	v := view.Row{Link: view.Link{Text: s.listTitle(r, x.Kind, x.Ref, x.Title), Href: address(x.Class, x.Ref)}, Kind: r.kind(x.Kind),
		Number: x.Number, Code: x.Code, State: r.state(x.Kind, x.State), Area: r.area(x.Area), Opened: string(x.Opened)}
	if x.Voided {
		v.State = r.T("voided")
	}
	if r.Officer {
		v.Due = s.badge(r.words, x.Due)
		return v
	}
	rec, err := s.read.Record(ctx, x.Ref)
	if err != nil || rec == nil || !s.see(ctx, r, rec).Public {
		return view.Row{Link: view.Link{Text: r.kind(x.Kind), Href: v.Href}, Kind: v.Kind, Area: r.county(x.Area), Opened: v.Opened}
	}
	return v
}
