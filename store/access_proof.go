package store

import (
	"context"
	"time"

	"github.com/dinghai/dinghai/domain"
)

// Password is the hash of a person's password.
type Password struct {
	Person string
	Hash   string // in the encoding of its algorithm
	Kind   string // "" or demo: known to everybody who reads the manual
	Made   time.Time
}

// Password finds a person's password; nil if there is none.
func (r Reader) Password(ctx context.Context, person string) (*Password, error) {
	return first(read(ctx, r, func(rows Rows) (*Password, error) {
		p := &Password{}
		var made int64
		err := rows.Scan(&p.Person, &p.Hash, &p.Kind, &made)
		p.Made = unnano(made)
		return p, err
	}, "SELECT person, hash, kind, made FROM password WHERE person = ?", person))
}

// SetPassword keeps a person's password in place of the one before.
func (k *Keep) SetPassword(ctx context.Context, p Password) error {
	_, err := k.do(ctx, "INSERT INTO password (person, hash, kind, made) VALUES (?, ?, ?, ?)"+PasswordTable.Tail(Replace, "password"), p.Person, p.Hash, p.Kind, nano(p.Made))
	return err
}

// Passkey is a public key a person signs in with.
type Passkey struct {
	ID     string // of the credential, base64url
	Person string
	Name   string // as the person calls it
	Doc    string // the credential with every flag noted at registration, JSON
	Made   time.Time
	Used   time.Time // zero = never
}

const passkeyColumns = "id, person, name, doc, made, used"

func scanPasskey(rows Rows) (*Passkey, error) {
	p := &Passkey{}
	var made, used int64
	err := rows.Scan(&p.ID, &p.Person, &p.Name, &p.Doc, &made, &used)
	p.Made, p.Used = unnano(made), unnano(used)
	return p, err
}

// Passkey finds a passkey by the id of its credential; nil if there is none.
func (r Reader) Passkey(ctx context.Context, id string) (*Passkey, error) {
	return first(read(ctx, r, scanPasskey, "SELECT "+passkeyColumns+" FROM passkey WHERE id = ?", id))
}

// Passkeys lists a person's passkeys, the oldest first.
func (r Reader) Passkeys(ctx context.Context, person string) ([]*Passkey, error) {
	return read(ctx, r, scanPasskey, "SELECT "+passkeyColumns+" FROM passkey WHERE person = ? ORDER BY made, id", person)
}

// AddPasskey keeps a new passkey; an id that is there already is a Conflict.
func (k *Keep) AddPasskey(ctx context.Context, p Passkey) error {
	n, err := k.do(ctx, "INSERT INTO passkey ("+passkeyColumns+") VALUES ("+marks(6)+") ON CONFLICT (id) DO NOTHING", p.ID, p.Person, p.Name, p.Doc, nano(p.Made), nano(p.Used))
	if err == nil && n == 0 {
		err = domain.Fail(domain.Conflict, "passkey", "unique", "该通行密钥已经登记", "this passkey is registered already")
	}
	return err
}

// UsePasskey notes a use: the credential with its new counter. It is refused
// with Conflict when the credential is no longer what the caller read, so that
// of two sign-ins with one counter value only the first succeeds.
func (k *Keep) UsePasskey(ctx context.Context, id, was, doc string, at time.Time) error {
	n, err := k.do(ctx, "UPDATE passkey SET doc = ?, used = ? WHERE id = ? AND doc = ?", doc, nano(at), id, was)
	if err == nil && n == 0 {
		err = domain.Fail(domain.Conflict, "passkey", "changed", "该通行密钥刚被使用过，请重试", "the passkey was used a moment ago; try again")
	}
	return err
}

// DropPasskey removes a passkey of a person; false if it was none of theirs.
func (k *Keep) DropPasskey(ctx context.Context, person, id string) (bool, error) {
	n, err := k.do(ctx, "DELETE FROM passkey WHERE id = ? AND person = ?", id, person)
	return n > 0, err
}

// Identity ties a person to the subject an outside provider knows them by.
type Identity struct {
	Provider string // issuer or gateway
	Subject  string
	Person   string
	Made     time.Time
}

func scanIdentity(rows Rows) (*Identity, error) {
	i := &Identity{}
	var made int64
	err := rows.Scan(&i.Provider, &i.Subject, &i.Person, &made)
	i.Made = unnano(made)
	return i, err
}

// Identity finds who a provider's subject is; nil if nobody was tied to it.
func (r Reader) Identity(ctx context.Context, provider, subject string) (*Identity, error) {
	return first(read(ctx, r, scanIdentity, "SELECT provider, subject, person, made FROM identity WHERE provider = ? AND subject = ?", provider, subject))
}

// Identities lists what outside identities a person is tied to.
func (r Reader) Identities(ctx context.Context, person string) ([]*Identity, error) {
	return read(ctx, r, scanIdentity, "SELECT provider, subject, person, made FROM identity WHERE person = ? ORDER BY provider, subject", person)
}

// Tie notes an identity. A person has one subject with each provider, a subject
// one person: anything else is a Conflict.
func (k *Keep) Tie(ctx context.Context, i Identity) error {
	return k.Transact(ctx, func(c Conn) error {
		var subject string
		rows, err := c.Query(ctx, "SELECT subject FROM identity WHERE provider = ? AND (person = ? OR subject = ?)", i.Provider, i.Person, i.Subject)
		found, err := one(rows, err, &subject)
		if err == nil && found {
			err = domain.Fail(domain.Conflict, "identity", "unique", "该人员或该外部账号已另有绑定", "the person or the outside account is tied to another already")
		}
		if err != nil {
			return err
		}
		_, err = c.Exec(ctx, "INSERT INTO identity (provider, subject, person, made) VALUES (?, ?, ?, ?)", i.Provider, i.Subject, i.Person, nano(i.Made))
		return err
	})
}

// Untie removes a person's tie to a provider; false if there was none.
func (k *Keep) Untie(ctx context.Context, person, provider string) (bool, error) {
	n, err := k.do(ctx, "DELETE FROM identity WHERE person = ? AND provider = ?", person, provider)
	return n > 0, err
}
