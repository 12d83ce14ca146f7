package engine

import (
	"fmt"
	"strings"

	"github.com/dinghai/dinghai/catalogue"
	"github.com/dinghai/dinghai/catalogue/expr"
	"github.com/dinghai/dinghai/domain"
	"github.com/dinghai/dinghai/kit/bigram"
)

// project is the second stage: from records before and after to the rows of
// lists, inbox, due dates, search and figures. It depends on the catalogue's
// titles and indicators, never on the reducer's inputs, so that both can be
// made again over old events.
func (e *Engine) project(o *overlay) (*domain.WriteSet, error) {
	ws := &domain.WriteSet{Events: o.events, Outbox: o.out, Heads: map[int]int64{}}
	for i := range o.events {
		ev := &o.events[i]
		ws.Heads[ev.Home] = ev.Pos
	}
	ws.Blind = blindRows(o.events)
	for _, ref := range o.order {
		c := o.dirty[ref]
		if err := e.projectRecord(ws, c); err != nil {
			return nil, err
		}
	}
	for k, n := range o.counts {
		ws.Counters = append(ws.Counters, domain.CounterRow{Home: k.home, Organ: k.organ, Kind: k.kind, Year: k.year, N: n})
	}
	for _, r := range o.keys {
		ws.Receipts = append(ws.Receipts, *r)
	}
	for k, ref := range o.claims {
		ws.Claims = append(ws.Claims, domain.Claim{Kind: k[0], Value: k[1], Owner: ref})
	}
	return ws, nil
}

// blindRows gives the hashes by which sealed values are found as the events
// leave them: what an event says of a field replaces what earlier ones said.
func blindRows(events []domain.Event) []domain.BlindRow {
	type field struct{ record, field string }
	last := map[field]int{}
	for i := range events {
		for _, b := range events[i].Changes.Blind {
			last[field{events[i].Record, b.Field}] = i
		}
	}
	var rows []domain.BlindRow
	for i := range events {
		ev := &events[i]
		for _, b := range ev.Changes.Blind {
			if last[field{ev.Record, b.Field}] == i {
				rows = append(rows, domain.BlindRow{Home: ev.Home, Record: ev.Record, Field: b.Field, Hash: b.Hash})
			}
		}
	}
	return rows
}

// projectRecord makes the rows of one record, given what was stored before (nil
// for a new one). Rebuild uses it as it is.
func (e *Engine) projectRecord(ws *domain.WriteSet, c *change) error {
	before, after := c.before, c.after
	k := e.cat.Kinds[after.Kind]
	if k == nil {
		return domain.Failf(domain.Internal, "kind", "exists", "目录缺少「%s」", "the catalogue has no kind %q", after.Kind)
	}
	row, err := e.recordRow(k, before, after)
	if err != nil {
		return err
	}
	ws.Records = append(ws.Records, row)
	e.clockRows(ws, before, after)
	e.taskRows(ws, before, after)
	was := before
	for _, step := range c.steps { // one by one: the rows must not depend on grouping
		linkRows(ws, was, step)
		was = step
	}
	return e.contributions(ws, c)
}

func (e *Engine) recordRow(k *catalogue.Kind, before, after *domain.Record) (domain.RecordRow, error) {
	row := domain.RecordRow{Record: after, New: before == nil, Was: before}
	var err error
	if row.Title, row.Text, row.Code, err = e.texts(k, after); err != nil {
		return row, err
	}
	row.Reindex = row.New && row.Text != ""
	if before != nil {
		t, x, c, err := e.texts(k, before)
		if err != nil {
			return row, err
		}
		row.Reindex = t != row.Title || x != row.Text || c != row.Code || before.Number != after.Number || before.Voided != after.Voided
	}
	if len(k.Search) > 0 && !after.Voided && after.Class == domain.Subject {
		row.Initials = bigram.Initials(row.Title)
	}
	return row, nil
}

