package engine

import (
	"context"
	"slices"

	"github.com/dinghai/dinghai/catalogue"
	"github.com/dinghai/dinghai/domain"
)

// ScopeOf is the row right of a person on a day: what the grants let him or her
// see, what was given to hand, less the cases he or she withdrew from.
func (e *Engine) ScopeOf(ctx context.Context, v domain.Viewer) (domain.Scope, error) {
	var s domain.Scope
	today := e.Today()
	for _, g := range v.Grants {
		if g.From > today || g.Until != "" && g.Until < today {
			continue
		}
		c := domain.Clause{Kinds: e.cat.SeenBy(g.Role), Area: g.Area, Role: g.Role}
		if r := e.cat.Roles[g.Role]; r != nil && r.Sees == catalogue.SeesOrgan {
			if c.Organ = v.Organ; c.Organ == "" {
				continue // whoever belongs nowhere has nothing of an organ to see
			}
		}
		if len(c.Kinds) > 0 {
			s.Any = append(s.Any, c)
		}
	}
	if !v.Known() {
		return s, nil
	}
	s.Any = append(s.Any, domain.Clause{Of: v.Person}, domain.Clause{Assignee: v.ID})
	for _, absent := range v.For {
		s.Any = append(s.Any, domain.Clause{Assignee: absent})
	}
	var err error
	s.Not, err = e.recused(ctx, v.Person)
	return s, err
}

// recusedRole is the party role of an officer who withdrew from a case.
const recusedRole = "recused"

func (e *Engine) recused(ctx context.Context, person domain.Ref) ([]domain.Ref, error) {
	list, err := e.Reader().LinkedTo(ctx, person, recusedRole, "")
	out := make([]domain.Ref, len(list))
	for i, r := range list {
		out[i] = r.Ref
	}
	return out, err
}

// Sight reads the store as one viewer may. Lists, counts, search, tasks,
// calendars and single records follow the same scope.
type Sight struct {
	Viewer domain.Viewer
	engine *Engine
	read   domain.Reader
}

// As gives the viewer's sight.
func (e *Engine) As(v domain.Viewer) *Sight { return &Sight{Viewer: v, engine: e, read: e.Reader()} }

func (s *Sight) scope() *domain.Scope { return &s.Viewer.Scope }

// Sees reports whether the viewer may see a record.
func (s *Sight) Sees(r *domain.Record) bool { return s.scope().Covers(r) }

// Record finds a record the viewer may see; nil if there is none; Forbidden,
// with what would be needed, if it is not the viewer's to see.
func (s *Sight) Record(ctx context.Context, ref domain.Ref) (*domain.Record, error) {
	r, err := s.read.Record(ctx, ref)
	if err != nil || r == nil || s.Sees(r) {
		return r, err
	}
	return nil, s.WhyNot(r)
}

// WhyNot explains why a record is not the viewer's to see, nil if it is.
func (s *Sight) WhyNot(r *domain.Record) error {
	if s.Sees(r) {
		return nil
	}
	if slices.Contains(s.Viewer.Scope.Not, r.Ref) {
		return domain.Fail(domain.Forbidden, "", "recused", "您已回避此件，不能查看或者办理", "you withdrew from this case and cannot see or act on it")
	}
	if !s.Viewer.Known() {
		return domain.Fail(domain.Forbidden, "", "login", "请先登录；内部办理信息不对外公开", "sign in first; how a case is handled is not public")
	}
	cat := s.engine.cat
	return domain.Failf(domain.Forbidden, "", "scope", "您没有查看此件的权限。查看需要在「%[1]s」有下列角色之一：%[2]s。如工作需要，请向安全管理员申请授权",
		"you have no right to see this. It takes, for %[1]s, one of the roles: %[3]s. If your work needs it, ask the security administrator", cat.AreaName(r.Area), s.engine.roleNames(cat.Readers(r.Kind), "zh"), s.engine.roleNames(cat.Readers(r.Kind), "en"))
}

// List, Count, Search, Tasks, Clocks and ClockDays are the reader's, within the
// viewer's scope.
func (s *Sight) List(ctx context.Context, q domain.ListQuery) (domain.ListPage, error) {
	q.Scope = s.scope()
	return s.read.List(ctx, q)
}

// Count is the total of List.
func (s *Sight) Count(ctx context.Context, q domain.ListQuery) (int, error) {
	q.Scope = s.scope()
	return s.read.Count(ctx, q)
}

// Search finds records by name, code, number or initials.
func (s *Sight) Search(ctx context.Context, q domain.SearchQuery) (domain.ListPage, error) {
	q.Scope = s.scope()
	return s.read.Search(ctx, q)
}

// Tasks lists open tasks with the true total.
func (s *Sight) Tasks(ctx context.Context, q domain.TaskQuery) ([]domain.TaskRow, int, error) {
	q.Scope = s.scope()
	return s.read.Tasks(ctx, q)
}

// Clocks lists running clocks by due date with the true total.
func (s *Sight) Clocks(ctx context.Context, q domain.ClockQuery) ([]domain.ClockRow, int, error) {
	q.Scope = s.scope()
	return s.read.Clocks(ctx, q)
}

// ClockDays counts running clocks by due date.
func (s *Sight) ClockDays(ctx context.Context, q domain.ClockQuery) ([]domain.DayCount, error) {
	q.Scope = s.scope()
	return s.read.ClockDays(ctx, q)
}

// LinkedTo lists the records that point to ref which the viewer may see, and
// tells how many there are in all.
func (s *Sight) LinkedTo(ctx context.Context, ref domain.Ref, role, kind string) (list []*domain.Record, total int, err error) {
	all, err := s.read.LinkedTo(ctx, ref, role, kind)
	return slices.DeleteFunc(all, func(r *domain.Record) bool { return !s.Sees(r) }), len(all), err
}
