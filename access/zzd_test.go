package access

import (
	"context"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"io"
	"net/http"
	"net/http/httptest"
	"net/url"
	"sort"
	"strings"
	"testing"
	"time"
)

// platform stands in for the open platform of 浙政钉: it checks key, time, nonce
// and signature of every call the way its documentation says, from the bytes on
// the wire.
type platform struct {
	*httptest.Server
	t      *testing.T
	secret string
	nonces map[string]bool
	tokens int
	codes  map[string]string // code → answer
	now    func() time.Time
}

func startPlatform(t *testing.T, now func() time.Time) *platform {
	p := &platform{t: t, secret: "s3cret", nonces: map[string]bool{}, codes: map[string]string{}, now: now}
	p.Server = httptest.NewServer(p)
	t.Cleanup(p.Close)
	return p
}

func (p *platform) refuses(r *http.Request, body string) string {
	h := r.Header
	at, err := time.Parse("2006-01-02T15:04:05.000-07:00", h.Get("X-Hmac-Auth-Timestamp"))
	switch {
	case h.Get("apiKey") != "app":
		return "key"
	case h.Get("X-Hmac-Auth-Version") != "1.0":
		return "version"
	case err != nil || at.Sub(p.now()).Abs() > 5*time.Minute:
		return "time"
	case p.nonces[h.Get("X-Hmac-Auth-Nonce")]:
		return "nonce"
	}
	p.nonces[h.Get("X-Hmac-Auth-Nonce")] = true
	var pairs []string
	for _, kv := range strings.Split(body, "&") {
		plain, err := url.QueryUnescape(kv)
		if err != nil {
			return "body"
		}
		pairs = append(pairs, plain)
	}
	sort.Strings(pairs)
	m := hmac.New(sha256.New, []byte(p.secret))
	io.WriteString(m, r.Method+"\n"+h.Get("X-Hmac-Auth-Timestamp")+"\n"+h.Get("X-Hmac-Auth-Nonce")+"\n"+r.URL.Path+"\n"+strings.Join(pairs, "&"))
	if base64.StdEncoding.EncodeToString(m.Sum(nil)) != h.Get("X-Hmac-Auth-Signature") {
		return "signature"
	}
	return ""
}

// ServeHTTP answers the two calls of a sign-in.
func (p *platform) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	b, _ := io.ReadAll(r.Body)
	answer := func(ok bool, data any) {
		_ = json.NewEncoder(w).Encode(map[string]any{"success": true, "content": map[string]any{"success": ok, "responseMessage": "x", "data": data}})
	}
	if why := p.refuses(r, string(b)); why != "" {
		w.WriteHeader(http.StatusForbidden)
		_ = json.NewEncoder(w).Encode(map[string]any{"success": false, "Message": why})
		return
	}
	q, _ := url.ParseQuery(string(b))
	switch r.URL.Path {
	case "/gettoken.json":
		if q.Get("appkey") != "app" || q.Get("appsecret") != p.secret {
			answer(false, nil)
			return
		}
		p.tokens++
		answer(true, map[string]any{"accessToken": "app_t", "expiresIn": 7200})
	case "/rpc/oauth2/getuserinfo_bycode.json":
		user, ok := p.codes[q.Get("code")]
		delete(p.codes, q.Get("code"))
		if !ok || q.Get("access_token") != "app_t" {
			answer(false, nil)
			return
		}
		answer(true, json.RawMessage(user))
	default:
		http.NotFound(w, r)
	}
}

func TestZZD(t *testing.T) {
	c := &hand{time.Date(2026, 3, 2, 9, 0, 0, 0, time.UTC)}
	p := startPlatform(t, c.now)
	z := &ZZD{API: p.URL, Page: "https://login.example/oauth2/auth.htm?x=1", AppKey: "app", AppSecret: "s3cret", Now: c.now}
	finish := func(code string) (*Profile, error) {
		return z.Finish(context.Background(), "", &Flow{}, url.Values{"code": {code}})
	}
	to, err := z.Begin(t.Context(), "https://bureau.example/login/with/zzd/back", &Flow{State: "st"})
	u, _ := url.Parse(to)
	if q := u.Query(); err != nil || q.Get("client_id") != "app" || q.Get("state") != "st" || q.Get("x") != "1" || q.Get("redirect_uri") != "https://bureau.example/login/with/zzd/back" {
		t.Errorf("%s %v", to, err)
	}
	p.codes["a b&c=d+é码"] = `{"accountId":123456789012345678,"account":"wangming","lastName":"王明"}`
	who, err := finish("a b&c=d+é码")
	if err != nil || who.Subject != "123456789012345678" || who.Login != "wangming" || who.Issuer != p.URL {
		t.Fatalf("%+v %v", who, err)
	}
	if who, err := finish("a b&c=d+é码"); err == nil {
		t.Errorf("a code worked twice: %+v", who)
	}
	p.codes["2"] = `{"accountId":"9","account":"lihai"}`
	if who, err := finish("2"); err != nil || who.Subject != "9" {
		t.Fatalf("%+v %v", who, err)
	}
	if p.tokens != 1 {
		t.Errorf("%d tokens asked for", p.tokens)
	}
	c.pass(7000 * time.Second)
	p.codes["3"] = `{"accountId":"9","employeeCode":"GE_9"}`
	z.Account = "employeeCode"
	if who, err := finish("3"); err != nil || who.Login != "GE_9" || p.tokens != 2 {
		t.Errorf("%+v %v, %d tokens", who, err, p.tokens)
	}
	p.codes["4"] = `{"account":"lihai"}`
	if who, err := finish("4"); err == nil {
		t.Errorf("somebody without an account: %+v", who)
	}
	z.AppSecret = "guessed"
	p.codes["5"] = `{"accountId":"9"}`
	if _, err := finish("5"); err == nil || !strings.Contains(err.Error(), "signature") {
		t.Errorf("a wrong secret: %v", err)
	}
}

// TestZZDBadAnswers: whatever the platform says, an error and no panic.
func TestZZDBadAnswers(t *testing.T) {
	for _, body := range []string{"", "{", "[]", `{"success":true}`, `{"success":true,"content":{"success":true,"data":7}}`, `{"success":true,"content":{"success":true,"data":{"accessToken":""}}}`, strings.Repeat("[", 1<<20)} {
		srv := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { io.WriteString(w, body) }))
		z := &ZZD{API: srv.URL, AppKey: "app", AppSecret: "s"}
		if who, err := z.Finish(t.Context(), "", &Flow{}, url.Values{"code": {"x"}}); err == nil {
			t.Errorf("%.30q gives %+v", body, who)
		}
		srv.Close()
	}
}
