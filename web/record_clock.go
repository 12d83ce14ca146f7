package web

import (
	"slices"
	"strings"

	"github.com/dinghai/dinghai/catalogue"
	"github.com/dinghai/dinghai/domain"
	"github.com/dinghai/dinghai/engine/clock"
	"github.com/dinghai/dinghai/kit/calendar"
	"github.com/dinghai/dinghai/web/format"
	"github.com/dinghai/dinghai/web/view"
)

// soon is how many working days before a due date the warning begins.
const soon = 2

// left says how a due date stands today: tone and words.
func (s *server) left(w words, due domain.Date) (tone, words string) {
	today := s.Engine.Today()
	n := s.cat.Calendar.Workdays(today, due)
	switch {
	case due < today && n == 0:
		return view.Overdue, w.l.T("due.past")
	case due < today && n == -1:
		return view.Overdue, w.l.T("due.over.one")
	case due < today:
		return view.Overdue, w.l.T("due.over", -n)
	case due == today:
		return view.Soon, w.l.T("due.today")
	case n < 1:
		return view.Soon, w.l.T("due.offdays")
	case n == 1:
		return view.Soon, w.l.T("due.one")
	case n <= soon:
		return view.Soon, w.l.T("due.left", n)
	}
	return view.Next, w.l.T("due.left", n)
}

// badge is the due date of a row; nil when nothing is due.
func (s *server) badge(w words, due domain.Date) *view.Due {
	if due == "" {
		return nil
	}
	tone, left := s.left(w, due)
	return &view.Due{Tone: tone, Left: left, Day: string(due)}
}

// dues is what must happen next, earliest first: open tasks, and running
// clocks that no task carries.
func (s *server) dues(r *request, k *catalogue.Kind, rec *domain.Record) []view.Due {
	var tasks []domain.Task
	for _, t := range rec.Tasks {
		if t.Done == "" {
			tasks = append(tasks, t)
		}
	}
	slices.SortFunc(tasks, func(a, b domain.Task) int { return compareDue(a.Due, b.Due) })
	out := make([]view.Due, 0, len(tasks))
	for _, t := range tasks {
		d := view.Due{Tone: view.Next, Task: s.todo(r.words, k, t), Who: r.T("due.who", r.role(t.Role))}
		if t.Due != "" {
			d.Tone, d.Left = s.left(r.words, t.Due)
			d.Day = format.ShortDay(t.Due, s.Engine.Today(), r.lang)
			d.Href = "#clock-" + anchor(clockDueOn(rec, t.Due))
		}
		d.Take = s.takeable(r, rec, t)
		out = append(out, d)
	}
	return out
}

// takeable offers to take a task, or to give it back or hand it over.
func (s *server) takeable(r *request, rec *domain.Record, t domain.Task) *view.Take {
	v := r.sight.Viewer
	if !v.Known() || t.Assignee != "" && t.Assignee != v.ID || !v.Holds(t.Role, rec.Area, s.Engine.Today()) {
		return nil
	}
	here := address(rec.Class, rec.Ref)
	return &view.Take{To: here + "/claim", Task: t.ID, Back: r.URL.RequestURI(), Mine: t.Assignee == v.ID, Over: here + "/do/assign?task=" + t.ID}
}

// compareDue puts what has no date last.
func compareDue(a, b domain.Date) int {
	switch {
	case a == b:
		return 0
	case a == "" || b != "" && a > b:
		return 1
	}
	return -1
}

func clockDueOn(rec *domain.Record, due domain.Date) string {
	for _, c := range rec.Clocks {
		if c.Open() && c.Due == due {
			return c.ID
		}
	}
	return ""
}

// todo names a task by the state it comes from.
func (s *server) todo(w words, k *catalogue.Kind, t domain.Task) string {
	if st := k.StateOf(t.Todo); st != nil && st.Todo != nil {
		return st.Todo.Label.In(w.lang)
	}
	if x := s.cat.Triggers[t.Todo]; x != nil {
		return x.Label.In(w.lang)
	}
	return w.action(k.Name, t.Todo)
}

// clocks shows every period of the record, running ones first.
func (s *server) clocks(r *request, rec *domain.Record) []view.Clock {
	list := slices.Clone(rec.Clocks)
	slices.SortStableFunc(list, func(a, b domain.Clock) int {
		if a.Open() != b.Open() {
			if a.Open() {
				return -1
			}
			return 1
		}
		return compareDue(a.Due, b.Due)
	})
	out := make([]view.Clock, len(list))
	for i, c := range list {
		out[i] = s.clockView(r, c)
	}
	return out
}

func (s *server) clockView(r *request, c domain.Clock) view.Clock {
	v := view.Clock{ID: anchor(c.ID), Label: r.clock(c.Code), Href: "/catalogue/clocks/" + c.Code, Start: string(c.Start), Due: string(c.Due), Stopped: string(c.Stopped)}
	if c.Period != "" {
		v.Label += " · " + r.part(c.Period)
	}
	if c.DueAt != nil {
		v.Due = format.Moment(*c.DueAt)
	}
	v.Tone, v.Status = s.standing(r.words, c)
	v.Why = s.why(r, c)
	return v
}

