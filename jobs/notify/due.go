package notify

import (
	"context"

	"github.com/dinghai/dinghai/domain"
	"github.com/dinghai/dinghai/store"
)

// Days around a due date: amber begins two working days before; what was
// missed longer ago than a week has been told.
const (
	soon   = 2
	missed = 7
)

// Daily tells everybody which of their tasks are due soon and which were
// missed, each once for its due date.
func (s *Service) Daily(ctx context.Context) error {
	var people []*domain.Record
	if err := s.each(ctx, personKind, func(p *domain.Record) { people = append(people, p) }); err != nil {
		return err
	}
	for _, p := range people {
		if err := s.dueOf(ctx, p); err != nil {
			return err
		}
	}
	return nil
}

func (s *Service) dueOf(ctx context.Context, p *domain.Record) error {
	today := s.Engine.Today()
	q := domain.TaskQuery{Assignees: []string{p.Ref.String()}, DueTo: s.Engine.Catalogue().Calendar.AddWorkdays(today, soon), Limit: 200,
		After: domain.TaskRow{Task: domain.Task{Due: today.AddDays(-missed)}}.Cursor()}
	for {
		list, _, err := s.Engine.Reader().Tasks(ctx, q)
		if err != nil {
			return err
		}
		for _, t := range list {
			if err := s.tellDue(ctx, p, t, today); err != nil {
				return err
			}
		}
		if len(list) < q.Limit {
			return nil
		}
		q.After = list[len(list)-1].Cursor()
	}
}

func (s *Service) tellDue(ctx context.Context, p *domain.Record, t domain.TaskRow, today domain.Date) error {
	if t.Due == "" || t.Voided {
		return nil
	}
	rec, err := s.Engine.Reader().Record(ctx, domain.Ref{Home: t.Home, ID: t.Record})
	if err != nil || rec == nil {
		return err
	}
	zh, en := s.taskText(rec, t.Task)
	x := telling{topic: TopicDue, key: t.Record + "/" + t.ID + "/" + string(t.Due) + "/soon", zh: "即将到期：" + zh, en: "Due soon: " + en, rec: rec}
	if t.Due < today {
		x.key, x.zh, x.en, x.urgent = t.Record+"/"+t.ID+"/"+string(t.Due)+"/missed", "已超期："+zh, "Overdue: "+en, true
	}
	var list []store.Notice
	if list, err = s.toPerson(ctx, x, p.Ref.String()); err == nil {
		_, err = s.Store.AddNotices(ctx, list...)
	}
	return err
}
