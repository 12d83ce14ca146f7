package web_test

import (
	"regexp"
	"strconv"
	"strings"
	"testing"

	"github.com/dinghai/dinghai/domain"
	"github.com/dinghai/dinghai/jobs/notify"
	"github.com/dinghai/dinghai/store"
)

var bell = regexp.MustCompile(`aria-label="通知，(\d+) 条未读"`)

func (g *guest) bell() int {
	g.s.t.Helper()
	_, body := g.get("/notices")
	m := bell.FindStringSubmatch(body)
	if m == nil {
		g.s.t.Fatalf("no bell\n%.600s", body)
	}
	n, _ := strconv.Atoi(m[1])
	if rows := strings.Count(mainOf(body), "dh-told-new"); rows != n {
		g.s.t.Errorf("the bell says %d, the page has %d rows", n, rows)
	}
	return n
}

// told tells zhoulan of a record.
func (s *staffed) told(event, text string) {
	s.t.Helper()
	x := &notify.Service{Engine: s.Engine, Store: s.Store}
	me := s.People["zhoulan"]
	if err := x.Queue(s.t.Context(), domain.OutboxRow{Home: me.Home, Rec: me.ID, Event: event, Out: domain.Out{Kind: "notify",
		Data: map[string]any{"who": me.String(), "text": text, "text_en": "told " + event}}}); err != nil {
		s.t.Fatal(err)
	}
}

// TestBell: the number on the bell is the unread rows; what one person reads
// stays unread for nobody else, and nobody reads another's.
func TestBell(t *testing.T) {
	s := openStaffed(t)
	for i := range 3 {
		s.told("e"+strconv.Itoa(i), "执法证到期<b>")
	}
	g := s.guest()
	if code, _ := g.get("/notices"); code != 303 {
		t.Errorf("a stranger's notices: %d", code)
	}
	g.signIn("zhoulan")
	if n := g.bell(); n != 3 {
		t.Fatalf("%d unread", n)
	}
	_, body := g.get("/notices")
	if strings.Contains(body, "到期<b>") || !strings.Contains(body, "到期&lt;b&gt;") {
		t.Error("the text is not escaped")
	}
	id := regexp.MustCompile(`name="id" value="([0-9a-f]{32})"`).FindStringSubmatch(body)[1]
	other := s.guest()
	other.signIn("fangzheng")
	other.post("/notices/read", "id", id)
	other.post("/notices/read", "all", "1")
	if n := g.bell(); n != 3 {
		t.Errorf("another person read them: %d left", n)
	}
	if code, _ := g.post("/notices/read", "id", id, "to", "https://evil.example/"); code != 303 || g.to() != "/" {
		t.Errorf("leads to %s", g.to())
	}
	if n := g.bell(); n != 2 {
		t.Errorf("%d left", n)
	}
	if code, _ := g.post("/notices/read"); code != 400 {
		t.Errorf("reading nothing: %d", code)
	}
	g.post("/notices/read", "all", "1")
	if n := g.bell(); n != 0 {
		t.Errorf("%d left", n)
	}
	if _, body := g.get("/notices?tab=all&lang=en"); strings.Count(body, "told e") != 3 {
		t.Errorf("the read ones:\n%.800s", mainOf(body))
	}
}

// TestWishes: a choice of channels holds, and only of channels there are.
func TestWishes(t *testing.T) {
	s := openStaffed(t)
	g := s.guest()
	g.signIn("zhoulan")
	if code, _ := g.post("/notices/wishes", "due", "sms", "task", "pigeon"); code != 303 {
		t.Fatalf("%d", code)
	}
	_, body := g.get("/notices?done=kept")
	if !strings.Contains(body, `name="due" value="sms" checked`) || strings.Contains(body, `name="task" value="sms" checked`) || !strings.Contains(body, "通知方式已保存") {
		t.Errorf("%.1500s", mainOf(body))
	}
	prefs, err := s.Store.Preferences(t.Context(), s.People["zhoulan"].String())
	if err != nil || len(prefs) != 1 || prefs["notice.due"] != "sms" {
		t.Errorf("kept %v %v", prefs, err)
	}
	s.told("x", "知")
	list, _ := s.Store.Notices(t.Context(), store.NoticeQuery{Outward: true})
	if len(list) != 0 {
		t.Errorf("a topic not chosen goes out: %+v", list)
	}
}

// TestAdminNotices: the system administrator sees what failed and why, sets the
// quiet hours, takes an address off the list; the other two may not.
func TestAdminNotices(t *testing.T) {
	s := openStaffed(t)
	n := store.Notice{ID: "n1", At: s.Engine.Now(), Channel: notify.SMS, Target: s.People["zhoulan"].String() + "/phone", Record: s.People["zhoulan"].String(), Topic: "public",
		ZH: "机密内容", EN: "secret text", State: store.NoticeFailed, Tries: 7, Error: notify.WhyNowhere}
	if _, err := s.Store.AddNotices(t.Context(), n); err != nil {
		t.Fatal(err)
	}
	if err := s.Store.MarkDead(t.Context(), store.Dead{Hash: "h1", Channel: notify.SMS, Shown: "138****0004", Why: "空号", At: s.Engine.Now(), Record: n.Record}); err != nil {
		t.Fatal(err)
	}
	for _, login := range []string{"anran", "qinlang", "zhoulan"} {
		g := s.guest()
		g.signIn(login)
		for _, path := range []string{"/admin/notices/quiet", "/admin/notices/retry", "/admin/notices/revive"} {
			if code, _ := g.post(path, "from", "22:00", "to", "07:00", "hash", "h1"); code != 403 {
				t.Errorf("%s as %s: %d", path, login, code)
			}
		}
		if code, _ := g.get("/admin/notices"); code != 403 {
			t.Errorf("page as %s: %d", login, code)
		}
	}
	g := s.guest()
	g.signIn("guning")
	code, body := g.get("/admin/notices")
	if code != 200 || !strings.Contains(body, "没有配置送往何处") || !strings.Contains(body, "138****0004") || strings.Contains(body, "机密内容") || !strings.Contains(body, `value="21:00"`) {
		t.Fatalf("%d\n%.3000s", code, mainOf(body))
	}
	if code, _ := g.post("/admin/notices/quiet", "from", "25:00", "to", "07:00"); code != 400 {
		t.Errorf("no hour of the day: %d", code)
	}
	g.post("/admin/notices/quiet", "from", "22:15", "to", "07:00")
	g.post("/admin/notices/revive", "hash", "h1")
	g.post("/admin/notices/retry", "id", "n1")
	_, body = g.get("/admin/notices")
	if !strings.Contains(body, `value="22:15"`) || strings.Contains(body, "138****0004") || !strings.Contains(body, "待发") {
		t.Errorf("%.3000s", mainOf(body))
	}
	if again, _ := s.Store.Notices(t.Context(), store.NoticeQuery{State: store.NoticeWaiting}); len(again) != 1 || again[0].Tries != 0 {
		t.Errorf("not tried anew: %+v", again)
	}
}
