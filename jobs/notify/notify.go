// Package notify tells people: colleagues of their tasks and deadlines, those
// who came to us of what became of their matter, other systems of what
// concerns them. A matter of the catalogue says whom an action tells
// (out: notify); a task given to somebody and a deadline that nears tell by
// themselves.
//
// Telling has two halves. Queue turns an outbox entry into deliveries, one row
// for each recipient and channel under an id that is the same every time. Send
// carries out those that are due and notes what became of them. Addresses are
// sealed: a row names the field that holds one, and only Send opens it.
package notify

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"strings"
	"sync"
	"time"

	"github.com/dinghai/dinghai/domain"
	"github.com/dinghai/dinghai/engine"
	"github.com/dinghai/dinghai/store"
)

// Store keeps deliveries.
type Store interface {
	AddNotices(ctx context.Context, list ...store.Notice) (int, error)
	EndNotice(ctx context.Context, n store.Notice) error
	Notices(ctx context.Context, q store.NoticeQuery) ([]store.Notice, error)
	MarkDead(ctx context.Context, d store.Dead) error
	DeadAddress(ctx context.Context, hash string) (*store.Dead, error)
	Preferences(ctx context.Context, person string) (map[string]string, error)
	Meta(ctx context.Context, name string) (string, error)
}

// The topics a person can choose channels for.
const (
	TopicTask = "task" // a task was given to me
	TopicDue  = "due"  // a deadline of mine nears or passed
	TopicRole = "role" // a matter tells those of my role
)

// Topics lists them as the pages show them.
var Topics = []string{TopicTask, TopicDue, TopicRole}

// Other topics.
const (
	topicPublic = "public" // somebody outside is told of their matter
	topicSystem = "system" // another system is told
)

// Service tells.
type Service struct {
	Engine   *engine.Engine
	Store    Store
	Channels map[string]Channel // by name; one that lacks is said to be missing

	mu     sync.Mutex
	read   time.Time
	grants []*domain.Record // in force when last read
}

// stale is the age at which telling has lost its point.
const stale = 3 * 24 * time.Hour

// telling is one thing to be told.
type telling struct {
	key    string // of the thing: the same telling again has the same
	topic  string
	zh, en string
	urgent bool
	rec    *domain.Record
}

// Queue makes the deliveries of an outbox entry.
func (s *Service) Queue(ctx context.Context, r domain.OutboxRow) error {
	ref := domain.Ref{Home: r.Home, ID: r.Rec}
	rec, err := s.Engine.Reader().Record(ctx, ref)
	if err != nil || rec == nil || rec.Voided {
		return err
	}
	if r.Kind == engine.OutAssigned {
		return s.queueTask(ctx, rec, text(r.Data["task"]), r.Event)
	}
	t := telling{key: r.Event + "/" + itoa(r.N), topic: TopicRole, zh: text(r.Data["text"]), en: text(r.Data["text_en"]), rec: rec}
	t.urgent, _ = r.Data["urgent"].(bool)
	var list []store.Notice
	if role := text(r.Data["role"]); role != "" {
		if list, err = s.toRole(ctx, t, role); err != nil {
			return err
		}
	}
	if who := text(r.Data["who"]); who != "" {
		more, err := s.toPerson(ctx, t, who)
		if err != nil {
			return err
		}
		list = append(list, more...)
	}
	if to := text(r.Data["to"]); to != "" {
		list = append(list, s.row(t, topicSystem, Hook, "", to))
	}
	list = append(list, s.toContact(t, strings.Fields(text(r.Data["contact"])))...)
	_, err = s.Store.AddNotices(ctx, list...)
	return err
}

// queueTask tells somebody of a task, unless it went on meanwhile.
func (s *Service) queueTask(ctx context.Context, rec *domain.Record, id, event string) error {
	for _, t := range rec.Tasks {
		if t.ID != id || t.Done != "" || t.Assignee == "" {
			continue
		}
		zh, en := s.taskText(rec, t)
		list, err := s.toPerson(ctx, telling{key: event + "/task/" + id, topic: TopicTask, zh: "新待办：" + zh, en: "New task: " + en, rec: rec}, t.Assignee)
		if err == nil {
			_, err = s.Store.AddNotices(ctx, list...)
		}
		return err
	}
	return nil
}

// taskText names a task, with the matter, its number and its due date.
func (s *Service) taskText(rec *domain.Record, t domain.Task) (zh, en string) {
	cat := s.Engine.Catalogue()
	if k := cat.KindAt(rec.Kind, rec.Process); k != nil {
		zh, en = k.Label.ZH, k.Label.EN
		if st := k.StateOf(t.Todo); st != nil && st.Todo != nil {
			zh, en = zh+"·"+st.Todo.Label.ZH, en+" · "+st.Todo.Label.EN
		} else if x := cat.Triggers[t.Todo]; x != nil {
			zh, en = zh+"·"+x.Label.ZH, en+" · "+x.Label.EN
		}
	}
	if n := numberOf(rec); n != "" {
		zh, en = zh+"（"+n+"）", en+" ("+n+")"
	}
	if t.Due != "" {
		zh, en = zh+"，期限"+dayZH(t.Due), en+", due "+string(t.Due)
	}
	return zh, en
}

func numberOf(rec *domain.Record) string {
	if rec.Number != "" {
		return rec.Number
	}
	no, _ := rec.Fields["reg_no"].(string)
	return no
}

func dayZH(d domain.Date) string {
	t := d.Time(time.UTC)
	return t.Format("1月2日")
}

// row is one delivery. Its id says what is told, to whom and how.
func (s *Service) row(t telling, topic, channel, person, target string) store.Notice {
	sum := sha256.Sum256([]byte(strings.Join([]string{t.key, topic, channel, person, target}, "\x00")))
	n := store.Notice{ID: hex.EncodeToString(sum[:16]), At: s.Engine.Now().UTC(), Person: person, Channel: channel, Target: target,
		Record: t.rec.Ref.String(), Topic: topic, ZH: t.zh, EN: first(t.en, t.zh), Urgent: t.urgent, State: store.NoticeWaiting}
	n.Next = n.At
	if channel == App {
		n.State, n.Next = store.NoticeUnread, time.Time{}
	}
	return n
}

// toContact tells somebody outside by the first of the record's fields that
// holds an address.
func (s *Service) toContact(t telling, fields []string) []store.Notice {
	for _, f := range fields {
		if v := t.rec.Fields[f]; v == nil || v == "" {
			continue
		}
		channel := SMS
		if k := s.Engine.Catalogue().KindAt(t.rec.Kind, t.rec.Process); k != nil {
			if d := k.FieldOf(f); d != nil && d.Type != "phone" {
				channel = Mail
			}
		}
		if n := numberOf(t.rec); n != "" {
			t.zh, t.en = t.zh+"（编号"+n+"）", first(t.en, t.zh)+" (no. "+n+")"
		}
		return []store.Notice{s.row(t, topicPublic, channel, "", t.rec.Ref.String()+"/"+f)}
	}
	return nil
}

func text(v any) string { s, _ := v.(string); return s }

func first(list ...string) string {
	for _, s := range list {
		if s != "" {
			return s
		}
	}
	return ""
}
