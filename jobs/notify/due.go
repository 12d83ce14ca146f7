package notify

import (
	"context"

	"github.com/dinghai/dinghai/domain"
)

// Days around a due date: amber begins two working days before; what was
// missed longer ago than a week has been told.
const (
	soon   = 2
	missed = 7
)

// Daily tells everybody which of their tasks are due soon and which were
// missed, each once for its due date. It returns how much was told.
func (s *Service) Daily(ctx context.Context) (told int, err error) {
	var people []*domain.Record
	if err := s.each(ctx, personKind, func(p *domain.Record) { people = append(people, p) }); err != nil {
		return 0, err
	}
	for _, p := range people {
		n, err := s.dueOf(ctx, p)
		if told += n; err != nil {
			return told, err
		}
	}
	return told, nil
}

func (s *Service) dueOf(ctx context.Context, p *domain.Record) (told int, err error) {
	today := s.Engine.Today()
	q := domain.TaskQuery{Assignees: []string{p.Ref.String()}, DueTo: s.Engine.Catalogue().Calendar.AddWorkdays(today, soon), Limit: 200,
		After: domain.TaskRow{Task: domain.Task{Due: today.AddDays(-missed)}}.Cursor()}
	for {
		list, _, err := s.Engine.Reader().Tasks(ctx, q)
		if err != nil {
			return told, err
		}
		for _, t := range list {
			n, err := s.tellDue(ctx, p, t, today)
			if told += n; err != nil {
				return told, err
			}
		}
		if len(list) < q.Limit {
			return told, nil
		}
		q.After = list[len(list)-1].Cursor()
	}
}

func (s *Service) tellDue(ctx context.Context, p *domain.Record, t domain.TaskRow, today domain.Date) (int, error) {
	if t.Due == "" || t.Voided {
		return 0, nil
	}
	rec, err := s.Engine.Reader().Record(ctx, domain.Ref{Home: t.Home, ID: t.Record})
	if err != nil || rec == nil {
		return 0, err
	}
	zh, en := s.taskText(rec, t.Task)
	x := telling{topic: TopicDue, key: t.Record + "/" + t.ID + "/" + string(t.Due) + "/soon", zh: "即将到期：" + zh, en: "Due soon: " + en, rec: rec}
	if t.Due < today {
		x.key, x.zh, x.en, x.urgent = t.Record+"/"+t.ID+"/"+string(t.Due)+"/missed", "已超期："+zh, "Overdue: "+en, true
	}
	list, err := s.toPerson(ctx, x, p.Ref.String())
	if err != nil {
		return 0, err
	}
	return s.Store.AddNotices(ctx, list...)
}
