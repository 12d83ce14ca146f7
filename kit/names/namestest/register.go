// Package namestest makes registers of invented enterprise names for tests and
// measurements. Characters, industries and divisions are as common as in real
// registers; no name is taken from one.
package namestest

import (
	"math"
	"math/rand/v2"
	"strconv"
	"strings"

	"github.com/dinghai/dinghai/kit/names"
)

// Register is a register of names.
type Register struct {
	Entries []names.Entry
	Parent  map[int]int // entry of the parent by entry of the branch
}

var (
	// The commonest first; how often one comes falls with its place.
	shopChars = []rune(`华盛达海兴新永金利丰泰和东明宏天德安恒长福瑞顺昌信诚嘉鑫源通宝佳隆远龙欣美力正大中联合康伟锦玉亿祥荣创凯富杰浩星光
		云博立万百佰旺盈聚众品优雅怡乐悦馨香舟山定普陀岱嵊泗港湾岛洋浪帆航渔鱼鲜味老王李张陈林周吴徐孙朱阿小阳晨晓月秋冬春夏江河湖川
		石松柏竹梅兰菊莲桃杏枫桂樱柳青翠绿红紫蓝白银铜铁钢木火土水风雷电雨雪霜露虹霞晴朗清澄净洁纯真善仁义礼智勇毅刚强健壮伟雄豪杰英俊
		才华文武韬略谋策计算精细微巧妙奇特异珍贵宝藏库仓储运输送达到至极顶峰岭峦岗坡谷溪涧泉瀑潭池塘堰坝桥路街巷弄里坊村庄园林苑圃`)
	cities = []string{"舟山市", "宁波市", "杭州市", "温州市", "台州市", "绍兴市", "嘉兴市", "金华市", "湖州市", "衢州市", "丽水市", "舟山", "宁波", "杭州", "温州", "浙江", "浙江省",
		"舟山市定海区", "舟山市普陀区", "岱山县", "嵊泗县", "舟山市定海", "舟山市普陀", "宁波市北仑区", "慈溪市", "余姚市", "义乌市", "温岭市", "临海市", "乐清市", "瑞安市", "诸暨市", "海宁市"}
	companies   = []string{"有限公司", "有限公司", "有限公司", "有限公司", "有限公司", "有限责任公司", "股份有限公司", "集团有限公司"}
	individuals = []string{"店", "商行", "超市", "面馆", "饭店", "经营部", "理发店", "五金店", "水果店", "工作室", "便利店", "药店"}
	branches    = []string{"分公司", "第一分公司", "定海分公司", "普陀分公司", "宁波分公司", "沈家门门市部", "第二经营部", "解放路店", "白泉加油站", "临城营业厅", "岱山办事处"}
)

// New makes a register of n names, always the same for a seed. Every twelfth
// is a branch of a company before it.
func New(n int, seed uint64) *Register {
	g := generator{rnd: rand.New(rand.NewPCG(seed, uint64(n))), chars: shopChars[:0:0]}
	for _, r := range shopChars {
		if r > ' ' {
			g.chars = append(g.chars, r)
		}
	}
	for _, w := range names.DefaultLists().Industries {
		if w.Class != "" && len([]rune(w.Word)) >= 2 {
			g.industries = append(g.industries, w.Word)
		}
	}
	g.rnd.Shuffle(len(g.industries), func(i, j int) { g.industries[i], g.industries[j] = g.industries[j], g.industries[i] })
	r := &Register{Entries: make([]names.Entry, 0, n), Parent: map[int]int{}}
	var parents []int
	for i := range n {
		if i%12 == 11 && len(parents) > 0 {
			p := parents[g.rnd.IntN(len(parents))]
			r.Parent[i] = p
			r.Entries = append(r.Entries, names.Entry{Name: r.Entries[p].Name + g.pick(branches), Registry: r.Entries[p].Registry})
			continue
		}
		name, company := g.name()
		if company {
			parents = append(parents, i)
		}
		r.Entries = append(r.Entries, names.Entry{Name: name, Registry: uint32(g.rnd.IntN(100))})
	}
	return r
}

type generator struct {
	rnd        *rand.Rand
	chars      []rune
	industries []string
}

func (g *generator) pick(list []string) string { return list[g.rnd.IntN(len(list))] }

// common picks a place of n, the first ones far more often.
func (g *generator) common(n int) int {
	return min(n-1, int(math.Expm1(g.rnd.Float64()*math.Log(float64(n+1)))))
}

func (g *generator) shop() string {
	n := 2
	switch p := g.rnd.IntN(100); {
	case p < 18:
		n = 4
	case p < 42:
		n = 3
	}
	var b strings.Builder
	for range n {
		b.WriteRune(g.chars[g.common(len(g.chars))])
	}
	return b.String()
}

func (g *generator) name() (name string, company bool) {
	name = g.pick(cities) + g.shop()
	if g.rnd.IntN(100) < 30 {
		return name + g.pick(individuals) + map[bool]string{true: "（个体工商户）"}[g.rnd.IntN(3) == 0], false
	}
	name += g.industries[g.common(len(g.industries))]
	if g.rnd.IntN(200) == 0 {
		name += strconv.Itoa(g.rnd.IntN(100))
	}
	return name + g.pick(companies), true
}
