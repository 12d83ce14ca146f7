package bigram_test

import (
	"database/sql"
	"fmt"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/google/go-cmp/cmp"
	_ "modernc.org/sqlite"
	"pgregory.net/rapid"

	"github.com/dinghai/dinghai/kit/bigram"
)

func TestTokens(t *testing.T) {
	tests := []struct{ in, want string }{
		{"舟山市场", "舟山 山市 市场 _舟 _山 _市 _场"},
		{"舟", "_舟"},
		{"", ""},
		{" ，。（）", ""},
		{"（舟山）", "舟山 _舟 _山"},
		{"ＡＢ－１店", "ab b1 1店 =ab _a _b _1 _店"},
		{"abc 12", "ab bc c1 12 =abc =12 _a _b _c _1 _2"},
		{"𠮷野家", "𠮷野 野家 _𠮷 _野 _家"},
		{"\xff舟\xff山", "舟山 _舟 _山"},
		{"Éa", "éa _é _a"},
	}
	for _, tt := range tests {
		if d := cmp.Diff(strings.Fields(tt.want), bigram.Tokens(tt.in), nilIsEmpty); d != "" {
			t.Errorf("%q: %s", tt.in, d)
		}
	}
}

var nilIsEmpty = cmp.Transformer("join", func(s []string) string { return strings.Join(s, " ") })

func TestQuery(t *testing.T) {
	tests := []struct {
		in, want string
		single   bool
	}{
		{"舟山市", "舟山 山市", false},
		{"舟", "_舟", true},
		{"（舟）", "_舟", true},
		{"舟 山", "_舟 _山", false},
		{"舟山　ABC", "舟山 ab bc", false},
		{"", "", false},
		{"-- ，", "", false},
	}
	for _, tt := range tests {
		got, single := bigram.Query(tt.in)
		if d := cmp.Diff(strings.Fields(tt.want), got, nilIsEmpty); d != "" || single != tt.single {
			t.Errorf("%q: %v %s", tt.in, single, d)
		}
	}
}

func TestInitials(t *testing.T) {
	tests := []struct{ in, want string }{
		{"舟山市市场", "zsssc"},
		{"舟山市定海区ABC（食品）有限公司1店", "zssdhqabcspyxgs1d"},
		{"长峙商行", "czsh"},
		{"安鄂欧嗯", "aeon"},
		{"，。", ""},
		{"é𠮷𠀀", "h"},
	}
	for _, tt := range tests {
		if got := bigram.Initials(tt.in); got != tt.want {
			t.Errorf("%q: got %q, want %q", tt.in, got, tt.want)
		}
	}
}

// index is an FTS5 table with default settings.
func index(t *testing.T, texts []string) func(match string) []string {
	t.Helper()
	db, err := sql.Open("sqlite", ":memory:")
	if err != nil {
		t.Fatal(err)
	}
	db.SetMaxOpenConns(1)
	t.Cleanup(func() { _ = db.Close() })
	exec := func(q string, args ...any) {
		if _, err := db.Exec(q, args...); err != nil {
			t.Fatal(err)
		}
	}
	exec("CREATE VIRTUAL TABLE f USING fts5(name, tokenize='unicode61')")
	for i, s := range texts {
		exec("INSERT INTO f(rowid, name) VALUES (?, ?)", i, bigram.Text(s))
	}
	return func(match string) []string {
		rows, err := db.Query("SELECT rowid FROM f WHERE f MATCH ? ORDER BY rowid", match)
		if err != nil {
			t.Fatalf("%s: %v", match, err)
		}
		defer rows.Close()
		var out []string
		for rows.Next() {
			var i int
			if err := rows.Scan(&i); err != nil {
				t.Fatal(err)
			}
			out = append(out, texts[i])
		}
		return out
	}
}

var names = []string{
	"舟山市普陀区沈家门海鲜面馆", "舟山ABC有限公司", "岱山县高亭镇ABCD超市", "市场监督管理所",
	"𠮷野家", "定海区环城南路 12 号", "ÉCOLE幼儿园", "山市", "市",
}

