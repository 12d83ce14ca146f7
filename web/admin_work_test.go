package web_test

import (
	"bytes"
	"encoding/json"
	"mime/multipart"
	"net/http"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/dinghai/dinghai/domain"
	"github.com/dinghai/dinghai/jobs"
	"github.com/dinghai/dinghai/store"
	"github.com/dinghai/dinghai/web"
)

// sendFile sends a form with a file.
func (g *guest) sendFile(path, content string, pairs ...string) (int, string) {
	g.s.t.Helper()
	var b bytes.Buffer
	m := multipart.NewWriter(&b)
	for i := 0; i < len(pairs); i += 2 {
		check(g.s.t, m.WriteField(pairs[i], pairs[i+1]))
	}
	w, err := m.CreateFormFile("file", "notice.csv")
	check(g.s.t, err)
	_, _ = w.Write([]byte(content))
	check(g.s.t, m.Close())
	r, err := http.NewRequestWithContext(g.s.t.Context(), http.MethodPost, g.s.url+path, &b)
	check(g.s.t, err)
	r.Header.Set("Content-Type", m.FormDataContentType())
	return g.do(r)
}

const notice2031 = "日期,类型,名称\n2031-05-08,休,劳动节\n2031-05-09,休,劳动节\n2031-05-10,班,劳动节\n"

// TestCalendarPage: a notice is shown with what it moves, holds once confirmed,
// is the system administrator's alone, and says what is wrong with it.
func TestCalendarPage(t *testing.T) {
	s := openStaffed(t)
	s.Set("2031-05-05")
	c, err := s.Engine.Do(t.Context(), domain.Command{Kind: "complaint.complaint", Action: "receive", Area: "330902", Actor: domain.System("test"),
		Input: map[string]any{"complainant": "何一", "trader": "某店"}})
	check(t, err)
	for _, login := range []string{"anran", "qinlang", "zhoulan"} {
		g := s.guest()
		g.signIn(login)
		if code, _ := g.sendFile("/admin/calendar", notice2031, "year", "2031", "source", "通知"); code != 403 {
			t.Errorf("%s: %d", login, code)
		}
	}
	g := s.guest()
	g.signIn("guning")
	for content, want := range map[string]string{"日期,类型\n2031-05-07,班\n": "本来就是工作日", "日期,类型\n2031-13-07,休\n": "不是日期", "日期,类型\n2031-05-07,也许\n": "须为「休」或者「班」",
		"a,b\n1,2\n": "第一行须有", "years:\n  2031: {status: x, days_off: [{date: 2035-01-01}]}\n": "离这一年太远", "years: [": "YAML 文件有误", "": "第一行须有"} {
		if code, body := g.sendFile("/admin/calendar", content, "year", "2031", "source", "通知"); code != 400 || !strings.Contains(body, want) {
			t.Errorf("%q: %d\n%.400s", content, code, mainOf(body))
		}
	}
	code, body := g.sendFile("/admin/calendar", notice2031, "year", "2031", "source", "国办发明电〔2030〕9号", "final", "1")
	if code != 200 || !strings.Contains(body, "有 1 个未结期限的到期日会变") || !strings.Contains(body, "2031-05-14") || !strings.Contains(body, "2031-05-15") {
		t.Fatalf("preview: %d\n%.2500s", code, mainOf(body))
	}
	if s.Engine.Catalogue().Calendar.Final(2031) {
		t.Error("the preview holds already")
	}
	locked := regexp.MustCompile(`name="years" value="([^"]+)"`).FindStringSubmatch(body)[1]
	if code, _ := g.post("/admin/calendar", "years", locked[:len(locked)-4]+"AAAA", "do", "1"); code != 400 {
		t.Errorf("a changed preview was taken: %d", code)
	}
	if code, _ := g.post("/admin/calendar", "years", locked, "do", "1"); code != 303 {
		t.Fatalf("entering: %d", code)
	}
	j := &jobs.Jobs{Engine: s.Engine}
	if changed, err := j.Calendar(t.Context()); !changed || err != nil {
		t.Fatal(changed, err)
	}
	if n, err := j.Retime(t.Context()); n != 1 || err != nil {
		t.Fatal(n, err)
	}
	rec, _ := s.Engine.Reader().Record(t.Context(), c.Record.Ref)
	if got := rec.OpenClock("CMP-ACCEPT").Due; got != "2031-05-15" {
		t.Errorf("due %s", got)
	}
	_, body = g.get("/admin/calendar")
	if !strings.Contains(body, "放假 2 天，调休上班 1 天") || !strings.Contains(body, "登记") {
		t.Errorf("%.2000s", mainOf(body))
	}
	_, body = g.sendFile("/admin/calendar", "日期,类型\n2031-05-08,休\n", "year", "2031", "source", "更正")
	if !strings.Contains(body, `name="reason"`) {
		t.Error("a revision asks for no reason")
	}
	locked = regexp.MustCompile(`name="years" value="([^"]+)"`).FindStringSubmatch(body)[1]
	if code, _ := g.post("/admin/calendar", "years", locked, "do", "1", "reason", "通知更正"); code != 303 {
		t.Errorf("revising: %d", code)
	}
}

