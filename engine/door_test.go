package engine_test

import (
	"errors"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/dinghai/dinghai/domain"
	"github.com/dinghai/dinghai/engine"
	"github.com/dinghai/dinghai/journey"
	"github.com/dinghai/dinghai/journey/journeytest"
	"github.com/dinghai/dinghai/store/sqlite"
)

const town = "330902002"

func host(t testing.TB) *journey.Runner {
	cat := journeytest.Layer(t, os.DirFS("../systems"), os.DirFS("testdata"))
	return journeytest.New(t, journeytest.Options{Catalogue: cat})
}

func as(roles ...string) domain.Actor {
	a := domain.Actor{ID: "officer-" + strings.Join(roles, "-")}
	for _, r := range roles {
		a.Grants = append(a.Grants, domain.Grant{Role: r})
	}
	return a
}

func load(name, uscc string) domain.Command {
	return domain.Command{Kind: "mini.shop", Action: "load", Area: town, Actor: as("importer"), Opening: true,
		Input: map[string]any{"name": name, "uscc": uscc, "founded_on": "2019-05-01"}}
}

func must(t testing.TB, r *journey.Runner, c domain.Command) domain.Receipt {
	t.Helper()
	rec, err := r.Engine.Do(t.Context(), c)
	if err != nil {
		t.Fatalf("%s: %v", c.Action, err)
	}
	return rec
}

const (
	code1 = "91330900Y00000016T"
	code2 = "91330900Y00000024M"
)

// TestBadInput: each wrong command is refused with code, field and rule, and
// nothing is written.
func TestBadInput(t *testing.T) {
	r := host(t)
	shop := must(t, r, load("东海鲜面馆", code1)).Record
	letter := must(t, r, domain.Command{Kind: "mini.letter", Action: "receive", Of: shop.Ref, Actor: as("citizen"), Key: "k1",
		Input: map[string]any{"about": "短斤缺两"}}).Record
	in := func(kv ...any) map[string]any {
		m := map[string]any{"name": "甲", "uscc": code2, "founded_on": "2019-05-01"}
		for i := 0; i < len(kv); i += 2 {
			m[kv[i].(string)] = kv[i+1]
		}
		return m
	}
	loadWith := func(m map[string]any) domain.Command {
		c := load("", "")
		c.Input = m
		return c
	}
	cases := map[string]struct {
		cmd         domain.Command
		code        domain.Code
		field, rule string
	}{
		"unknown field":      {loadWith(in("colour", "red")), domain.Invalid, "colour", "unknown"},
		"wrong type":         {loadWith(in("name", 12)), domain.Invalid, "name", "type"},
		"1 MB text":          {loadWith(in("name", strings.Repeat("海", 350_000))), domain.Invalid, "name", "length"},
		"bad date":           {loadWith(in("founded_on", "2019-02-30")), domain.Invalid, "founded_on", "date"},
		"wrong check digit":  {loadWith(in("uscc", "91330900Y00000016A")), domain.Invalid, "uscc", "check"},
		"look-alike letter":  {loadWith(in("uscc", "9133O900Y00000016T")), domain.Invalid, "uscc", "lookalike"},
		"control character":  {loadWith(in("name", "a\x00b")), domain.Invalid, "name", "characters"},
		"missing":            {loadWith(map[string]any{"name": "甲"}), domain.Invalid, "founded_on", "required"},
		"taken code":         {loadWith(in("uscc", code1)), domain.Conflict, "uscc", "unique"},
		"unknown area":       {domain.Command{Kind: "mini.shop", Action: "load", Area: "999999", Home: 330902, Actor: as("importer"), Input: in()}, domain.Invalid, "area", "area"},
		"no area":            {domain.Command{Kind: "mini.shop", Action: "load", Actor: as("importer"), Input: in()}, domain.Invalid, "area", "required"},
		"unknown kind":       {domain.Command{Kind: "mini.nothing", Action: "load", Area: town}, domain.NotFound, "kind", "exists"},
		"unknown action":     {domain.Command{Record: shop.Ref, Action: "dance"}, domain.NotFound, "action", "exists"},
		"unknown record":     {domain.Command{Record: domain.Ref{Home: 330902, ID: strings.Repeat("0", 36)}, Action: "shut"}, domain.NotFound, "record", "exists"},
		"not allowed now":    {domain.Command{Record: letter.Ref, Action: "settle", Actor: as("mediator")}, domain.NotNow, "state", "from"},
		"no right":           {domain.Command{Record: letter.Ref, Action: "accept", Actor: as("lab")}, domain.Forbidden, "", "role"},
		"other area's right": {domain.Command{Record: letter.Ref, Action: "accept", Actor: domain.Actor{ID: "x", Grants: []domain.Grant{{Role: "complaint_handler", Area: "330903"}}}}, domain.Forbidden, "", "role"},
		"expired grant":      {domain.Command{Record: letter.Ref, Action: "accept", Actor: domain.Actor{ID: "x", Grants: []domain.Grant{{Role: "complaint_handler", Until: "2023-01-01"}}}}, domain.Forbidden, "", "role"},
		"system only":        {domain.Command{Record: shop.Ref, Action: "shut", Actor: as("registrar")}, domain.Forbidden, "", "role"},
		"stale version":      {domain.Command{Record: letter.Ref, Action: "accept", Actor: as("complaint_handler"), Seq: 7}, domain.Conflict, "", "seq"},
		"key, other body":    {domain.Command{Kind: "mini.letter", Action: "receive", Of: shop.Ref, Actor: as("citizen"), Key: "k1", Input: map[string]any{"about": "另一件"}}, domain.Conflict, "", "key"},
		"long ago":           {domain.Command{Record: letter.Ref, Action: "accept", Actor: as("complaint_handler"), On: "1023-11-01"}, domain.Invalid, "on", "past"},
		"future date":        {domain.Command{Record: letter.Ref, Action: "accept", Actor: as("complaint_handler"), On: "2030-01-01"}, domain.Invalid, "on", "future"},
		"before last step":   {domain.Command{Record: letter.Ref, Action: "accept", Actor: as("complaint_handler"), On: "2023-01-01"}, domain.Invalid, "on", "order"},
	}
	heads, _ := r.Engine.Reader().Heads(t.Context())
	for name, c := range cases {
		t.Run(name, func(t *testing.T) {
			_, err := r.Engine.Do(t.Context(), c.cmd)
			var e *domain.Error
			if !errors.As(err, &e) || e.Code != c.code {
				t.Fatalf("want %s, got %v", c.code, err)
			}
			if !slices.ContainsFunc(e.Problems, func(p domain.Problem) bool {
				return p.Field == c.field && p.Rule == c.rule && p.Reason.ZH != "" && p.Reason.EN != ""
			}) {
				t.Errorf("no problem %s/%s in %+v", c.field, c.rule, e.Problems)
			}
		})
	}
	after, _ := r.Engine.Reader().Heads(t.Context())
	if after[330902] != heads[330902] {
		t.Errorf("refused commands wrote events: head %d → %d", heads[330902], after[330902])
	}
}

