package web_test

import (
	"bytes"
	"encoding/json"
	"image"
	"image/jpeg"
	"io"
	"mime/multipart"
	"net/http"
	"net/url"
	"regexp"
	"strconv"
	"strings"
	"testing"

	"github.com/dinghai/dinghai/domain"
	"github.com/dinghai/dinghai/web"
	"github.com/dinghai/dinghai/web/webtest"
)

// photo is a photograph of about n × n / 2 bytes.
func photo(t testing.TB, n int) []byte {
	t.Helper()
	img := image.NewGray(image.Rect(0, 0, n, n))
	x := uint32(1)
	for i := range img.Pix {
		x = x*1664525 + 1013904223
		img.Pix[i] = byte(x >> 24)
	}
	var b bytes.Buffer
	if err := jpeg.Encode(&b, img, nil); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

// filing is a bureau that takes files, with whoever asks to be chosen.
type filing struct {
	*citizen
	bureau *webtest.Bureau
	who    domain.Viewer
	shop   domain.Ref
}

func openFiling(t *testing.T) *filing {
	t.Helper()
	dir := t.TempDir()
	b, err := webtest.OpenEmpty(t.Context(), dir)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = b.Close() })
	f := &filing{bureau: b}
	s := serve(t, web.Config{Engine: b.Engine, Title: webtest.Title, Area: webtest.Area, Work: b.Store, Files: b.Files(dir),
		Viewer: func(*http.Request) (domain.Viewer, error) { return f.who, nil }})
	f.citizen = newCitizen(t, s.URL)
	shop, err := b.Engine.Do(t.Context(), domain.Command{Kind: "registration.entity", Action: "load", Area: "330902002", Actor: domain.Actor{ID: "t", Grants: []domain.Grant{{Role: "importer"}}},
		Input: map[string]any{"name": "望潮海鲜面馆", "founded_on": "2019-05-01"}, Opening: true})
	if err != nil {
		t.Fatal(err)
	}
	f.shop = shop.Record.Ref
	return f
}

type part struct{ name, body string }

// form sends a form with files as a browser without script does.
func (f *filing) form(path string, v url.Values, list ...part) (int, string) {
	f.t.Helper()
	var b bytes.Buffer
	m := multipart.NewWriter(&b)
	for k, x := range v {
		for _, y := range x {
			_ = m.WriteField(k, y)
		}
	}
	for _, p := range list {
		w, _ := m.CreateFormFile("evidence.file", p.name)
		_, _ = io.WriteString(w, p.body)
	}
	_ = m.Close()
	resp, err := f.Post(f.base+path, m.FormDataContentType(), &b)
	if err != nil {
		f.t.Fatal(err)
	}
	return read(f.t, resp)
}

// second brings a new complaint to its second step.
func (f *filing) second() string {
	_, page := f.see("/complain")
	_, page = f.send("/complain", answers(page, url.Values{"shop": {f.shop.String()}, "want_help": {"1"}}))
	return page
}

var facts = url.Values{"facts": {"点的是野生黄鱼，上的是养殖的"}, "demand": {"refund"}}

// filed finds the case of the code just given.
func (f *filing) filed(page string) domain.Ref {
	f.t.Helper()
	m := regexp.MustCompile(`dh-code dh-num">([A-Z0-9]{5})-([A-Z0-9]{5})<`).FindStringSubmatch(page)
	if m == nil {
		f.t.Fatalf("not filed: %s", problemsIn(page))
	}
	refs, err := f.bureau.Engine.Reader().ByBlind(f.t.Context(), "receipt", f.bureau.Engine.BlindHash("receipt", m[1]+m[2]))
	if err != nil || len(refs) != 1 {
		f.t.Fatalf("%v %v", refs, err)
	}
	return refs[0]
}

func (f *filing) load(path string) (*http.Response, string) {
	f.t.Helper()
	resp, err := f.Get(f.base + path)
	if err != nil {
		f.t.Fatal(err)
	}
	_, body := read(f.t, resp)
	return resp, body
}

