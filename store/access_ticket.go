package store

import (
	"context"
	"time"
)

// Ticket is a link that works once. Hash is the SHA-256 of the secret in the
// link, in hexadecimal.
type Ticket struct {
	Hash    string
	Purpose string
	Person  string // whom it is for; "" = nobody yet
	MadeBy  string
	Made    time.Time
	Until   time.Time
}

func scanTicket(rows Rows) (*Ticket, error) {
	t := &Ticket{}
	var made, until int64
	err := rows.Scan(&t.Hash, &t.Purpose, &t.Person, &t.MadeBy, &made, &until)
	t.Made, t.Until = unnano(made), unnano(until)
	return t, err
}

const ticketColumns = "hash, purpose, person, made_by, made, until"

// Ticket finds a ticket; nil if there is none, or it was used.
func (r Reader) Ticket(ctx context.Context, hash string) (*Ticket, error) {
	return first(read(ctx, r, scanTicket, "SELECT "+ticketColumns+" FROM ticket WHERE hash = ?", hash))
}

// TicketsFor lists the tickets of a purpose for a person, newest first.
func (r Reader) TicketsFor(ctx context.Context, purpose, person string) ([]*Ticket, error) {
	return read(ctx, r, scanTicket, "SELECT "+ticketColumns+" FROM ticket WHERE purpose = ? AND person = ? ORDER BY made DESC, hash", purpose, person)
}

// AddTicket keeps a ticket in place of earlier ones for the same purpose and
// person.
func (k *Keep) AddTicket(ctx context.Context, t Ticket) error {
	return k.Transact(ctx, func(c Conn) error {
		if _, err := c.Exec(ctx, "DELETE FROM ticket WHERE purpose = ? AND person = ?", t.Purpose, t.Person); err != nil {
			return err
		}
		_, err := c.Exec(ctx, "INSERT INTO ticket ("+ticketColumns+") VALUES ("+marks(6)+")", t.Hash, t.Purpose, t.Person, t.MadeBy, nano(t.Made), nano(t.Until))
		return err
	})
}

// TakeTicket uses a ticket up: true for one caller only.
func (k *Keep) TakeTicket(ctx context.Context, hash string) (bool, error) {
	n, err := k.do(ctx, "DELETE FROM ticket WHERE hash = ?", hash)
	return n > 0, err
}
