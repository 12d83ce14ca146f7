package notify

import (
	"context"
	"errors"
	"slices"
	"strings"
	"time"

	"github.com/dinghai/dinghai/domain"
	"github.com/dinghai/dinghai/engine/clock"
	"github.com/dinghai/dinghai/store"
)

// pauses between tries; after the last one a delivery has failed.
var pauses = []time.Duration{time.Minute, 5 * time.Minute, 30 * time.Minute, 2 * time.Hour, 6 * time.Hour, 24 * time.Hour}

// Why a delivery failed or waits, where it is for us to say: the pages put
// these into words.
const (
	WhyQuiet   = "quiet"     // held until morning
	WhyStale   = "stale"     // too old to be told
	WhyErased  = "erased"    // the address was erased
	WhyAddress = "address"   // there is none
	WhyDead    = "dead"      // it is on the list of dead ones
	WhyNowhere = "nowhere"   // no channel or endpoint is configured
	WhyUnknown = "no_record" // what it was about is gone
)

const sendBatch = 200

// Send carries out the deliveries that are due and returns how many it sent.
func (s *Service) Send(ctx context.Context) (sent int, err error) {
	list, err := s.Store.Notices(ctx, store.NoticeQuery{State: store.NoticeWaiting, Until: s.Engine.Now(), Limit: sendBatch})
	if err != nil || len(list) == 0 {
		return 0, err
	}
	quiet, err := s.quiet(ctx)
	if err != nil {
		return 0, err
	}
	slices.SortStableFunc(list, func(a, b store.Notice) int { return a.At.Compare(b.At) })
	for _, n := range list {
		if err := ctx.Err(); err != nil {
			return sent, err
		}
		n = s.deliver(ctx, n, quiet)
		if err := s.Store.EndNotice(ctx, n); err != nil {
			return sent, err
		}
		if n.State == store.NoticeSent {
			sent++
		}
	}
	return sent, nil
}

// deliver tries one and tells what became of it.
func (s *Service) deliver(ctx context.Context, n store.Notice, quiet Quiet) store.Notice {
	now := s.Engine.Now().UTC()
	if now.Sub(n.At) > stale {
		return failed(n, WhyStale, now)
	}
	if morning, held := quiet.Until(now); held && !n.Urgent && n.Channel != Hook {
		n.Next, n.Error = morning, WhyQuiet
		return n
	}
	to, why, err := s.address(ctx, n)
	if err == nil && why != "" {
		return failed(n, why, now)
	}
	if err == nil {
		err = s.carry(ctx, n, to)
	}
	var dead *DeadError
	switch {
	case err == nil:
		n.State, n.Tries, n.Error, n.Done = store.NoticeSent, n.Tries+1, "", now
		return n
	case errors.As(err, &dead):
		d := store.Dead{Hash: s.hash(n.Channel, to), Channel: n.Channel, Shown: Mask(to), Why: clip(without(dead.Why, to)), At: now, Record: owner(n)}
		if err := s.Store.MarkDead(ctx, d); err != nil {
			return later(n, err.Error(), now)
		}
		n.Tries++
		return failed(n, WhyDead, now)
	case errors.Is(err, ErrNowhere):
		return failed(n, WhyNowhere, now)
	}
	return later(n, clip(without(err.Error(), to)), now)
}

func (s *Service) carry(ctx context.Context, n store.Notice, to string) error {
	c := s.Channels[n.Channel]
	if c == nil {
		return ErrNowhere
	}
	m := Message{ID: n.ID, To: to, Subject: n.ZH, Text: n.ZH, Record: n.Record, Topic: n.Topic, At: n.At}
	rec, err := s.about(ctx, n)
	if err != nil {
		return err
	}
	sign := ""
	if rec != nil {
		sign = s.sign(rec)
	}
	switch n.Channel {
	case SMS:
		m.Text = Short(sign, n.ZH)
	case Mail:
		m.Subject, m.Text = sign+n.ZH, n.ZH+"\n\n"+n.EN
	}
	return c.Send(ctx, m)
}

func (s *Service) about(ctx context.Context, n store.Notice) (*domain.Record, error) {
	ref, err := domain.ParseRef(n.Record)
	if err != nil {
		return nil, nil
	}
	return s.Engine.Reader().Record(ctx, ref)
}

