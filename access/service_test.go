package access_test

import (
	"context"
	"testing"
	"time"

	"github.com/dinghai/dinghai/access"
	"github.com/dinghai/dinghai/domain"
)

var here = access.Client{Agent: "trial", Network: "10.0.0.1"}

func TestSignIn(t *testing.T) {
	b := open(t, nil)
	p := b.wang()
	o := b.signIn(" WangMing ", good, here)
	v := b.viewer(o.Token)
	if v.Person != p || v.ID != p.String() || v.Name != "王明" || v.StaffN != "0231" || v.Organ != "zs" || v.Admin != "" || v.Strong {
		t.Errorf("viewer %+v", v)
	}
	if !v.Holds("inspector", "330902100", "2026-03-02") || v.Holds("inspector", "330903", "2026-03-02") || !v.Holds("staff", "330903", "2026-03-02") {
		t.Errorf("grants %+v", v.Grants)
	}
	for _, c := range [][2]string{{"wangming", good + "x"}, {"wangming", ""}, {"", good}, {"nobody", good}, {"wangming\x00", good}} {
		_, err := b.SignIn(t.Context(), c[0], c[1], here)
		wantCode(t, err, domain.Forbidden)
		if err.Error() != "forbidden: the log-in name or the password is wrong" {
			t.Errorf("%q: the answer tells more than it should: %v", c, err)
		}
	}
	if v := b.viewer("x"); v.Known() {
		t.Error("any token is a session")
	}
	if v := b.viewer(""); v.Known() {
		t.Error("no token is a session")
	}
}

// TestViewerFollowsRecords: what the engine commits holds from the next request.
func TestViewerFollowsRecords(t *testing.T) {
	b := open(t, nil)
	p := b.wang()
	token := b.signIn("wangming", good, here).Token
	holds := func(role string) bool { v := b.viewer(token); return v.Holds(role, "330902", b.eng.Today()) }
	g := b.grant(p, "mediator", "330902", map[string]any{"valid_from": "2026-03-04", "valid_until": "2026-03-05"})
	if holds("mediator") {
		t.Error("a grant holds before its first day")
	}
	b.pass(48 * time.Hour)
	token = b.signIn("wangming", good, here).Token
	if !holds("mediator") {
		t.Error("a grant does not hold on its first day")
	}
	b.do(domain.Command{Record: g, Action: "revoke", Reason: "试"})
	if holds("mediator") {
		t.Error("a revoked grant holds")
	}
	b.grant(p, "mediator", "330902", map[string]any{"valid_until": "2026-03-04"})
	if !holds("mediator") {
		t.Error("a grant does not hold on its last day")
	}
	b.pass(24 * time.Hour)
	token = b.signIn("wangming", good, here).Token
	if holds("mediator") {
		t.Error("a grant holds after its last day")
	}
	if !holds("inspector") {
		t.Error("a grant without end is lost")
	}
	b.do(domain.Command{Record: p, Action: "leave", Reason: "调出"})
	if v := b.viewer(token); v.Known() {
		t.Error("somebody who left is still signed in")
	}
	_, err := b.SignIn(t.Context(), "wangming", good, here)
	wantCode(t, err, domain.Forbidden)
}

func TestAbsenceAndSubstitute(t *testing.T) {
	b := open(t, nil)
	p := b.wang()
	away := b.enrol("李海", "0007", "lihai")
	token := b.signIn("wangming", good, here).Token
	mark := func(from, until string, who domain.Ref) {
		b.do(domain.Command{Record: away, Action: "mark_away", Input: map[string]any{"absent_from": from, "absent_until": until, "substitute": who.String()}})
	}
	mark("2026-03-02", "2026-03-03", p)
	if v := b.viewer(token); len(v.For) != 1 || v.For[0] != away.String() {
		t.Errorf("stands in for %v", v.For)
	}
	b.do(domain.Command{Record: away, Action: "mark_back"})
	if v := b.viewer(token); len(v.For) != 0 {
		t.Error("stands in for somebody who is back")
	}
	mark("2026-03-03", "2026-03-03", p)
	if v := b.viewer(token); len(v.For) != 0 {
		t.Error("stands in before the first day")
	}
	mark("2026-03-02", "2026-03-02", b.enrol("张敏", "0008", ""))
	if v := b.viewer(token); len(v.For) != 0 {
		t.Error("stands in although another was named since")
	}
}

// TestPasskeyToDecide: where a verified device is asked of deciders, a password
// alone does not carry the role.
func TestPasskeyToDecide(t *testing.T) {
	b := open(t, func(c *access.Config) { c.PasskeyToDecide = true })
	p := b.wang()
	b.grant(p, "bureau_head", "330902", nil)
	v := b.viewer(b.signIn("wangming", good, here).Token)
	if v.Holds("bureau_head", "330902", b.eng.Today()) || !v.Holds("inspector", "330902", b.eng.Today()) {
		t.Errorf("grants %+v", v.Grants)
	}
}

