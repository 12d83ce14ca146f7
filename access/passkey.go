package access

import (
	"context"
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"net/netip"
	"net/url"

	"github.com/go-webauthn/webauthn/protocol"
	"github.com/go-webauthn/webauthn/webauthn"

	"github.com/dinghai/dinghai/domain"
	"github.com/dinghai/dinghai/store"
)

// UsePasskeys makes passkeys work for the bureau reached by an address. A
// browser offers them over TLS, or on localhost; elsewhere an error says why
// they stay off.
func (s *Service) UsePasskeys(base, name string) error {
	u, err := url.Parse(base)
	if err != nil || u.Hostname() == "" {
		return fmt.Errorf("access: %q is no address", base)
	}
	if u.Scheme != "https" && u.Hostname() != "localhost" {
		return errors.New("access: passkeys need TLS")
	}
	if _, err := netip.ParseAddr(u.Hostname()); err == nil {
		return errors.New("access: passkeys need a host name, not a number")
	}
	s.keys, err = webauthn.New(&webauthn.Config{RPID: u.Hostname(), RPDisplayName: name, RPOrigins: []string{u.Scheme + "://" + u.Host},
		AttestationPreference: protocol.PreferNoAttestation})
	return err
}

// Passkeys reports whether passkeys can be used.
func (s *Service) Passkeys() bool { return s.keys != nil }

var (
	errNoPasskeys = domain.Fail(domain.Refused, "passkey", "off", "这里没有启用通行密钥", "passkeys are off here")
	errCeremony   = domain.Fail(domain.Forbidden, "passkey", "failed", "通行密钥验证没有成功，请再试一次或改用密码", "the passkey could not be verified; try again or use your password")
	errBackup     = domain.Fail(domain.Forbidden, "passkey", "backup_eligible", "该通行密钥的同步属性与登记时不一致，不能使用。请用密码登录，移除它并重新添加",
		"whether this passkey can be synchronised differs from what was registered. Sign in with your password, remove it and add it again")
	errCloned = domain.Fail(domain.Forbidden, "passkey", "counter", "该通行密钥的使用次数不对，可能被复制过，已拒绝。请用密码登录并移除它",
		"the counter of this passkey went back; it may have been copied and is refused. Sign in with your password and remove it")
	errUnverified = domain.Fail(domain.Forbidden, "passkey", "user_verification", "您担任决定性角色，须用能验证本人（指纹、面容或设备密码）的通行密钥登录",
		"you hold a role that decides: sign in with a passkey whose device verifies you by finger, face or PIN")
	errReauth = domain.Fail(domain.Refused, "password", "reauth", "请先输入密码确认是您本人", "give your password first to show that it is you")
)

// holder is a member as the library wants to see a user.
type holder struct {
	member *member
	keys   []webauthn.Credential
	stored map[string]*store.Passkey
}

// WebAuthnID is the user handle: the reference of the person's record.
func (h *holder) WebAuthnID() []byte { return []byte(h.member.person.Ref.String()) }

// WebAuthnName is what an authenticator shows beside the bureau.
func (h *holder) WebAuthnName() string { return textOf(h.member.person, "login") }

// WebAuthnDisplayName is the person's name.
func (h *holder) WebAuthnDisplayName() string { return textOf(h.member.person, "name") }

// WebAuthnCredentials are the registered keys with every flag as it was noted.
func (h *holder) WebAuthnCredentials() []webauthn.Credential { return h.keys }

func (s *Service) holder(ctx context.Context, m *member) (*holder, error) {
	list, err := s.Store.Passkeys(ctx, m.person.Ref.String())
	if err != nil {
		return nil, err
	}
	h := &holder{member: m, stored: map[string]*store.Passkey{}}
	for _, p := range list {
		var c webauthn.Credential
		if err := json.Unmarshal([]byte(p.Doc), &c); err != nil {
			return nil, fmt.Errorf("access: passkey %s: %w", p.ID, err)
		}
		h.keys = append(h.keys, c)
		h.stored[p.ID] = p
	}
	return h, nil
}

func keyID(raw []byte) string { return base64.RawURLEncoding.EncodeToString(raw) }

