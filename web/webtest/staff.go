package webtest

import (
	"context"
	"fmt"
	"os"

	"github.com/dinghai/dinghai/access"
	"github.com/dinghai/dinghai/catalogue"
	"github.com/dinghai/dinghai/domain"
	"github.com/dinghai/dinghai/systems"
)

// Password opens every account of a trial.
const Password = "潮水退去留下许多小螃蟹呀"

// Staff is who works in a trial: roles by log-in name.
var Staff = []struct {
	Login, Name, Organ string
	Area               string
	Roles              []string
}{
	{"guning", "顾宁", "zs-office", Area, []string{"system_admin"}},
	{"anran", "安然", "zs-office", Area, []string{"security_admin"}},
	{"qinlang", "秦朗", "zs-finance", Area, []string{"audit_admin"}},
	{"fangzheng", "方正", "dh", "330902", []string{"bureau_head"}},
	{"zhoulan", "周岚", "dh-changguo", "330902", []string{"mediator", "complaint_handler"}},
	{"wuquan", "武权", "pt", "330903", nil},
}

// OpenEmpty makes a bureau that runs what ships, with a log-in and nobody who
// could use it.
func OpenEmpty(ctx context.Context, dir string) (*Bureau, error) {
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return nil, err
	}
	cat, err := catalogue.Load(systems.Files)
	if err != nil {
		return nil, err
	}
	hooks, err := systems.Hooks()
	if err != nil {
		return nil, err
	}
	b, err := OpenWith(ctx, dir, cat, hooks)
	if err != nil {
		return nil, err
	}
	b.Access = access.New(access.Config{Engine: b.Engine, Store: b.Store, Secret: []byte("trial"), ScopeOf: b.Engine.ScopeOf,
		Cost: access.Cost{Memory: 64, Time: 1, Threads: 1}})
	return b, nil
}

// OpenStaffed makes one with people who can sign in.
func OpenStaffed(ctx context.Context, dir string) (*Bureau, error) {
	b, err := OpenEmpty(ctx, dir)
	if err != nil {
		return nil, err
	}
	cat := b.Engine.Catalogue()
	organs, err := b.Access.LoadOrgans(ctx)
	if err != nil {
		return nil, err
	}
	b.People = map[string]domain.Ref{}
	for i, p := range Staff {
		r, err := b.Engine.Do(ctx, domain.Command{Kind: "organisation.person", Action: "enrol", Area: cat.Organs[p.Organ].Area, Actor: domain.System("trial"),
			Input: map[string]any{"name": p.Name, "staff_no": fmt.Sprintf("%04d", 101+i), "organ": organs[p.Organ].String(), "login": p.Login, "phone": fmt.Sprintf("1380000%04d", i)}})
		if err != nil {
			return nil, err
		}
		b.People[p.Login] = r.Record.Ref
		for _, role := range p.Roles {
			if _, err := b.Engine.Do(ctx, domain.Command{Kind: "organisation.grant", Action: "give", Of: r.Record.Ref, Area: p.Area, Actor: domain.System("trial"),
				Input: map[string]any{"role": role, "basis": "试用"}}); err != nil {
				return nil, err
			}
		}
		if err := b.Access.SetPassword(ctx, r.Record.Ref, Password); err != nil {
			return nil, err
		}
	}
	return b, nil
}

// told passes what is committed to the log-in.
func (b *Bureau) told(events []domain.Event) {
	if b.Access != nil {
		b.Access.Committed(events)
	}
}

func (b *Bureau) organ(code string) *catalogue.Organ {
	if b.Access == nil {
		return nil
	}
	return b.Access.Organ(code)
}
