package inspection

import (
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/dinghai/dinghai/domain"
	"github.com/dinghai/dinghai/engine"
	"github.com/dinghai/dinghai/kit/draw"
)

// look stands in for the code lists: catering belongs to market, hygiene to
// health.
func look(list, code, attr string) string {
	return map[string]string{
		"inspect_item/catering/department": "market", "inspect_item/catering/domain": "catering",
		"inspect_item/health_place/department": "health", "inspect_item/health_place/domain": "health",
		"credit_class/B/ratio": "3", "credit_class/D/ratio": "25",
	}[list+"/"+code+"/"+attr]
}

func ref(n int) domain.Ref {
	return domain.Ref{Home: 330903, ID: fmt.Sprintf("00000000-0000-7000-8000-%012d", n)}
}

func rec(n int, state, area string, fields map[string]any) *domain.Record {
	return &domain.Record{Ref: ref(n), State: state, Area: area, Fields: fields, Of: ref(n + 1000)}
}

func objectRecs(n int, class string) []*domain.Record {
	out := make([]*domain.Record, n)
	for i := range out {
		id := fmt.Sprintf("91330903Y%s%08d", class, i)
		out[i] = rec(i, "listed", []string{"330903001", "330903003"}[i%2], map[string]any{"object_id": id, "name": "户" + id, "risk_class": class})
	}
	return out
}

func staffRecs(department, field string, n int) []*domain.Record {
	out := make([]*domain.Record, n)
	for i := range out {
		out[i] = rec(5000+i, "active", "330903", map[string]any{"cert_no": fmt.Sprintf("%s-%02d", strings.ToUpper(department[:1]), i),
			"department": department, "domains": []any{field}, "max_load": int64(50), "cert_until": "2030-01-01"})
	}
	return out
}

// world is one task with its registers, carried from hook to hook.
type world struct {
	t       testing.TB
	task    *domain.Record
	objects []*domain.Record
	staff   []*domain.Record
	pool    *domain.Record
}

func newWorld(t testing.TB, mode string) *world {
	f := map[string]any{"departments": []any{"market", "health"}, "items": []any{"catering", "health_place"}, "quota_mode": mode,
		"percent": int64(20), "total": int64(7), "team_size": int64(2), "salt": "0123456789abcdef", "last_day": "2026-06-30",
		"beacon_source": "drand", "beacon_round": "quicknet 1", "beacon_on": "2026-05-02"}
	return &world{t: t, task: &domain.Record{Ref: ref(1), Number: "普市监双随机〔2026〕1号", Fields: f},
		objects: objectRecs(40, "B"), staff: slices.Concat(staffRecs("market", "catering", 8), staffRecs("health", "health", 5))}
}

func (w *world) run(h func(engine.HookInput) (engine.HookOutput, error), input map[string]any) (engine.HookOutput, error) {
	in := engine.HookInput{Record: w.task, Input: input, On: "2026-05-03", Lists: look,
		Pools: map[string][]*domain.Record{"objects": w.objects, "inspectors": w.staff}}
	if w.pool != nil {
		in.Pools["lists"] = []*domain.Record{w.pool}
	}
	out, err := h(in)
	for k, v := range out.Set {
		w.task.Fields[k] = v
	}
	for _, o := range out.Orders {
		w.pool = &domain.Record{Ref: ref(2), State: "frozen", Fields: o.Input}
	}
	return out, err
}

func (w *world) must(h func(engine.HookInput) (engine.HookOutput, error), input map[string]any) engine.HookOutput {
	w.t.Helper()
	out, err := w.run(h, input)
	if err != nil {
		w.t.Fatal(err)
	}
	return out
}

// drawn freezes and draws.
func (w *world) drawn() []map[string]any {
	w.t.Helper()
	w.must(freeze, nil)
	w.task.Fields["randomness"] = "03 09 14 18 26 31 + 07"
	w.must(drawObjects, nil)
	return rows(w.task.Fields, "drawn")
}

func rule(err error) string {
	var e *domain.Error
	if errors.As(err, &e) {
		return e.Problems[0].Rule
	}
	return fmt.Sprint(err)
}

