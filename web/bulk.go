package web

import (
	"net/http"
	"slices"

	"github.com/dinghai/dinghai/catalogue"
	"github.com/dinghai/dinghai/domain"
	"github.com/dinghai/dinghai/engine"
	"github.com/dinghai/dinghai/web/form"
	"github.com/dinghai/dinghai/web/view"
)

// maxBulk is how many records one bulk step takes; a page shows fewer.
const maxBulk = 500

// bulkActions are the actions a viewer may do on several records at once.
func (s *server) bulkActions(r *request, k *catalogue.Kind) []view.Option {
	var out []view.Option
	for _, a := range k.Actions {
		if a.Opens || !s.holdsAny(r, a.Roles) {
			continue
		}
		out = append(out, view.Option{Value: a.Action, Text: a.Label.In(r.lang)})
	}
	if len(out) > 0 {
		out = append(out, view.Option{Value: engine.ActAssign, Text: r.T("bulk.assign")}, view.Option{Value: engine.ActNote, Text: s.actionOf(k, engine.ActNote).Label.In(r.lang)})
	}
	return out
}

func (s *server) holdsAny(r *request, roles []string) bool {
	return slices.ContainsFunc(r.sight.Viewer.Grants, func(g domain.Grant) bool { return slices.Contains(roles, g.Role) })
}

// bulk is one action on several records: the form and what would happen to each
// first, then, once confirmed, what did happen. Each record has its own command
// under one batch; one refusal does not stop the others.
func (s *server) bulk(w http.ResponseWriter, h *http.Request) {
	r := s.request(w, h)
	v, err := s.bulkPage(r)
	if err != nil {
		s.fail(w, h, err)
		return
	}
	s.render(w, r, http.StatusOK, view.BulkPage(r.Page, v))
}

func (s *server) bulkPage(r *request) (view.Bulk, error) {
	var v view.Bulk
	if err := s.signedIn(r); err != nil {
		return v, err
	}
	sent, err := s.sent(r)
	if err != nil {
		return v, err
	}
	k := s.cat.Kinds[r.PathValue("kind")]
	if k == nil {
		return v, domain.Fail(domain.NotFound, "kind", "exists", "目录中没有这个事项", "the catalogue has no such matter")
	}
	act := s.actionOf(k, sent.Get("_action"))
	if act == nil || act.Opens {
		return v, domain.Fail(domain.Invalid, "action", "required", "请选择要办理的动作", "choose the action")
	}
	refs := sent["_ref"]
	if len(refs) == 0 || len(refs) > maxBulk {
		return v, domain.Failf(domain.Invalid, "ref", "required", "请勾选 1 至 %d 条记录", "tick 1 to %d records", maxBulk)
	}
	a := acting{kind: k, act: act, form: s.builder(r).Of(k, act), to: "/list/" + k.Name + "/bulk"}
	if act.Action == engine.ActAssign {
		a.form.Fields[0].Pick = "/pick/person"
	}
	in, bad := form.Decode(a.form, sent, s.resolver(r))
	v = view.Bulk{Kind: k.Name, Title: act.Label.In(r.lang), Action: act.Action, Refs: refs, Batch: first(sent.Get("_batch"), newKey()), Back: "/list/" + k.Name,
		Inputs: view.Inputs{Form: a.form, Values: form.Sent(sent), Names: s.chosenNames(r, a, form.Sent(sent)), Problems: map[string][]string{}}, Reason: sent.Get("_reason")}
	for _, b := range bad {
		v.Inputs.Problems[b.Field] = append(v.Inputs.Problems[b.Field], sentence(b.Reason, r.lang))
	}
	v.Filled = sent.Get("_filled") != "" || len(a.form.Fields) == 0 && act.Ask == ""
	v.Done = sent.Get("_do") != "" && v.Filled && len(bad) == 0
	r.Nav, r.Title = "lists", v.Title
	r.Crumbs = []view.Link{{Text: r.T("nav.lists"), Href: "/list"}, {Text: k.Label.In(r.lang), Href: v.Back}, {Text: v.Title}}
	return v, s.bulkRows(r, a, &v, in)
}

// bulkRows tries or does the action on each record.
func (s *server) bulkRows(r *request, a acting, v *view.Bulk, in map[string]any) error {
	for _, text := range v.Refs {
		ref, err := domain.ParseRef(text)
		if err != nil {
			return err
		}
		rec, err := r.sight.Record(r.Context(), ref)
		row := view.BulkRow{Ref: text}
		if rec != nil {
			row.Link = view.Link{Text: first(rec.Number, r.title(rec)), Href: address(rec.Class, ref)}
			row.State = r.state(rec.Kind, rec.State)
			if v.Filled {
				err = s.bulkOne(r, a, v, rec, in, &row)
			}
		}
		if err != nil {
			row.Problems = problemTexts(r, err)
		}
		if len(row.Problems) > 0 {
			v.Bad++
		} else if v.Filled {
			v.Good++
		}
		v.Rows = append(v.Rows, row)
	}
	return nil
}

func (s *server) bulkOne(r *request, a acting, v *view.Bulk, rec *domain.Record, in map[string]any, row *view.BulkRow) error {
	cmd := domain.Command{Record: rec.Ref, Action: a.act.Action, Input: in, Actor: r.sight.Viewer.Actor, Reason: v.Reason, Batch: v.Batch}
	if a.act.Action == engine.ActAssign {
		cmd.Input = assignment(rec, in)
	}
	do := s.Engine.Check
	if v.Done {
		cmd.Key, do = v.Batch+"/"+rec.ID, s.Engine.Do
	}
	got, err := do(r.Context(), cmd)
	if err == nil && got.Record != nil {
		row.To = r.state(got.Record.Kind, got.Record.State)
	}
	return err
}

// assignment hands over the first open task.
func assignment(rec *domain.Record, in map[string]any) map[string]any {
	out := map[string]any{"assignee": in["assignee"]}
	for _, t := range rec.Tasks {
		if t.Done == "" {
			out["task"] = t.ID
			break
		}
	}
	return out
}
