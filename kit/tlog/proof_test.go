package tlog

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"
)

// proofFile is a file for entry "b", and the policy that it satisfies.
func proofFile(t testing.TB) ([]byte, *Policy) {
	t.Helper()
	ctx := context.Background()
	l, policy, signed := witnessed(t)
	if err := l.store.SetCheckpoint(ctx, drop(signed, "witness"), signed); err != nil {
		t.Fatal(err)
	}
	p, err := l.Prove(ctx, 1)
	if err != nil {
		t.Fatal(err)
	}
	return p.Bytes(), policy
}

func TestProofFile(t *testing.T) {
	b, policy := proofFile(t)
	p, err := ParseProof(b)
	if err != nil || p.Index != 1 || len(p.Path) != 1 || p.Extra != nil || !bytes.Equal(p.Bytes(), b) {
		t.Fatalf("%+v, %v", p, err)
	}
	e, err := p.Verify(LeafHash([]byte("b")), policy)
	if err != nil || e.By.Unix() != 2000 {
		t.Error(e, err)
	}
	_, err = p.Verify(LeafHash([]byte("a")), policy)
	wantError(t, "another entry", err, "proof", "mismatch")
	p.Index = 0
	_, err = p.Verify(LeafHash([]byte("b")), policy)
	wantError(t, "another index", err, "proof", "mismatch")
	p.Index, p.Extra = 1, []byte{}
	if again, err := ParseProof(p.Bytes()); err != nil || again.Extra == nil || !bytes.Equal(again.Bytes(), p.Bytes()) {
		t.Error("empty extra data", again, err)
	}
}

// Whatever byte of the file changes: it is refused, or says the same. (Base64 of
// a signature has spare bits, and the third cosignature may fall away.)
func TestChangedProofFile(t *testing.T) {
	b, policy := proofFile(t)
	refused := 0
	for i := range b {
		changed := slices.Clone(b)
		changed[i] ^= 1
		p, err := ParseProof(changed)
		if err == nil {
			_, err = p.Verify(LeafHash([]byte("b")), policy)
		}
		if err != nil {
			refused++
			continue
		}
		if at := bytes.Index(b, []byte("— witness")); i < at {
			t.Errorf("byte %d (%q) of the signed part does not count", i, b[i])
		}
	}
	t.Logf("%d of %d changed bytes are refused", refused, len(b))
}

func TestParseProofRefuses(t *testing.T) {
	h := EmptyRoot.String()
	tail := "\n\nlog\n1\n" + h + "\n\n— log AAAAAAA=\n"
	for s, at := range map[string]int{
		"":                              0,
		"c2sp.org/tlog-proof@v2" + tail: 0,
		"c2sp.org/tlog-proof@v1" + tail: 1,
		"c2sp.org/tlog-proof@v1\nindex 01" + tail:                                   1,
		"c2sp.org/tlog-proof@v1\nindex -1" + tail:                                   1,
		"c2sp.org/tlog-proof@v1\nextra !\nindex 1" + tail:                           1,
		"c2sp.org/tlog-proof@v1\nextra AA==\n" + h + tail:                           2,
		"c2sp.org/tlog-proof@v1\nindex 1\n" + h[1:] + tail:                          2,
		"c2sp.org/tlog-proof@v1\nindex 1\n" + h + " " + tail:                        2,
		"c2sp.org/tlog-proof@v1\nindex 1" + strings.Repeat("\n"+h, 64) + tail:       65,
		"c2sp.org/tlog-proof@v1\nindex 1\nextra AA==" + tail:                        2,
		"c2sp.org/tlog-proof@v1\nextra " + strings.Repeat("A", maxNote*2) + tail:    -1,
		"c2sp.org/tlog-proof@v1\nextra " + strings.Repeat("AAAA", 30_000) + tail:    1,
		"c2sp.org/tlog-proof@v1\r\nindex 1" + tail:                                  0,
		"c2sp.org/tlog-proof@v1\nextra A\rA==\nindex 1" + tail:                      1,
		"c2sp.org/tlog-proof@v1\nindex 99999999999999999999" + tail:                 1,
		"c2sp.org/tlog-proof@v1\nindex 1\n" + strings.Repeat("A", 42) + "B=" + tail: 2,
	} {
		_, err := ParseProof([]byte(s))
		var e *Error
		if !errors.As(err, &e) || e.Position != at {
			t.Errorf("%.80q: %v, want line %d", s, err, at)
		}
	}
}

func ExampleProof() {
	ctx := context.Background()
	signer, key, vkey := logKeys(&testing.B{})
	l, err := Open(ctx, Config{Store: &Memory{}, Signer: signer, Key: key})
	if err != nil {
		panic(err)
	}
	index, err := l.Append(ctx, []byte(`{"type":"penalty"}`))
	if err != nil {
		panic(err)
	}
	if _, err := l.Sign(ctx); err != nil {
		panic(err)
	}
	proof, err := l.Prove(ctx, index)
	if err != nil {
		panic(err)
	}
	file := proof.Bytes() // published beside the entry

	policy, err := NewPolicy(vkey, 0)
	if err != nil {
		panic(err)
	}
	read, err := ParseProof(file)
	if err != nil {
		panic(err)
	}
	evidence, err := read.Verify(LeafHash([]byte(`{"type":"penalty"}`)), policy)
	fmt.Println(evidence.Checkpoint.Origin, evidence.Checkpoint.Size, err)
	_, err = read.Verify(LeafHash([]byte(`{"type":"warning"}`)), policy)
	fmt.Println(err)
	// Output:
	// log.example/disclosure/2026 1 <nil>
	// tlog: proof: mismatch
}