// BeginPasskey starts a sign-in with any passkey the browser holds for us. It
// gives the options for the browser and a flow for the cookie.
func (s *Service) BeginPasskey(ctx context.Context) (options any, flow string, err error) {
	if s.keys == nil {
		return nil, "", errNoPasskeys
	}
	o, session, err := s.keys.BeginDiscoverableLogin(webauthn.WithUserVerification(protocol.VerificationPreferred))
	if err != nil {
		return nil, "", err
	}
	flow, err = s.sealFlow("passkey", session)
	return o, flow, err
}

// SignInPasskey ends it with the browser's answer. Who holds a role that
// decides must have been verified by the device.
func (s *Service) SignInPasskey(ctx context.Context, flow string, answer []byte, c Client) (*Opened, error) {
	if s.keys == nil {
		return nil, errNoPasskeys
	}
	var session webauthn.SessionData
	id, ok := s.openFlow("passkey", flow, &session)
	if !ok {
		return nil, errCeremony
	}
	parsed, err := protocol.ParseCredentialRequestResponseBytes(answer)
	if err != nil {
		return nil, errCeremony
	}
	var h *holder
	_, key, err := s.keys.ValidatePasskeyLogin(func(_, handle []byte) (webauthn.User, error) {
		h, err = s.byHandle(ctx, string(handle))
		return h, err
	}, session, parsed)
	if h == nil || !s.endFlow(id) {
		return nil, errCeremony
	}
	verified := parsed.Response.AuthenticatorData.Flags.HasUserVerified()
	if err = s.judgePasskey(h.member, key, verified, err); err != nil {
		return nil, errors.Join(err, s.logID(ctx, "", "signin_failed", h.member.person.Ref.String(), "passkey "+c.Network+" "+err.(*domain.Error).Problems[0].Rule))
	}
	if err := s.usedPasskey(ctx, h.stored[keyID(key.ID)], key); err != nil {
		return nil, err
	}
	return s.open(ctx, h.member, "passkey", verified, c)
}

// byHandle finds the member of a user handle.
func (s *Service) byHandle(ctx context.Context, handle string) (*holder, error) {
	ref, err := domain.ParseRef(handle)
	if err != nil {
		return nil, err
	}
	m, err := s.people.member(ctx, ref)
	if err != nil || m == nil {
		return nil, errors.Join(err, errCeremony)
	}
	return s.holder(ctx, m)
}

// inconsistent is what the library says when the backup-eligible flag of an
// assertion differs from the registered one; it has no code of its own.
const inconsistent = "Backup Eligible flag inconsistency detected during login validation"

// judgePasskey turns what the library found, and our own rules, into an error
// with a name.
func (s *Service) judgePasskey(m *member, key *webauthn.Credential, verified bool, err error) error {
	var bad *protocol.Error
	switch {
	case errors.As(err, &bad) && bad.Details == inconsistent:
		return errBackup
	case err != nil:
		return errCeremony
	case key.Authenticator.CloneWarning:
		return errCloned
	case !verified && s.decides(m):
		return errUnverified
	}
	return nil
}

func (s *Service) usedPasskey(ctx context.Context, p *store.Passkey, key *webauthn.Credential) error {
	doc, err := json.Marshal(key)
	if err != nil {
		return err
	}
	return s.Store.UsePasskey(ctx, p.ID, p.Doc, string(doc), s.Now())
}

// addFlow binds the registration of a passkey to the person who began it.
type addFlow struct {
	Person  string
	Session webauthn.SessionData
}

// BeginAdd starts the registration of a passkey in a session that just began,
// or with the person's password.
func (s *Service) BeginAdd(ctx context.Context, person domain.Ref, password string, c Client) (options any, flow string, err error) {
	if s.keys == nil {
		return nil, "", errNoPasskeys
	}
	m, err := s.people.member(ctx, person)
	if err != nil || m == nil {
		return nil, "", errors.Join(err, errCeremony)
	}
	if err := s.confirm(ctx, m, password, c); err != nil {
		return nil, "", err
	}
	h, err := s.holder(ctx, m)
	if err != nil {
		return nil, "", err
	}
	verify := protocol.VerificationPreferred
	if s.decides(m) {
		verify = protocol.VerificationRequired
	}
	o, session, err := s.keys.BeginRegistration(h,
		webauthn.WithAuthenticatorSelection(protocol.AuthenticatorSelection{ResidentKey: protocol.ResidentKeyRequirementRequired,
			RequireResidentKey: protocol.ResidentKeyRequired(), UserVerification: verify}),
		webauthn.WithExclusions(webauthn.Credentials(h.keys).CredentialDescriptors()))
	if err != nil {
		return nil, "", err
	}
	flow, err = s.sealFlow("passkey-add", addFlow{person.String(), *session})
	return o, flow, err
}

