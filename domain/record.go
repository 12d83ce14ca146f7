package domain

import (
	"strconv"
	"time"

	"github.com/dinghai/dinghai/kit/calendar"
)

// Date is a local date (Asia/Shanghai).
type Date = calendar.Date

// Ref names a record: the home that registered it and its UUIDv7.
type Ref struct {
	Home int    `json:"h,omitempty"`
	ID   string `json:"i,omitempty"`
}

// Zero reports whether r names nothing.
func (r Ref) Zero() bool { return r.ID == "" }

// String gives the form used in addresses: home-uuid.
func (r Ref) String() string {
	if r.Zero() {
		return ""
	}
	return strconv.Itoa(r.Home) + "-" + r.ID
}

// ParseRef reads the form written by String.
func ParseRef(s string) (Ref, error) {
	for i := range len(s) {
		if s[i] != '-' {
			continue
		}
		home, err := strconv.Atoi(s[:i])
		if err != nil || home <= 0 || len(s)-i-1 != 36 {
			break
		}
		return Ref{Home: home, ID: s[i+1:]}, nil
	}
	return Ref{}, Failf(Invalid, "ref", "ref", "「%s」不是有效的记录编号", "%q is not a record reference", s)
}

// The two classes of record.
const (
	Subject = "subject" // what is regulated
	Case    = "case"    // one file of a matter
)

// Record is a subject or a case with everything decided about it so far. It is
// what the reducer makes of the record's events; every table but the event
// table can be made again from records.
type Record struct {
	Ref
	Kind    string            `json:"k"`            // system.name, e.g. complaint.complaint
	Class   string            `json:"cl"`           // Subject or Case
	Process int               `json:"pv,omitempty"` // pinned version of the kind's process and forms
	State   string            `json:"st"`
	Fields  map[string]any    `json:"f,omitempty"` // public and internal values; sealed ones as Sealed
	Of      Ref               `json:"of,omitzero"` // a case's subject
	OfKind  string            `json:"ok,omitempty"`
	Parent  Ref               `json:"pa,omitzero"` // the record whose action opened this one
	Area    string            `json:"ar,omitempty"`
	Zones   []string          `json:"zo,omitempty"`
	Organ   string            `json:"og,omitempty"`
	Number  string            `json:"no,omitempty"` // business number given by us; none in a mirror case
	Aliases map[string]string `json:"al,omitempty"` // outside numbers by system
	Flags   []Flag            `json:"fl,omitempty"`
	Parties []Party           `json:"pt,omitempty"`
	Clocks  []Clock           `json:"ck,omitempty"`
	Tasks   []Task            `json:"tk,omitempty"`
	Papers  []Paper           `json:"pp,omitempty"`
	Links   []Link            `json:"ln,omitempty"` // children, siblings, results
	Trail   []Mark            `json:"tr,omitempty"`
	Opened  Date              `json:"op"`
	Closed  Date              `json:"cd,omitempty"`
	Mirror  bool              `json:"mi,omitempty"` // authority lies outside
	Voided  bool              `json:"vd,omitempty"`
	Merged  Ref               `json:"mg,omitzero"`
	Erased  bool              `json:"er,omitempty"`
	Made    time.Time         `json:"mt"` // when the opening event was recorded, UTC
	MadeBy  string            `json:"mb,omitempty"`
	Seq     int               `json:"sq"` // number of events applied; the version a caller quotes
	Pos     int64             `json:"ps"` // position of the last event in its home
}

// Mark is one step of a record's history, as indicators and guards need it:
// which event, on what date, and the state and area it led to.
type Mark struct {
	Event string `json:"e"`
	On    Date   `json:"o"`
	State string `json:"s,omitempty"`
	Area  string `json:"a,omitempty"` // only where it changed
	Late  bool   `json:"l,omitempty"` // recorded after a due date it was dated before
	Pos   int64  `json:"p,omitempty"`
}

// Flag is an overlay with dates: abnormal list, seizure, investigation.
type Flag struct {
	Code string `json:"c"`
	From Date   `json:"f"`
	To   Date   `json:"t,omitempty"` // first day it no longer holds
	Why  string `json:"w,omitempty"`
}

// Party is a subject's or person's role in a case.
type Party struct {
	Role string `json:"r"`
	Who  Ref    `json:"w,omitzero"`
	Name string `json:"n,omitempty"` // public name; people's names stay in sealed fields
}

// Link ties a record to another one: child, sibling, case, result.
type Link struct {
	Role  string `json:"r"`
	To    Ref    `json:"t"`
	Kind  string `json:"k"`
	State string `json:"s,omitempty"` // last state reported back by the other record
}

