package access_test

import (
	"context"
	"io"
	"log/slog"
	"net"
	"net/http"
	"net/http/cookiejar"
	"net/url"
	"testing"

	"github.com/zitadel/oidc/v3/example/server/exampleop"
	"github.com/zitadel/oidc/v3/example/server/storage"

	"github.com/dinghai/dinghai/access"
	"github.com/dinghai/dinghai/domain"
)

// issuer is a real OpenID provider with one client and two users.
type issuer struct {
	url string
	jar http.CookieJar
	t   *testing.T
}

const back = "http://bureau.example/login/with/oidc/back"

func startIssuer(t *testing.T) *issuer {
	t.Helper()
	l, err := net.Listen("tcp", "localhost:0")
	if err != nil {
		t.Fatal(err)
	}
	was := slog.Default() // the example server replaces it
	t.Cleanup(func() { slog.SetDefault(was) })
	_, port, _ := net.SplitHostPort(l.Addr().String())
	url := "http://localhost:" + port
	storage.RegisterClients(storage.WebClient("dinghai", "secret", back))
	h := exampleop.SetupServer(url, storage.NewStorage(storage.NewUserStore(url)), slog.New(slog.NewTextHandler(io.Discard, nil)), false)
	srv := &http.Server{Handler: h}
	go srv.Serve(l) //nolint:errcheck // ends with Close
	t.Cleanup(func() { srv.Close() })
	jar, _ := cookiejar.New(nil)
	return &issuer{url: url, jar: jar, t: t}
}

// browse goes to the provider, signs in there and brings back what the provider
// sends along.
func (i *issuer) browse(to, user, password string) url.Values {
	i.t.Helper()
	var last *url.URL
	c := http.Client{Jar: i.jar, CheckRedirect: func(r *http.Request, _ []*http.Request) error {
		if last = r.URL; r.URL.Host == "bureau.example" {
			return http.ErrUseLastResponse
		}
		return nil
	}}
	res, err := c.Get(to)
	if err != nil {
		i.t.Fatal(err)
	}
	res.Body.Close()
	id := res.Request.URL.Query().Get("authRequestID")
	if id == "" {
		i.t.Fatalf("no log-in page at %s", res.Request.URL)
	}
	res, err = c.PostForm(i.url+"/login/username", url.Values{"id": {id}, "username": {user}, "password": {password}})
	if err != nil {
		i.t.Fatal(err)
	}
	res.Body.Close()
	if last.Host != "bureau.example" {
		i.t.Fatalf("ended at %s", last)
	}
	return last.Query()
}

// TestOIDC signs in with a real provider, end to end.
func TestOIDC(t *testing.T) {
	op := startIssuer(t)
	b := open(t, nil)
	b.AddProvider(&access.OIDC{Issuer: op.url, ClientID: "dinghai", ClientSecret: "secret", Name: domain.Text{ZH: "统一身份认证", EN: "Single sign-on"}})
	p := b.enrol("王明", "0231", "test-user2")
	begin := func() (to, flow string) {
		to, flow, err := b.BeginOutside(t.Context(), "oidc", back, "/cases/1")
		if err != nil {
			t.Fatal(err)
		}
		return to, flow
	}
	finish := func(flow string, answer url.Values) (*access.Opened, string, error) {
		return b.SignInOutside(t.Context(), "oidc", back, flow, answer, here)
	}
	to, flow := begin()
	q, _ := url.Parse(to)
	for _, name := range []string{"state", "nonce", "code_challenge"} {
		if len(q.Query().Get(name)) < 40 {
			t.Errorf("the request has no good %s", name)
		}
	}
	answer := op.browse(to, "test-user2", "verysecure")
	o, next, err := finish(flow, answer)
	if err != nil {
		t.Fatal(err)
	}
	if v := b.viewer(o.Token); v.Person != p || next != "/cases/1" {
		t.Errorf("signed in as %s, going to %s", v.Person, next)
	}

	t.Run("Once", func(t *testing.T) {
		_, _, err := finish(flow, answer)
		wantCode(t, err, domain.Forbidden)
	})
	t.Run("OtherState", func(t *testing.T) {
		to, flow := begin()
		answer := op.browse(to, "test-user2", "verysecure")
		answer.Set("state", "chosen")
		_, _, err := finish(flow, answer)
		wantCode(t, err, domain.Forbidden)
	})
	t.Run("CodeOfAnotherFlow", func(t *testing.T) { // a stolen code: the verifier of PKCE does not fit
		to, _ := begin()
		stolen := op.browse(to, "test-user2", "verysecure")
		mine, flow := begin()
		u, _ := url.Parse(mine)
		stolen.Set("state", u.Query().Get("state"))
		_, _, err := finish(flow, stolen)
		wantCode(t, err, domain.Forbidden)
	})
	t.Run("OtherIssuer", func(t *testing.T) { // RFC 9207
		to, flow := begin()
		answer := op.browse(to, "test-user2", "verysecure")
		answer.Set("iss", "https://evil.example")
		_, _, err := finish(flow, answer)
		wantCode(t, err, domain.Forbidden)
	})
	t.Run("NoFlow", func(t *testing.T) {
		to, _ := begin()
		for _, flow := range []string{"", "x", flow[:len(flow)-2]} {
			_, _, err := finish(flow, op.browse(to, "test-user2", "verysecure"))
			wantCode(t, err, domain.Forbidden)
			to, _ = begin()
		}
	})
	t.Run("Refused", func(t *testing.T) {
		to, flow := begin()
		u, _ := url.Parse(to)
		_, _, err := finish(flow, url.Values{"state": {u.Query().Get("state")}, "error": {"access_denied\r\nX: y"}})
		wantCode(t, err, domain.Forbidden)
	})
	t.Run("Stranger", func(t *testing.T) {
		to, flow := begin()
		_, _, err := finish(flow, op.browse(to, "test-user@localhost", "verysecure"))
		wantCode(t, err, domain.Forbidden)
	})
	t.Run("SubjectCounts", func(t *testing.T) { // the log-in name tied it once; who bears it later is somebody else
		b.do(domain.Command{Record: p, Action: "rename_login", Input: map[string]any{"login": "wangming"}})
		other := b.enrol("王鸣", "0232", "test-user3")
		to, flow := begin()
		o, _, err := finish(flow, op.browse(to, "test-user2", "verysecure"))
		if err != nil || o.Person != p || o.Person == other {
			t.Errorf("%v %v", o, err)
		}
		if err := b.Untie(context.Background(), p, p, op.url); err != nil {
			t.Fatal(err)
		}
		to, flow = begin()
		_, _, err = finish(flow, op.browse(to, "test-user2", "verysecure"))
		wantCode(t, err, domain.Forbidden)
	})
}

// TestOIDCAway: a provider that cannot be reached is said to be away, and no
// start of ours depends on it.
func TestOIDCAway(t *testing.T) {
	b := open(t, nil)
	b.AddProvider(&access.OIDC{Issuer: "http://localhost:1", ClientID: "dinghai"})
	_, _, err := b.BeginOutside(t.Context(), "oidc", back, "/")
	wantCode(t, err, domain.Unavailable)
	_, _, err = b.BeginOutside(t.Context(), "none", back, "/")
	wantCode(t, err, domain.NotFound)
}
