package web

import (
	"context"
	"slices"
	"strings"

	"github.com/a-h/templ"

	"github.com/dinghai/dinghai/catalogue"
	"github.com/dinghai/dinghai/domain"
	"github.com/dinghai/dinghai/engine"
	"github.com/dinghai/dinghai/web/view"
)

// record is the page of a subject or case. The address tells the class, so a
// case under /subjects/ is not found.
func (s *server) record(r *request) (templ.Component, error) {
	ref, err := domain.ParseRef(r.PathValue("ref"))
	if err != nil {
		return nil, err
	}
	rec, err := s.read.Record(r.Context(), ref)
	if err != nil {
		return nil, err
	}
	if rec == nil || r.URL.Path != address(rec.Class, ref) {
		return nil, domain.Fail(domain.NotFound, "", "record", "没有这条记录，请核对网址或用编号查找", "there is no such record; check the address or search for its number")
	}
	see := s.see(r.Context(), r, rec)
	v := s.head(r, rec, see)
	if see.All {
		err = s.whole(r, rec, &v)
	} else {
		s.part(r, rec, see, &v)
	}
	r.Title = v.Title
	r.Nav = "search"
	r.Crumbs = []view.Link{{Text: r.T("nav.search"), Href: "/search"}, {Text: r.kind(rec.Kind), Href: "/search?kind=" + rec.Kind}, {Text: v.Title}}
	return view.RecordPage(r.Page, v), err
}

// head is what and who, for everybody; a stranger gets number and subject only
// where the kind's rule discloses the record.
func (s *server) head(r *request, rec *domain.Record, see shown) view.Record {
	v := view.Record{Kind: view.Link{Text: r.kind(rec.Kind), Href: "/catalogue/" + rec.Kind}, Title: r.kind(rec.Kind), Reduced: !see.All, Public: see.Public}
	fact := func(label, text, href string) {
		if text != "" {
			v.Facts = append(v.Facts, view.Fact{Label: r.T(label), Link: view.Link{Text: text, Href: href}})
		}
	}
	if see.All || see.Public {
		v.Title, v.Number = r.title(rec), rec.Number
		fact("fact.state", r.state(rec.Kind, rec.State), "")
		v.Plain = s.plainState(r.words, rec)
	}
	if see.All && !rec.Of.Zero() {
		l := s.linkTo(r.Context(), r.words, rec.Of.String())
		fact("fact.subject", l.Text, l.Href)
	}
	if see.All || see.Public {
		fact("fact.area", r.area(rec.Area), "")
	} else {
		fact("fact.area", r.county(rec.Area), "")
	}
	if see.All {
		fact("fact.organ", r.organ(rec.Organ), "")
	}
	fact("fact.opened", string(rec.Opened), "")
	fact("fact.closed", string(rec.Closed), "")
	fact("fact.result", see.Result, "")
	for _, name := range sorted(rec.Aliases) {
		if see.All {
			fact("fact.alias", name+" "+rec.Aliases[name], "")
		}
	}
	v.Marks = s.marks(r, rec, see)
	return v
}

func (s *server) plainState(w words, rec *domain.Record) string {
	k := s.cat.Kinds[rec.Kind]
	if k == nil {
		return ""
	}
	if st := k.StateOf(rec.State); st != nil {
		return st.Plain.In(w.lang)
	}
	return ""
}

// marks are the standing remarks: mirrored, voided, merged, erased, flagged.
func (s *server) marks(r *request, rec *domain.Record, see shown) []string {
	var out []string
	if rec.Voided {
		out = append(out, r.T("mark.voided"))
	}
	if !see.All {
		return out
	}
	if rec.Mirror {
		out = append(out, r.T("mark.mirror"))
	}
	if !rec.Merged.Zero() {
		out = append(out, r.T("mark.merged", s.linkTo(r.Context(), r.words, rec.Merged.String()).Text))
	}
	if rec.Erased {
		out = append(out, r.T("mark.erased"))
	}
	if k := s.cat.Kinds[rec.Kind]; k != nil && pendingEvidence(k, rec) {
		out = append(out, r.T("files.pending"))
	}
	today := s.Engine.Today()
	for _, f := range rec.Flags {
		if rec.Flagged(f.Code, today) {
			out = append(out, r.T("mark.flag", s.flag(r.words, rec.Kind, f.Code), string(f.From)))
		}
	}
	return out
}

