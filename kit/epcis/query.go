package epcis

import (
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"
)

// Query is a SimpleEventQuery of EPCIS 2.0: conditions that all must hold, and
// how many events are wanted in which order.
type Query struct {
	conditions []func(*Event) bool
	orderBy    Name
	ascending  bool
	limit      int // eventCountLimit, 0 for none
	most       int // maxEventCount, 0 for none

	// PerPage is how many events a page should have, 0 when the query does not say.
	PerPage int
}

// ErrTooLarge says that more events match than maxEventCount allows.
var ErrTooLarge = errors.New("epcis: more events than maxEventCount")

// Match tells whether an event meets all conditions.
func (q *Query) Match(e *Event) bool {
	for _, c := range q.conditions {
		if !c(e) {
			return false
		}
	}
	return true
}

// Filter returns the events that match, in the order and number that the query
// wants.
func (q *Query) Filter(events []Event) ([]*Event, error) {
	var out []*Event
	for i := range events {
		if q.Match(&events[i]) {
			out = append(out, &events[i])
		}
	}
	if q.most > 0 && len(out) > q.most {
		return nil, ErrTooLarge
	}
	if q.orderBy.Local != "" {
		slices.SortStableFunc(out, func(a, b *Event) int {
			c := compareValues(a.orderValue(q.orderBy), b.orderValue(q.orderBy))
			if !q.ascending {
				return -c
			}
			return c
		})
	}
	if q.limit > 0 && len(out) > q.limit {
		out = out[:q.limit]
	}
	return out, nil
}

func (e *Event) orderValue(n Name) string {
	switch n {
	case Name{Local: "eventTime"}:
		return e.Time.UTC().Format(time.RFC3339Nano)
	case Name{Local: "recordTime"}:
		return e.RecordTime.UTC().Format(time.RFC3339Nano)
	}
	for _, x := range e.Extensions {
		if x.Name == n {
			return x.Text
		}
	}
	return ""
}

// compareValues compares numbers as numbers, times as times, else text.
func compareValues(a, b string) int {
	x, errX := strconv.ParseFloat(a, 64)
	y, errY := strconv.ParseFloat(b, 64)
	if errX == nil && errY == nil {
		switch {
		case x < y:
			return -1
		case x > y:
			return 1
		}
		return 0
	}
	s, errS := parseTime(a)
	t, errT := parseTime(b)
	if errS == nil && errT == nil {
		return s.Compare(t)
	}
	return strings.Compare(a, b)
}

// String tells how many conditions the query has.
func (q *Query) String() string {
	return fmt.Sprintf("SimpleEventQuery with %d conditions", len(q.conditions))
}
