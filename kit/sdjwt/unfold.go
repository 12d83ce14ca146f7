package sdjwt

import (
	"crypto"
	"slices"
)

// unfolder puts disclosures back where their digests stand (RFC 9901 section
// 7.1 step 3).
type unfolder struct {
	hash    crypto.Hash
	by      map[string]int // number of the disclosure by digest
	list    []Disclosure
	seen    map[string]bool // digests met so far
	places  []Path          // of the disclosures, nil until met
	parents []int           // the disclosure each lies in, -1 for the JWT itself
	within  int             // the one being unfolded
}

// unfold changes payload into the claims that are shown, and returns where each
// disclosure went. Every disclosure must have its digest, every digest only one
// place.
func unfold(payload map[string]any, list []Disclosure) (*unfolder, error) {
	h, err := hashOf(payload)
	if err != nil {
		return nil, err
	}
	delete(payload, "_sd_alg")
	u := &unfolder{
		hash: h, by: map[string]int{}, list: list, seen: map[string]bool{},
		places: make([]Path, len(list)), parents: make([]int, len(list)), within: -1,
	}
	for i, d := range list {
		key := digest(h, d.text)
		if _, twice := u.by[key]; twice {
			return nil, &Error{"disclosure", i, nil, "given twice", nil}
		}
		u.by[key] = i
	}
	if err := u.object(payload, nil); err != nil {
		return nil, err
	}
	for i := range list {
		if u.places[i] == nil {
			return nil, &Error{"disclosure", i, nil, "the token has no digest of it", nil}
		}
	}
	return u, nil
}

// value unfolds what lies inside v and returns what takes its place.
func (u *unfolder) value(v any, at Path) (any, error) {
	if len(at) > MaxDepth {
		return nil, &Error{"token", -1, at[:8], "nested too deep", nil}
	}
	switch v := v.(type) {
	case map[string]any:
		return v, u.object(v, at)
	case []any:
		return u.array(v, at)
	}
	return v, nil
}

func (u *unfolder) object(o map[string]any, at Path) (err error) {
	if _, ok := o["..."]; ok {
		return &Error{"...", -1, at, "outside an array", nil}
	}
	sd, hides := o["_sd"]
	delete(o, "_sd")
	for name := range o {
		if o[name], err = u.value(o[name], at.plus(name)); err != nil {
			return err
		}
	}
	if !hides {
		return nil
	}
	digests, ok := sd.([]any)
	if !ok {
		return &Error{"_sd", -1, at, "not an array", nil}
	}
	for _, v := range digests {
		text, ok := v.(string)
		if !ok {
			return &Error{"_sd", -1, at, "not an array of texts", nil}
		}
		if err := u.member(o, text, at); err != nil {
			return err
		}
	}
	return nil
}

// member puts a disclosed member into its object.
func (u *unfolder) member(o map[string]any, digest string, at Path) error {
	i, err := u.meet(digest, at)
	if err != nil || i < 0 {
		return err
	}
	d := u.list[i]
	if d.element {
		return &Error{"disclosure", i, at, "an element where a member belongs", nil}
	}
	if _, taken := o[d.name]; taken {
		return &Error{"disclosure", i, at.plus(d.name), "there is one of that name", nil}
	}
	o[d.name], err = u.enter(i, at.plus(d.name))
	return err
}

func (u *unfolder) array(a []any, at Path) ([]any, error) {
	out := make([]any, 0, len(a))
	for n, v := range a {
		o, ok := v.(map[string]any)
		marker, hidden := o["..."]
		if !ok || !hidden {
			v, err := u.value(v, at.plus(n))
			if err != nil {
				return nil, err
			}
			out = append(out, v)
			continue
		}
		text, ok := marker.(string)
		if !ok || len(o) != 1 {
			return nil, &Error{"...", -1, at.plus(n), "not alone, or not a text", nil}
		}
		i, err := u.meet(text, at.plus(n))
		if err != nil {
			return nil, err
		}
		if i < 0 {
			continue // not shown, or a decoy
		}
		if !u.list[i].element {
			return nil, &Error{"disclosure", i, at.plus(n), "a member where an element belongs", nil}
		}
		shown, err := u.enter(i, at.plus(n))
		if err != nil {
			return nil, err
		}
		out = append(out, shown)
	}
	return out, nil
}

// meet returns the disclosure of a digest, or -1.
func (u *unfolder) meet(digest string, at Path) (int, error) {
	if u.seen[digest] {
		return -1, &Error{"digest", -1, at, "stands twice", nil}
	}
	u.seen[digest] = true
	if i, ok := u.by[digest]; ok {
		return i, nil
	}
	return -1, nil
}

// enter unfolds what a disclosure holds.
func (u *unfolder) enter(i int, at Path) (any, error) {
	u.places[i], u.parents[i] = at, u.within
	outer := u.within
	u.within = i
	v, err := u.value(clone(u.list[i].value), at)
	u.within = outer
	return v, err
}

// needed returns the numbers of the disclosures that show the wanted claims:
// those on the way to them, they themselves, and all that lie inside.
func (u *unfolder) needed(want []Path) []int {
	keep := make([]bool, len(u.list))
	for i, at := range u.places {
		if !slices.ContainsFunc(want, func(w Path) bool { return at.within(w) }) && !leadsTo(at, want) {
			continue
		}
		for j := i; j >= 0 && !keep[j]; j = u.parents[j] {
			keep[j] = true
		}
	}
	var out []int
	for i, k := range keep {
		if k {
			out = append(out, i)
		}
	}
	return out
}

// leadsTo tells whether a wanted claim lies inside at.
func leadsTo(at Path, want []Path) bool {
	return slices.ContainsFunc(want, func(w Path) bool {
		if len(w) < len(at) {
			return false
		}
		return at.within(w[:len(at)])
	})
}

// clone keeps disclosures as they came; unfolding changes what it walks.
func clone(v any) any {
	switch v := v.(type) {
	case map[string]any:
		out := make(map[string]any, len(v))
		for name, value := range v {
			out[name] = clone(value)
		}
		return out
	case []any:
		out := make([]any, len(v))
		for i := range v {
			out[i] = clone(v[i])
		}
		return out
	}
	return v
}
