package sdjwt

import (
	"crypto/rand"
	"encoding/base64"
	"encoding/json"

	"github.com/dinghai/dinghai/kit/sdjwt/jws"
)

// A Disclosure is one hidden claim: a member of an object, or an element of an
// array, which has no name.
type Disclosure struct {
	text    string // base64url of the JSON array, as it is hashed
	element bool
	name    string
	value   any
}

// Name returns the name of the claim, "" for an element.
func (d Disclosure) Name() string { return d.name }

// Value returns what is disclosed, as encoding/json has it, with json.Number. It
// may in turn hide claims.
func (d Disclosure) Value() any { return d.value }

func parseDisclosure(text string) (d Disclosure, err error) {
	b, err := jws.Decode64(text)
	if err != nil {
		return d, err
	}
	v, err := jws.Value(b)
	if err != nil {
		return d, err
	}
	list, ok := v.([]any)
	if !ok || len(list) != 2 && len(list) != 3 {
		return d, refusal("disclosure", "not an array of two or three")
	}
	if _, ok := list[0].(string); !ok {
		return d, refusal("disclosure", "salt is no text")
	}
	d = Disclosure{text: text, element: len(list) == 2, value: list[len(list)-1]}
	if d.element {
		return d, nil
	}
	if d.name, ok = list[1].(string); !ok {
		return d, refusal("disclosure", "name is no text")
	}
	if reserved(d.name) {
		return d, refusal("disclosure", "the name %s is reserved", d.name)
	}
	return d, nil
}

func reserved(name string) bool { return name == "_sd" || name == "..." }

// newDisclosure hides a member, or an element when name is nil, under a fresh
// salt of 128 bits.
func newDisclosure(name *string, value any) (Disclosure, error) {
	salt := make([]byte, 16)
	rand.Read(salt)
	list := []any{base64.RawURLEncoding.EncodeToString(salt)}
	if name != nil {
		list = append(list, *name)
	}
	b, err := json.Marshal(append(list, value))
	if err != nil {
		return Disclosure{}, err
	}
	return parseDisclosure(base64.RawURLEncoding.EncodeToString(b))
}
