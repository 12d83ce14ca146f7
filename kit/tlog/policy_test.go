package tlog

import (
	"bytes"
	"crypto/ed25519"
	"encoding/base64"
	"errors"
	"slices"
	"strings"
	"testing"
	"time"

	"golang.org/x/mod/sumdb/note"
)

// cosigned log of two entries under a policy of two out of three.
func witnessed(t testing.TB) (l *Log, policy *Policy, signed []byte) {
	t.Helper()
	l, _ = newLog(t, nil)
	_, _, vkey := logKeys(t)
	signed = sign(t, l, "a", "b")
	ws := []*Cosigner{witnessNo(t, 1, 1000), witnessNo(t, 2, 3000), witnessNo(t, 3, 2000)}
	policy, err := NewPolicy(vkey, 2, ws[0].String(), ws[1].String(), ws[2].String())
	if err != nil {
		t.Fatal(err)
	}
	for _, w := range ws {
		signed = append(signed, cosign(t, signed, w)...)
	}
	return l, policy, signed
}

// drop removes the signature line of a name.
func drop(signed []byte, name string) []byte {
	lines := strings.SplitAfter(string(signed), "\n")
	return []byte(strings.Join(slices.DeleteFunc(lines, func(s string) bool { return strings.HasPrefix(s, "— "+name) }), ""))
}

func TestPolicy(t *testing.T) {
	_, policy, signed := witnessed(t)
	if policy.Least() != 2 {
		t.Errorf("least %d", policy.Least())
	}
	e, err := policy.Check(signed)
	if err != nil || e.Checkpoint.Size != 2 || e.By.Unix() != 2000 || len(e.Cosigned) != 3 || e.Cosigned["witness2.example"].Unix() != 3000 {
		t.Fatal(e, err)
	}
	e, err = policy.Check(drop(signed, "witness1"))
	if err != nil || e.By.Unix() != 3000 {
		t.Error("without the earliest, the quorum is there with the last:", e, err)
	}
	_, err = policy.Check(drop(drop(signed, "witness1"), "witness2"))
	wantError(t, "one of two", err, "quorum", "missing")
	_, err = policy.Check(drop(signed, origin))
	wantError(t, "witnesses without the log", err, "origin", "mismatch")
	stranger := witnessNo(t, 4, 5)
	_, err = policy.Check(append(drop(drop(signed, "witness1"), "witness2"), cosign(t, signed, stranger)...))
	wantError(t, "a stranger does not count", err, "quorum", "missing")
	twice := append(drop(drop(signed, "witness1"), "witness2"), cosign(t, signed, witnessNo(t, 3, 9))...)
	_, err = policy.Check(twice)
	wantError(t, "one witness twice", err, "quorum", "missing")
	moved := bytes.Replace(signed, []byte("\n2\n"), []byte("\n3\n"), 1)
	_, err = policy.Check(moved)
	wantError(t, "other size", err, "signature", "mismatch")
	_, err = policy.Check(nil)
	wantError(t, "nothing", err, "note", "syntax")
	_, err = policy.Check(make([]byte, maxNote+1))
	wantError(t, "too long", err, "note", "length")
}

// A cosignature is over time and text, and a time beyond all calendars is none.
func TestCosignatureTime(t *testing.T) {
	c := witnessNo(t, 1, 1000)
	text := []byte("x\n")
	sig, err := c.Sign(text)
	if err != nil || !c.Verify(text, sig) {
		t.Fatal(err)
	}
	for i := range sig {
		sig[i] ^= 1
		if c.Verify(text, sig) {
			t.Errorf("byte %d does not count", i)
		}
		sig[i] ^= 1
	}
	if c.Verify([]byte("y\n"), sig) || c.Verify(text, sig[1:]) {
		t.Error("forged")
	}
	late := witnessNo(t, 1, maxTime+1)
	if sig, _ := late.Sign(text); late.Verify(text, sig) {
		t.Error("a year of five digits was accepted")
	}
	if _, err := witnessNo(t, 1, -1).Sign(text); err == nil {
		t.Error("a time before 1970 was signed")
	}
}

// An Ed25519 key of the log type must not pass as a witness's, nor the reverse.
func TestKeys(t *testing.T) {
	_, _, logKey := logKeys(t)
	w := witnessNo(t, 1, 0).String()
	if got, err := ParseWitness(w); err != nil || got.String() != w || got.Name() != "witness1.example" {
		t.Error(got, err)
	}
	_, err := ParseWitness(logKey)
	wantError(t, "log key", err, "key", "unknown")
	if _, err := NewPolicy(w, 0); err == nil {
		t.Error("a witness's key as the log's")
	}
	for _, s := range []string{"", "a+b", "+00000000+AAAA", w[:len(w)-4], strings.Replace(w, "witness1", "witness9", 1), "a b" + w[16:], w + "="} {
		if _, err := ParseWitness(s); err == nil {
			t.Errorf("%q was accepted", s)
		}
	}
	if _, err := NewCosigner("a b", ed25519.NewKeyFromSeed(make([]byte, 32)), time.Now); err == nil {
		t.Error("a name with a space")
	}
}

