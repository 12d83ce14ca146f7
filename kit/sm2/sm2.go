// Package sm2 gives the Chinese commercial algorithms one face: SM2 signatures
// (GB/T 32918.2, used as GB/T 35276 says), the hash SM3 (GB/T 32905) and the
// cipher SM4 (GB/T 32907) in the authenticated modes GCM and CCM (GB/T 36624,
// RFC 8998).
//
// The arithmetic sits behind [Engine], so that a defect in one implementation
// is a line of configuration away from being worked around, and a certified
// module can sign through [Signer]. The default, [Checked], asks
// github.com/emmansun/gmsm first and never lets a doubtful answer stand: its
// amd64 assembly is known to reject some valid signatures.
//
// The signer ID that goes into every signature is always an argument. Two
// parties who disagree on it verify nothing of each other, which is the most
// common failure between SM2 programs; so there is no silent default.
//
// Certificates are in the subpackage cert.
package sm2

import (
	"crypto/cipher"
	"encoding/binary"
	"fmt"
	"hash"
)

// A SignerID names who signs; it is hashed into every signature.
type SignerID string

// DefaultID is the identifier GB/T 35276 and GM/T 0009 tell parties to use who
// have agreed on no other. It has to be passed like any other.
const DefaultID SignerID = "1234567812345678"

// maxID keeps the length in bits within the two bytes the standard has for it.
const maxID = 1<<16/8 - 1

// Digest is the value an SM2 signature covers: SM3 over Z and the message.
type Digest [32]byte

// An Error says what was refused.
type Error struct {
	Field  string // "public key", "private key", "signature", "signer id", "sm4 key", "nonce", "tag", "engine"
	Pos    int    // byte where it went wrong, -1 when it is the value as a whole
	Reason string // one of the Reason constants
}

// What Error.Reason may say.
const (
	ReasonLength   = "wrong length"
	ReasonEncoding = "not in the prescribed encoding"
	ReasonRange    = "out of range"
	ReasonCurve    = "not a point of the curve"
	ReasonVerify   = "does not verify"
	ReasonUnknown  = "unknown"
)

func (e *Error) Error() string {
	if e.Pos < 0 {
		return fmt.Sprintf("sm2: %s %s", e.Field, e.Reason)
	}
	return fmt.Sprintf("sm2: %s %s at byte %d", e.Field, e.Reason, e.Pos)
}

func refuse(field, reason string) error { return &Error{field, -1, reason} }

// A Suite is the algorithms on one engine. The zero Suite uses Checked.
type Suite struct{ Engine Engine }

func (s Suite) engine() Engine {
	if s.Engine == nil {
		return Checked
	}
	return s.Engine
}

// Hash returns a new SM3.
func (s Suite) Hash() hash.Hash { return s.engine().SM3() }

// Start returns an SM3 that has already taken in Z, the hash of signer ID,
// curve and public key (GB/T 32918.2 section 5.5). Write the message to it and
// hand the sum to VerifyDigest or to a Signer.
func (s Suite) Start(pub PublicKey, id SignerID) (hash.Hash, error) {
	if len(id) == 0 || len(id) > maxID {
		return nil, refuse("signer id", ReasonLength)
	}
	h := s.Hash()
	var bits [2]byte
	binary.BigEndian.PutUint16(bits[:], uint16(8*len(id)))
	h.Write(bits[:])
	h.Write([]byte(id))
	h.Write(curveHead)
	h.Write(pub.x[:])
	h.Write(pub.y[:])
	z := h.Sum(nil)
	h.Reset()
	h.Write(z)
	return h, nil
}

// Digest returns what a signature of the message by pub covers.
func (s Suite) Digest(pub PublicKey, id SignerID, msg []byte) (d Digest, err error) {
	h, err := s.Start(pub, id)
	if err != nil {
		return d, err
	}
	h.Write(msg)
	h.Sum(d[:0])
	return d, nil
}

// Sign signs the message as id.
func (s Suite) Sign(key Signer, id SignerID, msg []byte) (Signature, error) {
	d, err := s.Digest(key.Public(), id, msg)
	if err != nil {
		return Signature{}, err
	}
	return key.SignDigest(d)
}

// Verify returns nil when sig is the signature of pub, signing as id, over the
// message, and an *Error with ReasonVerify when it is not.
func (s Suite) Verify(pub PublicKey, id SignerID, msg []byte, sig Signature) error {
	d, err := s.Digest(pub, id, msg)
	if err != nil {
		return err
	}
	return s.VerifyDigest(pub, d, sig)
}

// VerifyDigest is Verify for a digest made with Start.
func (s Suite) VerifyDigest(pub PublicKey, d Digest, sig Signature) error {
	if pub == (PublicKey{}) {
		return refuse("public key", ReasonCurve)
	}
	if !s.engine().Verify(pub, d, sig) {
		return refuse("signature", ReasonVerify)
	}
	return nil
}

// NewSigner makes a signer of the 32 bytes of a private key, which must be in
// 1..n-2.
func (s Suite) NewSigner(key []byte) (Signer, error) { return s.engine().NewSigner(key) }

// GCM returns SM4-GCM with the 16-byte key, nonces of 12 and tags of 16 bytes.
func (s Suite) GCM(key []byte) (cipher.AEAD, error) { return s.gcm(key, 12) }
