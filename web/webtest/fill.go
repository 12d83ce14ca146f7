package webtest

import (
	"context"
	"fmt"

	"github.com/dinghai/dinghai/domain"
	"github.com/dinghai/dinghai/kit/ids"
)

// Filled names records worth looking at.
type Filled struct {
	Shop    domain.Ref // with a long name and many letters
	Overdue domain.Ref // a letter past its limit
	Paused  domain.Ref // accepted, paused, running again, corrected
	Settled domain.Ref // closed and disclosed
	Refused domain.Ref
}

var (
	towns  = []string{"330902002", "330902006", "330902100", "330903001", "330903003", "330903106", "330921100", "330921101", "330922100"}
	trades = []string{"海鲜面馆", "水产商行", "便利店", "渔家客栈", "五金店", "理发店", "茶叶铺", "早餐店", "干货行", "修船铺"}
	names  = []string{"浪花", "望潮", "东港", "灯塔", "渔歌", "海风", "银滩", "蓝湾", "金秋", "白帆", "听涛", "千岛"}
	wrongs = []string{"短斤缺两", "海鲜不新鲜", "预付卡不退款", "标价与结算不一致", "住宿押金不退", "充电器起火", "拒开发票"}
	tills  = []string{"platform", "window", "post"}
)

// longName is as long as a registered name may get.
const longName = "舟山市定海区千岛街道临港海洋生物科技孵化园区望潮海鲜水产品冷链配送加工与批发零售第一分店"

// Fill loads shops and a year of letters. The same calls give the same records
// but for ids.
func (b *Bureau) Fill(ctx context.Context) (Filled, error) {
	f := &filler{b: b, ctx: ctx}
	b.Set("2023-01-02")
	for i := range 130 {
		f.shop(i)
	}
	for i := range 48 {
		f.letter(i)
	}
	f.endings()
	b.Set("2023-11-18")
	return f.out, f.err
}

type filler struct {
	b       *Bureau
	ctx     context.Context
	err     error
	shops   []domain.Ref
	letters []domain.Ref
	out     Filled
}

// do performs a command under a role, unless something failed before.
func (f *filler) do(role string, cmd domain.Command) domain.Ref {
	if f.err != nil {
		return domain.Ref{}
	}
	cmd.Actor = domain.Actor{ID: "0231", Grants: []domain.Grant{{Role: role}}}
	r, err := f.b.Engine.Do(f.ctx, cmd)
	if err != nil {
		f.err = fmt.Errorf("%s %s: %w", cmd.Kind, cmd.Action, err)
		return domain.Ref{}
	}
	return r.Record.Ref
}

func (f *filler) shop(i int) {
	name := names[i%len(names)] + trades[i/len(names)%len(trades)]
	if i == 0 {
		name = longName
	}
	in := map[string]any{"name": name, "uscc": ids.NewUSCC("9", "2", "330902", uint64(i+1)), "address": "滨港路" + fmt.Sprint(i+1) + "号",
		"phone": ids.NewMobile("138", uint64(i)), "founded_on": fmt.Sprintf("20%02d-%02d-08", 10+i%13, 1+i%12), "capital": 10000000 + i*123456,
		"industry": "6210", "staff": []any{map[string]any{"post": "厨师", "number": 2}, map[string]any{"post": "服务员", "number": 3}}}
	f.shops = append(f.shops, f.do("importer", domain.Command{Kind: "trial.shop", Action: "load", Area: towns[i%len(towns)], Input: in, Opening: true}))
}

func (f *filler) letter(i int) {
	day := domain.Date("2023-01-05").AddDays(i * 6)
	f.b.Set(day)
	shop := f.shops[0]
	if i%4 != 0 {
		shop = f.shops[i*7%len(f.shops)]
	}
	in := map[string]any{"about": wrongs[i%len(wrongs)], "story": "消费者称在该店消费时遇到上述情况，要求退款并道歉。", "sender": "来信人甲", "amount": 5000 + i*3700, "channel": tills[i%len(tills)]}
	l := f.do("complaint_handler", domain.Command{Kind: "trial.letter", Action: "receive", Of: shop, Area: towns[i%len(towns)], Input: in})
	f.letters = append(f.letters, l)
	f.advance(i, l, day)
}

// advance brings each letter as far as its number says.
func (f *filler) advance(i int, l domain.Ref, day domain.Date) {
	step := func(after int, role, action string, in map[string]any, reason string) {
		f.b.Set(day.AddDays(after))
		f.do(role, domain.Command{Record: l, Action: action, Input: in, Reason: reason})
	}
	if i >= 44 || i == 37 {
		return
	}
	if i%9 == 8 {
		step(4, "complaint_handler", "refuse", map[string]any{"refused_why": "不属于本局职责"}, "")
		f.out.Refused = l
		return
	}
	step(3+i%12, "complaint_handler", "accept", nil, "")
	if i > 38 {
		return
	}
	if i%5 == 2 {
		step(16, "mediator", "test", nil, "")
		step(27, "mediator", "tested", nil, "")
	}
	if i%6 == 5 {
		step(30, "mediator", "end", nil, "双方分歧较大，无法达成协议")
		return
	}
	step(32, "mediator", "settle", map[string]any{"paid_back": 3000 + i*1150}, "")
	f.out.Settled = l
}

// endings adds the rarer things: a pause, a correction, a void, a shut shop.
func (f *filler) endings() {
	p := f.letters[43]
	f.b.Set("2023-11-06")
	f.do("mediator", domain.Command{Record: p, Action: "test"})
	f.b.Set("2023-11-14")
	f.do("mediator", domain.Command{Record: p, Action: "tested"})
	f.do("complaint_handler", domain.Command{Record: p, Action: "correct", Input: map[string]any{"field": "about", "value": "海鲜不新鲜并拒绝退款"}, Reason: "登记时漏写"})
	f.do("registrar", domain.Command{Record: f.shops[100], Action: "shut", Reason: "经营者申请注销"})
	f.out.Shop, f.out.Overdue, f.out.Paused = f.shops[0], f.letters[37], p
}
