package sm2

import (
	"bytes"
	"errors"
	"math/big"
	"strings"
	"testing"

	"pgregory.net/rapid"
)

func newKey(t testing.TB) Signer {
	t.Helper()
	key, err := Suite{}.NewSigner(GenerateKey())
	if err != nil {
		t.Fatal(err)
	}
	return key
}

func TestSignerIDIsPartOfTheSignature(t *testing.T) {
	key, msg := newKey(t), []byte("行政处罚决定书")
	sig, err := Suite{}.Sign(key, DefaultID, msg)
	if err != nil {
		t.Fatal(err)
	}
	for id, want := range map[SignerID]string{
		DefaultID: "", "1234567812345679": ReasonVerify, "": ReasonLength,
		SignerID(strings.Repeat("x", maxID)):   ReasonVerify,
		SignerID(strings.Repeat("x", maxID+1)): ReasonLength,
	} {
		checkReason(t, Suite{}.Verify(key.Public(), id, msg, sig), want)
	}
}

func checkReason(t *testing.T, err error, want string) {
	t.Helper()
	var e *Error
	if errors.As(err, &e); (e == nil) != (want == "") || e != nil && e.Reason != want {
		t.Errorf("%v, want reason %q", err, want)
	}
}

func TestEnginesAgree(t *testing.T) {
	key := newKey(t)
	rapid.Check(t, func(t *rapid.T) {
		var d Digest
		copy(d[:], rapid.SliceOfN(rapid.Byte(), 32, 32).Draw(t, "digest"))
		sig, err := key.SignDigest(d)
		if err != nil {
			t.Fatal(err)
		}
		if rapid.Bool().Draw(t, "spoil") {
			raw := sig.Raw()
			raw[rapid.IntRange(0, 63).Draw(t, "byte")] ^= 1 << rapid.IntRange(0, 7).Draw(t, "bit")
			sig, _ = ParseRaw(raw)
		}
		if a, b := GMSM.Verify(key.Public(), d, sig), Plain.Verify(key.Public(), d, sig); a != b {
			t.Fatalf("gmsm says %v, plain says %v: %x %x", a, b, d, sig.Raw())
		}
	})
}

// Values at the edges of the ranges, where verifiers have gone wrong before.
func TestSpecialSignatures(t *testing.T) {
	key := newKey(t)
	n := func(add int64) []byte { return new(big.Int).Add(curveN, big.NewInt(add)).FillBytes(make([]byte, 32)) }
	small := func(v int64) []byte { return big.NewInt(v).FillBytes(make([]byte, 32)) }
	for _, r := range [][]byte{small(0), small(1), n(-1), n(0), n(1), bytes.Repeat([]byte{255}, 32)} {
		for _, s := range [][]byte{small(0), small(1), n(-1), n(0), n(1), bytes.Repeat([]byte{255}, 32)} {
			sig, err := ParseRaw(append(bytes.Clone(r), s...))
			if err != nil {
				t.Fatal(err)
			}
			for _, suite := range suites {
				if suite.VerifyDigest(key.Public(), Digest{}, sig) == nil {
					t.Errorf("%s accepts r=%x s=%x", suite.Engine.Name(), r, s)
				}
			}
		}
	}
}

// Without the checks of ranges each of these would be a signature by anybody: the
// digest is chosen so that the equation holds.
func TestForgeriesOutOfRange(t *testing.T) {
	pub := newKey(t).Public()
	p := newPoint(new(big.Int).SetBytes(pub.x[:]), new(big.Int).SetBytes(pub.y[:]))
	zero, k := new(big.Int), big.NewInt(1234567)
	for name, c := range map[string]struct{ r, s, t *big.Int }{
		"r + s = n": {new(big.Int).Sub(curveN, k), k, zero},
		"s = 0":     {k, zero, k},
		"r = 0":     {zero, k, k},
	} {
		x, _, ok := combine(c.s, newPoint(curveGX, curveGY), c.t, p).affine()
		if !ok {
			t.Fatal(name)
		}
		var d Digest
		e := new(big.Int).Sub(c.r, x)
		e.Mod(e, curveN).FillBytes(d[:])
		var sig Signature
		c.r.FillBytes(sig.r[:])
		c.s.FillBytes(sig.s[:])
		for _, suite := range suites {
			if suite.VerifyDigest(pub, d, sig) == nil {
				t.Errorf("%s accepts %s", suite.Engine.Name(), name)
			}
		}
	}
}

func TestPublicKeyForms(t *testing.T) {
	for range 20 {
		pub := newKey(t).Public()
		for _, b := range [][]byte{pub.Bytes(), pub.Bytes()[1:], pub.Compressed()} {
			got, err := ParsePublicKey(b)
			if err != nil || got != pub {
				t.Errorf("%x: %v", b, err)
			}
		}
		if got, err := ParsePKIX(pub.PKIX()); err != nil || got != pub {
			t.Error(err)
		}
	}
	pub := newKey(t).Public().Bytes()
	off := bytes.Clone(pub)
	off[64] ^= 1
	big := append([]byte{4}, bytes.Repeat([]byte{255}, 64)...)
	for _, c := range []struct {
		b    []byte
		want string
	}{
		{nil, ReasonLength}, {pub[:64], ReasonCurve}, {pub[:40], ReasonLength}, {off, ReasonCurve}, {big, ReasonRange},
		{append([]byte{6}, pub[1:]...), ReasonEncoding}, {make([]byte, 64), ReasonCurve}, {make([]byte, 65), ReasonEncoding},
		{append([]byte{2}, big[1:33]...), ReasonRange}, {make([]byte, 33), ReasonEncoding},
	} {
		_, err := ParsePublicKey(c.b)
		checkReason(t, err, c.want)
	}
	checkReason(t, Suite{}.VerifyDigest(PublicKey{}, Digest{}, Signature{}), ReasonCurve)
}

