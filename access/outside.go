package access

import (
	"context"
	"crypto/subtle"
	"errors"
	"net/url"
	"strings"

	"github.com/dinghai/dinghai/domain"
	"github.com/dinghai/dinghai/store"
)

// Provider is an outside service that says who somebody is.
type Provider interface {
	// Key names the provider in addresses: letters only.
	Key() string
	// Label is what its button says.
	Label() domain.Text
	// Begin gives the address to send the browser to. The flow carries a fresh
	// state, nonce and verifier.
	Begin(ctx context.Context, back string, f *Flow) (string, error)
	// Finish turns the answer the browser brought back into a profile. State was
	// checked.
	Finish(ctx context.Context, back string, f *Flow, answer url.Values) (*Profile, error)
}

// Flow is what belongs to one sign-in with a provider.
type Flow struct {
	Provider string
	State    string
	Nonce    string
	Verifier string // of PKCE
	Next     string // page to go to afterwards
}

// Profile is who a provider says somebody is.
type Profile struct {
	Issuer  string // who says so
	Subject string // never given to anybody else
	Login   string // name by which the bureau may know the person
}

// AddProvider makes a provider usable.
func (s *Service) AddProvider(p Provider) { s.providers = append(s.providers, p) }

// Providers lists them in order.
func (s *Service) Providers() []Provider { return s.providers }

func (s *Service) provider(key string) (Provider, error) {
	for _, p := range s.providers {
		if p.Key() == key {
			return p, nil
		}
	}
	return nil, domain.Fail(domain.NotFound, "", "provider", "没有启用这种登录方式", "this way to sign in is not set up")
}

var (
	errOutside = domain.Fail(domain.Forbidden, "", "outside", "统一身份认证没有完成，请重新登录", "the sign-in was not completed; start again")
	errUnknown = domain.Fail(domain.Forbidden, "", "unknown", "该账号没有对应的在职人员，请联系系统管理员核对登录名", "no person in service belongs to that account; ask the system administrator to check the log-in name")
)

// BeginOutside sends a browser to a provider: the address and a flow for the
// cookie.
func (s *Service) BeginOutside(ctx context.Context, key, back, next string) (to, flow string, err error) {
	p, err := s.provider(key)
	if err != nil {
		return "", "", err
	}
	f := &Flow{Provider: key, State: newSecret(), Nonce: newSecret(), Verifier: newSecret(), Next: next}
	if to, err = p.Begin(ctx, back, f); err != nil {
		return "", "", s.away(p, err)
	}
	flow, err = s.sealFlow("outside", f)
	return to, flow, err
}

// away says that a provider cannot be reached; why goes to the log.
func (s *Service) away(p Provider, err error) error {
	s.Log.Error("sign-in", "provider", p.Key(), "err", err)
	return domain.Fail(domain.Unavailable, "", "provider", "暂时连不上统一身份认证，请稍后再试或改用密码", "the identity provider cannot be reached; try again later or use your password")
}

// SignInOutside ends the sign-in with what the browser brought back.
func (s *Service) SignInOutside(ctx context.Context, key, back, flow string, answer url.Values, c Client) (*Opened, string, error) {
	p, err := s.provider(key)
	if err != nil {
		return nil, "", err
	}
	var f Flow
	id, ok := s.openFlow("outside", flow, &f)
	if !ok || f.Provider != key || subtle.ConstantTimeCompare([]byte(answer.Get("state")), []byte(f.State)) != 1 || !s.endFlow(id) {
		return nil, "", errOutside
	}
	if answer.Get("code") == "" {
		s.Log.Info("sign-in", "provider", key, "refused", plain(answer.Get("error"), 80))
		return nil, "", errOutside
	}
	who, err := p.Finish(ctx, back, &f, answer)
	if err != nil {
		s.Log.Warn("sign-in", "provider", key, "err", err)
		return nil, "", errOutside
	}
	m, err := s.tied(ctx, who)
	if err != nil {
		return nil, "", err
	}
	o, err := s.open(ctx, m, key, false, c)
	return o, f.Next, err
}

// tied finds whom a profile is tied to. The first time the log-in name ties it;
// from then on only the subject counts, which a provider gives to nobody else.
func (s *Service) tied(ctx context.Context, who *Profile) (*member, error) {
	known, err := s.Store.Identity(ctx, who.Issuer, who.Subject)
	if err != nil {
		return nil, err
	}
	if known != nil {
		ref, err := domain.ParseRef(known.Person)
		if err != nil {
			return nil, err
		}
		m, err := s.people.member(ctx, ref)
		if err != nil || m == nil {
			return nil, errors.Join(err, errUnknown)
		}
		return m, nil
	}
	m, err := s.byLogin(ctx, strings.ToLower(strings.TrimSpace(who.Login)))
	if err != nil || m == nil {
		return nil, errors.Join(err, errUnknown)
	}
	person := m.person.Ref.String()
	if err := s.Store.Tie(ctx, store.Identity{Provider: who.Issuer, Subject: who.Subject, Person: person, Made: s.Now()}); err != nil {
		return nil, err
	}
	return m, s.logID(ctx, person, "tied", person, who.Issuer)
}

// Ties lists what outside accounts a person is tied to.
func (s *Service) Ties(ctx context.Context, person domain.Ref) ([]*store.Identity, error) {
	return s.Store.Identities(ctx, person.String())
}

// Untie removes a tie.
func (s *Service) Untie(ctx context.Context, by, person domain.Ref, issuer string) error {
	gone, err := s.Store.Untie(ctx, person.String(), issuer)
	if err != nil || !gone {
		return err
	}
	return s.log(ctx, by, "untied", person.String(), issuer)
}
