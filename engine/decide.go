package engine

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"time"

	"github.com/dinghai/dinghai/catalogue"
	"github.com/dinghai/dinghai/catalogue/expr"
	"github.com/dinghai/dinghai/domain"
)

const maxDepth = 8

// step is one command while it is being decided.
type step struct {
	e     *Engine
	ctx   context.Context
	d     *draft
	cmd   domain.Command
	hash  string // of the command as it was sent
	kind  *catalogue.Kind
	act   *catalogue.Action
	prior *domain.Record // before the action; nil when it opens
	rec   *domain.Record // working copy: fields as they will be
	at    time.Time
	today domain.Date
	vars  *expr.Vars
	in    map[string]any // checked input, sealed values already sealed
	ev    domain.Event

	pending []fieldValue // checked form values that become fields
	orders  []Order      // actions on other records that follow
}

// decide works one command out on a draft: the events, and everything that
// follows in the same home.
func (e *Engine) decide(ctx context.Context, d *draft, cmd domain.Command) (domain.Receipt, error) {
	if cmd.Depth > maxDepth {
		return domain.Receipt{}, domain.Fail(domain.Refused, "", "depth", "规则互相触发超过限度，已停止", "rules trigger one another too deeply; stopped")
	}
	if again, rec, err := e.seenBefore(d, cmd); again || err != nil {
		return rec, err
	}
	s := &step{e: e, ctx: ctx, d: d, cmd: cmd, at: e.now().UTC()}
	if cmd.Key != "" {
		s.hash = bodyHash(cmd)
	}
	s.today = dateOf(s.at)
	if err := s.find(); err != nil {
		return domain.Receipt{}, err
	}
	first := len(d.events)
	var err error
	if s.act == nil {
		err = s.builtin()
	} else {
		err = s.action()
	}
	if err != nil {
		return domain.Receipt{}, err
	}
	if cmd.Key != "" {
		d.keys[keyOf{s.home(), cmd.Key}] = &domain.ReceiptRow{Home: s.home(), Key: cmd.Key, Hash: s.ev.Hash, Record: s.rec.ID, Pos: d.events[first].Pos}
	}
	after := d.dirty[s.rec.Ref].after
	return domain.Receipt{Events: d.events[first:], Record: after}, nil
}

func (s *step) home() int { return s.rec.Home }

// seenBefore answers a command whose key was used: the same body gets the old
// receipt, another body is refused.
func (e *Engine) seenBefore(d *draft, cmd domain.Command) (bool, domain.Receipt, error) {
	if cmd.Key == "" {
		return false, domain.Receipt{}, nil
	}
	home := e.homeOf(cmd)
	row, err := d.receipt(home, cmd.Key)
	if err != nil || row == nil {
		return false, domain.Receipt{}, err
	}
	if row.Hash != bodyHash(cmd) {
		return true, domain.Receipt{}, domain.Fail(domain.Conflict, "", "key",
			"同一提交编号对应的内容不同，请刷新后重新提交", "this key was used with another content; reload and submit again")
	}
	rec, err := d.load(domain.Ref{Home: home, ID: row.Record})
	return true, domain.Receipt{Record: rec, Again: true}, err
}

// bodyHash identifies what a command asks for, without key and time.
func bodyHash(c domain.Command) string {
	b, _ := json.Marshal(struct {
		K, A string
		R    domain.Ref
		O    domain.Ref
		Ar   string
		I    map[string]any
		On   domain.Date
	}{c.Kind, c.Action, c.Record, c.Of, c.Area, c.Input, c.On})
	h := sha256.Sum256(b)
	return hex.EncodeToString(h[:16])
}

// find settles record, kind and action.
func (s *step) find() error {
	c := &s.cmd
	if !c.Record.Zero() {
		r, err := s.d.load(c.Record)
		if err != nil {
			return err
		}
		if r == nil {
			return domain.Failf(domain.NotFound, "record", "exists", "没有编号为 %s 的记录", "there is no record %s", c.Record)
		}
		if c.Kind != "" && c.Kind != r.Kind {
			return domain.Failf(domain.Invalid, "kind", "kind", "记录 %s 不是%s", "record %s is not a %s", c.Record, c.Kind)
		}
		s.prior, c.Kind = r, r.Kind
	}
	s.kind = s.e.cat.Kinds[c.Kind]
	if s.prior != nil && s.kind != nil {
		s.kind = s.e.cat.KindAt(c.Kind, s.prior.Process)
	}
	if s.kind == nil {
		return domain.Failf(domain.NotFound, "kind", "exists", "目录中没有事项「%s」", "the catalogue has no kind %q", c.Kind)
	}
	if isBuiltin(c.Action) && s.kind.ActionOf(c.Action) == nil {
		return nil
	}
	s.act = s.kind.ActionOf(c.Action)
	if s.act == nil {
		return domain.Failf(domain.NotFound, "action", "exists", "「%s」没有动作「%s」", "%s has no action %q", s.kind.Label.ZH, c.Action)
	}
	if s.act.Opens != c.Record.Zero() {
		if s.act.Opens {
			return domain.Failf(domain.NotNow, "record", "opens", "「%s」用于新建，不能对已有记录办理", "%q opens a record and cannot act on one", s.act.Label.ZH)
		}
		return domain.Failf(domain.Invalid, "record", "required", "请先选择要办理的记录", "choose the record to act on")
	}
	return nil
}

