package cwtqr

import (
	"bytes"
	"compress/zlib"
	"crypto"
	"io"
	"strings"
	"time"

	"github.com/dinghai/dinghai/kit/cwtqr/cwt"
)

// Encode signs claims with a P-256 or Ed25519 key, or the module that holds it,
// and returns the text for the QR code. The kid is KeyID of the key.
func Encode(c *Claims, key crypto.Signer) (string, error) {
	if err := c.check(); err != nil {
		return "", err
	}
	kid, err := KeyID(key.Public())
	if err != nil {
		return "", err
	}
	payload, err := cwt.Marshal(c.wire())
	if err != nil {
		return "", &Error{"claims", -1, "cannot be written", err}
	}
	token, err := cwt.Sign(key, kid, "", payload)
	if err != nil {
		return "", &Error{"token", -1, "cannot be signed", err}
	}
	if len(token) > MaxInflated {
		return "", refuse("text", "longer than a verifier reads")
	}
	if small := deflate(token); len(small) < len(token) {
		token = small
	}
	text := Prefix + encodeBase45(token)
	if len(text) > MaxText {
		return "", refuse("text", "longer than a QR code holds")
	}
	return text, nil
}

func deflate(b []byte) []byte {
	var out bytes.Buffer
	w, err := zlib.NewWriterLevelDict(&out, zlib.BestCompression, dictionary)
	if err == nil {
		_, err = w.Write(b)
	}
	if err == nil {
		err = w.Close()
	}
	if err != nil {
		panic(err) // a buffer takes everything
	}
	return out.Bytes()
}

// unpack returns the token in a text, within the limits.
func unpack(text string) ([]byte, error) {
	if len(text) > MaxText {
		return nil, refuse("text", "longer than a QR code holds")
	}
	rest, ok := strings.CutPrefix(text, Prefix)
	if !ok {
		return nil, &Error{"text", 0, "does not begin with " + Prefix, nil}
	}
	b, err := decodeBase45(rest)
	if err != nil {
		return nil, err
	}
	// 0x78 begins a zlib stream and 0xd2 a tagged COSE_Sign1.
	if len(b) > 0 && b[0] == 0x78 {
		return inflate(b)
	}
	return b, nil
}

func inflate(b []byte) ([]byte, error) {
	in := bytes.NewReader(b)
	r, err := zlib.NewReaderDict(in, dictionary)
	if err != nil {
		return nil, &Error{"zlib", -1, "no stream", err}
	}
	out, err := io.ReadAll(io.LimitReader(r, MaxInflated+1))
	switch {
	case err != nil:
		return nil, &Error{"zlib", len(b) - in.Len(), "broken stream", err}
	case len(out) > MaxInflated:
		return nil, &Error{"zlib", len(b) - in.Len(), "inflates to more than 4096 bytes", nil}
	case in.Len() > 0:
		return nil, &Error{"zlib", len(b) - in.Len(), "bytes after the stream", nil}
	}
	return out, nil
}

// Verify checks a text that was read from a QR code: limits, signature by a
// trusted key, then the claims and that they hold at the instant. Expired claims
// come back together with the error, to be shown as what they are. Whether the
// licence is still in force is for Judge to say.
func Verify(text string, find cwt.Finder, at time.Time) (*Claims, error) {
	b, err := unpack(text)
	if err != nil {
		return nil, err
	}
	m, err := cwt.Verify(b, find, cwt.ES256, cwt.EdDSA)
	if err != nil {
		return nil, &Error{"token", -1, "not trusted", err}
	}
	if m.Header.Typ != "" {
		return nil, refuse("token", "is for something else")
	}
	var w wireClaims
	if err := cwt.UnmarshalCanonical(m.Payload, &w); err != nil {
		return nil, &Error{"claims", -1, "malformed", err}
	}
	c, err := w.claims()
	switch {
	case err != nil:
		return nil, err
	case at.Add(MaxSkew).Before(c.IssuedAt):
		return c, refuse("iat", "in the future")
	case !at.Before(c.Expires):
		return c, refuse("exp", "has passed")
	}
	return c, nil
}
