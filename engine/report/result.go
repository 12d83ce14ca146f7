package report

import (
	"github.com/dinghai/dinghai/catalogue"
	"github.com/dinghai/dinghai/domain"
)

// What a figure rests on.
const (
	Computed = "computed"  // on rows
	NotBuilt = "not_built" // on nothing yet: no indicator computes it
	AsStated = "declared"  // on the source alone: no record could tell it
)

// Result is a computed report.
type Result struct {
	From     domain.Date `json:"from"`
	To       domain.Date `json:"to"`
	Area     string      `json:"area"`
	Zone     string      `json:"zone,omitempty"`
	Figures  []Figure    `json:"figures"`
	Findings []Finding   `json:"findings"`

	extra    map[Ask]*Figure // what templates ask beyond the declared list
	declared *Declared
}

// Figure is one line of the report: what is stated beside what the records say.
type Figure struct {
	ID          string      `json:"id"`
	Section     string      `json:"section,omitempty"`
	Label       domain.Text `json:"label"`
	Value       Amount      `json:"value"` // null: nothing to divide by, or not built
	Unit        string      `json:"unit"`
	Kind        string      `json:"kind"`
	Numerator   *int64      `json:"numerator"`   // raw sum: money in fen
	Denominator *int64      `json:"denominator"` // null for counts and sums
	Rows        int         `json:"rows"`
	Target      Amount      `json:"target"`
	Agrees      *bool       `json:"agrees"` // null where nothing is computed
	Period      Period      `json:"period"`
	Indicator   string      `json:"indicator,omitempty"`
	Version     int         `json:"version,omitempty"`
	Hash        string      `json:"hash,omitempty"` // of the definition's content
	Definition  domain.Text `json:"definition"`
	Source      domain.Text `json:"source,omitzero"` // of a figure taken as stated

	Area   string  `json:"area,omitempty"` // where it is not the report's
	Show   string  `json:"show,omitempty"` // what it shows instead of the value
	System string  `json:"system,omitempty"`
	Nature string  `json:"nature,omitempty"` // count sum rate rank growth duration text
	Cmp    string  `json:"cmp,omitempty"`
	Step   float64 `json:"step,omitempty"`
	Digits int     `json:"digits,omitempty"`

	Phrases catalogue.Phrases `json:"-"` // by which a draft may mean it
}

// Period is the days a figure covers.
type Period struct {
	From domain.Date `json:"from"`
	To   domain.Date `json:"to"`
}

// Finding is something the reader of the report has to know.
type Finding struct {
	Kind    string      `json:"kind"` // identity, declared_identity, differs, no_denominator, late_entries
	Name    string      `json:"name,omitempty"`
	Figures []string    `json:"figures,omitempty"`
	Count   int         `json:"count,omitempty"`
	Text    domain.Text `json:"text"`
}

// Find returns a figure by id, nil if the report has none.
func (r *Result) Find(id string) *Figure {
	for i := range r.Figures {
		if r.Figures[i].ID == id {
			return &r.Figures[i]
		}
	}
	return nil
}

// Answer is the figure an Ask of the request got, nil if it was not asked.
func (r *Result) Answer(a Ask) *Figure { return r.extra[a] }

// Link leads to the rows behind a figure of the result.
func (r *Result) Link(f *Figure) string { return r.link(f) }

// figure returns what a mark asks for: the declared period unless it names one.
func (r *Result) figure(a Ask) *Figure {
	if f := r.extra[a]; f != nil {
		return f
	}
	return r.Find(a.ID)
}

// Change is a figure that moved between two computations.
type Change struct {
	Figure string      `json:"figure"`
	Label  domain.Text `json:"label"`
	Old    Amount      `json:"old"`
	New    Amount      `json:"new"`
}

// Refresh lists the figures whose value differs, in the order of the new
// report, and those that are gone. A figure that was not there before has no
// old value.
func Refresh(before, now *Result) []Change {
	out := []Change{}
	for _, f := range now.Figures {
		var old Amount
		if was := before.Find(f.ID); was != nil {
			old = was.Value
		}
		if old != f.Value {
			out = append(out, Change{Figure: f.ID, Label: f.Label, Old: old, New: f.Value})
		}
	}
	for _, f := range before.Figures {
		if now.Find(f.ID) == nil {
			out = append(out, Change{Figure: f.ID, Label: f.Label, Old: f.Value})
		}
	}
	return out
}
