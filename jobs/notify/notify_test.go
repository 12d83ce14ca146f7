package notify_test

import (
	"context"
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/dinghai/dinghai/catalogue"
	"github.com/dinghai/dinghai/domain"
	"github.com/dinghai/dinghai/engine"
	"github.com/dinghai/dinghai/jobs"
	"github.com/dinghai/dinghai/jobs/notify"
	"github.com/dinghai/dinghai/journey"
	"github.com/dinghai/dinghai/journey/journeytest"
	"github.com/dinghai/dinghai/kit/webhook"
	"github.com/dinghai/dinghai/store"
	"github.com/dinghai/dinghai/store/pgtest"
	"github.com/dinghai/dinghai/store/postgres"
	"github.com/dinghai/dinghai/store/sqlite"
	"github.com/dinghai/dinghai/systems"
)

func TestMain(m *testing.M) {
	code := m.Run()
	pgtest.Stop()
	os.Exit(code)
}

// keeping is what the trials need of a store.
type keeping interface {
	journeytest.Store
	notify.Store
	Prefer(ctx context.Context, person, name, value string) error
	SetMeta(ctx context.Context, name, value string) error
	Revive(ctx context.Context, hash string) error
	RetryNotices(ctx context.Context, id string, at time.Time) (int64, error)
	DeadAddresses(ctx context.Context, limit int) ([]store.Dead, error)
}

// trial is a bureau with the shipped catalogue, its people and its notices.
type trial struct {
	*testing.T
	eng   *engine.Engine
	jobs  *jobs.Jobs
	clock *journey.Clock
	store keeping
	tell  *notify.Service
	dir   string
	n     int
}

// onBoth runs a trial on either store.
func onBoth(t *testing.T, fn func(*trial)) {
	t.Run("sqlite", func(t *testing.T) {
		st, err := sqlite.Open(t.Context(), sqlite.Options{Path: filepath.Join(t.TempDir(), "d.db")})
		if err != nil {
			t.Fatal(err)
		}
		fn(begin(t, st))
	})
	t.Run("postgres", func(t *testing.T) {
		st, err := postgres.Open(t.Context(), postgres.Options{DSN: pgtest.Start(t)})
		if err != nil {
			t.Fatal(err)
		}
		fn(begin(t, st))
	})
}

var cat = sync.OnceValues(func() (*catalogue.Catalogue, error) { return catalogue.Load(systems.Files) })

func begin(t *testing.T, st keeping) *trial {
	c, err := cat()
	if err != nil {
		t.Fatal(err)
	}
	hooks, err := systems.Hooks()
	if err != nil {
		t.Fatal(err)
	}
	r := journeytest.New(t, journeytest.Options{Catalogue: c, Store: st, Hooks: hooks})
	x := &trial{T: t, eng: r.Engine, jobs: r.Jobs, clock: r.Clock, store: st, dir: t.TempDir()}
	x.tell = &notify.Service{Engine: r.Engine, Store: st, Channels: map[string]notify.Channel{
		notify.SMS: notify.File{Dir: filepath.Join(x.dir, "sms")}, notify.Mail: notify.File{Dir: filepath.Join(x.dir, "mail")}}}
	x.jobs.Notices = x.tell
	return x
}

func (x *trial) do(c domain.Command) *domain.Record {
	x.Helper()
	if !c.Actor.System && c.Actor.ID == "" {
		c.Actor = domain.System("test")
	}
	rec, err := x.eng.Do(x.Context(), c)
	if err != nil {
		x.Fatalf("%s %s: %v", c.Kind, c.Action, err)
	}
	if _, err := x.jobs.Drain(x.Context()); err != nil {
		x.Fatal(err)
	}
	return rec.Record
}

