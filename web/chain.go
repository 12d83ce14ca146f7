package web

import (
	"cmp"
	"slices"
	"strings"

	"github.com/a-h/templ"

	"github.com/dinghai/dinghai/domain"
	"github.com/dinghai/dinghai/engine"
	"github.com/dinghai/dinghai/web/view"
)

// What the page of a subject's whole life holds at most: it says so when there
// is more.
const (
	chainRecords = 400
	chainEvents  = 200
	sceneList    = "scene"
	otherScene   = "other" // none of the eight
)

// chain is one time line over all matters of a subject, each point with the
// record behind it, sorted into scenes; with flags, relations and what is due;
// now or as it stood on a day.
func (s *server) chain(r *request) (templ.Component, error) {
	rec, err := s.subjectSeen(r)
	if err != nil {
		return nil, err
	}
	on, known, err := s.asOf(r)
	if err != nil {
		return nil, err
	}
	v := view.Chain{Title: r.title(rec), Kind: r.kind(rec.Kind), Record: address(rec.Class, rec.Ref), On: string(on), Known: string(known), Scene: r.URL.Query().Get("scene")}
	then := rec
	if on != "" || known != "" {
		if then, err = s.Engine.AsOf(r.Context(), rec.Ref, on, known); err != nil {
			return nil, err
		}
		v.Past = true
	}
	if then == nil {
		v.NotYet = true
	} else {
		s.chainState(r, then, cmp.Or(on, known, s.Engine.Today()), &v)
	}
	if err := s.chainLine(r, rec, on, known, &v); err != nil {
		return nil, err
	}
	if v.Relations, err = s.relations(r, rec); err != nil {
		return nil, err
	}
	r.Nav, r.Title = "lists", r.T("chain.title")+" · "+v.Title
	r.Crumbs = []view.Link{{Text: v.Title, Href: v.Record}, {Text: r.T("chain.title")}}
	return view.ChainPage(r.Page, v), nil
}

// subjectSeen is the subject an address names, if the viewer may see it.
func (s *server) subjectSeen(r *request) (*domain.Record, error) {
	ref, err := domain.ParseRef(r.PathValue("ref"))
	if err == nil {
		err = s.signedIn(r)
	}
	if err != nil {
		return nil, err
	}
	rec, err := r.sight.Record(r.Context(), ref)
	if err != nil {
		return nil, err
	}
	if rec == nil || rec.Class != domain.Subject {
		return nil, notThere()
	}
	return rec, nil
}

// asOf reads the day the page is asked for.
func (s *server) asOf(r *request) (on, known domain.Date, err error) {
	on, known = domain.Date(r.URL.Query().Get("on")), domain.Date(r.URL.Query().Get("known"))
	for _, d := range []struct {
		name string
		day  domain.Date
	}{{"on", on}, {"known", known}} {
		if d.day != "" && !d.day.Valid() {
			return "", "", badDate(d.name, string(d.day))
		}
	}
	return on, known, nil
}

// chainState is how the subject stands on a day: state, values, flags.
func (s *server) chainState(r *request, rec *domain.Record, day domain.Date, v *view.Chain) {
	v.State, v.Number = r.state(rec.Kind, rec.State), first(r.code(rec), rec.Number)
	for _, f := range rec.Flags {
		if rec.Flagged(f.Code, day) {
			v.Flags = append(v.Flags, r.T("mark.flag", s.flag(r.words, rec.Kind, f.Code), string(f.From)))
		}
	}
	if !v.Past {
		return
	}
	k := s.cat.KindAt(rec.Kind, rec.Process)
	for _, f := range k.Fields {
		if x := rec.Fields[f.Field]; x != nil && !f.Sealed() && f.Type != "rows" {
			v.Data = append(v.Data, s.datum(r.Context(), r.words, f, x))
		}
	}
}

