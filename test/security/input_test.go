package security

import (
	"bytes"
	"encoding/hex"
	"mime/multipart"
	"net/http"
	"net/url"
	"strings"
	"testing"

	"github.com/dinghai/dinghai/domain"
)

// complaint is a good form to begin a case with.
func complaint(key string) url.Values {
	return url.Values{"_do": {"1"}, "_area": {here}, "_key": {key}, "complainant": {"秦某"}, "trader": {"望潮面馆"}, "demand": {"refund"}, "facts": {"少找了钱"}}
}

// TestUnknownIDs: ids that are no id, and ids of nothing, get a plain answer on
// every route.
func TestUnknownIDs(t *testing.T) {
	b := open(t)
	b.as(own, b.allRoles()...)
	was := b.heads()
	known := []string{b.records["complaint.complaint"].Ref.String(), b.records["registration.entity"].Ref.String(), b.records["organisation.person"].Ref.String()}
	for _, id := range []string{"330902-00000000-0000-7000-8000-00000000ffff", "999999-00000000-0000-7000-8000-000000000001", "0", "-1", "330902", "330902-", "..", "%00", "%ff%fe", "'%20or%201=1--", strings.Repeat("9", 400)} {
		for _, p := range b.paths() {
			method, path, _ := strings.Cut(p, " ")
			full := path
			for _, k := range known {
				full = strings.ReplaceAll(full, k, id)
			}
			if full == path {
				continue
			}
			var form url.Values
			if method != "GET" {
				form = url.Values{"_do": {"1"}, "_reason": {"x"}}
			}
			if a := b.send(method, full, form); a.Code < 300 || a.Code >= 500 {
				t.Errorf("%s %.120s: %d", method, full, a.Code)
			}
		}
	}
	if b.heads() != was {
		t.Error("something was written")
	}
}

// TestWrongEncoding: bytes that are no text, and text in another encoding, are
// refused in words or made whole; they are never kept as they are.
func TestWrongEncoding(t *testing.T) {
	b := open(t)
	b.as(own, b.allRoles()...)
	gbk, _ := hex.DecodeString("cdfbb3b1c3e6b9dd") // 望潮面馆 in GBK
	for name, text := range map[string]string{"GBK": string(gbk), "half a letter": "望潮\xe6\x9c", "zero byte": "望\x00潮", "surrogate": "\xed\xa0\x80", "overlong": "\xc0\xaf", "direction override": "望\u202e潮"} {
		v := complaint("k" + name)
		v.Set("trader", text)
		a := b.send("POST", "/new/complaint.complaint/receive", v)
		loc, _, _ := strings.Cut(strings.TrimPrefix(a.Header().Get("Location"), "/cases/"), "?")
		ref, err := domain.ParseRef(loc)
		if a.Code != http.StatusSeeOther {
			if a.Code != http.StatusBadRequest && a.Code != http.StatusUnprocessableEntity {
				t.Errorf("%s: %d", name, a.Code)
			}
			continue
		}
		check(t, err)
		rec, err := b.Engine.Reader().Record(t.Context(), ref)
		check(t, err)
		if s, _ := rec.Fields["trader"].(string); s == text || strings.ContainsAny(s, "\x00\u202e") {
			t.Errorf("%s was kept: %q", name, s)
		}
	}
	for _, p := range []string{"/search?q=%ff%fe", "/search?q=%", "/list/complaint.complaint?q=%cd%fb", "/figures/complaints_total?from=%ff", "/pick/area?q=%c0%af", "/search?q=%00"} {
		if a := b.send("GET", p, nil); strings.Contains(a.text, "\xff") {
			t.Errorf("%s: the answer is no text", p)
		}
	}
}