// person enrols a colleague of Dinghai district.
func (x *trial) person(name, role, phone, email string) domain.Ref {
	x.Helper()
	x.n++
	no := "9" + strings.Repeat("0", 3) + string(rune('0'+x.n))
	in := map[string]any{"name": name, "staff_no": no, "organ": x.organ().String()}
	if phone != "" {
		in["phone"] = phone
	}
	if email != "" {
		in["email"] = email
	}
	p := x.do(domain.Command{Kind: "organisation.person", Action: "enrol", Area: "330902", Input: in})
	if role != "" {
		x.do(domain.Command{Kind: "organisation.grant", Action: "give", Of: p.Ref, Area: "330902", Input: map[string]any{"role": role}})
	}
	return p.Ref
}

func (x *trial) organ() domain.Ref {
	x.Helper()
	ref, err := x.eng.Reader().ByClaim(x.Context(), "organ_code", "dh")
	if err != nil {
		x.Fatal(err)
	}
	if ref.Zero() {
		ref = x.do(domain.Command{Kind: "organisation.organ", Action: "load", Area: "330902",
			Input: map[string]any{"organ_code": "dh", "name": "定海区市场监督管理局", "name_en": "Dinghai", "short": "定市监", "kind": "county"}}).Ref
	}
	return ref
}

// complaint is one that was left with a number or an address.
func (x *trial) complaint(in map[string]any) *domain.Record {
	x.Helper()
	for k, v := range map[string]any{"complainant": "何一", "trader": "潮音海鲜楼", "reg_no": "DH20230508001", "demand": []any{"refund"}} {
		if in[k] == nil {
			in[k] = v
		}
	}
	return x.do(domain.Command{Kind: "complaint.complaint", Action: "receive", Area: "330902", Organ: "dh", Input: in})
}

func (x *trial) accept(c *domain.Record) {
	x.Helper()
	x.do(domain.Command{Record: c.Ref, Action: "accept", Input: map[string]any{"seat": "place"}})
}

func (x *trial) list(q store.NoticeQuery) []store.Notice {
	x.Helper()
	q.Limit = 100
	list, err := x.store.Notices(x.Context(), q)
	if err != nil {
		x.Fatal(err)
	}
	return list
}

func (x *trial) send() int {
	x.Helper()
	n, err := x.tell.Send(x.Context())
	if err != nil {
		x.Fatal(err)
	}
	return n
}

func (x *trial) files(channel string) []string {
	x.Helper()
	names, err := filepath.Glob(filepath.Join(x.dir, channel, "*.txt"))
	if err != nil {
		x.Fatal(err)
	}
	var out []string
	for _, n := range names {
		b, err := os.ReadFile(n)
		if err != nil {
			x.Fatal(err)
		}
		out = append(out, string(b))
	}
	return out
}

// TestConsumerIsTold: who left a number gets one short message that says what
// became of the matter; the number is nowhere but in the message.
func TestConsumerIsTold(t *testing.T) {
	onBoth(t, func(x *trial) {
		c := x.complaint(map[string]any{"phone": "13857201234"})
		x.accept(c)
		rows := x.list(store.NoticeQuery{Outward: true})
		if len(rows) != 1 || rows[0].Channel != notify.SMS || strings.Contains(rows[0].Target+rows[0].ZH+rows[0].Error, "13857201234") {
			x.Fatalf("rows %+v", rows)
		}
		if x.send() != 1 || x.send() != 0 {
			x.Error("not sent once")
		}
		got := x.files("sms")
		if len(got) != 1 || !strings.Contains(got[0], "To: 13857201234") || !strings.Contains(got[0], "【定海区市场监管局】您的投诉已受理") || !strings.Contains(got[0], "定市监投〔2023〕00001号") {
			x.Fatalf("sent %q", got)
		}
		text := strings.TrimSpace(got[0][strings.Index(got[0], "\n\n"):])
		if n := len([]rune(text)); n > notify.MaxSMS {
			x.Errorf("%d characters: %s", n, text)
		}
		if n := x.list(store.NoticeQuery{Outward: true})[0]; n.State != store.NoticeSent || n.Tries != 1 || n.Done.IsZero() {
			x.Errorf("outcome %+v", n)
		}
	})
}

