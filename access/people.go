package access

import (
	"context"
	"slices"
	"sync"
	"sync/atomic"

	"github.com/dinghai/dinghai/catalogue"
	"github.com/dinghai/dinghai/domain"
)

// member is what a person's record and grants say on a day.
type member struct {
	person *domain.Record
	organ  *domain.Record // nil when it is unknown
	grants []domain.Grant // valid that day
	admin  string
	stands []string // ids of absent colleagues this person stands in for
}

// people remembers members until an event of the organisation or a new day
// makes them doubtful.
type people struct {
	service *Service
	mu      sync.Mutex
	day     domain.Date
	known   map[domain.Ref]*member
	organs  atomic.Pointer[map[string]*catalogue.Organ]
	stale   atomic.Bool // the authorities changed
	epoch   int         // counts forgetting: what was read before is not kept after
}

func (p *people) forget() {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.known, p.epoch = nil, p.epoch+1
}

// organsOnce reads the authorities again if one of them changed since.
func (p *people) organsOnce(ctx context.Context) error {
	if !p.stale.Swap(false) {
		return nil
	}
	err := p.service.Refresh(ctx)
	if err != nil {
		p.stale.Store(true)
	}
	return err
}

// Organ finds a registered authority by its code, as it is called today; nil if
// it is not registered, or nobody asked yet. It reads memory only: the engine
// asks while it decides.
func (s *Service) Organ(code string) *catalogue.Organ {
	if m := s.people.organs.Load(); m != nil {
		return (*m)[code]
	}
	return nil
}

// Refresh reads the registered authorities again. Members do so by themselves
// after a change; call it once at the start.
func (s *Service) Refresh(ctx context.Context) error {
	list, err := s.organRecords(ctx)
	if err != nil {
		return err
	}
	codes := map[string]string{}
	for _, o := range list {
		codes[o.Ref.String()] = textOf(o, "organ_code")
	}
	m := map[string]*catalogue.Organ{}
	for _, o := range list {
		c := &catalogue.Organ{Organ: textOf(o, "organ_code"), ZH: textOf(o, "name"), EN: textOf(o, "name_en"), Short: textOf(o, "short"), Area: o.Area,
			Kind: textOf(o, "kind"), Parent: codes[textOf(o, "parent")]}
		m[c.Organ] = c
	}
	s.people.organs.Store(&m)
	return nil
}

func (s *Service) organRecords(ctx context.Context) ([]*domain.Record, error) {
	var out []*domain.Record
	q := domain.ListQuery{Kind: organKind, Limit: 500}
	for {
		page, err := s.Engine.Reader().List(ctx, q)
		if err != nil {
			return nil, err
		}
		for _, row := range page.Rows {
			r, err := s.Engine.Reader().Record(ctx, row.Ref)
			if err != nil {
				return nil, err
			}
			if r != nil && !r.Voided {
				out = append(out, r)
			}
		}
		if q.After = page.Next; page.Next == "" {
			return out, nil
		}
	}
}

