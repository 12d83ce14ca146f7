package access_test

import (
	"errors"
	"testing"
	"time"

	"github.com/dinghai/dinghai/access"
	"github.com/dinghai/dinghai/domain"
)

var three = [3]access.NewAdmin{
	{Name: "顾宁", StaffNo: "9001", Login: "guning", Password: "码头边的灯塔亮了又灭了呀"},
	{Name: "安然", StaffNo: "9002", Login: "anran", Password: "三只海鸥飞过东极岛上空呀"},
	{Name: "秦朗", StaffNo: "9003", Login: "qinlang", Password: "潮水退去留下许多小螃蟹呀"},
}

func fields(err error) map[string]bool {
	var d *domain.Error
	out := map[string]bool{}
	if errors.As(err, &d) {
		for _, p := range d.Problems {
			out[p.Field] = true
		}
	}
	return out
}

func (b *bureau) link(fresh bool) string {
	b.t.Helper()
	k, err := b.SetupLink(b.t.Context(), fresh)
	if err != nil {
		b.t.Fatal(err)
	}
	return k
}

// TestSetUp: one link, once, for three people, until there is a system
// administrator.
func TestSetUp(t *testing.T) {
	b := open(t, nil)
	key := b.link(false)
	if key == "" {
		t.Fatal("no link at the first start")
	}
	if again := b.link(false); again != "" {
		t.Error("a second link although one holds")
	}
	wantCode(t, b.SetUp(t.Context(), "guessed", three), domain.NotFound)
	bad := three
	bad[1].Login, bad[2].Name, bad[2].Password, bad[0].StaffNo = three[0].Login, three[0].Name, "short", ""
	err := b.SetUp(t.Context(), key, bad)
	wantCode(t, err, domain.Invalid)
	for _, f := range []string{"login.security_admin", "name.audit_admin", "password.audit_admin", "staff_no.system_admin"} {
		if !fields(err)[f] {
			t.Errorf("%s is not named: %v", f, err)
		}
	}
	bad = three
	bad[1].Login = "An Ran"
	if err := b.SetUp(t.Context(), key, bad); !fields(err)["login.security_admin"] {
		t.Errorf("an odd log-in name: %v", err)
	}
	if err := b.SetUp(t.Context(), key, three); err != nil {
		t.Fatal(err)
	}
	for i, a := range three {
		if v := b.viewer(b.signIn(a.Login, a.Password, here).Token); v.Admin != access.Admins[i] {
			t.Errorf("%s is %q", a.Login, v.Admin)
		}
	}
	wantCode(t, b.SetUp(t.Context(), key, three), domain.NotFound)
	if k := b.link(true); k != "" {
		t.Error("a link although there is a system administrator")
	}
}

func TestSetupLinkEnds(t *testing.T) {
	b := open(t, nil)
	key := b.link(false)
	b.pass(24 * time.Hour)
	wantCode(t, b.CheckSetup(t.Context(), key), domain.NotFound)
	second := b.link(false)
	if second == "" {
		t.Fatal("no new link after the first has expired")
	}
	third := b.link(true)
	wantCode(t, b.CheckSetup(t.Context(), second), domain.NotFound)
	if err := b.CheckSetup(t.Context(), third); err != nil {
		t.Error(err)
	}
	p := b.wang()
	b.grant(p, "mediator", "330902", nil)
	if err := b.CheckSetup(t.Context(), third); err != nil {
		t.Error("another role ends the set-up:", err)
	}
	b.do(domain.Command{Record: b.grant(p, "system_admin", "330900", nil), Action: "prolong", Input: map[string]any{"valid_until": "2026-03-05"}})
	wantCode(t, b.CheckSetup(t.Context(), third), domain.NotFound)
}

// TestLoadOrgans registers every authority of the catalogue below the right
// one, and finds them the second time.
func TestLoadOrgans(t *testing.T) {
	b := open(t, nil)
	first, err := b.LoadOrgans(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	again, err := b.LoadOrgans(t.Context())
	if err != nil || len(again) != len(first) || len(first) != len(b.eng.Catalogue().Organs) {
		t.Fatalf("%d, then %d of %d (%v)", len(first), len(again), len(b.eng.Catalogue().Organs), err)
	}
	for code, ref := range first {
		if again[code] != ref {
			t.Errorf("%s was registered twice", code)
		}
		rec, err := b.eng.Reader().Record(t.Context(), ref)
		if err != nil {
			t.Fatal(err)
		}
		want := ""
		if up := b.eng.Catalogue().Organs[code].Parent; up != "" {
			want = first[up].String()
		}
		if got, _ := rec.Fields["parent"].(string); got != want || rec.Home != 330900 {
			t.Errorf("%s stands below %q in home %d", code, got, rec.Home)
		}
	}
}

// TestLinks: who may let whom in again. No administrator can become another.
func TestLinks(t *testing.T) {
	b := open(t, nil)
	who := map[string]domain.Viewer{}
	refs := map[string]domain.Ref{}
	for i, login := range []string{"sys", "sec", "aud", "plain"} {
		p := b.enrol("人员"+login, "100"+string(rune('1'+i)), login)
		if i < 3 {
			b.grant(p, access.Admins[i], "330900", nil)
		}
		b.password(p, good+login)
		who[login], refs[login] = b.viewer(b.signIn(login, good+login, here).Token), p
	}
	fresh := b.enrol("新人", "2001", "fresh")
	nameless := b.enrol("无名", "2002", "")
	for _, c := range []struct {
		by string
		to domain.Ref
		ok bool
	}{
		{"sys", fresh, true}, {"sec", fresh, true}, {"aud", fresh, false}, {"plain", fresh, false},
		{"sys", refs["plain"], false}, {"sec", refs["plain"], true}, {"aud", refs["plain"], false},
		{"sys", refs["sec"], false}, {"sec", refs["sys"], false}, {"sec", refs["aud"], false}, {"sys", refs["aud"], false},
		{"sec", refs["sec"], false}, {"sys", nameless, false}, {"plain", refs["plain"], false},
	} {
		if err := b.MayLink(t.Context(), who[c.by], c.to); (err == nil) != c.ok {
			t.Errorf("%s for %s: %v", c.by, c.to, err)
		}
	}
	key, err := b.Link(t.Context(), who["sys"], fresh)
	if err != nil {
		t.Fatal(err)
	}
	_, err = b.UseLink(t.Context(), key, "short", here)
	wantCode(t, err, domain.Invalid)
	if p, err := b.LinkFor(t.Context(), key); err != nil || p.Ref != fresh {
		t.Fatal(p, err)
	}
	o, err := b.UseLink(t.Context(), key, good+"新人啊", here)
	if err != nil || b.viewer(o.Token).Person != fresh {
		t.Fatal(o, err)
	}
	_, err = b.UseLink(t.Context(), key, good+"又一次", here)
	wantCode(t, err, domain.NotFound)
	b.signIn("fresh", good+"新人啊", here)
	key, err = b.OperatorLink(t.Context(), "sec")
	if err != nil {
		t.Fatal(err)
	}
	b.pass(24 * time.Hour)
	_, err = b.UseLink(t.Context(), key, good+"管理员", here)
	wantCode(t, err, domain.NotFound)
}
