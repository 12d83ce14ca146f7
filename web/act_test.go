package web_test

import (
	"context"
	"io"
	"net/http"
	"net/url"
	"regexp"
	"strings"
	"testing"

	"github.com/dinghai/dinghai/domain"
	"github.com/dinghai/dinghai/store"
	"github.com/dinghai/dinghai/store/files"
	"github.com/dinghai/dinghai/web"
	"github.com/dinghai/dinghai/web/webtest"
)

// memory keeps drafts and the access log of a test.
type memory struct {
	web.Work // the rest is the store's
	drafts   map[string]store.Draft
	log      []store.Access
}

func (m *memory) KeepDraft(_ context.Context, d store.Draft) error {
	m.drafts[d.Person+"|"+d.Name] = d
	return nil
}
func (m *memory) DropDraft(_ context.Context, person, name string) error {
	delete(m.drafts, person+"|"+name)
	return nil
}
func (m *memory) Draft(_ context.Context, person, name string) (*store.Draft, error) {
	if d, ok := m.drafts[person+"|"+name]; ok {
		return &d, nil
	}
	return nil, nil
}
func (m *memory) Drafts(context.Context, string) ([]store.Draft, error)          { return nil, nil }
func (m *memory) Save(context.Context, store.Saved) error                        { return nil }
func (m *memory) SavedOf(context.Context, string, string) ([]store.Saved, error) { return nil, nil }
func (m *memory) LogAccess(_ context.Context, list ...store.Access) error {
	m.log = append(m.log, list...)
	return nil
}
func (m *memory) Accesses(context.Context, string, int) ([]store.Access, error) { return m.log, nil }

// person is somebody signed in with one role in one area.
func person(b *webtest.Bureau, id, role, area string) domain.Viewer {
	v := domain.Viewer{Person: domain.Ref{Home: 330900, ID: "00000000-0000-7000-8000-00000000000" + id}}
	v.Actor = domain.Actor{ID: v.Person.String(), Name: "张三", Grants: []domain.Grant{{Role: role, Area: area}}}
	v.Scope, _ = b.Engine.ScopeOf(context.Background(), v)
	return v
}

// desk is a bureau of its own, with somebody at the desk who can be changed.
type desk struct {
	*site
	bureau *webtest.Bureau
	who    domain.Viewer
	work   *memory
	files  *files.Service // where there are any
}

func openDesk(t *testing.T) *desk {
	t.Helper()
	b, err := webtest.Open(t.Context(), t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = b.Close() })
	filled, err := b.Fill(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	d := &desk{bureau: b, work: &memory{Work: b.Store, drafts: map[string]store.Draft{}}}
	d.who = person(b, "1", "complaint_handler", "330900")
	d.site = serve(t, web.Config{Engine: b.Engine, Title: webtest.Title, Area: webtest.Area, Work: d.work,
		Viewer: func(*http.Request) (domain.Viewer, error) { return d.who, nil }})
	d.filled = filled
	return d
}

func (d *desk) post(path string, v url.Values, cookies ...*http.Cookie) (int, string, string) {
	d.t.Helper()
	r, err := http.NewRequestWithContext(d.t.Context(), http.MethodPost, d.URL+path, strings.NewReader(v.Encode()))
	if err != nil {
		d.t.Fatal(err)
	}
	r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	for _, c := range cookies {
		r.AddCookie(c)
	}
	client := http.Client{CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}
	resp, err := client.Do(r)
	if err != nil {
		d.t.Fatal(err)
	}
	defer resp.Body.Close()
	body := new(strings.Builder)
	_, _ = io.Copy(body, resp.Body)
	return resp.StatusCode, body.String(), resp.Header.Get("Location")
}

var hidden = regexp.MustCompile(`name="(_seq|_key)" value="([^"]*)"`)

// formOf reads the hidden inputs of a form page.
func (d *desk) formOf(path string) url.Values {
	d.t.Helper()
	code, body := d.get(path)
	if code != 200 {
		d.t.Fatalf("%s: %d", path, code)
	}
	v := url.Values{}
	for _, m := range hidden.FindAllStringSubmatch(body, -1) {
		v.Set(m[1], m[2])
	}
	return v
}

