package web

import (
	"net/url"
	"slices"

	"github.com/dinghai/dinghai/catalogue"
	"github.com/dinghai/dinghai/domain"
	"github.com/dinghai/dinghai/engine"
	"github.com/dinghai/dinghai/web/form"
)

// builtins are the actions people may do on any record, as forms.
var builtins = []*catalogue.Action{
	{Action: engine.ActNote, Label: domain.Text{ZH: "写备注", EN: "Write a note"},
		Help: domain.Text{ZH: "备注留在办理经过里，不改变状态和时限", EN: "A note stays in the time line and changes neither state nor limits"},
		Form: []*catalogue.Form{own(&catalogue.Field{Field: "text", Type: "note", Label: domain.Text{ZH: "备注内容", EN: "Note"}})}},
	{Action: engine.ActCorrect, Label: domain.Text{ZH: "更正", EN: "Correct"}, Ask: "reason",
		Help: domain.Text{ZH: "录入有误时更正；原值保留可查，统计按更正后的值计入原来的期间，已发布的报告不变", EN: "For mistakes of entry. The old value stays on view; figures are restated for the period they belong to; published reports do not change"}},
	{Action: engine.ActAssign, Label: domain.Text{ZH: "转交待办", EN: "Hand over"},
		Form: []*catalogue.Form{own(&catalogue.Field{Field: "assignee", Type: "text", Label: domain.Text{ZH: "转交给", EN: "To"}, Help: domain.Text{ZH: "输入姓名或工号查找；留空则退回公共待办", EN: "Search by name or staff number; leave empty to give it back to all"}})}},
	{Action: engine.ActMerge, Label: domain.Text{ZH: "并入其他记录", EN: "Merge into another"}, Ask: "reason",
		Help: domain.Text{ZH: "本记录是重复件时使用：本记录的时限和待办全部停止，编号保留，名下的办件改挂到并入的记录", EN: "For duplicates: all limits and tasks of this record stop; its number stays taken, and its cases go over to the other record"},
		Form: []*catalogue.Form{own(&catalogue.Field{Field: "into", Type: "ref", Label: domain.Text{ZH: "并入的记录", EN: "Merge into"}})}},
	{Action: engine.ActVoid, Label: domain.Text{ZH: "作废", EN: "Void"}, Ask: "reason",
		Help: domain.Text{ZH: "仅用于误录：编号保留并标明作废，统计中撤回；录入满24小时后须由第二人批准", EN: "Only for what was entered by mistake: the number stays and is marked, figures are taken back. After 24 hours a second person must approve"}},
	{Action: engine.ActHold, Label: domain.Text{ZH: "证据保全", EN: "Legal hold"}, Ask: "reason",
		Help: domain.Text{ZH: "因诉讼、审计或者调查须完整保留时使用：解除以前不能删除个人信息", EN: "For a lawsuit, an audit or an inquiry: until the hold is ended no personal data of the record can be erased"}},
	{Action: engine.ActRelease, Label: domain.Text{ZH: "解除证据保全", EN: "End the legal hold"}, Ask: "reason",
		Help: domain.Text{ZH: "解除后保存期限照常适用", EN: "The retention period applies again"}},
	{Action: engine.ActErase, Label: domain.Text{ZH: "删除个人信息", EN: "Erase personal data"}, Ask: "reason",
		Help: domain.Text{ZH: "销毁本记录个人信息的密钥，此后任何人都不能再读，备份中的也一样；办理经过和统计不变。保存期限未满或者证据保全中的不能删除", EN: "Destroys the key of the record's personal data: nobody can read it again, nor in backups; time line and figures stay. Not while the retention period or a legal hold runs"}},
}

func own(f *catalogue.Field) *catalogue.Form {
	return &catalogue.Form{Field: f.Field, Own: f, Def: f, Optional: f.Field == "assignee"}
}

func isBuiltin(action string) bool {
	return slices.ContainsFunc(builtins, func(a *catalogue.Action) bool { return a.Action == action })
}

// actionOf finds an action of a kind, its own or a built-in one.
func (s *server) actionOf(k *catalogue.Kind, name string) *catalogue.Action {
	if a := k.ActionOf(name); a != nil {
		return a
	}
	for _, a := range builtins {
		if a.Action == name && (k.Builtin == nil || slices.Contains(k.Builtin, name)) {
			return a
		}
	}
	return nil
}

// shapeBuiltin fits the form of a built-in action to the record it is done on.
func (s *server) shapeBuiltin(r *request, a *acting) error {
	switch a.act.Action {
	case engine.ActMerge:
		a.form.Fields[0].Pick = "/pick/ref/" + a.kind.Name
	case engine.ActAssign:
		a.form.Fields[0].Pick = "/pick/person"
	case engine.ActCorrect:
		return s.shapeCorrection(r, a)
	}
	return nil
}

// shapeCorrection asks for the new value of the field, or the new date of the
// step, that the address names; without one, for the field.
func (s *server) shapeCorrection(r *request, a *acting) error {
	b, q := s.builder(r), r.URL.Query()
	switch name, mark := q.Get("field"), q.Get("mark"); {
	case mark != "":
		a.form.Fields = []form.Field{{Name: "date", Type: "date", Label: r.T("correct.mark", s.eventName(r, a.kind, mark))}}
		a.to += "?mark=" + url.QueryEscape(mark)
	case name != "":
		f := a.kind.FieldOf(name)
		if f == nil {
			return domain.Failf(domain.Invalid, "field", "unknown", "没有「%s」这一项", "there is no field %q", name)
		}
		x := b.Field(f)
		x.Name, x.Optional = "value", true
		a.form.Fields = []form.Field{x}
		a.to += "?field=" + url.QueryEscape(name)
	default:
		x := form.Field{Name: "field", Type: "code", Label: r.T("correct.field")}
		for _, f := range a.kind.Fields {
			if a.rec.Fields[f.Field] != nil {
				x.Options = append(x.Options, form.Option{Value: f.Field, Text: f.Label.In(r.lang)})
			}
		}
		a.form.Fields, a.form.Reason = []form.Field{x}, false
	}
	return nil
}

// eventName is what the action that led to an event is called.
func (s *server) eventName(r *request, k *catalogue.Kind, event string) string {
	for _, a := range k.Actions {
		if a.Emits == event {
			return a.Label.In(r.lang)
		}
	}
	return event
}

// builtinInput is the input of a built-in action from the decoded form and the
// address the form was sent to.
func builtinInput(action string, in map[string]any, q url.Values) map[string]any {
	out := map[string]any{}
	for k, v := range in {
		out[k] = v
	}
	for _, name := range []string{"field", "mark", "task"} {
		if v := q.Get(name); v != "" {
			out[name] = v
		}
	}
	return out
}
