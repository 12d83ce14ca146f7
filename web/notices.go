package web

import (
	"context"
	"net/http"
	"slices"
	"strings"
	"time"

	"github.com/a-h/templ"

	"github.com/dinghai/dinghai/domain"
	"github.com/dinghai/dinghai/jobs/notify"
	"github.com/dinghai/dinghai/store"
	"github.com/dinghai/dinghai/web/format"
	"github.com/dinghai/dinghai/web/view"
)

// Tellings is what the pages read and write of notices.
type Tellings interface {
	Notices(ctx context.Context, q store.NoticeQuery) ([]store.Notice, error)
	CountNotices(ctx context.Context, q store.NoticeQuery) (int, error)
	ReadNotices(ctx context.Context, person, id string, at time.Time) (int64, error)
	RetryNotices(ctx context.Context, id string, at time.Time) (int64, error)
	DeadAddresses(ctx context.Context, limit int) ([]store.Dead, error)
	Revive(ctx context.Context, hash string) error
	Prefer(ctx context.Context, person, name, value string) error
	Preferences(ctx context.Context, person string) (map[string]string, error)
}

// mine asks for the notices of the person signed in.
func mine(r *request) store.NoticeQuery {
	return store.NoticeQuery{Person: r.sight.Viewer.ID, Channel: notify.App}
}

// unread is the number on the bell; 0 for strangers.
func (s *server) unread(r *request) int {
	if !r.Bell {
		return 0
	}
	q := mine(r)
	q.State = store.NoticeUnread
	n, err := s.Work.CountNotices(r.Context(), q)
	if err != nil {
		s.Log.Error("notices", "error", err)
	}
	return n
}

// notices lists what a person was told: the number on the bell is the rows of
// the first tab.
func (s *server) notices(r *request) (templ.Component, error) {
	r.Nav, r.Title = "", r.T("notices.title")
	q := mine(r)
	all := r.URL.Query().Get("tab") == "all"
	v := view.Notices{Saved: r.URL.Query().Get("done") == "kept"}
	for _, t := range []string{"unread", "all"} {
		tq := q
		if t == "unread" {
			tq.State = store.NoticeUnread
		}
		n, err := s.Work.CountNotices(r.Context(), tq)
		if err != nil {
			return nil, err
		}
		here := all == (t == "all")
		v.Tabs = append(v.Tabs, view.Tab{Link: view.Link{Text: r.T("notices." + t), Href: putOnly(r, "tab", t)}, Count: n, Here: here})
		if here {
			v.Pager.Total = n
		}
	}
	if !all {
		q.State = store.NoticeUnread
	}
	q.After, q.Limit = r.URL.Query().Get("after"), pageSize
	list, err := s.Work.Notices(r.Context(), q)
	if err != nil {
		return nil, err
	}
	next := ""
	if len(list) == pageSize {
		next = list[len(list)-1].ID
	}
	v.Pager, v.Unread = pager(r, len(list), v.Pager.Total, next), v.Tabs[0].Count
	for _, n := range list {
		v.Rows = append(v.Rows, s.noticeRow(r, n))
	}
	v.Wishes, err = s.wishes(r)
	return view.NoticesPage(r.Page, v), err
}

func (s *server) noticeRow(r *request, n store.Notice) view.NoticeRow {
	row := view.NoticeRow{ID: n.ID, Text: n.ZH, Topic: r.T("notices.topic." + n.Topic), At: format.Moment(n.At), New: n.State == store.NoticeUnread, Urgent: n.Urgent}
	if r.lang == "en" {
		row.Text = n.EN
	}
	if ref, err := domain.ParseRef(n.Record); err == nil { // the record may have gone out of sight meanwhile
		if rec, err := r.sight.Record(r.Context(), ref); err == nil && rec != nil {
			row.Href = address(rec.Class, ref)
			row.About = r.title(rec)
		}
	}
	return row
}

// readNotices marks one or all as read; opening one leads to its record.
func (s *server) readNotices(_ http.ResponseWriter, r *request) (reply, error) {
	id := r.PostFormValue("id")
	if id == "" && r.PostFormValue("all") == "" {
		return reply{}, domain.Fail(domain.Invalid, "id", "required", "请选择要标为已读的通知", "choose the notice that was read")
	}
	if _, err := s.Work.ReadNotices(r.Context(), r.sight.Viewer.ID, id, s.Engine.Now()); err != nil {
		return reply{}, err
	}
	if to := r.PostFormValue("to"); to != "" {
		return reply{to: back(to)}, nil
	}
	return reply{to: "/notices"}, nil
}

// wishes are the channels a person chose, topic by topic.
func (s *server) wishes(r *request) (view.Wishes, error) {
	var v view.Wishes
	prefs, err := s.Work.Preferences(r.Context(), r.sight.Viewer.ID)
	if err != nil {
		return v, err
	}
	me, err := s.read.Record(r.Context(), r.sight.Viewer.Person)
	if err != nil {
		return v, err
	}
	for _, x := range []struct{ channel, field string }{{notify.SMS, "phone"}, {notify.Mail, "email"}} {
		if me == nil || me.Fields[x.field] == nil {
			v.Missing = append(v.Missing, r.T("notices.missing."+x.channel))
		}
	}
	for _, topic := range notify.Topics {
		chosen := notify.Chosen(prefs, topic)
		row := view.WishRow{Topic: topic, Label: r.T("notices.wish." + topic)}
		for _, c := range []string{notify.SMS, notify.Mail} {
			row.Choices = append(row.Choices, view.Option{Value: c, Text: r.T("channel." + c), Chosen: slices.Contains(chosen, c)})
		}
		v.Rows = append(v.Rows, row)
	}
	return v, nil
}

// keepWishes keeps the choice.
func (s *server) keepWishes(_ http.ResponseWriter, r *request) (reply, error) {
	if err := r.ParseForm(); err != nil {
		return reply{}, err
	}
	for _, topic := range notify.Topics {
		value := notify.Chosen(map[string]string{notify.Preference(topic): strings.Join(r.PostForm[topic], ",")}, topic)
		if err := s.Work.Prefer(r.Context(), r.sight.Viewer.ID, notify.Preference(topic), strings.Join(value, ",")); err != nil {
			return reply{}, err
		}
	}
	return reply{to: "/notices?done=kept#wishes"}, nil
}
