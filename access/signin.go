package access

import (
	"context"
	"fmt"
	"strings"
	"time"

	"github.com/dinghai/dinghai/domain"
	"github.com/dinghai/dinghai/store"
)

// WaitError says that too many attempts failed and when the next may be made.
type WaitError struct{ After time.Duration }

// Error names the wait.
func (e *WaitError) Error() string { return fmt.Sprintf("access: wait %s", e.After.Round(time.Second)) }

// errWrong is the one answer to every failed log-in: it does not tell whether
// the name exists.
func errWrong() error {
	return domain.Fail(domain.Forbidden, "", "login", "登录名或密码不正确", "the log-in name or the password is wrong")
}

// SignIn opens a session for a log-in name and a password.
func (s *Service) SignIn(ctx context.Context, login, password string, c Client) (*Opened, error) {
	login = strings.ToLower(strings.TrimSpace(login))
	if login == "" || password == "" || len(login) > 200 || len(password) > 8*maxPassword {
		return nil, errWrong()
	}
	m, err := s.byLogin(ctx, login)
	if err != nil {
		return nil, err
	}
	device := ""
	if m != nil {
		device = s.knownDevice(m.person.Ref, c.Device)
	}
	try, wait := s.gate.begin(hashOf(login), c.Network, device)
	if wait > 0 {
		return nil, &WaitError{wait}
	}
	ok, err := s.proves(ctx, m, password)
	if err != nil {
		return nil, err
	}
	if !ok {
		return nil, s.failed(ctx, m, "password", c)
	}
	s.gate.succeed(try)
	return s.open(ctx, m, "password", false, c)
}

// proves compares a password with a member's and brings an old hash up to
// today's cost.
func (s *Service) proves(ctx context.Context, m *member, password string) (bool, error) {
	var p *store.Password
	var err error
	if m != nil {
		if p, err = s.Store.Password(ctx, m.person.Ref.String()); err != nil {
			return false, err
		}
	}
	if p == nil || p.Kind == demoPassword && !s.DemoPasswords {
		p = &store.Password{}
	}
	ok, err := s.verify(ctx, p.Hash, password)
	if err != nil || !ok || strings.HasPrefix(p.Hash, s.Cost.head()) {
		return ok, err
	}
	p.Hash, err = s.hash(ctx, password)
	if err != nil {
		return false, err
	}
	return true, s.Store.SetPassword(ctx, *p)
}

func (s *Service) failed(ctx context.Context, m *member, method string, c Client) error {
	target := ""
	if m != nil {
		target = m.person.Ref.String()
	}
	if err := s.logID(ctx, "", "signin_failed", target, method+" "+c.Network); err != nil {
		return err
	}
	return errWrong()
}

// demoPassword marks a password that stands in the manual.
const demoPassword = "demo"

// SetDemoPassword gives a person a password that works only where
// DemoPasswords is set.
func (s *Service) SetDemoPassword(ctx context.Context, person domain.Ref, password string) error {
	hash, err := s.hash(ctx, password)
	if err != nil {
		return err
	}
	return s.Store.SetPassword(ctx, store.Password{Person: person.String(), Hash: hash, Kind: demoPassword, Made: s.Now()})
}

// HasPassword reports whether a person can sign in with a password.
func (s *Service) HasPassword(ctx context.Context, person domain.Ref) (bool, error) {
	p, err := s.Store.Password(ctx, person.String())
	return p != nil && (p.Kind != demoPassword || s.DemoPasswords), err
}

// ChangePassword replaces a person's own password, knowing the one before. All
// other sessions end and this one goes on under a new secret.
func (s *Service) ChangePassword(ctx context.Context, person domain.Ref, old, fresh string, c Client) (*Opened, error) {
	m, err := s.people.member(ctx, person)
	if err == nil && m == nil {
		err = domain.Fail(domain.NotFound, "", "person", "没有这个人员，或者已经离职", "there is no such person, or he or she has left")
	}
	if err != nil {
		return nil, err
	}
	try, wait := s.gate.begin("change "+person.String(), c.Network, s.knownDevice(person, c.Device))
	if wait > 0 {
		return nil, &WaitError{wait}
	}
	had, err := s.HasPassword(ctx, person)
	if err != nil {
		return nil, err
	}
	if had {
		ok, err := s.proves(ctx, m, old)
		if err != nil {
			return nil, err
		}
		if !ok {
			return nil, domain.Fail(domain.Invalid, "old", "wrong", "原密码不正确", "the present password is wrong")
		}
	}
	s.gate.succeed(try)
	if err := s.setPassword(ctx, m.person, "fresh", fresh); err != nil {
		return nil, err
	}
	o, err := s.renew(ctx, m, "password", false, c)
	if err != nil {
		return nil, err
	}
	_, err = s.EndAll(ctx, person, person.String(), o.Token)
	return o, err
}

// setPassword checks and keeps a password.
func (s *Service) setPassword(ctx context.Context, person *domain.Record, field, password string) error {
	if bad := checkPassword(field, password, aboutOf(person)...); bad != nil {
		return bad
	}
	hash, err := s.hash(ctx, password)
	if err != nil {
		return err
	}
	if err := s.Store.SetPassword(ctx, store.Password{Person: person.Ref.String(), Hash: hash, Made: s.Now()}); err != nil {
		return err
	}
	return s.log(ctx, person.Ref, "password_set", person.Ref.String(), "")
}

// aboutOf are words others know of a person.
func aboutOf(p *domain.Record) []string {
	return []string{textOf(p, "login"), textOf(p, "name"), textOf(p, "staff_no")}
}

// SetPassword gives a person a password: for the first administrators and for
// links that let somebody choose one.
func (s *Service) SetPassword(ctx context.Context, person domain.Ref, password string) error {
	m, err := s.people.member(ctx, person)
	if err != nil {
		return err
	}
	if m == nil {
		return domain.Fail(domain.NotFound, "person", "exists", "没有这名在职人员", "there is no such person in service")
	}
	return s.setPassword(ctx, m.person, "password", password)
}