// TestEvidenceWithoutScript: files go with the form, wrong ones are refused at
// their field, right ones reach the officer and nobody else, every download is
// recorded, and nothing opens once the person is erased.
func TestEvidenceWithoutScript(t *testing.T) {
	f := openFiling(t)
	pic := string(photo(t, 300))
	code, page := f.form("/complain", answers(f.second(), facts), part{"网页.jpg", "<!doctype html><script>alert(1)</script>"}, part{`..\店面照片.jpg`, pic})
	if code != 400 || !strings.Contains(page, `id="f-evidence"`) || !strings.Contains(page, "「网页.jpg」这个文件的内容不是可以上传的类型") {
		t.Fatalf("a page as a photograph: %d %s", code, problemsIn(page))
	}
	if !strings.Contains(page, ":店面照片.jpg") || !strings.Contains(page, "野生黄鱼") {
		t.Fatal("what was right is lost")
	}
	_, page = f.form("/complain", answers(page, facts))
	_, page = f.send("/complain", answers(page, url.Values{"phone": {"13867200001"}, "name": {"秦某"}}))
	ref := f.filed(page)
	at := "/cases/" + ref.String() + "/files/evidence/0"
	if resp, _ := f.load(at); resp.StatusCode != 403 {
		t.Errorf("a stranger: %d", resp.StatusCode)
	}
	f.who = person(f.bureau, "2", "complaint_handler", "330922")
	if resp, _ := f.load(at); resp.StatusCode != 404 && resp.StatusCode != 403 {
		t.Errorf("of another county: %d", resp.StatusCode)
	}
	f.who = person(f.bureau, "3", "sampler", "330902")
	if resp, _ := f.load(at); resp.StatusCode != 404 && resp.StatusCode != 403 {
		t.Errorf("who has nothing to do with it: %d", resp.StatusCode)
	}
	f.who = person(f.bureau, "1", "complaint_handler", "330902")
	resp, body := f.load(at)
	head := resp.Header
	if resp.StatusCode != 200 || body != pic || head.Get("Content-Type") != "image/jpeg" || head.Get("X-Content-Type-Options") != "nosniff" ||
		!strings.HasPrefix(head.Get("Content-Security-Policy"), "sandbox") || !strings.HasPrefix(head.Get("Content-Disposition"), "attachment; filename*=utf-8''") {
		t.Errorf("%d %v", resp.StatusCode, head)
	}
	if resp, _ := f.load(at + "?show=1"); !strings.HasPrefix(resp.Header.Get("Content-Disposition"), "inline") {
		t.Errorf("a picture shown: %v", resp.Header)
	}
	for _, wrong := range []string{"evidence/1", "evidence/-1", "evidence/x", "phone/0", "nothing/0"} {
		if resp, _ := f.load("/cases/" + ref.String() + "/files/" + wrong); resp.StatusCode != 404 {
			t.Errorf("%s: %d", wrong, resp.StatusCode)
		}
	}
	log, err := f.bureau.Store.Accesses(t.Context(), ref.String(), 10)
	if err != nil || len(log) < 2 || log[0].Action != "file" || log[0].Actor != f.who.ID {
		t.Errorf("the log: %v %v", log, err)
	}
	resp2, err := f.PostForm(f.base+"/cases/"+ref.String()+"/open/evidence", url.Values{"reason": {"核对证据照片"}})
	if err != nil {
		t.Fatal(err)
	}
	if _, page = read(t, resp2); !strings.Contains(page, at) || strings.Contains(page, "image/jpeg:") {
		t.Errorf("opened: %s", page)
	}
	if err := f.bureau.Forget(t.Context(), ref); err != nil {
		t.Fatal(err)
	}
	if resp, body := f.load(at); resp.StatusCode != 404 || !strings.Contains(body, "依法删除") {
		t.Errorf("erased: %d", resp.StatusCode)
	}
}

func (f *filing) request(method, path string, head map[string]string, body io.Reader) (*http.Response, map[string]string) {
	f.t.Helper()
	r, err := http.NewRequestWithContext(f.t.Context(), method, f.base+path, body)
	if err != nil {
		f.t.Fatal(err)
	}
	for k, v := range head {
		r.Header.Set(k, v)
	}
	resp, err := f.Do(r)
	if err != nil {
		f.t.Fatal(err)
	}
	defer resp.Body.Close()
	out := map[string]string{}
	_ = json.NewDecoder(resp.Body).Decode(&out)
	return resp, out
}

