package app

import (
	"context"
	"fmt"
	"io"

	"github.com/dinghai/dinghai/access"
	"github.com/dinghai/dinghai/domain"
)

// demoPassword opens every account of the demo bureau, from this machine only.
const demoPassword = "dinghai-demo"

// demoPerson is an invented colleague of the demo bureau.
type demoPerson struct {
	name, login, no, organ, duty string
	grants                       []domain.Grant
}

func in(area string, roles ...string) []domain.Grant {
	out := make([]domain.Grant, len(roles))
	for i, r := range roles {
		out[i] = domain.Grant{Role: r, Area: area}
	}
	return out
}

// demoPeople hold between them every role the roads of the demo need.
var demoPeople = []demoPerson{
	{"顾宁", "guning", "9001", "zs-office", "系统管理员", in("330900", access.Admins[0])},
	{"安然", "anran", "9002", "zs-office", "安全管理员", in("330900", access.Admins[1])},
	{"秦朗", "qinlang", "9003", "zs-finance", "审计管理员", in("330900", access.Admins[2])},
	{"纪明", "jiming", "9004", "zs-finance", "审计员", in("330900", "auditor")},
	{"陈秋", "chenqiu", "0101", "dh", "窗口受理员", in("330902", "window_clerk", "registrar", "permit_officer")},
	{"林小舟", "linxiaozhou", "0112", "zs-hotline", "投诉举报处理员", in("330900", "complaint_handler")},
	{"周岚", "zhoulan", "0123", "dh-changguo", "调解员", in("330902", "mediator", "complaint_handler")},
	{"王海生", "wanghaisheng", "0134", "pt-shenjiamen", "执法检查人员", in("330903", "inspector", "market_officer")},
	{"赵磊", "zhaolei", "0145", "dh", "办案人员", in("330902", "case_officer", "inspector")},
	{"孙建平", "sunjianping", "0156", "dh", "办案机构负责人", in("330902", "case_head", "draw_officer")},
	{"吴静", "wujing", "0167", "zs-legal", "法制审核人员", in("330900", "legal_auditor", "fcr_officer")},
	{"郑平", "zhengping", "0178", "zs-legal", "听证主持人", in("330900", "hearing_host")},
	{"何苗", "hemiao", "0189", "ds", "食品安全监管员", in("330921", "food_officer", "product_officer", "equipment_officer", "metrology_officer")},
	{"许远", "xuyuan", "0190", "zs-fdi", "抽样人员", in("330900", "sampler", "lab")},
	{"方正", "fangzheng", "0021", "dh", "局负责人", in("330902", "bureau_head")},
	{"钱程", "qiancheng", "0031", "zs-office", "统计员", in("330900", "stat_officer")},
	{"沈立", "shenli", "0001", "zs", "局长", in("330900", "director", "bureau_head", "stat_officer")},
}

// makePeople enrols the demo's people once. The first administrators come from
// the platform, everybody else from them, as in a real bureau.
func (a *App) makePeople(ctx context.Context) error {
	if needs, err := a.Access.NeedsSetup(ctx); err != nil || !needs {
		return err
	}
	organs, err := a.Access.LoadOrgans(ctx)
	if err != nil {
		return err
	}
	enroller, granter := domain.System("demo"), domain.System("demo")
	actors := map[string]domain.Actor{}
	for i, p := range demoPeople {
		ref, err := a.makePerson(ctx, p, organs[p.organ], enroller, granter)
		if err != nil {
			return fmt.Errorf("demo person %s: %w", p.login, err)
		}
		actor := domain.Actor{ID: ref.String(), Name: p.name, Grants: p.grants}
		actors[p.login] = actor
		switch i {
		case 0:
			enroller = actor
		case 1:
			granter = actor
		}
	}
	return a.makeDesk(ctx, actors)
}

func (a *App) makePerson(ctx context.Context, p demoPerson, organ domain.Ref, enroller, granter domain.Actor) (domain.Ref, error) {
	o, err := a.Engine.Reader().Record(ctx, organ)
	if err != nil || o == nil {
		return domain.Ref{}, fmt.Errorf("no authority %s (%w)", p.organ, err)
	}
	r, err := a.Engine.Do(ctx, domain.Command{Kind: "organisation.person", Action: "enrol", Area: o.Area, Actor: enroller, Key: "demo:" + p.login,
		Input: map[string]any{"name": p.name, "staff_no": p.no, "organ": organ.String(), "duty": p.duty, "login": p.login}})
	if err != nil {
		return domain.Ref{}, err
	}
	ref := r.Record.Ref
	for _, g := range p.grants {
		if _, err := a.Engine.Do(ctx, domain.Command{Kind: "organisation.grant", Action: "give", Of: ref, Area: g.Area, Actor: granter,
			Input: map[string]any{"role": g.Role, "basis": "演示"}, Key: "demo:" + p.login + ":" + g.Role}); err != nil {
			return ref, err
		}
	}
	return ref, a.Access.SetDemoPassword(ctx, ref, demoPassword)
}

// tellPeople prints who can sign in to the demo.
func (a *App) tellPeople(out io.Writer) {
	fmt.Fprintf(out, "演示账号 / demo accounts, password %s\n", demoPassword)
	for _, p := range demoPeople {
		fmt.Fprintf(out, "  %-13s %s %s\n", p.login, p.name, p.duty)
	}
}
