package web

import (
	"net/http"
	"net/url"
	"strconv"

	"github.com/dinghai/dinghai/domain"
	"github.com/dinghai/dinghai/web/form"
	"github.com/dinghai/dinghai/web/view"
)

// again shows the form with everything typed and what is wrong.
func (s *server) again(w http.ResponseWriter, r *request, a acting, sent url.Values, err error) {
	code := domain.ErrorCode(err)
	if code == domain.Internal {
		s.fail(w, r.Request, err)
		return
	}
	page := s.actPage(r, a, form.Sent(sent), err)
	if code == domain.Conflict {
		page.Changed = s.changedSince(r, a, sent.Get("_seq"))
	}
	s.render(w, r, statuses[code], view.ActPage(r.Page, page))
}

// changedSince tells what others did since the version the person saw.
func (s *server) changedSince(r *request, a acting, seq string) []view.Event {
	n, err := strconv.Atoi(seq)
	if err != nil || a.rec == nil || n >= a.rec.Seq {
		return nil
	}
	list, err := s.read.Events(r.Context(), a.rec.Ref)
	if err != nil || n > len(list) {
		return nil
	}
	var out []view.Event
	for _, e := range list[n:] {
		out = append(out, s.event(r, a.kind, &e))
	}
	return out
}
