package web_test

import (
	"archive/zip"
	"context"
	"crypto/ed25519"
	"net/http"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/dinghai/dinghai/domain"
	"github.com/dinghai/dinghai/engine/report"
	"github.com/dinghai/dinghai/store"
	"github.com/dinghai/dinghai/store/sqlite"
	"github.com/dinghai/dinghai/web"
	"github.com/dinghai/dinghai/web/webtest"
)

// signer publishes reports into the trial's own store.
type signer struct {
	*sqlite.Store
	key ed25519.PrivateKey
}

func (s signer) Publish(ctx context.Context, f *report.Frozen) (string, error) {
	b, err := report.Sign(f, s.key)
	if err != nil {
		return "", err
	}
	id, err := f.ID()
	if err != nil {
		return "", err
	}
	return id, s.Freeze(ctx, store.Frozen{Home: 330900, ID: id, Name: f.Title.ZH, At: f.At, Content: string(b)})
}

func (s signer) Key() ([]byte, error) { return report.PublicPEM(s.key) }

func (s signer) Published(ctx context.Context, _, id string) ([]byte, *report.Frozen, error) {
	x, err := s.Frozen(ctx, 330900, id)
	if err != nil || x == nil {
		return nil, nil, err
	}
	f, err := report.Verify([]byte(x.Content), s.key.Public().(ed25519.PublicKey))
	return []byte(x.Content), f, err
}

const monthText = "# {{bureau}}月报\n\n本月来信{{figure letters}}件，全年{{figure letters period=year}}件。"

// openWriting is a desk at which reports are written and published.
func openWriting(t *testing.T) *desk {
	t.Helper()
	dir := t.TempDir()
	b, err := webtest.Open(t.Context(), dir)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = b.Close() })
	filled, err := b.Fill(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	key, err := report.NewKey(filepath.Join(dir, "report.key"))
	if err != nil {
		t.Fatal(err)
	}
	reports, err := b.Reports()
	if err != nil {
		t.Fatal(err)
	}
	d := &desk{bureau: b, work: &memory{Work: b.Store, drafts: map[string]store.Draft{}}}
	d.who, d.files = withRoles(b, "1", "stat_officer", "bureau_head"), b.Files(dir)
	d.site = serve(t, web.Config{Engine: b.Engine, Title: webtest.Title, Area: webtest.Area, Work: d.work, Publisher: signer{b.Store, key}, Reports: reports,
		Files: d.files, Wordings: map[string]map[string]string{"monthly": {"zh": monthText, "en": monthText}}, Viewer: func(*http.Request) (domain.Viewer, error) { return d.who, nil }})
	d.filled = filled
	return d
}

// withRoles is somebody signed in with several roles in the whole city.
func withRoles(b *webtest.Bureau, id string, roles ...string) domain.Viewer {
	v := person(b, id, roles[0], "330900")
	for _, r := range roles[1:] {
		v.Actor.Grants = append(v.Actor.Grants, domain.Grant{Role: r, Area: "330900"})
	}
	v.Scope, _ = b.Engine.ScopeOf(context.Background(), v)
	return v
}

// begin opens a monthly report and gives its address.
func (d *desk) begin() string {
	d.t.Helper()
	code, body, to := d.post("/desk/reports", url.Values{"title": {"十月月报"}, "template": {"monthly"}, "from": {"2023-10-01"}, "to": {"2023-10-31"}, "area": {"330900"}, "lang": {"zh"}})
	if code != 303 {
		d.t.Fatalf("begin: %d %s", code, body)
	}
	return to
}

// textForm is the form of a report as the page has it.
func (d *desk) textForm(at string) url.Values {
	d.t.Helper()
	v := d.formOf(at)
	rec := d.record(at)
	for _, name := range []string{"title", "from", "to", "body"} {
		v.Set(name, rec.Fields[name].(string))
	}
	return v
}

func (d *desk) record(at string) *domain.Record {
	d.t.Helper()
	ref, err := domain.ParseRef(at[strings.LastIndex(at, "/")+1:])
	if err != nil {
		d.t.Fatal(err)
	}
	rec, err := d.bureau.Engine.Reader().Record(d.t.Context(), ref)
	if err != nil || rec == nil {
		d.t.Fatal(at, err)
	}
	return rec
}

func wants(t *testing.T, what, body string, parts ...string) {
	t.Helper()
	for _, p := range parts {
		if !strings.Contains(body, p) {
			t.Errorf("%s: no %q", what, p)
		}
	}
}

