package web

import (
	"strconv"

	"github.com/a-h/templ"

	"github.com/dinghai/dinghai/domain"
	"github.com/dinghai/dinghai/web/view"
)

// calendar shows how much falls due on each day of a month; a day opens its
// list, and the number on the day is the number of its rows.
func (s *server) calendar(r *request) (templ.Component, error) {
	if err := s.signedIn(r); err != nil {
		return nil, err
	}
	r.Nav, r.Title = "calendar", r.T("nav.calendar")
	today := s.Engine.Today()
	first, err := monthOf(r.URL.Query().Get("month"), today)
	if err != nil {
		return nil, err
	}
	q, err := s.dueQuery(r)
	if err != nil {
		return nil, err
	}
	q.From, q.To = first, first.MonthEnd()
	v := view.Calendar{Month: first.MonthKey(), Chips: s.inboxChips(r, domain.TaskQuery{Kind: q.Kind, Area: q.Area}), Kinds: s.inboxKinds(r, q.Kind), Area: q.Area,
		Prev: putOnly(r, "month", first.AddDays(-1).MonthKey()), Next: putOnly(r, "month", first.MonthEnd().AddDays(1).MonthKey())}
	if q.Area != "" {
		v.AreaName = r.area(q.Area)
	}
	days, err := r.sight.ClockDays(r.Context(), q)
	if err != nil {
		return nil, err
	}
	count := map[domain.Date]int{}
	for _, d := range days {
		count[d.Day] = d.Count
		v.Total += d.Count
	}
	for range (int(first.Weekday()) + 6) % 7 {
		v.Days = append(v.Days, view.CalendarDay{})
	}
	for d := first; d <= first.MonthEnd(); d = d.AddDays(1) {
		v.Days = append(v.Days, view.CalendarDay{Day: strconv.Itoa(dayNumber(d)), Count: count[d], Off: !s.cat.Calendar.IsWorkday(d), Today: d == today, Late: d < today && count[d] > 0, Href: s.dayLink(r, d)})
	}
	if q.From, q.To, v.Day = s.span(r, today); v.Day != "" {
		q.Limit, q.After = pageSize, r.URL.Query().Get("after")
		if v.Rows, v.Pager, err = s.clockRows(r, q); err != nil {
			return nil, err
		}
	}
	return view.CalendarPage(r.Page, v), nil
}

// span is the days whose list is asked for: one day, all that is late, or the
// coming week; the last is what it is called.
func (s *server) span(r *request, today domain.Date) (from, to domain.Date, name string) {
	switch day := domain.Date(r.URL.Query().Get("day")); r.URL.Query().Get("span") {
	case "late":
		return "", today.AddDays(-1), r.T("cockpit.late")
	case "week":
		return today, today.AddDays(soonDays), r.T("cockpit.soon")
	default:
		if !day.Valid() {
			return "", "", ""
		}
		return day, day, r.T("calendar.day", string(day))
	}
}

func dayNumber(d domain.Date) int {
	n, _ := strconv.Atoi(string(d[8:]))
	return n
}

func monthOf(text string, today domain.Date) (domain.Date, error) {
	if text == "" {
		text = today.MonthKey()
	}
	d := domain.Date(text + "-01")
	if !d.Valid() {
		return d, badDate("month", text)
	}
	return d, nil
}

// dueQuery reads matter and area from the address.
func (s *server) dueQuery(r *request) (domain.ClockQuery, error) {
	t, err := s.inboxFilter(r)
	return domain.ClockQuery{Kind: t.Kind, Area: t.Area}, err
}

// clockRows shows what falls due, each with its record.
func (s *server) clockRows(r *request, q domain.ClockQuery) ([]view.DueRow, view.Pager, error) {
	list, total, err := r.sight.Clocks(r.Context(), q)
	if err != nil {
		return nil, view.Pager{}, err
	}
	out, err := s.dueRows(r, list)
	if err != nil {
		return nil, view.Pager{}, err
	}
	next := ""
	if len(list) == q.Limit && len(list) < total {
		next = list[len(list)-1].Cursor()
	}
	return out, pager(r, len(list), total, next), nil
}

// dueRows shows clocks with their records and subjects, all read at once.
func (s *server) dueRows(r *request, list []domain.ClockRow) ([]view.DueRow, error) {
	refs := make([]domain.Ref, len(list))
	for i, c := range list {
		refs[i] = domain.Ref{Home: c.Home, ID: c.Record}
	}
	found, err := s.read.Records(r.Context(), refs)
	if err != nil {
		return nil, err
	}
	var about []domain.Ref
	for _, rec := range found {
		if !rec.Of.Zero() {
			about = append(about, rec.Of)
		}
	}
	subjects, err := s.read.Records(r.Context(), about)
	if err != nil {
		return nil, err
	}
	out := make([]view.DueRow, len(list))
	for i, c := range list {
		if rec := found[refs[i]]; rec != nil {
			out[i] = s.dueRow(r, c, rec, subjects[rec.Of])
		}
	}
	return out, nil
}

func (s *server) dueRow(r *request, c domain.ClockRow, rec, of *domain.Record) view.DueRow {
	row := view.DueRow{Link: r.linkOf(rec), Number: rec.Number, Kind: r.kind(c.Kind), Clock: r.clock(c.Code), State: r.state(c.Kind, rec.State),
		Area: r.area(c.Area), Officer: s.officersOf(r, rec.Assignees()), Due: s.badge(r.words, c.Due), Day: string(c.Due)}
	if !rec.Of.Zero() {
		row.Subject = r.linkOf(of)
	}
	return row
}

// dayLink opens a day in the month shown.
func (s *server) dayLink(r *request, d domain.Date) string {
	u := *r.URL
	q := u.Query()
	for _, n := range []string{"span", "after", "at"} {
		q.Del(n)
	}
	q.Set("month", d.MonthKey())
	q.Set("day", string(d))
	u.RawQuery = q.Encode()
	return u.RequestURI() + "#day"
}