// TestUpload: the road of the page's script, piece by piece, and whoever is
// not the uploader.
func TestUpload(t *testing.T) {
	f := openFiling(t)
	pic := photo(t, 400)
	begin := func(v url.Values) (*http.Response, map[string]string) {
		return f.request("POST", "/files", map[string]string{"Content-Type": "application/x-www-form-urlencoded"}, strings.NewReader(v.Encode()))
	}
	size := url.Values{"name": {"a.jpg"}, "size": {itoa(len(pic))}}
	resp, got := begin(size)
	if resp.StatusCode != 201 || got["id"] == "" {
		t.Fatalf("%d %v", resp.StatusCode, got)
	}
	at := "/files/" + got["id"]
	resp, _ = f.request("PATCH", at, map[string]string{"Upload-Offset": "0"}, bytes.NewReader(pic[:5000]))
	if resp.StatusCode != 204 || resp.Header.Get("Upload-Offset") != "5000" {
		t.Fatalf("%d %v", resp.StatusCode, resp.Header)
	}
	for offset, want := range map[string]int{"0": 409, "6000": 409, "x": 400, "-1": 400} {
		if resp, got := f.request("PATCH", at, map[string]string{"Upload-Offset": offset}, bytes.NewReader(pic)); resp.StatusCode != want || got["problem"] == "" {
			t.Errorf("from %s: %d %v", offset, resp.StatusCode, got)
		}
	}
	f.who = person(f.bureau, "1", "complaint_handler", "330902")
	if resp, _ := f.request("HEAD", at, nil, nil); resp.StatusCode != 404 {
		t.Errorf("somebody else's: %d", resp.StatusCode)
	}
	f.who = domain.Viewer{}
	if resp, _ := f.request("HEAD", at, nil, nil); resp.Header.Get("Upload-Offset") != "5000" || resp.Header.Get("Upload-Length") != itoa(len(pic)) {
		t.Errorf("%d %v", resp.StatusCode, resp.Header)
	}
	resp, got = f.request("PATCH", at, map[string]string{"Upload-Offset": "5000"}, bytes.NewReader(pic[5000:]))
	if resp.StatusCode != 200 || got["name"] != "a.jpg" {
		t.Fatalf("%d %v", resp.StatusCode, got)
	}
	for name, v := range map[string]url.Values{"too large": {"name": {"a"}, "size": {"52428801"}}, "no size": {"name": {"a"}}, "a wrong sum": {"name": {"a"}, "size": {"9"}, "sum": {"../x"}}} {
		if resp, got := begin(v); resp.StatusCode != 400 || got["problem"] == "" {
			t.Errorf("%s: %d %v", name, resp.StatusCode, got)
		}
	}
	if resp, _ := f.request("POST", "/files", map[string]string{"Sec-Fetch-Site": "cross-site"}, nil); resp.StatusCode != 403 {
		t.Errorf("from another site: %d", resp.StatusCode)
	}
	forged := regexp.MustCompile(`\.[^:]+:`).ReplaceAllString(got["value"], "."+strings.Repeat("A", 43)+":")
	for _, v := range []string{forged, "x", "../../etc/passwd", strings.Replace(got["value"], ":jpeg:", ":pdf:", 1)} {
		page := f.second()
		_, page = f.form("/complain", answers(page, url.Values{"facts": facts["facts"], "demand": {"refund"}, "evidence": {v}}))
		if code, page := f.send("/complain", answers(page, url.Values{"phone": {"13867200001"}, "name": {"秦某"}})); code == 200 || strings.Contains(page, "dh-code") {
			t.Errorf("the value %q is taken: %d", v, code)
		}
	}
	many := 0
	for range 70 {
		if resp, _ := begin(size); resp.StatusCode == 503 {
			many++
		}
	}
	if many == 0 {
		t.Error("a network may upload without end")
	}
}

