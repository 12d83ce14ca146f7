// Package organisation holds what data cannot say about people and grants:
// the three administrators stay apart, none of them is lost, and nobody is left
// behind when an authority is dissolved. Everything else of the system is data.
package organisation

import (
	"fmt"
	"slices"

	"github.com/dinghai/dinghai/domain"
	"github.com/dinghai/dinghai/engine"
	"github.com/dinghai/dinghai/module"
)

// Module is what the system hands to the product beyond its data.
var Module = module.Module{
	Name: "organisation",
	Hooks: map[string]module.Hook{
		"grant_fits":     fits,
		"grant_last":     last,
		"person_login":   login,
		"person_leave":   leave,
		"organ_move":     moveOrgan,
		"organ_dissolve": dissolve,
	},
}

// The attribute of a role that sorts it: see roles.yaml.
const (
	administrator = "admin"    // one of the three administrators
	platform      = "platform" // no person can hold it by a grant
)

// apart are the administrators who do no bureau work at all.
var apart = []string{"security_admin", "audit_admin"}

func text(r *domain.Record, field string) string {
	s, _ := r.Fields[field].(string)
	return s
}

func refuse(rule, zh, en string) error { return domain.Fail(domain.Guarded, "", rule, zh, en) }

// fits refuses a grant that would join what GB/T 22239 wants apart, or that the
// person has already.
func fits(in engine.HookInput) (engine.HookOutput, error) {
	role := text(in.Record, "role")
	kind := func(role string) string { return in.Lists("role", role, "kind") }
	if kind(role) == platform {
		return engine.HookOutput{}, refuse("grantable", "该角色由平台认定，不能授予", "the platform decides who has this role; it cannot be granted")
	}
	for _, g := range in.Pools["held"] {
		if g.Of != in.Record.Of || g.Ref == in.Record.Ref {
			continue
		}
		have := text(g, "role")
		switch {
		case have == role && covers(g, in.Record):
			return engine.HookOutput{}, refuse("held", "此人在该辖区和期间已有这一角色", "the person holds this role there for that time already")
		case have != role && kind(have) == administrator && kind(role) == administrator:
			return engine.HookOutput{}, refuse("three_apart", "系统管理、安全管理、审计管理须由三人分别担任", "system, security and audit administrator must be three different people")
		case have != role && (slices.Contains(apart, have) || slices.Contains(apart, role)):
			return engine.HookOutput{}, refuse("admin_only", "安全管理员、审计管理员不得兼办业务", "a security or audit administrator does no other work")
		}
	}
	return engine.HookOutput{}, nil
}

// covers reports whether grant a already gives everything grant b would.
func covers(a, b *domain.Record) bool {
	end := func(r *domain.Record) string {
		if u := text(r, "valid_until"); u != "" {
			return u
		}
		return string(domain.Forever)
	}
	return domain.Within(b.Area, a.Area) && text(a, "valid_from") <= text(b, "valid_from") && end(b) <= end(a)
}

// last refuses to take the only administrator of a kind away: nobody could then
// give the role again.
func last(in engine.HookInput) (engine.HookOutput, error) {
	return engine.HookOutput{}, keepOne(in, in.Pools["held"], in.Record.Of, text(in.Record, "role"))
}

// keepOne demands that somebody else holds an administrator's role as widely.
func keepOne(in engine.HookInput, grants []*domain.Record, person domain.Ref, role string) error {
	if in.Lists("role", role, "kind") != administrator {
		return nil
	}
	for _, g := range grants {
		if g.Of != person && text(g, "role") == role && text(g, "valid_from") <= string(in.On) && text(g, "valid_until") == "" {
			return nil
		}
	}
	return refuse("last_admin", "这是唯一一名该类管理员，请先授予他人", "this is the only administrator of this kind; give the role to somebody else first")
}

// login keeps the log-in name of an administrator: whoever could change it could
// let somebody else be taken for that administrator.
func login(in engine.HookInput) (engine.HookOutput, error) {
	for _, g := range in.Pools["grants"] {
		if g.Of == in.Record.Ref && in.Lists("role", text(g, "role"), "kind") == administrator {
			return engine.HookOutput{}, refuse("admin_login", "管理员的登录名不能更改，请先由安全管理员收回其管理员授权", "an administrator's log-in name cannot be changed; let the security administrator revoke the grant first")
		}
	}
	return engine.HookOutput{}, nil
}

// leave ends every grant of a person who leaves.
func leave(in engine.HookInput) (engine.HookOutput, error) {
	var out engine.HookOutput
	for _, g := range in.Pools["grants"] {
		if g.Of != in.Record.Ref {
			continue
		}
		if err := keepOne(in, in.Pools["grants"], in.Record.Ref, text(g, "role")); err != nil {
			return engine.HookOutput{}, err
		}
		out.Orders = append(out.Orders, engine.Order{Kind: "organisation.grant", Action: "end", To: g.Ref})
	}
	return out, nil
}

// moveOrgan refuses to hang an authority below itself or below one that is
// gone.
func moveOrgan(in engine.HookInput) (engine.HookOutput, error) {
	above := map[string]*domain.Record{}
	for _, o := range in.Pools["organs"] {
		above[o.Ref.String()] = o
	}
	me := in.Record.Ref.String()
	at := text(in.Record, "parent")
	if at != "" && above[at] == nil {
		return engine.HookOutput{}, refuse("parent_active", "上级机构已经撤销", "the authority above was dissolved")
	}
	for range len(above) + 1 {
		if at == me {
			return engine.HookOutput{}, refuse("no_circle", "机构不能隶属于自身或其下级", "an authority cannot stand below itself")
		}
		if above[at] == nil {
			break
		}
		at = text(above[at], "parent")
	}
	return engine.HookOutput{}, nil
}

// dissolve refuses while people or authorities still belong to it.
func dissolve(in engine.HookInput) (engine.HookOutput, error) {
	if n := len(in.Pools["organs"]); n > 0 {
		return engine.HookOutput{}, refuse("has_children", fmt.Sprintf("还有%d个下级机构，请先调整其隶属", n), fmt.Sprintf("%d authorities stand below it; move them first", n))
	}
	if n := len(in.Pools["people"]); n > 0 {
		return engine.HookOutput{}, refuse("has_people", fmt.Sprintf("还有%d名在职人员，请先调动", n), fmt.Sprintf("%d people work there; move them first", n))
	}
	return engine.HookOutput{}, nil
}
