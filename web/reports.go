package web

import (
	"context"

	"github.com/dinghai/dinghai/domain"
	"github.com/dinghai/dinghai/engine/indicator"
	"github.com/dinghai/dinghai/engine/report"
)

// Reports computes the work report.
type Reports interface {
	// Report computes the figures over a period and area and fills the template
	// of a language.
	Report(ctx context.Context, q indicator.Query, lang string) (*report.Result, *report.Document, error)
	// Write computes the same figures, and those a text asks for besides, and
	// fills the text. What was computed before is not computed again; only
	// leaves out what the text does not ask for.
	Write(ctx context.Context, q indicator.Query, t *report.Template, have *report.Result, only bool) (*report.Result, *report.Document, error)
}

// Publisher freezes and signs reports and gives them out again.
type Publisher interface {
	// Publish keeps a report for good and gives the hash it is known by.
	Publish(ctx context.Context, f *report.Frozen) (id string, err error)
	// Published reads one of an area; nil when there is none.
	Published(ctx context.Context, area, id string) (file []byte, f *report.Frozen, err error)
	// Key is the public key they are checked with, as a PEM file; nil before
	// the first was published.
	Key() ([]byte, error)
}

// Standard is the bureau's own report: a list of stated figures and one
// template per language.
type Standard struct {
	Sources   report.Sources
	Declared  *report.Declared
	Templates map[string]*report.Template
	Bureau    report.Bureau
}

// Report computes and fills. A language without a template gets the Chinese.
func (s Standard) Report(ctx context.Context, q indicator.Query, lang string) (*report.Result, *report.Document, error) {
	t := s.Templates[lang]
	if t == nil {
		t = s.Templates["zh"]
	}
	if t == nil {
		return nil, nil, domain.Fail(domain.NotFound, "lang", "template", "没有报告模板", "there is no report template")
	}
	return s.Write(ctx, q, t, nil, false)
}

// Write computes and fills a text of its own.
func (s Standard) Write(ctx context.Context, q indicator.Query, t *report.Template, have *report.Result, only bool) (*report.Result, *report.Document, error) {
	res, err := report.Compute(ctx, s.Sources, report.Request{Query: q, Declared: s.Declared, Asks: t.Asks(), Have: have, Only: only})
	if err != nil {
		return nil, nil, err
	}
	return res, t.Fill(res, s.Bureau), nil
}

// queryOf reads period, area and zone of a report or draft.
func (s *server) queryOf(r *request) (q indicator.Query, err error) {
	if q.From, q.To, err = s.period(r); err != nil {
		return q, err
	}
	if q.Area, err = s.area(r); err != nil {
		return q, err
	}
	q.Zone = r.FormValue("zone")
	if q.Zone != "" && s.cat.Zones[q.Zone] == nil {
		return q, domain.Failf(domain.NotFound, "zone", "exists", "没有功能区「%s」", "there is no zone %q", q.Zone)
	}
	return q, nil
}
