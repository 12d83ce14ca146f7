package report_test

import (
	"context"
	"encoding/json"
	"errors"
	"os"
	"strings"
	"testing"

	"github.com/dinghai/dinghai/catalogue"
	"github.com/dinghai/dinghai/domain"
	"github.com/dinghai/dinghai/engine/indicator"
	"github.com/dinghai/dinghai/engine/report"
)

func parse(t *testing.T, src, lang string) *report.Template {
	t.Helper()
	tpl, err := report.ParseTemplate("t.md", src, lang, func(string) bool { return true })
	if err != nil {
		t.Fatal(err)
	}
	return tpl
}

func TestTemplateMistakes(t *testing.T) {
	knows := func(id string) bool { return id == "food_samples" }
	for src, line := range map[string]int{
		"# 报告\n\n抽检{{figure food_sample}}批次":          3,
		"一\n二{{figure food_samples}}\n三{{figure no}}": 3,
		"- 甲{{figure food_samples}}\n- 乙{{figur x}}":  2,
		"{{figure}}": 1,
		"甲\n\n{{figure food_samples format=stone}}": 3,
		"{{figure food_samples digits=9}}":          1,
		"{{figure food_samples period=sometimes}}":  1,
		"{{figure food_samples lang=fr}}":           1,
		"{{figure food_samples colour=red}}":        1,
		"{{bureau x}}":                              1,
		"甲\n乙{{figure food_samples":                 2,
	} {
		_, err := report.ParseTemplate("t.md", src, "zh", knows)
		var e *report.TemplateError
		if !errors.As(err, &e) || e.Line != line {
			t.Errorf("%q: %v, want line %d", src, err, line)
		}
	}
}

func TestFill(t *testing.T) {
	src, _ := bureau()
	tpl := parse(t, `# {{bureau}}{{year}}

截至{{to period=quarter_end}}在册{{figure total_market_entities format=wan digits=2}}户,
抽检{{figure food_samples}}批次。

- 不合格率{{figure food_fail_rate}}
- 罚没{{figure price_penalty format=wan digits=2}}元
- 首查{{figure first_check_rate}},点位{{figure trust_units}}
- 自有{{figure own_figure period=previous_same}}

{{gaps 7.3}}

{{gaps 4.2}}
`, "zh")
	res := compute(t, src, tpl.Asks()...)
	d := tpl.Fill(res, report.Bureau{Name: domain.Text{ZH: "某市*局"}})
	const want = `# 某市\*局2023

截至2023年9月30日在册15.82万户,抽检4,878批次。

- 不合格率2.77%
- 罚没65.25万元
- 首查（无可作分母的记录）,点位（尚未建成）
- 自有7

另有1项数据尚无记录可算，本报告不作陈述（队伍与党建）。

另有1项数据尚无记录可算，本报告不作陈述（药品）。
`
	if got := d.Markdown(); got != want {
		t.Errorf("got\n%s", got)
	}
	h := d.HTML()
	for _, part := range []string{
		`<a class="figure" href="/figures/total_market_entities?area=330900&amp;from=2023-01-01&amp;to=2023-09-30" data-value="158204" title="Register">15.82万</a>`,
		`<a class="figure" href="/figures/own_figure?area=330900&amp;from=2022-01-01&amp;to=2022-11-15" data-value="7" title="Own">7</a>`,
		`<span class="figure missing">（尚未建成）</span>`,
		"<ul>\n<li>不合格率", "</li>\n</ul>\n<p>另有",
	} {
		if !strings.Contains(h, part) {
			t.Errorf("no %s in\n%s", part, h)
		}
	}
	if b, err := json.Marshal(d); err != nil || !strings.Contains(string(b), `"figure":"food_samples"`) {
		t.Errorf("%s, %v", b, err)
	}
}

// TestEscaping: neither a name nor a definition becomes markup.
func TestEscaping(t *testing.T) {
	src, _ := bureau()
	evil := `"><script>alert('1')</script>`
	src.Catalogue.Indicators["food_samples"].Label = text(evil)
	res := compute(t, src)
	res.Area = `"><b>`
	d := parse(t, "# {{bureau}}\n\n<i>a & b</i> {{figure food_samples}}", "en").Fill(res, report.Bureau{Name: text(evil)})
	h := d.HTML()
	for _, bad := range []string{"<script", "<i>", "<b>", `"">`} {
		if strings.Contains(h, bad) {
			t.Errorf("%s stands in %s", bad, h)
		}
	}
	if !strings.Contains(h, `title="&#34;&gt;&lt;script&gt;`) || !strings.Contains(h, "a &amp; b") {
		t.Errorf("%s", h)
	}
}

// numbers answers every indicator with the records of the fake bureau.
type numbers map[string]report.Figure

func (n numbers) Value(_ context.Context, _ domain.Reader, name string, q indicator.Query) (indicator.Figure, error) {
	f := n[name]
	out := indicator.Figure{Indicator: name, Version: 1, From: q.From, To: q.To, Defined: true, Value: f.Value.Number, Rows: 1}
	if f.Denominator != nil {
		out.Num, out.Den = *f.Numerator, *f.Denominator
	}
	if f.Cmp == "all" {
		out.Value = 100
	}
	return out, nil
}

// whole computes a report in which exactly the 62 figures are built.
func wholeReport(t *testing.T, tpl *report.Template) *report.Result {
	t.Helper()
	n, c := numbers{}, indicators()
	for _, f := range records(t) {
		n[f.ID] = f
		c.Indicators[f.ID] = &catalogue.Indicator{Indicator: f.ID, Label: f.Label, Kind: "flow"}
	}
	return compute(t, report.Sources{Catalogue: c, Values: n}, tpl.Asks()...)
}

// TestYearly: the shipped wording uses every built figure in both languages,
// says what is missing, and our own draft check finds nothing wrong in it.
func TestYearly(t *testing.T) {
	for _, lang := range []string{"zh", "en"} {
		b, err := os.ReadFile("../../systems/summary/reports/yearly." + lang + ".md")
		if err != nil {
			t.Fatal(err)
		}
		d := declared(t)
		tpl, err := report.ParseTemplate("yearly."+lang+".md", string(b), lang, func(id string) bool { return d.Find(id) != nil })
		if err != nil {
			t.Fatal(err)
		}
		used := map[string]bool{}
		for _, a := range tpl.Asks() {
			used[a.ID] = true
		}
		for _, id := range built {
			if !used[id] {
				t.Errorf("%s: %s is not used", lang, id)
			}
		}
		res := wholeReport(t, tpl)
		doc := tpl.Fill(res, report.Bureau{Name: domain.Text{ZH: "定海市场监管局", EN: "The Bureau"}})
		md := doc.Markdown()
		if strings.Contains(md, "尚未建成") || strings.Contains(md, "not built yet") {
			t.Errorf("%s: a built figure is missing", lang)
		}
		t.Log(md)
		checkOwn(t, lang, md, res.Figures)
	}
}

func checkOwn(t *testing.T, lang, md string, figures []report.Figure) {
	found := map[string]bool{}
	for _, c := range report.Check(md, lang, figures) {
		if c.Verdict == report.Differs {
			t.Errorf("%s: our own text differs from itself: %+v", lang, c)
		}
		found[c.Figure] = true
	}
	n := 0
	for _, id := range built {
		if found[id] {
			n++
		} else {
			t.Logf("%s: %s not recognised", lang, id)
		}
	}
	t.Logf("%s: %d of %d recognised in our own text", lang, n, len(built))
	if n < len(built)-4 {
		t.Errorf("%s: only %d of %d figures recognised", lang, n, len(built))
	}
}