// TestWriteReport: a report begins with its template, its figures are values
// that lead to their rows, one finds and puts in another, and is told of marks
// nobody can fill and of typed numbers the records do not bear out.
func TestWriteReport(t *testing.T) {
	d := openWriting(t)
	if _, body := d.get("/desk/reports"); !strings.Contains(body, "还没有报告") {
		t.Error("the empty list does not teach")
	}
	code, body, _ := d.post("/desk/reports", url.Values{"title": {"倒着的"}, "template": {"monthly"}, "from": {"2023-11-01"}, "to": {"2023-10-31"}, "area": {"330900"}, "lang": {"zh"}})
	if code != 422 || !strings.Contains(body, "倒着的") || !strings.Contains(body, "请对调") {
		t.Errorf("a period that ends before it begins: %d", code)
	}
	at := d.begin()
	_, body = d.get(at)
	wants(t, "the page", body, "舟山市市场监督管理局", `data-mark="{{figure letters period=year}}"`, "/figures/letters?area=330900&amp;from=2023-10-01", "没有需要核对的手写数字")
	v := d.textForm(at)
	v.Set("op", "find")
	v.Set("q", "zcxd") // 在册小店
	_, body, _ = d.post(at, v)
	wants(t, "the search", body, `value="{{figure shops_open}}"`, "在册小店")
	v.Del("op")
	v.Set("insert", "{{figure shops_open}}")
	v.Set("body", v.Get("body")+"小店{{?}}户，又有来信987件，{{figure nobody}}。")
	_, body, _ = d.post(at, v)
	wants(t, "after putting in", body, "小店{{figure shops_open}}户", "没有指标「nobody」", "又有来信987件", "dh-verdict")
	v.Del("insert")
	v.Set("body", "来信{{figure letters show=change}}，写完")
	v.Set("op", "save")
	if code, body, _ := d.post(at, v); code != 303 {
		t.Fatalf("save: %d %s", code, body)
	}
	_, body = d.get(at)
	wants(t, "after saving", body, "上年同期无可比数据", "修改记录（2）", "?version=1")
	_, body = d.get(at + "?version=1")
	wants(t, "an earlier version", body, "全年{{figure letters period=year}}件", "还没有保存")
}

// TestReportFigures: figures stay as they were read until they are refreshed;
// the page tells which would change, and then which did.
func TestReportFigures(t *testing.T) {
	d := openWriting(t)
	at := d.begin()
	was := d.exportText(at)
	d.who = person(d.bureau, "1", "complaint_handler", "330900")
	open := "/new/trial.letter/receive"
	v := d.formOf(open)
	for k, x := range map[string]string{"about": "十月的来信", "amount": "1", "sender": "甲", "story": "经过", "channel": "window", "_of": d.filled.Shop.String(), "_area": "330902002", "_on": "2023-10-20", "_reason": "补录"} {
		v.Set(k, x)
	}
	if code, body, _ := d.post(open, v); code != 303 {
		t.Fatalf("letter: %d %s", code, problemsIn(body))
	}
	d.who = withRoles(d.bureau, "1", "stat_officer", "bureau_head")
	if now := d.exportText(at); now != was {
		t.Errorf("the text moved before it was refreshed:\n%s\n%s", was, now)
	}
	_, body := d.get(at)
	wants(t, "before refreshing", body, "2 个数字会跟着变")
	v = d.textForm(at)
	v.Set("op", "refresh")
	code, _, to := d.post(at, v)
	if code != 303 {
		t.Fatalf("refresh: %d", code)
	}
	_, body = d.get(to)
	wants(t, "after refreshing", body, "已刷新，2 个数字有变化", "来信数 · 当年累计")
	if now := d.exportText(at); now == was {
		t.Error("the text did not move")
	}
}

func (d *desk) exportText(at string) string {
	code, body := d.get(at + "/export?as=md")
	if code != 200 {
		d.t.Fatalf("export: %d", code)
	}
	return body
}

// TestTwoWriters: the second of two people sees what the first changed, and both
// texts are in the form; where both changed a line, both wordings are.
func TestTwoWriters(t *testing.T) {
	d := openWriting(t)
	at := d.begin()
	v := d.textForm(at)
	v.Set("body", "甲\n乙\n丙")
	v.Set("op", "save")
	d.post(at, v)
	first, second := d.textForm(at), d.textForm(at)
	first.Set("op", "save")
	first.Set("body", "甲（第一人）\n乙\n丙")
	second.Set("op", "save")
	second.Set("body", "甲\n乙\n丙（第二人）")
	d.post(at, first)
	code, body, _ := d.post(at, second)
	if code != 409 {
		t.Fatalf("second: %d", code)
	}
	wants(t, "joined", body, "甲（第一人）\n乙\n丙（第二人）", "<ins>甲（第一人）</ins>", "两份修改已经合在下面")
	second.Set("body", "甲（第二人）\n乙\n丙")
	code, body, _ = d.post(at, second)
	if code != 409 {
		t.Fatalf("clash: %d", code)
	}
	wants(t, "clash", body, "【同事的写法】\n甲（第一人）\n【您的写法】\n甲（第二人）", "有 1 处两人都改了")
}

// TestReportDraft: what is typed survives a lost session and is offered again.
func TestReportDraft(t *testing.T) {
	d := openWriting(t)
	at := d.begin()
	v := d.textForm(at)
	v.Set("body", "写到一半")
	v.Set("_draft", strings.TrimPrefix(at, "/"))
	if code, _, _ := d.post("/drafts", v); code != 200 {
		t.Fatalf("draft: %d", code)
	}
	_, body := d.get(at)
	wants(t, "the page", body, "写到一半")
	if d.record(at).Fields["body"] == "写到一半" {
		t.Error("a draft was saved as the text")
	}
	code, _, _ := d.post(at, url.Values{"op": {"drop"}})
	if _, body := d.get(at); code != 303 || strings.Contains(body, "写到一半") {
		t.Errorf("a dropped draft came back: %d", code)
	}
}