// TestHugeInput: what is too large is refused in words, and nothing is kept.
func TestHugeInput(t *testing.T) {
	b := open(t)
	b.as(own, b.allRoles()...)
	was := b.heads()
	long := strings.Repeat("长", 2<<20)
	for _, path := range []string{"/new/complaint.complaint/receive", "/complain", "/follow", "/login", "/settings", "/saved", "/list/complaint.complaint/bulk", "/list/complaint.complaint/back"} {
		v := complaint("huge")
		v.Set("facts", long)
		v.Set("code", long)
		v.Set("login", long)
		if a := b.send("POST", path, v); a.Code == http.StatusOK && path != "/complain" || len(a.text) > 1<<20 {
			t.Errorf("%s: %d with %d bytes", path, a.Code, len(a.text))
		}
	}
	over := complaint("over")
	over.Set("x", strings.Repeat("x", 9<<20))
	if a := b.send("POST", "/new/complaint.complaint/receive", over); a.Code < 400 || !strings.Contains(a.text, "8 MB") {
		t.Errorf("a form of nine megabytes: %d, and not told that it is too large", a.Code)
	}
	many := complaint("many")
	for range 20000 {
		many.Add("demand", "refund")
	}
	if a := b.send("POST", "/new/complaint.complaint/receive", many); a.Code < 400 {
		t.Errorf("twenty thousand values: %d", a.Code)
	}
	body := new(bytes.Buffer)
	w := multipart.NewWriter(body)
	for range 3000 {
		_ = w.WriteField("x", "y")
	}
	_ = w.Close()
	if a := b.send("POST", "/complain", nil, func(r *http.Request) {
		r.Body = http.NoBody
		r.Header.Set("Content-Type", "multipart/form-data; boundary=wrong")
	}); a.Code != http.StatusBadRequest {
		t.Errorf("half a multipart form: %d", a.Code)
	}
	for _, path := range []string{"/search?q=" + strings.Repeat("x", 5000), "/list/complaint.complaint?" + strings.Repeat("state=received&", 400)} {
		if a := b.send("GET", path, nil); a.Code < 400 {
			t.Errorf("%.40s: %d", path, a.Code)
		}
	}
	if b.heads() != was {
		t.Errorf("something was written: %s was %s", b.heads(), was)
	}
}

// TestSkew: a clock that runs ahead or behind on somebody's desk: days that
// cannot be are refused at their input.
func TestSkew(t *testing.T) {
	b := open(t)
	b.as(own, b.allRoles()...)
	was := b.heads()
	for _, on := range []string{"2099-01-01", "2023-11-19", "1899-12-31", "0000-00-00", "2023-02-30", "99999-01-01", "昨天"} {
		v := complaint("skew" + on)
		v.Set("_on", on)
		if a := b.send("POST", "/new/complaint.complaint/receive", v); a.Code < 400 || !strings.Contains(a.text, `id="f-on"`) {
			t.Errorf("on %s: %d", on, a.Code)
		}
	}
	if b.heads() != was {
		t.Error("something was written")
	}
}

// TestTwice: a double click, the back button and two tabs do a thing once, and
// the second is told.
func TestTwice(t *testing.T) {
	b := open(t)
	b.as(own, b.allRoles()...)
	a := b.send("POST", "/new/complaint.complaint/receive", complaint("one"))
	at, _, _ := strings.Cut(a.Header().Get("Location"), "?")
	was := b.heads()
	if again := b.send("POST", "/new/complaint.complaint/receive", complaint("one")); again.Code != http.StatusSeeOther || !strings.HasPrefix(again.Header().Get("Location"), at) || b.heads() != was {
		t.Errorf("a double click: %d %s", again.Code, again.Header().Get("Location"))
	}
	accept := url.Values{"_do": {"1"}, "_seq": {"1"}, "_key": {"two"}, "seat": {"1"}}
	if seat := b.cat.Lists["complaint_seat"]; seat != nil {
		accept.Set("seat", seat.Items[0].Code)
	}
	if got := b.send("POST", at+"/do/accept", accept); got.Code != http.StatusSeeOther {
		t.Fatalf("accept: %d %.400s", got.Code, got.text)
	}
	was = b.heads()
	accept.Set("_key", "three") // the other tab
	if got := b.send("POST", at+"/do/accept", accept); got.Code != http.StatusConflict || b.heads() != was {
		t.Errorf("two tabs: %d", got.Code)
	}
	if got := b.send("GET", at+"/do/accept", nil); got.Code >= 500 { // back, to what is over
		t.Errorf("back: %d", got.Code)
	}
	b.who = domain.Viewer{}
	if got := b.send("POST", at+"/do/note", url.Values{"_do": {"1"}, "text": {"写了很久"}}); got.Code < 300 || got.Code == 404 || b.heads() != was {
		t.Errorf("an expired session: %d %s", got.Code, got.Header().Get("Location"))
	}
}
