package web

import (
	"strings"

	"github.com/a-h/templ"

	"github.com/dinghai/dinghai/catalogue"
	"github.com/dinghai/dinghai/domain"
	"github.com/dinghai/dinghai/web/view"
)

// catalogue lists the systems with their kinds.
func (s *server) catalogue(r *request) (templ.Component, error) {
	r.Nav, r.Title = "catalogue", r.T("catalogue.title")
	var list []view.SystemCard
	at := map[string]int{}
	for _, x := range s.cat.Systems {
		at[x.System] = len(list)
		list = append(list, view.SystemCard{ID: x.System, Label: x.Label.In(r.lang), About: x.About.In(r.lang)})
	}
	for _, k := range s.cat.Ordered() {
		i, ok := at[k.System]
		if !ok {
			i = len(list)
			at[k.System] = i
			list = append(list, view.SystemCard{ID: k.System, Label: k.System})
		}
		line := view.KindLine{Link: view.Link{Text: k.Label.In(r.lang), Href: "/catalogue/" + k.Name},
			Note: r.T("kind.size", len(k.States), len(k.Actions), len(k.Clocks))}
		if k.Class == domain.Subject {
			list[i].Subjects = append(list[i].Subjects, line)
		} else {
			list[i].Matters = append(list[i].Matters, line)
		}
	}
	n := map[string]int{}
	for _, x := range s.cat.Indicators {
		n[x.System]++
	}
	var full []view.SystemCard
	for _, c := range list {
		if n[c.ID] > 0 {
			c.Indicators = view.Link{Text: r.T("catalogue.n", n[c.ID]), Href: "/catalogue/indicators#" + c.ID}
		}
		if len(c.Matters)+len(c.Subjects)+n[c.ID] > 0 {
			full = append(full, c)
		}
	}
	return view.CataloguePage(r.Page, full), nil
}

// indicators lists every figure by system.
func (s *server) indicators(r *request) (templ.Component, error) {
	r.Nav, r.Title = "figures", r.T("indicators.title")
	if strings.HasPrefix(r.URL.Path, "/catalogue/") {
		r.Nav = "catalogue"
		r.Crumbs = []view.Link{{Text: r.T("nav.catalogue"), Href: "/catalogue"}, {Text: r.Title}}
	}
	var list []view.IndicatorGroup
	for _, x := range s.indicatorList() {
		if len(list) == 0 || list[len(list)-1].System != x.System {
			list = append(list, view.IndicatorGroup{System: x.System, Label: s.system(r.words, x.System)})
		}
		g := &list[len(list)-1]
		line := view.Indicator{Link: view.Link{Text: x.Label.In(r.lang), Href: "/figures/" + x.Indicator}, About: x.About.In(r.lang),
			Kind: r.indicatorKind(x), Unit: r.unit(x.Unit), Version: x.Version}
		if x.Percent {
			line.Unit = "%"
		}
		if x.Of != "" {
			line.Of = view.Link{Text: r.kind(x.Of), Href: "/catalogue/" + x.Of}
		}
		g.Rows = append(g.Rows, line)
	}
	return view.IndicatorsPage(r.Page, list), nil
}

// items lists the watch items and bells.
func (s *server) items(r *request) (templ.Component, error) {
	r.Nav, r.Title = "catalogue", r.T("items.title")
	r.Crumbs = []view.Link{{Text: r.T("nav.catalogue"), Href: "/catalogue"}, {Text: r.Title}}
	var items, bells []*catalogue.Trigger
	for _, t := range s.cat.TriggerList() {
		if t.Bell {
			bells = append(bells, t)
		} else {
			items = append(items, t)
		}
	}
	watch := s.itemRows(r.words, items)
	for i, t := range items {
		if t.On != "" && s.holdsAny(r, replayers) {
			watch[i].Replay = "/catalogue/items/" + t.Trigger + "/replay"
		}
	}
	return view.ItemsPage(r.Page, watch, s.itemRows(r.words, bells)), nil
}

func (s *server) itemRows(w words, list []*catalogue.Trigger) []view.Item {
	out := make([]view.Item, len(list))
	for i, t := range list {
		out[i] = view.Item{Code: t.Trigger, Label: t.Label.In(w.lang), Mode: w.mode(t.Mode), Live: string(t.Live), Basis: w.cat.Cited(t.Basis, w.lang), On: s.fires(w, t)}
	}
	return out
}

// fires says what a watch item waits for.
func (s *server) fires(w words, t *catalogue.Trigger) string {
	switch {
	case t.Clock != "":
		return w.clock(t.Clock)
	case t.On != "":
		for _, name := range s.cat.EmittedBy(t.On) {
			for _, a := range s.cat.Kinds[name].Actions {
				if a.Emits == t.On {
					return w.kind(name) + " · " + a.Label.In(w.lang)
				}
			}
		}
	}
	return t.On
}

// list shows the codes of a list, by page.
func (s *server) list(r *request) (templ.Component, error) {
	l := s.cat.Lists[r.PathValue("list")]
	if l == nil {
		return nil, domain.Fail(domain.NotFound, "list", "exists", "没有这个代码表", "there is no such code list")
	}
	r.Nav, r.Title = "catalogue", l.Label.In(r.lang)
	r.Crumbs = []view.Link{{Text: r.T("nav.catalogue"), Href: "/catalogue"}, {Text: r.Title}}
	v := view.CodeList{Label: r.Title, Name: l.List, Note: l.Note.In(r.lang), Query: r.URL.Query().Get("q")}
	var hits []*catalogue.Item
	for _, it := range l.Items {
		if v.Query == "" || strings.Contains(it.Code+" "+it.ZH+" "+strings.ToLower(it.EN), strings.ToLower(v.Query)) {
			hits = append(hits, it)
		}
	}
	at, end, p := slicePage(r, len(hits), listSize)
	for _, it := range hits[at:end] {
		v.Items = append(v.Items, s.listItem(r.words, it))
	}
	v.Pager = p
	return view.CodeListPage(r.Page, v), nil
}

const listSize = 200 // codes on a page

// slicePage says which part of a list in memory is the page asked for.
func slicePage(r *request, total, size int) (at, end int, p view.Pager) {
	at = offset(r, total)
	end = min(at+size, total)
	p = view.Pager{First: at + 1, Last: end, Total: total}
	if at > 0 {
		p.Start = drop(r, "at")
	}
	if end < total {
		p.Next = put(r, "at", plain(end))
	}
	return at, end, p
}

func (s *server) listItem(w words, it *catalogue.Item) view.ListItem {
	v := view.ListItem{Code: it.Code, Label: w.pick(it.ZH, it.EN), Parent: it.Parent}
	if other := w.pick(it.EN, it.ZH); w.lang == "zh" {
		v.Other = it.EN
	} else if other != v.Label {
		v.Other = it.ZH
	}
	var attrs []string
	for _, k := range sorted(it.Attr) {
		attrs = append(attrs, k+"="+it.Attr[k])
	}
	v.Attr = strings.Join(attrs, " ")
	return v
}
