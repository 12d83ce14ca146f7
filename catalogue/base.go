package catalogue

import (
	"github.com/dinghai/dinghai/catalogue/expr"
	"github.com/dinghai/dinghai/domain"
)

// ClockRule is a statutory limit with its dated versions.
type ClockRule struct {
	Clock     string         `yaml:"clock"`
	Label     Text           `yaml:"label"`
	Rules     []*RuleVersion `yaml:"rules"`
	Extend    *RuleExtend    `yaml:"extend,omitempty"` // of versions that say nothing else
	Pause     []string       `yaml:"pause,omitempty"`  // grounds that exclude time; likewise
	LapseNote Text           `yaml:"lapse_note,omitempty"`

	File  string `yaml:"-"`
	place string // path in the file
}

// ExtendOf is the extension a version of the rule allows, nil for none.
func (r *ClockRule) ExtendOf(version int) *RuleExtend {
	if v := r.Version(version); v != nil && v.Extend != nil {
		if v.Extend.None {
			return nil
		}
		return v.Extend
	}
	return r.Extend
}

// PausesOf lists the grounds on which a version of the rule excludes time.
func (r *ClockRule) PausesOf(version int) []string {
	if v := r.Version(version); v != nil && v.Pause != nil {
		return *v.Pause
	}
	return r.Pause
}

// Version finds a version by its number, nil if there is none.
func (r *ClockRule) Version(n int) *RuleVersion {
	for _, v := range r.Rules {
		if v.Version == n {
			return v
		}
	}
	return nil
}

// RuleVersion is the limit that held between two dates. A used one never changes.
type RuleVersion struct {
	Version    int         `yaml:"version"`
	From       domain.Date `yaml:"from,omitempty"`
	To         domain.Date `yaml:"to,omitempty"`
	N          int         `yaml:"n"`
	Unit       string      `yaml:"unit"` // workday day month year hour window
	Back       bool        `yaml:"back,omitempty"`
	NoRoll     bool        `yaml:"no_roll,omitempty"`
	Window     string      `yaml:"window,omitempty"`
	By         string      `yaml:"by"` // clock_start | case_start | act_date
	Law        Text        `yaml:"law"`
	Confidence string      `yaml:"confidence"` // A seen, B firm, C configure
	Note       Text        `yaml:"note,omitempty"`
	Extend     *RuleExtend `yaml:"extend,omitempty"` // where it differs from the rule's
	Pause      *[]string   `yaml:"pause,omitempty"`  // where it differs from the rule's; [] = none

	place string // path in the file
}

// RuleExtend is the extension the statute allows; N 0 leaves the length to the
// decision.
type RuleExtend struct {
	N        int    `yaml:"n"`
	Unit     string `yaml:"unit"`
	Times    int    `yaml:"times"`
	Approver string `yaml:"approver"`
	None     bool   `yaml:"none,omitempty"` // this version allows none, though the rule does
}

// On picks the version that held on a day, nil if the rule was not in force.
func (r *ClockRule) On(d domain.Date) *RuleVersion {
	for i := len(r.Rules) - 1; i >= 0; i-- {
		v := r.Rules[i]
		if (v.From == "" || v.From <= d) && (v.To == "" || d <= v.To) {
			return v
		}
	}
	return nil
}

// List is a code list.
type List struct {
	List  string  `yaml:"list"`
	Label Text    `yaml:"label"`
	EN    string  `yaml:"en,omitempty"`  // given (default) | pinyin | none
	CSV   string  `yaml:"csv,omitempty"` // file beside it: code,zh,parent
	Note  Text    `yaml:"note,omitempty"`
	Items []*Item `yaml:"items,omitempty"`

	File  string `yaml:"-"`
	index map[string]*Item
}

// Item is one code with its wording and attributes.
type Item struct {
	Code   string            `yaml:"code"`
	ZH     string            `yaml:"zh"`
	EN     string            `yaml:"en,omitempty"`
	Parent string            `yaml:"parent,omitempty"`
	Attr   map[string]string `yaml:"attr,omitempty"`
	Alias  []string          `yaml:"alias,omitempty"` // other wordings met in files
	From   domain.Date       `yaml:"from,omitempty"`
	To     domain.Date       `yaml:"to,omitempty"`
}

// Find returns the item of a code, nil if the list has none.
func (l *List) Find(code string) *Item { return l.index[code] }

// Role is what grants are given for.
type Role struct {
	Role    string `yaml:"role"`
	ZH      string `yaml:"zh"`
	EN      string `yaml:"en"`
	Kind    string `yaml:"kind,omitempty"`    // admin: one of the three administrators; platform: held by no grant
	Decides bool   `yaml:"decides,omitempty"` // decides for the bureau
	Sees    string `yaml:"sees,omitempty"`    // worked (default) | all | organ | own | none: see sight.go
}

// Organ is an authority, branch, station or section that acts.
type Organ struct {
	Organ  string `yaml:"organ"`
	ZH     string `yaml:"zh"`
	EN     string `yaml:"en"`
	Short  string `yaml:"short"` // used in numbers: 舟市监
	Area   string `yaml:"area"`
	Kind   string `yaml:"kind"`
	Parent string `yaml:"parent,omitempty"`
}

// Area is a division from city down to village.
type Area struct {
	Code, ZH, Pinyin, Level, Parent string
	Home                            int
	FTZ                             bool
}

