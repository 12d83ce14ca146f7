package statuslist

import (
	"crypto"
	"encoding/json"
	"strings"
	"time"

	"github.com/dinghai/dinghai/kit/cwtqr/cwt"
	"github.com/dinghai/dinghai/kit/sdjwt/jws"
)

// Types of the tokens in their headers, and in HTTP.
const (
	TypeJWT      = "statuslist+jwt"
	MediaTypeJWT = "application/statuslist+jwt"
	MediaTypeCWT = "application/statuslist+cwt"
)

// A Token is a status list with the word of its issuer on it. Times count in
// whole seconds.
type Token struct {
	Subject  string // the URI of the list, the one references name
	IssuedAt time.Time
	Expires  time.Time     // zero when not said
	TTL      time.Duration // how long a copy may be kept; 0 when not said
	List     *List
}

// maxSeconds is the end of the year 9999.
const maxSeconds = 253402300799

// claims are those of sections 5.1 and 5.2. JSON may have fractions.
type claims struct {
	Sub  string   `json:"sub" cbor:"2,keyasint"`
	Exp  *float64 `json:"exp,omitempty" cbor:"-"`
	Iat  *float64 `json:"iat" cbor:"-"`
	TTL  *float64 `json:"ttl,omitempty" cbor:"-"`
	List *List    `json:"status_list" cbor:"65533,keyasint"`
}

type claimsCBOR struct {
	claims
	Exp *uint64 `cbor:"4,keyasint,omitempty"`
	Iat *uint64 `cbor:"6,keyasint"`
	TTL *uint64 `cbor:"65534,keyasint,omitempty"`
}

func (t *Token) claims() (c claims, err error) {
	if t.Subject == "" || t.List == nil || t.IssuedAt.IsZero() {
		return c, refuse("sub, iat, status_list", "required")
	}
	number := func(n int64) *float64 { f := float64(n); return &f }
	c = claims{Sub: t.Subject, Iat: number(t.IssuedAt.Unix()), List: t.List}
	if !t.Expires.IsZero() {
		c.Exp = number(t.Expires.Unix())
	}
	if t.TTL != 0 {
		c.TTL = number(int64(t.TTL / time.Second))
	}
	_, err = c.token()
	return c, err
}

// token checks what it converts.
func (c claims) token() (*Token, error) {
	switch {
	case c.Sub == "":
		return nil, refuse("sub", "missing")
	case c.Iat == nil:
		return nil, refuse("iat", "missing")
	case c.List == nil:
		return nil, refuse("status_list", "missing")
	case c.TTL != nil && *c.TTL < 1:
		return nil, refuse("ttl", "not positive")
	}
	for name, n := range map[string]*float64{"iat": c.Iat, "exp": c.Exp, "ttl": c.TTL} {
		if n != nil && (*n < 0 || *n > maxSeconds) {
			return nil, refuse(name, "out of range")
		}
	}
	t := &Token{Subject: c.Sub, IssuedAt: time.Unix(int64(*c.Iat), 0).UTC(), List: c.List}
	if c.Exp != nil {
		t.Expires = time.Unix(int64(*c.Exp), 0).UTC()
	}
	if c.TTL != nil {
		t.TTL = time.Duration(min(*c.TTL, 1e9)) * time.Second
	}
	return t, nil
}

// SignJWT returns the token as a JWT.
func (t *Token) SignJWT(s *jws.Signer) (string, error) {
	c, err := t.claims()
	if err != nil {
		return "", err
	}
	b, err := json.Marshal(c)
	if err != nil {
		return "", err
	}
	return s.Sign(TypeJWT, nil, b)
}

// VerifyJWT checks type and signature of a JWT and returns what it says. Whether
// it still holds is for Token.Status to say.
func VerifyJWT(token string, find jws.Finder, allowed ...jws.Algorithm) (*Token, error) {
	m, err := jws.Verify(token, find, allowed...)
	if err != nil {
		return nil, err
	}
	if typ := m.Header.Typ; !strings.EqualFold(typ, TypeJWT) && !strings.EqualFold(typ, MediaTypeJWT) {
		return nil, refuse("typ", "not "+TypeJWT)
	}
	var c claims
	if err := jws.Unmarshal(m.Payload, &c); err != nil {
		return nil, &Error{"payload", -1, "malformed", err}
	}
	return c.token()
}

// SignCWT returns the token as a CWT.
func (t *Token) SignCWT(key crypto.Signer, kid []byte) ([]byte, error) {
	c, err := t.claims()
	if err != nil {
		return nil, err
	}
	whole := func(f *float64) *uint64 {
		if f == nil {
			return nil
		}
		n := uint64(*f)
		return &n
	}
	b, err := cwt.Marshal(claimsCBOR{c, whole(c.Exp), whole(c.Iat), whole(c.TTL)})
	if err != nil {
		return nil, err
	}
	return cwt.Sign(key, kid, MediaTypeCWT, b)
}

// VerifyCWT is VerifyJWT for a CWT.
func VerifyCWT(token []byte, find cwt.Finder, allowed ...cwt.Algorithm) (*Token, error) {
	m, err := cwt.Verify(token, find, allowed...)
	if err != nil {
		return nil, err
	}
	if !strings.EqualFold(m.Header.Typ, MediaTypeCWT) {
		return nil, refuse("typ", "not "+MediaTypeCWT)
	}
	var c claimsCBOR
	if err := cwt.Unmarshal(m.Payload, &c); err != nil {
		return nil, &Error{"payload", -1, "malformed", err}
	}
	number := func(n *uint64) *float64 {
		if n == nil {
			return nil
		}
		f := float64(*n)
		return &f
	}
	c.claims.Exp, c.claims.Iat, c.claims.TTL = number(c.Exp), number(c.Iat), number(c.TTL)
	return c.token()
}
