package names_test

import (
	"errors"
	"fmt"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/google/go-cmp/cmp"

	"github.com/dinghai/dinghai/kit/names"
)

func zhejiang(t testing.TB) *names.Splitter {
	t.Helper()
	l := names.DefaultLists()
	l.Home = "33"
	s, err := names.NewSplitter(l)
	if err != nil {
		t.Fatal(err)
	}
	return s
}

func TestSplit(t *testing.T) {
	s := zhejiang(t)
	// division|shop|industry|form|branch|class|kind
	tests := []struct{ name, want string }{
		{"舟山市海达水产有限公司", "舟山市|海达|水产|有限公司||04|company"},
		{"舟山市定海区海达国际贸易有限责任公司", "舟山市定海区|海达|国际贸易|有限责任公司||51|company"},
		{"浙江海达房地产开发有限公司", "浙江|海达|房地产开发|有限公司||70|company"},
		{"浙江黄岩华通塑料模具厂", "浙江黄岩|华通|塑料模具|厂||352|other"},
		{"余姚三兴工贸有限公司", "余姚|三兴|工贸|有限公司||51|company"},
		{"宁波保税区勤农化工有限公司", "宁波保税区|勤农|化工|有限公司||26|company"},
		{"舟山市定海区干览镇老陈海鲜面馆", "舟山市定海区干览镇|老陈|海鲜|面馆||04|other"},
		{"舟山市普陀区沈家门街道阿芬理发店", "舟山市普陀区沈家门街道|阿芬||理发店||804|other"},
		{"定海老王面馆（个体工商户）", "定海|老王||面馆（个体工商户）||62|individual"},
		{"岱山县海丰水产养殖专业合作社", "岱山县|海丰|水产养殖|专业合作社||041|cooperative"},
		{"舟山正大会计师事务所（普通合伙）", "舟山|正大||会计师事务所（普通合伙）||7241|partnership"},
		{"杭州金鱼（集团）有限公司", "杭州|金鱼||（集团）有限公司|||company"},
		// without industry, division or form
		{"舟山市海达有限公司", "舟山市|海达||有限公司|||company"},
		{"超威电源有限公司", "|超威电源||有限公司|||company"},
		{"海达", "|海达|||||"},
		{"舟山", "|舟山|||||"},
		// the division in brackets
		{"海达（舟山）水产有限公司", "舟山|海达|水产|有限公司||04|company"},
		{"海达水产(舟山)有限公司", "舟山|海达|水产|有限公司||04|company"},
		// what looks like a division is the shop name
		{"杭州和平国际会展中心有限公司", "杭州|和平|国际会展中心|有限公司||728|company"},
		{"长兴食品有限公司", "|长兴|食品|有限公司||14|company"},
		// branches
		{"舟山市海达水产有限公司第一分公司", "舟山市|海达|水产|有限公司|第一分公司|04|company"},
		{"中国石化销售有限公司浙江舟山石油分公司甬东加油站", "中国|石化|销售|有限公司|浙江舟山石油分公司甬东加油站|51|company"},
		{"宁波市江北环球机械配件厂第二门市部", "宁波市江北|环球|机械配件|厂|第二门市部|34|other"},
		{"定海区金塘供销合作社沥港门市部", "定海区|金塘||供销合作社|沥港门市部||cooperative"},
		{"绍兴公司法务咨询有限公司", "绍兴|公司法务|咨询|有限公司||724|company"},
		{"舟山厂房设备维修服务部", "舟山|厂房|设备维修|服务部||81|other"},
		// as people type
		{" 舟山市　海達水產 有限公司 ", "舟山市|海达|水产|有限公司||04|company"},
		{"舟山市Ａbc·１店", "舟山市|ABC1||店|||other"},
		{"舟山𠮷野家餐饮有限公司", "舟山|𠮷野家|餐饮|有限公司||62|company"},
	}
	for _, tt := range tests {
		n, err := s.Split(tt.name)
		got := strings.Join([]string{n.Division, n.Shop, n.Industry, n.Form, n.Branch, n.Class, n.FormKind}, "|")
		if err != nil || got != tt.want {
			t.Errorf("%s: got %s, want %s, %v", tt.name, got, tt.want, err)
		}
	}
}

func TestSplitErrors(t *testing.T) {
	for name, want := range map[string]names.Error{
		"":                       {Field: "name", Reason: names.ReasonEmpty},
		" （·":                    {Field: "name", Reason: names.ReasonEmpty},
		"·-":                     {Field: "name", Reason: names.ReasonEmpty},
		"舟山\xff":                 {Field: "name", Pos: 3, Reason: names.ReasonUTF8},
		strings.Repeat("舟", 121): {Field: "name", Pos: 121, Reason: names.ReasonTooLong},
	} {
		_, err := names.Default().Split(name)
		var e *names.Error
		if !errors.As(err, &e) || *e != want {
			t.Errorf("%.20q: got %v, want %v", name, err, &want)
		}
	}
	for field, l := range map[string]names.Lists{
		"forms":      {Forms: []names.Form{{Word: "厂"}, {Word: " "}}},
		"industries": {Industries: []names.Industry{{Word: "水产", Class: "04"}, {Word: "渔业", Class: "9x"}}},
		"zones":      {Zones: []string{"区", ""}},
	} {
		_, err := names.NewSplitter(l)
		if want := (&names.Error{Field: field, Pos: 2, Reason: names.ReasonSyntax}); err == nil || err.Error() != want.Error() {
			t.Errorf("%s: %v", field, err)
		}
	}
}

