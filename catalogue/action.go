package catalogue

import (
	"github.com/dinghai/dinghai/catalogue/expr"
)

// Action is a step on a record.
type Action struct {
	Action  string                 `yaml:"action"`
	Label   Text                   `yaml:"label"`
	Help    Text                   `yaml:"help,omitempty"`
	Opens   bool                   `yaml:"opens,omitempty"` // creates the record
	From    []string               `yaml:"from,omitempty"`  // states it starts from; "*" = any but end states
	To      string                 `yaml:"to,omitempty"`    // next state; "" = stays
	Branch  []*Branch              `yaml:"branch,omitempty"`
	Roles   []string               `yaml:"roles,omitempty"` // who may; empty = only the platform (effects, lapses)
	Emits   string                 `yaml:"emits"`           // event type, system.what_happened
	Form    []*Form                `yaml:"form,omitempty"`
	Guards  []*Guard               `yaml:"guards,omitempty"`
	Set     map[string]string      `yaml:"set,omitempty"`  // field → CEL
	Area    string                 `yaml:"area,omitempty"` // CEL → area code: the record moves there
	Clocks  *ClockSteps            `yaml:"clocks,omitempty"`
	Flags   []*FlagStep            `yaml:"flags,omitempty"`
	Parties []*PartyStep           `yaml:"parties,omitempty"`
	Papers  []*PaperStep           `yaml:"papers,omitempty"`
	Number  *Number                `yaml:"number,omitempty"` // gives the record its business number
	Effects []*Effect              `yaml:"effects,omitempty"`
	Hook    string                 `yaml:"hook,omitempty"`  // pure Go function of the system: loaded facts → changes and effects
	Load    map[string]*Population `yaml:"load,omitempty"`  // populations the hook needs
	Quiet   bool                   `yaml:"quiet,omitempty"` // routine entry: leaves no mark on the record's trail
	Tell    bool                   `yaml:"tell,omitempty"`  // reports the record's new state to its parent and siblings
	Ask     string                 `yaml:"ask,omitempty"`   // "reason": a reason is required

	SetX  []SetStep     `yaml:"-"` // Set in field order, compiled
	AreaX *expr.Program `yaml:"-"`
}

// SetStep is one compiled assignment.
type SetStep struct {
	Name  string
	Field *Field // nil: the kind has none of that name
	X     *expr.Program
}

// ClockSteps is what an action does to clocks.
type ClockSteps struct {
	Start  []*ClockStart     `yaml:"start,omitempty"`
	Stop   map[string]string `yaml:"stop,omitempty"`   // code → outcome: met (missed if late), lapsed, cancelled
	Pause  map[string]string `yaml:"pause,omitempty"`  // code → ground
	Resume []string          `yaml:"resume,omitempty"` // codes
	Extend *ClockExtend      `yaml:"extend,omitempty"`
}

// ClockStart starts a clock by rule code.
type ClockStart struct {
	Clock  string `yaml:"clock"`
	When   string `yaml:"when,omitempty"`   // CEL → bool
	From   string `yaml:"from,omitempty"`   // CEL → date; default the effective date
	Period string `yaml:"period,omitempty"` // CEL → text: for duties
	Each   string `yaml:"each,omitempty"`   // CEL → list of dates: one clock per date, period = the date
	Act    string `yaml:"act,omitempty"`    // CEL → date that picks the rule when the rule says act_date
	Met    bool   `yaml:"met,omitempty"`    // this very step is what had to be done by then: met, or missed

	WhenX, FromX, PeriodX, EachX, ActX *expr.Program `yaml:"-"`
}

// ClockExtend lengthens a running clock.
type ClockExtend struct {
	Clock string `yaml:"clock"`
	N     string `yaml:"n,omitempty"` // CEL → int; default the rule's own extension

	NX *expr.Program `yaml:"-"`
}

// FlagStep sets or clears an overlay.
type FlagStep struct {
	Flag  string `yaml:"flag"`
	Clear bool   `yaml:"clear,omitempty"`
	Until string `yaml:"until,omitempty"` // CEL → date
	When  string `yaml:"when,omitempty"`

	UntilX, WhenX *expr.Program `yaml:"-"`
}

// PartyStep adds a subject to a case in a role.
type PartyStep struct {
	Role string `yaml:"role"`
	Who  string `yaml:"who"` // CEL → reference
	When string `yaml:"when,omitempty"`

	WhoX, WhenX *expr.Program `yaml:"-"`
}

// PaperStep draws up an official document as data.
type PaperStep struct {
	Paper string            `yaml:"paper"`
	When  string            `yaml:"when,omitempty"`
	Data  map[string]string `yaml:"data,omitempty"` // CEL by field of the paper

	WhenX *expr.Program            `yaml:"-"`
	DataX map[string]*expr.Program `yaml:"-"`
}

// Number is a gap-free series per organ, kind and year.
type Number struct {
	Series string `yaml:"series"` // kind of number
	Format string `yaml:"format"` // {short} {year} {n} {n:5}
}

// Effect is something that follows: an action on another record, or work for
// a consumer.
type Effect struct {
	When  string            `yaml:"when,omitempty"`  // CEL → bool
	Each  string            `yaml:"each,omitempty"`  // CEL → list; each element is `it`
	Do    string            `yaml:"do,omitempty"`    // kind.action, full name
	To    string            `yaml:"to,omitempty"`    // CEL → reference; "" with an opening action = a new record
	Of    string            `yaml:"of,omitempty"`    // CEL → reference: subject of a record to be opened; default this one's subject
	With  map[string]string `yaml:"with,omitempty"`  // CEL by input of that action
	Area  string            `yaml:"area,omitempty"`  // CEL
	Carry map[string]string `yaml:"carry,omitempty"` // sealed field of the record to be opened ← sealed field of this one
	Link  string            `yaml:"link,omitempty"`  // role under which this record remembers the new one
	Keep  string            `yaml:"keep,omitempty"`  // field of this record that receives the reference of the new one
	Out   string            `yaml:"out,omitempty"`   // notify | disclose | render | issue: recorded, performed by a consumer
	Data  map[string]string `yaml:"data,omitempty"`  // CEL

	WhenX, EachX, ToX, OfX, AreaX *expr.Program            `yaml:"-"`
	WithX, DataX                  map[string]*expr.Program `yaml:"-"`
}

// Population is a set of records an action's hook needs.
type Population struct {
	Kind  string `yaml:"kind"`
	Area  string `yaml:"area,omitempty"`  // CEL; default the record's area
	Where string `yaml:"where,omitempty"` // CEL over rec of each candidate

	AreaX, WhereX *expr.Program `yaml:"-"`
}
