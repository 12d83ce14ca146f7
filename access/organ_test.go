package access_test

import (
	"strings"
	"testing"

	"github.com/dinghai/dinghai/domain"
)

// TestOrganFoundedToday: papers of an authority founded or renamed since the
// catalogue was written are numbered under its own short form.
func TestOrganFoundedToday(t *testing.T) {
	b := open(t, nil)
	o := b.do(domain.Command{Kind: "organisation.organ", Action: "found", Area: "330903",
		Input: map[string]any{"organ_code": "pt-new", "name": "普陀区新设所", "short": "普市监新", "kind": "station", "parent": b.organ.String()}}).Ref
	p := b.do(domain.Command{Kind: "organisation.person", Action: "enrol", Area: "330903",
		Input: map[string]any{"name": "王明", "staff_no": "0231", "organ": o.String(), "login": "wangming"}}).Ref
	b.grant(p, "fcr_officer", "330903", nil)
	b.password(p, good)
	number := func() string {
		t.Helper()
		v := b.viewer(b.signIn("wangming", good, here).Token)
		r, err := b.eng.Do(t.Context(), domain.Command{Kind: "faircompetition.review", Action: "propose", Area: "330903", Actor: v.Actor,
			Input: map[string]any{"title": "关于促进消费的若干措施", "drafter": "普陀区商务局", "level": "government", "doc_kind": "rule", "text_hash": strings.Repeat("a", 64)}})
		if err != nil {
			t.Fatal(err)
		}
		return r.Record.Number
	}
	if n := number(); !strings.Contains(n, "普市监新") {
		t.Errorf("numbered %s", n)
	}
	b.do(domain.Command{Record: o, Action: "rename", Input: map[string]any{"name": "普陀区新城所", "short": "普市监城"}})
	if n := number(); !strings.Contains(n, "普市监城") {
		t.Errorf("renamed, and numbered %s", n)
	}
	if b.eng.Organ("pt-new").ZH != "普陀区新城所" || b.eng.Organ("dh").Short != "定市监" || b.eng.Organ("none") != nil {
		t.Error("names of authorities")
	}
}
