package web

import (
	"context"
	"strings"

	"github.com/dinghai/dinghai/domain"
	"github.com/dinghai/dinghai/engine/indicator"
	"github.com/dinghai/dinghai/engine/report"
	"github.com/dinghai/dinghai/jobs/forms"
	"github.com/dinghai/dinghai/web/view"
)

// tied is an indicator with what is asked of it: a cell of a form, a line of an
// assessment sheet.
type tied = forms.Cell

// answered is the figure of an Ask.
type answered struct {
	known bool
	value float64 // scaled
	text  string  // as people read it, with its unit
	link  string  // to its rows
}

// answers computes figures over a period, as they stood at log positions.
func (s *server) answers(ctx context.Context, r *request, q indicator.Query, list []tied) (map[report.Ask]answered, error) {
	asks := make([]report.Ask, len(list))
	for i, t := range list {
		asks[i] = t.Ask
	}
	res, err := s.filler().Figures(ctx, q, asks)
	if err != nil {
		return nil, err
	}
	out := map[report.Ask]answered{}
	for _, a := range asks {
		f := res.Answer(a)
		if f == nil {
			continue
		}
		x := answered{known: f.Value.Numeric(), value: forms.Shown(f), link: res.Link(f)}
		if f.Kind != report.Computed {
			x.link = ""
		}
		if x.known {
			x.text = join(amount(f, f.Value), r.words.unit(f.Unit))
		}
		out[a] = x
	}
	return out, nil
}

// filler fills forms.
func (s *server) filler() forms.Filler { return forms.Filler{Engine: s.Engine, Files: s.Files} }

// sentAsk reads an indicator and what is asked of it from a form.
func (s *server) sentAsk(r *request, get func(string) string) (report.Ask, []domain.Problem) {
	a := report.Ask{Period: get("period"), Show: get("show")}
	var bad []domain.Problem
	wrong := func(field, zh, en string) {
		bad = append(bad, domain.Problem{Field: field, Rule: field, Reason: domain.Text{ZH: zh, EN: en}})
	}
	if a.ID = s.figureNamed(r, get("figure")); a.ID == "" {
		wrong("figure", "请从查找结果中选择一个指标", "choose an indicator from the search")
	}
	if !report.PeriodKnown(a.Period) {
		wrong("period", "没有「"+clipped(a.Period)+"」这种期间", "there is no period "+clipped(a.Period))
	}
	if a.Show == report.ShowChange || !report.ShowKnown(a.Show) {
		wrong("show", "没有「"+clipped(a.Show)+"」这种取数方式", "there is nothing to show as "+clipped(a.Show))
	}
	if area := strings.TrimSpace(get("area")); area != "" {
		if s.cat.Areas[area] == nil {
			wrong("area", "没有编号为「"+clipped(area)+"」的辖区", "there is no area "+clipped(area))
		}
		a.Area = area
	}
	return a, bad
}

func clipped(s string) string {
	if r := []rune(s); len(r) > 20 {
		return string(r[:20]) + "…"
	}
	return s
}

// figureNamed is the id of the one indicator a text means, "" for none.
func (s *server) figureNamed(r *request, text string) string {
	text = strings.TrimSpace(text)
	if s.knownFigure(text) {
		return text
	}
	if text == "" {
		return ""
	}
	return onlyOne(s.pickFigure(r, text), text)
}

// pickFigure finds indicators for the search inside a form.
func (s *server) pickFigure(r *request, text string) []picked {
	out := []picked{}
	for _, x := range s.foundFigures(r, text) {
		if len(out) == maxPicks {
			break
		}
		out = append(out, picked{figureID(x), x.Label.In(r.lang), s.system(r.words, x.System)})
	}
	return out
}

// askOptions are the choices of a form that asks for a figure.
func (s *server) askOptions(r *request, rec *domain.Record, a report.Ask) view.AskChoice {
	shows := report.Shows[:len(report.Shows)-1] // words do not go into a cell
	c := view.AskChoice{Figure: a.ID, Periods: choicesOf(r, "period.", report.Periods, a.Period), Shows: choicesOf(r, "show.", shows, a.Show), Areas: s.figureAreas(r, rec, a.Area)}
	if x := s.indicator(a.ID); a.ID != "" && x != nil {
		c.FigureName = x.Label.In(r.lang)
	}
	return c
}
