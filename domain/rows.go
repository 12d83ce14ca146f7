package domain

import "time"

// WriteSet is everything one transaction adds to the store. Within it each
// record, clock, task and search row appears once, in its last form.
type WriteSet struct {
	Events        []Event
	Records       []RecordRow
	Clocks        []ClockRow
	Tasks         []TaskRow
	Links         []LinkRow
	Contributions []Contribution // new rows, open (PosTo 0)
	Closed        []Contribution // rows to close; identified by Key columns, PosTo set
	Claims        []Claim
	Blind         []BlindRow
	Counters      []CounterRow
	Receipts      []ReceiptRow
	Outbox        []OutboxRow
	Heads         map[int]int64 // last position per home

	Made any // what the store made of it beforehand
}

// Empty reports whether nothing would be written.
func (w *WriteSet) Empty() bool { return len(w.Events) == 0 && len(w.Records) == 0 }

// RecordRow is a record with the columns lists and search need.
type RecordRow struct {
	*Record
	New      bool    // insert rather than update
	Was      *Record // what is stored; nil when new, or when the store must look
	Title    string  // name or short description shown in lists; never sealed
	Code     string  // credit code, certificate or sample number; searched by prefix
	Text     string  // what full text finds; "" = not searchable
	Reindex  bool    // Text or Code differ from what was indexed before
	Initials string  // pinyin initials of Title; of subjects only
}

// ClockRow is a clock as its own row, for due lists.
type ClockRow struct {
	Home   int
	Record string
	Kind   string
	Area   string
	Organ  string
	Voided bool
	Clock
}

// TaskRow is a task as its own row: the inbox.
type TaskRow struct {
	Home   int
	Record string
	Kind   string
	Area   string
	Organ  string
	Voided bool
	Task
}

// LinkRow lets one find records from the record they point to.
type LinkRow struct {
	Home   int
	Record string
	Role   string // of, parent, or a party or link role
	To     Ref
}

// Forever closes the interval of a spell that has not ended.
const Forever Date = "9999-12-31"

// Contribution is one row behind a figure. A point (flow, due, duration) has
// Until ""; a spell of a stock runs from Day to before Until.
type Contribution struct {
	Indicator string
	Version   int
	Home      int
	Record    string
	N         int // ordinal within the record
	Key       string
	Area      string
	Zones     []string
	Day       Date
	Until     Date
	Num       int64
	Den       int64
	PosFrom   int64
	PosTo     int64 // 0 = in force
}

// Claim holds a value that may exist once over all homes: a credit code.
type Claim struct {
	Kind  string
	Value string
	Owner Ref
}

// BlindRow finds a sealed value by equality, without storing it.
type BlindRow struct {
	Home   int
	Record string
	Field  string
	Hash   string // keyed; hex
}

// CounterRow is the last number taken from a series.
type CounterRow struct {
	Home  int
	Organ string
	Kind  string
	Year  int
	N     int
}

// ReceiptRow remembers an idempotency key.
type ReceiptRow struct {
	Home   int
	Key    string
	Hash   string
	Record string
	Pos    int64 // of the first event written under the key
}

// Outbox states.
const (
	OutPending  = "pending"
	OutDone     = "done"
	OutDeferred = "deferred" // recorded; the part that performs it is not installed
	OutFailed   = "failed"   // gave up after the last try; listed for a person
)

// OutboxRow is one piece of work for a consumer.
type OutboxRow struct {
	Home  int
	Pos   int64
	N     int
	State string
	Tries int
	Next  time.Time
	Error string
	Event string // event id
	Type  string // event type
	Rec   string // record id of the event
	On    Date
	Out
}

// Outcome is what became of a piece of work.
type Outcome struct {
	Home  int
	Pos   int64
	N     int
	State string
	Error string
	Next  time.Time // of the next try, while it is pending
}