func TestSessionLimits(t *testing.T) {
	b := open(t, nil)
	b.wang()
	o := b.signIn("wangming", good, here)
	for range 20 { // busy all along
		b.pass(29 * time.Minute)
		if !b.viewer(o.Token).Known() {
			t.Fatal("a session in use ended")
		}
	}
	b.pass(30 * time.Minute)
	if b.viewer(o.Token).Known() {
		t.Error("an idle session goes on")
	}
	o = b.signIn("wangming", good, here)
	for range 24 {
		b.pass(29 * time.Minute)
		b.viewer(o.Token)
	}
	b.pass(25 * time.Minute)
	if b.viewer(o.Token).Known() {
		t.Error("a session goes on after its absolute end")
	}
}

// TestSeenIsWrittenOnceAMinute: a busy page does not keep the writer busy.
func TestSeenIsWrittenOnceAMinute(t *testing.T) {
	b := open(t, nil)
	b.wang()
	o := b.signIn("wangming", good, here)
	seen := func() time.Time {
		list, err := b.Sessions(t.Context(), o.Person)
		if err != nil || len(list) != 1 {
			t.Fatal(list, err)
		}
		return list[0].Seen
	}
	began := seen()
	b.pass(59 * time.Second)
	b.viewer(o.Token)
	if seen() != began {
		t.Error("written within a minute")
	}
	b.pass(2 * time.Second)
	b.viewer(o.Token)
	if got := seen(); got.Sub(began) != 61*time.Second {
		t.Errorf("seen %s later", got.Sub(began))
	}
}

// TestFixation: a secret that was in the browser before a log-in, planted or
// left by somebody else, is worth nothing afterwards.
func TestFixation(t *testing.T) {
	b := open(t, nil)
	b.wang()
	z := b.enrol("张敏", "0008", "zhangmin")
	b.password(z, good+"二")
	planted := b.signIn("zhangmin", good+"二", here).Token
	c := here
	c.Token = planted
	o := b.signIn("wangming", good, c)
	if o.Token == planted || b.viewer(planted).Known() {
		t.Error("the planted session goes on")
	}
	c.Token = o.Token
	changed, err := b.ChangePassword(t.Context(), o.Person, good, good+"三", c)
	if err != nil {
		t.Fatal(err)
	}
	if b.viewer(o.Token).Known() || !b.viewer(changed.Token).Known() {
		t.Error("a new password leaves the old secret in force")
	}
	invented := here
	invented.Token = "attacker-chosen"
	if o := b.signIn("wangming", good+"三", invented); o.Token == invented.Token {
		t.Error("the browser chose the secret")
	}
}

func TestSignOutEverywhere(t *testing.T) {
	b := open(t, nil)
	p := b.wang()
	one, two, three := b.signIn("wangming", good, here), b.signIn("wangming", good, here), b.signIn("wangming", good, here)
	if n, err := b.EndAll(t.Context(), p, p.String(), one.Token); err != nil || n != 2 {
		t.Fatal(n, err)
	}
	if !b.viewer(one.Token).Known() || b.viewer(two.Token).Known() || b.viewer(three.Token).Known() {
		t.Error("the wrong sessions ended")
	}
	if err := b.SignOut(t.Context(), one.Token); err != nil || b.viewer(one.Token).Known() {
		t.Error("signed out, and still in", err)
	}
}

func TestChangePassword(t *testing.T) {
	b := open(t, nil)
	p := b.wang()
	other := b.signIn("wangming", good, here)
	c := here
	c.Token = b.signIn("wangming", good, here).Token
	_, err := b.ChangePassword(t.Context(), p, "wrong", good+"四", c)
	wantCode(t, err, domain.Invalid)
	for _, weak := range []string{"short", "woaini1314520", "wangming0231wangming", "王明王明王明王明王明王明"} {
		_, err = b.ChangePassword(t.Context(), p, good, weak, c)
		wantCode(t, err, domain.Invalid)
	}
	if _, err = b.ChangePassword(t.Context(), p, good, good+"四", c); err != nil {
		t.Fatal(err)
	}
	if b.viewer(other.Token).Known() {
		t.Error("other sessions go on after the password changed")
	}
	_, err = b.SignIn(t.Context(), "wangming", good, here)
	wantCode(t, err, domain.Forbidden)
	b.signIn("wangming", good+"四", here)
}

// TestDemoPassword works only where it is allowed.
func TestDemoPassword(t *testing.T) {
	for _, allowed := range []bool{true, false} {
		b := open(t, func(c *access.Config) { c.DemoPasswords = allowed })
		p := b.enrol("王明", "0231", "wangming")
		if err := b.SetDemoPassword(t.Context(), p, "in the manual"); err != nil {
			t.Fatal(err)
		}
		if _, err := b.SignIn(t.Context(), "wangming", "in the manual", here); (err == nil) != allowed {
			t.Errorf("allowed %v: %v", allowed, err)
		}
	}
}

// TestCostIsRaised: an old hash is made again at the next log-in.
func TestCostIsRaised(t *testing.T) {
	b := open(t, nil)
	p := b.wang()
	was, err := b.store.Password(context.Background(), p.String())
	if err != nil {
		t.Fatal(err)
	}
	b.Cost.Time = 2
	b.signIn("wangming", good, here)
	is, err := b.store.Password(context.Background(), p.String())
	if err != nil || is.Hash == was.Hash {
		t.Errorf("the hash is still %s (%v)", is.Hash, err)
	}
	b.signIn("wangming", good, here)
}
