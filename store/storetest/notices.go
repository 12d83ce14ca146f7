package storetest

import (
	"testing"
	"time"

	"github.com/dinghai/dinghai/store"
)

// notices: a telling is there once, its outcome stays, a person's own are read
// by nobody else.
func notices(t *testing.T, m Maker) {
	s := m.New(t)
	at := time.Date(2023, 11, 18, 1, 0, 0, 0, time.UTC)
	a := store.Notice{ID: "a", At: at, Person: "li", Channel: "app", Record: "r1", Topic: "task", ZH: "待办", EN: "task", State: store.NoticeUnread}
	b := store.Notice{ID: "b", At: at.Add(time.Minute), Channel: "sms", Target: "r1/phone", Record: "r1", Topic: "public", ZH: "已受理", EN: "accepted", Urgent: true, State: store.NoticeWaiting, Next: at.Add(time.Hour)}
	c := store.Notice{ID: "c", At: at.Add(time.Minute), Person: "wang", Channel: "app", Record: "r2", Topic: "task", ZH: "待办", EN: "task", State: store.NoticeUnread}
	same(t, "added", 3, must[int](t)(s.AddNotices(ctx, a, b, c)))
	same(t, "added again", 0, must[int](t)(s.AddNotices(ctx, a, b)))
	list := func(q store.NoticeQuery) []store.Notice { return must[[]store.Notice](t)(s.Notices(ctx, q)) }
	same(t, "newest first", []store.Notice{c, b, a}, list(store.NoticeQuery{Limit: 9}))
	same(t, "next page", []store.Notice{a}, list(store.NoticeQuery{After: "b", Limit: 9}))
	same(t, "of a person", []store.Notice{a}, list(store.NoticeQuery{Person: "li", Channel: "app", State: store.NoticeUnread}))
	same(t, "not due", 0, len(list(store.NoticeQuery{State: store.NoticeWaiting, Until: at})))
	same(t, "due", []store.Notice{b}, list(store.NoticeQuery{State: store.NoticeWaiting, Until: at.Add(time.Hour)}))
	same(t, "outward", 1, must[int](t)(s.CountNotices(ctx, store.NoticeQuery{Outward: true})))

	same(t, "another's", int64(0), must[int64](t)(s.ReadNotices(ctx, "li", "c", at)))
	same(t, "read", int64(1), must[int64](t)(s.ReadNotices(ctx, "li", "", at)))
	same(t, "unread left", 1, must[int](t)(s.CountNotices(ctx, store.NoticeQuery{State: store.NoticeUnread})))
	b.State, b.Tries, b.Error, b.Done = store.NoticeFailed, 3, "no answer", at.Add(2*time.Hour)
	check(t, s.EndNotice(ctx, b))
	same(t, "failed", []store.Notice{b}, list(store.NoticeQuery{State: store.NoticeFailed}))
	same(t, "again", int64(1), must[int64](t)(s.RetryNotices(ctx, "b", at)))
	same(t, "waits", 0, list(store.NoticeQuery{State: store.NoticeWaiting, Until: at})[0].Tries)

	d := store.Dead{Hash: "h", Channel: "sms", Shown: "138****1234", Why: "空号", At: at, Record: "r1"}
	check(t, s.MarkDead(ctx, d))
	d.Why = "停机"
	check(t, s.MarkDead(ctx, d))
	same(t, "dead", &d, must[*store.Dead](t)(s.DeadAddress(ctx, "h")))
	same(t, "all dead", []store.Dead{d}, must[[]store.Dead](t)(s.DeadAddresses(ctx, 10)))
	check(t, s.Revive(ctx, "h"))
	same(t, "alive", (*store.Dead)(nil), must[*store.Dead](t)(s.DeadAddress(ctx, "h")))

	check(t, s.Prefer(ctx, "li", "task", "sms"))
	check(t, s.Prefer(ctx, "li", "task", "mail"))
	check(t, s.Prefer(ctx, "li", "due", "sms"))
	check(t, s.Prefer(ctx, "li", "due", ""))
	same(t, "preferences", map[string]string{"task": "mail"}, must[map[string]string](t)(s.Preferences(ctx, "li")))
}
