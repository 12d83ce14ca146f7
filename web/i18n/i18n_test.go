package i18n_test

import (
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/dinghai/dinghai/web/i18n"
)

func load(t *testing.T) (zh, en *i18n.Lang) {
	t.Helper()
	l, err := i18n.Load()
	if err != nil {
		t.Fatal(err)
	}
	return l["zh"], l["en"]
}

var verb = regexp.MustCompile(`%[sd]`)

// TestSameKeys: both languages have the same keys, none empty, and take the
// same arguments in the same order.
func TestSameKeys(t *testing.T) {
	zh, en := load(t)
	for _, k := range append(zh.Keys(), en.Keys()...) {
		if !zh.Has(k) || !en.Has(k) {
			t.Errorf("%s stands in one language only", k)
			continue
		}
		if zh.T(k) == "" || en.T(k) == "" {
			t.Errorf("%s is empty", k)
		}
		if a, b := verb.FindAllString(zh.T(k), -1), verb.FindAllString(en.T(k), -1); !slices.Equal(a, b) {
			t.Errorf("%s takes %v in zh, %v in en", k, a, b)
		}
	}
}

// TestEnglishIsEnglish: only examples and the language switch hold Chinese.
func TestEnglishIsEnglish(t *testing.T) {
	_, en := load(t)
	for _, k := range en.Keys() {
		if strings.HasPrefix(k, "search.tip") || k == "switch.lang" || k == "home.find.example" {
			continue
		}
		if strings.ContainsFunc(en.T(k), func(r rune) bool { return r >= 0x4e00 && r <= 0x9fff }) {
			t.Errorf("%s: %s", k, en.T(k))
		}
	}
}

var (
	used  = regexp.MustCompile(`\bT\("([a-z_0-9.]+)"[,)]`)
	quote = regexp.MustCompile(`"([a-z_]+(?:\.[^"\s.]+)*\.?)"`)
)

// TestKeysInUse: every key the code names exists, and every key that exists is
// named, whole or as a prefix.
func TestKeysInUse(t *testing.T) {
	zh, _ := load(t)
	named := map[string]bool{}
	err := filepath.WalkDir("..", func(p string, d os.DirEntry, err error) error {
		if err != nil || d.IsDir() || strings.HasSuffix(p, "_templ.go") || strings.HasSuffix(p, "_test.go") {
			return err
		}
		if ext := filepath.Ext(p); ext != ".go" && ext != ".templ" {
			return nil
		}
		b, err := os.ReadFile(p)
		for _, m := range used.FindAllStringSubmatch(string(b), -1) {
			if !zh.Has(m[1]) {
				t.Errorf("%s names %s, which has no wording", p, m[1])
			}
		}
		for _, m := range quote.FindAllStringSubmatch(string(b), -1) {
			named[m[1]] = true
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	for _, k := range zh.Keys() {
		if !mentioned(named, k) {
			t.Errorf("nothing uses %s", k)
		}
	}
}

func mentioned(named map[string]bool, key string) bool {
	if named[key] {
		return true
	}
	for i := range key {
		if key[i] == '.' && named[key[:i+1]] {
			return true
		}
	}
	return false
}