// TestAllProblemsAtOnce: a form with three mistakes reports three.
func TestAllProblemsAtOnce(t *testing.T) {
	c := load("", "X")
	c.Input["founded_on"] = "gestern"
	delete(c.Input, "name")
	_, err := host(t).Engine.Do(t.Context(), c)
	var e *domain.Error
	if !errors.As(err, &e) || len(e.Problems) != 3 {
		t.Fatalf("want three problems, got %v", err)
	}
}

// TestKeyTwice: the same key with the same body answers again and writes once.
func TestKeyTwice(t *testing.T) {
	r := host(t)
	c := load("东海鲜面馆", code1)
	c.Key = "once"
	a, b := must(t, r, c), must(t, r, c)
	if !b.Again || a.Record.Ref != b.Record.Ref {
		t.Fatalf("second answer: again %v, record %s, first %s", b.Again, b.Record.Ref, a.Record.Ref)
	}
}

// TestCheckWritesNothing: a preview answers like Do and leaves no trace.
func TestCheckWritesNothing(t *testing.T) {
	r := host(t)
	rec, err := r.Engine.Check(t.Context(), load("东海鲜面馆", code1))
	if err != nil || rec.Record.State != "open" {
		t.Fatalf("check: %v", err)
	}
	if h, _ := r.Engine.Reader().Heads(t.Context()); len(h) > 0 && h[330902] != 0 {
		t.Fatalf("check wrote: %v", h)
	}
	must(t, r, load("东海鲜面馆", code1))
}

