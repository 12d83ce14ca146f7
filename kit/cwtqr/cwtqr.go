// Package cwtqr puts a business licence into a QR code that anyone can check
// without a network: "DH1:" and then, in Base45 (RFC 9285), a CBOR Web Token
// (RFC 8392) signed as COSE_Sign1, compressed with zlib and the format's preset
// dictionary (RFC 1950) where that is shorter.
//
// The claims are 1 issuer, 2 unified social credit code, 4 expiry, 6 time of
// issue, 65535 place in a Token Status List, and −65537 the licence as an array:
// name, type, masked representative, day of establishment and last day (days
// since 1970-01-01, null for no last day), address, area code of GB/T 2260, and
// the first 16 bytes of the SHA-256 of the full credential. CBOR is in core
// deterministic encoding.
//
// It is an attestation derived from the register and never a look-alike of the
// national electronic licence, which has a code of its own. A print can be
// photographed by anyone, so numbers of persons and telephones are refused.
//
// Text from strangers meets limits first: its length, then what it may inflate
// to, then its signature; only then is it read.
package cwtqr

import (
	"crypto"
	"crypto/sha256"
	"crypto/x509"
	"fmt"
	"time"

	"github.com/dinghai/dinghai/kit/calendar"
	"github.com/dinghai/dinghai/kit/cwtqr/cwt"
	"github.com/dinghai/dinghai/kit/ids"
	"github.com/dinghai/dinghai/kit/statuslist"
)

// Prefix begins every text and says which edition of the format it is.
const Prefix = "DH1:"

// Limits on what Verify looks at.
const (
	MaxText     = 4296 // characters; the most a QR code holds
	MaxInflated = 4096 // bytes
)

// MaxSkew is how far ahead of the verifier's clock the issuer's may be.
const MaxSkew = 5 * time.Minute

// An Error says which part of a text or claim was refused and why.
type Error struct {
	Field  string // "text", "base45", "zlib", "token", "claims" or the name of a claim
	Pos    int    // character or byte of that part, -1 when it is the part as a whole
	Reason string
	Err    error // what lies below; may be nil
}

func (e *Error) Error() string {
	s := "cwtqr: " + e.Field + ": " + e.Reason
	if e.Pos >= 0 {
		s += fmt.Sprintf(" at %d", e.Pos)
	}
	if e.Err != nil {
		s += ": " + e.Err.Error()
	}
	return s
}

func (e *Error) Unwrap() error { return e.Err }

func refuse(field, reason string) error { return &Error{field, -1, reason, nil} }

// Claims are what the issuer says. Times count in whole seconds.
type Claims struct {
	Issuer   string // a URL
	IssuedAt time.Time
	Expires  time.Time
	Status   statuslist.Reference
	Licence  Licence
}

// A Licence is what is printed on one, but for what the law does not need there.
type Licence struct {
	USCC           string
	Name           string
	Type           string // of enterprise, as registered or its code
	Representative string // masked; "" when it is no natural person
	Established    calendar.Date
	Until          calendar.Date // last day; "" for no fixed term
	Address        string
	Area           uint32   // six digits of GB/T 2260
	Credential     [16]byte // start of the SHA-256 of the SD-JWT
}

// wireClaims and wireLicence are the claims as they travel.
type wireClaims struct {
	Iss     string                 `cbor:"1,keyasint"`
	Sub     string                 `cbor:"2,keyasint"`
	Exp     int64                  `cbor:"4,keyasint"`
	Iat     int64                  `cbor:"6,keyasint"`
	Status  statuslist.StatusClaim `cbor:"65535,keyasint"`
	Licence wireLicence            `cbor:"-65537,keyasint"`
}

type wireLicence struct {
	_              struct{} `cbor:",toarray"`
	Name           string
	Type           string
	Representative string
	Established    int
	Until          *int
	Address        string
	Area           uint32
	Credential     []byte
}

const epoch calendar.Date = "1970-01-01"