// flag names an overlay of a kind's records.
func (s *server) flag(w words, kind, code string) string {
	if code == engine.FlagHold {
		return w.l.T("builtin.hold")
	}
	if k := s.cat.Kinds[kind]; k != nil {
		return s.cat.Label(k.Flags, code, w.lang)
	}
	return code
}

// part is what the public rule discloses.
func (s *server) part(r *request, rec *domain.Record, see shown, v *view.Record) {
	k := s.cat.Kinds[rec.Kind]
	if k == nil || !see.Public {
		return
	}
	if rec.Kind == workReport {
		v.Facts = append(v.Facts, view.Fact{Label: r.T("pub.fact"), Link: view.Link{Text: r.title(rec), Href: publicHref(rec.Ref)}})
	}
	for _, name := range k.Public.Fields {
		if f := k.FieldOf(name); f != nil && rec.Fields[name] != nil && !f.Sealed() {
			v.Data = append(v.Data, s.datum(r.Context(), r.words, f, rec.Fields[name]))
		}
	}
}

// whole is everything, for officers.
func (s *server) whole(r *request, rec *domain.Record, v *view.Record) error {
	k := s.cat.Kinds[rec.Kind]
	if k == nil {
		return nil
	}
	v.Due, v.Done = s.dues(r, k, rec), s.done(r, rec)
	if err := s.options(r, rec, v); err != nil {
		return err
	}
	v.Clocks = s.clocks(r, rec)
	for _, f := range k.Fields {
		if x := rec.Fields[f.Field]; x != nil {
			d := s.datum(r.Context(), r.words, f, x)
			d.Files = s.fileLinks(rec, f, x)
			s.rowFiles(rec, f, d.Table, x)
			if d.Sealed && s.Work != nil && s.mayOpen(r, k, f, rec) == nil {
				d.Open = address(rec.Class, rec.Ref) + "/open/" + f.Field
			}
			v.Data = append(v.Data, d)
		}
	}
	v.Papers = s.papers(r, rec)
	var err error
	if v.Parties, v.Related, err = s.people(r, rec); err != nil {
		return err
	}
	if v.Events, err = s.timeline(r, k, rec); err != nil {
		return err
	}
	if rec.Class == domain.Subject {
		v.Cases, err = s.casesOf(r, rec)
	}
	return err
}

func (s *server) papers(r *request, rec *domain.Record) []view.Paper {
	out := make([]view.Paper, 0, len(rec.Papers))
	for _, p := range rec.Papers {
		x := view.Paper{Label: r.paper(p.Kind), Number: p.Number, On: string(p.On), Draft: p.Draft, Void: p.Void}
		if k := s.cat.Papers[p.Kind]; k != nil {
			x.Data = s.paperData(r.Context(), r.words, k, p.Data)
		}
		out = append(out, x)
	}
	return out
}

func (s *server) paperData(ctx context.Context, w words, k *catalogue.PaperKind, data map[string]any) []view.Pair {
	var out []view.Pair
	for _, f := range k.Fields {
		if v := data[f.Field]; v != nil {
			out = append(out, view.Pair{Label: f.Label.In(w.lang), Text: s.plain(ctx, w, f, v)})
		}
	}
	return out
}

// casesOf lists the cases about a subject, newest first.
func (s *server) casesOf(r *request, rec *domain.Record) (*view.CaseList, error) {
	q := domain.ListQuery{Of: rec.Ref, Class: domain.Case, After: r.URL.Query().Get("after"), Limit: pageSize}
	p, err := r.sight.List(r.Context(), q)
	if err != nil {
		return nil, err
	}
	return &view.CaseList{Rows: s.rows(r, p.Rows), Pager: pager(r, len(p.Rows), p.Total, p.Next)}, nil
}

func sorted[V any](m map[string]V) []string {
	out := make([]string, 0, len(m))
	for k := range m {
		out = append(out, k)
	}
	slices.SortFunc(out, strings.Compare)
	return out
}
