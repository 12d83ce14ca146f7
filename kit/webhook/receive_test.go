package webhook_test

import (
	"context"
	"net/http"
	"net/http/httptest"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/dinghai/dinghai/kit/webhook"
)

func post(h http.Header, body string) *http.Request {
	r := httptest.NewRequest(http.MethodPost, "/", strings.NewReader(body))
	r.Header = h
	return r
}

func TestReceiver(t *testing.T) {
	ring := webhook.Ring{{Key: key(t, secret)}}
	now := sent
	clock := func() time.Time { return now }
	mem := &webhook.Recent{Max: 2, Now: clock}
	r := webhook.Receiver{Keys: ring, MaxBody: 10, Memory: mem, Now: clock}
	send := func(id, body string) string {
		h, err := ring.Header(webhook.Message{ID: id, Time: now, Body: []byte(body)})
		if err != nil {
			t.Fatal(err)
		}
		m, err := r.Receive(post(h, body))
		if err == nil && (string(m.Body) != body || m.ID != id) {
			t.Fatal(m)
		}
		return reason(err)
	}
	steps := []struct{ id, body, want string }{
		{"a", "{}", "<nil>"},
		{"a", "{}", "webhook-id 0 repeated"},
		{"b", "12345678901", "body 11 too_large"},
		{"b", "1234567890", "<nil>"},
		{"c", "{}", webhook.ErrFull.Error()},
	}
	for _, s := range steps {
		if got := send(s.id, s.body); got != s.want {
			t.Errorf("%s: got %s, want %s", s.id, got, s.want)
		}
	}
	if err := mem.Forget(context.Background(), "b"); err != nil || send("b", "{}") != "<nil>" {
		t.Error("forgotten, yet refused", err)
	}
	now = now.Add(2*webhook.Tolerance + time.Second)
	if got := send("c", "{}"); got != "<nil>" {
		t.Error("room again once the window is over:", got)
	}
	forged := headers("d", strconv.FormatInt(now.Unix(), 10), "v1,AAAA")
	if _, err := r.Receive(post(forged, "{}")); reason(err) != "webhook-signature 0 mismatch" {
		t.Error(err)
	}
	if got := send("d", "{}"); got != "<nil>" {
		t.Error("a forger used up the identifier:", got)
	}
}
