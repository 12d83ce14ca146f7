// Package beacon is public randomness for draws: values that do not exist when
// lists are frozen, that nobody concerned can choose, and that anybody can look
// up afterwards.
//
// Two kinds are here. A list of published results (lottery numbers, closing
// indices), formatted as RFC 3797 section 4 says, needs no network. A round of a
// drand chain is signed by a threshold of independent servers; what is signed
// and what follows from it is in this package, the pairing checks are in
// packages bls and bn254, so that a program without them stays small.
package beacon

import (
	"crypto/sha256"
	"encoding/binary"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"time"

	"golang.org/x/crypto/sha3"
)

// An Error tells which part of a beacon was refused and why.
type Error struct {
	Field    string // "scheme", "round", "signature", "previous", "randomness", "public_key", "hash", "time", "source", "json", "pool"
	Position int    // index of the source for "source", else 0
	Reason   string // "unknown", "empty", "length", "forbidden", "missing", "range", "syntax", "not_a_point", "mismatch"
}

func (e *Error) Error() string {
	return fmt.Sprintf("beacon: %s %d: %s", e.Field, e.Position, e.Reason)
}

// Scheme names how a drand chain signs. The names are drand's.
type Scheme string

// The schemes in use.
const (
	Chained        Scheme = "pedersen-bls-chained"      // BLS12-381, signature on G2, linked to the round before
	Unchained      Scheme = "pedersen-bls-unchained"    // BLS12-381, signature on G2
	UnchainedOnG1  Scheme = "bls-unchained-on-g1"       // BLS12-381, signature on G1, hashed under G2's domain tag by mistake
	UnchainedG1RFC Scheme = "bls-unchained-g1-rfc9380"  // BLS12-381, signature on G1; quicknet
	BN254OnG1      Scheme = "bls-bn254-unchained-on-g1" // BN254, signature on G1; evmnet
)

// sizes of signature and public key in bytes.
var sizes = map[Scheme][2]int{
	Chained: {96, 48}, Unchained: {96, 48}, UnchainedOnG1: {48, 96}, UnchainedG1RFC: {48, 96}, BN254OnG1: {64, 128},
}

// A Round is one value of a chain as it is published.
type Round struct {
	Number    uint64
	Signature []byte
	Previous  []byte // signature of the round before; Chained only
}

// Randomness is the round's value: SHA-256 of the signature.
func (r Round) Randomness() [32]byte { return sha256.Sum256(r.Signature) }

// Message returns the bytes a round's signature is over. It refuses a round that
// does not have the shape of the scheme.
func (s Scheme) Message(r Round) ([]byte, error) {
	size, ok := sizes[s]
	switch {
	case !ok:
		return nil, &Error{Field: "scheme", Reason: "unknown"}
	case r.Number == 0:
		return nil, &Error{Field: "round", Reason: "range"}
	case len(r.Signature) != size[0]:
		return nil, &Error{Field: "signature", Reason: "length"}
	case s != Chained && len(r.Previous) > 0:
		return nil, &Error{Field: "previous", Reason: "forbidden"}
	case s == Chained && len(r.Previous) == 0:
		return nil, &Error{Field: "previous", Reason: "missing"}
	case s == Chained && r.Number > 1 && len(r.Previous) != size[0]: // round 1 follows the 32 bytes of the group's hash
		return nil, &Error{Field: "previous", Reason: "length"}
	}
	b := binary.BigEndian.AppendUint64(r.Previous[:len(r.Previous):len(r.Previous)], r.Number)
	if s == BN254OnG1 {
		h := sha3.NewLegacyKeccak256()
		h.Write(b)
		return h.Sum(nil), nil
	}
	sum := sha256.Sum256(b)
	return sum[:], nil
}

// Chain is a drand network. The zero value of ID and Group is allowed where a
// chain is known by its key alone.
type Chain struct {
	Hash      [32]byte
	PublicKey []byte
	Scheme    Scheme
	Genesis   int64 // Unix seconds of round 1
	Period    int64 // seconds from round to round
	Group     []byte
	ID        string
}

