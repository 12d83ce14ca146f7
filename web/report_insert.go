package web

import (
	"net/http"
	"net/url"
	"slices"
	"strings"

	"github.com/dinghai/dinghai/catalogue"
	"github.com/dinghai/dinghai/domain"
	"github.com/dinghai/dinghai/engine/indicator"
	"github.com/dinghai/dinghai/engine/report"
	"github.com/dinghai/dinghai/kit/bigram"
	"github.com/dinghai/dinghai/web/view"
)

// maxFound is how many figures a search offers; the rest is counted.
const maxFound = 12

// foundFigures lists the indicators whose name, initials, system or id hold a
// text, the best fit first.
func (s *server) foundFigures(r *request, q string) []*catalogue.Indicator {
	q = strings.ToLower(strings.TrimSpace(q))
	var best, rest []*catalogue.Indicator
	for _, name := range sorted(s.cat.Indicators) {
		x := s.cat.Indicators[name]
		id := figureID(x)
		if s.indicator(id) != x {
			continue
		}
		initials := strings.ToLower(bigram.Initials(x.Label.ZH))
		label := strings.ToLower(x.Label.ZH + " " + x.Label.EN)
		switch {
		case q == "" || strings.HasPrefix(strings.ToLower(x.Label.ZH), q) || strings.HasPrefix(initials, q) || id == q:
			best = append(best, x)
		case strings.Contains(label, q) || strings.Contains(initials, q) || strings.Contains(id, q) || strings.Contains(s.system(r.words, x.System), q):
			rest = append(rest, x)
		}
	}
	return append(best, rest...)
}

// pickFigures is the search for a figure to put into the text.
func (s *server) pickFigures(r *request, rec *domain.Record, typed url.Values) view.FigurePick {
	v := view.FigurePick{Query: typed.Get("q"), Periods: choicesOf(r, "period.", report.Periods, typed.Get("fperiod")), Shows: choicesOf(r, "show.", report.Shows, typed.Get("fshow")),
		Areas: s.figureAreas(r, rec, typed.Get("farea"))}
	if v.Query == "" && typed.Get("op") != "find" {
		return v
	}
	v.Asked = true
	ask := report.Ask{Period: typed.Get("fperiod"), Area: typed.Get("farea"), Show: typed.Get("fshow")}
	list := s.foundFigures(r, v.Query)
	v.More = max(0, len(list)-maxFound)
	for _, x := range list[:min(len(list), maxFound)] {
		ask.ID = figureID(x)
		v.Found = append(v.Found, s.foundFigure(r, rec, typed, x, ask))
	}
	return v
}

// foundFigure is one answer, with the value it would put in.
func (s *server) foundFigure(r *request, rec *domain.Record, typed url.Values, x *catalogue.Indicator, ask report.Ask) view.FoundFigure {
	v := view.FoundFigure{Label: x.Label.In(r.lang), System: s.system(r.words, x.System), Mark: ask.Mark(), Unit: r.words.unit(x.Unit)}
	one := url.Values{"body": {v.Mark}, "from": typed["from"], "to": typed["to"]}
	if w, err := s.writeValue(r, rec, one); err == nil {
		v.Value = w
	}
	return v
}

// writeValue is what a mark alone reads like.
func (s *server) writeValue(r *request, rec *domain.Record, typed url.Values) (string, error) {
	q := indicator.Query{From: domain.Date(typed.Get("from")), To: domain.Date(typed.Get("to")), Area: rec.Area, At: report.ParsePositions(text(rec.Fields["read_at"]))}
	tpl, _ := report.ParseText(typed.Get("body"), text(rec.Fields["lang"]), s.knownFigure)
	only := Standard{Sources: report.Sources{Catalogue: s.cat, Values: s.Engine.Figures(), Reader: s.read}, Declared: &report.Declared{}}
	_, doc, err := only.Write(r.Context(), q, tpl, nil, true)
	if err != nil {
		return "", err
	}
	plain, _ := doc.Plain()
	return strings.TrimSpace(plain), nil
}

// choicesOf are options worded by key.
func choicesOf(r *request, key string, list []string, chosen string) []view.Option {
	out := make([]view.Option, len(list))
	for i, x := range list {
		out[i] = view.Option{Value: x, Text: r.T(key + first(x, "own")), Chosen: x == chosen}
	}
	return out
}

// figureAreas are the report's own area and those below it down to towns.
func (s *server) figureAreas(r *request, rec *domain.Record, chosen string) []view.Option {
	out := []view.Option{{Text: r.T("pickfigure.area", r.area(rec.Area))}}
	for _, code := range sorted(s.cat.Areas) {
		a := s.cat.Areas[code]
		if slices.Contains([]string{"city", "county", "town"}, a.Level) && code != rec.Area {
			out = append(out, view.Option{Value: code, Text: r.area(code), Chosen: code == chosen})
		}
	}
	return out
}

// reportFigures answers the search while one writes.
func (s *server) reportFigures(w http.ResponseWriter, h *http.Request) {
	r := s.request(w, h)
	rec, err := s.reportAt(r)
	if err == nil {
		err = h.ParseForm()
	}
	if err != nil {
		s.fail(w, h, err)
		return
	}
	h.PostForm.Set("op", "find")
	s.fragment(w, r, view.FoundFigures(r.Page, s.pickFigures(r, rec, h.PostForm)))
}