// TestJobsPage: what failed is told and can be tried anew; asking for a job is
// the system administrator's alone.
func TestJobsPage(t *testing.T) {
	runs := &jobs.Runs{}
	s := openStaffedWith(t, func(c *web.Config) { c.Runs = runs })
	runs.Notes = s.Store
	me := s.People["zhoulan"]
	row := domain.OutboxRow{Home: me.Home, Pos: 9999, State: domain.OutFailed, Tries: 8, Error: "对方不在 <b>", Event: "e", Rec: me.ID, On: "2023-11-01", Out: domain.Out{Kind: "do"}}
	check(t, s.Store.Update(t.Context(), me.Home, func(tx domain.Tx) error {
		return tx.Write(&domain.WriteSet{Outbox: []domain.OutboxRow{row}, Heads: map[int]int64{}})
	}))
	other := s.guest()
	other.signIn("qinlang")
	for _, path := range []string{"/admin/jobs/run", "/admin/jobs/retry"} {
		if code, _ := other.post(path, "name", jobs.RunDue); code != 403 {
			t.Errorf("%s by the auditor: %d", path, code)
		}
	}
	g := s.guest()
	g.signIn("guning")
	_, body := g.get("/admin/jobs")
	if !strings.Contains(body, "对方不在 &lt;b&gt;") || !strings.Contains(body, "到另一地办理") || !strings.Contains(body, "尚未运行") {
		t.Fatalf("%.3000s", mainOf(body))
	}
	for _, id := range []string{"x", "1-2", "0-0-0", "a-b-c"} {
		if code, _ := g.post("/admin/jobs/retry", "id", id); code != 404 {
			t.Errorf("retry %q: %d", id, code)
		}
	}
	id := regexp.MustCompile(`name="id" value="([^"]+)"`).FindStringSubmatch(body)[1]
	if code, _ := g.post("/admin/jobs/retry", "id", id); code != 303 {
		t.Fatalf("retry: %d", code)
	}
	if _, body = g.get("/admin/jobs"); strings.Contains(body, "对方不在") {
		t.Error("still given up")
	}
	if code, _ := g.post("/admin/jobs/run", "name", "nothing"); code != 404 {
		t.Errorf("an unknown job: %d", code)
	}
	g.post("/admin/jobs/run", "name", jobs.RunDue)
	if !runs.Asked(jobs.RunDue) {
		t.Error("asked for, not noted")
	}
	log, _ := s.Store.AccessLog(t.Context(), store.AccessQuery{Action: "job_asked", Limit: 5})
	if len(log) != 1 || log[0].Detail != jobs.RunDue {
		t.Errorf("log %+v", log)
	}
}

// TestBackupPage warns where there is none, and where it is older than a day.
func TestBackupPage(t *testing.T) {
	s := openStaffed(t)
	g := s.guest()
	g.signIn("guning")
	page := func() string { _, body := g.get("/admin/backup"); return mainOf(body) }
	if b := page(); !strings.Contains(b, "没有备份记录") {
		t.Errorf("%.800s", b)
	}
	note := func(b web.Backup) {
		text, err := json.Marshal(b)
		check(t, err)
		check(t, s.Store.SetMeta(t.Context(), web.BackupNote, string(text)))
	}
	note(web.Backup{At: time.Now().Add(-time.Hour), Host: "h", File: "/b/1.tar.gz", Bytes: 12345, Events: 7, Verified: time.Now()})
	if b := page(); strings.Contains(b, "role=\"alert\"") || !strings.Contains(b, "h:/b/1.tar.gz") || !strings.Contains(b, "12,345") {
		t.Errorf("%.1500s", b)
	}
	note(web.Backup{At: time.Now().Add(-49 * time.Hour)})
	if b := page(); !strings.Contains(b, "49 小时前") || !strings.Contains(b, "未核验") {
		t.Errorf("%.1500s", b)
	}
	note(web.Backup{At: time.Now(), Problem: "校验和不符"})
	if b := page(); !strings.Contains(b, "校验和不符") {
		t.Errorf("%.1500s", b)
	}
}

// TestReplayPage: who keeps the items sees what one would have met, the
// administrator of the system the number alone, nobody else anything.
func TestReplayPage(t *testing.T) {
	s := openStaffed(t)
	item := ""
	for _, x := range s.Engine.Catalogue().TriggerList() {
		if x.On != "" {
			item = x.Trigger
			break
		}
	}
	path := "/catalogue/items/" + item + "/replay"
	for login, want := range map[string]int{"guning": 200, "zhoulan": 403, "qinlang": 403} {
		g := s.guest()
		g.signIn(login)
		if code, _ := g.get(path); code != want {
			t.Errorf("%s: %d, want %d", login, code, want)
		}
		if _, list := g.get("/catalogue/items"); strings.Contains(list, path) != (want == 200) {
			t.Errorf("%s: the link does not fit the right", login)
		}
	}
	g := s.guest()
	g.signIn("guning")
	if code, _ := g.get("/catalogue/items/none/replay"); code != 404 {
		t.Errorf("an unknown item: %d", code)
	}
	if code, _ := g.get(path + "?from=2023-09-01&to=2023-02-01"); code != 400 {
		t.Errorf("a span that ends before it begins: %d", code)
	}
	if _, body := g.get(path); !strings.Contains(body, "会触发 0 次") {
		t.Errorf("%.900s", mainOf(body))
	}
}
