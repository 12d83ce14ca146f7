package engine

import (
	"slices"
	"strings"
	"time"

	"github.com/dinghai/dinghai/catalogue"
	"github.com/dinghai/dinghai/domain"
)

// The actions every kind has.
const (
	ActCorrect = "correct" // field, value, reason: restates the period it belongs to
	ActVoid    = "void"    // entered by mistake
	ActMerge   = "merge"   // a duplicate of another record
	ActNote    = "note"
	ActErase   = "erase"   // personal data
	ActHold    = "hold"    // legal hold: nothing of it may be erased
	ActRelease = "release" // the hold ends
	ActAssign  = "assign"  // claim a task or hand it over
	ActTell    = "tell"    // another record reports its state
	ActLink    = "link"    // another home opened what this record ordered
	ActRetime  = "retime"  // a new calendar moves open clocks
	ActFollow  = "follow"  // the subject was merged into another one
)

var builtins = []string{ActCorrect, ActVoid, ActMerge, ActNote, ActErase, ActAssign, ActHold, ActRelease, ActTell, ActLink, ActRetime, ActFollow}

func isBuiltin(name string) bool { return slices.Contains(builtins, name) }

// builtin decides one of them.
func (s *step) builtin() error {
	if s.prior == nil {
		return domain.Fail(domain.Invalid, "record", "required", "请先选择要办理的记录", "choose the record to act on")
	}
	if err := s.begin(); err != nil {
		return err
	}
	s.ev.Type = "record." + pastOf[s.cmd.Action]
	if err := s.mayBuiltin(); err != nil {
		return err
	}
	if s.cmd.Seq != 0 && s.cmd.Seq != s.prior.Seq {
		return domain.Failf(domain.Conflict, "", "seq", "他人已先行办理（第%d版），您看到的是第%d版，请刷新后核对", "somebody acted first (version %d; you saw %d); reload and compare", s.prior.Seq, s.cmd.Seq)
	}
	do := map[string]func() error{ActCorrect: s.correct, ActVoid: s.void, ActMerge: s.merge, ActNote: s.noteText,
		ActErase: s.erase, ActAssign: s.assign, ActTell: s.told, ActLink: s.linkTo, ActRetime: s.retimeClocks, ActHold: s.hold, ActRelease: s.release, ActFollow: s.follow}
	if err := do[s.cmd.Action](); err != nil {
		return err
	}
	if err := s.write(); err != nil {
		return err
	}
	switch s.cmd.Action {
	case ActVoid:
		return s.voidOffspring()
	case ActMerge:
		return s.bringCases()
	}
	return nil
}

// voidOffspring takes along what the voided record opened by itself: records
// nobody could have opened by hand, such as the licence of an entity.
func (s *step) voidOffspring() error {
	list, err := s.d.tx.LinkedTo(s.rec.Home, s.rec.Ref, "parent", "")
	if err != nil {
		return err
	}
	for _, r := range s.d.freshen(list, func(r *domain.Record) bool { return r.Parent == s.rec.Ref }) {
		k := s.e.cat.Kinds[r.Kind]
		if r.Voided || k == nil || openedByHand(k) {
			continue
		}
		if err := s.takeAlong(r.Ref, ActVoid, nil); err != nil {
			return err
		}
	}
	return nil
}

// takeAlong does on another record of the home what follows by itself from what
// was done on this one, in the same transaction.
func (s *step) takeAlong(ref domain.Ref, action string, in map[string]any) error {
	d := &draft{overlay: s.d.overlay, base: s.d.base}
	_, err := s.e.decide(s.ctx, d, domain.Command{Record: ref, Action: action, Input: in, On: s.cmd.On, NotBefore: true, Reason: s.cmd.Reason, Approver: s.cmd.Approver,
		Actor: domain.Actor{ID: s.cmd.Actor.ID, Organ: s.cmd.Actor.Organ, System: true}, Batch: s.cmd.Batch, Cause: s.ev.ID, Depth: s.cmd.Depth + 1})
	return err
}

// openedByHand reports whether somebody holds a role for an opening action.
func openedByHand(k *catalogue.Kind) bool {
	return slices.ContainsFunc(k.Actions, func(a *catalogue.Action) bool { return a.Opens && len(a.Roles) > 0 })
}