func TestReview(t *testing.T) {
	for name, want := range map[string]string{
		"舟山市海达水产有限公司":    "",
		"海达水产有限公司":       "no_division condition",
		"舟山市海达有限公司":      "no_industry condition",
		"舟山市海达水产":        "no_form ban",
		"舟山市ABC水产有限公司":   "short_shop ban",
		"舟山海达水产有限公司分公司A": "",
	} {
		n, err := zhejiang(t).Split(name)
		if err != nil {
			t.Fatal(err)
		}
		var got []string
		for _, f := range names.Review(n) {
			if f.Basis == "" {
				t.Errorf("%s: no basis", name)
			}
			got = append(got, f.Code+" "+string(f.Effect))
		}
		if s := strings.Join(got, ","); s != want {
			t.Errorf("%s: got %q, want %q", name, s, want)
		}
	}
}

func TestBanned(t *testing.T) {
	s := zhejiang(t)
	for name, want := range map[string]string{
		"舟山市海达水产有限公司":     "",
		"中国海达水产有限公司":      "national_word 中国 1 approval",
		"舟山中国城餐饮有限公司":     "",
		"舟山市最佳水产有限公司":     "superlative 最佳 4 ban",
		"舟山市國家級水产有限公司":    "superlative 国家级 4 ban",
		"舟山市海达水产集团有限公司":   "group 集团 8 condition",
		"舟山集团军水产有限公司":     "",
		"国际海达贸易有限公司":      "national_word 国际 1 condition",
		"舟山海达国际贸易有限公司":    "",
		"舟山印度尼西亚海产有限公司":   "foreign_state 印度尼西亚 3 condition",
		"舟山市政协人民法院水产有限公司": "party_state 政协 4 ban,party_state 人民法院 6 ban",
	} {
		n, err := s.Split(name)
		if err != nil {
			t.Fatal(err)
		}
		var got []string
		for _, f := range names.DefaultBanned().Find(n) {
			got = append(got, fmt.Sprintf("%s %s %d %s", f.Code, f.Word, f.Pos, f.Effect))
		}
		if g := strings.Join(got, ","); g != want {
			t.Errorf("%s: got %q, want %q", name, g, want)
		}
	}
}

func TestReadWords(t *testing.T) {
	words, err := names.ReadWords(strings.NewReader("word\tkind\teffect\tplace\tbasis\n甲乙\tlocal\tban\tany\t本局规定\n\n"))
	if d := cmp.Diff([]names.Word{{Word: "甲乙", Kind: "local", Effect: names.Ban, Place: names.Anywhere, Basis: "本局规定"}}, words); d != "" || err != nil {
		t.Error(d, err)
	}
	for _, line := range []string{"甲\tk\tban\tany", "\tk\tban\tany\tb", "甲\tk\tforbid\tany\tb", "甲\tk\tban\there\tb"} {
		if _, err := names.ReadWords(strings.NewReader("head\n" + line)); err == nil || err.Error() != "names: banned: bad syntax at 2" {
			t.Errorf("%q: %v", line, err)
		}
	}
	if _, err := names.ReadWords(strings.NewReader("head\n" + strings.Repeat("甲", 1<<20))); err == nil {
		t.Error("a line of 3 MB")
	}
	more := names.NewBanned(append(names.DefaultBanned().Words(), words...))
	n, _ := names.Default().Split("舟山甲乙水产有限公司")
	if f := more.Find(n); len(f) != 1 || f[0].Code != "local" {
		t.Error(f)
	}
}

// Put together again, the parts are the name as it was written, but for what
// normalising changes; taking apart what was put together changes nothing.
func FuzzSplit(f *testing.F) {
	for _, s := range []string{"舟山市海达水产有限公司第一分公司", "海达（舟山）水产有限公司", "（（）", "）公司（", "有限公司公司公司", "中国中国", "舟山市舟山市", "𠮷𠮷𠮷店", "\xff", "ǅ", "ﬃ"} {
		f.Add(s)
	}
	s := zhejiang(f)
	f.Fuzz(func(t *testing.T, name string) {
		n, err := s.Split(name)
		if err != nil {
			return
		}
		whole := n.String()
		if n.Shop == "" || !utf8.ValidString(whole) {
			t.Fatalf("%q: %+v", name, n)
		}
		if _, err := s.Split(whole); err != nil {
			t.Fatalf("%q becomes %q: %v", name, whole, err)
		}
		names.Review(n)
		for _, found := range names.DefaultBanned().Find(n) {
			if found.Pos < 1 || found.Pos > utf8.RuneCountInString(whole) {
				t.Fatalf("%q: %+v", name, found)
			}
		}
	})
}

func ExampleSplitter_Split() {
	n, err := names.Default().Split("舟山市定海区海达（集团）水产有限公司沈家门分公司")
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println(n.Division, n.Shop, n.Industry, n.Form, n.Branch)
	for _, f := range names.Review(n) {
		fmt.Println(f.Code)
	}
	// Output: 舟山市定海区 海达集团 水产 有限公司 沈家门分公司
}

func ExampleIndex_Similar() {
	x, err := names.NewIndex(names.Default(), []names.Entry{
		{Name: "舟山市海达水产有限公司", Registry: 1},
		{Name: "舟山市海大渔业有限公司", Registry: 1},
		{Name: "舟山市海达餐饮有限公司", Registry: 1},
		{Name: "舟山市新海达冷链物流有限公司", Registry: 2},
	})
	if err != nil {
		fmt.Println(err)
		return
	}
	matches, err := x.Similar(names.Query{Name: "舟山海达水产品贸易有限公司", Registry: 1}, 10)
	for _, m := range matches {
		fmt.Println(m.Name, m.Reason, m.Block)
	}
	fmt.Println(err)
	// Output:
	// 舟山市海达水产有限公司 similar_industry false
	// 舟山市海大渔业有限公司 same_sound false
	// 舟山市新海达冷链物流有限公司 contains false
	// <nil>
}