// TestNobodyIsToldOfOpeningBalances, and nobody of a matter without address.
func TestNobodyIsToldOfOpeningBalances(t *testing.T) {
	onBoth(t, func(x *trial) {
		c := x.complaint(map[string]any{})
		x.accept(c)
		d := x.complaint(map[string]any{"phone": "13857201234"})
		x.do(domain.Command{Record: d.Ref, Action: "accept", Input: map[string]any{"seat": "place"}, Opening: true})
		if rows := x.list(store.NoticeQuery{}); len(rows) != 0 {
			x.Errorf("told: %+v", rows)
		}
	})
}

// TestRetry: a channel that fails is tried again, later each time, and at last
// given up; an administrator can have it tried anew.
func TestRetry(t *testing.T) {
	onBoth(t, func(x *trial) {
		var mu sync.Mutex
		status, calls := 500, 0
		ids := map[string]bool{}
		key := webhook.NewSecret()
		srv := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			mu.Lock()
			defer mu.Unlock()
			calls++
			ids[r.Header.Get(webhook.HeaderID)] = true
			w.WriteHeader(status)
		}))
		defer srv.Close()
		x.tell.Channels[notify.SMS] = &notify.Webhook{Any: srv.URL, Ring: webhook.Ring{{Key: key}}}
		x.accept(x.complaint(map[string]any{"phone": "13857201234"}))
		var waits []time.Duration
		for range 7 {
			before := x.eng.Now()
			x.send()
			n := x.list(store.NoticeQuery{Outward: true})[0]
			if n.State != store.NoticeWaiting {
				break
			}
			waits = append(waits, n.Next.Sub(before).Round(time.Second))
			if x.send() != 0 || n.Error == "" {
				x.Errorf("tried before its time, or no reason: %+v", n)
			}
			at := n.Next
			if at.In(time.UTC).Hour() >= 13 || at.Hour() < 0 { // nights are another test
				at = at.Add(12 * time.Hour)
			}
			x.clock.Set(at)
		}
		n := x.list(store.NoticeQuery{Outward: true})[0]
		if n.State != store.NoticeFailed || n.Tries != 7 || len(waits) != 6 || waits[0] != time.Minute || waits[5] != 24*time.Hour {
			x.Errorf("after %d calls: %+v, pauses %v", calls, n, waits)
		}
		if len(ids) != 1 {
			x.Errorf("%d ids for one message", len(ids))
		}
		status = 200
		if k, err := x.store.RetryNotices(x.Context(), n.ID, x.eng.Now()); err != nil || k != 1 || x.send() != 1 {
			x.Errorf("anew: %d %v", k, err)
		}
	})
}

// TestWebhook: another system is told under its name, signed; one nobody
// configured is a failure that says so.
func TestWebhook(t *testing.T) {
	onBoth(t, func(x *trial) {
		key := webhook.NewSecret()
		ring := webhook.Ring{{Key: key}}
		var got notify.Posted
		srv := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			m, err := webhook.Receiver{Keys: ring}.Receive(r)
			if err != nil {
				w.WriteHeader(http.StatusUnauthorized)
				return
			}
			_ = json.Unmarshal(m.Body, &got)
		}))
		defer srv.Close()
		c := x.complaint(map[string]any{})
		for _, to := range []string{"tax", "moon"} {
			if err := x.tell.Queue(x.Context(), domain.OutboxRow{Home: c.Home, Rec: c.ID, Event: "e-" + to, Out: domain.Out{Kind: "notify",
				Data: map[string]any{"to": to, "text": "征询意见", "text_en": "asked"}}}); err != nil {
				x.Fatal(err)
			}
		}
		x.tell.Channels[notify.Hook] = &notify.Webhook{Ends: map[string]string{"tax": srv.URL}, Ring: ring}
		if x.send() != 1 || got.To != "tax" || got.Text != "征询意见" || got.Record != c.Ref.String() {
			x.Errorf("got %+v", got)
		}
		bad := x.list(store.NoticeQuery{State: store.NoticeFailed})
		if len(bad) != 1 || bad[0].Target != "moon" || bad[0].Error != notify.WhyNowhere {
			x.Errorf("failed: %+v", bad)
		}
	})
}

