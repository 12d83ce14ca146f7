package web

import (
	"context"
	"maps"
	"net/url"
	"slices"
	"sync"

	"github.com/dinghai/dinghai/domain"
	"github.com/dinghai/dinghai/engine/indicator"
	"github.com/dinghai/dinghai/engine/report"
)

// pastFigures remembers figures as they stood at log positions: those never
// change, and roll-ups, which know the present alone, cannot help to compute
// them again.
type pastFigures struct {
	mu   sync.Mutex
	list map[string]*report.Result
	used []string // keys, the latest last
}

// mostPast bounds what is remembered: reports somebody is working on.
const mostPast = 32

func (p *pastFigures) get(key string) *report.Result {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.list[key]
}

func (p *pastFigures) put(key string, res *report.Result) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.list == nil {
		p.list = map[string]*report.Result{}
	}
	p.list[key] = res
	p.used = append(slices.DeleteFunc(p.used, func(k string) bool { return k == key }), key)
	if len(p.used) > mostPast {
		delete(p.list, p.used[0])
		p.used = p.used[1:]
	}
}

func pastKey(q indicator.Query) string {
	return string(q.From) + " " + string(q.To) + " " + q.Area + " " + q.Zone + " " + report.PositionsText(q.At)
}

// writePast fills a text with figures as they stood at log positions.
func (s *server) writePast(ctx context.Context, q indicator.Query, t *report.Template) (*report.Result, *report.Document, error) {
	if q.At == nil {
		return s.reporter().Write(ctx, q, t, nil, false)
	}
	res, doc, err := s.reporter().Write(ctx, q, t, s.past.get(pastKey(q)), false)
	if err == nil {
		s.past.put(pastKey(q), res)
	}
	return res, doc, err
}

// present gives the log positions of now, and remembers the figures of a text
// as they stand there: quickly computed, as long as nobody writes meanwhile.
func (s *server) present(ctx context.Context, area, lang string, typed url.Values) (map[int]int64, error) {
	before, err := s.read.Heads(ctx)
	if err != nil {
		return nil, err
	}
	q := indicator.Query{From: domain.Date(typed.Get("from")), To: domain.Date(typed.Get("to")), Area: area}
	if !q.From.Valid() || !q.To.Valid() {
		return before, nil // told when it is saved
	}
	tpl, _ := report.ParseText(typed.Get("body"), lang, s.knownFigure)
	res, _, err := s.reporter().Write(ctx, q, tpl, nil, false)
	if err != nil {
		return nil, err
	}
	after, err := s.read.Heads(ctx)
	if err == nil && maps.Equal(before, after) {
		q.At = before
		s.past.put(pastKey(q), res)
	}
	return before, err
}
