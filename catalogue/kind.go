package catalogue

import (
	"github.com/dinghai/dinghai/catalogue/expr"
	"github.com/dinghai/dinghai/domain"
)

// Text is one wording in both languages.
type Text = domain.Text

// Kind is a kind of record: a subject that is regulated or a matter that is
// worked on. One YAML file under systems/<system>/matters or …/subjects.
type Kind struct {
	Kind      string      `yaml:"kind"`  // name within the system; the full name is system.kind
	Class     string      `yaml:"class"` // subject | case
	Version   int         `yaml:"version"`
	Label     Text        `yaml:"label"`
	About     Text        `yaml:"about,omitempty"`     // what it is, for officers and the public
	Law       []string    `yaml:"law,omitempty"`       // statutes the whole rests on
	Authority *Authority  `yaml:"authority,omitempty"` // where the matter's truth lies; default here
	Subject   string      `yaml:"subject,omitempty"`   // kind of the subject of a case, full name
	Home      string      `yaml:"home,omitempty"`      // city: registered with the city bureau wherever it is
	Builtin   []string    `yaml:"builtin,omitempty"`   // the built-in actions people may do on it; left out = all
	Title     string      `yaml:"title"`               // CEL → text shown in lists; no sealed values
	TitleEN   string      `yaml:"title_en,omitempty"`  // the same in English, where the title has words of its own
	Code      string      `yaml:"code,omitempty"`      // field that holds the outside code (credit code, certificate no.)
	Search    []string    `yaml:"search,omitempty"`    // fields found by full text besides the title
	Zones     string      `yaml:"zones,omitempty"`     // CEL → list of zone codes
	Fields    []*Field    `yaml:"fields"`
	States    []*State    `yaml:"states"`
	Clocks    []*ClockUse `yaml:"clocks,omitempty"`
	Flags     string      `yaml:"flags,omitempty"` // code list that names the overlays its records may bear

	// Parties names the roles others play in its cases.
	Parties map[string]Text `yaml:"parties,omitempty"`
	Actions []*Action       `yaml:"actions"`
	Public  *Public         `yaml:"public,omitempty"`
	Read    []string        `yaml:"read,omitempty"`   // roles that may read it besides those that act on it
	Secret  bool            `yaml:"secret,omitempty"` // only those roles: a role that sees all does not see this
	Retain  *Retain         `yaml:"retain,omitempty"`
	Import  *Import         `yaml:"import,omitempty"`

	System string `yaml:"-"`
	Name   string `yaml:"-"` // system.kind
	File   string `yaml:"-"`
	Hash   string `yaml:"-"` // of the file's content; pinned with Version
	schema string // name of its shape in expressions; earlier versions have their own

	TitleX *expr.Program `yaml:"-"`

	TitleENX *expr.Program `yaml:"-"`

	ZonesX *expr.Program `yaml:"-"`
	fields map[string]*Field
	states map[string]*State
	acts   map[string]*Action
}

// Authority says who holds the truth of a matter and whether that can be switched.
type Authority struct {
	Default string `yaml:"default"` // here | mirror
	System  string `yaml:"system"`  // the outside system mirrored, e.g. "12315"
}

// Public is what a stranger may see of a record, and in which states.
type Public struct {
	When   string   `yaml:"when,omitempty"` // CEL; default false: only date and area
	Fields []string `yaml:"fields,omitempty"`
	Result string   `yaml:"result,omitempty"` // CEL → text

	ResultEN string `yaml:"result_en,omitempty"` // the same in English, where it has words of its own

	WhenX   *expr.Program `yaml:"-"`
	ResultX *expr.Program `yaml:"-"`

	ResultENX *expr.Program `yaml:"-"`
}

// Retain is how long a closed record must be kept before its personal data may
// be erased.
type Retain struct {
	Years int    `yaml:"years"`
	Law   string `yaml:"law"`
}

// Import makes a kind loadable from a table: which action each row performs.
type Import struct {
	As     string              `yaml:"as"`               // name on the command line: entity, complaint …
	Action string              `yaml:"action"`           // opening action
	Key    []string            `yaml:"key"`              // fields that identify a row for idempotent re-runs
	On     string              `yaml:"on,omitempty"`     // column that is the effective date
	Area   string              `yaml:"area,omitempty"`   // column that holds the area or an address
	Of     string              `yaml:"of,omitempty"`     // column that holds the subject's code or name
	Header map[string][]string `yaml:"header,omitempty"` // field → further accepted column names
}