// TestDeadNumber: a number the gateway says does not exist is listed, masked,
// and not tried again until somebody takes it off.
func TestDeadNumber(t *testing.T) {
	onBoth(t, func(x *trial) {
		calls, code := 0, http.StatusGone
		srv := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
			calls++
			http.Error(w, "空号 13857201234", code)
		}))
		defer srv.Close()
		x.tell.Channels[notify.SMS] = &notify.Webhook{Any: srv.URL, Ring: webhook.Ring{{Key: webhook.NewSecret()}}}
		c := x.complaint(map[string]any{"phone": "13857201234"})
		x.accept(c)
		x.send()
		dead, err := x.store.DeadAddresses(x.Context(), 10)
		if err != nil || len(dead) != 1 || dead[0].Shown != "138****1234" || strings.Contains(dead[0].Why, "13857201234") || dead[0].Record != c.Ref.String() {
			x.Fatalf("dead %+v %v", dead, err)
		}
		d := x.complaint(map[string]any{"phone": "13857201234", "reg_no": "DH2"})
		x.accept(d)
		x.send()
		if n := x.list(store.NoticeQuery{Record: d.Ref.String()}); calls != 1 || n[0].State != store.NoticeFailed || n[0].Error != notify.WhyDead {
			x.Errorf("%d calls, %+v", calls, n)
		}
		code = http.StatusOK
		if err := x.store.Revive(x.Context(), dead[0].Hash); err != nil {
			x.Fatal(err)
		}
		if _, err := x.store.RetryNotices(x.Context(), "", x.eng.Now()); err != nil || x.send() != 2 {
			x.Errorf("taken off the list, not sent (%v)", err)
		}
	})
}

// TestQuietHours: at night nobody's telephone rings, unless it is urgent.
func TestQuietHours(t *testing.T) {
	onBoth(t, func(x *trial) {
		if err := x.store.SetMeta(x.Context(), notify.QuietMeta, "21:30-07:30"); err != nil {
			x.Fatal(err)
		}
		c := x.complaint(map[string]any{"phone": "13857201234"})
		night := time.Date(2023, 5, 8, 15, 0, 0, 0, time.UTC) // 23:00 here
		x.clock.Set(night)
		x.accept(c)
		tell := func(event string, urgent bool) {
			if err := x.tell.Queue(x.Context(), domain.OutboxRow{Home: c.Home, Rec: c.ID, Event: event, Out: domain.Out{Kind: "notify",
				Data: map[string]any{"contact": "phone", "text": "紧急", "text_en": "urgent", "urgent": urgent}}}); err != nil {
				x.Fatal(err)
			}
		}
		tell("u", true)
		if x.send() != 1 {
			x.Error("the urgent one waits, or both went out")
		}
		n := x.list(store.NoticeQuery{State: store.NoticeWaiting})
		morning := time.Date(2023, 5, 8, 23, 30, 0, 0, time.UTC)
		if len(n) != 1 || !n[0].Next.Equal(morning) || n[0].Tries != 0 || n[0].Error != notify.WhyQuiet {
			x.Fatalf("held: %+v", n)
		}
		x.clock.Set(morning)
		if x.send() != 1 {
			x.Error("not sent in the morning")
		}
	})
}

