package web

import (
	"net/http"
	"net/url"
	"strings"

	"github.com/dinghai/dinghai/domain"
	"github.com/dinghai/dinghai/store"
)

// saveView keeps the filters a page is shown with under a name, or forgets them.
func (s *server) saveView(w http.ResponseWriter, h *http.Request) {
	r := s.request(w, h)
	err := s.signedIn(r)
	name, page := strings.TrimSpace(h.PostFormValue("name")), h.PostFormValue("page")
	switch {
	case err != nil:
	case s.Work == nil:
		err = domain.Fail(domain.Unavailable, "", "work", "现在不能保存筛选条件", "filters cannot be saved now")
	case name == "" || len([]rune(name)) > 30 || len(page) > 80:
		err = domain.Fail(domain.Invalid, "name", "required", "请给筛选条件起个名字(30字以内)", "give the filter a name (up to 30 characters)")
	default:
		query := h.PostFormValue("query")
		if h.PostFormValue("forget") != "" {
			query = ""
		} else if q, e := url.ParseQuery(query); e == nil {
			q.Del("after")
			q.Del("at")
			query = q.Encode()
		}
		err = s.Work.Save(h.Context(), store.Saved{Person: r.sight.Viewer.ID, Page: page, Name: name, Query: query})
	}
	if err != nil {
		s.fail(w, h, err)
		return
	}
	http.Redirect(w, h, back(h.PostFormValue("back")), http.StatusSeeOther)
}
