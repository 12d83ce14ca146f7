package web

import (
	"net/url"

	"github.com/a-h/templ"

	"github.com/dinghai/dinghai/catalogue"
	"github.com/dinghai/dinghai/domain"
	"github.com/dinghai/dinghai/engine/indicator"
	"github.com/dinghai/dinghai/web/format"
	"github.com/dinghai/dinghai/web/view"
)

// asked is a figure with what was asked of it.
type asked struct {
	x     *catalogue.Indicator
	q     indicator.Query // as asked; the indicator's own period comes on top
	f     indicator.Figure
	slice domain.Slice // the rows behind it; not for derived and catalogue
	in    *published   // the report it is shown as in; nil: as the records are now
}

// ask computes the figure the address names. part shows the rows of an input
// of a derived figure exactly as the figure used them.
func (s *server) ask(r *request) (asked, error) {
	a := asked{x: s.indicator(r.PathValue("id"))}
	if a.x == nil {
		return a, domain.Failf(domain.NotFound, "id", "exists", "没有指标「%s」", "there is no figure %q", r.PathValue("id"))
	}
	var err error
	if a.q, err = s.queryOf(r); err != nil {
		return a, err
	}
	if err = s.asOfReport(r, &a); err != nil {
		return a, err
	}
	if a.f, err = s.Engine.Figures().Value(r.Context(), s.read, a.x.Indicator, a.q); err != nil {
		return a, err
	}
	if part := r.URL.Query().Get("part"); part != "" {
		return s.askPart(r, a, part)
	}
	a.slice = indicator.SliceOf(a.x, indicator.Resolve(a.q, a.x.Period), nil)
	return a, nil
}

// within keeps an address within the report a figure is shown as in.
func (a asked) within() string {
	if a.in == nil {
		return ""
	}
	return "&report=" + url.QueryEscape(a.in.rec.Ref.String())
}

// indicator finds an indicator by its name or by the figure it answers.
func (s *server) indicator(id string) *catalogue.Indicator {
	if x := s.cat.Indicators[id]; x != nil {
		return x
	}
	for _, name := range sorted(s.cat.Indicators) {
		if x := s.cat.Indicators[name]; x.Figure == id {
			return x
		}
	}
	return nil
}

// figure is the page of one figure with its rows.
func (s *server) figure(r *request) (templ.Component, error) {
	a, err := s.ask(r)
	if err != nil {
		return nil, err
	}
	v := s.figureHead(r, a)
	if v.Published, err = s.besideNow(r, a); err != nil {
		return nil, err
	}
	r.Nav, r.Title = "figures", v.Label
	r.Crumbs = []view.Link{{Text: r.T("nav.figures"), Href: "/figures"}, {Text: s.system(r.words, a.x.System), Href: "/figures#" + a.x.System}, {Text: v.Label}}
	switch a.x.Kind {
	case "derived":
		v.Parts = s.parts(r, a)
	case "catalogue":
		v.Items = s.itemRows(r.words, s.Engine.Figures().Items(a.x, a.f.To))
	default:
		if v.Rows, v.Pager, err = s.figureRows(r, a); err != nil {
			return nil, err
		}
		v.CSV = "/figures/" + a.x.Indicator + "/rows.csv?" + r.URL.Query().Encode()
	}
	if v.Months, err = s.months(r, a); err != nil {
		return nil, err
	}
	r.Chart = len(v.Months) > 1
	return view.FigurePage(r.Page, v), nil
}

func (s *server) figureHead(r *request, a asked) view.Figure {
	v := view.Figure{
		ID: a.x.Indicator, Label: a.x.Label.In(r.lang), About: first(a.x.About.In(r.lang), r.T("figure.noabout")),
		Kind: r.indicatorKind(a.x), Version: a.x.Version, Hash: short(a.x.Hash), System: s.system(r.words, a.x.System),
		Period: periodText(r, a.x, a.f), PeriodRule: s.periodRule(r.words, a.x.Period),
		Area: r.area(a.q.Area), Total: count(a.f.Rows), Metered: a.x.Metered, Rated: rated(a.x), Form: s.askForm(r, a.q),
		Where: a.x.Where, Expr: a.x.Expr, Stranger: !r.Officer,
	}
	v.Value, v.Unit = s.shown(r.words, a.x, a.f)
	if rated(a.x) || a.f.Den != 0 {
		v.Num, v.Den = format.Int(a.f.Num), format.Int(a.f.Den)
	}
	if a.x.Of != "" {
		v.Of = view.Link{Text: r.kind(a.x.Of), Href: "/catalogue/" + a.x.Of}
	}
	for _, code := range codes(a.x.Clock) {
		v.Clocks = append(v.Clocks, view.Link{Text: r.clock(code), Href: "/catalogue/clocks/" + code})
	}
	if a.x.Metered || a.x.Scale != 0 {
		v.Sum = s.quantity(a.x, a.f.Num)
	}
	return v
}