// TestTaskAndDeadline: somebody given a task is told at once, and of its
// deadline once before and once after; by the channel they chose as well.
func TestTaskAndDeadline(t *testing.T) {
	onBoth(t, func(x *trial) {
		p := x.person("周岚", "complaint_handler", "13900001111", "zhoulan@bureau.example")
		other := x.person("何苗", "complaint_handler", "", "")
		if err := x.store.Prefer(x.Context(), p.String(), notify.Preference(notify.TopicDue), "sms,mail"); err != nil {
			x.Fatal(err)
		}
		c := x.complaint(map[string]any{})
		task := c.Tasks[0]
		x.do(domain.Command{Record: c.Ref, Action: "assign", Input: map[string]any{"task": task.ID, "assignee": p.String()}})
		mine := x.list(store.NoticeQuery{Person: p.String(), Channel: notify.App})
		if len(mine) != 1 || mine[0].Topic != notify.TopicTask || !strings.HasPrefix(mine[0].ZH, "新待办：消费投诉·作出受理") || mine[0].Record != c.Ref.String() {
			x.Fatalf("told %+v", mine)
		}
		daily := func(day domain.Date) {
			x.clock.Set(day.Time(time.UTC).Add(2 * time.Hour))
			for range 2 { // twice a day changes nothing
				if _, err := x.tell.Daily(x.Context()); err != nil {
					x.Fatal(err)
				}
			}
		}
		daily(task.Due.AddDays(-6))
		if n := x.list(store.NoticeQuery{Person: p.String(), Channel: notify.App}); len(n) != 1 {
			x.Errorf("told too early: %+v", n[0])
		}
		daily(task.Due.AddDays(-1))
		daily(task.Due)
		daily(task.Due.AddDays(1))
		daily(task.Due.AddDays(2))
		got := x.list(store.NoticeQuery{Person: p.String(), Channel: notify.App})
		if len(got) != 3 || !strings.HasPrefix(got[1].ZH, "即将到期") || !strings.HasPrefix(got[0].ZH, "已超期") || !got[0].Urgent {
			x.Errorf("told %d times: %+v", len(got), got)
		}
		if n := x.list(store.NoticeQuery{Person: p.String(), Outward: true}); len(n) != 4 {
			x.Errorf("%d outward, want short message and e-mail of each", len(n))
		}
		if n := x.list(store.NoticeQuery{Person: other.String()}); len(n) != 0 {
			x.Errorf("a colleague was told: %+v", n)
		}
	})
}

// TestRoleIsTold: a matter tells those who hold the role where it is; the
// substitute of somebody away is told too.
func TestRoleIsTold(t *testing.T) {
	onBoth(t, func(x *trial) {
		p := x.person("周岚", "complaint_handler", "", "")
		sub := x.person("何苗", "", "", "")
		x.person("许远", "sampler", "", "")
		x.do(domain.Command{Record: p, Action: "mark_away", Input: map[string]any{"absent_from": "2023-05-01", "absent_until": "2023-05-31", "substitute": sub.String()}})
		c := x.complaint(map[string]any{})
		if err := x.tell.Queue(x.Context(), domain.OutboxRow{Home: c.Home, Rec: c.ID, Event: "e", Out: domain.Out{Kind: "notify",
			Data: map[string]any{"role": "complaint_handler", "text": "身份证明逾期", "text_en": "late"}}}); err != nil {
			x.Fatal(err)
		}
		told := map[string]int{}
		for _, n := range x.list(store.NoticeQuery{}) {
			told[n.Person]++
		}
		if len(told) != 2 || told[p.String()] != 1 || told[sub.String()] != 1 {
			x.Errorf("told %v", told)
		}
	})
}

// TestErasedAddress: nothing is sent once the person's data are gone.
func TestErasedAddress(t *testing.T) {
	onBoth(t, func(x *trial) {
		c := x.complaint(map[string]any{"phone": "13857201234"})
		x.accept(c)
		if err := x.jobs.Eraser.Destroy(x.Context(), c.Ref.String()); err != nil {
			x.Fatal(err)
		}
		x.send()
		if n := x.list(store.NoticeQuery{Outward: true}); len(n) != 1 || n[0].State != store.NoticeFailed || n[0].Error != notify.WhyErased || len(x.files("sms")) != 0 {
			x.Errorf("%+v", n)
		}
	})
}
