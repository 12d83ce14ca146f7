package domain

import "time"

// EventSchema is the number written into every event. Older ones are raised by
// pure functions before the reducer sees them.
const EventSchema = 1

// Event is the immutable record of one action and of the changes it decided.
// Reading it needs no catalogue, calendar or clock.
type Event struct {
	Home     int       `json:"h"`
	Pos      int64     `json:"p"` // dense per home, given inside the commit
	ID       string    `json:"i"`
	Record   string    `json:"r"` // id of the record, in the same home
	Kind     string    `json:"k"` // kind of the record
	Type     string    `json:"t"` // what happened: complaint.accepted
	Action   string    `json:"a"`
	On       Date      `json:"o"`  // effective date
	At       time.Time `json:"at"` // recorded, UTC
	Actor    string    `json:"by"`
	Role     string    `json:"as,omitempty"`
	Organ    string    `json:"og,omitempty"`
	Key      string    `json:"ik,omitempty"` // idempotency key of the command
	Hash     string    `json:"hs,omitempty"` // of the command's body, to refuse the key with another body
	Batch    string    `json:"b,omitempty"`
	Cause    string    `json:"ca,omitempty"` // event that led to this one
	Late     bool      `json:"l,omitempty"`  // late entry
	Opening  bool      `json:"ob,omitempty"` // opening balance of an import: never late
	Schema   int       `json:"s"`
	Reason   string    `json:"re,omitempty"`
	Approver string    `json:"ap,omitempty"`
	Changes  Changes   `json:"c"`
}

// Changes is what an event decided, as the values that hold afterwards. The
// reducer copies them; it never computes.
type Changes struct {
	Open    *Opening          `json:"open,omitempty"`
	State   string            `json:"state,omitempty"`
	Closed  Date              `json:"closed,omitempty"`
	Set     map[string]any    `json:"set,omitempty"` // nil clears
	Of      *Ref              `json:"of,omitempty"`
	OfKind  string            `json:"of_kind,omitempty"`
	Area    string            `json:"area,omitempty"`
	Zones   []string          `json:"zones,omitempty"`
	Organ   string            `json:"organ,omitempty"`
	Number  string            `json:"number,omitempty"`
	Aliases map[string]string `json:"aliases,omitempty"`
	Flags   []Flag            `json:"flags,omitempty"`   // upsert by code and from
	Parties []Party           `json:"parties,omitempty"` // upsert by role and who
	Clocks  []Clock           `json:"clocks,omitempty"`  // upsert by id
	Tasks   []Task            `json:"tasks,omitempty"`   // upsert by id
	Papers  []Paper           `json:"papers,omitempty"`  // appended
	Links   []Link            `json:"links,omitempty"`   // upsert by role and target
	Counts  []Count           `json:"counts,omitempty"`  // numbers taken from gap-free series
	Blind   []Blind           `json:"blind,omitempty"`   // keyed hashes by which sealed values are found
	Correct []Correction      `json:"correct,omitempty"`
	Void    bool              `json:"void,omitempty"`
	Merge   *Ref              `json:"merge,omitempty"`
	Erase   bool              `json:"erase,omitempty"`
	Out     []Out             `json:"out,omitempty"`   // work for consumers after commit
	Quiet   bool              `json:"quiet,omitempty"` // leaves no mark on the trail
}

// Opening is the first event of a record.
type Opening struct {
	Class   string `json:"class"`
	Process int    `json:"process"`
	Parent  Ref    `json:"parent,omitzero"`
	Mirror  bool   `json:"mirror,omitempty"`
}

// Count is one number taken from a series: gap-free per organ, kind and year.
type Count struct {
	Organ string `json:"g"`
	Kind  string `json:"k"`
	Year  int    `json:"y"`
	N     int    `json:"n"`
}

// Blind is the keyed hash of a sealed value.
type Blind struct {
	Field string `json:"f"`
	Hash  string `json:"h"`
}

// Correction restates a value in the period it belongs to. Mark corrections
// name the event whose date was wrong.
type Correction struct {
	Field string `json:"f,omitempty"`
	Mark  string `json:"m,omitempty"`
	Old   any    `json:"o"`
	New   any    `json:"n"`
}

// Out is one piece of work handed to consumers, in order, after commit.
type Out struct {
	Kind string         `json:"k"` // do, notify, disclose, render, issue, trigger
	To   Ref            `json:"t,omitzero"`
	Data map[string]any `json:"d,omitempty"`
}
