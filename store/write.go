package store

import (
	"cmp"
	"slices"

	"github.com/dinghai/dinghai/domain"
)

// Op is one kind of row going into one table.
type Op struct {
	Table    *Table
	Conflict Conflict
}

// The ops a write set is made of. Records are the engine's own business,
// because the text index hangs on them.
var (
	OpEvent        = &Op{EventTable, Plain}
	OpOutbox       = &Op{OutboxTable, Plain}
	OpErased       = &Op{ErasedTable, Skip}
	OpHead         = &Op{HeadTable, Replace}
	OpClock        = &Op{ClockTable, Replace}
	OpTask         = &Op{TaskTable, Replace}
	OpLink         = &Op{LinkTable, Skip}
	OpContribution = &Op{ContributionTable, Plain}
	OpRollup       = &Op{RollupTable, Add}
	OpTally        = &Op{TallyTable, Add}
	OpClaim        = &Op{ClaimTable, Skip}
	OpBlind        = &Op{BlindTable, Skip}
	OpCounter      = &Op{CounterTable, Replace}
	OpReceipt      = &Op{ReceiptTable, Plain}
	OpReceiptOnce  = &Op{ReceiptTable, Skip}
)

// Closing is a contribution to close and, once the engine has closed it, what
// it had added.
type Closing struct {
	domain.Contribution // the closed row as it was stored; PosTo is the closing position
	Found               bool
}

// Was is what the tally must know of a record before it changes.
type Was struct {
	Kind, Class, State, Area string
	Voided                   bool
	Home                     int
}

// WasOf is what the tally must know of a record.
func WasOf(r *domain.Record) *Was {
	return &Was{r.Kind, r.Class, r.State, r.Area, r.Voided, r.Home}
}

// Plan is a write set sorted out for an engine: first it closes and looks up,
// reports both back, then it takes the rows.
type Plan struct {
	WS     *domain.WriteSet
	Shadow bool // a rebuild: events and outbox stay as they are

	opened  []domain.Contribution
	closing []domain.Contribution
	rollup  rollups
	tally   tallies
}

// NewPlan sorts a write set.
func NewPlan(ws *domain.WriteSet, shadow bool) *Plan {
	p := &Plan{WS: ws, Shadow: shadow, rollup: rollups{}, tally: tallies{}}
	p.opened, p.closing = forward(ws.Contributions), ws.Closed
	if len(ws.Closed) > 0 && len(ws.Contributions) > 0 {
		p.closeWithin()
	}
	for i := range p.opened {
		if c := &p.opened[i]; c.PosTo == 0 {
			p.rollup.add(c, 1)
		}
	}
	return p
}

// forward lets no spell end before it begins; such a one never held.
func forward(list []domain.Contribution) []domain.Contribution {
	backward := func(c domain.Contribution) bool { return c.Until != "" && c.Until < c.Day }
	if !slices.ContainsFunc(list, backward) {
		return list
	}
	list = slices.Clone(list)
	for i := range list {
		if backward(list[i]) {
			list[i].Until = list[i].Day
		}
	}
	return list
}

// RowID is what identifies the open row of a contribution.
type RowID struct {
	indicator string
	version   int
	home      int
	record    string
	n         int
}

// RowIDOf identifies a contribution.
func RowIDOf(c *domain.Contribution) RowID {
	return RowID{c.Indicator, c.Version, c.Home, c.Record, c.N}
}

// closeWithin closes rows that are opened and closed in the same write set; the
// table never saw them open.
func (p *Plan) closeWithin() {
	p.opened = slices.Clone(p.opened)
	at := make(map[RowID][]int, len(p.opened))
	for i := range p.opened {
		id := RowIDOf(&p.opened[i])
		at[id] = append(at[id], i)
	}
	p.closing = slices.DeleteFunc(slices.Clone(p.closing), func(c domain.Contribution) bool {
		for _, i := range at[RowIDOf(&c)] {
			if o := &p.opened[i]; o.PosTo == 0 && o.PosFrom < c.PosTo {
				o.PosTo = c.PosTo
				return true
			}
		}
		return false
	})
}

// Closing lists the contributions to close in the table.
func (p *Plan) Closing() []domain.Contribution { return p.closing }

// Claims lists the claims to write, the last one of each value.
func (p *Plan) Claims() []domain.Claim {
	type value struct{ kind, value string }
	last := make(map[value]int, len(p.WS.Claims))
	for i, c := range p.WS.Claims {
		last[value{c.Kind, c.Value}] = i
	}
	if len(last) == len(p.WS.Claims) {
		return p.WS.Claims
	}
	var list []domain.Claim
	for i, c := range p.WS.Claims {
		if last[value{c.Kind, c.Value}] == i {
			list = append(list, c)
		}
	}
	return list
}

// Closed takes a row the engine closed, as it was stored.
func (p *Plan) Closed(was *domain.Contribution) { p.rollup.add(was, -1) }

// Counted takes a record as it was before (nil if new) and as it is now.
func (p *Plan) Counted(was *Was, now *domain.RecordRow) {
	if was != nil {
		p.tally.add(was, -1)
	}
	p.tally.add(&Was{now.Kind, now.Class, now.State, now.Area, now.Voided, now.Home}, 1)
}

