package web

import (
	"github.com/dinghai/dinghai/domain"
	"github.com/dinghai/dinghai/web/view"
)

// people are the parties of a record and the records tied to it: its parent,
// those it opened, and those that name it as a party.
func (s *server) people(r *request, rec *domain.Record) (parties, related []view.Related, err error) {
	for _, p := range rec.Parties {
		x := view.Related{Role: s.partyRole(r.words, rec.Kind, p.Role), Link: view.Link{Text: p.Name}}
		if !p.Who.Zero() {
			x.Link = s.linkTo(r.Context(), r.words, p.Who.String())
		}
		parties = append(parties, x)
	}
	seen := map[domain.Ref]bool{rec.Ref: true}
	if !rec.Parent.Zero() {
		seen[rec.Parent] = true
		related = append(related, view.Related{Role: r.T("link.parent"), Link: s.linkTo(r.Context(), r.words, rec.Parent.String())})
	}
	for _, l := range rec.Links {
		seen[l.To] = true
		related = append(related, view.Related{Role: r.kind(l.Kind), Link: s.linkTo(r.Context(), r.words, l.To.String()), State: r.state(l.Kind, l.State)})
	}
	more, err := s.pointing(r, rec, seen)
	return parties, append(related, more...), err
}

// pointing lists what names this record as parent or in another role than
// subject; cases of a subject have a list of their own.
func (s *server) pointing(r *request, rec *domain.Record, seen map[domain.Ref]bool) ([]view.Related, error) {
	var out []view.Related
	list, _, err := r.sight.LinkedTo(r.Context(), rec.Ref, "parent", "")
	if err != nil {
		return nil, err
	}
	for _, x := range list {
		if !seen[x.Ref] {
			out = append(out, view.Related{Role: r.kind(x.Kind), Link: view.Link{Text: r.title(x), Href: address(x.Class, x.Ref)}, State: r.state(x.Kind, x.State)})
		}
	}
	return out, nil
}

// partyRole names the role somebody plays in a case of a kind.
func (s *server) partyRole(w words, kind, role string) string {
	if k := s.cat.Kinds[kind]; k != nil && k.Parties[role].ZH != "" {
		return k.Parties[role].In(w.lang)
	}
	return role
}
