package web_test

import (
	"bytes"
	"mime/multipart"
	"net/http"
	"net/url"
	"strings"
	"testing"

	"github.com/xuri/excelize/v2"

	"github.com/dinghai/dinghai/domain"
	"github.com/dinghai/dinghai/jobs/forms"
)

// blankForm is a form as a province hands it out: a title over several columns,
// a sum, a percent format.
func blankForm(t *testing.T) []byte {
	t.Helper()
	f := excelize.NewFile()
	check := func(err error) {
		if err != nil {
			t.Fatal(err)
		}
	}
	for cell, v := range map[string]any{"A1": "来信情况月报表", "A2": "项目", "B2": "本月", "C2": "累计", "A3": "来信", "A4": "按期率", "A5": "合计"} {
		check(f.SetCellValue("Sheet1", cell, v))
	}
	check(f.MergeCell("Sheet1", "A1", "C1"))
	check(f.SetCellFormula("Sheet1", "B5", "SUM(B3:C3)"))
	style, err := f.NewStyle(&excelize.Style{NumFmt: 10, Font: &excelize.Font{Bold: true}})
	check(err)
	check(f.SetCellStyle("Sheet1", "C4", "C4", style))
	var b bytes.Buffer
	check(f.Write(&b))
	return b.Bytes()
}

// sendFile posts a form with a file.
func (d *desk) sendFile(path string, v url.Values, name string, file []byte) (int, string, string) {
	return d.sendAs(path, "file.file", v, name, file)
}

// sendAs posts a form with a file under a name of its own.
func (d *desk) sendAs(path, field string, v url.Values, name string, file []byte) (int, string, string) {
	d.t.Helper()
	var b bytes.Buffer
	m := multipart.NewWriter(&b)
	for k := range v {
		_ = m.WriteField(k, v.Get(k))
	}
	if name != "" {
		w, err := m.CreateFormFile(field, name)
		if err != nil {
			d.t.Fatal(err)
		}
		_, _ = w.Write(file)
	}
	_ = m.Close()
	r, err := http.NewRequestWithContext(d.t.Context(), http.MethodPost, d.URL+path, &b)
	if err != nil {
		d.t.Fatal(err)
	}
	r.Header.Set("Content-Type", m.FormDataContentType())
	client := http.Client{CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}
	resp, err := client.Do(r)
	if err != nil {
		d.t.Fatal(err)
	}
	defer resp.Body.Close()
	var out strings.Builder
	buf := new(bytes.Buffer)
	_, _ = buf.ReadFrom(resp.Body)
	out.Write(buf.Bytes())
	return resp.StatusCode, out.String(), resp.Header.Get("Location")
}

// tie ties a cell of the first sheet.
func (d *desk) tie(at, cell, figure, period, scale string) (int, string) {
	d.t.Helper()
	code, body, _ := d.post(at, url.Values{"op": {"tie"}, "sheet": {"Sheet1"}, "cell": {cell}, "figure": {figure}, "period": {period}, "scale": {scale}})
	return code, body
}

// TestFillForm: a blank workbook is tied once and filled: formats, formulas and
// merged cells stay, each cell opens its rows, the next month is compared with
// this one.
func TestFillForm(t *testing.T) {
	d := openWriting(t)
	if _, body := d.get("/desk/forms"); !strings.Contains(body, "还没有上级报表") {
		t.Error("the empty list does not teach")
	}
	code, body, at := d.sendFile("/desk/forms", url.Values{"title": {"来信月报"}, "area": {"330900"}}, "来信月报.xlsx", blankForm(t))
	if code != 303 {
		t.Fatalf("upload: %d %s", code, body)
	}
	for _, c := range [][4]string{{"b3", "letters", "", "one"}, {"$C$3", "来信数", "year", "one"}, {"C4", "letters_on_time", "year", "share"}} {
		if code, body := d.tie(at, c[0], c[1], c[2], c[3]); code != 303 {
			t.Fatalf("tie %s: %d %s", c[0], code, body)
		}
	}
	code, body, to := d.post(at, url.Values{"op": {"tie"}, "sheet": {"Sheet1"}, "cell": {"E3"}, "figure": {"letters"}, "period": {"year"}, "spread": {"1"}})
	if code != 303 || strings.Contains(to, "cell=") {
		t.Fatalf("one for each county: %d %s %s", code, to, body)
	}
	_, body = d.get(at)
	wants(t, "one for each county", body, "已对应 7 个单元格", "Sheet1!E6", "来信数 · 当年累计 · 嵊泗县")
	for _, c := range []string{"E3", "E4", "E5", "E6"} {
		if code, _, _ := d.post(at, url.Values{"op": {"untie"}, "sheet": {"Sheet1"}, "cell": {c}}); code != 303 {
			t.Fatalf("untie %s: %d", c, code)
		}
	}
	_, body = d.get(at + "?cell=C3&sheet=Sheet1")
	wants(t, "the grid", body, `colspan="3"`, "已对应 3 个单元格", "dh-celltied", "当年累计", "ƒ")
	code, body, first := d.post(at, url.Values{"op": {"fill"}, "to": {"2023-09-30"}})
	if code != 303 {
		t.Fatalf("fill: %d %s", code, body)
	}
	_, body = d.get(first)
	wants(t, "the first filling", body, "这是第一次填报", "Sheet1!B3", "/figures/letters?area=330900&amp;from=2023-09-01&amp;to=2023-09-30")
	_, _, second := d.post(at, url.Values{"op": {"fill"}, "to": {"2023-10-31"}})
	_, body = d.get(second)
	wants(t, "the second filling", body, "与截至 2023-09-30 的上一次填报相比")
	d.checkFilled(second)
}

