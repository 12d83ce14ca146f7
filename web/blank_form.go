package web

import (
	"bytes"
	"net/http"
	"strconv"

	"github.com/dinghai/dinghai/domain"
	"github.com/dinghai/dinghai/web/form"
	"github.com/dinghai/dinghai/web/view"
)

// blankForm is the inputs of an action without any data: the same bytes for
// everybody, cacheable for good under the hash of its definition. The page's
// script binds data to it; offline work will use the same bytes.
func (s *server) blankForm(w http.ResponseWriter, h *http.Request) {
	r := s.request(w, h)
	version, _ := strconv.Atoi(h.PathValue("version"))
	k := s.cat.KindAt(h.PathValue("kind"), version)
	if k == nil || k.ActionOf(h.PathValue("action")) == nil {
		s.fail(w, h, domain.Fail(domain.NotFound, "", "form", "没有这个表单", "there is no such form"))
		return
	}
	key := r.lang + "/" + k.Name + "@" + k.Hash + "/" + h.PathValue("action") + "/" + string(s.Engine.Today())
	body, ok := s.forms.Load(key)
	if !ok {
		var b bytes.Buffer
		in := view.Inputs{Form: s.builder(r).Of(k, k.ActionOf(h.PathValue("action"))), Values: form.Values{}}
		if err := view.Fields(r.Page, &in).Render(h.Context(), &b); err != nil {
			s.fail(w, h, err)
			return
		}
		body, _ = s.forms.LoadOrStore(key, b.Bytes())
	}
	tag := `"` + short(k.Hash) + "-" + r.lang + "-" + string(s.Engine.Today()) + `"`
	w.Header().Set("Content-Type", "text/html; charset=utf-8")
	w.Header().Set("Cache-Control", "private, max-age=86400")
	w.Header().Set("ETag", tag)
	if h.Header.Get("If-None-Match") == tag {
		w.WriteHeader(http.StatusNotModified)
		return
	}
	_, _ = w.Write(body.([]byte))
}
