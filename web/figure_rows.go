package web

import (
	"net/url"
	"strings"

	"github.com/dinghai/dinghai/catalogue"
	"github.com/dinghai/dinghai/domain"
	"github.com/dinghai/dinghai/engine/indicator"
	"github.com/dinghai/dinghai/web/view"
)

// figureRows is one page of the rows behind a figure. Their number is the
// figure's own, never a capped one.
func (s *server) figureRows(r *request, a asked) ([]view.FigureRow, view.Pager, error) {
	list, next, err := s.read.Rows(r.Context(), a.slice, r.URL.Query().Get("after"), pageSize)
	if err != nil {
		return nil, view.Pager{}, err
	}
	out := make([]view.FigureRow, len(list))
	for i, x := range list {
		if out[i], err = s.figureRow(r, a.x, x); err != nil {
			return nil, view.Pager{}, err
		}
	}
	return out, pager(r, len(list), a.f.Rows, next), nil
}

// figureRow is a row with what the viewer may see of its record: a stranger
// gets date and area of every one, number and result of disclosed ones.
func (s *server) figureRow(r *request, x *catalogue.Indicator, row domain.SliceRow) (view.FigureRow, error) {
	ref := domain.Ref{Home: row.Home, ID: row.Record}
	v := view.FigureRow{Link: view.Link{Text: s.listTitle(r, row.Kind, ref, row.Title), Href: r.href(row.Kind, ref)}, Day: string(row.Day),
		Kind: r.kind(row.Kind), Area: r.area(row.Area), Key: row.Key, Quantity: s.quantity(x, row.Num), Verdict: s.verdict(r.words, x, row)}
	if row.Until != "" && row.Until != domain.Forever {
		v.Until = string(row.Until)
	}
	rec, err := s.read.Record(r.Context(), ref)
	if err != nil {
		return v, err
	}
	if rec != nil && r.sight.Sees(rec) {
		v.Number, v.Result = row.Number, r.state(row.Kind, row.State)
		return v, nil
	}
	v.Text, v.Area, v.Key = r.kind(row.Kind), r.county(row.Area), ""
	if rec == nil {
		return v, nil
	}
	if see := s.see(r.Context(), r, rec); see.Public {
		v.Number, v.Result = first(rec.Number, r.code(rec)), first(see.Result, r.state(row.Kind, row.State))
		v.Text = first(v.Number, v.Text)
	}
	return v, nil
}

// verdict says what a row counts as, where not every row counts one.
func (s *server) verdict(w words, x *catalogue.Indicator, row domain.SliceRow) string {
	switch {
	case x.Kind == "duration":
		return w.limit(int(row.Num), "day")
	case x.Kind == "due" || x.Kind == "every":
		if row.Num == row.Den {
			return w.l.T("row.met")
		}
		return w.l.T("row.unmet")
	case x.Weight != "":
		return count(int(row.Num)) + " / " + count(int(row.Den))
	}
	return ""
}

// askPart turns to an input of a derived figure. Where the figure compares the
// same things in two periods, only the rows of those things are shown.
func (s *server) askPart(r *request, a asked, part string) (asked, error) {
	in := a.x.Inputs[part]
	if in == nil {
		return a, domain.Failf(domain.NotFound, "part", "exists", "该指标没有「%s」这一项", "the figure has no input %q", part)
	}
	base := s.cat.Indicators[in.Of]
	if base.Kind == "derived" || base.Kind == "catalogue" {
		return a, domain.Fail(domain.NotFound, "part", "rows", "这一项由其他指标算得，请打开该指标", "this input is computed from others; open it as a figure")
	}
	keys, err := s.Engine.Figures().Matched(r.Context(), s.read, a.x, a.q)
	if err != nil {
		return a, err
	}
	q := indicator.Resolve(a.q, first(in.Period, base.Period))
	return asked{x: base, q: q, f: a.f.Parts[part], slice: indicator.SliceOf(base, q, keys[part]), in: a.in}, nil
}

func codes(list string) []string {
	if list == "" {
		return nil
	}
	return strings.Split(list, ",")
}

func cut(period string) (name, arg string) {
	name, arg, found := strings.Cut(period, ":")
	if found {
		arg = " " + arg
	}
	return name, arg
}

// short is enough of a hash to tell two versions apart by eye.
func short(hash string) string {
	if len(hash) > 12 {
		return hash[:12]
	}
	return hash
}

// span is period and area as parameters of an address.
func span(from, to domain.Date, area string) string {
	q := url.Values{"from": {string(from)}, "to": {string(to)}}
	if area != "" {
		q.Set("area", area)
	}
	return q.Encode()
}
