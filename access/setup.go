package access

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/dinghai/dinghai/catalogue"
	"github.com/dinghai/dinghai/domain"
	"github.com/dinghai/dinghai/store"
)

// The first start has nobody who could let anybody in. One link, printed once,
// makes the three administrators; it is worth nothing as soon as there is a
// system administrator.
const (
	setupPurpose = "setup"
	setupTime    = 24 * time.Hour
)

// Admins are the three separate administrators, in the order of the set-up
// page.
var Admins = []string{"system_admin", "security_admin", "audit_admin"}

// NewAdmin is one of the first three administrators.
type NewAdmin struct{ Name, StaffNo, Login, Password string }

// NeedsSetup reports whether nobody is system administrator today.
func (s *Service) NeedsSetup(ctx context.Context) (bool, error) {
	today := s.Engine.Today()
	q := domain.ListQuery{Kind: grantKind, States: []string{"active"}, Fields: map[string]string{"role": Admins[0]}, Limit: 100}
	for {
		page, err := s.Engine.Reader().List(ctx, q)
		if err != nil {
			return false, err
		}
		for _, row := range page.Rows {
			g, err := s.Engine.Reader().Record(ctx, row.Ref)
			if err != nil {
				return false, err
			}
			if g != nil && valid(g, today) {
				return false, nil
			}
		}
		if q.After = page.Next; page.Next == "" {
			return true, nil
		}
	}
}

// SetupLink makes the secret of a set-up link. "" means that none is needed, or
// that one was made that still holds; fresh makes another in its place.
func (s *Service) SetupLink(ctx context.Context, fresh bool) (string, error) {
	needs, err := s.NeedsSetup(ctx)
	if err != nil || !needs {
		return "", err
	}
	now := s.Now()
	if !fresh {
		list, err := s.Store.TicketsFor(ctx, setupPurpose, "")
		if err != nil || len(list) > 0 && now.Before(list[0].Until) {
			return "", err
		}
	}
	secret := newSecret()
	return secret, s.Store.AddTicket(ctx, store.Ticket{Hash: hashOf(secret), Purpose: setupPurpose, Made: now, Until: now.Add(setupTime)})
}

var errLink = domain.Fail(domain.NotFound, "", "link", "链接无效：已经用过、已过期，或者输入有误", "the link is not valid: it was used, has expired, or was mistyped")

// CheckSetup reports whether a set-up link may still be used.
func (s *Service) CheckSetup(ctx context.Context, secret string) error {
	t, err := s.ticket(ctx, setupPurpose, secret)
	if err != nil {
		return err
	}
	needs, err := s.NeedsSetup(ctx)
	if err == nil && (t == nil || !needs) {
		err = errLink
	}
	return err
}

// ticket finds the live ticket of a secret; nil if there is none.
func (s *Service) ticket(ctx context.Context, purpose, secret string) (*store.Ticket, error) {
	if secret == "" || len(secret) > 100 {
		return nil, nil
	}
	t, err := s.Store.Ticket(ctx, hashOf(secret))
	if err != nil || t == nil || t.Purpose != purpose || !s.Now().Before(t.Until) {
		return nil, err
	}
	return t, nil
}

// SetUp makes the three administrators, and the authorities of the catalogue
// with them. All that is wrong with the input is reported at once: fields are
// named login.system_admin, password.audit_admin …
func (s *Service) SetUp(ctx context.Context, secret string, admins [3]NewAdmin) error {
	s.setup.Lock()
	defer s.setup.Unlock()
	if err := s.CheckSetup(ctx, secret); err != nil {
		return err
	}
	if bad := s.checkAdmins(admins); len(bad) > 0 {
		return &domain.Error{Code: domain.Invalid, Problems: bad}
	}
	organs, err := s.LoadOrgans(ctx)
	if err != nil {
		return err
	}
	people := make([]domain.Ref, len(admins))
	for i, a := range admins {
		if people[i], err = s.enrolAdmin(ctx, Admins[i], a, organs[s.cityOrgan()]); err != nil {
			return err
		}
	}
	for i := len(admins) - 1; i >= 0; i-- { // the system administrator last: until then the link holds
		if err := s.setPasswordHash(ctx, people[i], admins[i].Password); err != nil {
			return err
		}
		if err := s.grantAdmin(ctx, people[i], Admins[i]); err != nil {
			return err
		}
	}
	if _, err := s.Store.TakeTicket(ctx, hashOf(secret)); err != nil {
		return err
	}
	return s.logID(ctx, "", "setup", "", "")
}