// Emit hands out all rows but records, table by table. The slice passed to put
// is used again for the next row.
func (p *Plan) Emit(d *Docs, put func(op *Op, row []any) error) error {
	e := emitter{put: put, row: make([]any, 0, 24)}
	ws := p.WS
	if !p.Shadow {
		emitDocs(&e, OpEvent, ws.Events, d.events, eventRow)
		emitDocs(&e, OpOutbox, ws.Outbox, d.outbox, outboxRow)
		emit(&e, OpErased, erasures(ws.Events), erasedRow)
		emit(&e, OpReceipt, ws.Receipts, receiptRow)
	} else {
		emit(&e, OpReceiptOnce, receiptsOf(ws.Events), receiptRow)
	}
	emitDocs(&e, OpClock, ws.Clocks, d.clocks, clockRow)
	emitDocs(&e, OpTask, ws.Tasks, d.tasks, taskRow)
	emit(&e, OpLink, targets(ws.Links), linkRow)
	emit(&e, OpContribution, p.opened, contributionRow)
	emit(&e, OpRollup, p.rollup.sorted(), rollupRow)
	emit(&e, OpTally, p.tally.sorted(), tallyRow)
	emit(&e, OpCounter, ws.Counters, counterRow)
	emit(&e, OpHead, inOrder(ws.Heads), headRow)
	return e.err
}

type emitter struct {
	put func(*Op, []any) error
	row []any
	err error
}

func emit[T any](e *emitter, op *Op, list []T, row func([]any, *T) []any) {
	for i := range list {
		if e.err != nil {
			return
		}
		e.row = row(e.row[:0], &list[i])
		e.err = e.put(op, e.row)
	}
}

func emitDocs[T any](e *emitter, op *Op, list []T, docs []string, row func([]any, *T, string) []any) {
	for i := range list {
		if e.err != nil {
			return
		}
		e.row = row(e.row[:0], &list[i], docs[i])
		e.err = e.put(op, e.row)
	}
}

// targets leaves out links to nobody: a party known by name only.
func targets(list []domain.LinkRow) []domain.LinkRow {
	nobody := func(l domain.LinkRow) bool { return l.To.Zero() }
	if !slices.ContainsFunc(list, nobody) {
		return list
	}
	return slices.DeleteFunc(slices.Clone(list), nobody)
}

func linkRow(r []any, l *domain.LinkRow) []any {
	return append(r, l.To.ID, l.Role, int64(l.Home), l.Record, int64(l.To.Home))
}

func counterRow(r []any, c *domain.CounterRow) []any {
	return append(r, int64(c.Home), c.Organ, c.Kind, int64(c.Year), int64(c.N))
}

func receiptRow(r []any, c *domain.ReceiptRow) []any {
	return append(r, int64(c.Home), c.Key, c.Hash, c.Record, c.Pos)
}

// BlindRow gives the values of a blind index row.
func BlindRow(r []any, b *domain.BlindRow) []any {
	return append(r, int64(b.Home), b.Record, b.Field, b.Hash)
}

type headAt struct {
	home int
	pos  int64
}

func headRow(r []any, h *headAt) []any { return append(r, int64(h.home), h.pos) }

func inOrder(m map[int]int64) []headAt {
	list := make([]headAt, 0, len(m))
	for home, pos := range m {
		list = append(list, headAt{home, pos})
	}
	slices.SortFunc(list, func(a, b headAt) int { return cmp.Compare(a.home, b.home) })
	return list
}

// erasures are the events that destroyed a person's data.
func erasures(events []domain.Event) []domain.Event {
	var list []domain.Event
	for i := range events {
		if events[i].Changes.Erase {
			list = append(list, events[i])
		}
	}
	return list
}

func erasedRow(r []any, e *domain.Event) []any {
	return append(r, int64(e.Home), e.Record, e.ID, string(e.On))
}

// receiptsOf makes the receipts of a rebuild from the events themselves, so
// that no rebuild can lose an idempotency key.
func receiptsOf(events []domain.Event) []domain.ReceiptRow {
	var list []domain.ReceiptRow
	for i := range events {
		if e := &events[i]; e.Key != "" {
			list = append(list, domain.ReceiptRow{Home: e.Home, Key: e.Key, Hash: e.Hash, Record: e.Record, Pos: e.Pos})
		}
	}
	return list
}

// CheckPositions refuses events that do not continue the heads without a gap.
func CheckPositions(ws *domain.WriteSet, head func(home int) (int64, error)) error {
	last := make(map[int]int64, 2)
	for i := range ws.Events {
		e := &ws.Events[i]
		at, seen := last[e.Home]
		if !seen {
			var err error
			if at, err = head(e.Home); err != nil {
				return err
			}
		}
		if e.Pos != at+1 {
			return domain.Failf(domain.Internal, "pos", "dense", "单位 %d 的位置 %d 不接续 %d", "home %d: position %d does not follow %d", e.Home, e.Pos, at)
		}
		last[e.Home] = e.Pos
	}
	for home, pos := range last {
		if ws.Heads[home] != pos {
			return domain.Failf(domain.Internal, "heads", "dense", "单位 %d 的末位应为 %d，写作 %d", "home %d: head must be %d, not %d", home, pos, ws.Heads[home])
		}
	}
	return nil
}