// TestEvidencePending: a complaint that says its evidence follows is valid, and
// says so until some arrives.
func TestEvidencePending(t *testing.T) {
	f := openFiling(t)
	v := url.Values{"facts": facts["facts"], "demand": {"refund"}, "evidence_later": {"1"}}
	_, page := f.form("/complain", answers(f.second(), v))
	_, page = f.send("/complain", answers(page, url.Values{"phone": {"13867200001"}, "name": {"秦某"}}))
	ref := f.filed(page)
	f.who = person(f.bureau, "1", "complaint_handler", "330902")
	const mark = "尚未收到文件"
	if _, page = f.see("/cases/" + ref.String()); !strings.Contains(page, mark) {
		t.Error("it is not said that evidence follows")
	}
	f.who = domain.Viewer{}
	add := func(name string) {
		t.Helper()
		_, page := f.see("/follow/add_evidence")
		key := hidden.FindAllStringSubmatch(page, -1)
		var b bytes.Buffer
		m := multipart.NewWriter(&b)
		_ = m.WriteField("_key", key[len(key)-1][2])
		w, _ := m.CreateFormFile("more_evidence.file", name)
		_, _ = w.Write(photo(t, 50))
		_ = m.Close()
		resp, err := f.Post(f.base+"/follow/add_evidence", m.FormDataContentType(), &b)
		if err != nil {
			t.Fatal(err)
		}
		if code, page := read(t, resp); code != 200 || !strings.Contains(page, "已经提交") {
			t.Fatalf("%d %s", code, problemsIn(page))
		}
	}
	add("一.jpg")
	add("二.jpg")
	f.who = person(f.bureau, "1", "complaint_handler", "330902")
	if _, page = f.see("/cases/" + ref.String()); strings.Contains(page, mark) {
		t.Error("it still says that evidence follows")
	}
	for n, want := range []string{"%E4%B8%80.jpg", "%E4%BA%8C.jpg"} {
		if resp, _ := f.load("/cases/" + ref.String() + "/files/more_evidence/" + itoa(n)); !strings.Contains(resp.Header.Get("Content-Disposition"), want) {
			t.Errorf("file %d: %d %v", n, resp.StatusCode, resp.Header)
		}
	}
}

func itoa(n int) string { return strconv.Itoa(n) }

// TestFilesInRows: a file in a row of a table has an address of its own, with
// the rights of its record; addresses of other cells lead nowhere.
func TestFilesInRows(t *testing.T) {
	dir := t.TempDir()
	b, err := webtest.Open(t.Context(), dir)
	check(t, err)
	t.Cleanup(func() { _ = b.Close() })
	filled, err := b.Fill(t.Context())
	check(t, err)
	svc := b.Files(dir)
	pic := photo(t, 64)
	id, err := svc.Begin(t.Context(), "t", "健康证.jpg", int64(len(pic)), "")
	check(t, err)
	_, value, err := svc.Append(t.Context(), id, "t", 0, bytes.NewReader(pic))
	check(t, err)
	got, err := b.Engine.Do(t.Context(), domain.Command{Kind: "trial.shop", Action: "load", Area: "330902002", Actor: domain.System("test"), Opening: true,
		Input: map[string]any{"name": "望潮小店", "uscc": "92330902MA2A1B2C3X", "founded_on": "2020-01-02", "staff": []any{
			map[string]any{"post": "店长", "number": int64(1)}, map[string]any{"post": "厨师", "number": int64(1), "badge": value}}}})
	check(t, err)
	_ = filled
	s := serve(t, web.Config{Engine: b.Engine, Title: webtest.Title, Area: webtest.Area, Work: b.Store, Files: svc, Viewer: webtest.Seeing})
	path := "/subjects/" + got.Record.Ref.String()
	at := path + "/files/staff.1.badge/0"
	if _, page := s.get(path, officer); !strings.Contains(page, `href="`+at+`"`) {
		t.Fatal("the file has no address")
	}
	if code, body := s.get(at, officer); code != 200 || body != string(pic) {
		t.Errorf("the file: %d, %d bytes", code, len(body))
	}
	if code, _ := s.get(at); code == 200 {
		t.Error("a stranger gets it")
	}
	for _, wrong := range []string{"staff.0.badge/0", "staff.2.badge/0", "staff.-1.badge/0", "staff.1.post/0", "staff.1/0", "staff/0", "staff.1.badge/1", "staff.1.badge.x/0", "name.0.x/0"} {
		if code, _ := s.get(path+"/files/"+wrong, officer); code != 404 {
			t.Errorf("%s: %d", wrong, code)
		}
	}
	log, err := b.Store.Accesses(t.Context(), got.Record.Ref.String(), 50)
	check(t, err)
	if len(log) == 0 || log[len(log)-1].Detail != "staff.1.badge/0" {
		t.Errorf("log %+v", log)
	}
}
