package sdjwt

import (
	"crypto/rand"
	"encoding/base64"
	"encoding/json"
	"slices"

	"github.com/dinghai/dinghai/kit/sdjwt/jws"
)

// alwaysShown are the top-level claims a verifier cannot do without, so that
// hiding them would let a holder leave out what is against him.
var alwaysShown = []string{"iss", "aud", "nbf", "exp", "cnf", "vct", "vct#integrity", "status"}

// An Issuer makes tokens.
type Issuer struct {
	Signer *jws.Signer
	Type   string         // header typ; "" is TypeCredential
	Header map[string]any // further header parameters, such as x5c
	Hash   string         // of disclosures: sha-256 (also ""), sha-384 or sha-512
	Decoys int            // digests of nothing, added to each object that hides something
}

// Issue signs claims, anything that encoding/json writes as an object, with
// those at the paths hidden. A path that meets nothing is an error.
func (i Issuer) Issue(claims any, hide ...Path) (*Token, error) {
	b, err := json.Marshal(claims)
	if err != nil {
		return nil, &Error{"claims", -1, nil, "cannot be written", err}
	}
	payload, err := object(b)
	if err != nil {
		return nil, err
	}
	f := folder{issuer: i, hide: hide, met: make([]bool, len(hide)), alg: i.Hash}
	if f.alg == "" {
		f.alg = "sha-256"
	}
	if hashes[f.alg] == 0 {
		return nil, refusal("_sd_alg", "%.40q is not supported", f.alg)
	}
	if _, ok := payload["_sd_alg"]; ok {
		return nil, refusal("_sd_alg", "is reserved")
	}
	if _, err := f.value(payload, nil); err != nil {
		return nil, err
	}
	if n := slices.Index(f.met, false); n >= 0 {
		return nil, &Error{"claims", -1, hide[n], "nothing to hide there", nil}
	}
	payload["_sd_alg"] = f.alg
	if b, err = json.Marshal(payload); err != nil {
		return nil, err
	}
	typ := i.Type
	if typ == "" {
		typ = TypeCredential
	}
	jwt, err := i.Signer.Sign(typ, i.Header, b)
	if err != nil {
		return nil, &Error{"token", -1, nil, "cannot be signed", err}
	}
	t := &Token{JWT: jwt, Disclosures: f.list}
	if len(t.String()) > MaxSize || len(f.list) > MaxDisclosures {
		return nil, refusal("token", "larger than a verifier takes")
	}
	return t, nil
}

// folder replaces claims by digests, the innermost first.
type folder struct {
	issuer Issuer
	hide   []Path
	met    []bool // the paths that met a claim
	alg    string
	list   []Disclosure
}

// hidden tells whether a claim is to be hidden, and marks the path that says so.
func (f *folder) hidden(at Path) bool {
	found := false
	for n, p := range f.hide {
		if len(p) == len(at) && at.within(p) {
			f.met[n], found = true, true
		}
	}
	return found
}

// value folds what lies inside v and returns what takes its place.
func (f *folder) value(v any, at Path) (any, error) {
	if len(at) > MaxDepth {
		return nil, &Error{"claims", -1, at[:8], "nested too deep", nil}
	}
	switch v := v.(type) {
	case map[string]any:
		return v, f.object(v, at)
	case []any:
		return v, f.array(v, at)
	}
	return v, nil
}

func (f *folder) object(o map[string]any, at Path) error {
	names := make([]string, 0, len(o))
	for name := range o {
		names = append(names, name)
	}
	slices.Sort(names)
	var digests []string
	for _, name := range names {
		if reserved(name) {
			return &Error{name, -1, at, "is reserved", nil}
		}
		here := at.plus(name)
		v, err := f.value(o[name], here)
		if err != nil {
			return err
		}
		if !f.hidden(here) {
			o[name] = v
			continue
		}
		if len(at) == 0 && slices.Contains(alwaysShown, name) {
			return &Error{"claims", -1, here, "must always be shown", nil}
		}
		delete(o, name)
		text, err := f.disclose(&name, v)
		if err != nil {
			return err
		}
		digests = append(digests, text)
	}
	if len(digests) > 0 {
		for range f.issuer.Decoys {
			digests = append(digests, f.decoy())
		}
		slices.Sort(digests) // the order must not tell which is which
		o["_sd"] = digests
	}
	return nil
}

func (f *folder) array(a []any, at Path) error {
	for n := range a {
		here := at.plus(n)
		v, err := f.value(a[n], here)
		if err != nil {
			return err
		}
		if a[n] = v; f.hidden(here) {
			text, err := f.disclose(nil, v)
			if err != nil {
				return err
			}
			a[n] = map[string]any{"...": text}
		}
	}
	return nil
}

func (f *folder) disclose(name *string, v any) (string, error) {
	d, err := newDisclosure(name, v)
	if err != nil {
		return "", err
	}
	f.list = append(f.list, d)
	return digest(hashes[f.alg], d.text), nil
}

func (f *folder) decoy() string {
	b := make([]byte, 32)
	rand.Read(b)
	return digest(hashes[f.alg], base64.RawURLEncoding.EncodeToString(b))
}
