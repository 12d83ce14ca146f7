package web

import (
	"net/http"
	"slices"
	"strings"

	"github.com/a-h/templ"

	"github.com/dinghai/dinghai/access"
	"github.com/dinghai/dinghai/domain"
	"github.com/dinghai/dinghai/jobs/notify"
	"github.com/dinghai/dinghai/store"
	"github.com/dinghai/dinghai/web/format"
	"github.com/dinghai/dinghai/web/view"
)

// sysadmins run what runs by itself: channels, jobs, calendar, backups.
var sysadmins = access.Admins[:1]

// noticeStates are the outcomes one can filter by.
var noticeStates = []string{store.NoticeFailed, store.NoticeWaiting, store.NoticeSent}

// adminNotices shows what leaves the product: through which channels, what
// failed, and which addresses are dead. Texts stay out of it: the
// administrator of the system has no part in the matters.
func (s *server) adminNotices(r *request) (templ.Component, error) {
	v := view.Outward{Admin: s.adminFrame(r, "notices")}
	if done := r.URL.Query().Get("done"); r.Has("admin.notices.done." + done) {
		v.Done = r.T("admin.notices.done." + done)
	}
	var err error
	if v.Quiet, err = s.setting(r, notify.QuietMeta, notify.DefaultQuiet); err != nil {
		return nil, err
	}
	if v.Quiet == notify.NeverQuiet {
		v.Quiet = ""
	}
	if s.Notices != nil {
		for _, c := range s.Notices.Describe() {
			v.Channels = append(v.Channels, view.Pair{Label: r.T("channel." + c.Channel), Text: s.channelBy(r, c)})
		}
	}
	dead, err := s.Work.DeadAddresses(r.Context(), 500)
	if err != nil {
		return nil, err
	}
	for _, d := range dead {
		v.Dead = append(v.Dead, view.DeadRow{Hash: d.Hash, Channel: r.T("channel." + d.Channel), Shown: d.Shown, Why: d.Why, At: format.Moment(d.At), Of: s.ownerLink(r, d.Record)})
	}
	if err := s.deliveries(r, &v); err != nil {
		return nil, err
	}
	return view.OutwardPage(r.Page, v), nil
}

func (s *server) channelBy(r *request, c notify.Described) string {
	if c.Where == "" {
		return r.T("channel.by." + c.By)
	}
	return r.T("channel.by."+c.By, c.Where)
}

// ownerLink names the record whose field holds an address, as far as the
// administrator may see it; else by its kind alone.
func (s *server) ownerLink(r *request, id string) view.Link {
	ref, err := domain.ParseRef(id)
	if err != nil {
		return view.Link{}
	}
	rec, err := s.read.Record(r.Context(), ref)
	if err != nil || rec == nil {
		return view.Link{}
	}
	if rec.Kind == personKind {
		return view.Link{Text: text(rec.Fields["name"]), Href: "/admin/people/" + id}
	}
	return view.Link{Text: strings.TrimSpace(r.kind(rec.Kind) + " " + rec.Number)}
}

func (s *server) deliveries(r *request, v *view.Outward) error {
	q := store.NoticeQuery{Outward: true, State: r.URL.Query().Get("state"), After: r.URL.Query().Get("after"), Limit: pageSize}
	if !slices.Contains(noticeStates, q.State) {
		q.State = ""
	}
	v.States = []view.Option{{Text: r.T("admin.all"), Chosen: q.State == ""}}
	for _, st := range noticeStates {
		v.States = append(v.States, view.Option{Value: st, Text: r.T("notice." + st), Chosen: st == q.State})
	}
	total, err := s.Work.CountNotices(r.Context(), store.NoticeQuery{Outward: true, State: q.State})
	if err != nil {
		return err
	}
	if v.Failed, err = s.Work.CountNotices(r.Context(), store.NoticeQuery{Outward: true, State: store.NoticeFailed}); err != nil {
		return err
	}
	list, err := s.Work.Notices(r.Context(), q)
	if err != nil {
		return err
	}
	next := ""
	if len(list) == pageSize {
		next = list[len(list)-1].ID
	}
	v.Pager = pager(r, len(list), total, next)
	for _, n := range list {
		v.Rows = append(v.Rows, s.deliveryRow(r, n))
	}
	return nil
}

func (s *server) deliveryRow(r *request, n store.Notice) view.DeliveryRow {
	row := view.DeliveryRow{ID: n.ID, At: format.Moment(n.At), Channel: r.T("channel." + n.Channel), Topic: r.T("notices.topic." + n.Topic), Of: s.ownerLink(r, n.Record),
		State: r.T("notice." + n.State), Failed: n.State == store.NoticeFailed, Tries: n.Tries, Why: n.Error}
	if key := "notice.why." + n.Error; n.Error != "" && r.Has(key) {
		row.Why = r.T(key)
	}
	if n.State == store.NoticeWaiting {
		row.Next = format.Moment(n.Next)
	}
	if n.Channel == notify.Hook {
		row.Channel += " " + n.Target
	}
	return row
}

// setting reads a note of the database.
func (s *server) setting(r *request, name, otherwise string) (string, error) {
	v, err := s.Work.Meta(r.Context(), name)
	return first(v, otherwise), err
}

// keepQuiet keeps the quiet hours; both empty means none.
func (s *server) keepQuiet(_ http.ResponseWriter, r *request) (reply, error) {
	if err := s.mayAdmin(r, sysadmins); err != nil {
		return reply{}, err
	}
	value := notify.NeverQuiet
	if from, to := r.PostFormValue("from"), r.PostFormValue("to"); from != "" || to != "" {
		value = from + "-" + to
	}
	if _, err := notify.ParseQuiet(value); err != nil {
		return reply{}, err
	}
	if err := s.logLookAt(r, "quiet_hours", value); err != nil {
		return reply{}, err
	}
	return reply{to: "/admin/notices?done=quiet"}, s.Work.SetMeta(r.Context(), notify.QuietMeta, value)
}

// retryNotices lets one or all that failed be tried again.
func (s *server) retryNotices(_ http.ResponseWriter, r *request) (reply, error) {
	if err := s.mayAdmin(r, sysadmins); err != nil {
		return reply{}, err
	}
	_, err := s.Work.RetryNotices(r.Context(), r.PostFormValue("id"), s.Engine.Now())
	return reply{to: "/admin/notices?done=retry"}, err
}

// reviveAddress takes an address off the list of dead ones.
func (s *server) reviveAddress(_ http.ResponseWriter, r *request) (reply, error) {
	if err := s.mayAdmin(r, sysadmins); err != nil {
		return reply{}, err
	}
	if err := s.logLookAt(r, "address_revived", ""); err != nil {
		return reply{}, err
	}
	return reply{to: "/admin/notices?done=revive"}, s.Work.Revive(r.Context(), r.PostFormValue("hash"))
}

// logLookAt notes what an administrator changed that is no business fact.
func (s *server) logLookAt(r *request, action, detail string) error {
	v := r.sight.Viewer
	return s.Work.LogAccess(r.Context(), store.Access{At: s.Engine.Now(), Actor: v.ID, Role: v.Admin, Action: action, Detail: detail})
}
