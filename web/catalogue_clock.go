package web

import (
	"slices"
	"strings"

	"github.com/a-h/templ"

	"github.com/dinghai/dinghai/catalogue"
	"github.com/dinghai/dinghai/domain"
	"github.com/dinghai/dinghai/web/view"
)

// clockRules lists the statutory limits as they are today; each leads to its
// versions. What was typed is looked for in names, codes, statutes and matters.
func (s *server) clockRules(r *request) (templ.Component, error) {
	r.Nav, r.Title = "catalogue", r.T("catalogue.clocks")
	r.Crumbs = []view.Link{{Text: r.T("nav.catalogue"), Href: "/catalogue"}, {Text: r.Title}}
	v := view.RuleIndex{Query: r.URL.Query().Get("q")}
	for _, code := range sorted(s.cat.Clocks) {
		if c := s.ruleCard(r.words, s.cat.Clocks[code]); c.Has(v.Query) {
			v.Rules = append(v.Rules, c)
		}
	}
	var at, end int
	at, end, v.Pager = slicePage(r, len(v.Rules), ruleSize)
	v.Rules = v.Rules[at:end]
	return view.RuleIndexPage(r.Page, v), nil
}

const ruleSize = 50 // limits on a page

func (s *server) clockRule(r *request) (templ.Component, error) {
	x := s.cat.Clocks[r.PathValue("code")]
	if x == nil {
		return nil, domain.Fail(domain.NotFound, "code", "exists", "没有这条时限规则", "there is no such limit")
	}
	r.Nav, r.Title = "catalogue", x.Label.In(r.lang)
	r.Crumbs = []view.Link{{Text: r.T("nav.catalogue"), Href: "/catalogue"}, {Text: r.T("catalogue.clocks"), Href: "/catalogue/clocks"}, {Text: r.Title}}
	return view.RulePage(r.Page, r.Title, s.ruleCard(r.words, x)), nil
}

// ruleCard shows a limit with its dated versions, newest first.
func (s *server) ruleCard(w words, x *catalogue.ClockRule) view.RuleCard {
	c := view.RuleCard{Code: x.Clock, Label: x.Label.In(w.lang), Href: "/catalogue/clocks/" + x.Clock, Note: x.LapseNote.In(w.lang)}
	now := x.On(s.Engine.Today())
	for _, v := range x.Rules {
		c.Versions = append(c.Versions, view.RuleLine{Version: v.Version, Force: s.inForce(w, v), Limit: s.limitText(w, v), Law: w.cat.Cited(v.Law, w.lang),
			Confidence: w.l.T("confidence." + v.Confidence), Note: v.Note.In(w.lang), Today: v == now})
	}
	slices.Reverse(c.Versions)
	if e := x.Extend; e != nil {
		length := w.l.T("extend.decided")
		if e.N > 0 {
			length = w.limit(e.N, e.Unit)
		}
		c.Extend = w.l.T("rule.extend", length, e.Times, w.role(e.Approver))
	}
	if len(x.Pause) > 0 {
		grounds := make([]string, len(x.Pause))
		for i, g := range x.Pause {
			grounds[i] = s.ground(w, g)
		}
		c.Pause = w.l.T("rule.pause", strings.Join(grounds, w.l.T("comma")))
	}
	for _, k := range s.cat.Ordered() {
		if k.Uses(x.Clock) != nil {
			c.UsedBy = append(c.UsedBy, view.Link{Text: k.Label.In(w.lang), Href: "/catalogue/" + k.Name})
		}
	}
	return c
}

// limitText is the length of a rule version, with how it is counted.
func (s *server) limitText(w words, v *catalogue.RuleVersion) string {
	if v.Window != "" {
		return w.l.T("limit.window", v.Window)
	}
	t := w.limit(v.N, v.Unit)
	if v.Back {
		t = w.l.T("limit.back", t)
	}
	return t
}
