package jws

import (
	"crypto"
	"crypto/ecdsa"
	"crypto/ed25519"
	"crypto/hmac"
	"crypto/rsa"
	"math/big"

	_ "crypto/sha256" // the hashes of the algorithms
	_ "crypto/sha512"

	"github.com/go-jose/go-jose/v4"
)

var hashes = map[Algorithm]crypto.Hash{
	jose.ES256: crypto.SHA256, jose.ES384: crypto.SHA384, jose.ES512: crypto.SHA512,
	jose.RS256: crypto.SHA256, jose.RS384: crypto.SHA384, jose.RS512: crypto.SHA512,
	jose.PS256: crypto.SHA256, jose.PS384: crypto.SHA384, jose.PS512: crypto.SHA512,
	jose.HS256: crypto.SHA256, jose.HS384: crypto.SHA384, jose.HS512: crypto.SHA512,
}

// verify checks a signature over input by an algorithm the key permits
// (RFC 7518 section 3, RFC 8037 section 3.1). It does not leave this to
// go-jose, which takes PSS salts of any length.
func (k Key) verify(alg Algorithm, input, sig []byte) bool {
	if pub, ok := k.jwk.Key.(ed25519.PublicKey); ok {
		return ed25519.Verify(pub, input, sig)
	}
	hash := hashes[alg]
	if secret, ok := k.jwk.Key.([]byte); ok {
		mac := hmac.New(hash.New, secret)
		mac.Write(input)
		return hmac.Equal(mac.Sum(nil), sig)
	}
	h := hash.New()
	h.Write(input)
	digest := h.Sum(nil)
	switch pub := k.jwk.Key.(type) {
	case *ecdsa.PublicKey:
		size := (pub.Curve.Params().BitSize + 7) / 8
		if len(sig) != 2*size {
			return false
		}
		r, s := new(big.Int).SetBytes(sig[:size]), new(big.Int).SetBytes(sig[size:])
		return ecdsa.Verify(pub, digest, r, s)
	case *rsa.PublicKey:
		if alg[0] == 'P' {
			return rsa.VerifyPSS(pub, hash, digest, sig, &rsa.PSSOptions{SaltLength: rsa.PSSSaltLengthEqualsHash}) == nil
		}
		return rsa.VerifyPKCS1v15(pub, hash, digest, sig) == nil
	}
	return false
}
