package report

import (
	"context"
	"math"
	"slices"

	"github.com/dinghai/dinghai/catalogue"
	"github.com/dinghai/dinghai/domain"
	"github.com/dinghai/dinghai/engine/indicator"
)

// Valuer computes indicators; indicator.Set does.
type Valuer interface {
	Value(ctx context.Context, r domain.Reader, name string, q indicator.Query) (indicator.Figure, error)
}

// LateEntries is what a store may offer: the steps recorded after their due
// date but dated before it, within a period. A report without it has no such
// finding.
type LateEntries interface {
	LateEntries(ctx context.Context, area string, from, to domain.Date) ([]Late, error)
}

// Late is the number of late entries of one kind of record.
type Late struct {
	Kind  string `json:"kind"`
	Count int    `json:"count"`
}

// Sources is where a report comes from.
type Sources struct {
	Catalogue *catalogue.Catalogue
	Values    Valuer
	Reader    domain.Reader
	Late      LateEntries // may be nil
}

// Ask is a figure over a period of its own, "" for the declared one, for an
// area of its own, "" for the report's, shown as itself or beside the year
// before.
type Ask struct{ ID, Period, Area, Show string }

// What an Ask may show instead of the value itself.
const (
	ShowLast   = "last"   // the same period of the year before
	ShowDiff   = "diff"   // the value less that
	ShowGrowth = "growth" // the growth against it, in percent
	ShowChange = "change" // the growth in words: up 3.2 %, down 3.2 %
)

// Shows lists them, the value itself first.
var Shows = []string{"", ShowLast, ShowDiff, ShowGrowth, ShowChange}

// Periods lists the periods officers choose from, the report's own first.
var Periods = []string{"", "month", "year", "quarter", "last_month"}

// Request says which report.
type Request struct {
	indicator.Query
	Declared *Declared
	Asks     []Ask // from Template.Asks
	// Have is what was computed before over the same period, area and log
	// positions: it is not computed again.
	Have *Result
	// Only leaves out the declared figures nobody asks for, and the findings.
	Only bool
}

// Compute asks for every declared figure, and for what templates ask besides.
func Compute(ctx context.Context, src Sources, rq Request) (*Result, error) {
	c := &computer{Sources: src, Request: rq, names: answers(src.Catalogue)}
	res := &Result{
		From: rq.From, To: rq.To, Area: rq.Area, Zone: rq.Zone,
		Findings: []Finding{}, extra: map[Ask]*Figure{}, declared: rq.Declared,
	}
	if rq.Have != nil {
		res.Figures, res.Findings = rq.Have.Figures, rq.Have.Findings
		return res, c.extras(ctx, res)
	}
	for i := range rq.Declared.Figures {
		s := &rq.Declared.Figures[i]
		if rq.Only && !c.asks(s.ID) {
			continue
		}
		f, err := c.figure(ctx, s, s.Period)
		if err != nil {
			return nil, err
		}
		res.Figures = append(res.Figures, f)
	}
	if err := c.extras(ctx, res); err != nil || rq.Only {
		return res, err
	}
	return res, c.findings(ctx, res)
}

func (c *computer) asks(id string) bool {
	return slices.ContainsFunc(c.Asks, func(a Ask) bool { return a.ID == id })
}

type computer struct {
	Sources
	Request
	names map[string]*catalogue.Indicator // by figure id
}

// answers names the indicator of each figure. An indicator that says which
// figure it answers comes before one that merely has its name.
func answers(c *catalogue.Catalogue) map[string]*catalogue.Indicator {
	out := map[string]*catalogue.Indicator{}
	for name, x := range c.Indicators {
		if x.Figure == "" && out[name] == nil {
			out[name] = x
		} else if x.Figure != "" {
			out[x.Figure] = x
		}
	}
	return out
}

// extras computes marks with a period of their own, and marks of indicators
// that nobody declared.
func (c *computer) extras(ctx context.Context, res *Result) error {
	for _, a := range c.Asks {
		s := c.Declared.Find(a.ID)
		if res.extra[a] != nil || s != nil && a.Area == "" && a.Show == "" && (a.Period == "" || a.Period == s.Period) {
			continue
		}
		if c.Have != nil && c.Have.extra[a] != nil {
			res.extra[a] = c.Have.extra[a]
			continue
		}
		if s == nil {
			s = undeclared(a.ID, c.names[a.ID])
		}
		f, err := c.asked(ctx, s, a)
		if err != nil {
			return err
		}
		res.extra[a] = &f
	}
	return nil
}