// TestActRoad: a form shows what is wrong at its input and keeps what was
// typed; right, it does the step once, however often it is sent.
func TestActRoad(t *testing.T) {
	d := openDesk(t)
	open := "/new/trial.letter/receive"
	v := d.formOf(open)
	v.Set("about", "海鲜缺斤短两")
	v.Set("amount", "12,3x")
	v.Set("_area", "千岛")
	code, body, _ := d.post(open, v)
	if code != 400 || !strings.Contains(body, "海鲜缺斤短两") || !strings.Contains(body, "不是有效金额") || !strings.Contains(body, `href="#f-amount"`) {
		t.Fatalf("a wrong form: %d\n%s", code, body)
	}
	v.Set("amount", "1,234.50")
	v.Set("sender", "来信人甲")
	v.Set("story", "经过")
	v.Set("channel", "window")
	v.Set("_of", d.filled.Shop.String())
	v.Set("_area", "330902002")
	code, body, to := d.post(open, v)
	if code != 303 || !strings.Contains(to, "/cases/") {
		t.Fatalf("a right form: %d %s\n%s", code, to, problemsIn(body))
	}
	_, _, again := d.post(open, v)
	if again != to {
		t.Errorf("sent twice: %s, then %s", to, again)
	}
	code, body = d.get(strings.Split(to, "?")[0] + "?done=receive")
	if code != 200 || !strings.Contains(body, "1,234.50") || !strings.Contains(body, "已办理") {
		t.Errorf("the case page after it: %d", code)
	}
	if !strings.Contains(body, "/do/accept") {
		t.Error("the next action is not offered")
	}
}

func problemsIn(body string) string {
	return strings.Join(regexp.MustCompile(`dh-problem[^<]*<span>[^<]*`).FindAllString(body, -1), "\n")
}

// TestActStale: the second of two people sees what the first did and loses
// nothing.
func TestActStale(t *testing.T) {
	d := openDesk(t)
	at := "/cases/" + d.filled.Overdue.String() + "/do/"
	stale := d.formOf(at + "note")
	stale.Set("text", "第二人写的备注")
	first := d.formOf(at + "note")
	first.Set("text", "第一人先写的备注")
	if code, body, _ := d.post(at+"note", first); code != 303 {
		t.Fatalf("first: %d %s", code, problemsIn(body))
	}
	code, body, _ := d.post(at+"note", stale)
	if code != 409 || !strings.Contains(body, "第一人先写的备注") || !strings.Contains(body, "第二人写的备注") {
		t.Fatalf("second: %d", code)
	}
}

// TestActRights: no right, no form; a stranger is sent away; an action of
// another area is refused with the role it needs.
func TestActRights(t *testing.T) {
	d := openDesk(t)
	path := "/cases/" + d.filled.Overdue.String() + "/do/accept"
	d.who = domain.Viewer{}
	if code, _ := d.get(path); code != 403 {
		t.Errorf("stranger: %d", code)
	}
	d.who = person(d.bureau, "2", "complaint_handler", "330922")
	if code, body := d.get(path); code != 403 || !strings.Contains(body, "没有查看此件的权限") {
		t.Errorf("another county: %d", code)
	}
	d.who = person(d.bureau, "3", "director", "330900")
	if code, body := d.get(strings.TrimSuffix(path, "/do/accept")); code != 200 || !strings.Contains(body, "需要的角色") {
		t.Errorf("a director sees, and reads why not: %d", code)
	}
	if code, _, _ := d.post(path, url.Values{}); code != 403 {
		t.Errorf("a director accepts: %d", code)
	}
}

// TestDrafts: what is typed is kept encrypted and comes back; a form that
// arrives after the session ran out waits until the person signed in again.
func TestDrafts(t *testing.T) {
	d := openDesk(t)
	path := "/cases/" + d.filled.Overdue.String() + "/do/note"
	code, body, _ := d.post("/drafts", url.Values{"_draft": {strings.TrimPrefix(path, "/")}, "text": {"写到一半"}})
	if code != 200 {
		t.Fatalf("%d %s", code, body)
	}
	for _, x := range d.work.drafts {
		if strings.Contains(x.Body, "写到一半") || !strings.HasPrefix(x.Body, "sealed:") {
			t.Errorf("a draft is kept in the open: %s", x.Body)
		}
	}
	if _, body := d.get(path); !strings.Contains(body, "写到一半") || !strings.Contains(body, "已恢复") {
		t.Error("the draft did not come back")
	}
	who := d.who
	d.who = domain.Viewer{}
	code, _, to := d.post(path, url.Values{"text": {"会话失效时提交的"}}, &http.Cookie{Name: "session", Value: "old"})
	if code != 303 || !strings.HasPrefix(to, "/login?next=") {
		t.Fatalf("after the session: %d %s", code, to)
	}
	d.who = who
	var token string
	for k := range d.work.drafts {
		if rest, ok := strings.CutPrefix(k, "parked:"); ok {
			token, _, _ = strings.Cut(rest, "|")
		}
	}
	if _, body := d.get(path, &http.Cookie{Name: "parked", Value: token}); !strings.Contains(body, "会话失效时提交的") {
		t.Error("what was sent without a session is lost")
	}
}

