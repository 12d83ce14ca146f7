// Package reduce applies events to records. It is the only place where a
// record changes, live and in rebuild, and it copies what the event decided:
// it reads no catalogue, expression, calendar, wall clock or randomness.
package reduce

import (
	"fmt"
	"maps"
	"slices"

	"github.com/dinghai/dinghai/domain"
)

// Apply gives the record after an event. before is nil for the opening event
// and is never modified.
func Apply(before *domain.Record, e *domain.Event) (*domain.Record, error) {
	if e.Schema > domain.EventSchema {
		return nil, fmt.Errorf("event %s has schema %d, this build reads up to %d", e.ID, e.Schema, domain.EventSchema)
	}
	r, err := start(before, e)
	if err != nil {
		return nil, err
	}
	c := &e.Changes
	place(r, e, c)
	r.Fields = set(r.Fields, c.Set)
	r.Aliases = merge(r.Aliases, c.Aliases)
	r.Flags = upsert(r.Flags, c.Flags, func(a, b domain.Flag) bool { return a.Code == b.Code && a.From == b.From })
	r.Parties = upsert(r.Parties, c.Parties, func(a, b domain.Party) bool { return a.Role == b.Role && a.Who == b.Who })
	r.Clocks = upsert(r.Clocks, c.Clocks, func(a, b domain.Clock) bool { return a.ID == b.ID })
	r.Tasks = upsert(r.Tasks, c.Tasks, func(a, b domain.Task) bool { return a.ID == b.ID })
	r.Links = upsert(r.Links, c.Links, func(a, b domain.Link) bool { return a.Role == b.Role && a.To == b.To })
	if len(c.Papers) > 0 {
		r.Papers = append(slices.Clip(r.Papers), c.Papers...)
	}
	correct(r, c.Correct)
	trail(r, e, c)
	end(r, c)
	r.Seq++
	r.Pos = e.Pos
	return r, nil
}

func start(before *domain.Record, e *domain.Event) (*domain.Record, error) {
	if before == nil {
		o := e.Changes.Open
		if o == nil {
			return nil, fmt.Errorf("event %s (%s) on record %d-%s, which no event opened", e.ID, e.Type, e.Home, e.Record)
		}
		return &domain.Record{Ref: domain.Ref{Home: e.Home, ID: e.Record}, Kind: e.Kind, Class: o.Class,
			Process: o.Process, Parent: o.Parent, Mirror: o.Mirror, Opened: e.On, Made: e.At, MadeBy: e.Actor}, nil
	}
	if e.Changes.Open != nil {
		return nil, fmt.Errorf("event %s opens record %s a second time", e.ID, before.Ref)
	}
	r := *before
	return &r, nil
}

// place takes over state, area, subject, organ and number.
func place(r *domain.Record, e *domain.Event, c *domain.Changes) {
	if c.State != "" {
		r.State = c.State
		r.Closed = c.Closed
	}
	if c.Area != "" {
		r.Area = c.Area
	}
	if c.Zones != nil {
		r.Zones = c.Zones
	}
	if c.Of != nil {
		r.Of, r.OfKind = *c.Of, c.OfKind
	}
	if c.Organ != "" {
		r.Organ = c.Organ
	}
	if c.Number != "" {
		r.Number = c.Number
	}
}

func set(fields, changed map[string]any) map[string]any {
	if len(changed) == 0 {
		return fields
	}
	out := make(map[string]any, len(fields)+len(changed))
	maps.Copy(out, fields)
	for k, v := range changed {
		if v == nil {
			delete(out, k)
		} else {
			out[k] = v
		}
	}
	return out
}

func merge(m, add map[string]string) map[string]string {
	if len(add) == 0 {
		return m
	}
	out := maps.Clone(m)
	if out == nil {
		out = map[string]string{}
	}
	maps.Copy(out, add)
	return out
}

// upsert replaces the element that is the same thing, or appends. The old
// slice is left as it was.
func upsert[T any](have, changed []T, same func(a, b T) bool) []T {
	if len(changed) == 0 {
		return have
	}
	out := slices.Clone(have)
	for _, x := range changed {
		if i := slices.IndexFunc(out, func(h T) bool { return same(h, x) }); i >= 0 {
			out[i] = x
		} else {
			out = append(out, x)
		}
	}
	return out
}

// correct restates the date of a mark; field values come through Set.
func correct(r *domain.Record, list []domain.Correction) {
	for _, c := range list {
		if c.Mark == "" {
			continue
		}
		on, _ := c.New.(string)
		r.Trail = slices.Clone(r.Trail)
		for i := range r.Trail {
			if r.Trail[i].Event == c.Mark {
				r.Trail[i].On = domain.Date(on)
				if i == 0 {
					r.Opened = domain.Date(on)
				}
				break
			}
		}
	}
}

func trail(r *domain.Record, e *domain.Event, c *domain.Changes) {
	if c.Quiet && c.State == "" {
		return
	}
	m := domain.Mark{Event: e.Type, On: e.On, State: c.State, Area: c.Area, Late: e.Late, Pos: e.Pos}
	r.Trail = append(slices.Clip(r.Trail), m)
}

func end(r *domain.Record, c *domain.Changes) {
	if c.Void {
		r.Voided = true
	}
	if c.Merge != nil {
		r.Merged = *c.Merge
		r.Voided = true
	}
	if c.Erase {
		r.Erased = true
	}
}
