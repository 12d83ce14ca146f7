package store

import (
	"context"
	"errors"

	"github.com/dinghai/dinghai/domain"
)

// TxReads are the reads of a transaction. Prefix leads the names of projection
// tables: empty, or the shadow's.
type TxReads struct {
	Querier
	Prefix string
	held   map[[2]string]string // claims seen by this transaction → owner
}

var background = context.Background()

// Load finds a record; nil if there is none.
func (t *TxReads) Load(ref domain.Ref) (*domain.Record, error) {
	rows, err := t.Query(background, "SELECT doc FROM "+t.Prefix+"record WHERE home = ? AND id = ?", ref.Home, ref.ID)
	return first(all(rows, err, scanRecord))
}

// Receipt finds what an idempotency key led to; nil if it is new.
func (t *TxReads) Receipt(home int, key string) (*domain.ReceiptRow, error) {
	r := domain.ReceiptRow{Home: home, Key: key}
	rows, err := t.Query(background, "SELECT hash, record, pos FROM "+t.Prefix+"receipt WHERE home = ? AND ikey = ?", home, key)
	if found, err := one(rows, err, &r.Hash, &r.Record, &r.Pos); !found {
		return nil, err
	}
	return &r, nil
}

// Claimed tells who holds a value; zero if nobody.
func (t *TxReads) Claimed(kind, value string) (domain.Ref, error) {
	ref, err := claimed(background, t, t.Prefix+"claim", kind, value)
	if err == nil && !ref.Zero() {
		if t.held == nil {
			t.held = map[[2]string]string{}
		}
		t.held[[2]string{kind, value}] = ref.ID
	}
	return ref, err
}

// Holder is the owner this transaction saw holding a value, "" if none: only
// who has looked may move a claim.
func (t *TxReads) Holder(kind, value string) string { return t.held[[2]string{kind, value}] }

// Taken is the error of a claim somebody else holds.
func Taken(c domain.Claim) error {
	return domain.Failf(domain.Conflict, "", "claim", "%s「%s」已被占用", "%s %q is taken", c.Kind, c.Value)
}

// IsTaken reports whether err comes from Taken.
func IsTaken(err error) bool {
	var e *domain.Error
	return errors.As(err, &e) && e.Code == domain.Conflict && len(e.Problems) == 1 && e.Problems[0].Rule == "claim"
}

// Counter is the last number taken from a series; 0 if none was.
func (t *TxReads) Counter(home int, organ, kind string, year int) (n int, err error) {
	rows, err := t.Query(background, "SELECT n FROM "+t.Prefix+"counter WHERE home = ? AND organ = ? AND kind = ? AND year = ?", home, organ, kind, year)
	_, err = one(rows, err, &n)
	return n, err
}

// Head is the last position of a home; 0 if it has no events.
func (t *TxReads) Head(home int) (pos int64, err error) {
	rows, err := t.Query(background, "SELECT pos FROM "+t.Prefix+"head WHERE home = ?", home)
	_, err = one(rows, err, &pos)
	return pos, err
}

// LinkedTo lists records of the home that point to ref, newest first.
func (t *TxReads) LinkedTo(home int, ref domain.Ref, role, kind string) ([]*domain.Record, error) {
	return linkedTo(background, t, t.Prefix, home, ref, role, kind)
}

// Pool lists the live records of a kind within an area, by id: not voided,
// closed, merged away or erased.
func (t *TxReads) Pool(kind, area string) ([]*domain.Record, error) {
	var b build
	b.add("SELECT r.doc FROM "+t.Prefix+"record r WHERE r.kind = ? AND r.voided = 0 AND r.closed = ''", kind)
	within(&b, "r.area", area)
	b.add(" ORDER BY r.id")
	rows, err := b.run(background, t)
	list, err := all(rows, err, scanRecord)
	live := list[:0]
	for _, r := range list {
		if r.Merged.Zero() && !r.Erased {
			live = append(live, r)
		}
	}
	return live, err
}

// within adds the condition that a column lies in an area.
func within(b *build, column, area string) {
	if area = domain.TrimArea(area); area != "" {
		b.add(" AND "+column+" >= ? AND "+column+" < ?", area, after(area))
	}
}