// periodText is the days a figure covers; a stock has only its last.
func periodText(r *request, x *catalogue.Indicator, f indicator.Figure) string {
	if x.Kind == "stock" || x.Kind == "catalogue" {
		return r.T("period.on", string(f.To))
	}
	return r.T("period", string(f.From), string(f.To))
}

// rated tells the kinds that divide.
func rated(x *catalogue.Indicator) bool {
	return x.Kind == "due" || x.Kind == "duration" || x.Kind == "every" || x.Weight != ""
}

// quantity is what a metered row carries, in the unit of the figure.
func (s *server) quantity(x *catalogue.Indicator, num int64) string {
	if x.Scale == 0 {
		return format.Int(num)
	}
	return format.Value(float64(num)*x.Scale, max(x.Digits, 2))
}

func (s *server) periodRule(w words, period string) string {
	name, arg := cut(period)
	if name == "" {
		name = "ytd"
	}
	return w.l.T("prule."+name) + arg
}

// askForm is the form that changes period and area.
func (s *server) askForm(r *request, q indicator.Query) view.Ask {
	a := view.Ask{From: string(q.From), To: string(q.To)}
	for _, code := range sorted(s.cat.Areas) {
		x := s.cat.Areas[code]
		if x.Level == "city" || x.Level == "county" || x.Level == "town" {
			a.Areas = append(a.Areas, view.Option{Value: code, Text: r.area(code), Chosen: code == q.Area})
		}
	}
	return a
}

// parts are the inputs of a derived figure, each with a link to its own rows.
func (s *server) parts(r *request, a asked) []view.Part {
	var out []view.Part
	for _, name := range sorted(a.x.Inputs) {
		base, f := s.cat.Indicators[a.x.Inputs[name].Of], a.f.Parts[name]
		p := view.Part{Name: name, Period: periodText(r, base, f), Rows: count(f.Rows),
			Link: view.Link{Text: base.Label.In(r.lang), Href: put(r, "part", name)}}
		if base.Kind == "derived" || base.Kind == "catalogue" {
			p.Href = "/figures/" + base.Indicator + "?" + span(f.From, f.To, a.q.Area) + a.within()
		}
		p.Value, p.Unit = s.shown(r.words, base, f)
		out = append(out, p)
	}
	return out
}

// months gives the value of each month of the period: the chart and its table.
// A figure with a period of its own has none.
func (s *server) months(r *request, a asked) ([]view.Month, error) {
	if a.x.Period != "" && a.x.Period != "ytd" && a.x.Period != "as_of" || a.x.Kind == "catalogue" || r.URL.Query().Get("part") != "" {
		return nil, nil
	}
	var out []view.Month
	for d := a.q.From.MonthStart(); d <= a.q.To && len(out) < maxMonths; d = d.MonthEnd().AddDays(1) {
		q := a.q
		q.From, q.To = max(d, a.q.From), min(d.MonthEnd(), a.q.To)
		f, err := s.Engine.Figures().Value(r.Context(), s.read, a.x.Indicator, q)
		if err != nil {
			return nil, err
		}
		m := view.Month{Name: string(d[:7]), Rows: count(f.Rows), Href: put(r, "from", string(q.From), "to", string(q.To))}
		m.Value, m.Unit = s.shown(r.words, a.x, f)
		if f.Defined {
			m.Raw = format.Plain(f.Value, a.x.Digits)
		}
		out = append(out, m)
	}
	return out, nil
}

// maxMonths bounds the work of one page; longer periods have a chart of their
// first three years.
const maxMonths = 36