func TestDraw(t *testing.T) {
	w := newWorld(t, "share")
	got := w.drawn()
	if len(got) != 8 {
		t.Fatalf("%d drawn of 40 at 20 %%", len(got))
	}
	limit := text(rows(w.task.Fields, "strata")[0], "threshold")
	for i, r := range got {
		if len(texts(r, "team")) != 4 || len(texts(r, "short_of")) != 0 {
			t.Errorf("team %v", r["team"])
		}
		if text(r, "ticket") > limit || i > 0 && text(r, "ticket") < text(got[i-1], "ticket") {
			t.Errorf("ticket %s out of order or above the threshold", r["ticket"])
		}
	}
	if n := len(rows(w.task.Fields, "reserve")); n != 8 {
		t.Errorf("%d in reserve", n)
	}
}

// TestAnyoneCanComputeIt draws again from what is published alone, spelt out
// byte by byte.
func TestAnyoneCanComputeIt(t *testing.T) {
	w := newWorld(t, "share")
	got := w.drawn()
	f, pub := w.task.Fields, w.pool.Fields
	if root, err := draw.PoolRoot(linesOf(text(pub, "objects"))); err != nil || root.String() != text(f, "pool_root") {
		t.Errorf("root %s, %v", root, err)
	}
	var plan struct{ Secret string }
	if err := json.Unmarshal([]byte(text(pub, "plan")), &plan); err != nil {
		t.Fatal(err)
	}
	seed := seedOf(text(f, "plan_hash"), plan.Secret, text(f, "randomness"))
	if hashOf(text(pub, "plan")) != text(f, "plan_hash") || seed.String() != text(f, "seed") {
		t.Error("plan or seed differ")
	}
	type ticket struct{ id, ticket string }
	var all []ticket
	for _, l := range linesOf(text(pub, "objects")) {
		id := strings.Split(l, ",")[0]
		all = append(all, ticket{id, draw.Ticket(draw.StratumKey(seed, w.task.Number, "B"), id).String()})
	}
	slices.SortFunc(all, func(a, b ticket) int { return strings.Compare(a.ticket, b.ticket) })
	for i, r := range got {
		if all[i].id != text(r, "object_id") || all[i].ticket != text(r, "ticket") {
			t.Errorf("place %d: %v, want %v", i, r, all[i])
		}
	}
	if draw.ListRoot(resultLines(got)).String() != text(f, "result_root") {
		t.Error("the result root does not fit the result")
	}
}

// TestOnlyTheFrozenListsCount: what changes after the freeze changes nothing.
func TestOnlyTheFrozenListsCount(t *testing.T) {
	w := newWorld(t, "share")
	want := w.drawn()
	v := newWorld(t, "share")
	v.must(freeze, nil)
	v.task.Fields["randomness"] = "03 09 14 18 26 31 + 07"
	v.objects = append(slices.Clone(v.objects[5:]), objectRecs(90, "D")...)
	for _, o := range v.objects {
		o.Fields["risk_class"] = "A"
	}
	v.staff = v.staff[:3]
	v.must(drawObjects, nil)
	ids := func(list []map[string]any) (out []string) {
		for _, r := range list {
			out = append(out, text(r, "object_id")+" "+strings.Join(texts(r, "team"), "+"))
		}
		return out
	}
	if d := cmp.Diff(ids(want), ids(rows(v.task.Fields, "drawn"))); d != "" {
		t.Error(d)
	}
}

func TestRecusedIsNeverDrawn(t *testing.T) {
	w := newWorld(t, "total")
	for _, p := range w.staff[:6] {
		p.Fields["recusals"] = []any{text(w.objects[3].Fields, "object_id")}
	}
	w.objects = w.objects[:9]
	w.task.Fields["total"] = int64(9)
	for _, r := range w.drawn() {
		if text(r, "object_id") != text(w.objects[3].Fields, "object_id") {
			continue
		}
		if team := texts(r, "team"); !slices.Contains(team, "M-06") || !slices.Contains(team, "M-07") {
			t.Errorf("team %v", team)
		}
	}
	if w.task.Fields["conf_count"] != int64(6) || strings.Contains(text(w.pool.Fields, "conflicts"), "M-0") {
		t.Error("the recusals are not salted")
	}
}

func TestUnstaffedIsNobodysPick(t *testing.T) {
	w := newWorld(t, "total")
	for _, p := range w.staff[8:] {
		p.Fields["max_load"] = int64(1)
	}
	short := 0
	for _, r := range w.drawn() {
		if slices.Contains(texts(r, "short_of"), "health") {
			short++
			if len(texts(r, "team")) != 2 {
				t.Errorf("team %v", r["team"])
			}
		}
	}
	if short != 5 || w.task.Fields["unstaffed"] != int64(5) {
		t.Errorf("%d short, %v noted", short, w.task.Fields["unstaffed"])
	}
}

