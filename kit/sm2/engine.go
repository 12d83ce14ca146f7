package sm2

import (
	"crypto/cipher"
	"crypto/rand"
	"errors"
	"hash"
	"math/big"

	gmsm2 "github.com/emmansun/gmsm/sm2"
	"github.com/emmansun/gmsm/sm3"
	"github.com/emmansun/gmsm/sm4"
)

// An Engine does the arithmetic. It may be handed any PublicKey except the
// zero one and any Signature, and must be safe for concurrent use.
type Engine interface {
	// Name is what OpenEngine knows it by.
	Name() string
	SM3() hash.Hash
	// SM4 wants a key of 16 bytes.
	SM4(key []byte) (cipher.Block, error)
	// NewSigner wants a private key of 32 bytes in 1..n-2.
	NewSigner(key []byte) (Signer, error)
	Verify(pub PublicKey, d Digest, sig Signature) bool
}

// A Signer holds a private key, or the way to a module that does.
type Signer interface {
	Public() PublicKey
	SignDigest(Digest) (Signature, error)
}

// The engines.
var (
	// GMSM is github.com/emmansun/gmsm, assembly where it has some.
	GMSM Engine = gmsm{}
	// Plain does the curve arithmetic of verification with math/big, without a
	// line in common with GMSM; hash and cipher are GMSM's. It refuses to sign,
	// as it does not run in constant time.
	Plain Engine = plain{}
	// Checked answers as fast as GMSM where GMSM accepts, and lets Plain decide
	// where it rejects (some milliseconds); it verifies every signature it makes.
	Checked Engine = checked{}
)

// OpenEngine finds an engine by name, for configuration.
func OpenEngine(name string) (Engine, error) {
	for _, e := range []Engine{Checked, GMSM, Plain} {
		if e.Name() == name {
			return e, nil
		}
	}
	return nil, refuse("engine", ReasonUnknown)
}

type gmsm struct{}

func (gmsm) Name() string   { return "gmsm" }
func (gmsm) SM3() hash.Hash { return sm3.New() }

func (gmsm) SM4(key []byte) (cipher.Block, error) {
	if len(key) != 16 {
		return nil, refuse("sm4 key", ReasonLength)
	}
	return sm4.NewCipher(key)
}

func (gmsm) NewSigner(key []byte) (Signer, error) {
	if len(key) != 32 {
		return nil, refuse("private key", ReasonLength)
	}
	k, err := gmsm2.NewPrivateKey(key)
	if err != nil {
		return nil, refuse("private key", ReasonRange)
	}
	pair, err := k.ECDH()
	if err != nil {
		return nil, err
	}
	pub, err := ParsePublicKey(pair.PublicKey().Bytes())
	return gmsmSigner{k, pub}, err
}

func (gmsm) Verify(pub PublicKey, d Digest, sig Signature) bool {
	k, err := gmsm2.ParseUncompressedPublicKey(pub.Bytes())
	return err == nil && gmsm2.VerifyASN1(k, d[:], sig.DER())
}

type gmsmSigner struct {
	key *gmsm2.PrivateKey
	pub PublicKey
}

func (s gmsmSigner) Public() PublicKey { return s.pub }

func (s gmsmSigner) SignDigest(d Digest) (Signature, error) {
	der, err := gmsm2.SignASN1(rand.Reader, s.key, d[:], nil)
	if err != nil {
		return Signature{}, err
	}
	return ParseDER(der)
}

// checked keeps wrong answers of GMSM from its callers. On amd64 with BMI2,
// release 0.44.0 computes a wrong product for some rare operands (its issue
// 560), which turns a valid signature into a rejected one.
type checked struct{ gmsm }

func (checked) Name() string { return "checked" }

func (checked) Verify(pub PublicKey, d Digest, sig Signature) bool {
	return GMSM.Verify(pub, d, sig) || Plain.Verify(pub, d, sig)
}

func (checked) NewSigner(key []byte) (Signer, error) {
	s, err := GMSM.NewSigner(key)
	if err != nil {
		return nil, err
	}
	if multiplyBase(new(big.Int).SetBytes(key)) != s.Public() {
		return nil, errors.New("sm2: engines disagree on the public key")
	}
	return checkedSigner{s}, nil
}

type checkedSigner struct{ Signer }

func (s checkedSigner) SignDigest(d Digest) (Signature, error) {
	for range 3 {
		sig, err := s.Signer.SignDigest(d)
		if err != nil {
			return sig, err
		}
		if Checked.Verify(s.Public(), d, sig) {
			return sig, nil
		}
	}
	return Signature{}, errors.New("sm2: the engine makes signatures that do not verify")
}
