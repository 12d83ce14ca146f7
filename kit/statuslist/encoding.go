package statuslist

import (
	"encoding/base64"
	"encoding/json"

	"github.com/dinghai/dinghai/kit/cwtqr/cwt"
	"github.com/dinghai/dinghai/kit/sdjwt/jws"
)

type listJSON struct {
	Bits int    `json:"bits"`
	Lst  string `json:"lst"`
}

// MarshalJSON writes the object of section 4.2.
func (l *List) MarshalJSON() ([]byte, error) {
	return json.Marshal(listJSON{l.Bits(), base64.RawURLEncoding.EncodeToString(l.Compress())})
}

// UnmarshalJSON reads what MarshalJSON wrote.
func (l *List) UnmarshalJSON(b []byte) error {
	var v listJSON
	if err := jws.Unmarshal(b, &v); err != nil {
		return &Error{"status_list", -1, "malformed", err}
	}
	stream, err := jws.Decode64(v.Lst)
	if err != nil {
		return &Error{"lst", -1, "malformed", err}
	}
	return l.load(v.Bits, stream)
}

type listCBOR struct {
	Bits int    `cbor:"bits"`
	Lst  []byte `cbor:"lst"`
}

// MarshalCBOR writes the map of section 4.3.
func (l *List) MarshalCBOR() ([]byte, error) {
	return cwt.Marshal(listCBOR{l.Bits(), l.Compress()})
}

// UnmarshalCBOR reads what MarshalCBOR wrote.
func (l *List) UnmarshalCBOR(b []byte) error {
	var v listCBOR
	if err := cwt.Unmarshal(b, &v); err != nil {
		return &Error{"status_list", -1, "malformed", err}
	}
	return l.load(v.Bits, v.Lst)
}

func (l *List) load(bits int, stream []byte) error {
	loaded, err := Decompress(bits, stream)
	if err == nil {
		*l = *loaded
	}
	return err
}

// A Reference is where the state of a token is found: the claim
// status.status_list of that token (section 6).
type Reference struct {
	Index uint64 `json:"idx" cbor:"idx"`
	URI   string `json:"uri" cbor:"uri"`
}

// A StatusClaim is the claim "status" of a JWT and 65535 of a CWT.
type StatusClaim struct {
	List Reference `json:"status_list" cbor:"status_list"`
}
