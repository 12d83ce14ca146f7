package web

import (
	"net/http"
	"net/url"
	"strings"

	"github.com/dinghai/dinghai/domain"
	"github.com/dinghai/dinghai/web/form"
	"github.com/dinghai/dinghai/web/view"
)

// preview tells what the action would do, and does nothing.
func (s *server) preview(w http.ResponseWriter, r *request, a acting, sent url.Values, cmd domain.Command) {
	cmd.Key = ""
	rec, err := s.Engine.Check(r.Context(), cmd)
	if err != nil {
		s.again(w, r, a, sent, err)
		return
	}
	page := s.actPage(r, a, form.Sent(sent), nil)
	page.Preview = s.previewOf(r.words, rec)
	s.render(w, r, http.StatusOK, view.ActPage(r.Page, page))
}

func (s *server) previewOf(w words, rec domain.Receipt) *view.Preview {
	v := &view.Preview{}
	for i, e := range rec.Events {
		if i > 0 {
			v.More = append(v.More, w.kind(e.Kind)+" · "+w.action(e.Kind, e.Action))
			continue
		}
		c := &e.Changes
		if c.State != "" {
			v.State = w.state(e.Kind, c.State)
		}
		v.Number = c.Number
		for _, k := range c.Clocks {
			v.Clocks = append(v.Clocks, view.Pair{Label: w.clock(k.Code), Text: clockChange(w, k)})
		}
		for _, t := range c.Tasks {
			if t.Done == "" {
				v.Tasks = append(v.Tasks, view.Pair{Label: w.state(e.Kind, t.Todo), Text: w.role(t.Role)})
			}
		}
		for _, p := range c.Papers {
			v.Papers = append(v.Papers, strings.TrimSpace(w.paper(p.Kind)+" "+p.Number))
		}
	}
	return v
}

func clockChange(w words, k domain.Clock) string {
	switch {
	case k.Outcome != "":
		return w.l.T("preview.stopped") + " " + string(k.Stopped)
	case k.Paused():
		return w.l.T("preview.paused")
	}
	return string(k.Due)
}
