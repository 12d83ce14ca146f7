package recount

import (
	"encoding/json"
	"strconv"
)

// record is one row of a kind's file with what the shared files say of it.
type record struct {
	id, kind, state, area, of string
	parent                    string // the record whose action opened this one
	voided                    bool
	f                         map[string]string
	trail                     []step
	limits                    []limit
	links                     []link
}

// step is a line of the trail.
type step struct {
	event, on, state, area string
	position               int64
}

// limit is a line of the clocks.
type limit struct {
	code, due, stopped, outcome string
	elapsed                     int64
}

type link struct{ role, to string }

// inTime reports whether what was demanded was done on the last day or before.
// Something entered late counts by the day it was done.
func (l limit) inTime() bool {
	return has([]string{"met", "met_late"}, l.outcome) && l.stopped != "" && l.stopped <= l.due
}

// first is the day a step was first taken.
func (r *record) first(event string) string {
	for _, t := range r.trail {
		if t.event == event {
			return t.on
		}
	}
	return ""
}

// place is where the record was at the end of a day. Before its first line it
// was where that line found it.
func (r *record) place(day string) string {
	at := ""
	for _, t := range r.trail {
		if t.area != "" && (at == "" || t.on <= day) {
			at = t.area
		}
	}
	if at == "" {
		return r.area
	}
	return at
}

// stood reports whether the record was in one of the states at the end of a
// day. A date of its own may stand for the day it first came into one: what
// was taken over from an older register began before the platform did.
func (r *record) stood(day, since string, states []string) bool {
	first, came := true, ""
	for _, t := range r.trail {
		switch {
		case t.state == "" || has(states, t.state) == (came != ""):
			continue
		case came == "":
			if came = t.on; first && since != "" {
				came = since
			}
			first = false
		default:
			if came <= day && day < t.on {
				return true
			}
			came = ""
		}
	}
	return came != "" && came <= day
}

// linked reports whether the record points to another in a role.
func (r *record) linked(role string) bool {
	for _, l := range r.links {
		if l.role == role {
			return true
		}
	}
	return false
}

func (r *record) yes(field string) bool { return r.f[field] == "true" }

// one reports whether a field holds one of the codes.
func (r *record) one(field string, codes ...string) bool { return has(codes, r.f[field]) }

// number reads a whole number; an empty cell is none. Large ones may come with
// an exponent.
func (r *record) number(field string) int64 {
	x, _ := strconv.ParseFloat(r.f[field], 64)
	return int64(x)
}

// list reads a cell that holds several values.
func (r *record) list(field string) []string {
	var out []string
	if json.Unmarshal([]byte(r.f[field]), &out) != nil {
		return nil
	}
	return out
}