// checkFilled opens the file of a filling.
func (d *desk) checkFilled(at string) {
	t := d.t
	t.Helper()
	rec := d.record(at)
	code, body := d.get("/cases/" + rec.Ref.String() + "/files/file/0")
	if code != 200 {
		t.Fatalf("download: %d", code)
	}
	f, err := excelize.OpenReader(strings.NewReader(body))
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	for _, x := range rec.Fields["cells"].([]any) {
		row := x.(map[string]any)
		got, _ := f.GetCellValue("Sheet1", row["cell"].(string), excelize.Options{RawCellValue: true})
		if got == "" || got == "0" {
			t.Errorf("%s is %q", row["cell"], got)
		}
	}
	shown, _ := f.GetCellValue("Sheet1", "C4")
	formula, _ := f.GetCellFormula("Sheet1", "B5")
	merged, _ := f.GetMergeCells("Sheet1")
	if !strings.HasSuffix(shown, "%") || formula != "SUM(B3:C3)" || len(merged) != 1 {
		t.Errorf("the form changed: %q %q %v", shown, formula, merged)
	}
}

// TestFillFormWrong: what cannot be filled is told by cell, and nothing is kept.
func TestFillFormWrong(t *testing.T) {
	d := openWriting(t)
	code, body, _ := d.sendFile("/desk/forms", url.Values{"title": {"表"}, "area": {"330900"}}, "表.txt", []byte("不是工作簿"))
	if code != 400 || !strings.Contains(body, "xlsx") {
		t.Errorf("a text file: %d", code)
	}
	code, body, _ = d.sendFile("/desk/forms", url.Values{"title": {"表"}, "area": {"330900"}}, "", nil)
	if code != 400 || !strings.Contains(body, "请选择上级下发的空白报表") || !strings.Contains(body, `value="表"`) {
		t.Errorf("no file: %d", code)
	}
	_, _, at := d.sendFile("/desk/forms", url.Values{"title": {"表"}, "area": {"330900"}}, "表.xlsx", blankForm(t))
	for _, c := range []struct{ cell, figure, period, want string }{
		{"B5", "letters", "", "单元格 Sheet1!B5 是公式"},
		{"B1", "letters", "", "单元格 Sheet1!B1 在合并单元格里面"},
		{"五", "letters", "", "「五」不是单元格"},
		{"B3", "没有的", "", "请从查找结果中选择一个指标"},
		{"B3", "letters", "never", "没有「never」这种期间"},
	} {
		if code, body := d.tie(at, c.cell, c.figure, c.period, "one"); code != 400 || !strings.Contains(body, c.want) {
			t.Errorf("%+v: %d", c, code)
		}
	}
	if code, body, _ := d.post(at, url.Values{"op": {"fill"}, "to": {"2023-10-31"}}); code != 422 || !strings.Contains(body, "还没有对应任何单元格") {
		t.Errorf("nothing tied: %d", code)
	}
	d.tie(at, "B3", "letters", "", "one")
	if code, body, _ := d.post(at, url.Values{"op": {"fill"}, "to": {"2024-01-31"}}); code != 422 || !strings.Contains(body, "不能晚于今天") {
		t.Errorf("a day to come: %d", code)
	}
	list, err := d.bureau.Engine.Reader().List(t.Context(), domain.ListQuery{Kind: "summary.filling"})
	if err != nil || list.Total != 0 {
		t.Errorf("kept: %d %v", list.Total, err)
	}
	d.who = person(d.bureau, "3", "complaint_handler", "330900")
	if code, _ := d.tie(at, "B3", "letters", "", "one"); code != 403 {
		t.Errorf("a complaint handler ties: %d", code)
	}
}

// TestFillMonthly: forms are filled by themselves for the month before, once;
// one that cannot be filled holds up none of the others.
func TestFillMonthly(t *testing.T) {
	d := openWriting(t)
	_, _, broken := d.sendFile("/desk/forms", url.Values{"title": {"坏表"}, "area": {"330900"}}, "坏表.xlsx", blankForm(t))
	_, _, good := d.sendFile("/desk/forms", url.Values{"title": {"好表"}, "area": {"330900"}}, "好表.xlsx", blankForm(t))
	d.tie(broken, "B3", "letters", "", "one")
	d.tie(good, "B3", "letters", "", "one")
	other := excelize.NewFile() // the new version has another sheet
	if err := other.SetSheetName("Sheet1", "新表"); err != nil {
		t.Fatal(err)
	}
	b, err := other.WriteToBuffer()
	if err != nil {
		t.Fatal(err)
	}
	if code, body, _ := d.sendFile(broken, url.Values{"op": {"replace"}}, "新版.xlsx", b.Bytes()); code != 303 {
		t.Fatalf("replace: %d %s", code, body)
	}
	f := forms.Filler{Engine: d.bureau.Engine, Files: d.files}
	if n, err := f.Monthly(t.Context()); n != 1 || err == nil || !strings.Contains(err.Error(), "坏表") {
		t.Errorf("the first time: %d %v", n, err)
	}
	if n, _ := f.Monthly(t.Context()); n != 0 {
		t.Errorf("the second time: %d", n)
	}
	_, body := d.get(good)
	wants(t, "the form", body, "历次填报（1）", ">2023-10-31</a>")
	if _, body := d.get("/desk/forms"); strings.Count(body, "还没有填报") != 1 {
		t.Error("the list does not tell which form waits")
	}
}
