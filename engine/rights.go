package engine

import (
	"slices"
	"strings"

	"github.com/dinghai/dinghai/catalogue"
	"github.com/dinghai/dinghai/domain"
)

// authorise asks for a grant that covers role × action × area on today's date.
// The platform itself acts under its own rules: effects, lapses, imports of
// orders between homes.
func (s *step) authorise() error {
	if s.cmd.Actor.System {
		s.ev.Role = "system"
		return nil
	}
	role := s.e.roleFor(s.cmd.Actor, s.act.Roles, s.rec.Area, s.today)
	if role == "" {
		return s.e.forbidden(s.act)
	}
	s.ev.Role = role
	return nil
}

func (e *Engine) roleFor(a domain.Actor, roles []string, area string, on domain.Date) string {
	for _, r := range roles {
		if a.Holds(r, area, on) {
			return r
		}
	}
	return ""
}

func (e *Engine) forbidden(act *catalogue.Action) error {
	if len(act.Roles) == 0 {
		return domain.Failf(domain.Forbidden, "", "role", "「%s」由系统依规则办理，不能手工操作", "%q is done by the platform under its rules, not by hand", act.Label.ZH)
	}
	return domain.Failf(domain.Forbidden, "", "role", "您没有在该辖区办理此事项的权限，需要的角色：%[1]s", "you have no grant for this here; it needs one of the roles: %[2]s",
		e.roleNames(act.Roles, "zh"), e.roleNames(act.Roles, "en"))
}

func (e *Engine) roleNames(roles []string, lang string) string {
	names := make([]string, len(roles))
	for i, r := range roles {
		names[i] = r
		if d := e.cat.Roles[r]; d != nil {
			names[i] = domain.Text{ZH: d.ZH, EN: d.EN}.In(lang)
		}
	}
	if lang == "en" {
		return strings.Join(names, ", ")
	}
	return strings.Join(names, "、")
}

// fitsState refuses an action from the wrong state, on a voided record, or on
// a version the caller did not see.
func (s *step) fitsState() error {
	if s.prior == nil {
		return nil
	}
	if s.prior.Voided {
		return domain.Fail(domain.NotNow, "", "voided", "该记录已作废或并入其他记录，不能再办理", "this record was voided or merged; nothing more can be done on it")
	}
	if s.cmd.Seq != 0 && s.cmd.Seq != s.prior.Seq {
		return domain.Failf(domain.Conflict, "", "seq", "他人已先行办理（第%d版），您看到的是第%d版，请刷新后核对", "somebody acted first (version %d; you saw %d); reload and compare", s.prior.Seq, s.cmd.Seq)
	}
	if !s.kind.StartsFrom(s.act, s.prior.State) {
		st := s.kind.StateOf(s.prior.State)
		label := s.prior.State
		if st != nil {
			label = st.Label.ZH
		}
		return domain.Failf(domain.NotNow, "state", "from", "当前状态为「%s」，不能办理「%s」", "in state %q the action %q cannot be done", label, s.act.Label.ZH)
	}
	return nil
}

// earliest is before anything a bureau could have done: an earlier date is a
// slip of the pen.
const earliest domain.Date = "1949-10-01"

// fitsDate holds the effective date between the record's last step and today.
func (s *step) fitsDate() error {
	on := s.cmd.On
	if !on.Valid() {
		return domain.Failf(domain.Invalid, "on", "date", "办理日期「%s」不是有效日期，应为 2023-11-18 这样的格式", "%q is not a date like 2023-11-18", on)
	}
	if on < earliest {
		return domain.Failf(domain.Invalid, "on", "past", "办理日期 %s 过早，请核对年份", "the effective date %s is too long ago; check the year", on)
	}
	if on > s.today {
		return domain.Failf(domain.Invalid, "on", "future", "办理日期 %s 晚于今天 %s", "the effective date %s lies after today, %s", on, s.today)
	}
	if s.prior != nil && len(s.prior.Trail) > 0 && !s.cmd.Opening {
		if last := s.prior.Trail[len(s.prior.Trail)-1].On; on < last {
			return domain.Failf(domain.Invalid, "on", "order", "办理日期 %s 早于上一步的日期 %s", "the effective date %s lies before the previous step, %s", on, last)
		}
	}
	if s.act.Ask == "reason" && strings.TrimSpace(s.cmd.Reason) == "" && !s.cmd.Actor.System {
		return domain.Fail(domain.Invalid, "reason", "required", "请填写理由", "give the reason")
	}
	return nil
}

// guard evaluates every named condition and reports all that fail.
func (s *step) guard() error {
	var bad []domain.Problem
	for _, g := range s.act.Guards {
		ok, err := g.WhenX.Bool(s.vars)
		if err != nil {
			return domain.Wrap(domain.Internal, err)
		}
		if !ok {
			bad = append(bad, domain.Problem{Rule: g.Guard, Reason: g.Text, Law: g.Law})
		}
	}
	if len(bad) > 0 {
		return &domain.Error{Code: domain.Guarded, Problems: bad}
	}
	return nil
}

// Possible tells which actions of a kind start from a record's state and which
// of them the actor may do: the buttons of a page.
func (e *Engine) Possible(r *domain.Record, a domain.Actor) []*catalogue.Action {
	k := e.cat.KindAt(r.Kind, r.Process)
	if k == nil || r.Voided {
		return nil
	}
	var out []*catalogue.Action
	for _, act := range k.Actions {
		if !act.Opens && k.StartsFrom(act, r.State) && e.roleFor(a, act.Roles, r.Area, e.Today()) != "" {
			out = append(out, act)
		}
	}
	return slices.Clip(out)
}
