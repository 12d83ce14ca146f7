package webhook_test

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"os"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/dinghai/dinghai/kit/webhook"
)

const secret = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"

var sent = time.Unix(1614265330, 0)

func key(t testing.TB, s string) webhook.Key {
	t.Helper()
	k, err := webhook.ParseKey(s)
	if err != nil {
		t.Fatal(err)
	}
	return k
}

func headers(id, at, sig string) http.Header {
	h := http.Header{}
	for name, v := range map[string]string{webhook.HeaderID: id, webhook.HeaderTimestamp: at, webhook.HeaderSignature: sig} {
		if v != "" {
			h.Set(name, v)
		}
	}
	return h
}

func TestVectors(t *testing.T) {
	b, err := os.ReadFile("testdata/standard-webhooks.json")
	if err != nil {
		t.Fatal(err)
	}
	var f struct {
		Cases []struct {
			Secret, ID, Payload, Signature, Why string
			Timestamp, Now                      int64
			OK                                  bool
		}
	}
	if err := json.Unmarshal(b, &f); err != nil {
		t.Fatal(err)
	}
	pass := 0
	for _, c := range f.Cases {
		ring := webhook.Ring{{Key: key(t, c.Secret)}}
		h := headers(c.ID, strconv.FormatInt(c.Timestamp, 10), c.Signature)
		m, err := ring.Verify(h, []byte(c.Payload), time.Unix(c.Now, 0))
		if (err == nil) != c.OK || c.OK && (m.ID != c.ID || string(m.Body) != c.Payload) {
			t.Errorf("%s: %v", c.Why, err)
			continue
		}
		if c.OK {
			sig, err := ring.Sign(m)
			if err != nil || !strings.Contains(c.Signature, sig) {
				t.Errorf("%s: signed %q, want %q, %v", c.Why, sig, c.Signature, err)
				continue
			}
		}
		pass++
	}
	if t.Logf("%d of %d vectors pass", pass, len(f.Cases)); len(f.Cases) != 17 {
		t.Errorf("%d cases", len(f.Cases))
	}
}

func reason(err error) string {
	var e *webhook.Error
	if errors.As(err, &e) {
		return fmt.Sprintf("%s %d %s", e.Field, e.Pos, e.Reason)
	}
	return fmt.Sprint(err)
}

func TestVerifyErrors(t *testing.T) {
	ring := webhook.Ring{{Key: key(t, secret)}}
	good, err := ring.Header(webhook.Message{ID: "msg_1", Time: sent, Body: []byte("x")})
	if err != nil {
		t.Fatal(err)
	}
	sig := good.Get(webhook.HeaderSignature)
	at := good.Get(webhook.HeaderTimestamp)
	many := strings.Repeat("v1,AAAA ", 16) + sig
	tests := []struct{ name, id, at, sig, want string }{
		{"good", "msg_1", at, sig, "<nil>"},
		{"no id", "", at, sig, "webhook-id 0 missing"},
		{"dot in id", "msg.1", at, sig, "webhook-id 4 form"},
		{"blank in id", "msg 1", at, sig, "webhook-id 4 form"},
		{"not ASCII", "消息", at, sig, "webhook-id 1 form"},
		{"long id", strings.Repeat("x", 257), at, sig, "webhook-id 257 too_large"},
		{"no time", "msg_1", "", sig, "webhook-timestamp 0 missing"},
		{"signed time", "msg_1", "+" + at, sig, "webhook-timestamp 1 form"},
		{"leading zero", "msg_1", "0" + at, sig, "webhook-timestamp 1 form"},
		{"fraction", "msg_1", at + ".0", sig, "webhook-timestamp 11 form"},
		{"huge time", "msg_1", strings.Repeat("9", 400), sig, "webhook-timestamp 13 form"},
		{"far time", "msg_1", "999999999999", sig, "webhook-timestamp 0 too_new"},
		{"line break in base64", "msg_1", at, sig[:10] + "\n" + sig[10:], "webhook-signature 0 mismatch"},
		{"no padding", "msg_1", at, strings.TrimRight(sig, "="), "webhook-signature 0 mismatch"},
		{"other version, same digest", "msg_1", at, "v1a" + sig[2:], "webhook-signature 0 mismatch"},
		{"beyond sixteen", "msg_1", at, many, "webhook-signature 0 mismatch"},
	}
	for _, tt := range tests {
		m, err := ring.Verify(headers(tt.id, tt.at, tt.sig), []byte("x"), sent)
		if got := reason(err); got != tt.want || err != nil && m.ID != "" {
			t.Errorf("%s: got %s, want %s", tt.name, got, tt.want)
		}
	}
	good.Add(webhook.HeaderID, "msg_2")
	if _, err := ring.Verify(good, []byte("x"), sent); reason(err) != "webhook-id 0 form" {
		t.Error("two identifiers:", err)
	}
	// A dot would let one signature cover two splits: a.1|2|x and a|1|2.x.
	if _, err := ring.Sign(webhook.Message{ID: "a.1", Time: sent}); reason(err) != "webhook-id 2 form" {
		t.Error("signed a dotted id:", err)
	}
}

