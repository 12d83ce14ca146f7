package jws

import (
	"crypto"
	"crypto/ecdsa"
	"crypto/ed25519"

	"github.com/go-jose/go-jose/v4"
	"github.com/go-jose/go-jose/v4/cryptosigner"
)

// A Signer makes tokens under one key.
type Signer struct {
	key jose.SigningKey
	pub Key
}

// NewSigner takes a private key on P-256, P-384, P-521 or Ed25519, or the way to
// a module that holds one. A kid of "" leaves the parameter out.
func NewSigner(key crypto.Signer, kid string) (*Signer, error) {
	pub, err := NewKey(key.Public(), kid)
	if err != nil {
		return nil, err
	}
	var alg Algorithm
	switch p := key.Public().(type) {
	case *ecdsa.PublicKey:
		alg = map[int]Algorithm{256: ES256, 384: ES384, 521: ES512}[p.Curve.Params().BitSize]
	case ed25519.PublicKey:
		alg = EdDSA
	}
	if err := pub.permits(alg); err != nil {
		return nil, err
	}
	pub.jwk.Algorithm = string(alg)
	return &Signer{jose.SigningKey{Algorithm: alg, Key: cryptosigner.Opaque(key)}, pub}, nil
}

// Key returns the key that verifies.
func (s *Signer) Key() Key { return s.pub }

// Sign returns the token of a payload. The members of extra join alg and kid in
// the header; typ is always given, so that no token passes for one of another
// kind.
func (s *Signer) Sign(typ string, extra map[string]any, payload []byte) (string, error) {
	opts := (&jose.SignerOptions{}).WithType(jose.ContentType(typ))
	if s.pub.ID() != "" {
		opts.WithHeader("kid", s.pub.ID())
	}
	for name, value := range extra {
		opts.WithHeader(jose.HeaderKey(name), value)
	}
	signer, err := jose.NewSigner(s.key, opts)
	if err != nil {
		return "", err
	}
	object, err := signer.Sign(payload)
	if err != nil {
		return "", err
	}
	return object.CompactSerialize()
}
