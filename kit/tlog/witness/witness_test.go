package witness_test

import (
	"bytes"
	"context"
	"crypto/ed25519"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"net/http/httptest"
	"os"
	"strings"
	"testing"
	"time"

	"golang.org/x/mod/sumdb/note"

	"github.com/dinghai/dinghai/kit/tlog"
	"github.com/dinghai/dinghai/kit/tlog/witness"
)

func newWitness(t testing.TB, logs ...note.Verifier) *witness.Witness {
	t.Helper()
	key := ed25519.NewKeyFromSeed(bytes.Repeat([]byte{1}, 32))
	c, err := tlog.NewCosigner("example.com/witness", key, func() time.Time { return time.Unix(1_700_000_000, 0) })
	if err != nil {
		t.Fatal(err)
	}
	return &witness.Witness{Cosigner: c, Logs: logs, Store: &witness.Memory{}}
}

type vectorFile struct {
	Key    string `json:"log_public_key_hex"`
	Origin string `json:"log_origin"`
	Cases  []struct {
		Path    string
		Body    string `json:"request_body"`
		Status  int
		Asserts []string
	}
}

func vectors(t testing.TB) (vectorFile, note.Verifier) {
	t.Helper()
	b, err := os.ReadFile("testdata/witness-add-checkpoint.json")
	if err != nil {
		t.Fatal(err)
	}
	var f vectorFile
	if err := json.Unmarshal(b, &f); err != nil {
		t.Fatal(err)
	}
	raw, err := hex.DecodeString(f.Key)
	if err != nil {
		t.Fatal(err)
	}
	vkey, err1 := note.NewEd25519VerifierKey(f.Origin, raw)
	key, err2 := note.NewVerifier(vkey)
	if err := errors.Join(err1, err2); err != nil {
		t.Fatal(err)
	}
	return f, key
}

// The requests go in order to one fresh witness over HTTP.
func TestVectors(t *testing.T) {
	f, key := vectors(t)
	server := httptest.NewServer(newWitness(t, key))
	defer server.Close()
	pass := 0
	for i, c := range f.Cases {
		resp, err := http.Post(server.URL+c.Path, "text/plain", strings.NewReader(c.Body))
		if err != nil {
			t.Fatal(err)
		}
		var body bytes.Buffer
		_, err = body.ReadFrom(resp.Body)
		resp.Body.Close()
		ok := err == nil && resp.StatusCode == c.Status
		for _, a := range c.Asserts {
			ok = ok && holds(t, a, body.String())
		}
		if c.Status == http.StatusConflict && resp.Header.Get("Content-Type") != "text/x.tlog.size" {
			ok = false
		}
		if !ok {
			t.Errorf("request %d: %d %q, want %d %q", i, resp.StatusCode, body.String(), c.Status, c.Asserts)
			continue
		}
		pass++
	}
	t.Logf("%d of %d vectors pass", pass, len(f.Cases))
	if len(f.Cases) != 9 {
		t.Fail()
	}
}

// holds checks `body contains "x"` and `body == "x"`.
func holds(t *testing.T, assert, body string) bool {
	var want string
	if _, err := fmt.Sscanf(assert, "body contains %q", &want); err == nil {
		return strings.Contains(body, want)
	}
	if _, err := fmt.Sscanf(assert, "body == %q", &want); err != nil {
		t.Fatalf("cannot read %q", assert)
	}
	return body == want
}

// logOf is a log with its key, for requests of our own.
func logOf(t testing.TB) (*tlog.Log, note.Verifier, string) {
	t.Helper()
	skey, vkey, err := note.GenerateKey(bytes.NewReader(bytes.Repeat([]byte{3}, 64)), "log.example")
	if err != nil {
		t.Fatal(err)
	}
	s, err1 := note.NewSigner(skey)
	v, err2 := note.NewVerifier(vkey)
	l, err3 := tlog.Open(context.Background(), tlog.Config{Store: &tlog.Memory{}, Signer: s, Key: v})
	if err := errors.Join(err1, err2, err3); err != nil {
		t.Fatal(err)
	}
	return l, v, vkey
}

// ask sends a checkpoint to a witness with the proof from old.
func ask(t testing.TB, w *witness.Witness, l *tlog.Log, old, size uint64, signed []byte) (int, string) {
	t.Helper()
	proof, err := l.Consistency(context.Background(), old, size)
	if err != nil {
		t.Fatal(err)
	}
	body := fmt.Sprintf("old %d\n", old)
	for _, h := range proof {
		body += h.String() + "\n"
	}
	status, answer, err := w.AddCheckpoint(context.Background(), []byte(body+"\n"+string(signed)))
	if err != nil {
		t.Fatal(err)
	}
	return status, answer
}