func TestWindow(t *testing.T) {
	ring := webhook.Ring{{Key: key(t, secret)}}
	h, _ := ring.Header(webhook.Message{ID: "msg_1", Time: sent})
	for d, want := range map[time.Duration]string{
		webhook.Tolerance:                "<nil>",
		-webhook.Tolerance:               "<nil>",
		webhook.Tolerance + time.Second:  "webhook-timestamp 0 too_old",
		-webhook.Tolerance - time.Second: "webhook-timestamp 0 too_new",
	} {
		if _, err := ring.Verify(h, nil, sent.Add(d)); reason(err) != want {
			t.Errorf("%v: %v", d, err)
		}
	}
}

func TestKeys(t *testing.T) {
	pair := webhook.NewPair()
	for _, k := range []webhook.Key{webhook.NewSecret(), pair, pair.Public()} {
		again := key(t, k.Reveal())
		if again.Reveal() != k.Reveal() || k.Reveal() == "" {
			t.Errorf("%v does not come back", k)
		}
	}
	for _, k := range []webhook.Key{webhook.NewSecret(), pair} {
		hidden := k.Reveal()[7:]
		if s := fmt.Sprintf("%v %+v %#v %s", k, k, k, webhook.Ring{{Key: k}}); strings.Contains(s, hidden) {
			t.Errorf("printed: %s", s)
		}
	}
	tests := []struct{ name, text, want string }{
		{"short", "whsec_AAAA", "key 0 length"},
		{"long", "whsec_" + strings.Repeat("AAAA", 22), "key 0 length"},
		{"no base64", "whsec_AA*A", "key 9 form"},
		{"empty", "", "key 0 length"},
		{"public key of 3 bytes", "whpk_AAAA", "key 0 length"},
		{"halves that differ", "whsk_" + strings.Repeat("A", 86) + "==", "key 0 mismatch"},
	}
	for _, tt := range tests {
		if _, err := webhook.ParseKey(tt.text); reason(err) != tt.want {
			t.Errorf("%s: got %s, want %s", tt.name, reason(err), tt.want)
		}
	}
}

func TestEd25519(t *testing.T) {
	pair := webhook.NewPair()
	m := webhook.Message{ID: "msg_1", Time: sent, Body: []byte("{}")}
	h, err := webhook.Ring{{Key: pair}}.Header(m)
	if err != nil || !strings.HasPrefix(h.Get(webhook.HeaderSignature), "v1a,") {
		t.Fatal(h, err)
	}
	public := webhook.Ring{{Key: pair.Public()}}
	if _, err := public.Verify(h, m.Body, sent); err != nil {
		t.Error(err)
	}
	if _, err := public.Verify(h, []byte("{ }"), sent); reason(err) != "webhook-signature 0 mismatch" {
		t.Error(err)
	}
	if _, err := public.Sign(m); reason(err) != "key 0 no_key" {
		t.Error("a public key signed:", err)
	}
	if _, err := (webhook.Ring{{}}).Verify(h, m.Body, sent); err == nil {
		t.Error("no key verified")
	}
}

