package web

import (
	"github.com/a-h/templ"

	"github.com/dinghai/dinghai/domain"
	"github.com/dinghai/dinghai/jobs"
	"github.com/dinghai/dinghai/web/format"
	"github.com/dinghai/dinghai/web/view"
)

// shownFired is how many of what an item would have met the page shows.
const shownFired = 100

// replayers may run an item over the past: who keeps the items, and the
// administrator of the system, who sees the number and no records.
var replayers = []string{"watch_officer", sysadmins[0]}

// replay runs a watched item over past records, without effect.
func (s *server) replay(r *request) (templ.Component, error) {
	if err := s.signedIn(r); err != nil {
		return nil, err
	}
	t := s.cat.Triggers[r.PathValue("item")]
	if t == nil || t.On == "" || s.Work == nil {
		return nil, domain.Fail(domain.NotFound, "item", "exists", "没有这个可以回放的监测项", "there is no such item that can be replayed")
	}
	if !s.holdsAny(r, replayers) {
		return nil, domain.Failf(domain.Forbidden, "", "role", "您没有回放监测项的权限，需要的角色：%s", "you have no grant for replaying items; it needs one of the roles: %s", s.roleList(r.words, replayers))
	}
	from, to, err := s.period(r)
	if err != nil {
		return nil, err
	}
	v := view.Replay{Code: t.Trigger, Label: t.Label.In(r.lang), Fires: s.fires(r.words, t), Where: t.Where, From: string(from), To: string(to)}
	subjects := map[domain.Ref]bool{}
	looked, err := jobs.Replay(r.Context(), s.Engine, s.Work, t, from, to, func(f jobs.Fired) error {
		v.Hits++
		about := f.Record.Of
		if about.Zero() {
			about = f.Record.Ref
		}
		subjects[about] = true
		if !r.sight.Sees(f.Record) {
			v.Unseen++
		} else if len(v.Rows) < shownFired {
			v.Rows = append(v.Rows, view.Row{Link: view.Link{Text: r.title(f.Record), Href: address(f.Record.Class, f.Record.Ref)}, Kind: r.kind(f.Record.Kind), Number: f.Record.Number,
				State: r.state(f.Record.Kind, f.Record.State), Area: r.area(f.Record.Area), Opened: string(f.On)})
		}
		return nil
	})
	v.Looked, v.Subjects = format.Int(int64(looked)), len(subjects)
	if days := to.Sub(from) + 1; days > 0 {
		v.Month = format.Int(int64((v.Hits*30 + days/2) / days))
	}
	r.Nav, r.Title = "catalogue", r.T("replay.title")+" · "+v.Label
	r.Crumbs = []view.Link{{Text: r.T("nav.catalogue"), Href: "/catalogue"}, {Text: r.T("items.title"), Href: "/catalogue/items"}, {Text: v.Label}}
	return view.ReplayPage(r.Page, v), err
}