// member reads a person; nil when there is none in service.
func (p *people) member(ctx context.Context, ref domain.Ref) (*member, error) {
	today := p.service.Engine.Today()
	p.mu.Lock()
	if p.day != today {
		p.day, p.known, p.epoch = today, nil, p.epoch+1
	}
	m, ok := p.known[ref]
	epoch := p.epoch
	p.mu.Unlock()
	if ok {
		return m, nil
	}
	m, err := p.read(ctx, ref, today)
	if err == nil {
		err = p.organsOnce(ctx)
	}
	if err != nil {
		return nil, err
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.epoch == epoch {
		if p.known == nil {
			p.known = map[domain.Ref]*member{}
		}
		p.known[ref] = m
	}
	return m, nil
}

func (p *people) read(ctx context.Context, ref domain.Ref, today domain.Date) (*member, error) {
	reader := p.service.Engine.Reader()
	r, err := reader.Record(ctx, ref)
	if err != nil || !inService(r) {
		return nil, err
	}
	m := &member{person: r}
	if organ, err := domain.ParseRef(textOf(r, "organ")); err == nil {
		if m.organ, err = reader.Record(ctx, organ); err != nil {
			return nil, err
		}
	}
	grants, err := reader.LinkedTo(ctx, ref, "of", grantKind)
	if err != nil {
		return nil, err
	}
	for _, g := range grants {
		if valid(g, today) {
			m.add(p.service, g)
		}
	}
	m.stands, err = p.absentees(ctx, r, today)
	return m, err
}

func inService(r *domain.Record) bool {
	return r != nil && r.Kind == personKind && r.State == "active" && !r.Voided
}

// valid reports whether a grant holds on a day.
func valid(g *domain.Record, on domain.Date) bool {
	until := textOf(g, "valid_until")
	return g.State == "active" && !g.Voided && textOf(g, "valid_from") <= string(on) && (until == "" || string(on) <= until)
}

func (m *member) add(s *Service, g *domain.Record) {
	role := textOf(g, "role")
	m.grants = append(m.grants, domain.Grant{Role: role, Area: g.Area, From: domain.Date(textOf(g, "valid_from")), Until: domain.Date(textOf(g, "valid_until"))})
	if r := s.Engine.Catalogue().Roles[role]; r != nil && r.Kind == "admin" {
		m.admin = role
	}
}

// absentees are the colleagues away on a day whose substitute is r.
func (p *people) absentees(ctx context.Context, r *domain.Record, on domain.Date) ([]string, error) {
	list, err := p.service.Engine.Reader().LinkedTo(ctx, r.Ref, "substitute", personKind)
	if err != nil {
		return nil, err
	}
	var out []string
	for _, c := range list {
		if inService(c) && textOf(c, "substitute") == r.Ref.String() && textOf(c, "absent_from") <= string(on) && string(on) <= textOf(c, "absent_until") {
			out = append(out, c.Ref.String())
		}
	}
	slices.Sort(out)
	return out, nil
}

// decides reports whether a member holds a role that decides for the bureau.
func (s *Service) decides(m *member) bool {
	return slices.ContainsFunc(m.grants, func(g domain.Grant) bool { return s.deciding(g.Role) })
}

func (s *Service) deciding(role string) bool {
	r := s.Engine.Catalogue().Roles[role]
	return r != nil && r.Decides
}

// staffRole is held by everybody in service, for what people enter about
// themselves.
const staffRole = "staff"

// viewer is a member in a session.
func (s *Service) viewer(ctx context.Context, m *member, strong bool) (domain.Viewer, error) {
	id := m.person.Ref.String()
	v := domain.Viewer{Actor: domain.Actor{ID: id, Name: textOf(m.person, "name"), Organ: organCode(m.organ)},
		Person: m.person.Ref, StaffN: textOf(m.person, "staff_no"), For: m.stands, Admin: m.admin, Strong: strong}
	v.Grants = append(v.Grants, domain.Grant{Role: staffRole})
	for _, g := range m.grants {
		if s.PasskeyToDecide && !strong && s.deciding(g.Role) {
			continue
		}
		v.Grants = append(v.Grants, g)
	}
	if s.ScopeOf == nil {
		return v, nil
	}
	var err error
	v.Scope, err = s.ScopeOf(ctx, v)
	return v, err
}

func organCode(o *domain.Record) string {
	if o == nil {
		return ""
	}
	return textOf(o, "organ_code")
}

// byLogin finds who a log-in name belongs to; nil when nobody in service.
func (s *Service) byLogin(ctx context.Context, login string) (*member, error) {
	ref, err := s.Engine.Reader().ByClaim(ctx, "login", login)
	if err != nil || ref.Zero() {
		return nil, err
	}
	m, err := s.people.member(ctx, ref)
	if err != nil || m == nil || textOf(m.person, "login") != login {
		return nil, err // a name given up stays claimed
	}
	return m, nil
}

func textOf(r *domain.Record, field string) string {
	t, _ := r.Fields[field].(string)
	return t
}
