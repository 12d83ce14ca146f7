package importer_test

import (
	"bytes"
	"encoding/csv"
	"fmt"
	"os"
	"strings"
	"testing"

	"github.com/dinghai/dinghai/catalogue"
	"github.com/dinghai/dinghai/domain"
	"github.com/dinghai/dinghai/jobs/importer"
	"github.com/dinghai/dinghai/journey"
	"github.com/dinghai/dinghai/journey/journeytest"
	"github.com/dinghai/dinghai/kit/csvx"
	"github.com/dinghai/dinghai/kit/ids"
	"github.com/dinghai/dinghai/systems"
)

// runner is an engine over an empty store with the shipped catalogue.
func runner(t testing.TB) *journey.Runner {
	t.Helper()
	cat, err := catalogue.Load(os.DirFS("../../systems"))
	if err != nil {
		t.Fatal(err)
	}
	hooks, err := systems.Hooks()
	if err != nil {
		t.Fatal(err)
	}
	return journeytest.New(t, journeytest.Options{Catalogue: cat, Hooks: hooks})
}

// load imports a file and gives the counts and the rejected rows.
func load(t testing.TB, r *journey.Runner, kind, file string, dry bool) (importer.Result, [][]string) {
	t.Helper()
	k, known := importer.ForName(r.Engine.Catalogue(), kind)
	if k == nil {
		t.Fatalf("no import %q among %v", kind, known)
	}
	var rejects bytes.Buffer
	im := &importer.Importer{Engine: r.Engine, Kind: k, DryRun: dry, Rejects: &rejects,
		Actor: domain.Actor{ID: "import", Grants: []domain.Grant{{Role: "importer"}}}}
	res, err := im.Run(t.Context(), csvx.Rows(strings.NewReader(file), importer.Columns(k)))
	if err != nil {
		t.Skip(err) // the file as a whole cannot be read: no heading
	}
	read := csv.NewReader(&rejects)
	read.FieldsPerRecord = -1
	list, err := read.ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	if len(list) > 0 {
		if head := list[0]; head[0] != "原文件行号" || len(head) < 3 {
			t.Fatalf("rejects begin with %v, not with the file's headings", head)
		}
		list = list[1:]
	}
	return res, list
}

const heading = "企业名称,统一社会信用代码,注册日期,注册资本,企业地址,企业类型\n"

func code(n uint64) string { return ids.NewUSCC("9", "1", "330902", n) }

// TestRegister loads the shapes old registers have; what cannot be read is in
// the rejects with its line and reason, and the rest is loaded.
func TestRegister(t *testing.T) {
	r := runner(t)
	file := heading +
		"舟山望潮贸易有限公司," + code(1) + ",2019-05-01,50(万元人民币),浙江省舟山市定海区环南街道解放路1号,有限责任公司\n" +
		"舟山听涛船务有限公司," + strings.ToLower(code(2)) + ",2018/3/9,13(万美元),舟山市普陀区沈家门街道,有限责任公司\n" +
		"舟山旧号商行,330902600012345,2009-01-02,\"1,428(万元人民币)\",岱山县高亭镇,个体工商户\n" +
		"舟山无资本合作社," + code(3) + ",2017-02-03,N/A,嵊泗县菜园镇,农民专业合作社\n" +
		"舟山错码有限公司," + code(4)[:17] + wrong(code(4)) + ",2019-05-01,50万元,定海区,有限责任公司\n" +
		"舟山外地有限公司," + code(5) + ",2019-05-01,50万元,杭州市西湖区,有限责任公司\n" +
		"舟山多钱有限公司," + code(6) + ",2019-05-01,很多,定海区,有限责任公司\n" +
		"舟山何日有限公司," + code(7) + ",去年,50万元,定海区,有限责任公司\n"
	dry, _ := load(t, r, "entity", file, true)
	res, rejected := load(t, r, "entity", file, false)
	if dry.Loaded != res.Loaded || res.Rows != 8 || res.Loaded != 4 || res.Rejected != 4 {
		t.Fatalf("loaded %+v, dry run %+v: %v", res, dry, rejected)
	}
	for i, want := range []string{"校验", "辖区", "金额", "日期"} {
		if line := fmt.Sprint(i + 6); rejected[i][0] != line || !strings.Contains(rejected[i][1], want) {
			t.Errorf("rejects line %v, want line %s about %s", rejected[i][:2], line, want)
		}
	}
	for q, fen := range map[string]int64{code(1): 50_0000_00, code(2): 13_0000_00, "舟山旧号商行": 1428_0000_00} {
		page, err := r.Engine.Reader().Search(t.Context(), domain.SearchQuery{Text: q, Limit: 2})
		if err != nil || len(page.Rows) == 0 {
			t.Fatalf("%s: %v %v", q, page.Rows, err)
		}
		rec, err := r.Engine.Reader().Record(t.Context(), page.Rows[0].Ref)
		if err != nil || rec.Fields["capital"] != fen {
			t.Errorf("%s: capital %v, want %d (%v)", q, rec.Fields["capital"], fen, err)
		}
	}
	again, _ := load(t, r, "entity", file, false)
	if again.Again != 4 || again.Loaded != 0 {
		t.Errorf("a second run: %+v", again)
	}
}

// wrong is a check character other than the right one.
func wrong(code string) string {
	if code[17] == '0' {
		return "1"
	}
	return "0"
}

// TestMoney reads amounts as registers write them.
func TestMoney(t *testing.T) {
	for text, want := range map[string]importer.Money{
		"50(万元人民币)":    {Fen: 50_000_000, Currency: "CNY"},
		"13(万美元)":      {Fen: 13_000_000, Currency: "USD"},
		"1,428(万元人民币)": {Fen: 1_428_000_000, Currency: "CNY"},
		"7万人民币":        {Fen: 7_000_000, Currency: "CNY"},
		"120.50":       {Fen: 12050},
		"0.5亿元":        {Fen: 5_000_000_000},
		"3（千元）":        {Fen: 300_000},
	} {
		if got, err := importer.ParseMoney(text); err != nil || got != want {
			t.Errorf("%s: %+v (%v), want %+v", text, got, err, want)
		}
	}
	for _, text := range []string{"", "很多", "-5", "1.234", "99999999999999999999亿", "50万万", "5e3"} {
		if got, err := importer.ParseMoney(text); err == nil || strings.Contains(err.Error(), "strconv") {
			t.Errorf("%q gave %+v, %v", text, got, err)
		}
	}
}

// FuzzRows: every row of whatever file is loaded or rejected, none is lost.
func FuzzRows(f *testing.F) {
	f.Add(heading + "甲," + code(9) + ",2019-05-01,50万元,定海区,有限责任公司\n")
	f.Add(heading + "\"甲,\n乙\",,,,,\n,,,\n")
	f.Add("名称\n甲\n乙\n")
	f.Add(heading + strings.Repeat("9", 40) + ",1e18,45000,1.5,330902,是\n")
	f.Add("\xb6\xa8\xba\xa3,\xff\n\xb6\xa8,1\n")
	r := runner(f)
	f.Fuzz(func(t *testing.T, file string) {
		res, rejected := load(t, r, "entity", file, true)
		if res.Loaded+res.Again+res.Rejected != res.Rows || len(rejected) != res.Rejected {
			t.Errorf("%+v with %d lines of rejects", res, len(rejected))
		}
	})
}
