package names

import (
	"slices"
	"strconv"
	"strings"
)

// divisions finds divisions at the beginning of names.
type divisions struct {
	words *trie
	names [][]place // by value of the trie
	home  int       // two digits, 0 for none
}

// place is a division that a word may stand for.
type place struct {
	code int  // six digits
	bare bool // without 省, 市, 区 or 县
}

// nationwide words stand where a division does.
const nationwide = 0

// paper are levels between a city and its districts that no name shows.
var paper = []string{"市辖区", "县", "省直辖县级行政区划", "自治区直辖县级行政区划"}

func newDivisions(list []Division, home string) *divisions {
	d := &divisions{words: newTrie()}
	d.home, _ = strconv.Atoi(home)
	at := map[string]int{}
	add := func(word string, p place) {
		i, ok := at[word]
		if !ok {
			i = len(d.names)
			at[word] = i
			d.names = append(d.names, nil)
			d.words.add(units(word), false, int32(i))
		}
		if !slices.Contains(d.names[i], p) {
			d.names[i] = append(d.names[i], p)
		}
	}
	for _, v := range list {
		code, err := strconv.Atoi(v.Code)
		if err != nil || len(v.Code) != 6 || slices.Contains(paper, v.Name) || len([]rune(v.Name)) < 2 {
			continue
		}
		add(v.Name, place{code, false})
		if b := bare(v.Name); len([]rune(b)) >= 2 && b != v.Name {
			add(b, place{code, true})
		}
	}
	for _, w := range [...]string{"中国", "全国", "国家"} {
		add(w, place{nationwide, false})
	}
	return d
}

var (
	kinds   = [...]string{"特别行政区", "自治区", "自治州", "自治县", "自治旗", "地区", "省", "市", "区", "县", "盟", "旗"}
	peoples = strings.Fields(`壮族 回族 维吾尔 蒙古族 蒙古 藏族 苗族 侗族 瑶族 彝族 白族 傣族 黎族 羌族 水族 畲族 满族 朝鲜族 土家族 布依族 哈尼族
		傈僳族 佤族 拉祜族 纳西族 景颇族 仡佬族 仫佬族 毛南族 锡伯族 达斡尔族 鄂温克族 鄂伦春 哈萨克族 哈萨克 柯尔克孜 塔吉克 土族 撒拉族
		东乡族 保安族 裕固族 布朗族 普米族 独龙族 怒族 德昂族 阿昌族 各族 门巴族 珞巴族`)
)

// bare takes off the kind of division and the peoples of an autonomous one:
// 景宁畲族自治县 is 景宁.
func bare(name string) string {
	for _, k := range kinds {
		rest, ok := strings.CutSuffix(name, k)
		if !ok {
			continue
		}
		if !strings.HasPrefix(k, "自治") {
			return rest
		}
		for again := true; again; {
			again = false
			for _, p := range peoples {
				if s, ok := strings.CutSuffix(rest, p); ok && s != "" {
					rest, again = s, true
				}
			}
		}
		return rest
	}
	return name
}

// stop is a place up to which a division may reach.
type stop struct {
	end  int
	bare bool
}

// at finds the divisions that u begins with, one inside the other, and returns
// the end of each.
func (d *divisions) at(u []uint16, stops []stop) []stop {
	stops = stops[:0]
	before := int32(-1)
	for i := 0; ; {
		n, v := d.words.prefix(u[i:], func(v int32) bool { ok, _ := d.fits(v, before); return ok })
		if n == 0 {
			return stops
		}
		_, named := d.fits(v, before)
		i += n
		stops = append(stops, stop{i, !named})
		before = v
	}
}

// fits reports whether a word may stand behind another, or first if that is
// below 0, and whether it then names the kind of its division.
func (d *divisions) fits(word, before int32) (ok, named bool) {
	for _, p := range d.names[word] {
		if d.fit(p, before) {
			ok, named = true, named || !p.bare
		}
	}
	return ok, named
}

func (d *divisions) fit(p place, before int32) bool {
	if before < 0 {
		return !p.bare || p.code%100 == 0 || d.home != 0 && p.code/10000 == d.home
	}
	for _, w := range d.names[before] {
		if w.holds(p) {
			return true
		}
	}
	return false
}

// holds reports whether q lies in p.
func (p place) holds(q place) bool {
	switch {
	case p.code == nationwide || q.code == p.code:
		return p.code != q.code
	case p.code%10000 == 0:
		return p.code/10000 == q.code/10000
	case p.code%100 == 0:
		return p.code/100 == q.code/100
	}
	return false
}
