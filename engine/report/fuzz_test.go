package report_test

import (
	"strings"
	"testing"
	"time"

	"github.com/dinghai/dinghai/engine/report"
)

// FuzzCheck: any text is read without harm, and every claim points at what it
// quotes.
func FuzzCheck(f *testing.F) {
	for _, s := range []string{
		"抽检４８７８批次，不合格率２.７６％。", "罚没4345.9万余元", "百分之七十四点一三", "一万五千余户、三千五百家",
		"110%、\n101%", "投诉按时办结率、举报按时核查率均达到100%", "\xff\xfe12件", "（一）2023年〔2023〕5号",
		"40.65 billion yuan and 9.07%\nrespectively", "both reach 100 percent", "twenty-seven hundred", "件件件",
	} {
		f.Add(s, true)
		f.Add(s, false)
	}
	figures := records(f)
	f.Fuzz(func(t *testing.T, s string, zh bool) {
		lang := "en"
		if zh {
			lang = "zh"
		}
		last := 0
		for _, c := range report.Check(s, lang, figures) {
			if c.From < last || c.To <= c.From || c.To > len(s) || strings.TrimSpace(s[c.From:c.To]) != c.Text {
				t.Fatalf("%+v of %q", c, s)
			}
			last = c.From
		}
	})
}

// FuzzTemplate: a template is read or refused with a line of it.
func FuzzTemplate(f *testing.F) {
	f.Add("# {{bureau}}\n\n- {{figure a format=wan digits=2}}\n{{gaps 3}}")
	f.Add("{{figure a period=since:2023-01-01 lang=en}}{{")
	f.Fuzz(func(t *testing.T, s string) {
		tpl, err := report.ParseTemplate("f", s, "zh", func(string) bool { return true })
		if e, ok := err.(*report.TemplateError); ok && (e.Line < 1 || e.Line > strings.Count(s, "\n")+1) {
			t.Fatalf("%v of %q", e, s)
		}
		if err == nil {
			doc := tpl.Fill(&report.Result{From: "2023-01-01", To: "2023-11-15"}, report.Bureau{})
			doc.HTML()
			doc.Markdown()
		}
	})
}

// TestCheckBounded: a file of nothing but numbers in one line takes a second or
// two; the limit allows for slow machines and the race detector.
func TestCheckBounded(t *testing.T) {
	start := time.Now()
	report.Check(strings.Repeat("投诉举报97件，食品抽检隐患整改率99%、", 20000), "zh", records(t))
	if d := time.Since(start); d > time.Minute {
		t.Errorf("%v", d)
	} else {
		t.Log(d)
	}
}
