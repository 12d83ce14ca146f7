package web_test

import (
	"net/url"
	"strings"
	"testing"

	"github.com/xuri/excelize/v2"
)

// sheet begins an assessment and gives its address.
func (d *desk) sheet() string {
	d.t.Helper()
	code, body, to := d.post("/desk/assessments", url.Values{"title": {"2023年度考核"}, "from": {"2023-01-01"}, "to": {"2023-12-31"}, "area": {"330900"}})
	if code != 303 {
		d.t.Fatalf("begin: %d %s", code, body)
	}
	return to
}

// setLine enters a line.
func (d *desk) setLine(at string, pairs ...string) (int, string) {
	d.t.Helper()
	v := d.formOf(at)
	v.Set("op", "set")
	v.Set("line", "0")
	for i := 0; i < len(pairs); i += 2 {
		v.Set(pairs[i], pairs[i+1])
	}
	code, body, _ := d.post(at, v)
	return code, body
}

// TestAssessment: lines score by their formula, say what is missing to full
// marks and open their rows; the sheet goes out to Excel and comes back.
func TestAssessment(t *testing.T) {
	d := openWriting(t)
	if _, body := d.get("/desk/assessments"); !strings.Contains(body, "还没有考核表") {
		t.Error("the empty list does not teach")
	}
	at := d.sheet()
	for _, l := range [][]string{
		{"item", "来信办理量", "figure", "letters", "target", "96", "weight", "10", "rule", "share"}, // 48 letters: half
		{"item", "小店数", "figure", "在册小店", "target", "1", "weight", "5", "rule", "reach"},
		{"item", "自定", "figure", "letters", "target", "50", "weight", "20", "rule", "own", "formula", "value >= target ? weight : weight - 2.0"},
		{"item", "上级评定", "manual", "9.5", "source", "省局通报", "target", "10", "weight", "10", "rule", "share"},
	} {
		if code, body := d.setLine(at, l...); code != 303 {
			t.Fatalf("%v: %d %s", l, code, body)
		}
	}
	_, body := d.get(at)
	wants(t, "the sheet", body, `<b class="dh-num">37.5</b>`, "满分 45，还差 7.5 分", "差 5 分", "达到 96 即满分（还需 +48）", "已满分", "手填，来源：省局通报", "/figures/letters?area=330900")
	code, file := d.get(at + "/export.xlsx")
	f, err := excelize.OpenReader(strings.NewReader(file))
	if code != 200 || err != nil {
		t.Fatalf("export: %d %v", code, err)
	}
	_ = f.SetCellValue("考核表", "H2", 48)
	buf, err := f.WriteToBuffer()
	if err != nil {
		t.Fatal(err)
	}
	v := d.formOf(at)
	v.Set("op", "import")
	if code, body, _ := d.sendAs(at, "sheet", v, "sheet.xlsx", buf.Bytes()); code != 303 {
		t.Fatalf("import: %d %s", code, body)
	}
	_, body = d.get(at)
	wants(t, "after the import", body, `<b class="dh-num">42.5</b>`)
}

// TestAssessmentWrong: each mistake is told where it is and nothing is kept; who
// comes second sees it.
func TestAssessmentWrong(t *testing.T) {
	d := openWriting(t)
	at := d.sheet()
	for _, c := range []struct {
		pairs []string
		want  string
	}{
		{[]string{"item", "", "target", "1", "weight", "1", "rule", "share"}, "请填写考核项的名称"},
		{[]string{"item", "甲", "target", "一百", "weight", "1", "rule", "share"}, "目标值「一百」不是数字"},
		{[]string{"item", "甲", "target", "1", "weight", "1", "rule", "own", "formula", "valu * 2"}, "计分公式有误"},
		{[]string{"item", "甲", "target", "1", "weight", "1", "rule", "own", "formula", "'很好'"}, "计分公式有误"},
		{[]string{"item", "甲", "target", "1", "weight", "1", "rule", "own"}, "请写计分公式"},
		{[]string{"item", "甲", "figure", "不存在的指标", "target", "1", "weight", "1", "rule", "share"}, "请从查找结果中选择一个指标"},
	} {
		if code, body := d.setLine(at, c.pairs...); code != 400 || !strings.Contains(body, c.want) {
			t.Errorf("%v: %d", c.pairs, code)
		}
	}
	if d.record(at).Fields["lines"] != nil {
		t.Error("a wrong line was kept")
	}
	second := d.formOf(at)
	d.setLine(at, "item", "甲", "target", "1", "weight", "1", "rule", "share")
	for k, v := range map[string]string{"op": "set", "line": "0", "item": "乙", "target": "1", "weight": "1", "rule": "share"} {
		second.Set(k, v)
	}
	if code, body, _ := d.post(at, second); code != 409 || !strings.Contains(body, "同事刚改过这张考核表") || !strings.Contains(body, `value="乙"`) {
		t.Errorf("second: %d", code)
	}
	d.who = withRoles(d.bureau, "2", "director")
	if code, _ := d.setLine(at, "item", "丙", "target", "1", "weight", "1", "rule", "share"); code != 403 {
		t.Errorf("a director changes a line: %d", code)
	}
	if _, body := d.get(at); strings.Contains(body, `id="line"`) {
		t.Error("a director is offered the form")
	}
}