// standing is the tone and word of a clock: its outcome, or how it runs.
func (s *server) standing(w words, c domain.Clock) (tone, word string) {
	switch {
	case c.Outcome == domain.Met || c.Outcome == domain.MetLate:
		return view.Kept, w.l.T("clock." + c.Outcome)
	case c.Outcome == domain.Missed:
		return view.Overdue, w.l.T("clock." + c.Outcome)
	case c.Outcome != "":
		return view.Done, w.l.T("clock." + c.Outcome)
	case c.Paused():
		return view.Done, w.l.T("clock.paused")
	}
	return s.left(w, c.Due)
}

// why explains a due date: rule, statute, start, pauses, extensions, days not
// counted, result.
func (s *server) why(r *request, c domain.Clock) view.Why {
	var y view.Why
	step := func(label, text string) {
		if text != "" {
			y.Steps = append(y.Steps, view.Pair{Label: r.T(label), Text: text})
		}
	}
	step("why.rule", s.ruleText(r.words, c))
	step("why.law", s.cat.Cited(s.Engine.Book().Law(c), r.lang))
	step("why.start", s.startText(r.words, c))
	for _, p := range c.Pauses {
		step("why.pause", r.T("why.pause.text", s.ground(r.words, p.Ground), string(p.From), first(string(p.To), r.T("why.pause.open"))))
	}
	for _, e := range c.Ext {
		step("why.extend", r.T("why.extend.text", r.limit(e.N, e.Unit), string(e.On), r.role(e.Approver), string(e.Old), first(e.Reason, "—")))
	}
	for _, d := range c.Was {
		step("why.was", r.T("why.was.text", string(d)))
	}
	asOf := s.Engine.Today()
	if c.Stopped != "" {
		asOf = c.Stopped
	}
	k, err := s.Engine.Book().Explain(c, asOf)
	if c.DueAt != nil || err != nil {
		step("why.result", string(c.Due))
		return y
	}
	s.reckoned(r, k, &y)
	return y
}

func (s *server) reckoned(r *request, k calendar.Reckoning, y *view.Why) {
	for _, d := range k.Skipped {
		y.Skipped = append(y.Skipped, view.Pair{Label: string(d.Date), Text: s.dayOff(r.words, d)})
	}
	if k.Unrolled != k.Due {
		y.Steps = append(y.Steps, view.Pair{Label: r.T("why.roll"), Text: r.T("why.roll.text", string(k.Unrolled), string(k.Due))})
	}
	y.Steps = append(y.Steps, view.Pair{Label: r.T("why.result"), Text: format.Day(k.Due, r.lang) + " (" + format.Weekday(k.Due, r.lang) + ")"})
	if k.Provisional {
		y.Notes = append(y.Notes, r.T("why.provisional"))
	}
}

// ruleText says length and version of the rule that chose the date.
func (s *server) ruleText(w words, c domain.Clock) string {
	text := w.limit(c.N, c.Unit)
	rule := s.cat.Clocks[c.Code]
	if rule == nil {
		return text
	}
	for _, v := range rule.Rules {
		if v.Version == c.Version {
			return w.l.T("why.rule.text", text, v.Version, s.inForce(w, v))
		}
	}
	return text
}

// inForce writes the time a rule version held.
func (s *server) inForce(w words, v *catalogue.RuleVersion) string {
	switch {
	case v.From == "" && v.To == "":
		return w.l.T("force.always")
	case v.To == "":
		return w.l.T("force.from", string(v.From))
	case v.From == "":
		return w.l.T("force.until", string(v.To))
	}
	return w.l.T("force.both", string(v.From), string(v.To))
}

func (s *server) startText(w words, c domain.Clock) string {
	switch {
	case c.DueAt != nil:
		return w.l.T("why.start.hour", format.Moment(c.DueAt.Add(-hours(c.N)).In(clock.Zone)))
	case c.Back:
		return w.l.T("why.start.back", string(c.Start))
	case c.Unit == "window":
		return w.l.T("why.start.window", string(c.Start))
	}
	return w.l.T("why.start.text", string(c.Start))
}

func (s *server) ground(w words, code string) string {
	return s.cat.Label("pause_ground", code, w.lang)
}

func (s *server) dayOff(w words, d calendar.Day) string {
	day := format.Weekday(d.Date, w.lang)
	if d.Kind != calendar.Holiday {
		return day
	}
	return w.l.T("day.holiday", day, w.feast(d.Name))
}

// feast names a holiday, or several that fall together.
func (w words) feast(name string) string {
	parts := strings.Split(name, "、")
	for i, p := range parts {
		base, _, _ := strings.Cut(p, "(")
		if key := "feast." + base; w.l.Has(key) {
			parts[i] = w.l.T(key)
		}
	}
	return strings.Join(parts, w.l.T("comma"))
}