// Field is one datum of a record or of a form.
type Field struct {
	Field    string   `yaml:"field"`
	Type     string   `yaml:"type"` // text note int money number date datetime bool code area industry ref rows uscc resident_id phone file
	Label    Text     `yaml:"label"`
	Help     Text     `yaml:"help,omitempty"`
	Class    string   `yaml:"class,omitempty"`    // public (default) | internal | sealed | secret
	Required bool     `yaml:"required,omitempty"` // on opening; actions say for themselves
	List     string   `yaml:"list,omitempty"`     // code list of type code
	Many     bool     `yaml:"many,omitempty"`     // several values
	Kind     string   `yaml:"kind,omitempty"`     // kind of type ref
	Unit     Text     `yaml:"unit,omitempty"`
	Min      *float64 `yaml:"min,omitempty"`
	Max      *float64 `yaml:"max,omitempty"`
	MaxLen   int      `yaml:"max_len,omitempty"` // runes; default 200, note 4000
	Unique   bool     `yaml:"unique,omitempty"`  // once over all homes
	Blind    bool     `yaml:"blind,omitempty"`   // sealed value findable by equality
	Filter   bool     `yaml:"filter,omitempty"`  // lists can filter by it
	Of       []*Field `yaml:"of,omitempty"`      // columns of type rows
	Alias    []string `yaml:"alias,omitempty"`   // other column names in tables
}

// State is a place in the life of a record.
type State struct {
	State string   `yaml:"state"`
	Label Text     `yaml:"label"`
	Plain Text     `yaml:"plain,omitempty"` // what it means, for the public
	End   bool     `yaml:"end,omitempty"`   // the record is closed on entering it
	Todo  *Todo    `yaml:"todo,omitempty"`  // what somebody must do while it lasts
	Next  []string `yaml:"next,omitempty"`  // actions most cases go on with, the more usual first; [] = none is
}

// Todo opens a task on entering a state and closes it on leaving.
type Todo struct {
	Role  string `yaml:"role"`
	Label Text   `yaml:"label"`
	Clock string `yaml:"clock,omitempty"` // its due date is the task's
}

// ClockUse is how a kind uses a dated clock rule.
type ClockUse struct {
	Clock  string `yaml:"clock"`
	Lapse  string `yaml:"lapse,omitempty"`  // action the platform performs the day after it ran out
	Advice bool   `yaml:"advice,omitempty"` // shown, but counts in no rate
}

// Form is one input of an action: a field of the kind, or one of its own.
type Form struct {
	Field    string `yaml:"field"`
	Optional bool   `yaml:"optional,omitempty"`
	Show     string `yaml:"show,omitempty"`    // CEL over input and rec: asked only then
	Own      *Field `yaml:"own,omitempty"`     // not kept on the record unless `set` does
	Default  string `yaml:"default,omitempty"` // CEL: filled in when left empty

	ShowX    *expr.Program `yaml:"-"`
	DefaultX *expr.Program `yaml:"-"`
	Def      *Field        `yaml:"-"`
}

// Guard is a named condition of the law; false refuses the action.
type Guard struct {
	Guard string `yaml:"guard"`
	When  string `yaml:"when"` // CEL → bool
	Text  Text   `yaml:"text"` // what is wrong and what to do
	Law   string `yaml:"law,omitempty"`

	WhenX *expr.Program `yaml:"-"`
}

// Branch chooses the next state.
type Branch struct {
	When string `yaml:"when,omitempty"` // "" = otherwise
	To   string `yaml:"to"`

	WhenX *expr.Program `yaml:"-"`
}

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

// FieldOf finds a field by name, nil if there is none.
func (k *Kind) FieldOf(name string) *Field { return k.fields[name] }

// StateOf finds a state by name, nil if there is none.
func (k *Kind) StateOf(name string) *State { return k.states[name] }

// ActionOf finds an action by name, nil if there is none.
func (k *Kind) ActionOf(name string) *Action { return k.acts[name] }

// Uses finds how the kind uses a clock, nil if it does not.
func (k *Kind) Uses(clock string) *ClockUse {
	for _, u := range k.Clocks {
		if u.Clock == clock {
			return u
		}
	}
	return nil
}

// StartsFrom reports whether an action may start from a state.
func (k *Kind) StartsFrom(a *Action, state string) bool {
	for _, f := range a.From {
		if f == state {
			return true
		}
		if f == "*" {
			if s := k.states[state]; s != nil && !s.End {
				return true
			}
		}
	}
	return false
}

// Sealed reports whether values of the field are kept encrypted.
func (f *Field) Sealed() bool { return f.Class == "sealed" || f.Class == "secret" }

// Starts lists the clocks an action may start.
func (a *Action) Starts() []string {
	if a.Clocks == nil {
		return nil
	}
	out := make([]string, len(a.Clocks.Start))
	for i, s := range a.Clocks.Start {
		out[i] = s.Clock
	}
	return out
}
