package jws

import (
	"crypto"
	"crypto/ecdsa"
	"crypto/ed25519"
	"crypto/rsa"
	"crypto/x509"
	"encoding/base64"
	"slices"
	"time"

	"github.com/go-jose/go-jose/v4"
)

// A Key verifies signatures. The zero Key permits nothing.
type Key struct{ jwk jose.JSONWebKey }

// ID returns the member kid.
func (k Key) ID() string { return k.jwk.KeyID }

// Public returns the key as the standard library has it, or the bytes of a
// symmetric one.
func (k Key) Public() crypto.PublicKey { return k.jwk.Key }

// NewKey wraps a public key of the standard library.
func NewKey(pub crypto.PublicKey, id string) (Key, error) {
	k := Key{jose.JSONWebKey{Key: pub, KeyID: id}}
	return k, k.check()
}

// MarshalJSON writes the key as a JSON Web Key.
func (k Key) MarshalJSON() ([]byte, error) { return k.jwk.MarshalJSON() }

// UnmarshalJSON is ParseKey.
func (k *Key) UnmarshalJSON(b []byte) (err error) {
	*k, err = ParseKey(b)
	return err
}

// Thumbprint returns the SHA-256 thumbprint of RFC 7638, in base64url.
func (k Key) Thumbprint() (string, error) {
	b, err := k.jwk.Thumbprint(crypto.SHA256)
	return base64.RawURLEncoding.EncodeToString(b), err
}

// ParseKey reads a JSON Web Key that verifies signatures. It refuses keys meant
// for something else, too short, or with a private part of a pair.
func ParseKey(b []byte) (Key, error) {
	var k Key
	if len(b) > MaxSize {
		return k, refusal("key", "longer than %d bytes", MaxSize)
	}
	var members struct {
		Alg string   `json:"alg"`
		Use string   `json:"use"`
		Ops []string `json:"key_ops"`
	}
	if err := Unmarshal(b, &members); err != nil {
		return k, &Error{"key", -1, "not a proper JSON object", err}
	}
	if err := k.jwk.UnmarshalJSON(b); err != nil {
		return Key{}, &Error{"key", -1, "cannot be read", err}
	}
	switch {
	case members.Use != "" && members.Use != "sig":
		return Key{}, refusal("use", "%.20q, want sig", members.Use)
	case members.Ops != nil && !slices.Contains(members.Ops, "verify"):
		return Key{}, refusal("key_ops", "without verify")
	}
	if err := k.check(); err != nil {
		return Key{}, err
	}
	return k, nil
}

// check refuses keys that are weak, private or named for an algorithm that they
// do not fit.
func (k Key) check() error {
	switch pub := k.jwk.Key.(type) {
	case *ecdsa.PublicKey, ed25519.PublicKey:
	case *rsa.PublicKey:
		switch {
		case pub.N.BitLen() < 2048:
			return refusal("n", "RSA modulus of %d bits, want 2048 or more", pub.N.BitLen())
		case pub.E < 3 || pub.E%2 == 0:
			return refusal("e", "RSA exponent %d", pub.E)
		case hasROCA(pub.N):
			return refusal("n", "made by a generator with the ROCA weakness")
		}
	case []byte:
		if len(pub) == 0 {
			return refusal("k", "empty")
		}
	default:
		return refusal("key", "%T does not verify signatures", pub)
	}
	if k.jwk.Algorithm != "" {
		return k.permits(Algorithm(k.jwk.Algorithm))
	}
	return nil
}

// permits refuses algorithms other than the one the key is for.
func (k Key) permits(alg Algorithm) error {
	if k.jwk.Algorithm != "" && k.jwk.Algorithm != string(alg) {
		return refusal("alg", "key is for %.20s, token has %.20s", k.jwk.Algorithm, alg)
	}
	fits := false
	switch key := k.jwk.Key.(type) {
	case *ecdsa.PublicKey:
		fits = map[Algorithm]int{jose.ES256: 256, jose.ES384: 384, jose.ES512: 521}[alg] == key.Curve.Params().BitSize
	case ed25519.PublicKey:
		fits = alg == jose.EdDSA
	case *rsa.PublicKey:
		fits = slices.Contains([]Algorithm{jose.RS256, jose.RS384, jose.RS512, jose.PS256, jose.PS384, jose.PS512}, alg)
	case []byte: // RFC 7518 section 3.2: as long as the hash
		size, ok := map[Algorithm]int{jose.HS256: 32, jose.HS384: 48, jose.HS512: 64}[alg]
		fits = ok && len(key) >= size
	}
	if !fits {
		return refusal("key", "does not fit algorithm %.20s", alg)
	}
	return nil
}

// A KeySet is keys with different kid, all of pairs or all symmetric.
type KeySet []Key

// ParseKeySet reads a JSON Web Key Set.
func ParseKeySet(b []byte) (KeySet, error) {
	if len(b) > MaxSize {
		return nil, refusal("key set", "longer than %d bytes", MaxSize)
	}
	var set struct {
		Keys KeySet `json:"keys"`
	}
	if err := Unmarshal(b, &set); err != nil {
		return nil, &Error{"key set", -1, "cannot be read", err}
	}
	seen := map[string]bool{}
	for _, k := range set.Keys {
		if seen[k.ID()] {
			return nil, refusal("kid", "%.40q is not unique", k.ID())
		}
		seen[k.ID()] = true
		if k.symmetric() != set.Keys[0].symmetric() {
			return nil, refusal("key set", "mixes symmetric and public keys")
		}
	}
	return set.Keys, nil
}

func (k Key) symmetric() bool {
	_, ok := k.jwk.Key.([]byte)
	return ok
}

// Find is a Finder: the key with the token's kid, or the only key there is when
// one of the two has none.
func (s KeySet) Find(h Header) (Key, error) {
	for _, k := range s {
		if k.ID() == h.Kid || len(s) == 1 && (h.Kid == "" || k.ID() == "") {
			return k, nil
		}
	}
	return Key{}, refusal("kid", "%.40q is unknown", h.Kid)
}

// Certified is a Finder of the key in the certificate that the token carries
// (x5c), once it leads to one of the roots at the instant given.
func Certified(roots *x509.CertPool, at time.Time) Finder {
	return func(h Header) (Key, error) {
		var chain []*x509.Certificate
		for _, text := range h.X5C {
			der, err := base64.StdEncoding.Strict().DecodeString(text)
			if err != nil {
				return Key{}, refusal("x5c", "not base64")
			}
			c, err := x509.ParseCertificate(der)
			if err != nil {
				return Key{}, &Error{"x5c", -1, "cannot be read", err}
			}
			chain = append(chain, c)
		}
		if len(chain) == 0 || len(chain) > 8 {
			return Key{}, refusal("x5c", "%d certificates, want 1 to 8", len(chain))
		}
		others := x509.NewCertPool()
		for _, c := range chain[1:] {
			others.AddCert(c)
		}
		_, err := chain[0].Verify(x509.VerifyOptions{
			Roots: roots, Intermediates: others, CurrentTime: at, KeyUsages: []x509.ExtKeyUsage{x509.ExtKeyUsageAny},
		})
		if err != nil {
			return Key{}, &Error{"x5c", -1, "not trusted", err}
		}
		return NewKey(chain[0].PublicKey, "")
	}
}
