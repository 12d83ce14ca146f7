package access

import (
	"strings"
	"testing"
)

func TestCheckPassword(t *testing.T) {
	own := []string{"wangming", "王明", "0231"}
	for p, want := range map[string]string{
		"":                        "length",
		"elevenchars":             "length",
		"十一个字的密码不够长短":             "length",
		strings.Repeat("长", 129):  "length",
		strings.Repeat("x", 5000): "length",
		"woaini1314520":           "common",
		"woaini-1314-520!":        "common",
		"Woaini1314521":           "common",
		"password1234":            "common",
		"P@ssw0rd2024!":           "common",
		"p4ssw0rdp4ssw0rd":        "common",
		"123456789012":            "common",
		"111111111111":            "common",
		"aaaaaaaaaaaaaaa":         "common",
		"abcdefghijklmnop":        "common",
		"qwertyuiop123":           "common",
		"qwertyuiopasdfgh":        "common",
		"poiuytrewq1234":          "common",
		"zhoushan19900101":        "common",
		"dinghai@2024dinghai":     "common",
		"wangming19880808":        "common",
		"王明0231王明0231":            "common",
		"我爱你我爱你我爱你我爱你":            "common",
		"５２０１３１４１３１４５２０":                   "common",
		"shichangjianguan123":              "common",
		"19881212198812":                   "common",
		"xqzvxqzvxqzv":                     "common",
		"correct horse battery staple":     "",
		"海风吹过旧码头与三只白鹭":                     "",
		"tR7#kp2!vQzm":                     "",
		"kettle-orbit-fjord-21":            "",
		"wode mao zai wuding shai taiyang": "",
	} {
		got := ""
		if err := checkPassword("p", p, own...); err != nil {
			got = err.Problems[0].Rule
		}
		if got != want {
			t.Errorf("%.40q: %q, want %q", p, got, want)
		}
	}
	t.Logf("%d words known", len(words()))
}

func TestHash(t *testing.T) {
	c := Cost{Memory: 64, Time: 1, Threads: 1}
	h := c.hash("ｐａｓｓ海")
	if ok, err := matches(h, "pass海"); !ok || err != nil {
		t.Errorf("%s: %v %v", h, ok, err)
	}
	if ok, _ := matches(h, "pass江"); ok {
		t.Error("another password matches")
	}
	for _, bad := range []string{"", "x", "$argon2i$v=19$m=64,t=1,p=1$AA$AA", "$argon2id$v=18$m=64,t=1,p=1$AA$AA", "$argon2id$v=19$m=x$AA$AA", "$argon2id$v=19$m=64,t=1,p=1$!$AA", "$argon2id$v=19$m=64,t=1,p=1$AA$"} {
		if ok, err := matches(bad, "x"); ok || err == nil {
			t.Errorf("%q: %v %v", bad, ok, err)
		}
	}
}

func FuzzCommon(f *testing.F) {
	for _, s := range []string{"woaini1314", "\xff\xfe", "ａ1!", strings.Repeat("ab", 64)} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, p string) {
		if err := checkPassword("p", p, p); err == nil && len([]rune(fold(p))) < minPassword {
			t.Errorf("%q accepted", p)
		}
	})
}

func BenchmarkCommon(b *testing.B) {
	b.ReportAllocs()
	for b.Loop() {
		common(strings.Repeat("woaini1314x", 11))
	}
}

func BenchmarkHash(b *testing.B) {
	b.ReportAllocs()
	for b.Loop() {
		usualCost.hash("海风吹过旧码头与三只白鹭")
	}
}
