package recount

import (
	"encoding/json"
	"fmt"
	"maps"
	"math/rand/v2"
	"slices"
	"testing"

	"github.com/dinghai/dinghai/domain"
	"github.com/dinghai/dinghai/engine"
)

// restated are the fields that a correction may touch, with what may come in
// their place; nil stands for any day.
var restated = map[string]map[string][]any{
	entity:                    {"founded_on": nil, "founded_group": {"individual", "enterprise", "coop"}, "founded_ftz": {true, false}},
	"elicence.licence":        {"opening_download": nil},
	"registration.conversion": {},
	complaint:                 {"ended_on": nil, "agreed": {true, false}, "end_code": {"1", "3", "6", "7"}, "withdraw_kind": {"settle", "withdraw"}},
	report:                    {},
	sample:                    {"concluded_on": nil, "sample_kind": {"supervised", "monitor"}, "conclusion": {"pass", "fail", "void"}},
	risk:                      {"warned_on": {"", "2023-05-05"}, "closed_on": {"", "2023-06-06"}},
	catering:                  {"first_passed": {true, false}, "recheck_passed": {true, false}},
	"food.permit":             {"issued_on": nil, "kind": {"catering", "small_catering", "sale"}},
	check:                     {"check_kind": {"random", "joint", "daily"}, "departments_done": {[]any{"market"}, []any{"market", "health"}}},
	penalty:                   {"domain": {"price", "drug", "confusion", "food"}, "campaign": {"gas", "ebike", "anti_smuggling", ""}, "fine": {0, 1234567}, "gains": {0, 89}},
	"penalty.transfer":        {"campaign": {"gas", "sword", ""}},
	"penalty.seizure":         {"goods_kind": {"ebike", "battery"}, "quantity": {1, 17}},
	"faircompetition.review":  {"conclusion": {"PASS", "AMEND", "DROP", "NA"}},
	stock:                     {"result": {"KEEP", "AMEND", "ABOLISH"}},
	document:                  {"proposal": {"keep", "amend", "abolish"}},
	"policy.visits":           {"day": nil, "visits": {0, 31}},
	hazard:                    {"grade": {"general", "serious"}},
	"metrology.verification":  {"instrument_kind": {"fuel_nozzle", "flow_meter", "ev_dc", "taximeter"}},
	"market.turnover":         {"turnover": {100, 2500000}},
	"ip.dispute":              {},
	"product.maker":           {},
	"product.duty":            {},
}

// often are the kinds on which most figures rest.
var often = []string{entity, entity, complaint, complaint, penalty, penalty, penalty, penalty, penalty, penalty}

// change is one restatement of one record.
type change struct {
	r           *record
	action      string
	field, mark string
	value       any
	day         string
}

func (c change) String() string {
	return fmt.Sprintf("%s %s %s%s=%v%s of %s", c.action, c.r.kind, c.field, c.mark, c.value, c.day, c.r.id)
}

// anyChange picks a record and what to do to it.
func anyChange(f *folder, rnd *rand.Rand) change {
	for {
		kind := pick(rnd, slices.Concat(slices.Sorted(maps.Keys(restated)), often))
		live := (&scope{folder: f}).live(kind)
		if len(live) == 0 {
			continue
		}
		c := change{r: pick(rnd, live)}
		switch fields := slices.Sorted(maps.Keys(restated[kind])); {
		case rnd.IntN(8) == 0:
			c.action = engine.ActVoid
		case rnd.IntN(3) == 0 || len(fields) == 0:
			c.action = engine.ActCorrect
			c.mark, c.day = c.r.anyMove(rnd)
		default:
			c.action, c.field = engine.ActCorrect, pick(rnd, fields)
			if c.value = anyDay(rnd, "2022-06-01", "2023-12-31"); restated[kind][c.field] != nil {
				c.value = pick(rnd, restated[kind][c.field])
			}
		}
		return c
	}
}

// anyMove is a step and another day for it, between its neighbours.
func (r *record) anyMove(rnd *rand.Rand) (event, day string) {
	i := rnd.IntN(len(r.trail))
	i = slices.IndexFunc(r.trail, func(t step) bool { return t.event == r.trail[i].event })
	from, to := "2022-01-01", r.trail[i].on
	if i > 0 {
		from = r.trail[i-1].on
	}
	if i+1 < len(r.trail) {
		to = r.trail[i+1].on
	}
	return r.trail[i].event, anyDay(rnd, from, to)
}