var pastOf = map[string]string{ActCorrect: "corrected", ActVoid: "voided", ActMerge: "merged", ActNote: "noted", ActErase: "erased",
	ActAssign: "assigned", ActTell: "told", ActLink: "linked", ActRetime: "retimed", ActHold: "held", ActRelease: "released", ActFollow: "followed"}

// mayBuiltin: whoever may act on the kind at all may correct, void, merge and
// note it; erasure and legal holds are the auditor's; the rest is the platform's own.
func (s *step) mayBuiltin() error {
	if s.cmd.Actor.System {
		s.ev.Role = "system"
		return nil
	}
	var roles []string
	switch {
	case s.kind.Builtin != nil && !slices.Contains(s.kind.Builtin, s.cmd.Action):
		return domain.Fail(domain.Refused, "", "builtin", "这类记录不能这样处理，请使用其自身的办理动作", "records of this kind cannot be treated so; use their own actions")
	case slices.Contains([]string{ActTell, ActLink, ActRetime, ActFollow}, s.cmd.Action):
		return s.e.forbidden(&catalogue.Action{Label: domain.Text{ZH: s.cmd.Action, EN: s.cmd.Action}})
	case s.cmd.Action == ActErase || s.cmd.Action == ActHold || s.cmd.Action == ActRelease:
		roles = []string{"auditor"}
	default:
		for _, a := range s.kind.Actions {
			roles = append(roles, a.Roles...)
		}
		roles = slices.DeleteFunc(roles, func(r string) bool { return r == "citizen" || r == "firm" || r == "staff" })
	}
	if s.ev.Role = s.e.roleFor(s.cmd.Actor, roles, s.rec.Area, s.today); s.ev.Role == "" {
		return s.e.forbidden(&catalogue.Action{Label: domain.Text{ZH: s.cmd.Action, EN: s.cmd.Action}, Roles: slices.Compact(slices.Sorted(slices.Values(roles)))})
	}
	return nil
}

func (s *step) reason() error {
	if strings.TrimSpace(s.cmd.Reason) == "" {
		return domain.Fail(domain.Invalid, "reason", "required", "请填写理由", "give the reason")
	}
	if s.prior.Voided {
		return domain.Fail(domain.NotNow, "", "voided", "该记录已作废或并入其他记录", "this record was voided or merged")
	}
	return nil
}

// correct restates a field, or the date of a step; the old value stays in the
// event.
func (s *step) correct() error {
	if err := s.reason(); err != nil {
		return err
	}
	if mark, _ := s.cmd.Input["mark"].(string); mark != "" {
		return s.correctMark(mark)
	}
	name, _ := s.cmd.Input["field"].(string)
	f := s.kind.FieldOf(name)
	if f == nil {
		return domain.Failf(domain.Invalid, "field", "unknown", "没有「%s」这一项", "there is no field %q", name)
	}
	var v any
	if raw := s.cmd.Input["value"]; !blank(raw) {
		c := checker{cat: s.e.cat, today: s.today}
		if v = c.value("value", f, raw); len(c.bad) > 0 {
			return &domain.Error{Code: domain.Invalid, Problems: c.bad}
		}
		if f.Sealed() {
			sealed, err := s.seal(f, v)
			if err != nil {
				return err
			}
			v = sealed
		}
	} else if f.Blind {
		s.ev.Changes.Blind = []domain.Blind{{Field: name}}
	}
	s.ev.Changes.Correct = []domain.Correction{{Field: name, Old: s.prior.Fields[name], New: v}}
	s.ev.Changes.Set = map[string]any{name: v}
	return nil
}

// correctMark moves the date of a step, within its neighbours.
func (s *step) correctMark(mark string) error {
	on, _ := s.cmd.Input["date"].(string)
	d := domain.Date(on)
	i := slices.IndexFunc(s.prior.Trail, func(m domain.Mark) bool { return m.Event == mark })
	if i < 0 {
		return domain.Failf(domain.Invalid, "mark", "unknown", "办理经过中没有「%s」", "the record has no step %q", mark)
	}
	tr := s.prior.Trail
	if !d.Valid() || d > s.today || (i > 0 && d < tr[i-1].On) || (i+1 < len(tr) && d > tr[i+1].On) {
		return domain.Fail(domain.Invalid, "date", "order", "更正后的日期须在前后两步之间", "the corrected date must lie between the steps before and after")
	}
	s.ev.Changes.Correct = []domain.Correction{{Mark: mark, Old: string(tr[i].On), New: on}}
	return nil
}