// action decides an action of the catalogue, in the order of the law: may this
// person, is it time, is the form right, do the conditions hold, what follows.
func (s *step) action() error {
	if err := s.begin(); err != nil {
		return err
	}
	for _, check := range []func() error{s.authorise, s.fitsState, s.fitsDate, s.fillForm, s.guard} {
		if err := check(); err != nil {
			return err
		}
	}
	for _, decide := range []func() error{s.setFields, s.runHook, s.moveState, s.stepClocks, s.stepFlags,
		s.stepParties, s.stepNumber, s.stepPapers, s.stepTasks, s.collect} {
		if err := decide(); err != nil {
			return err
		}
	}
	s.settle()
	if err := s.write(); err != nil {
		return err
	}
	return s.effects()
}

// begin prepares the working copy, the variables and the event.
func (s *step) begin() error {
	c := s.cmd
	if c.On == "" {
		s.cmd.On = s.today
	}
	if c.NotBefore && s.prior != nil {
		s.cmd.On = max(s.cmd.On, lastOn(s.prior))
	}
	if s.prior == nil {
		if err := s.open(); err != nil {
			return err
		}
	} else {
		r := *s.prior
		s.rec = &r
	}
	s.ev = domain.Event{Home: s.rec.Home, ID: s.e.newID(s.rec.Home, s.at), Record: s.rec.ID, Kind: s.kind.Name, Action: c.Action,
		On: s.cmd.On, At: s.at, Actor: c.Actor.ID, Organ: s.organ(), Key: c.Key, Batch: c.Batch, Cause: c.Cause,
		Opening: c.Opening, Schema: domain.EventSchema, Reason: c.Reason, Approver: c.Approver}
	if s.act != nil {
		s.ev.Type = s.act.Emits
		s.ev.Changes.Quiet = s.act.Quiet
	}
	if c.Key != "" {
		s.ev.Hash = s.hash
	}
	if s.prior == nil {
		s.ev.Changes.Open = &domain.Opening{Class: s.kind.Class, Process: s.kind.Version, Parent: c.Parent, Mirror: s.rec.Mirror}
		s.ev.Changes.Area, s.ev.Changes.Organ, s.ev.Changes.Aliases = s.rec.Area, s.rec.Organ, c.Alias
		if of := s.rec.Of; !of.Zero() {
			s.ev.Changes.Of, s.ev.Changes.OfKind = &of, s.kind.Subject
		}
	}
	return s.bind()
}

func (s *step) organ() string {
	if s.cmd.Organ != "" {
		return s.cmd.Organ
	}
	if s.cmd.Actor.Organ != "" {
		return s.cmd.Actor.Organ
	}
	return s.rec.Organ
}

// open makes the empty record of an opening action.
func (s *step) open() error {
	if err := s.followMerged(); err != nil {
		return err
	}
	c := s.cmd
	area := c.Area
	if area == "" && !c.Of.Zero() {
		if sub, err := s.d.load(c.Of); err == nil && sub != nil {
			area = sub.Area
		}
	}
	if area == "" || s.e.cat.Areas[area] == nil {
		return domain.Failf(domain.Invalid, "area", "area", "辖区代码「%s」不存在，请从列表中选择", "area %q does not exist; choose one from the list", area)
	}
	home := s.e.homeOf(c)
	if home == 0 {
		home = s.e.cat.HomeOf(area)
	}
	id := c.NewID
	if id == "" {
		id = s.e.newID(home, s.at)
	}
	s.rec = &domain.Record{Ref: domain.Ref{Home: home, ID: id}, Kind: s.kind.Name, Class: s.kind.Class,
		Process: s.kind.Version, Of: c.Of, OfKind: s.kind.Subject, Parent: c.Parent, Area: area, Opened: s.cmd.On,
		Mirror: s.e.mirrors(s.kind), Aliases: c.Alias}
	s.rec.Organ = c.Organ
	if s.rec.Organ == "" {
		s.rec.Organ = c.Actor.Organ
	}
	if s.rec.Organ == "" {
		s.rec.Organ = s.e.bureaus[home]
	}
	return nil
}

// mirrors reports whether a new case of the kind has its authority outside.
func (e *Engine) mirrors(k *catalogue.Kind) bool {
	if k.Authority == nil {
		return false
	}
	if m := e.authority[k.Name]; m != "" {
		return m == "mirror"
	}
	return k.Authority.Default == "mirror"
}

// bind gives expressions their variables.
func (s *step) bind() error {
	w := &world{s.d, s.e}
	v := &expr.Vars{On: s.cmd.On, Today: s.today, Actor: s.cmd.Actor.ID, Organ: s.organ(),
		Rec: expr.Of(s.rec, s.cmd.On, w), In: &expr.Facts{}}
	load := func(ref domain.Ref) (*expr.Facts, error) {
		if ref.Zero() {
			return expr.Of(nil, s.cmd.On, w), nil
		}
		r, err := s.d.load(ref)
		return expr.Of(r, s.cmd.On, w), err
	}
	var err error
	if v.Sub, err = load(s.rec.Of); err != nil {
		return err
	}
	if !s.rec.Of.Zero() && v.Sub.Rec == nil && s.rec.Of.Home == s.rec.Home {
		return domain.Failf(domain.NotFound, "of", "exists", "没有编号为 %s 的监管对象", "there is no subject %s", s.rec.Of)
	}
	if v.Par, err = load(s.rec.Parent); err != nil {
		return err
	}
	if v.Par.Rec != nil {
		v.Par.Fields = s.e.visible(v.Par.Rec) // its kind is not known to the checker
	}
	s.vars = v
	return nil
}
