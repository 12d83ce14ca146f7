package engine

import (
	"github.com/dinghai/dinghai/domain"
)

// overlay is what one transaction has decided and not yet written: an identity
// map over the store. A command that fails leaves nothing in it, so its
// neighbours in the group are never touched.
type overlay struct {
	tx      domain.Tx
	records map[domain.Ref]*domain.Record
	dirty   map[domain.Ref]*change
	order   []domain.Ref
	events  []domain.Event
	heads   map[int]int64
	counts  map[seriesKey]int
	keys    map[keyOf]*domain.ReceiptRow
	claims  map[[2]string]domain.Ref
	sealed  map[string][]byte // new person keys
	out     []domain.OutboxRow
	ahead   *overlay // the group in flight this one was decided over
}

// keyOf is an idempotency key of a home.
type keyOf struct {
	home int
	key  string
}

type seriesKey struct {
	home  int
	organ string
	kind  string
	year  int
}

// change is a record as it was in the store and as it will be.
type change struct {
	before *domain.Record // nil = new
	after  *domain.Record
	steps  []*domain.Record // after each event: what figures saw must not depend on grouping
}

func newOverlay(tx domain.Tx) *overlay {
	return &overlay{tx: tx, records: map[domain.Ref]*domain.Record{}, dirty: map[domain.Ref]*change{},
		heads: map[int]int64{}, counts: map[seriesKey]int{}, keys: map[keyOf]*domain.ReceiptRow{},
		claims: map[[2]string]domain.Ref{}, sealed: map[string][]byte{}}
}

// load finds a record: decided in this transaction, or stored.
func (o *overlay) load(ref domain.Ref) (*domain.Record, error) {
	if r, ok := o.records[ref]; ok {
		return r, nil
	}
	r, err := o.tx.Load(ref)
	if err == nil && r != nil {
		o.records[ref] = r
	}
	return r, err
}

// keepDirty forgets what was only read: another lane may have changed it since.
// What is asked next comes from the given view.
func (o *overlay) keepDirty(tx domain.Tx) {
	o.tx = tx
	clear(o.records)
	for ref, c := range o.dirty {
		o.records[ref] = c.after
	}
}

func (o *overlay) head(home int) (int64, error) {
	if p, ok := o.heads[home]; ok {
		return p, nil
	}
	p, err := o.tx.Head(home)
	if err == nil {
		o.heads[home] = p
	}
	return p, err
}

func (o *overlay) counter(k seriesKey) (int, error) {
	if n, ok := o.counts[k]; ok {
		return n, nil
	}
	return o.tx.Counter(k.home, k.organ, k.kind, k.year)
}

func (o *overlay) receipt(home int, key string) (*domain.ReceiptRow, error) {
	if r := o.keys[keyOf{home, key}]; r != nil {
		return r, nil
	}
	return o.tx.Receipt(home, key)
}

func (o *overlay) claimed(kind, value string) (domain.Ref, error) {
	if r, ok := o.claims[[2]string{kind, value}]; ok {
		return r, nil
	}
	return o.tx.Claimed(kind, value)
}

// draft is what one command decides on top of the overlay; merged only when
// the whole command succeeds.
type draft struct {
	*overlay
	base *overlay
}

// branch starts a draft: reads fall through to o, writes stay apart.
func (o *overlay) branch() *draft {
	return &draft{overlay: newOverlay(&through{o}), base: o}
}

// commit moves everything a successful command decided into the group.
func (d *draft) commit() {
	b := d.base
	b.events = append(b.events, d.events...)
	for _, ref := range d.order {
		c := d.dirty[ref]
		if have := b.dirty[ref]; have != nil {
			have.after = c.after
			have.steps = append(have.steps, c.steps...)
		} else {
			b.dirty[ref] = c
			b.order = append(b.order, ref)
		}
		b.records[ref] = c.after
	}
	for k, v := range d.heads {
		b.heads[k] = v
	}
	for k, v := range d.counts {
		b.counts[k] = v
	}
	for k, v := range d.keys {
		b.keys[k] = v
	}
	for k, v := range d.claims {
		b.claims[k] = v
	}
	for k, v := range d.sealed {
		b.sealed[k] = v
	}
	b.out = append(b.out, d.out...)
}

// put notes a record's new form.
func (o *overlay) put(before, after *domain.Record) {
	c := o.dirty[after.Ref]
	if c == nil {
		c = &change{before: before}
		o.dirty[after.Ref] = c
		o.order = append(o.order, after.Ref)
	}
	c.after = after
	c.steps = append(c.steps, after)
	o.records[after.Ref] = after
}

// through lets a draft read its group as if it were the store.
type through struct{ o *overlay }

func (t *through) Load(ref domain.Ref) (*domain.Record, error) { return t.o.load(ref) }
func (t *through) Receipt(home int, key string) (*domain.ReceiptRow, error) {
	return t.o.receipt(home, key)
}
func (t *through) Claimed(kind, value string) (domain.Ref, error) { return t.o.claimed(kind, value) }
func (t *through) Counter(home int, organ, kind string, year int) (int, error) {
	return t.o.counter(seriesKey{home, organ, kind, year})
}
func (t *through) Head(home int) (int64, error) { return t.o.head(home) }
func (t *through) LinkedTo(home int, ref domain.Ref, role, kind string) ([]*domain.Record, error) {
	stored, err := t.o.tx.LinkedTo(home, ref, role, kind)
	if err != nil {
		return nil, err
	}
	return t.o.freshen(stored, func(r *domain.Record) bool {
		return r.Home == home && (kind == "" || r.Kind == kind) && pointsTo(r, ref, role)
	}), nil
}
func (t *through) Pool(kind, area string) ([]*domain.Record, error) {
	stored, err := t.o.tx.Pool(kind, area)
	if err != nil {
		return nil, err
	}
	return t.o.freshen(stored, func(r *domain.Record) bool {
		return r.Kind == kind && !r.Voided && r.Closed == "" && domain.Within(r.Area, area)
	}), nil
}
func (t *through) Write(*domain.WriteSet) error { return nil }

// freshen replaces stored records by what this transaction made of them and
// adds the new ones that belong.
func (o *overlay) freshen(stored []*domain.Record, belongs func(*domain.Record) bool) []*domain.Record {
	if len(o.dirty) == 0 {
		return stored
	}
	out := make([]*domain.Record, 0, len(stored))
	seen := map[domain.Ref]bool{}
	for _, r := range stored {
		seen[r.Ref] = true
		if c := o.dirty[r.Ref]; c != nil {
			r = c.after
		}
		if belongs(r) {
			out = append(out, r)
		}
	}
	for _, ref := range o.order {
		if r := o.dirty[ref].after; !seen[ref] && belongs(r) {
			out = append(out, r)
		}
	}
	return out
}

func pointsTo(r *domain.Record, ref domain.Ref, role string) bool {
	switch role {
	case "of":
		return r.Of == ref
	case "parent":
		return r.Parent == ref
	}
	for _, p := range r.Parties {
		if p.Role == role && p.Who == ref {
			return true
		}
	}
	for _, l := range r.Links {
		if l.Role == role && l.To == ref {
			return true
		}
	}
	return false
}
