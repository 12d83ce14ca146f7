package web

import (
	"strings"

	"github.com/dinghai/dinghai/domain"
	"github.com/dinghai/dinghai/web/view"
)

// shownRelated is how many of each relation are shown; the rest is told.
const shownRelated = 12

// relations are the subjects that belong together with this one: its head
// office and branches, who is at the same address, who has the same person.
func (s *server) relations(r *request, rec *domain.Record) ([]view.Relation, error) {
	k := s.cat.KindAt(rec.Kind, rec.Process)
	var out []view.Relation
	add := func(key string, list []domain.ListRow, total int) {
		x := view.Relation{Label: r.T("chain.rel." + key)}
		for _, row := range list {
			if row.Ref == rec.Ref {
				total--
				continue
			}
			x.Rows = append(x.Rows, view.Related{Link: view.Link{Text: first(row.Title, row.Number), Href: address(row.Class, row.Ref)}, State: r.state(row.Kind, row.State)})
		}
		if x.More = total - len(x.Rows); len(x.Rows) > 0 {
			out = append(out, x)
		}
	}
	if ref, err := domain.ParseRef(text(rec.Fields["head"])); err == nil {
		if h, err := s.read.Record(r.Context(), ref); err == nil && h != nil && r.sight.Sees(h) {
			add("head", []domain.ListRow{{Ref: h.Ref, Kind: h.Kind, Class: h.Class, State: h.State, Title: r.title(h)}}, 1)
		}
	}
	for _, x := range []struct{ key, field, value string }{{"branch", "head", rec.Ref.String()}, {"address", "address", text(rec.Fields["address"])}} {
		f := k.FieldOf(x.field)
		if f == nil || !f.Filter || x.value == "" {
			continue
		}
		page, err := r.sight.List(r.Context(), domain.ListQuery{Kind: rec.Kind, Fields: map[string]string{x.field: x.value}, Limit: shownRelated + 1})
		if err != nil {
			return nil, err
		}
		add(x.key, page.Rows, page.Total)
	}
	list, err := s.samePerson(r, rec)
	if err == nil {
		add("person", list, len(list))
	}
	return out, err
}

// samePerson finds subjects whose responsible person has the same name. Names
// are not people: the page says that it is the name.
func (s *server) samePerson(r *request, rec *domain.Record) ([]domain.ListRow, error) {
	name := strings.TrimSpace(text(rec.Fields["person"]))
	if len([]rune(name)) < 2 {
		return nil, nil
	}
	page, err := r.sight.Search(r.Context(), domain.SearchQuery{Text: name, Kind: rec.Kind, Limit: 3 * shownRelated})
	if err != nil {
		return nil, err
	}
	var out []domain.ListRow
	for _, row := range page.Rows {
		x, err := s.read.Record(r.Context(), row.Ref)
		if err != nil {
			return nil, err
		}
		if x != nil && text(x.Fields["person"]) == name && len(out) <= shownRelated {
			out = append(out, row)
		}
	}
	return out, nil
}
