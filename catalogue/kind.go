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
