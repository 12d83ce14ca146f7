package sm2

import (
	"bytes"
	"crypto/cipher"
	"crypto/subtle"
	"encoding/hex"
	"encoding/json"
	"math/big"
	"os"
	"testing"
)

// hexBytes is a JSON string of hexadecimal digits.
type hexBytes []byte

func (h *hexBytes) UnmarshalText(b []byte) (err error) {
	*h, err = hex.DecodeString(string(b))
	return err
}

func readJSON(t testing.TB, name string, into any) {
	t.Helper()
	b, err := os.ReadFile("testdata/" + name)
	if err != nil {
		t.Fatal(err)
	}
	if err := json.Unmarshal(b, into); err != nil {
		t.Fatal(name, err)
	}
}

// tally counts cases and prints them, so that a run says how much it proved.
type tally struct{ passed, cases int }

func (c *tally) check(t *testing.T, ok bool, format string, args ...any) {
	t.Helper()
	c.cases++
	if ok {
		c.passed++
	} else {
		t.Errorf(format, args...)
	}
}

func (c *tally) report(t *testing.T, name string, want int) {
	t.Helper()
	t.Logf("%s: %d of %d vectors pass", name, c.passed, c.cases)
	if c.cases != want {
		t.Errorf("%s: %d vectors, want %d", name, c.cases, want)
	}
}

var suites = []Suite{{Checked}, {GMSM}, {Plain}}

type signVector struct {
	Pub, Priv, K, R, S, Msg hexBytes
	UID                     SignerID
	SigDER                  hexBytes `json:"sig_der"`
	OK                      bool
	Why                     string
}

func readSignVectors(t testing.TB) []signVector {
	var f struct{ Cases []signVector }
	readJSON(t, "sm2-sign.json", &f)
	return f.Cases
}

func TestSignVectors(t *testing.T) {
	for _, suite := range suites {
		var c tally
		for i, v := range readSignVectors(t) {
			pub, err := ParsePublicKey(v.Pub)
			if err != nil {
				t.Fatal(i, err)
			}
			sig, err := ParseDER(v.SigDER)
			if err != nil {
				t.Fatal(i, err)
			}
			raw, _ := ParseRaw(sig.Raw())
			ok := suite.Verify(pub, v.UID, v.Msg, sig) == nil
			ok = ok == v.OK && raw == sig && bytes.Equal(sig.DER(), v.SigDER) && checkPrivate(t, suite, v, pub)
			c.check(t, ok, "%s: case %d %s", suite.Engine.Name(), i, v.Why)
		}
		c.report(t, "sm2-sign.json on "+suite.Engine.Name(), 37)
	}
}

// checkPrivate signs where the vector has a private key; where it also has the
// random number, the worked example of the standard, the result is known.
func checkPrivate(t *testing.T, suite Suite, v signVector, pub PublicKey) bool {
	if v.Priv == nil || suite.Engine == Plain {
		return true
	}
	key, err := suite.NewSigner(v.Priv)
	if err != nil || key.Public() != pub {
		return false
	}
	sig, err := suite.Sign(key, v.UID, v.Msg)
	if err != nil || (Suite{Plain}).Verify(pub, v.UID, v.Msg, sig) != nil {
		return false
	}
	if v.K == nil {
		return true
	}
	d, _ := suite.Digest(pub, v.UID, v.Msg)
	sig = signWith(v.Priv, v.K, d)
	return bytes.Equal(sig.Raw(), append(v.R, v.S...))
}

// signWith is GB/T 32918.2 section 6.1 with a given random number.
func signWith(priv, k []byte, d Digest) (sig Signature) {
	kG := multiplyBase(new(big.Int).SetBytes(k))
	r := new(big.Int).Add(new(big.Int).SetBytes(d[:]), new(big.Int).SetBytes(kG.x[:]))
	r.Mod(r, curveN)
	key := new(big.Int).SetBytes(priv)
	s := new(big.Int).Sub(new(big.Int).SetBytes(k), new(big.Int).Mul(r, key))
	s.Mul(s, new(big.Int).ModInverse(new(big.Int).Add(key, big.NewInt(1)), curveN))
	s.Mod(s, curveN)
	r.FillBytes(sig.r[:])
	s.FillBytes(sig.s[:])
	return sig
}

func TestSM3Vectors(t *testing.T) {
	var f struct {
		Cases []struct{ Msg, Digest hexBytes }
	}
	readJSON(t, "sm3.json", &f)
	var c tally
	for i, v := range f.Cases {
		h := Suite{}.Hash()
		h.Write(v.Msg)
		c.check(t, bytes.Equal(h.Sum(nil), v.Digest), "case %d", i)
	}
	c.report(t, "sm3.json", 18)
}

