package typeset_test

import (
	"strings"
	"testing"

	"github.com/dinghai/dinghai/kit/typeset"
)

// TestBreaks writes the places where a line may begin as "|".
func TestBreaks(t *testing.T) {
	tests := []struct{ name, want string }{
		{"ideographs", "市|场|监|管"},
		{"stops stay with what they end", "检|查，|整|改。|完"},
		{"a pair holds its contents", "依|据|《食|品|法》|（2021|年）|规|定"},
		{"quotation", "称：|“你|好！”|他|说"},
		{"dash and ellipsis are one", "等……|和——|即"},
		{"six dots", "完…………|了"},
		{"Latin words and numbers", "共|12,345.6|元，|约|3|件|GB/T |9704—|2012"},
		{"spaces go with the line before", "a |b  |中 |文"},
		{"a space before a closing mark is no place", "f(a )|中"},
		{"nor one after an opening mark", "中|（ a）"},
		{"percent and degree", "达|99%|的|25℃|和|￥5|元"},
		{"document number", "舟|市|监〔2024〕12|号"},
		{"foreign name", "阿|里·买|买|提"},
		{"straight quotes", "说\"好\"的"},
		{"no-break space", "第\u00a0一|条"},
		{"combining mark", "cafe\u0301|中"},
		{"address", "见|http://a.b/c?d=e#f|处"},
		{"date", "2024-03-05|前"},
		{"kana", "アッ|プ"},
		{"empty", ""},
	}
	for _, tt := range tests {
		text := []rune(strings.ReplaceAll(tt.want, "|", ""))
		var b strings.Builder
		for i, ok := range typeset.Breaks(text) {
			if ok && i > 0 {
				b.WriteByte('|')
			}
			b.WriteRune(text[i])
		}
		if b.String() != tt.want {
			t.Errorf("%s: %s, want %s", tt.name, b.String(), tt.want)
		}
	}
}

// FuzzBreaks: never against the two lists, whatever the text.
func FuzzBreaks(f *testing.F) {
	f.Add("（一）——“，。” a ）……")
	f.Fuzz(func(t *testing.T, s string) {
		text := []rune(s)
		for i, ok := range typeset.Breaks(text) {
			if i == 0 || !ok {
				continue
			}
			if typeset.NoLineStart(text[i]) || typeset.NoLineEnd(text[i-1]) {
				t.Fatalf("%q breaks at %d", s, i)
			}
		}
	})
}
