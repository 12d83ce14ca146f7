package web

import (
	"cmp"
	"strings"

	"github.com/dinghai/dinghai/catalogue"
	"github.com/dinghai/dinghai/domain"
	"github.com/dinghai/dinghai/web/view"
)

// unseal opens the sealed field an address names. Secret fields (reporters) are
// opened only by those who act on the matter; every look is logged first.
func (s *server) unseal(r *request) (view.Opened, error) {
	var v view.Opened
	ref, err := domain.ParseRef(r.PathValue("ref"))
	if err == nil {
		err = s.signedIn(r)
	}
	if err != nil {
		return v, err
	}
	rec, err := r.sight.Record(r.Context(), ref)
	if err != nil || rec == nil {
		return v, cmp.Or(err, notThere())
	}
	k := s.cat.KindAt(rec.Kind, rec.Process)
	f := k.FieldOf(r.PathValue("field"))
	if f == nil || !f.Sealed() || rec.Fields[f.Field] == nil {
		return v, domain.Fail(domain.NotFound, "field", "exists", "没有这一项个人信息", "there is no such personal datum")
	}
	if err := s.mayOpen(r, k, f, rec); err != nil {
		return v, err
	}
	reason := strings.TrimSpace(r.PostFormValue("reason"))
	if len([]rune(reason)) < minReason {
		return v, domain.Failf(domain.Invalid, "reason", "required", "请写明查看的理由(不少于%d个字)；本次查看会留下记录", "say why you need to see it (at least %d characters); this look is recorded", minReason)
	}
	if err := s.logLook(r, "open", ref, f.Field+": "+clip(reason, 200)); err != nil {
		return v, err
	}
	x, ok, err := s.Engine.Unseal(r.Context(), ref, f.Field, rec.Fields[f.Field])
	if err != nil {
		return v, err
	}
	v = view.Opened{Label: f.Label.In(r.lang), Back: address(rec.Class, ref), Gone: !ok}
	if ok {
		v.Files = s.fileLinks(rec, f, x)
		v.Text = s.plainValue(r, f, x)
	}
	return v, nil
}

const minReason = 4

// mayOpen: personal data is for those who work on the matter, not for everybody
// who may see the record.
func (s *server) mayOpen(r *request, k *catalogue.Kind, f *catalogue.Field, rec *domain.Record) error {
	for _, a := range k.Actions {
		for _, role := range a.Roles {
			if d := s.cat.Roles[role]; d != nil && d.Kind != "platform" && r.sight.Viewer.Holds(role, rec.Area, s.Engine.Today()) {
				return nil
			}
		}
	}
	return domain.Failf(domain.Forbidden, f.Field, "class", "「%s」属于个人信息，只有承办此类事项的人员可以查看", "%s is personal data; only those who work on such matters may open it", f.Label.ZH)
}

func (s *server) plainValue(r *request, f *catalogue.Field, x any) string {
	list, ok := x.([]any)
	if !ok {
		list = []any{x}
	}
	out := make([]string, len(list))
	for i, y := range list {
		out[i] = s.value(r.Context(), r.words, f, y).Text
	}
	return strings.Join(out, "、")
}

func clip(s string, n int) string {
	if t := []rune(s); len(t) > n {
		return string(t[:n])
	}
	return s
}