// void marks a record as entered by mistake. Its number stays taken. After 24
// hours a second person must agree.
func (s *step) void() error {
	if err := s.reason(); err != nil {
		return err
	}
	if s.at.Sub(s.prior.Made) > 24*time.Hour && !s.cmd.Actor.System && (s.cmd.Approver == "" || s.cmd.Approver == s.cmd.Actor.ID) {
		return domain.Fail(domain.Refused, "approver", "second_person", "录入已超过24小时，作废须由第二人批准", "more than 24 hours after entry a second person must approve")
	}
	s.ev.Changes.Void = true
	s.closeAll()
	return nil
}

func (s *step) closeAll() {
	for _, c := range s.prior.Clocks {
		if c.Open() {
			c.Stopped, c.Outcome = s.cmd.On, domain.Cancelled
			s.ev.Changes.Clocks = append(s.ev.Changes.Clocks, c)
		}
	}
	for _, t := range s.prior.Tasks {
		if t.Done == "" {
			t.Done = s.cmd.On
			s.ev.Changes.Tasks = append(s.ev.Changes.Tasks, t)
		}
	}
}

func (s *step) noteText() error {
	t, _ := s.cmd.Input["text"].(string)
	if strings.TrimSpace(t) == "" {
		return domain.Fail(domain.Invalid, "text", "required", "请填写备注内容", "write the note")
	}
	s.ev.Reason, s.ev.Changes.Quiet = short4000(t), true
	return nil
}

func short4000(s string) string {
	if r := []rune(s); len(r) > 4000 {
		return string(r[:4000])
	}
	return s
}

// assign claims a task or hands it over.
func (s *step) assign() error {
	id, _ := s.cmd.Input["task"].(string)
	for _, t := range s.prior.Tasks {
		if t.ID == id && t.Done == "" {
			t.Assignee, _ = s.cmd.Input["assignee"].(string)
			s.ev.Changes.Tasks, s.ev.Changes.Quiet = []domain.Task{t}, true
			return nil
		}
	}
	return domain.Fail(domain.NotFound, "task", "exists", "待办已办结或不存在", "the task is done or does not exist")
}

// told notes the state another record reports.
func (s *step) told() error {
	from, _ := s.cmd.Input["from"].(string)
	state, _ := s.cmd.Input["state"].(string)
	ref, err := domain.ParseRef(from)
	if err != nil {
		return err
	}
	s.ev.Changes.Quiet = true
	for _, l := range s.prior.Links {
		if l.To == ref {
			l.State = state
			s.ev.Changes.Links = append(s.ev.Changes.Links, l)
		}
	}
	return nil
}

// linkTo remembers what another home opened on this record's order.
func (s *step) linkTo() error {
	in := s.cmd.Input
	ref, err := domain.ParseRef(textOf(in["to"]))
	if err != nil {
		return err
	}
	s.ev.Changes.Quiet = true
	if role := textOf(in["role"]); role != "" {
		s.ev.Changes.Links = []domain.Link{{Role: role, To: ref, Kind: textOf(in["kind"]), State: textOf(in["state"])}}
	}
	if keep := textOf(in["keep"]); keep != "" {
		s.ev.Changes.Set = map[string]any{keep: ref.String()}
	}
	return nil
}

// retimeClocks reckons the open clocks again after the calendar changed, and
// moves the tasks along; the old due dates are kept.
func (s *step) retimeClocks() error {
	s.ev.Changes.Quiet = true
	for _, c := range s.prior.Clocks {
		if !c.Open() {
			continue
		}
		n := c
		if err := s.e.book.Reckon(&n, s.today); err != nil {
			return domain.Wrap(domain.Internal, err)
		}
		if n.Due != c.Due {
			n.Was = append(slices.Clip(n.Was), c.Due)
			s.putClock(n)
		}
	}
	return s.retime()
}

func textOf(v any) string { s, _ := v.(string); return s }