func anyDay(rnd *rand.Rand, from, to string) string {
	a, b := domain.Date(from), domain.Date(to)
	if b <= a {
		return to
	}
	return string(a.AddDays(rnd.IntN(b.Sub(a) + 1)))
}

func pick[T any](rnd *rand.Rand, list []T) T { return list[rnd.IntN(len(list))] }

// do asks the product for the change.
func (c change) do(t *testing.T, b *bureau) error {
	ref, err := domain.ParseRef(c.r.id)
	if err != nil {
		t.Fatal(err)
	}
	in := map[string]any{"field": c.field, "value": c.value}
	if c.mark != "" {
		in = map[string]any{"mark": c.mark, "date": c.day}
	}
	_, err = b.Engine.Do(t.Context(), domain.Command{Record: ref, Action: c.action, Actor: domain.System("recount"), Reason: "核对", Input: in})
	return err
}

// edit makes the same change to the rows of the export.
func (c change) edit() {
	switch {
	case c.action == engine.ActVoid:
		c.r.voided = true
	case c.mark != "":
		i := slices.IndexFunc(c.r.trail, func(t step) bool { return t.event == c.mark })
		c.r.trail[i].on = c.day
	default:
		c.r.f[c.field] = cell(c.value)
	}
}

func cell(v any) string {
	if list, ok := v.([]any); ok {
		b, _ := json.Marshal(list) //nolint:errchkjson // texts
		return string(b)
	}
	return fmt.Sprint(v)
}

// twoRecords is the figure that rests on an entity and on its licence. The
// product counts licences, which follow their entity through every ordinary
// step; the recount asks the entity too. After a change to one of the two
// alone they may differ.
const twoRecords = "elicense_download_rate"

// disturb changes two hundred records, one at a time. What each change moves is
// foretold from the rows; the product must move the same figures as far.
func disturb(t *testing.T, b *bureau, f *folder) {
	t.Helper()
	rnd := rand.New(rand.NewPCG(7, 62)) //nolint:gosec // repeatable on purpose
	done, moved := 0, map[string]int{}
	for tries := 0; done < 200 && tries < 2000; tries++ {
		c := anyChange(f, rnd)
		look := []view{ever, pick(rnd, views)}
		before := f.over(look)
		if f.sharesMonth(c.r) || c.action == engine.ActVoid && f.hasOffspring(c.r) || c.do(t, b) != nil {
			continue
		}
		c.edit()
		done++
		for i, after := range f.over(look) {
			for _, d := range differences(b.told(t, look[i]), after, twoRecords) {
				t.Fatalf("after change %d (%s) %v %s", done, c, look[i], d)
			}
			tally(moved, before[i], after)
		}
	}
	t.Logf("%d changes moved %d figures: %v", done, len(moved), moved)
	if done < 200 || len(moved) < 30 {
		t.Errorf("too few changes (%d) or figures (%d) to prove anything", done, len(moved))
	}
}

// ever is longer than anything in the records.
var ever = view{"2000-01-01", "2060-12-31", ""}

func (f *folder) over(look []view) []map[string]Value {
	var out []map[string]Value
	for _, v := range look {
		out = append(out, f.count(v.from, v.to, v.area))
	}
	return out
}

func tally(moved map[string]int, before, after map[string]Value) {
	for name := range after {
		if !same(name, before[name], after[name]) {
			moved[name]++
		}
	}
}

// sharesMonth reports whether a market has another return for the same month.
// Of several the recount takes the one filed last, the product the one whose
// figures were entered or corrected last: a correction to a return that was
// already replaced tells the two apart, so none is made here.
func (f *folder) sharesMonth(r *record) bool {
	for _, x := range f.kinds["market.turnover"] {
		if r.kind == x.kind && x != r && x.of == r.of && x.f["month"] == r.f["month"] {
			return true
		}
	}
	return false
}

// hasOffspring: voiding a record takes along what it opened by itself, which is
// more than one record's change.
func (f *folder) hasOffspring(r *record) bool {
	for _, x := range f.byID {
		if x.parent == r.id {
			return true
		}
	}
	return false
}
