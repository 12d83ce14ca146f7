package web

import (
	"slices"
	"strings"

	"github.com/dinghai/dinghai/catalogue"
	"github.com/dinghai/dinghai/domain"
	"github.com/dinghai/dinghai/web/format"
	"github.com/dinghai/dinghai/web/view"
)

// timeline tells the record's events, newest first.
func (s *server) timeline(r *request, k *catalogue.Kind, rec *domain.Record) ([]view.Event, error) {
	list, err := s.read.Events(r.Context(), rec.Ref)
	if err != nil {
		return nil, err
	}
	out := make([]view.Event, len(list))
	for i, e := range list {
		out[i] = s.event(r, k, &e)
	}
	slices.Reverse(out)
	return out, nil
}

func (s *server) event(r *request, k *catalogue.Kind, e *domain.Event) view.Event {
	v := view.Event{On: string(e.On), Action: r.action(e.Kind, e.Action), Who: s.actor(r, e), Source: s.source(r.words, e)}
	if e.Changes.State != "" {
		v.State = r.state(e.Kind, e.Changes.State)
	}
	if e.Reason != "" {
		v.Reason = r.T("time.reason", e.Reason)
	}
	v.Marks = eventMarks(r.words, e)
	v.Details = s.details(r, k, e)
	return v
}

// actor names who acted: the platform, or a person with the role.
func (s *server) actor(r *request, e *domain.Event) string {
	if strings.HasPrefix(e.Actor, "system:") {
		return r.T("time.system")
	}
	if e.Actor == anybody {
		return r.role(e.Role)
	}
	who := e.Actor
	if _, err := domain.ParseRef(e.Actor); err == nil {
		who = s.linkTo(r.Context(), r.words, e.Actor).Text
	} else if seat, _, ok := r.seat(e.Actor); ok {
		who = seat
	} else if e.Role == "firm" {
		who = "" // the account of a business is a number of ours
	}
	if role := r.role(e.Role); e.Role != "" && e.Role != "system" && role != who {
		who = strings.TrimSpace(role + " " + who)
	}
	if e.Organ != "" {
		who += " · " + r.organ(e.Organ)
	}
	return who
}

// source says when it was recorded and what led to it.
func (s *server) source(w words, e *domain.Event) string {
	parts := []string{w.l.T("time.recorded", format.Moment(e.At))}
	if e.Cause != "" {
		parts = append(parts, w.l.T("time.caused"))
	}
	if e.Batch != "" {
		parts = append(parts, w.l.T("time.batch", e.Batch))
	}
	if e.Approver != "" {
		parts = append(parts, w.l.T("time.approver", e.Approver))
	}
	return strings.Join(parts, " · ")
}

func eventMarks(w words, e *domain.Event) []string {
	var out []string
	if e.Late {
		out = append(out, w.l.T("time.late"))
	}
	if e.Opening {
		out = append(out, w.l.T("time.opening"))
	}
	return out
}

// details are the changes an event decided, in the catalogue's words.
func (s *server) details(r *request, k *catalogue.Kind, e *domain.Event) []view.Pair {
	var out []view.Pair
	add := func(label, text string) { out = append(out, view.Pair{Label: label, Text: text}) }
	c := &e.Changes
	if c.Number != "" {
		add(r.T("col.number"), c.Number)
	}
	for _, f := range k.Fields {
		if v, ok := c.Set[f.Field]; ok {
			add(f.Label.In(r.lang), s.plain(r.Context(), r.words, f, v))
		}
	}
	for _, x := range c.Correct {
		add(r.T("time.correct", s.fieldName(r.words, k, x)), s.corrected(r, k, x))
	}
	for _, x := range c.Clocks {
		_, word := s.standing(r.words, x)
		if x.Open() && !x.Paused() {
			word = r.T("time.due", string(x.Due))
		}
		add(r.clock(x.Code), word)
	}
	for _, p := range c.Papers {
		add(r.paper(p.Kind), first(p.Number, r.T("paper.draft")))
	}
	if c.Of != nil && c.Open == nil {
		add(r.T("fact.subject"), s.linkTo(r.Context(), r.words, c.Of.String()).Text)
	}
	if c.Area != "" && c.Open == nil {
		add(r.T("fact.area"), r.area(c.Area))
	}
	return out
}

func (s *server) fieldName(w words, k *catalogue.Kind, x domain.Correction) string {
	if f := k.FieldOf(x.Field); f != nil {
		return f.Label.In(w.lang)
	}
	return first(x.Field, x.Mark)
}

// corrected keeps the old value visible.
func (s *server) corrected(r *request, k *catalogue.Kind, x domain.Correction) string {
	f := k.FieldOf(x.Field)
	if f == nil {
		return r.T("time.oldnew", text(x.Old), text(x.New))
	}
	return r.T("time.oldnew", s.plain(r.Context(), r.words, f, x.Old), s.plain(r.Context(), r.words, f, x.New))
}