// TestPublishReport: publishing freezes and signs; a correction afterwards does
// not move the text. Who may not publish, or write, cannot; nor on the form
// made from the catalogue, where figures could be typed.
func TestPublishReport(t *testing.T) {
	d := openWriting(t)
	at := d.begin()
	v := d.textForm(at)
	v.Set("op", "publish")
	d.who = withRoles(d.bureau, "2", "stat_officer")
	if code, _, _ := d.post(at, v); code != 403 {
		t.Errorf("a statistics officer publishes: %d", code)
	}
	d.who = withRoles(d.bureau, "1", "bureau_head")
	wrong := d.textForm(at)
	wrong.Set("op", "publish")
	wrong.Set("body", "{{figure nobody}}")
	if code, body, _ := d.post(at, wrong); code != 422 || !strings.Contains(body, "没有指标「nobody」") {
		t.Errorf("a bad mark is published: %d", code)
	}
	v = d.textForm(at)
	v.Set("body", monthText)
	v.Set("op", "publish")
	code, body, to := d.post(at, v)
	if code != 303 {
		t.Fatalf("publish: %d %s", code, body)
	}
	_, body = d.get(to)
	wants(t, "published", body, "已冻结、签名并发布", "as=json", "data-mark")
	if strings.Contains(body, "<textarea") {
		t.Error("a published report can be typed into")
	}
	code, signed := d.get(at + "/export?as=json")
	if code != 200 || !strings.Contains(signed, `"signature"`) {
		t.Errorf("signed file: %d", code)
	}
	d.who = person(d.bureau, "3", "complaint_handler", "330900")
	if code, _ := d.get(at); code != 403 {
		t.Errorf("a complaint handler reads it: %d", code)
	}
	d.who = withRoles(d.bureau, "1", "stat_officer", "bureau_head")
	code, _, to = d.post(strings.Replace(d.begin(), "/desk/reports/", "/cases/", 1)+"/do/publish", url.Values{"frozen": {strings.Repeat("a", 64)}})
	if code != 303 || !strings.HasPrefix(to, "/desk/reports/") {
		t.Errorf("the form of the catalogue: %d %s", code, to)
	}
}

// TestExportReport: the Word file opens and holds the figures' values.
func TestExportReport(t *testing.T) {
	d := openWriting(t)
	at := d.begin()
	code, body := d.get(at + "/export?as=docx")
	if code != 200 {
		t.Fatalf("docx: %d", code)
	}
	path := filepath.Join(t.TempDir(), "r.docx")
	if err := os.WriteFile(path, []byte(body), 0o600); err != nil {
		t.Fatal(err)
	}
	z, err := zip.OpenReader(path)
	if err != nil {
		t.Fatal(err)
	}
	_ = z.Close()
	s, err := report.ReadDraft("r.docx", []byte(body))
	if err != nil || !strings.Contains(s, "舟山市市场监督管理局月报") || strings.Contains(s, "{{") {
		t.Errorf("%v: %s", err, s)
	}
	if code, body := d.get(at + "/export?as=html"); code != 200 || !strings.Contains(body, "<h1>") {
		t.Errorf("html: %d", code)
	}
}

// TestReportParked: a text sent after the session ran out waits until its
// writer has signed in again.
func TestReportParked(t *testing.T) {
	d := openWriting(t)
	at := d.begin()
	v := d.textForm(at)
	v.Set("body", "会话失效时写的")
	v.Set("op", "save")
	who := d.who
	d.who = domain.Viewer{}
	code, _, to := d.post(at, v, &http.Cookie{Name: "session", Value: "old"})
	if code != 303 || !strings.HasPrefix(to, "/login?next="+url.QueryEscape(at)) {
		t.Fatalf("%d %s", code, to)
	}
	d.who = who
	for k := range d.work.drafts {
		if rest, ok := strings.CutPrefix(k, "parked:"); ok {
			token, _, _ := strings.Cut(rest, "|")
			if _, body := d.get(at, &http.Cookie{Name: "parked", Value: token}); !strings.Contains(body, "会话失效时写的") {
				t.Error("what was typed is not offered again")
			}
			return
		}
	}
	t.Error("nothing was kept")
}

// TestTypedNumbers: a typed number of the year to date is borne out in a report
// of a month; one of neither is told with what the records say.
func TestTypedNumbers(t *testing.T) {
	d := openWriting(t)
	at := d.begin()
	v := d.textForm(at)
	v.Set("op", "look")
	v.Set("body", "今年共收到来信48件。")
	_, body, _ := d.post(at, v)
	wants(t, "the year's", body, "另有 1 个手写数字与记录一致", "没有需要核对的手写数字")
	v.Set("body", "共收到来信47件。")
	_, body, _ = d.post(at, v)
	wants(t, "neither", body, "来信47件", "dh-verdict")
}