type sm4Vector struct {
	Mode            string
	Key, IV, PT, CT hexBytes
	Iterations      int
}

func readSM4Vectors(t testing.TB) []sm4Vector {
	var f struct{ Cases []sm4Vector }
	readJSON(t, "sm4.json", &f)
	return f.Cases
}

func TestSM4Vectors(t *testing.T) {
	var c tally
	for i, v := range readSM4Vectors(t) {
		b, err := GMSM.SM4(v.Key)
		if err != nil {
			t.Fatal(i, err)
		}
		text := v.PT
		for range max(v.Iterations, 1) {
			text = encrypt(b, v.Mode, v.IV, text)
		}
		c.check(t, bytes.Equal(text, v.CT), "case %d, %s: %x", i, v.Mode, text)
	}
	c.report(t, "sm4.json", 12)
}

// encrypt has the modes that prove the cipher but that nobody should use bare;
// so they are here and not in the package.
func encrypt(b cipher.Block, mode string, iv, pt []byte) []byte {
	ct := bytes.Clone(pt)
	switch mode {
	case "ECB":
		for i := 0; i < len(ct); i += 16 {
			b.Encrypt(ct[i:], ct[i:])
		}
	case "CBC":
		cipher.NewCBCEncrypter(b, iv).CryptBlocks(ct, pt)
	case "CTR":
		cipher.NewCTR(b, iv).XORKeyStream(ct, pt)
	case "CFB", "OFB":
		block := bytes.Clone(iv)
		for i := 0; i < len(ct); i += 16 {
			b.Encrypt(block, block)
			subtle.XORBytes(ct[i:i+16], pt[i:i+16], block)
			if mode == "CFB" {
				copy(block, ct[i:])
			}
		}
	}
	return ct
}

type aeadGroup struct {
	IVSize, TagSize int
	Tests           []struct {
		TcID                       int
		Comment, Result            string
		Key, IV, AAD, Msg, CT, Tag hexBytes
	}
}

func TestWycheproofAEAD(t *testing.T) {
	type maker func(key []byte, nonce, tag int) (cipher.AEAD, error)
	for _, set := range []struct {
		file  string
		count int
		make  maker
	}{
		{"wycheproof-sm4-gcm-test.json", 104, func(key []byte, nonce, _ int) (cipher.AEAD, error) { return Suite{}.gcm(key, nonce) }},
		{"wycheproof-sm4-ccm-test.json", 184, Suite{}.CCM},
	} {
		var f struct{ TestGroups []aeadGroup }
		readJSON(t, set.file, &f)
		var c tally
		for _, g := range f.TestGroups {
			for _, v := range g.Tests {
				aead, err := set.make(v.Key, g.IVSize/8, g.TagSize/8)
				ok := err == nil && aead.Overhead() == len(v.Tag)
				if ok {
					pt, err := aead.Open(nil, v.IV, append(v.CT, v.Tag...), v.AAD)
					sealed := aead.Seal(nil, v.IV, v.Msg, v.AAD)
					ok = err == nil && bytes.Equal(pt, v.Msg) && bytes.Equal(sealed, append(v.CT, v.Tag...))
				}
				c.check(t, ok == (v.Result == "valid"), "%s: tcId %d %s", set.file, v.TcID, v.Comment)
			}
		}
		c.report(t, set.file, set.count)
	}
}

// Issue 560 of gmsm, reported by Nicaiwocaitacai on 2026-07-27: OpenSSL accepts
// this signature, the amd64 assembly of release 0.44.0 does not.
func TestCarryBug560(t *testing.T) {
	pub, err := ParsePublicKey(unhex("04ef4de57af00ae424c00c4caadff7193f804a19dd73a7e2954db9d0d15ab4cbba67728c3f4572878b7a674735da9fde1682fe2d9e0799c4a5cde57e3d473039a2"))
	if err != nil {
		t.Fatal(err)
	}
	sig, err := ParseDER(unhex("3046022100be0ea64e1ec06f0d247093f3ccbbadcfb6260224272f86ddb78326e7cd6c7560022100e9f6ab2fcc48a2cef94838e66b5c7e21fd8e4de25990dd98ca5243f4966f2853"))
	if err != nil {
		t.Fatal(err)
	}
	for _, e := range []Engine{Plain, Checked} {
		if !e.Verify(pub, Digest{}, sig) {
			t.Errorf("%s rejects a valid signature", e.Name())
		}
	}
	t.Logf("GMSM alone accepts it: %v", GMSM.Verify(pub, Digest{}, sig))
}

func unhex(s string) []byte {
	b, err := hex.DecodeString(s)
	if err != nil {
		panic(err)
	}
	return b
}