// asked computes a figure for an area of its own and beside the year before.
func (c *computer) asked(ctx context.Context, s *Stated, a Ask) (Figure, error) {
	one := *c
	if a.Area != "" {
		one.Area, one.Zone = a.Area, ""
	}
	f, err := one.figure(ctx, s, a.Period)
	f.Area, f.Show = a.Area, a.Show
	if err != nil || a.Show == "" || f.Kind != Computed {
		return f, err
	}
	was := one
	was.Query = indicator.YearBefore(indicator.Resolve(one.Query, a.Period))
	w, err := was.figure(ctx, s, "")
	if err == nil {
		f.beside(&w)
	}
	return f, err
}

// beside turns a figure into what is asked of it and the one a year before.
func (f *Figure) beside(w *Figure) {
	now, last := f.Value, w.Value
	f.Target, f.Agrees = Amount{}, nil
	switch {
	case f.Show == ShowLast:
		show := f.Show
		*f = *w
		f.Show = show
		return
	case !now.Numeric() || !last.Numeric():
		f.Value = Amount{}
	case f.Show == ShowDiff:
		f.Value = Number(now.Number - last.Number)
	case last.Number == 0:
		f.Value = Amount{}
	default:
		f.Value = Number((now.Number - last.Number) / math.Abs(last.Number) * 100)
	}
	if f.Show != ShowDiff {
		f.Unit, f.Digits, f.Step, f.Cmp = "%", growthDigits, 0, ""
	}
	f.Numerator, f.Denominator = nil, nil
}

// growthDigits is how many decimals a growth is shown with.
const growthDigits = 1

func undeclared(id string, x *catalogue.Indicator) *Stated {
	s := &Stated{ID: id, Checkable: true, Label: domain.Text{ZH: id}}
	if x != nil {
		s.Label, s.Unit, s.System = x.Label, x.Unit, x.System
	}
	return s
}

func (c *computer) figure(ctx context.Context, s *Stated, period string) (Figure, error) {
	q := indicator.Resolve(c.Query, period)
	f := Figure{
		ID: s.ID, Section: s.Section, Label: s.Label, Unit: s.Unit, Kind: NotBuilt, Target: s.Value,
		Period: Period{q.From, q.To}, Definition: s.Label, Cmp: s.Cmp, Step: s.Step, System: s.System, Nature: s.Kind,
	}
	x := c.names[s.ID]
	switch {
	case x != nil:
		return f, c.fill(ctx, &f, s, x, q)
	case !s.Checkable:
		f.Kind, f.Value, f.Definition, f.Source = AsStated, s.Value, s.Reason, c.Declared.Source
	}
	return f, nil
}

// fill puts the indicator's answer into the figure.
func (c *computer) fill(ctx context.Context, f *Figure, s *Stated, x *catalogue.Indicator, q indicator.Query) error {
	v, err := c.Values.Value(ctx, c.Reader, x.Indicator, q)
	if err != nil {
		return err
	}
	f.Kind, f.Indicator, f.Version, f.Hash = Computed, x.Indicator, x.Version, x.Hash
	f.Definition, f.Digits, f.Phrases = definition(x), x.Digits, x.Phrases
	f.Period = Period{v.From, v.To}
	f.Rows, f.Numerator = v.Rows, &v.Num
	if v.Den != 0 || parted(x) {
		f.Denominator = &v.Den
	}
	if v.Defined {
		f.Value = Number(v.Value)
	}
	if s.Value.Known {
		ok := agrees(s, f.Value, v.Num, v.Den, x.Kind == "derived" && v.Value == 1)
		f.Agrees = &ok
	}
	return nil
}

// parted tells the kinds that divide, so that a missing denominator shows as
// zero and not as absent.
func parted(x *catalogue.Indicator) bool {
	return x.Kind == "due" || x.Kind == "duration" || x.Kind == "every" || x.Weight != ""
}

func definition(x *catalogue.Indicator) domain.Text {
	if x.About.ZH != "" {
		return x.About
	}
	return x.Label
}
