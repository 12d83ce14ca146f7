package web_test

import (
	"net/url"
	"regexp"
	"strings"
	"testing"

	"github.com/dinghai/dinghai/domain"
)

// publish writes a report of October with a text and publishes it; what it
// gives is the public address.
func (d *desk) publish(body string) string {
	d.t.Helper()
	at := d.begin()
	v := d.textForm(at)
	v.Set("body", body)
	v.Set("op", "publish")
	if code, page, _ := d.post(at, v); code != 303 {
		d.t.Fatalf("publish: %d %s", code, problemsIn(page))
	}
	return strings.TrimPrefix(at, "/desk")
}

// asStranger runs something as somebody without log-in.
func (d *desk) asStranger(f func()) {
	was := d.who
	d.who = domain.Viewer{}
	f()
	d.who = was
}

// lateLetter enters a letter of October after the fact.
func (d *desk) lateLetter() {
	d.t.Helper()
	was := d.who
	d.who = person(d.bureau, "1", "complaint_handler", "330900")
	open := "/new/trial.letter/receive"
	v := d.formOf(open)
	for k, x := range map[string]string{"about": "十月的来信", "amount": "1", "sender": "甲", "story": "经过", "channel": "window", "_of": d.filled.Shop.String(), "_area": "330902002", "_on": "2023-10-20", "_reason": "补录"} {
		v.Set(k, x)
	}
	if code, body, _ := d.post(open, v); code != 303 {
		d.t.Fatalf("letter: %d %s", code, problemsIn(body))
	}
	d.who = was
}

var (
	figureLink  = regexp.MustCompile(`<a class="figure" href="([^"]+)"[^>]*>([^<]+)</a>`)
	figureShown = regexp.MustCompile(`<p class="dh-figure"><b class="dh-num">([^<]+)</b>`)
)

// TestPublicReport: what is published at the desk is there for everybody, with
// figures that open their rows as they were counted; a correction made
// afterwards is told and moves nothing.
func TestPublicReport(t *testing.T) {
	d := openWriting(t)
	d.asStranger(func() {
		_, body := d.get("/reports")
		wants(t, "the empty list", body, "还没有发布过报告", "冻结并签名")
	})
	at := d.publish(monthText)
	d.lateLetter()
	d.asStranger(func() {
		for _, from := range []string{"/", "/report"} {
			if _, body := d.get(from); !strings.Contains(body, `href="/reports"`) {
				t.Errorf("%s does not lead to the published reports", from)
			}
		}
		_, body := d.get("/reports")
		wants(t, "the list", body, "十月月报", "舟山市市场监督管理局", "2023-10-01", at)
		_, body = d.get(at)
		wants(t, "the page", body, "舟山市市场监督管理局月报", "2 个数字有了变化", "怎样核验", "dinghai verify --report", "十月月报.json")
		if strings.Contains(body, "{{figure") || strings.Contains(body, "/desk/reports/") {
			t.Error("a stranger sees marks or the way to the desk")
		}
		links := figureLink.FindAllStringSubmatch(body, -1)
		if len(links) != 2 {
			t.Fatalf("%d figures", len(links))
		}
		for _, l := range links {
			d.drills(strings.ReplaceAll(l[1], "&amp;", "&"), l[2])
		}
		if code, _ := d.get("/reports/key.pem"); code != 200 {
			t.Errorf("key: %d", code)
		}
		if code, b := d.get(at + "/signed.json"); code != 200 || !strings.Contains(b, `"signature"`) {
			t.Errorf("signed file: %d", code)
		}
	})
	if _, body := d.get(at); !strings.Contains(body, "/desk"+at) {
		t.Error("who wrote it is not led back to the desk")
	}
}

// drills opens a figure of a published report: it says what the text says, lists
// as many rows, reduced, and leads to the figure of now, which is another.
func (d *desk) drills(link, said string) {
	d.t.Helper()
	code, body := d.get(link)
	if code != 200 {
		d.t.Fatalf("%s: %d", link, code)
	}
	wants(d.t, "the figure", body, "这是已发布的报告中的数字", "现在的数是", "所依据的记录："+said+" 条", "只显示日期和所在县区")
	if m := figureShown.FindStringSubmatch(body); m == nil || m[1] != said {
		d.t.Errorf("the text says %s, the figure %v", said, m)
	}
	if strings.Contains(body, "来信人甲") || strings.Contains(body, "短斤缺两") {
		d.t.Error("a stranger reads what letters say")
	}
	u, _ := url.Parse(link)
	q := u.Query()
	q.Del("report")
	u.RawQuery = q.Encode()
	if _, now := d.get(u.String()); figureShown.FindStringSubmatch(now)[1] == said {
		d.t.Error("the figure of now is the published one: the late letter is not counted")
	}
}

// TestNotPublic: drafts, drafts given up and addresses of nothing answer alike;
// a withdrawn report says so, with the reason, and is still there.
func TestNotPublic(t *testing.T) {
	d := openWriting(t)
	draft, at := strings.TrimPrefix(d.begin(), "/desk"), d.publish(monthText)
	given := strings.TrimPrefix(d.begin(), "/desk")
	leave := func(at, action, reason string) {
		path := strings.Replace(at, "/reports/", "/cases/", 1) + "/do/" + action
		v := d.formOf(path)
		v.Set("_reason", reason)
		if code, body, _ := d.post(path, v); code != 303 {
			t.Fatalf("%s: %d %s", action, code, problemsIn(body))
		}
	}
	leave(given, "drop", "不写了")
	leave(at, "withdraw", "八月数据口径有误")
	d.asStranger(func() {
		for _, x := range []string{draft, given, "/reports/330900-00000000-0000-7000-8000-000000000099", "/reports/x"} {
			if code, body := d.get(x); code != 404 || !strings.Contains(body, "没有这份已发布的报告") {
				t.Errorf("%s: %d", x, code)
			}
			if code, _ := d.get(x + "/signed.json"); code != 404 {
				t.Errorf("signed file of %s: %d", x, code)
			}
			if code, _ := d.get("/figures/letters?report=" + url.QueryEscape(strings.TrimPrefix(x, "/reports/"))); code != 404 {
				t.Errorf("a figure of %s: %d", x, code)
			}
		}
		_, body := d.get(at)
		wants(t, "withdrawn", body, "已撤回", "八月数据口径有误", "本月来信", "怎样核验")
		_, body = d.get("/reports")
		wants(t, "the list", body, "已撤回")
		if strings.Contains(body, draft) || strings.Contains(body, given) {
			t.Error("the list names drafts")
		}
	})
}