func TestReplaceObject(t *testing.T) {
	w := newWorld(t, "share")
	old, next := w.drawn()[2], rows(w.task.Fields, "reserve")[0]
	w.task.Fields["out_object"] = old["object_id"]
	out := w.must(replaceObject, map[string]any{"ground": "moved"})
	in := rows(out.Set, "incoming")
	if len(in) != 1 || in[0]["object_id"] != next["object_id"] || len(texts(in[0], "team")) != 4 {
		t.Errorf("came in: %v, want %v", in, next["object_id"])
	}
	if list := rows(w.task.Fields, "drawn"); len(list) != 9 || text(list[2], "out") != "moved" {
		t.Error("the replaced line must stay, with its ground")
	}
	if _, err := w.run(replaceObject, map[string]any{"ground": "moved"}); rule(err) != "not_in_draw" {
		t.Errorf("replaced twice: %v", err)
	}
}

func TestReplaceMember(t *testing.T) {
	w := newWorld(t, "share")
	row := w.drawn()[0]
	w.task.Fields["out_object"] = row["object_id"]
	gone := texts(row, "team")[3]
	w.must(replaceMember, map[string]any{"out": gone, "ground": "kinship"})
	team := texts(w.task.Fields, "new_team")
	if len(team) != 4 || slices.Contains(team, gone) {
		t.Errorf("team %v", team)
	}
	w.must(replaceMember, map[string]any{"out": team[3], "ground": "away"})
	if again := texts(w.task.Fields, "new_team"); slices.Contains(again, gone) || slices.Contains(again, team[3]) {
		t.Errorf("who stepped back came again: %v", again)
	}
	if n := len(rows(w.task.Fields, "replaced")); n != 2 {
		t.Errorf("%d lines in the log", n)
	}
}

func TestRefusals(t *testing.T) {
	tests := []struct {
		want string
		try  func(*world) error
	}{
		{"no_objects", func(w *world) error { w.objects = nil; _, err := w.run(freeze, nil); return err }},
		{"no_inspectors", func(w *world) error { w.staff = w.staff[:9]; _, err := w.run(freeze, nil); return err }},
		{"class_ratio", func(w *world) error {
			w.task.Fields["quota_mode"], w.objects = "by_class", objectRecs(3, "X")
			_, err := w.run(freeze, nil)
			return err
		}},
		{"lists_missing", func(w *world) error { _, err := w.run(drawObjects, nil); return err }},
		{"lists_changed", func(w *world) error {
			w.must(freeze, nil)
			w.pool.Fields["objects"] = text(w.pool.Fields, "objects")[1:]
			_, err := w.run(drawObjects, nil)
			return err
		}},
		{"lists_changed", func(w *world) error {
			w.must(freeze, nil)
			w.pool.Fields["plan"] = strings.Replace(text(w.pool.Fields, "plan"), `"team":2`, `"team":1`, 1)
			_, err := w.run(drawObjects, nil)
			return err
		}},
		{"not_drawn", func(w *world) error { _, err := w.run(replaceObject, nil); return err }},
		{"not_in_team", func(w *world) error {
			w.task.Fields["out_object"] = w.drawn()[0]["object_id"]
			_, err := w.run(replaceMember, map[string]any{"out": "nobody"})
			return err
		}},
		{"not_short", func(w *world) error {
			w.task.Fields["out_object"] = w.drawn()[0]["object_id"]
			_, err := w.run(replaceMember, map[string]any{"department": "health"})
			return err
		}},
		{"reserve_used_up", func(w *world) error {
			w.objects = w.objects[:7]
			w.task.Fields["quota_mode"] = "total"
			w.task.Fields["out_object"] = w.drawn()[0]["object_id"]
			_, err := w.run(replaceObject, map[string]any{"ground": "moved"})
			return err
		}},
	}
	for _, tt := range tests {
		if err := tt.try(newWorld(t, "share")); rule(err) != tt.want {
			t.Errorf("got %v, want %s", err, tt.want)
		}
	}
}

// BenchmarkDraw158200 freezes and draws 3 % of a whole city's entities.
func BenchmarkDraw158200(b *testing.B) {
	objects := objectRecs(158_200, "B")
	for b.Loop() {
		w := newWorld(b, "share")
		w.objects, w.task.Fields["percent"] = objects, int64(3)
		for _, p := range w.staff {
			p.Fields["max_load"] = int64(5000)
		}
		if n := len(w.drawn()); n != 4746 {
			b.Fatal(n)
		}
	}
}
