package statuslist

import (
	"crypto/rand"
	"math/big"
	"time"
)

// A Verdict is what a list says about one token.
type Verdict struct {
	Known  bool      // false: the list no longer holds, or not yet
	Status Status    // as of AsOf; means nothing unless Known
	AsOf   time.Time // when the issuer last said so
}

// Status looks up a reference at an instant. A list of another URI and an index
// past its end are errors. A list that has expired, or was kept longer than its
// time to live when it names no expiry, or names neither, makes nothing known:
// old news must never look good.
func (t *Token) Status(ref Reference, at time.Time) (Verdict, error) {
	if ref.URI != t.Subject {
		return Verdict{}, refuse("uri", "names another list")
	}
	if ref.Index >= uint64(t.List.Len()) {
		return Verdict{}, refuse("idx", "past the end of the list")
	}
	s, err := t.List.Get(int(ref.Index))
	if err != nil {
		return Verdict{}, err
	}
	return Verdict{!at.Before(t.IssuedAt) && at.Before(t.until()), s, t.IssuedAt}, nil
}

func (t *Token) until() time.Time {
	if t.Expires.IsZero() {
		return t.IssuedAt.Add(t.TTL)
	}
	return t.Expires
}

// RefreshAt returns when a copy fetched at an instant should be replaced.
func (t *Token) RefreshAt(fetched time.Time) time.Time {
	if t.TTL > 0 && fetched.Add(t.TTL).Before(t.until()) {
		return fetched.Add(t.TTL)
	}
	return t.until()
}

// Allocate picks an index whose entry in used, a list of one bit, is 0, and sets
// it. Indexes must never be used again, and not in order, or they would tell who
// got a licence when.
func Allocate(used *List) (int, error) {
	n := used.Len()
	from, err := rand.Int(rand.Reader, big.NewInt(int64(n)))
	if err != nil {
		return 0, err
	}
	for k := range n {
		i := (int(from.Int64()) + k) % n
		if s, err := used.Get(i); err == nil && s == 0 {
			return i, used.Set(i, 1)
		}
	}
	return 0, refuse("index", "all taken")
}