// address opens the field a delivery goes to; why says that it cannot.
func (s *Service) address(ctx context.Context, n store.Notice) (to, why string, err error) {
	if n.Channel == Hook {
		return n.Target, "", nil
	}
	at, field, _ := strings.Cut(n.Target, "/")
	ref, err := domain.ParseRef(at)
	if err != nil {
		return "", WhyUnknown, nil
	}
	rec, err := s.Engine.Reader().Record(ctx, ref)
	if err != nil || rec == nil {
		return "", WhyUnknown, err
	}
	v, ok, err := s.Engine.Unseal(ctx, ref, field, rec.Fields[field])
	switch to = text(v); {
	case err != nil:
		return "", "", err
	case !ok || rec.Erased:
		return "", WhyErased, nil
	case to == "":
		return "", WhyAddress, nil
	}
	dead, err := s.Store.DeadAddress(ctx, s.hash(n.Channel, to))
	if dead != nil {
		return to, WhyDead, err
	}
	return to, "", err
}

func (s *Service) hash(channel, to string) string { return s.Engine.BlindHash("notice."+channel, to) }

// owner is the record whose field holds the address.
func owner(n store.Notice) string {
	at, _, _ := strings.Cut(n.Target, "/")
	return at
}

func failed(n store.Notice, why string, now time.Time) store.Notice {
	n.State, n.Error, n.Done = store.NoticeFailed, why, now
	return n
}

// later waits longer each time and gives up in the end.
func later(n store.Notice, why string, now time.Time) store.Notice {
	n.Tries++
	if n.Tries > len(pauses) {
		return failed(n, why, now)
	}
	n.Error, n.Next = why, now.Add(pauses[n.Tries-1])
	return n
}

// without takes the address out of what a server said: errors are kept.
func without(said, to string) string {
	if to == "" {
		return said
	}
	return strings.ReplaceAll(said, to, Mask(to))
}

func clip(s string) string {
	if r := []rune(s); len(r) > 200 {
		return string(r[:200])
	}
	return s
}

// sign names the bureau of a record as short messages do.
func (s *Service) sign(rec *domain.Record) string {
	o := s.Engine.Organ(rec.Organ)
	for o != nil && o.Kind != "city" && o.Kind != "county" && o.Parent != "" {
		o = s.Engine.Organ(o.Parent)
	}
	if o == nil {
		return ""
	}
	return "【" + strings.Replace(o.ZH, "市场监督管理局", "市场监管局", 1) + "】"
}

// Quiet are the hours in which nobody is disturbed, as minutes of the day.
type Quiet struct{ From, To int }

// QuietMeta is where the setting is kept; DefaultQuiet holds while nobody set it.
const (
	QuietMeta    = "notify.quiet"
	DefaultQuiet = "21:00-08:00"
	NeverQuiet   = "never"
)

// ParseQuiet reads hours like 21:00-08:00; "" is the default.
func ParseQuiet(s string) (Quiet, error) {
	switch s {
	case "":
		s = DefaultQuiet
	case NeverQuiet:
		return Quiet{}, nil
	}
	a, b, _ := strings.Cut(s, "-")
	from, err1 := time.Parse("15:04", a)
	to, err2 := time.Parse("15:04", b)
	if err1 != nil || err2 != nil {
		return Quiet{}, domain.Failf(domain.Invalid, "quiet", "hours", "「%s」不是时段，请写成 21:00-08:00", "%q is no span of hours; write it like 21:00-08:00", s)
	}
	return Quiet{From: from.Hour()*60 + from.Minute(), To: to.Hour()*60 + to.Minute()}, nil
}

func (s *Service) quiet(ctx context.Context) (Quiet, error) {
	v, err := s.Store.Meta(ctx, QuietMeta)
	if err != nil {
		return Quiet{}, err
	}
	return ParseQuiet(v)
}

// Until tells whether a time lies in the quiet hours, and when they end.
func (q Quiet) Until(t time.Time) (time.Time, bool) {
	if q.From == q.To {
		return t, false
	}
	local := t.In(clock.Zone)
	at := local.Hour()*60 + local.Minute()
	day := time.Date(local.Year(), local.Month(), local.Day(), 0, 0, 0, 0, clock.Zone)
	if q.From > q.To { // over midnight
		switch {
		case at >= q.From:
			return day.AddDate(0, 0, 1).Add(time.Duration(q.To) * time.Minute).UTC(), true
		case at < q.To:
			return day.Add(time.Duration(q.To) * time.Minute).UTC(), true
		}
		return t, false
	}
	return day.Add(time.Duration(q.To) * time.Minute).UTC(), q.From <= at && at < q.To
}
