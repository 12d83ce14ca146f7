package access

import (
	"context"
	"time"

	"github.com/dinghai/dinghai/domain"
	"github.com/dinghai/dinghai/store"
)

// A person gets in for the first time, or again after losing everything, by a
// link that lets them choose a password. Who may hand it out follows from the
// separation of the administrators: it must be no way for one of them to become
// another.
const (
	linkPurpose = "password"
	linkTime    = 24 * time.Hour
)

// MayLink tells whether somebody may hand out a link for a person: the system
// administrator a first one, the security administrator another. For an
// administrator only the operator of the server can, by command line.
func (s *Service) MayLink(ctx context.Context, by domain.Viewer, person domain.Ref) error {
	m, err := s.people.member(ctx, person)
	if err != nil {
		return err
	}
	if m == nil {
		return domain.Fail(domain.NotFound, "person", "exists", "没有这名在职人员", "there is no such person in service")
	}
	has, err := s.hasProof(ctx, m)
	switch today := s.Engine.Today(); {
	case err != nil:
		return err
	case by.Person == person:
		return domain.Fail(domain.Refused, "", "not_self", "不能给自己发链接，请在「我的账号」修改密码", "nobody makes a link for themselves; change your password on your own page")
	case textOf(m.person, "login") == "":
		return domain.Fail(domain.Refused, "login", "no_login", "请先为此人设置登录名", "give this person a log-in name first")
	case m.admin != "":
		return domain.Fail(domain.Refused, "", "admin", "管理员的登录链接只能由运维人员在服务器上用命令行生成", "for an administrator only the operator can make a link, by command line on the server")
	case has && !by.Holds(Admins[1], m.person.Area, today):
		return domain.Fail(domain.Forbidden, "", "security_admin", "此人已能登录；重设须由安全管理员办理", "this person can sign in already; only the security administrator makes another link")
	case !has && !by.Holds(Admins[0], m.person.Area, today) && !by.Holds(Admins[1], m.person.Area, today):
		return domain.Fail(domain.Forbidden, "", "admin_only", "登录链接由系统管理员或安全管理员生成", "the system or the security administrator makes the link")
	}
	return nil
}

// hasProof reports whether a person has any way to sign in.
func (s *Service) hasProof(ctx context.Context, m *member) (bool, error) {
	had, err := s.HasPassword(ctx, m.person.Ref)
	if err != nil || had {
		return had, err
	}
	id := m.person.Ref.String()
	keys, err := s.Store.Passkeys(ctx, id)
	if err != nil || len(keys) > 0 {
		return len(keys) > 0, err
	}
	ties, err := s.Store.Identities(ctx, id)
	return len(ties) > 0, err
}

// Link makes the secret of a link for a person.
func (s *Service) Link(ctx context.Context, by domain.Viewer, person domain.Ref) (string, error) {
	if err := s.MayLink(ctx, by, person); err != nil {
		return "", err
	}
	return s.link(ctx, by.ID, person)
}

// OperatorLink makes one for whoever has the server itself in hand.
func (s *Service) OperatorLink(ctx context.Context, login string) (string, error) {
	m, err := s.byLogin(ctx, login)
	if err != nil {
		return "", err
	}
	if m == nil {
		return "", domain.Failf(domain.NotFound, "login", "exists", "没有登录名为「%s」的在职人员", "nobody in service has the log-in name %q", login)
	}
	return s.link(ctx, "operator", m.person.Ref)
}

func (s *Service) link(ctx context.Context, by string, person domain.Ref) (string, error) {
	secret, now := newSecret(), s.Now()
	err := s.Store.AddTicket(ctx, store.Ticket{Hash: hashOf(secret), Purpose: linkPurpose, Person: person.String(), MadeBy: by, Made: now, Until: now.Add(linkTime)})
	if err != nil {
		return "", err
	}
	return secret, s.logID(ctx, by, "link_made", person.String(), "")
}

// LinkFor tells whom a link is for.
func (s *Service) LinkFor(ctx context.Context, secret string) (*domain.Record, error) {
	t, err := s.ticket(ctx, linkPurpose, secret)
	if err != nil {
		return nil, err
	}
	if t == nil {
		return nil, errLink
	}
	ref, err := domain.ParseRef(t.Person)
	if err != nil {
		return nil, err
	}
	m, err := s.people.member(ctx, ref)
	if err == nil && m == nil {
		err = errLink
	}
	if err != nil {
		return nil, err
	}
	return m.person, nil
}

// UseLink sets the password a person chose and signs them in. A password that
// does not do leaves the link as it was.
func (s *Service) UseLink(ctx context.Context, secret, password string, c Client) (*Opened, error) {
	person, err := s.LinkFor(ctx, secret)
	if err != nil {
		return nil, err
	}
	if bad := checkPassword("fresh", password, aboutOf(person)...); bad != nil {
		return nil, bad
	}
	taken, err := s.Store.TakeTicket(ctx, hashOf(secret))
	if err != nil {
		return nil, err
	}
	if !taken {
		return nil, errLink
	}
	if err := s.setPassword(ctx, person, "fresh", password); err != nil {
		return nil, err
	}
	if _, err := s.Store.EndSessions(ctx, person.Ref.String(), ""); err != nil {
		return nil, err
	}
	m, err := s.people.member(ctx, person.Ref)
	if err != nil || m == nil {
		return nil, err
	}
	return s.open(ctx, m, "link", false, c)
}