// texts computes title, full text and outside code of a record. Only kinds
// with a search list are found by full text; a voided record is not.
func (e *Engine) texts(k *catalogue.Kind, r *domain.Record) (title, text, code string, err error) {
	v := &expr.Vars{Rec: expr.Of(r, r.Opened, nil), On: r.Opened}
	if title, err = k.TitleX.Text(v); err != nil {
		return "", "", "", domain.Wrap(domain.Internal, fmt.Errorf("title of %s: %w", k.Name, err))
	}
	if k.Code != "" {
		code = textOf(r.Fields[k.Code])
	}
	if len(k.Search) == 0 || r.Voided {
		return title, "", code, nil
	}
	parts := []string{title}
	for _, f := range k.Search {
		if t := textOf(r.Fields[f]); t != "" && t != title {
			parts = append(parts, t)
		}
	}
	return title, strings.Join(parts, "\n"), code, nil
}

func (e *Engine) clockRows(ws *domain.WriteSet, before, after *domain.Record) {
	moved := before != nil && (before.Area != after.Area || before.Voided != after.Voided)
	for i, c := range after.Clocks {
		if before != nil && !moved && i < len(before.Clocks) && sameClock(before.Clocks[i], c) {
			continue
		}
		ws.Clocks = append(ws.Clocks, domain.ClockRow{Home: after.Home, Record: after.ID, Kind: after.Kind, Area: after.Area,
			Organ: after.Organ, Voided: after.Voided, Clock: c})
	}
}

func sameClock(a, b domain.Clock) bool {
	return a.ID == b.ID && a.Due == b.Due && a.Outcome == b.Outcome && a.Stopped == b.Stopped &&
		len(a.Pauses) == len(b.Pauses) && a.Paused() == b.Paused() && len(a.Ext) == len(b.Ext)
}

func (e *Engine) taskRows(ws *domain.WriteSet, before, after *domain.Record) {
	moved := before != nil && (before.Area != after.Area || before.Voided != after.Voided)
	for i, t := range after.Tasks {
		if before != nil && !moved && i < len(before.Tasks) && before.Tasks[i] == t {
			continue
		}
		ws.Tasks = append(ws.Tasks, domain.TaskRow{Home: after.Home, Record: after.ID, Kind: after.Kind, Area: after.Area,
			Organ: after.Organ, Voided: after.Voided, Task: t})
	}
}

func linkRows(ws *domain.WriteSet, before, after *domain.Record) {
	add := func(role string, to domain.Ref) {
		ws.Links = append(ws.Links, domain.LinkRow{Home: after.Home, Record: after.ID, Role: role, To: to})
	}
	if !after.Of.Zero() && (before == nil || before.Of != after.Of) {
		add("of", after.Of)
	}
	if before == nil && !after.Parent.Zero() {
		add("parent", after.Parent)
	}
	known := 0
	if before != nil {
		known = len(before.Parties)
	}
	for _, p := range after.Parties[min(known, len(after.Parties)):] {
		add(p.Role, p.Who)
	}
	known = 0
	if before != nil {
		known = len(before.Links)
	}
	for _, l := range after.Links[min(known, len(after.Links)):] {
		add(l.Role, l.To)
	}
}

// contributions compares the rows a record gives before and after each event:
// what changed is closed at that position and opened again.
func (e *Engine) contributions(ws *domain.WriteSet, c *change) error {
	was, err := e.figures.Rows(c.before)
	if err != nil {
		return domain.Wrap(domain.Internal, err)
	}
	for _, step := range c.steps {
		now, err := e.figures.Rows(step)
		if err != nil {
			return domain.Wrap(domain.Internal, err)
		}
		gone, fresh := diffRows(was, now)
		for _, x := range gone {
			x.PosTo = step.Pos
			ws.Closed = append(ws.Closed, x)
		}
		for _, x := range fresh {
			x.PosFrom = step.Pos
			ws.Contributions = append(ws.Contributions, x)
		}
		was = now
	}
	return nil
}

func diffRows(was, now []domain.Contribution) (gone, fresh []domain.Contribution) {
	for _, w := range was {
		if !containsRow(now, w) {
			gone = append(gone, w)
		}
	}
	for _, n := range now {
		if !containsRow(was, n) {
			fresh = append(fresh, n)
		}
	}
	return gone, fresh
}

func containsRow(list []domain.Contribution, c domain.Contribution) bool {
	for _, x := range list {
		if x.Indicator == c.Indicator && x.N == c.N && x.Key == c.Key && x.Area == c.Area && x.Day == c.Day &&
			x.Until == c.Until && x.Num == c.Num && x.Den == c.Den && strings.Join(x.Zones, ",") == strings.Join(c.Zones, ",") {
			return true
		}
	}
	return false
}
