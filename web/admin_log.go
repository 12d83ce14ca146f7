package web

import (
	"strconv"
	"strings"

	"github.com/a-h/templ"

	"github.com/dinghai/dinghai/domain"
	"github.com/dinghai/dinghai/engine/clock"
	"github.com/dinghai/dinghai/store"
	"github.com/dinghai/dinghai/web/format"
	"github.com/dinghai/dinghai/web/view"
)

// logged are the actions the access log knows.
var logged = []string{"signin", "signin_failed", "signout", "signout_all", "password_set", "passkey_added", "passkey_dropped", "tied", "untied", "link_made", "setup",
	"read_people", "read_person", "read_grants", "read_organs", "read_log", "read_notices", "read_jobs", "read_calendar", "read_backup", "read_catalogue", "quiet_hours", "address_revived", "job_asked", "job_retried", "open", "export"}

// accessLog shows who signed in, who looked at what.
func (s *server) accessLog(r *request) (templ.Component, error) {
	q := r.URL.Query()
	v := view.AccessLog{Admin: s.adminFrame(r, "log"), Who: clip(strings.TrimSpace(q.Get("who")), 60), From: q.Get("from"), To: q.Get("to")}
	ask, err := s.logQuery(r, v)
	if err != nil {
		return nil, err
	}
	v.What = []view.Option{{Text: r.T("admin.all"), Chosen: ask.Action == ""}}
	for _, a := range logged {
		v.What = append(v.What, view.Option{Value: a, Text: r.T("log." + a), Chosen: a == ask.Action})
	}
	list, err := s.Access.Store.AccessLog(r.Context(), ask)
	if err != nil {
		return nil, err
	}
	if len(list) == ask.Limit {
		list = list[:ask.Limit-1]
		v.Older = put(r, "before", strconv.FormatInt(list[len(list)-1].N, 10))
	}
	for _, l := range list {
		row := view.LogRow{At: format.Moment(l.At), Action: l.Action, Detail: r.logDetail(l.Detail), Actor: s.actorLink(r, l.Actor), Target: s.actorLink(r, l.Target)}
		if key := "log." + l.Action; r.Has(key) {
			row.Action = r.T(key)
		}
		if l.Target == l.Actor || l.Target == "" {
			row.Target = view.Link{}
		}
		v.Rows = append(v.Rows, row)
	}
	return view.LogPage(r.Page, v), nil
}

func (s *server) logQuery(r *request, v view.AccessLog) (store.AccessQuery, error) {
	ask := store.AccessQuery{Action: r.URL.Query().Get("action"), Limit: pageSize + 1}
	ask.Before, _ = strconv.ParseInt(r.URL.Query().Get("before"), 10, 64)
	if v.Who != "" {
		id, err := s.personByNo(r, v.Who)
		if err != nil {
			return ask, err
		}
		ask.Actor = id
	}
	for _, x := range []struct {
		name, text string
		days       int
	}{{"from", v.From, 0}, {"to", v.To, 1}} {
		d := domain.Date(x.text)
		if d == "" {
			continue
		}
		if !d.Valid() {
			return ask, badDate(x.name, x.text)
		}
		at := d.AddDays(x.days).Time(clock.Zone)
		if x.days == 0 {
			ask.From = at
		} else {
			ask.To = at
		}
	}
	return ask, nil
}

// actorLink names whom or what a line of the log is about.
func (s *server) actorLink(r *request, id string) view.Link {
	if id == "" {
		return view.Link{Text: r.T("admin.log.nobody")}
	}
	if id == "operator" {
		return view.Link{Text: r.T("admin.log.operator")}
	}
	if s.cat.Kinds[id] != nil { // a whole list
		return view.Link{Text: r.kind(id), Href: "/list/" + id}
	}
	l := s.linkTo(r.Context(), r.words, id)
	if ref, err := domain.ParseRef(id); err == nil {
		if rec, err := s.read.Record(r.Context(), ref); err == nil && rec != nil && rec.Kind == personKind {
			l.Href = "/admin/people/" + id
		}
	}
	return l
}

// logDetail says a way to sign in by its name; anything else stands as it is.
func (r *request) logDetail(t string) string {
	if how, rest, ok := strings.Cut(t, " "); ok && r.Has("method."+how) {
		return r.method(how) + " · " + rest
	}
	return t
}