// From an entry to a proof file that a policy accepts.
func TestWithLogAndPolicy(t *testing.T) {
	ctx := context.Background()
	l, key, vkey := logOf(t)
	w := newWitness(t, key)
	policy, err := tlog.NewPolicy(vkey, 1, w.Cosigner.String())
	if err != nil {
		t.Fatal(err)
	}
	old := uint64(0)
	for size := uint64(1); size < 20; size += 3 {
		for range size - old {
			if _, err := l.Append(ctx, fmt.Appendf(nil, "%d", size)); err != nil {
				t.Fatal(err)
			}
		}
		signed, err := l.Sign(ctx)
		if err != nil {
			t.Fatal(err)
		}
		status, answer := ask(t, w, l, old, size, signed)
		if status != 200 {
			t.Fatal(status, answer)
		}
		if _, err := l.Cosign(ctx, []byte(answer), &w.Cosigner.Witness); err != nil {
			t.Fatal(err)
		}
		p, err := l.Prove(ctx, size-1)
		if err != nil {
			t.Fatal(err)
		}
		e, err := p.Verify(tlog.LeafHash(fmt.Appendf(nil, "%d", size)), policy)
		if err != nil || e.By.Unix() != 1_700_000_000 {
			t.Fatal(e, err)
		}
		// Asked again for the same, it signs again.
		if status, answer := ask(t, w, l, size, size, signed); status != 200 {
			t.Fatal(status, answer)
		}
		old = size
	}
}

func TestRefusals(t *testing.T) {
	f, key := vectors(t)
	good := f.Cases[0].Body
	_, rest, _ := strings.Cut(good, "\n\n")
	hash := strings.Repeat("A", 43) + "="
	for body, want := range map[string]int{
		"":                     400,
		"old 0\n":              400,
		"old 00\n\n" + rest:    400,
		"old -1\n\n" + rest:    400,
		"new 0\n\n" + rest:     400,
		"old 0\nxx\n\n" + rest: 400,
		"old 0\n" + strings.Repeat(hash+"\n", 64) + "\n" + rest: 400,
		"old 2\n\n" + rest:                                                     400, // above the checkpoint's size
		"old 0\n" + hash + "\n\n" + rest:                                       422, // no proof from nothing
		"old 0\n\n" + strings.Replace(rest, "\n1\n", "\n01\n", 1):              403,
		"old 0\n\n" + strings.TrimSuffix(rest, "\n"):                           400,
		"old 0\n\nunknown" + rest:                                              403,
		"old 0\n\n" + strings.Replace(rest, "\n\n", "\nextension line\n\n", 1): 403,
		good: 200,
	} {
		status, answer, err := newWitness(t, key).AddCheckpoint(context.Background(), []byte(body))
		if err != nil || status != want {
			t.Errorf("%.60q: %d %q, want %d, %v", body, status, answer, want, err)
		}
	}
}

// A log that shows another tree of the same size, or one that does not begin
// with what it showed, gets no signature.
func TestForkGetsNoSignature(t *testing.T) {
	ctx := context.Background()
	honest, key, _ := logOf(t)
	forked, _, _ := logOf(t)
	w := newWitness(t, key)
	add := func(l *tlog.Log, e string) []byte {
		if _, err := l.Append(ctx, []byte(e)); err != nil {
			t.Fatal(err)
		}
		signed, err := l.Sign(ctx)
		if err != nil {
			t.Fatal(err)
		}
		return signed
	}
	if status, answer := ask(t, w, honest, 0, 1, add(honest, "a")); status != 200 {
		t.Fatal(status, answer)
	}
	if status, answer := ask(t, w, forked, 1, 1, add(forked, "b")); status != 409 || answer != "1\n" {
		t.Error("other root, same size:", status, answer)
	}
	if status, answer := ask(t, w, forked, 1, 2, add(forked, "c")); status != 422 {
		t.Error("not a continuation:", status, answer)
	}
	if status, answer := ask(t, w, honest, 1, 2, add(honest, "d")); status != 200 {
		t.Error(status, answer)
	}
}

// racing lets another request in between check and record.
type racing struct{ witness.Memory }

func (r *racing) Set(ctx context.Context, origin string, old, size uint64, root tlog.Hash) (bool, error) {
	if _, err := r.Memory.Set(ctx, origin, old, size+5, root); err != nil {
		return false, err
	}
	return r.Memory.Set(ctx, origin, old, size, root)
}

func TestRaceIsAConflict(t *testing.T) {
	f, key := vectors(t)
	w := newWitness(t, key)
	w.Store = &racing{}
	status, answer, err := w.AddCheckpoint(context.Background(), []byte(f.Cases[0].Body))
	if status != 409 || answer != "6\n" || err != nil {
		t.Error(status, answer, err)
	}
}

func TestHTTPLimits(t *testing.T) {
	_, key := vectors(t)
	w := newWitness(t, key)
	for method, want := range map[string]int{"GET": 405, "POST": 413} {
		rec := httptest.NewRecorder()
		w.ServeHTTP(rec, httptest.NewRequest(method, "/add-checkpoint", strings.NewReader(strings.Repeat("x", 1<<20))))
		if rec.Code != want {
			t.Errorf("%s: %d, want %d", method, rec.Code, want)
		}
	}
}