func TestSearch(t *testing.T) {
	find := index(t, names)
	tests := []struct {
		query string
		want  []string
	}{
		{"海鲜面", []string{names[0]}},
		{"舟山", []string{names[0], names[1]}},
		{"山市", []string{names[0], names[7]}},
		{"ａｂｃ", []string{names[1], names[2]}},
		{"舟山 公司", []string{names[1]}},
		{"市", []string{names[0], names[2], names[3], names[7], names[8]}},
		{"𠮷", []string{names[4]}},
		{"𠮷野", []string{names[4]}},
		{"路12号", []string{names[5]}},
		{"éco", []string{names[6]}},
		{"eco", nil},
		{"市舟", nil},
		{`" OR name:*`, nil},
	}
	for _, tt := range tests {
		if d := cmp.Diff(tt.want, find(bigram.FTS5(tt.query)), nilIsEmpty); d != "" {
			t.Errorf("%q: %s", tt.query, d)
		}
	}
	if got := find(bigram.FTS5Word("Abc")); len(got) != 1 || got[0] != names[1] {
		t.Error("whole word:", got)
	}
	if bigram.FTS5(" ，") != "" || bigram.FTS5Word("舟山") != "" || bigram.FTS5Word("a") != "" {
		t.Error("nothing to search for")
	}
}

// A search finds exactly the texts that contain the query, as folded.
func TestSearchIsContainment(t *testing.T) {
	alphabet := rapid.SampledFrom([]rune("舟山市场ab1Ｃ𠮷é（ "))
	rapid.Check(t, func(rt *rapid.T) {
		texts := make([]string, 3)
		for i := range texts {
			texts[i] = string(rapid.SliceOfN(alphabet, 0, 8).Draw(rt, "text"))
		}
		q := string(rapid.SliceOfN(alphabet, 1, 4).Draw(rt, "query"))
		match := bigram.FTS5(q)
		if match == "" {
			return
		}
		var want []string
		for _, s := range texts {
			ok := true
			for _, term := range strings.Fields(q) {
				ok = ok && strings.Contains(bigram.Fold(s), bigram.Fold(term))
			}
			if ok {
				want = append(want, s)
			}
		}
		if got := index(t, texts)(match); !cmp.Equal(want, got) {
			rt.Fatalf("%q in %q: got %q, want %q", q, texts, got, want)
		}
	})
}

func FuzzTokens(f *testing.F) {
	for _, s := range append(names, "", "\xff", "\"*", "ǅ") {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		text := bigram.Fold(s)
		if bigram.Fold(text) != text || !utf8.ValidString(text) {
			t.Fatalf("Fold is not stable on %q: %q", s, text)
		}
		n, words := utf8.RuneCountInString(text), 0
		for _, tok := range bigram.Tokens(s) {
			if strings.HasPrefix(tok, bigram.WordPrefix) {
				words++
			}
		}
		if got := len(bigram.Tokens(s)) - words; n > 0 && got != 2*n-1 {
			t.Fatalf("%q: %d tokens of %d characters", s, got, n)
		}
		if got := len(strings.Fields(bigram.Text(s))); got != len(bigram.Tokens(s)) {
			t.Fatalf("%q: %d encoded tokens", s, got)
		}
		if strings.Trim(bigram.FTS5(s), `"0123456789abcdefsxADN `) != "" {
			t.Fatalf("%q: %s", s, bigram.FTS5(s))
		}
		bigram.Initials(s)
	})
}

const name = "舟山市定海区环南街道老王海鲜面馆"

func BenchmarkTokens(b *testing.B) {
	b.ReportAllocs()
	for b.Loop() {
		bigram.Tokens(name)
	}
}

func BenchmarkText(b *testing.B) {
	b.ReportAllocs()
	for b.Loop() {
		bigram.Text(name)
	}
}

func BenchmarkFTS5(b *testing.B) {
	b.ReportAllocs()
	for b.Loop() {
		bigram.FTS5("海鲜面馆")
	}
}

func BenchmarkInitials(b *testing.B) {
	bigram.Initials("")
	b.ReportAllocs()
	for b.Loop() {
		bigram.Initials(name)
	}
}

func ExampleFTS5() {
	fmt.Println(bigram.Text("舟山市"))
	fmt.Println(bigram.FTS5("舟山市"))
	fmt.Println(bigram.FTS5("舟"))
	// Output:
	// 821f5c71 5c715e02 s821f s5c71 s5e02
	// "821f5c71 5c715e02"
	// "s821f"
}