func (c *Claims) wire() wireClaims {
	l := &c.Licence
	w := wireClaims{
		c.Issuer, l.USCC, c.Expires.Unix(), c.IssuedAt.Unix(), statuslist.StatusClaim{List: c.Status},
		wireLicence{
			Name: l.Name, Type: l.Type, Representative: l.Representative, Established: l.Established.Sub(epoch),
			Address: l.Address, Area: l.Area, Credential: l.Credential[:],
		},
	}
	if l.Until != "" {
		until := l.Until.Sub(epoch)
		w.Licence.Until = &until
	}
	return w
}

// day turns a number of days into a date, "" far from any licence.
func day(n int) calendar.Date {
	if n < -100*366 || n > 400*366 {
		return ""
	}
	return epoch.AddDays(n)
}

func (w *wireClaims) claims() (*Claims, error) {
	l := &w.Licence
	c := &Claims{
		w.Iss, time.Unix(w.Iat, 0).UTC(), time.Unix(w.Exp, 0).UTC(), w.Status.List,
		Licence{
			USCC: w.Sub, Name: l.Name, Type: l.Type, Representative: l.Representative,
			Established: day(l.Established), Address: l.Address, Area: l.Area,
		},
	}
	if copy(c.Licence.Credential[:], l.Credential) != 16 || len(l.Credential) != 16 {
		return nil, refuse("credential", "not 16 bytes")
	}
	if l.Until != nil {
		if c.Licence.Until = day(*l.Until); c.Licence.Until == "" {
			return nil, refuse("until", "out of range")
		}
	}
	return c, c.check()
}

// maxSeconds is the end of the year 9999.
const maxSeconds = 253402300799

type field struct{ name, text string }

func (c *Claims) texts() []field {
	l := &c.Licence
	return []field{
		{"issuer", c.Issuer}, {"name", l.Name}, {"type", l.Type}, {"representative", l.Representative},
		{"address", l.Address}, {"status", c.Status.URI},
	}
}

// check refuses claims that are incomplete or do not fit together.
func (c *Claims) check() error {
	l := &c.Licence
	for _, f := range c.texts() {
		if f.text == "" && f.name != "representative" {
			return refuse(f.name, "missing")
		}
	}
	if _, err := ids.ParseUSCC(l.USCC); err != nil {
		return &Error{"uscc", -1, "not valid", err}
	}
	iat, exp := c.IssuedAt.Unix(), c.Expires.Unix()
	switch {
	case iat < 0 || exp > maxSeconds || exp <= iat:
		return refuse("expires", "not after the time of issue")
	case !l.Established.Valid():
		return refuse("established", "no date")
	case l.Until != "" && (!l.Until.Valid() || l.Until < l.Established):
		return refuse("until", "not after the day of establishment")
	case l.Area < 100000 || l.Area > 999999:
		return refuse("area", "not six digits")
	}
	return c.checkPrivacy()
}

// CredentialPrefix returns what Licence.Credential holds for a full credential.
func CredentialPrefix(sdjwt string) (p [16]byte) {
	sum := sha256.Sum256([]byte(sdjwt))
	copy(p[:], sum[:])
	return p
}

// KeyID returns the kid of a public key: the first 8 bytes of the SHA-256 of its
// SubjectPublicKeyInfo.
func KeyID(pub crypto.PublicKey) ([]byte, error) {
	der, err := x509.MarshalPKIXPublicKey(pub)
	if err != nil {
		return nil, &Error{"kid", -1, "no such key", err}
	}
	sum := sha256.Sum256(der)
	return sum[:8], nil
}

// Keys returns trusted keys under their KeyID.
func Keys(pubs ...crypto.PublicKey) (cwt.Keys, error) {
	keys := cwt.Keys{}
	for _, pub := range pubs {
		id, err := KeyID(pub)
		if err != nil {
			return nil, err
		}
		keys[string(id)] = pub
	}
	return keys, nil
}
