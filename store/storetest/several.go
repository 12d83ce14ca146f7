package storetest

import (
	"fmt"
	"testing"

	"github.com/dinghai/dinghai/domain"
)

// several reads many records and their officers at once, and wants what one
// after the other gives.
func several(t *testing.T, m Maker) {
	s, c := m.New(t), NewCity(4)
	ws := &domain.WriteSet{Heads: map[int]int64{}}
	refs := []domain.Ref{{Home: 330902, ID: "nobody"}}
	who := map[domain.Ref][]string{}
	for i := range 30 {
		r := c.Entity([]int{330902, 330921}[i%2])
		e := c.Event(r, "opened", domain.Changes{})
		for n := range i % 12 {
			k := domain.Task{ID: fmt.Sprint(n + 1), Assignee: Pick(c, "", "li", "wang"), Opened: "2023-01-01"}
			if n%3 == 1 {
				k.Done = "2023-02-01"
			}
			r.Tasks = append(r.Tasks, k)
			ws.Tasks = append(ws.Tasks, domain.TaskRow{Home: r.Home, Record: r.ID, Kind: "a.a", Area: r.Area, Voided: i%5 == 0, Task: k})
		}
		if list := r.Assignees(); list != nil {
			who[r.Ref] = list
		}
		ws.Events, ws.Records, refs = append(ws.Events, e), append(ws.Records, Row(r, true)), append(refs, r.Ref)
		ws.Heads[r.Home] = e.Pos
	}
	write(t, s, ws)
	want := map[domain.Ref]*domain.Record{}
	for _, ref := range refs {
		if r := must[*domain.Record](t)(s.Reader().Record(ctx, ref)); r != nil {
			want[ref] = r
		}
	}
	got, err := s.Reader().Records(ctx, refs)
	check(t, err)
	same(t, "records", want, got)
	same(t, "number of records", 30, len(got))
	officers, err := s.Reader().Assignees(ctx, refs)
	check(t, err)
	same(t, "officers", who, officers)
	none, err := s.Reader().Records(ctx, nil)
	check(t, err)
	same(t, "of none", 0, len(none))
}