// Zone is a functional district that crosses or cuts divisions.
type Zone struct {
	Zone   string   `yaml:"zone"`
	ZH     string   `yaml:"zh"`
	EN     string   `yaml:"en"`
	Kind   string   `yaml:"kind"`
	Parent string   `yaml:"parent,omitempty"`
	Towns  []string `yaml:"towns,omitempty"`
	Note   Text     `yaml:"note,omitempty"`
}

// Indicator turns records into contribution rows and so into a figure.
type Indicator struct {
	Indicator string            `yaml:"indicator"`
	Version   int               `yaml:"version"`
	Label     Text              `yaml:"label"`
	About     Text              `yaml:"about,omitempty"`     // the definition in words
	Unit      string            `yaml:"unit"`                // code of list unit
	Kind      string            `yaml:"kind"`                // flow stock due duration latest first distinct every count catalogue derived
	Of        string            `yaml:"of,omitempty"`        // kind of record
	Mark      string            `yaml:"mark,omitempty"`      // flow: dated by the first event of this type
	Each      bool              `yaml:"each,omitempty"`      // flow: one row per occurrence of Mark, not only the first
	Day       string            `yaml:"day,omitempty"`       // flow: CEL → date, instead of Mark
	States    []string          `yaml:"states,omitempty"`    // stock: states that count
	Since     string            `yaml:"since,omitempty"`     // stock: CEL → date the first spell began, default its event
	Flag      string            `yaml:"flag,omitempty"`      // stock: the overlay must hold
	Clock     string            `yaml:"clock,omitempty"`     // due, every, duration
	Where     string            `yaml:"where,omitempty"`     // CEL → bool over the record
	Key       string            `yaml:"key,omitempty"`       // CEL → text; latest, first, distinct, every
	Value     string            `yaml:"value,omitempty"`     // CEL → int: numerator; default 1
	Weight    string            `yaml:"weight,omitempty"`    // CEL → int: denominator
	Metered   bool              `yaml:"metered,omitempty"`   // a row carries a quantity
	Period    string            `yaml:"period,omitempty"`    // ytd (default) as_of rolling:n previous_same previous_year since:DATE before:DATE
	Inputs    map[string]*Input `yaml:"inputs,omitempty"`    // derived
	Expr      string            `yaml:"expr,omitempty"`      // derived: CEL over inputs
	Matched   string            `yaml:"matched,omitempty"`   // derived: only keys present in both of these inputs ("now,last")
	Catalogue string            `yaml:"catalogue,omitempty"` // catalogue: triggers | bells
	Percent   bool              `yaml:"percent,omitempty"`   // value shown ×100
	Digits    int               `yaml:"digits,omitempty"`    // decimals shown
	Scale     float64           `yaml:"scale,omitempty"`     // shown value = sum × scale (fen → yuan: 0.01)
	Figure    string            `yaml:"figure,omitempty"`    // id of the figure it answers, default its own name
	Phrases   Phrases           `yaml:"phrases,omitempty"`   // wordings by which a draft may mean it

	System string `yaml:"-"`
	File   string `yaml:"-"`
	Hash   string `yaml:"-"`
	place  string // path in the file

	WhereX, DayX, SinceX, KeyX, ValueX, WeightX, ExprX *expr.Program `yaml:"-"`
}

// Phrases are word groups of drafts: every word of a group must stand near the
// number.
type Phrases struct {
	ZH [][]string `yaml:"zh,omitempty"`
	EN [][]string `yaml:"en,omitempty"`
}

// Input is an indicator with its own period inside a derived one.
type Input struct {
	Of     string `yaml:"of"`
	Period string `yaml:"period,omitempty"`
}

// Trigger is a rule over events or dates that opens work; a bell rings before
// a due date.
type Trigger struct {
	Trigger string      `yaml:"trigger"` // T01, B01
	Bell    bool        `yaml:"bell,omitempty"`
	Label   Text        `yaml:"label"`
	On      string      `yaml:"on,omitempty"`     // event type, or
	Clock   string      `yaml:"clock,omitempty"`  // a due date passed (bell: approaching)
	Before  []int       `yaml:"before,omitempty"` // bell: days before the due date
	Of      string      `yaml:"of,omitempty"`     // kind of record the event stands on
	Where   string      `yaml:"where,omitempty"`  // CEL over rec, sub
	Count   *Window     `yaml:"count,omitempty"`  // needs n events in a window
	Mode    string      `yaml:"mode"`             // R D R>V V V!
	Clockn  string      `yaml:"limit,omitempty"`  // clock of the task it opens
	Days    int         `yaml:"days,omitempty"`   // working days for the task
	Dedupe  int         `yaml:"dedupe,omitempty"` // days in which the same subject does not fire again
	Basis   Text        `yaml:"basis,omitempty"`
	Live    domain.Date `yaml:"live,omitempty"`   // day it went live; "" = draft, not counted
	Expect  float64     `yaml:"expect,omitempty"` // fires a month, from the replay

	System string        `yaml:"-"`
	File   string        `yaml:"-"`
	WhereX *expr.Program `yaml:"-"`
	place  string        // path in the file
}

// Fires reports whether an event on a record of a kind can fire the item as of
// a day: it is live, no bell, and for this kind or any.
func (t *Trigger) Fires(kind string, on domain.Date) bool {
	return !t.Bell && t.Live != "" && on >= t.Live && (t.Of == "" || t.Of == kind)
}

// Window counts events of a type about a subject over the last days.
type Window struct {
	Of    string `yaml:"of"`
	By    string `yaml:"by"` // subject | record
	In    int    `yaml:"in"` // natural days
	Least int    `yaml:"least"`
}
