package notify

import (
	"context"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/dinghai/dinghai/domain"
	"github.com/dinghai/dinghai/store"
)

const (
	personKind = "organisation.person"
	grantKind  = "organisation.grant"
)

// toPerson tells a colleague: in the product, and by what they chose besides.
// While they are away their substitute is told too.
func (s *Service) toPerson(ctx context.Context, t telling, id string) ([]store.Notice, error) {
	p, err := s.person(ctx, id)
	if err != nil || p == nil {
		return nil, err // not one of ours: a system, an importer
	}
	list, err := s.rows(ctx, t, p)
	today := string(s.Engine.Today())
	from, until := text(p.Fields["absent_from"]), text(p.Fields["absent_until"])
	if err != nil || from == "" || today < from || today > until {
		return list, err
	}
	sub, err := s.person(ctx, text(p.Fields["substitute"]))
	if err != nil || sub == nil {
		return list, err
	}
	more, err := s.rows(ctx, t, sub)
	return append(list, more...), err
}

func (s *Service) person(ctx context.Context, id string) (*domain.Record, error) {
	ref, err := domain.ParseRef(id)
	if err != nil {
		return nil, nil
	}
	p, err := s.Engine.Reader().Record(ctx, ref)
	if err != nil || p == nil || p.Kind != personKind || p.State != "active" || p.Voided {
		return nil, err
	}
	return p, nil
}

// rows are the deliveries to one colleague.
func (s *Service) rows(ctx context.Context, t telling, p *domain.Record) ([]store.Notice, error) {
	id := p.Ref.String()
	list := []store.Notice{s.row(t, t.topic, App, id, "")}
	chosen, err := s.Store.Preferences(ctx, id)
	if err != nil {
		return nil, err
	}
	for _, c := range Chosen(chosen, t.topic) {
		if f := addressField[c]; p.Fields[f] != nil {
			list = append(list, s.row(t, t.topic, c, id, id+"/"+f))
		}
	}
	return list, nil
}

var addressField = map[string]string{SMS: "phone", Mail: "email"}

// Preference is the name under which a choice of channels is kept.
func Preference(topic string) string { return "notice." + topic }

// Chosen are the channels a person wants for a topic beside the product itself.
func Chosen(prefs map[string]string, topic string) []string {
	var out []string
	for _, c := range strings.Split(prefs[Preference(topic)], ",") {
		if (c == SMS || c == Mail) && !slices.Contains(out, c) {
			out = append(out, c)
		}
	}
	return out
}

// toRole tells everybody who holds a role where the record is.
func (s *Service) toRole(ctx context.Context, t telling, role string) ([]store.Notice, error) {
	grants, err := s.inForce(ctx)
	if err != nil {
		return nil, err
	}
	var out []store.Notice
	var told []domain.Ref
	for _, g := range grants {
		if text(g.Fields["role"]) != role || !domain.Within(t.rec.Area, g.Area) || slices.Contains(told, g.Of) {
			continue
		}
		told = append(told, g.Of)
		more, err := s.toPerson(ctx, t, g.Of.String())
		if err != nil {
			return nil, err
		}
		out = append(out, more...)
	}
	return out, nil
}

// inForce reads the grants that hold today; a minute's delay does no harm here.
func (s *Service) inForce(ctx context.Context) ([]*domain.Record, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if now := s.Engine.Now(); s.grants != nil && now.Sub(s.read) < time.Minute && now.After(s.read) {
		return s.grants, nil
	}
	list := []*domain.Record{}
	today := string(s.Engine.Today())
	err := s.each(ctx, grantKind, func(g *domain.Record) {
		until := text(g.Fields["valid_until"])
		if !g.Voided && text(g.Fields["valid_from"]) <= today && (until == "" || today <= until) {
			list = append(list, g)
		}
	})
	if err != nil {
		return nil, err
	}
	s.grants, s.read = list, s.Engine.Now()
	return list, nil
}

// each goes through the active records of a kind.
func (s *Service) each(ctx context.Context, kind string, fn func(*domain.Record)) error {
	q := domain.ListQuery{Kind: kind, States: []string{"active"}, Limit: 500}
	for {
		page, err := s.Engine.Reader().List(ctx, q)
		if err != nil {
			return err
		}
		for _, row := range page.Rows {
			r, err := s.Engine.Reader().Record(ctx, row.Ref)
			if err != nil {
				return err
			}
			if r != nil {
				fn(r)
			}
		}
		if q.After = page.Next; page.Next == "" {
			return nil
		}
	}
}

func itoa(n int) string { return strconv.Itoa(n) }