// checkAdmins holds the input of the set-up page against what can be known
// before anything is written.
func (s *Service) checkAdmins(admins [3]NewAdmin) []domain.Problem {
	var bad []domain.Problem
	add := func(field, role, rule, zh, en string) {
		bad = append(bad, domain.Problem{Field: field + "." + role, Rule: rule, Reason: domain.Text{ZH: zh, EN: en}})
	}
	for i, a := range admins {
		role := Admins[i]
		for _, x := range []struct{ field, value, zh, en string }{{"name", a.Name, "请填写姓名", "give the name"}, {"staff_no", a.StaffNo, "请填写工号", "give the staff number"}, {"login", a.Login, "请填写登录名", "give a log-in name"}} {
			if x.value == "" {
				add(x.field, role, "required", x.zh, x.en)
			}
		}
		if err := checkPassword("password."+role, a.Password, a.Login, a.Name, a.StaffNo); err != nil {
			bad = append(bad, err.Problems...)
		}
		for _, b := range admins[:i] {
			if a.Login != "" && a.Login == b.Login {
				add("login", role, "three_apart", "三名管理员须是三个人，登录名不能相同", "the administrators are three people; the log-in names must differ")
			}
			if a.Name != "" && a.Name == b.Name {
				add("name", role, "three_apart", "三名管理员须是三个人，姓名不能相同", "the administrators are three people; the names must differ")
			}
			if a.Password != "" && a.Password == b.Password {
				add("password", role, "three_apart", "三名管理员须是三个人，密码不能相同", "the administrators are three people; the passwords must differ")
			}
		}
	}
	return bad
}

// enrolAdmin enrols a person; doing it again after a failure further on finds
// the same.
func (s *Service) enrolAdmin(ctx context.Context, role string, a NewAdmin, organ domain.Ref) (domain.Ref, error) {
	r, err := s.Engine.Do(ctx, domain.Command{Kind: personKind, Action: "enrol", Area: s.Engine.Catalogue().City().Code,
		Input: map[string]any{"name": a.Name, "staff_no": a.StaffNo, "login": a.Login, "organ": organ.String()},
		Actor: domain.System(setupPurpose), Key: fmt.Sprintf("setup:%s:%s", role, hashOf(a.Name + "\x00" + a.StaffNo + "\x00" + a.Login)[:16])})
	if err != nil {
		return domain.Ref{}, fieldsOf(err, role)
	}
	return r.Record.Ref, nil
}

// fieldsOf names the fields of an error after the administrator they are of.
func fieldsOf(err error, role string) error {
	var d *domain.Error
	if !errors.As(err, &d) || len(d.Problems) == 0 {
		return err
	}
	out := &domain.Error{Code: d.Code, Problems: slices.Clone(d.Problems)}
	for i := range out.Problems {
		p := &out.Problems[i]
		if p.Field == "" && p.Rule == "plain_login" {
			p.Field = "login"
		}
		if p.Field != "" {
			p.Field += "." + role
		}
	}
	return out
}

func (s *Service) grantAdmin(ctx context.Context, person domain.Ref, role string) error {
	_, err := s.Engine.Do(ctx, domain.Command{Kind: grantKind, Action: "give", Of: person, Area: s.Engine.Catalogue().City().Code,
		Input: map[string]any{"role": role}, Actor: domain.System(setupPurpose), Key: "setup:" + role + ":" + person.ID})
	return err
}

func (s *Service) setPasswordHash(ctx context.Context, person domain.Ref, password string) error {
	hash, err := s.hash(ctx, password)
	if err != nil {
		return err
	}
	return s.Store.SetPassword(ctx, store.Password{Person: person.String(), Hash: hash, Made: s.Now()})
}

func (s *Service) cityOrgan() string {
	for _, o := range s.Engine.Catalogue().OrganList() {
		if o.Kind == "city" {
			return o.Organ
		}
	}
	return ""
}

// LoadOrgans registers the authorities of the catalogue that are not registered
// yet, the upper ones first, and gives all of them by code.
func (s *Service) LoadOrgans(ctx context.Context) (map[string]domain.Ref, error) {
	out := map[string]domain.Ref{}
	left := s.Engine.Catalogue().OrganList()
	for len(left) > 0 {
		var later, now []*catalogue.Organ
		for _, o := range left {
			if o.Parent != "" && out[o.Parent].Zero() {
				later = append(later, o)
			} else {
				now = append(now, o)
			}
		}
		if len(now) == 0 {
			return nil, fmt.Errorf("access: authorities whose upper one is unknown: %s", later[0].Organ)
		}
		if err := s.loadOrgans(ctx, now, out); err != nil {
			return nil, err
		}
		left = later
	}
	return out, nil
}

func (s *Service) loadOrgans(ctx context.Context, list []*catalogue.Organ, known map[string]domain.Ref) error {
	var cmds []domain.Command
	var codes []string
	for _, o := range list {
		ref, err := s.Engine.Reader().ByClaim(ctx, "organ_code", o.Organ)
		if err != nil {
			return err
		}
		if known[o.Organ] = ref; !ref.Zero() {
			continue
		}
		in := map[string]any{"organ_code": o.Organ, "name": o.ZH, "name_en": o.EN, "short": o.Short, "kind": o.Kind}
		if o.Parent != "" {
			in["parent"] = known[o.Parent].String()
		}
		cmds = append(cmds, domain.Command{Kind: organKind, Action: "load", Area: o.Area, Input: in, Opening: true,
			Actor: domain.System(setupPurpose), Key: "organ:" + o.Organ})
		codes = append(codes, o.Organ)
	}
	for i, r := range s.Engine.DoAll(ctx, cmds) {
		if r.Err != nil {
			return fmt.Errorf("access: authority %s: %w", strings.TrimSpace(codes[i]), r.Err)
		}
		known[codes[i]] = r.Receipt.Record.Ref
	}
	return nil
}
