package sdjwt

import (
	"encoding/json"
	"time"

	"github.com/dinghai/dinghai/kit/sdjwt/jws"
)

// Claims returns what the token shows, without verifying it: for holders.
func (t *Token) Claims() (map[string]any, error) {
	payload, err := t.payload()
	if err != nil {
		return nil, err
	}
	_, err = unfold(payload, t.Disclosures)
	return payload, err
}

// Hidden returns where each disclosure belongs.
func (t *Token) Hidden() ([]Path, error) {
	u, err := t.unfolded()
	if err != nil {
		return nil, err
	}
	return u.places, nil
}

func (t *Token) unfolded() (*unfolder, error) {
	payload, err := t.payload()
	if err != nil {
		return nil, err
	}
	return unfold(payload, t.Disclosures)
}

// Present returns the token with the disclosures that show the claims at the
// paths, what lies inside them, and what they lie in; with no paths, only what
// was never hidden.
func (t *Token) Present(want ...Path) (*Token, error) {
	u, err := t.unfolded()
	if err != nil {
		return nil, err
	}
	out := &Token{JWT: t.JWT}
	for _, i := range u.needed(want) {
		out.Disclosures = append(out.Disclosures, t.Disclosures[i])
	}
	return out, nil
}

// Bind returns the token with the holder's signature over it, for one verifier
// and one request.
func (t *Token) Bind(holder *jws.Signer, audience, nonce string, at time.Time) (*Token, error) {
	payload, err := t.payload()
	if err != nil {
		return nil, err
	}
	h, err := hashOf(payload)
	if err != nil {
		return nil, err
	}
	b, err := json.Marshal(map[string]any{
		"iat": at.Unix(), "aud": audience, "nonce": nonce, "sd_hash": digest(h, t.unbound()),
	})
	if err != nil {
		return nil, err
	}
	out := &Token{JWT: t.JWT, Disclosures: t.Disclosures}
	out.KeyBinding, err = holder.Sign(typeKeyBinding, nil, b)
	return out, err
}