func TestPrivateKeyRange(t *testing.T) {
	n := func(add int64) []byte { return new(big.Int).Add(curveN, big.NewInt(add)).FillBytes(make([]byte, 32)) }
	for _, c := range []struct {
		key  []byte
		want string
	}{
		{n(-2), ""}, {n(-1), ReasonRange}, {n(0), ReasonRange}, {make([]byte, 32), ReasonRange}, {nil, ReasonLength}, {n(-2)[:31], ReasonLength},
	} {
		for _, suite := range []Suite{{Checked}, {GMSM}} {
			_, err := suite.NewSigner(c.key)
			checkReason(t, err, c.want)
		}
		checkReason(t, checkKey(c.key), c.want)
	}
	if _, err := (Suite{Plain}).NewSigner(GenerateKey()); err == nil {
		t.Error("plain signs")
	}
}

func TestDERIsStrict(t *testing.T) {
	good := readSignVectors(t)[1].SigDER
	if _, err := ParseDER(good); err != nil {
		t.Fatal(err)
	}
	for name, s := range map[string]string{
		"empty": "", "not a sequence": "020101", "one integer": "3003020101", "trailing": "3006020101020101" + "00",
		"third integer": "3009020101020101020101", "negative": "3006020181020101", "padded": "300702020001020101",
		"long length": "308106020101020101", "indefinite": "30800201010201010000",
		"33 bytes": "302602210101" + strings.Repeat("00", 31) + "020101",
	} {
		if _, err := ParseDER(unhex(s)); err == nil {
			t.Errorf("%s accepted", name)
		}
	}
}

// The shortest encodings at the edges of the sign bit.
func TestDEREdges(t *testing.T) {
	for hex, want := range map[string]string{
		"00": "020100", "7f": "02017f", "80": "02020080", "ff": "020200ff", "0100": "02020100", "8000": "0203008000",
	} {
		v := make([]byte, 32)
		b := unhex(hex)
		copy(v[32-len(b):], b)
		if got := appendInteger(nil, v); !bytes.Equal(got, unhex(want)) {
			t.Errorf("%s: %x, want %s", hex, got, want)
		}
	}
}

func TestAEADArguments(t *testing.T) {
	_, err := Suite{}.GCM(make([]byte, 15))
	checkReason(t, err, ReasonLength)
	_, err = Suite{}.CCM(make([]byte, 16), 12, 2)
	checkReason(t, err, ReasonLength)
	_, err = Suite{}.CCM(make([]byte, 16), 14, 16)
	checkReason(t, err, ReasonLength)
	_, err = Suite{}.CCM(make([]byte, 16), 12, 5)
	checkReason(t, err, ReasonLength)
	_, err = Suite{}.gcm(make([]byte, 16), 0)
	checkReason(t, err, ReasonLength)
	aead, err := Suite{}.GCM(make([]byte, 16))
	if err != nil || aead.NonceSize() != 12 || aead.Overhead() != 16 {
		t.Error(err)
	}
}

func TestOpenEngine(t *testing.T) {
	for _, e := range []Engine{Checked, GMSM, Plain} {
		if got, err := OpenEngine(e.Name()); err != nil || got != e {
			t.Error(e.Name(), err)
		}
	}
	_, err := OpenEngine("sm9")
	checkReason(t, err, ReasonUnknown)
}

// A faulty engine must not get a signature past the checking one.
func TestCheckedSignerRefusesBadSignatures(t *testing.T) {
	if _, err := (checkedSigner{faulty{newKey(t)}}).SignDigest(Digest{}); err == nil {
		t.Error("a signature that does not verify was handed out")
	}
}

type faulty struct{ Signer }

func (f faulty) SignDigest(Digest) (Signature, error) { return f.Signer.SignDigest(Digest{1}) }

func FuzzParse(f *testing.F) {
	key := newKey(f)
	v := readSignVectors(f)[0]
	for _, b := range [][]byte{v.SigDER, v.Pub, key.Public().PKIX(), key.Public().Compressed(), nil} {
		f.Add(b)
	}
	f.Fuzz(func(t *testing.T, b []byte) {
		if sig, err := ParseDER(b); err == nil && !bytes.Equal(sig.DER(), b) {
			t.Errorf("second encoding of a signature: %x", b)
		}
		if pub, err := ParsePublicKey(b); err == nil {
			if again, err := ParsePublicKey(pub.Bytes()); err != nil || again != pub {
				t.Error(err)
			}
		}
		if pub, err := ParsePKIX(b); err == nil && pub == (PublicKey{}) {
			t.Error("zero key")
		}
		if key, err := ParsePKCS8(b); err == nil && len(key) != 32 {
			t.Error("short key")
		}
	})
}

func BenchmarkSign(b *testing.B) {
	for _, suite := range []Suite{{Checked}, {GMSM}} {
		b.Run(suite.Engine.Name(), func(b *testing.B) {
			key, err := suite.NewSigner(GenerateKey())
			if err != nil {
				b.Fatal(err)
			}
			b.ReportAllocs()
			for b.Loop() {
				if _, err := key.SignDigest(Digest{1}); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}

func BenchmarkVerify(b *testing.B) {
	key := newKey(b)
	sig, err := key.SignDigest(Digest{1})
	if err != nil {
		b.Fatal(err)
	}
	for _, suite := range suites {
		b.Run(suite.Engine.Name(), func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				if suite.VerifyDigest(key.Public(), Digest{1}, sig) != nil {
					b.Fatal("rejected")
				}
			}
		})
	}
}