// TestSealed: opening a sealed value takes a reason and leaves a line.
func TestSealed(t *testing.T) {
	d := openDesk(t)
	path := "/cases/" + d.filled.Overdue.String() + "/open/sender"
	if code, body, _ := d.post(path, url.Values{}); code != 400 || strings.Contains(body, "来信人甲") {
		t.Errorf("without a reason: %d", code)
	}
	code, body, _ := d.post(path, url.Values{"reason": {"电话联系投诉人"}})
	if code != 200 || !strings.Contains(body, "来信人甲") || len(d.work.log) != 1 || d.work.log[0].Target != d.filled.Overdue.String() {
		t.Errorf("with a reason: %d, %d lines", code, len(d.work.log))
	}
	if code, body := d.get("/cases/" + d.filled.Overdue.String() + "/looks"); code != 200 || !strings.Contains(body, "电话联系投诉人") {
		t.Errorf("who looked: %d", code)
	}
	d.who = person(d.bureau, "3", "director", "330900")
	if code, body, _ := d.post(path, url.Values{"reason": {"想看看是谁"}}); code != 403 || strings.Contains(body, "来信人甲") {
		t.Errorf("a director: %d", code)
	}
}

// TestRightBeforeForm: without the role a form is refused as such, whatever it
// lacks; what people enter about themselves is offered to nobody else.
func TestRightBeforeForm(t *testing.T) {
	s := openStaffed(t)
	g := s.guest()
	g.signIn("wuquan") // holds no role
	if code, _ := g.post("/new/complaint.complaint/receive"); code != 403 {
		t.Errorf("an empty form without the role: %d", code)
	}
	h := s.guest()
	h.signIn("zhoulan")
	if code, _ := h.post("/new/complaint.complaint/receive"); code != 400 {
		t.Errorf("an empty form with the role: %d", code)
	}
	other := "/subjects/" + s.People["fangzheng"].String()
	own := "/subjects/" + s.People["zhoulan"].String()
	if _, body := h.get(other); strings.Contains(body, "/do/go_away") || strings.Contains(body, "/do/come_back") {
		t.Error("a colleague is offered another's absence")
	}
	for _, act := range []string{"go_away", "come_back"} {
		if code, _ := h.get(other + "/do/" + act); code != 403 {
			t.Errorf("%s of a colleague: %d", act, code)
		}
		if code, _ := h.post(other + "/do/" + act); code != 403 {
			t.Errorf("sending %s of a colleague: %d", act, code)
		}
	}
	if code, _ := h.get(own + "/do/go_away"); code != 200 {
		t.Errorf("one's own absence: %d", code)
	}
}

// TestHeldIsToldBeforehand: on a record under legal hold the auditor reads why
// nothing can be erased, instead of trying.
func TestHeldIsToldBeforehand(t *testing.T) {
	d := openDesk(t)
	d.who = person(d.bureau, "1", "auditor", "330900")
	at, why := "/cases/"+d.filled.Overdue.String(), "该记录处于证据保全，不能删除个人信息"
	if _, body := d.get(at); !strings.Contains(body, "/do/hold") || strings.Contains(body, why) {
		t.Fatalf("before the hold: %s", mainOf(body))
	}
	if code, body, _ := d.post(at+"/do/hold", url.Values{"_reason": {"行政诉讼举证"}}); code != 303 {
		t.Fatalf("hold: %d %s", code, mainOf(body))
	}
	if _, body := d.get(at); !strings.Contains(body, "/do/release") || !strings.Contains(body, why) {
		t.Errorf("under the hold: %s", mainOf(body))
	}
}

var coloured = regexp.MustCompile(`<a class="btn btn-primary" href="[^"]*/do/([a-z_]+)"`)

// TestOrdinaryStep: a case's page colours the step its kind calls ordinary, for
// those who may take it, and no other.
func TestOrdinaryStep(t *testing.T) {
	d := openDesk(t)
	at := "/cases/" + d.filled.Paused.String() // accepted; the catalogue has "test" before "settle"
	for role, want := range map[string]string{"mediator": "settle", "complaint_handler": ""} {
		d.who = person(d.bureau, "1", role, "330900")
		_, body := d.get(at)
		got := ""
		for _, m := range coloured.FindAllStringSubmatch(body, -1) {
			got += m[1]
		}
		if got != want {
			t.Errorf("%s: %q is coloured, not %q", role, got, want)
		}
	}
}
