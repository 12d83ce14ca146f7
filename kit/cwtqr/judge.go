package cwtqr

import (
	"time"

	"github.com/dinghai/dinghai/kit/statuslist"
)

// A State is what may be said of a licence whose signature is good.
type State string

// The states. Only InForce may ever look green.
const (
	Unknown   State = "unknown"
	InForce   State = "in force"
	Revoked   State = "revoked"
	Suspended State = "suspended"
)

// A Verdict is a state and when the issuer said so: "signature good; in force as
// of …". Without news there is no time.
type Verdict struct {
	State State
	AsOf  time.Time
}

// Judge looks the licence up in a status list that the caller has verified; nil
// when there is none at hand. A list of another URI is an error. An expired one
// makes the state Unknown, with the time of the old news.
func (c *Claims) Judge(list *statuslist.Token, at time.Time) (Verdict, error) {
	if list == nil {
		return Verdict{State: Unknown}, nil
	}
	v, err := list.Status(c.Status, at)
	if err != nil {
		return Verdict{State: Unknown}, err
	}
	out := Verdict{Unknown, v.AsOf}
	if v.Known {
		switch v.Status {
		case statuslist.Valid:
			out.State = InForce
		case statuslist.Invalid:
			out.State = Revoked
		case statuslist.Suspended:
			out.State = Suspended
		}
	}
	return out, nil
}
