package tlog

import (
	"bytes"
	"testing"
)

func FuzzParseProof(f *testing.F) {
	b, policy := proofFile(f)
	f.Add(b)
	f.Add([]byte("c2sp.org/tlog-proof@v1\nextra \nindex 0\n\n"))
	f.Fuzz(func(t *testing.T, b []byte) {
		p, err := ParseProof(b)
		if err != nil {
			return
		}
		if !bytes.Equal(p.Bytes(), b) {
			t.Fatalf("%q is written as %q", b, p.Bytes())
		}
		_, _ = p.Verify(EmptyRoot, policy)
	})
}

func FuzzParseCheckpoint(f *testing.F) {
	f.Add("log\n0\n" + EmptyRoot.String() + "\n")
	f.Add("log\n1\n" + EmptyRoot.String() + "\nx\n")
	f.Fuzz(func(t *testing.T, s string) {
		if c, err := ParseCheckpoint(s); err == nil && c.String() != s {
			t.Fatalf("%q is written as %q", s, c.String())
		}
	})
}

func FuzzParsePolicy(f *testing.F) {
	_, _, vkey := logKeys(f)
	f.Add([]byte("log " + vkey + "\nwitness a " + witnessNo(f, 1, 0).String() + "\ngroup g any a\nquorum g\n"))
	f.Add([]byte("quorum none"))
	f.Fuzz(func(t *testing.T, b []byte) {
		if p, err := ParsePolicy(b); err == nil {
			_ = p.Least()
		}
	})
}

func FuzzParseTilePath(f *testing.F) {
	f.Add("tile/0/x001/x234/067.p/9")
	f.Add("tile/entries/000")
	f.Fuzz(func(t *testing.T, s string) {
		if p, err := ParseTilePath(s); err == nil && (p.String() != s || p.N < 0) {
			t.Fatalf("%q is %+v", s, p)
		}
	})
}