// confirm lets only the person in who signed in a moment ago, or knows the
// password: an unattended screen must not gain a key of its own.
func (s *Service) confirm(ctx context.Context, m *member, password string, c Client) error {
	x, err := s.Session(ctx, c.Token)
	if err != nil {
		return err
	}
	if x != nil && x.Person == m.person.Ref.String() && s.Now().Sub(x.Made) < flowTime {
		return nil
	}
	if had, err := s.HasPassword(ctx, m.person.Ref); err != nil || !had || password == "" {
		return errors.Join(err, errReauth)
	}
	try, wait := s.gate.begin("confirm "+m.person.Ref.String(), c.Network, s.knownDevice(m.person.Ref, c.Device))
	if wait > 0 {
		return &WaitError{wait}
	}
	ok, err := s.proves(ctx, m, password)
	if err != nil {
		return err
	}
	if !ok {
		return domain.Fail(domain.Invalid, "password", "wrong", "密码不正确", "the password is wrong")
	}
	s.gate.succeed(try)
	return nil
}

// Fresh reports whether a session began a moment ago, so that no password is
// asked for again.
func (s *Service) Fresh(x *store.Session) bool { return x != nil && s.Now().Sub(x.Made) < flowTime }

// Add ends the registration: the credential is kept whole, with all flags. The
// session goes on under a new secret.
func (s *Service) Add(ctx context.Context, person domain.Ref, flow, name string, answer []byte, c Client) (*Opened, error) {
	if s.keys == nil {
		return nil, errNoPasskeys
	}
	var f addFlow
	id, ok := s.openFlow("passkey-add", flow, &f)
	if !ok || f.Person != person.String() {
		return nil, errCeremony
	}
	m, err := s.people.member(ctx, person)
	if err != nil || m == nil {
		return nil, errors.Join(err, errCeremony)
	}
	h, err := s.holder(ctx, m)
	if err != nil {
		return nil, err
	}
	parsed, err := protocol.ParseCredentialCreationResponseBytes(answer)
	if err != nil {
		return nil, errCeremony
	}
	key, err := s.keys.CreateCredential(h, f.Session, parsed)
	if err != nil || !s.endFlow(id) {
		return nil, errCeremony
	}
	doc, err := json.Marshal(key)
	if err != nil {
		return nil, err
	}
	if name = plain(name, 40); name == "" {
		name = fmt.Sprintf("#%d", len(h.keys)+1)
	}
	if err := s.Store.AddPasskey(ctx, store.Passkey{ID: keyID(key.ID), Person: f.Person, Name: name, Doc: string(doc), Made: s.Now()}); err != nil {
		return nil, err
	}
	if err := s.log(ctx, person, "passkey_added", f.Person, name); err != nil {
		return nil, err
	}
	return s.renew(ctx, m, "passkey", key.Flags.UserVerified, c)
}

// Key is a passkey as its owner sees it.
type Key struct {
	*store.Passkey
	Synced   bool // may be copied to other devices of the owner
	Verifies bool // the device verified its user at registration
}

// KeysOf lists the passkeys of a person.
func (s *Service) KeysOf(ctx context.Context, person domain.Ref) ([]Key, error) {
	list, err := s.Store.Passkeys(ctx, person.String())
	if err != nil {
		return nil, err
	}
	out := make([]Key, len(list))
	for i, p := range list {
		var c webauthn.Credential
		if err := json.Unmarshal([]byte(p.Doc), &c); err != nil {
			return nil, fmt.Errorf("access: passkey %s: %w", p.ID, err)
		}
		out[i] = Key{p, c.Flags.BackupEligible, c.Flags.UserVerified}
	}
	return out, nil
}

// DropKey removes a passkey of a person.
func (s *Service) DropKey(ctx context.Context, person domain.Ref, id string) error {
	gone, err := s.Store.DropPasskey(ctx, person.String(), id)
	if err != nil || !gone {
		return err
	}
	return s.log(ctx, person, "passkey_dropped", person.String(), "")
}