// Quicknet is the chain of the League of Entropy with a round every 3 seconds.
var Quicknet = Chain{
	Hash:      [32]byte(unhex("52db9ba70e0cc0f6eaf7803dd07447a1f5477735fd3f661792ba94600c84e971")),
	PublicKey: unhex("83cf0f2896adee7eb8b5f01fcad3912212c437e0073e911fb90022d3e760183c8c4b450b6a0a6c3ac6a5776a2d1064510d1fec758c921cc22b0e17e63aaf4bcb5ed66304de9cf809bd274ca73bab4af5a6e9c76a4bc09e76eae8991ef5ece45a"),
	Scheme:    UnchainedG1RFC,
	Genesis:   1692803367,
	Period:    3,
	Group:     unhex("f477d5c89f21a17c863a7f937c6a6d15859414d2be09cd448d4279af331c5d3e"),
	ID:        "quicknet",
}

func unhex(s string) []byte {
	b, err := hex.DecodeString(s)
	if err != nil {
		panic(err)
	}
	return b
}

// Check reports whether the parameters belong together: the key has the size of
// the scheme and the hash is that of the rest, as drand computes it.
func (c Chain) Check() error {
	size, ok := sizes[c.Scheme]
	switch {
	case !ok:
		return &Error{Field: "scheme", Reason: "unknown"}
	case len(c.PublicKey) != size[1]:
		return &Error{Field: "public_key", Reason: "length"}
	case c.Period < 1 || c.Period > 1<<31 || c.Genesis < 0 || c.Genesis > maxTime:
		return &Error{Field: "time", Reason: "range"}
	}
	b := binary.BigEndian.AppendUint32(nil, uint32(c.Period))
	b = binary.BigEndian.AppendUint64(b, uint64(c.Genesis))
	b = append(append(b, c.PublicKey...), c.Group...)
	if c.ID != "default" {
		b = append(b, c.ID...)
	}
	if sha256.Sum256(b) != c.Hash {
		return &Error{Field: "hash", Reason: "mismatch"}
	}
	return nil
}

const maxTime = 253402300799 // end of the year 9999

// Time returns when a round is due.
func (c Chain) Time(round uint64) (time.Time, error) {
	if round == 0 || c.Period < 1 || round > maxTime/uint64(c.Period) {
		return time.Time{}, &Error{Field: "round", Reason: "range"}
	}
	return time.Unix(c.Genesis+int64(round-1)*c.Period, 0).UTC(), nil
}

// RoundAt returns the first round that is due at t or later.
func (c Chain) RoundAt(t time.Time) uint64 {
	since := t.Unix() - c.Genesis
	if t.Nanosecond() > 0 {
		since++
	}
	if since <= 0 {
		return 1
	}
	return uint64((since+c.Period-1)/c.Period) + 1
}

// ParseRound reads a round in the JSON of drand's HTTP interface. A randomness
// in it must follow from the signature.
func ParseRound(b []byte) (Round, error) {
	const most = 4096
	var f struct {
		Round      uint64 `json:"round"`
		Randomness string `json:"randomness"`
		Signature  string `json:"signature"`
		Previous   string `json:"previous_signature"`
	}
	if len(b) > most {
		return Round{}, &Error{Field: "json", Reason: "length"}
	}
	if err := json.Unmarshal(b, &f); err != nil {
		return Round{}, &Error{Field: "json", Reason: "syntax"}
	}
	r := Round{Number: f.Round}
	var err error
	if r.Signature, err = hex.DecodeString(f.Signature); err != nil {
		return Round{}, &Error{Field: "signature", Reason: "syntax"}
	}
	if r.Previous, err = hex.DecodeString(f.Previous); err != nil {
		return Round{}, &Error{Field: "previous", Reason: "syntax"}
	}
	if f.Randomness != "" {
		sum := r.Randomness()
		if hex.EncodeToString(sum[:]) != f.Randomness {
			return Round{}, &Error{Field: "randomness", Reason: "mismatch"}
		}
	}
	return r, nil
}

// A Verifier checks a round's signature under a chain; packages bls and bn254
// have one each.
type Verifier func(Chain, Round) error
