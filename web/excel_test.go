package web_test

import (
	"bytes"
	"io"
	"mime/multipart"
	"net/http"
	"net/url"
	"regexp"
	"strings"
	"testing"

	"github.com/xuri/excelize/v2"

	"github.com/dinghai/dinghai/domain"
)

func (d *desk) download(path string) []byte {
	d.t.Helper()
	resp, err := http.Get(d.URL + path)
	if err != nil {
		d.t.Fatal(err)
	}
	defer resp.Body.Close()
	b, err := io.ReadAll(resp.Body)
	if err != nil || resp.StatusCode != 200 {
		d.t.Fatalf("%s: %d %v", path, resp.StatusCode, err)
	}
	return b
}

func (d *desk) upload(path string, file []byte) (int, string) {
	d.t.Helper()
	var b bytes.Buffer
	m := multipart.NewWriter(&b)
	part, err := m.CreateFormFile("file", "list.xlsx")
	if err != nil {
		d.t.Fatal(err)
	}
	_, _ = part.Write(file)
	_ = m.Close()
	r, err := http.NewRequestWithContext(d.t.Context(), http.MethodPost, d.URL+path, &b)
	if err != nil {
		d.t.Fatal(err)
	}
	r.Header.Set("Content-Type", m.FormDataContentType())
	return d.send(r)
}

// TestExcelRoad: a list goes out to a spreadsheet exactly as it is shown, is
// edited, comes back, shows every change and what somebody else changed, and
// only then corrects.
func TestExcelRoad(t *testing.T) {
	d := openDesk(t)
	query := "?state=working&state=received&col=number&col=about&col=amount&col=state"
	_, page := d.get("/list/trial.letter" + query)
	shown := plainNumber(regexp.MustCompile(`共 ([\d,]+)`).FindStringSubmatch(page)[1])
	f, err := excelize.OpenReader(bytes.NewReader(d.download("/list/trial.letter/export.xlsx" + query)))
	if err != nil {
		t.Fatal(err)
	}
	rows, err := f.GetRows("清单")
	if err != nil || len(rows) != shown+1 {
		t.Fatalf("%d rows in the sheet, %d on the page (%v)", len(rows)-1, shown, err)
	}
	if csv := string(d.download("/list/trial.letter/export.csv" + query)); strings.Count(csv, "\n") != shown+1 {
		t.Errorf("%d lines in the CSV", strings.Count(csv, "\n"))
	}
	column := map[string]string{}
	for i, h := range rows[0] {
		name, _ := excelize.ColumnNumberToName(i + 1)
		column[h] = name
	}
	set := func(col string, row string, v any) {
		if err := f.SetCellValue("清单", column[col]+row, v); err != nil {
			t.Fatal(err)
		}
	}
	set("争议金额", "2", 4321.5)
	set("事由", "3", "改过的事由")
	set("事由", "4", "与他人冲突的更正")
	set("争议金额", "5", "不是数字")
	ref, err := domain.ParseRef(strings.Split(rows[3][0], "@")[0])
	if err != nil {
		t.Fatal(err)
	}
	if _, err := d.bureau.Engine.Do(t.Context(), domain.Command{Record: ref, Action: "note", Actor: d.who.Actor, Input: map[string]any{"text": "他人先办"}}); err != nil {
		t.Fatal(err)
	}
	var b bytes.Buffer
	if err := f.Write(&b); err != nil {
		t.Fatal(err)
	}
	code, page := d.upload("/list/trial.letter/back", b.Bytes())
	if code != 200 || !strings.Contains(page, "可更正 2 处，不能更正 2 处") || !strings.Contains(page, "他人已先行办理") || !strings.Contains(page, "不是数字") {
		t.Fatalf("compared: %d %s", code, regexp.MustCompile(`可更正[^<]*`).FindString(page))
	}
	v := url.Values{"_do": {"1"}}
	for _, m := range carriedInput.FindAllStringSubmatch(page, -1) {
		v.Set(m[1], m[2])
	}
	if _, page, _ = d.post("/list/trial.letter/back", v); !strings.Contains(page, "请填写更正理由") {
		t.Error("without a reason")
	}
	v.Set("_reason", "登记时看错")
	code, page, _ = d.post("/list/trial.letter/back", v)
	if code != 200 || !strings.Contains(page, "已更正 2 处") {
		t.Fatalf("corrected: %d %s", code, regexp.MustCompile(`已更正[^<]*`).FindString(page))
	}
	if _, page = d.get("/list/trial.letter?q=改过的事由"); !strings.Contains(page, "改过的事由") {
		t.Error("the correction is not found")
	}
}

// TestNotASheet: what is no sheet of ours gets a plain answer.
func TestNotASheet(t *testing.T) {
	d := openDesk(t)
	for name, b := range map[string][]byte{"text": []byte("hello"), "empty": nil, "zip": []byte("PK\x03\x04rubbish")} {
		if code, page := d.upload("/list/trial.letter/back", b); code != 400 || !strings.Contains(page, "文件无法读取") {
			t.Errorf("%s: %d", name, code)
		}
	}
}