func TestRotate(t *testing.T) {
	before := webhook.Ring{{Key: key(t, secret)}}
	after := before.Rotate(webhook.NewSecret(), sent, 24*time.Hour)
	fresh := webhook.Ring{after[0]}
	m := webhook.Message{ID: "msg_1", Time: sent, Body: []byte("{}")}
	h, err := after.Header(m)
	if err != nil {
		t.Fatal(err)
	}
	for name, r := range map[string]webhook.Ring{"old": before, "new": fresh, "both": after} {
		if _, err := r.Verify(h, m.Body, sent); err != nil {
			t.Errorf("%s key during the overlap: %v", name, err)
		}
	}
	m.Time = sent.Add(24 * time.Hour)
	if h, err = after.Header(m); err != nil {
		t.Fatal(err)
	}
	if _, err := before.Verify(h, m.Body, m.Time); reason(err) != "webhook-signature 0 mismatch" {
		t.Error("old key after the overlap:", err)
	}
	h, _ = before.Header(m)
	if _, err := after.Verify(h, m.Body, m.Time); reason(err) != "webhook-signature 0 mismatch" {
		t.Error("signed by the old key after the overlap:", err)
	}
	if n := len(after.Rotate(webhook.NewSecret(), m.Time, time.Hour)); n != 2 {
		t.Errorf("%d keys: an ended one stays", n)
	}
	if cut := after.Rotate(webhook.NewSecret(), sent, time.Hour); cut[2].Until != sent.Add(time.Hour) {
		t.Error("a second rotation lengthened the first:", cut[2].Until)
	}
}

func FuzzVerify(f *testing.F) {
	ring := webhook.Ring{{Key: key(f, secret)}, {Key: webhook.NewPair().Public()}}
	h, _ := ring.Header(webhook.Message{ID: "msg_1", Time: sent, Body: []byte("{}")})
	good := h.Get(webhook.HeaderSignature)
	f.Add("msg_1", "1614265330", good, []byte("{}"))
	f.Add("msg_1", "1614265330", "v1 v1a, v1,, ,,", []byte{})
	f.Add("a.b", "-1", "v1,\xff", []byte("\xff"))
	f.Fuzz(func(t *testing.T, id, at, sig string, body []byte) {
		_, err := ring.Verify(headers(id, at, sig), body, sent)
		if err == nil && (id != "msg_1" || !bytes.Equal(body, []byte("{}")) || !strings.Contains(sig, good)) {
			t.Fatalf("forged: %q %q %q %q", id, at, sig, body)
		}
		if k, err := webhook.ParseKey(sig); err == nil {
			if again := key(t, k.Reveal()); again.Reveal() != k.Reveal() {
				t.Fatalf("%q is no stable key", sig)
			}
		}
	})
}

func BenchmarkVerify(b *testing.B) {
	for _, k := range []struct {
		name string
		sign webhook.Key
	}{{"v1", key(b, secret)}, {"v1a", webhook.NewPair()}} {
		ring := webhook.Ring{{Key: k.sign}}
		body := bytes.Repeat([]byte("x"), 1000)
		h, _ := ring.Header(webhook.Message{ID: "msg_1", Time: sent, Body: body})
		b.Run(k.name, func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				if _, err := ring.Verify(h, body, sent); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}

func ExampleRing() {
	k, err := webhook.ParseKey(secret)
	if err != nil {
		fmt.Println(err)
		return
	}
	ring := webhook.Ring{{Key: k}}
	m := webhook.Message{ID: "msg_p5jXN8AQM9LWM0D4loKWxJek", Time: sent, Body: []byte(`{"test": 2432232314}`)}
	h, _ := ring.Header(m)
	fmt.Println(h.Get(webhook.HeaderSignature))

	_, err = ring.Verify(h, m.Body, sent.Add(time.Minute))
	fmt.Println(err)
	_, err = ring.Verify(h, []byte(`{"test":2432232314}`), sent.Add(time.Minute))
	fmt.Println(err)
	// Output:
	// v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=
	// <nil>
	// webhook: webhook-signature: bad mismatch at 0
}

func ExampleRing_Rotate() {
	ring := webhook.Ring{{Key: webhook.NewSecret()}}
	ring = ring.Rotate(webhook.NewSecret(), sent, 24*time.Hour)
	sig, _ := ring.Sign(webhook.Message{ID: "msg_1", Time: sent})
	fmt.Println(len(ring), strings.Count(sig, "v1,"))
	// Output: 2 2
}