// TestSealed: a phone is stored encrypted, found by equality, unreadable once
// erased.
func TestSealed(t *testing.T) {
	r := host(t)
	c := load("东海鲜面馆", code1)
	c.Input["phone"] = "13800138000"
	shop := must(t, r, c).Record
	v := shop.Fields["phone"]
	if !engine.IsSealed(v) || strings.Contains(v.(string), "138") {
		t.Fatalf("phone is stored as %v", v)
	}
	open, ok, err := r.Engine.Unseal(t.Context(), shop.Ref, "phone", v)
	if err != nil || !ok || open != "13800138000" {
		t.Fatalf("unsealed %v %v %v", open, ok, err)
	}
	refs, err := r.Engine.Reader().ByBlind(t.Context(), "phone", r.Engine.BlindHash("phone", "13800138000"))
	if err != nil || len(refs) != 1 || refs[0] != shop.Ref {
		t.Fatalf("blind index: %v %v", refs, err)
	}
	erase := domain.Command{Record: shop.Ref, Action: engine.ActErase, Actor: as("auditor"), Reason: "本人申请"}
	hold := func(action string, want domain.Code) {
		t.Helper()
		if _, err := r.Engine.Do(t.Context(), domain.Command{Record: shop.Ref, Action: action, Actor: as("auditor"), Reason: "行政诉讼"}); domain.ErrorCode(err) != want {
			t.Errorf("%s: %v, want %q", action, err, want)
		}
	}
	hold(engine.ActRelease, domain.NotNow)
	hold(engine.ActHold, "")
	hold(engine.ActHold, domain.NotNow)
	if _, err := r.Engine.Do(t.Context(), erase); domain.ErrorCode(err) != domain.Refused {
		t.Errorf("erased under legal hold: %v", err)
	}
	hold(engine.ActRelease, "")
	must(t, r, erase)
	if _, err := r.Jobs.Drain(t.Context()); err != nil {
		t.Fatal(err)
	}
	if _, ok, _ := r.Engine.Unseal(t.Context(), shop.Ref, "phone", v); ok {
		t.Error("readable after erasure")
	}
}

// TestVoidNeedsSecondPerson after 24 hours, and takes the record out of
// figures, search and due lists.
func TestVoidNeedsSecondPerson(t *testing.T) {
	r := host(t)
	shop := must(t, r, load("东海鲜面馆", code1)).Record
	r.Clock.Set(r.Clock.Now().Add(25 * time.Hour))
	void := domain.Command{Record: shop.Ref, Action: engine.ActVoid, Actor: as("importer"), Reason: "重复录入"}
	if _, err := r.Engine.Do(t.Context(), void); domain.ErrorCode(err) != domain.Refused {
		t.Fatalf("void alone after 24 h: %v", err)
	}
	void.Approver = "head"
	must(t, r, void)
	page, err := r.Engine.Reader().Search(t.Context(), domain.SearchQuery{Text: "东海", Limit: 10})
	if err != nil || page.Total != 0 {
		t.Errorf("search still finds %d (%v)", page.Total, err)
	}
	if _, err := r.Engine.Do(t.Context(), domain.Command{Record: shop.Ref, Action: "shut", Actor: domain.System("t")}); domain.ErrorCode(err) != domain.NotNow {
		t.Errorf("action on a voided record: %v", err)
	}
}

// TestLateEntry: a step entered after the due date but dated before it needs an
// approver and evidence, and counts as met, marked late.
func TestLateEntry(t *testing.T) {
	r := host(t)
	shop := must(t, r, load("东海鲜面馆", code1)).Record
	l := must(t, r, domain.Command{Kind: "mini.letter", Action: "receive", Of: shop.Ref, Actor: as("citizen"), Input: map[string]any{"about": "退款"}}).Record
	r.Clock.Set(r.Clock.Now().AddDate(0, 1, 0))
	accept := domain.Command{Record: l.Ref, Action: "accept", Actor: as("complaint_handler"), On: "2023-05-10"}
	if _, err := r.Engine.Do(t.Context(), accept); domain.ErrorCode(err) != domain.Invalid {
		t.Fatalf("late entry without approver: %v", err)
	}
	accept.Approver, accept.Reason = "head", "纸质受理单 2023-05-10"
	rec := must(t, r, accept)
	if !rec.Events[0].Late || rec.Record.Clock("CMP-ACCEPT").Outcome != domain.MetLate {
		t.Errorf("late %v, outcome %s", rec.Events[0].Late, rec.Record.Clock("CMP-ACCEPT").Outcome)
	}
}

