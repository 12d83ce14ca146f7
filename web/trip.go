package web

import (
	"cmp"
	"net/http"
	"slices"

	"github.com/a-h/templ"

	"github.com/dinghai/dinghai/domain"
	"github.com/dinghai/dinghai/kit/calendar"
	"github.com/dinghai/dinghai/kit/table"
	"github.com/dinghai/dinghai/kit/xlsx"
	"github.com/dinghai/dinghai/web/view"
)

// maxTrip bounds the visits of one trip; more is said, not cut silently.
const maxTrip = 500

// trip is one boat to one island: everything that falls due there until the
// next boat, over all matters, subject by subject.
func (s *server) trip(r *request) (templ.Component, error) {
	if err := s.signedIn(r); err != nil {
		return nil, err
	}
	r.Nav, r.Title = "trip", r.T("nav.trip")
	v, _, err := s.tripOf(r)
	if err != nil {
		return nil, err
	}
	return view.TripPage(r.Page, v), nil
}

// tripOf gathers a trip: what is due by the next boat, grouped by whom to visit.
func (s *server) tripOf(r *request) (view.Trip, []domain.ClockRow, error) {
	u, today := r.URL.Query(), s.Engine.Today()
	v := view.Trip{Area: u.Get("area"), Day: cmp.Or(u.Get("day"), string(today)), Next: u.Get("next")}
	day := domain.Date(v.Day)
	if !day.Valid() {
		return v, nil, badDate("day", v.Day)
	}
	if v.Next == "" {
		v.Next = string(day.AddDays(7))
	}
	next := domain.Date(v.Next)
	if !next.Valid() || next < day {
		return v, nil, badDate("next", v.Next)
	}
	if v.Area == "" {
		return v, nil, nil
	}
	if s.cat.Areas[v.Area] == nil {
		return v, nil, domain.Failf(domain.NotFound, "area", "exists", "没有编号为「%s」的辖区", "there is no area %q", v.Area)
	}
	v.AreaName = r.area(v.Area)
	list, total, err := r.sight.Clocks(r.Context(), domain.ClockQuery{Area: v.Area, To: next, Limit: maxTrip})
	if err != nil {
		return v, nil, err
	}
	v.Total, v.More = total, total-len(list)
	rows, err := s.dueRows(r, list)
	if err != nil {
		return v, nil, err
	}
	stops := map[string]*view.Stop{}
	for i, c := range list {
		row := rows[i]
		key := first(row.Subject.Href, row.Href)
		st := stops[key]
		if st == nil {
			st = &view.Stop{Link: row.Subject, Area: row.Area}
			if st.Text == "" {
				st.Link = row.Link
			}
			stops[key] = st
			v.Stops = append(v.Stops, st)
		}
		row.Missed = c.Due >= day && c.Due < next
		if row.Missed {
			v.Missed++
		}
		if c.Due < today {
			v.Late++
		}
		st.Rows = append(st.Rows, row)
	}
	slices.SortStableFunc(v.Stops, func(a, b *view.Stop) int {
		return cmp.Or(cmp.Compare(a.Area, b.Area), cmp.Compare(a.Rows[0].Day, b.Rows[0].Day))
	})
	return v, list, nil
}

// tripSheet is the trip as one file to take along.
func (s *server) tripSheet(w http.ResponseWriter, h *http.Request) {
	r := s.request(w, h)
	v, _, err := s.tripOf(r)
	if err == nil {
		err = s.signedIn(r)
	}
	if err != nil {
		s.fail(w, h, err)
		return
	}
	w.Header().Set("Content-Type", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet")
	w.Header().Set("Content-Disposition", `attachment; filename="trip_`+v.Area+"_"+v.Day+`.xlsx"`)
	if err := s.writeTrip(w, r, v); err != nil {
		s.Log.Error("trip", "error", err)
		panic(http.ErrAbortHandler)
	}
}

func (s *server) writeTrip(w http.ResponseWriter, r *request, v view.Trip) error {
	title := func(key string, t xlsx.Type) xlsx.Column {
		return xlsx.Column{Column: table.Column{Name: key}, Title: r.T(key), Type: t}
	}
	t, err := xlsx.NewTable(w, sheetName, []xlsx.Column{title("col.subject", xlsx.Text), title("col.area", xlsx.Text), title("col.kind", xlsx.Text), title("col.number", xlsx.Code),
		title("trip.what", xlsx.Text), title("col.due", xlsx.Date), title("col.state", xlsx.Text), title("col.officer", xlsx.Text), title("trip.note", xlsx.Text)}, false)
	if err != nil {
		return err
	}
	for _, st := range v.Stops {
		for _, row := range st.Rows {
			if err := t.Write("", st.Text, row.Area, row.Kind, row.Number, row.Clock, calendar.Date(row.Day), row.State, row.Officer, nil); err != nil {
				return err
			}
		}
	}
	return t.Close()
}