// Task says what somebody must do next on a record.
type Task struct {
	ID       string `json:"i"`
	Todo     string `json:"d"` // state or rule it comes from; labels are looked up
	Role     string `json:"r"`
	Due      Date   `json:"u,omitempty"`
	Assignee string `json:"a,omitempty"`
	Opened   Date   `json:"o"`
	Done     Date   `json:"x,omitempty"`
}

// Paper is an official document as data: rendered later, numbered now.
type Paper struct {
	Kind   string         `json:"k"`
	Number string         `json:"n,omitempty"` // empty for drafts of a mirror case
	On     Date           `json:"o"`
	Draft  bool           `json:"d,omitempty"`
	Data   map[string]any `json:"f,omitempty"`
	Void   bool           `json:"v,omitempty"`
}

// Clock outcomes. An open clock has none; overdue is due < today and open.
const (
	Met       = "met"
	MetLate   = "met_late" // met, but entered after the due date (late entry)
	Missed    = "missed"
	Lapsed    = "lapsed"    // the period ran out and that was its purpose (notice periods)
	Cancelled = "cancelled" // its reason fell away
)

// Clock is one statutory period on a record, with all that its date rests on.
type Clock struct {
	ID      string      `json:"i"` // code, or code#n from the second start on
	Code    string      `json:"c"`
	Version int         `json:"v"` // version of the dated rule
	N       int         `json:"n"`
	Unit    string      `json:"u"`
	Back    bool        `json:"b,omitempty"`
	Start   Date        `json:"s"`
	Due     Date        `json:"d"`
	DueAt   *time.Time  `json:"da,omitempty"` // hours only
	Pauses  []Pause     `json:"p,omitempty"`
	Ext     []Extension `json:"e,omitempty"`
	Stopped Date        `json:"x,omitempty"`
	Outcome string      `json:"o,omitempty"`
	Period  string      `json:"pe,omitempty"` // for duties: the period the entry is for
	Channel string      `json:"ch,omitempty"` // a sender's own limit; not statutory
	Was     []Date      `json:"w,omitempty"`  // earlier due dates, when the calendar changed
}

// Open reports whether the clock still runs or is paused.
func (c Clock) Open() bool { return c.Outcome == "" }

// Paused reports whether a pause is open.
func (c Clock) Paused() bool {
	return len(c.Pauses) > 0 && c.Pauses[len(c.Pauses)-1].To == ""
}

// Pause is time a clock does not count; To is the resume day.
type Pause struct {
	From   Date   `json:"f"`
	To     Date   `json:"t,omitempty"`
	Ground string `json:"g"`
}

// Extension lengthens a clock by a decision taken before the old due date.
type Extension struct {
	N        int    `json:"n"`
	Unit     string `json:"u"`
	Approver string `json:"a"`
	Reason   string `json:"r"`
	On       Date   `json:"o"`
	Old      Date   `json:"d"`
}

// Clock finds a clock by id.
func (r *Record) Clock(id string) *Clock {
	for i := range r.Clocks {
		if r.Clocks[i].ID == id {
			return &r.Clocks[i]
		}
	}
	return nil
}

// Assignees tells who has the open tasks, in the order they were opened in.
func (r *Record) Assignees() (ids []string) {
	for _, t := range r.Tasks {
		if t.Done == "" && t.Assignee != "" {
			ids = append(ids, t.Assignee)
		}
	}
	return ids
}

// OpenClock finds the running clock of a rule code.
func (r *Record) OpenClock(code string) *Clock {
	for i := len(r.Clocks) - 1; i >= 0; i-- {
		if r.Clocks[i].Code == code && r.Clocks[i].Open() {
			return &r.Clocks[i]
		}
	}
	return nil
}

// Marked gives the first date of an event, "" if it never happened.
func (r *Record) Marked(event string) Date {
	for _, m := range r.Trail {
		if m.Event == event {
			return m.On
		}
	}
	return ""
}

// LastMarked gives the latest date of an event, "" if it never happened.
func (r *Record) LastMarked(event string) Date {
	for i := len(r.Trail) - 1; i >= 0; i-- {
		if r.Trail[i].Event == event {
			return r.Trail[i].On
		}
	}
	return ""
}

// Times counts how often an event happened.
func (r *Record) Times(event string) int {
	n := 0
	for _, m := range r.Trail {
		if m.Event == event {
			n++
		}
	}
	return n
}

// Flagged reports whether an overlay holds on a day.
func (r *Record) Flagged(code string, on Date) bool {
	for _, f := range r.Flags {
		if f.Code == code && f.From <= on && (f.To == "" || on < f.To) {
			return true
		}
	}
	return false
}