// chainLine is the time line: the subject's own events and those of every
// record about it or held by it that the viewer may see.
func (s *server) chainLine(r *request, rec *domain.Record, on, known domain.Date, v *view.Chain) error {
	list, err := s.about(r, rec, v)
	if err != nil {
		return err
	}
	counts := map[string]int{}
	for _, x := range list {
		events, err := s.read.Events(r.Context(), x.Ref)
		if err != nil {
			return err
		}
		s.chainDue(r, x, v)
		for i := range events {
			if e := &events[i]; engineSees(e, on, known) {
				scene := s.sceneOf(e)
				counts[scene]++
				v.Points = append(v.Points, s.point(r, x, rec, e, scene))
			}
		}
	}
	slices.SortStableFunc(v.Points, func(a, b view.Point) int { return strings.Compare(b.Event.On, a.Event.On) })
	v.Scenes = s.scenes(r, counts, len(v.Points))
	if v.Scene != "" {
		v.Points = slices.DeleteFunc(v.Points, func(p view.Point) bool { return p.SceneCode != v.Scene })
	}
	v.Total = len(v.Points)
	v.Points = v.Points[:min(len(v.Points), chainEvents)]
	slices.SortStableFunc(v.Due, func(a, b view.DueRow) int { return strings.Compare(a.Day, b.Day) })
	return nil
}

// engineSees reports whether an event belongs to a day.
func engineSees(e *domain.Event, on, known domain.Date) bool {
	if e.Changes.Quiet && e.Type == "record.linked" {
		return false // bookkeeping between records
	}
	return engine.Dated(e, on, known)
}

// about lists the subject and every record that names it.
func (s *server) about(r *request, rec *domain.Record, v *view.Chain) ([]*domain.Record, error) {
	out, seen := []*domain.Record{rec}, map[domain.Ref]bool{rec.Ref: true}
	for _, role := range []string{"of", "owner", "user", "holder"} {
		list, total, err := r.sight.LinkedTo(r.Context(), rec.Ref, role, "")
		if err != nil {
			return nil, err
		}
		v.Unseen += total - len(list)
		slices.SortFunc(list, func(a, b *domain.Record) int { return -compareDue(a.Opened, b.Opened) })
		for _, x := range list {
			if seen[x.Ref] || x.Voided {
				continue
			}
			if len(out) > chainRecords {
				v.More++
				continue
			}
			seen[x.Ref] = true
			out = append(out, x)
		}
	}
	return out, nil
}

func (s *server) chainDue(r *request, x *domain.Record, v *view.Chain) {
	for _, c := range x.Clocks {
		if c.Open() && c.Due != "" {
			v.Due = append(v.Due, view.DueRow{Link: view.Link{Text: r.title(x), Href: address(x.Class, x.Ref)}, Kind: r.kind(x.Kind), Clock: r.clock(c.Code), Due: s.badge(r.words, c.Due), Day: string(c.Due)})
		}
	}
}

// point is one event with the record behind it.
func (s *server) point(r *request, x, rec *domain.Record, e *domain.Event, scene string) view.Point {
	p := view.Point{Event: s.event(r, s.cat.KindAt(x.Kind, x.Process), e), SceneCode: scene, Scene: s.cat.Label(sceneList, scene, r.lang)}
	if scene == otherScene {
		p.Scene = r.T("chain.other")
	}
	if x.Ref != rec.Ref {
		p.Source = view.Link{Text: strings.TrimSpace(r.kind(x.Kind) + " " + first(x.Number, r.title(x))), Href: address(x.Class, x.Ref)}
	}
	return p
}

// sceneOf finds the scene whose longest name an action begins with.
func (s *server) sceneOf(e *domain.Event) string {
	l := s.cat.Lists[sceneList]
	if l == nil {
		return otherScene
	}
	name, best, scene := e.Kind+"."+e.Action, 0, otherScene
	for _, it := range l.Items {
		for _, m := range strings.Fields(it.Attr["match"]) {
			if len(m) > best && strings.HasPrefix(name, m) {
				best, scene = len(m), it.Code
			}
		}
	}
	return scene
}

// scenes are the eight with the number of points of each, as filters.
func (s *server) scenes(r *request, counts map[string]int, all int) []view.Tab {
	here := r.URL.Query().Get("scene")
	out := []view.Tab{{Link: view.Link{Text: r.T("chain.all"), Href: drop(r, "scene")}, Count: all, Here: here == ""}}
	if l := s.cat.Lists[sceneList]; l != nil {
		for _, it := range l.Items {
			out = append(out, view.Tab{Link: view.Link{Text: s.cat.Label(sceneList, it.Code, r.lang), Href: put(r, "scene", it.Code)}, Count: counts[it.Code], Here: here == it.Code})
		}
	}
	if counts[otherScene] > 0 {
		out = append(out, view.Tab{Link: view.Link{Text: r.T("chain.other"), Href: put(r, "scene", otherScene)}, Count: counts[otherScene], Here: here == otherScene})
	}
	return out
}
