// Package bn254 verifies rounds of drand's scheme on BN254, which is made for
// checking inside Ethereum contracts: signatures on G1, Keccak-256 throughout.
package bn254

import (
	"github.com/consensys/gnark-crypto/ecc/bn254"
	"github.com/consensys/gnark-crypto/ecc/bn254/fp"
	"golang.org/x/crypto/sha3"

	"github.com/dinghai/dinghai/kit/beacon"
)

const tag = "BLS_SIG_BN254G1_XMD:KECCAK-256_SVDW_RO_NUL_"

var _ beacon.Verifier = Verify

// Verify checks that the round is signed by the chain's key. Points are
// uncompressed, must be in the right subgroup and not the point at infinity.
func Verify(c beacon.Chain, r beacon.Round) error {
	if c.Scheme != beacon.BN254OnG1 {
		return &beacon.Error{Field: "scheme", Reason: "unknown"}
	}
	msg, err := c.Scheme.Message(r)
	if err != nil {
		return err
	}
	var key bn254.G2Affine
	if len(c.PublicKey) != bn254.SizeOfG2AffineUncompressed {
		return &beacon.Error{Field: "public_key", Reason: "length"}
	}
	if _, err := key.SetBytes(c.PublicKey); err != nil || key.IsInfinity() || key.RawBytes() != [128]byte(c.PublicKey) {
		return &beacon.Error{Field: "public_key", Reason: "not_a_point"}
	}
	var sig bn254.G1Affine
	if _, err := sig.SetBytes(r.Signature); err != nil || sig.IsInfinity() || sig.RawBytes() != [64]byte(r.Signature) {
		return &beacon.Error{Field: "signature", Reason: "not_a_point"}
	}
	h := hashToG1(msg)
	sig.Neg(&sig)
	_, _, _, g2 := bn254.Generators()
	ok, err := bn254.PairingCheck([]bn254.G1Affine{sig, h}, []bn254.G2Affine{g2, key})
	if err != nil {
		return err
	}
	if !ok {
		return &beacon.Error{Field: "signature", Reason: "mismatch"}
	}
	return nil
}

// hashToG1 is hash_to_curve of RFC 9380 with the map of Shallue and van de
// Woestijne; the library's own uses SHA-256. BN254's G1 has no cofactor.
func hashToG1(msg []byte) bn254.G1Affine {
	const each = 48 // bytes per field element: 128 bits more than the field
	b := expand(msg, 2*each)
	var u, v fp.Element
	u.SetBytes(b[:each])
	v.SetBytes(b[each:])
	p, q := bn254.MapToG1(u), bn254.MapToG1(v)
	return *p.Add(&p, &q)
}

// expand is expand_message_xmd of RFC 9380 section 5.3.1 over Keccak-256.
func expand(msg []byte, n int) []byte {
	const block = 136 // rate of Keccak-256
	prime := append([]byte(tag), byte(len(tag)))
	sum := func(parts ...[]byte) []byte {
		h := sha3.NewLegacyKeccak256()
		for _, p := range parts {
			h.Write(p)
		}
		return h.Sum(nil)
	}
	b0 := sum(make([]byte, block), msg, []byte{byte(n >> 8), byte(n), 0}, prime)
	b := sum(b0, []byte{1}, prime)
	out := append([]byte{}, b...)
	for i := byte(2); len(out) < n; i++ {
		for j := range b {
			b[j] ^= b0[j]
		}
		b = sum(b, []byte{i}, prime)
		out = append(out, b...)
	}
	return out[:n]
}