// TestMirror: a case whose authority lies outside carries the outside number,
// none of ours, and its papers stay drafts.
func TestMirror(t *testing.T) {
	cat := journeytest.Layer(t, os.DirFS("../systems"), os.DirFS("testdata"))
	r := journeytest.New(t, journeytest.Options{Catalogue: cat, Authority: map[string]string{"mini.letter": "mirror"}})
	shop := must(t, r, load("东海鲜面馆", code1)).Record
	l := must(t, r, domain.Command{Kind: "mini.letter", Action: "receive", Of: shop.Ref, Actor: as("citizen"), Alias: map[string]string{"12315": "A202305080001"},
		Input: map[string]any{"about": "退款"}}).Record
	rec := must(t, r, domain.Command{Record: l.Ref, Action: "accept", Actor: as("complaint_handler")}).Record
	if rec.Number != "" || rec.Aliases["12315"] == "" || !rec.Papers[0].Draft || rec.Papers[0].Number != "" {
		t.Errorf("number %q, aliases %v, paper %+v", rec.Number, rec.Aliases, rec.Papers[0])
	}
}

// TestNumbersHaveNoGap: refused commands take no number.
func TestNumbersHaveNoGap(t *testing.T) {
	r := host(t)
	shop := must(t, r, load("东海鲜面馆", code1)).Record
	for i := range 6 {
		c := domain.Command{Kind: "mini.letter", Action: "receive", Of: shop.Ref, Actor: as("citizen"), Input: map[string]any{"about": "退款"}}
		if i%2 == 1 {
			c.Input["amount"] = "much"
		}
		_, _ = r.Engine.Do(t.Context(), c)
	}
	l := must(t, r, domain.Command{Kind: "mini.letter", Action: "receive", Of: shop.Ref, Actor: as("citizen"), Input: map[string]any{"about": "退款"}}).Record
	if l.Number != "定市监信〔2023〕4号" {
		t.Errorf("fourth letter is numbered %s", l.Number)
	}
}

// TestBlindIndexFollows: what is corrected, cleared or erased is found no more,
// also when it happens within one group and when everything is made again.
func TestBlindIndexFollows(t *testing.T) {
	st, err := sqlite.Open(t.Context(), sqlite.Options{Path: filepath.Join(t.TempDir(), "d.db")})
	if err != nil {
		t.Fatal(err)
	}
	r := journeytest.New(t, journeytest.Options{Catalogue: journeytest.Layer(t, os.DirFS("../systems"), os.DirFS("testdata")), Store: st})
	find := func(phone string) int {
		t.Helper()
		refs, err := r.Engine.Reader().ByBlind(t.Context(), "phone", r.Engine.BlindHash("phone", phone))
		if err != nil {
			t.Fatal(err)
		}
		return len(refs)
	}
	c := load("东海鲜面馆", code1)
	c.Input["phone"] = "13800138000"
	shop := must(t, r, c).Record.Ref
	correct := func(v any) domain.Command {
		return domain.Command{Record: shop, Action: engine.ActCorrect, Actor: as("importer"), Reason: "改号", Input: map[string]any{"field": "phone", "value": v}}
	}
	for _, res := range r.Engine.DoAll(t.Context(), []domain.Command{correct("13800138001"), correct("13800138002"), correct("13800138003")}) {
		if res.Err != nil {
			t.Fatal(res.Err)
		}
	}
	if find("13800138000")+find("13800138001")+find("13800138002") != 0 || find("13800138003") != 1 {
		t.Error("an earlier number is still found, or the last one is not")
	}
	must(t, r, correct(""))
	if find("13800138003") != 0 {
		t.Error("a cleared number is still found")
	}
	must(t, r, correct("13800138004"))
	must(t, r, domain.Command{Record: shop, Action: engine.ActErase, Actor: as("auditor"), Reason: "本人申请"})
	if find("13800138004") != 0 {
		t.Error("an erased number is still found")
	}
	sh, err := st.Shadow(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	if _, err := r.Engine.Replay(t.Context(), st, sh, engine.Beside, nil); err != nil {
		t.Fatal(err)
	}
	if diff, err := st.Compare(t.Context(), sh, 10); err != nil || len(diff) > 0 {
		t.Errorf("made again: %v %v", diff, err)
	}
}
