package store

import (
	"context"
	"time"
)

// Session is one sign-in of a person. Token is the hash of the secret in the
// cookie, in hexadecimal; the secret itself is nowhere stored.
type Session struct {
	Token   string
	Person  string // reference of the person's record
	Method  string // password, passkey, oidc …
	Strong  bool   // the device verified its user
	Made    time.Time
	Seen    time.Time
	Until   time.Time // ends then, however busy
	Agent   string    // what the browser calls itself, shortened
	Network string    // where it was opened from
}

const sessionColumns = "token, person, method, strong, made, seen, until, agent, network"

func scanSession(rows Rows) (*Session, error) {
	s := &Session{}
	var strong int
	var made, seen, until int64
	err := rows.Scan(&s.Token, &s.Person, &s.Method, &strong, &made, &seen, &until, &s.Agent, &s.Network)
	s.Strong, s.Made, s.Seen, s.Until = strong == 1, unnano(made), unnano(seen), unnano(until)
	return s, err
}

// Session finds a session by the hash of its token; nil if there is none.
// Whether it has run out is for the caller to say.
func (r Reader) Session(ctx context.Context, token string) (*Session, error) {
	return first(read(ctx, r, scanSession, "SELECT "+sessionColumns+" FROM session WHERE token = ?", token))
}

// Sessions lists a person's sessions, the last used first.
func (r Reader) Sessions(ctx context.Context, person string) ([]*Session, error) {
	return read(ctx, r, scanSession, "SELECT "+sessionColumns+" FROM session WHERE person = ? ORDER BY seen DESC, token", person)
}

// AddSession opens a session and ends the one it takes the place of, if any, in
// one step. What ran out before s began is swept away.
func (k *Keep) AddSession(ctx context.Context, s Session, replaces string) error {
	return k.Transact(ctx, func(c Conn) error {
		if _, err := c.Exec(ctx, "DELETE FROM session WHERE token = ? OR until < ?", replaces, nano(s.Made)); err != nil {
			return err
		}
		_, err := c.Exec(ctx, "INSERT INTO session ("+sessionColumns+") VALUES ("+marks(9)+")",
			s.Token, s.Person, s.Method, bit(s.Strong), nano(s.Made), nano(s.Seen), nano(s.Until), s.Agent, s.Network)
		return err
	})
}

// SeeSession notes that a session was in use at a time.
func (k *Keep) SeeSession(ctx context.Context, token string, at time.Time) error {
	_, err := k.do(ctx, "UPDATE session SET seen = ? WHERE token = ? AND seen < ?", nano(at), token, nano(at))
	return err
}

// EndSession ends one session of a person; false if it was none of theirs.
func (k *Keep) EndSession(ctx context.Context, person, token string) (bool, error) {
	n, err := k.do(ctx, "DELETE FROM session WHERE token = ? AND person = ?", token, person)
	return n > 0, err
}

// EndSessions ends all sessions of a person but one ("" = all) and tells how
// many.
func (k *Keep) EndSessions(ctx context.Context, person, except string) (int, error) {
	n, err := k.do(ctx, "DELETE FROM session WHERE person = ? AND token <> ?", person, except)
	return int(n), err
}