func TestParsePolicy(t *testing.T) {
	_, _, logKey := logKeys(t)
	key := func(i int) string { return witnessNo(t, i, 0).String() }
	base := "log " + logKey + " https://log.example/\nwitness X1 " + key(1) + "\nwitness X2 " + key(2) + "\nwitness X3 " + key(3) +
		"\n\twitness  Y1 " + key(4) + " https://y1.example/ \nwitness Y2 " + key(5) + "\n# a comment\n\n"
	tests := []struct {
		text  string
		least int
		err   *Error
	}{
		{base + "group X 2 X1 X2 X3\ngroup Y any Y1 Y2\ngroup both all X Y\nquorum both\n", 3, nil},
		{base + "quorum none", 0, nil},
		{base + "quorum X1", 1, nil},
		{base + "group g 3 X1 X2 X3\ngroup h 1 g Y1\nquorum h", 1, nil},
		{"quorum none", 0, nil},
		{base, 0, &Error{"quorum", -1, "missing"}},
		{base + "quorum none\nquorum none", 0, &Error{"policy", 9, "duplicate"}},
		{base + "quorum Z", 0, &Error{"policy", 8, "unknown"}},
		{base + "group g 2 X1 Z\n", 0, &Error{"policy", 8, "unknown"}},
		{base + "group g 0 X1 X2\n", 0, &Error{"policy", 8, "range"}},
		{base + "group g 3 X1 X2\n", 0, &Error{"policy", 8, "range"}},
		{base + "group g 02 X1 X2\n", 0, &Error{"policy", 8, "range"}},
		{base + "group g any X1 X1\n", 0, &Error{"policy", 8, "duplicate"}},
		{base + "group g any X1\ngroup h any X1 X2\n", 0, &Error{"policy", 9, "duplicate"}},
		{base + "group X1 any X2\n", 0, &Error{"policy", 8, "duplicate"}},
		{base + "group none any X2\n", 0, &Error{"policy", 8, "duplicate"}},
		{base + "witness X9 " + key(1), 0, &Error{"policy", 8, "duplicate"}},
		{base + "log " + logKey, 0, &Error{"policy", 8, "duplicate"}},
		{base + "log x", 0, &Error{"policy", 8, "syntax"}},
		{base + "log", 0, &Error{"policy", 8, "syntax"}},
		{base + "witness X9 x", 0, &Error{"policy", 8, "syntax"}},
		{base + "witness X9 " + key(6) + " a b", 0, &Error{"policy", 8, "syntax"}},
		{base + "threshold 2", 0, &Error{"policy", 8, "syntax"}},
		{base + "quorum none\r\n", 0, &Error{"policy", 8, "syntax"}},
		{strings.Repeat("quorum none\n", maxPolicy), 0, &Error{"policy", -1, "length"}},
		{"quorum none\n" + strings.Repeat("group g any x\n", 1), 0, &Error{"policy", 1, "unknown"}},
	}
	for i, tt := range tests {
		p, err := ParsePolicy([]byte(tt.text))
		var e *Error
		switch {
		case tt.err == nil && (err != nil || p.Least() != tt.least):
			t.Errorf("%d: %v", i, err)
		case tt.err != nil && (!errors.As(err, &e) || *e != *tt.err):
			t.Errorf("%d: %v, want %v", i, err, tt.err)
		}
	}
}

// Groups within groups: the time is that of the last cosignature needed.
func TestQuorumTime(t *testing.T) {
	g := func(least int, m ...*group) *group { return &group{least: least, members: m} }
	w := []*group{{witness: &Witness{}}, {witness: &Witness{}}, {witness: &Witness{}}, {witness: &Witness{}}}
	times := map[*Witness]int64{w[0].witness: 10, w[1].witness: 40, w[2].witness: 20}
	for i, tt := range []struct {
		g    *group
		want int64
		ok   bool
	}{
		{w[0], 10, true}, {w[3], 0, false},
		{g(1, w[0], w[1]), 10, true}, {g(2, w[0], w[1], w[2]), 20, true}, {g(3, w...), 40, true}, {g(4, w...), 0, false},
		{g(2, g(2, w[0], w[2]), g(1, w[3], w[1])), 40, true}, {g(2, g(1, w[3]), w[0]), 0, false},
	} {
		if got, ok := tt.g.by(times); got != tt.want || ok != tt.ok {
			t.Errorf("%d: %d, %v", i, got, ok)
		}
	}
}

func TestParseCheckpoint(t *testing.T) {
	root := base64.StdEncoding.EncodeToString(bytes.Repeat([]byte{7}, 32))
	good := "log.example\n12\n" + root + "\nextension\n"
	c, err := ParseCheckpoint(good)
	if err != nil || c.String() != good || c.Size != 12 || len(c.Extensions) != 1 {
		t.Error(c, err)
	}
	loose := root[:42] + string(root[42]+1) + "=" // same bytes, other text
	for _, s := range []string{"", "\n", "a\n1\n", "a\n1\n" + root, "a\n01\n" + root + "\n", "a\n-1\n" + root + "\n", "a\n9223372036854775808\n" + root + "\n", "a\n0\n" + root + "\n",
		"a\n1\n" + root[1:] + "\n", "a\n1\n" + loose + "\n", "a\n1\n" + root + "\n\n", "\n1\n" + root + "\n", "a\n1 \n" + root + "\n", "a\n1\n" + root + "\n" + strings.Repeat("x\n", maxNote)} {
		if c, err := ParseCheckpoint(s); err == nil {
			t.Errorf("%.60q was accepted: %+v", s, c)
		}
	}
}

// A note of another name than its origin is not that log's checkpoint.
func TestOriginHasToMatch(t *testing.T) {
	s, v, _ := logKeys(t)
	signed, err := note.Sign(&note.Note{Text: Checkpoint{Origin: "other.example", Root: EmptyRoot}.String()}, s)
	if err != nil {
		t.Fatal(err)
	}
	_, err = OpenCheckpoint(signed, v)
	wantError(t, "other origin", err, "origin", "mismatch")
}
