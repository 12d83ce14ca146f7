package gbt9704_test

import (
	"bytes"
	"fmt"
	"image"
	"image/color"
	"math"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/dinghai/dinghai/kit/need"
	"github.com/dinghai/dinghai/kit/pdf"
	"github.com/dinghai/dinghai/kit/typeset"
	"github.com/dinghai/dinghai/kit/typeset/fonts"
	"github.com/dinghai/dinghai/kit/typeset/gbt9704"
)

var stamp = seal()

// seal draws a ring with a star, as good as a seal for measuring.
func seal() *typeset.Image {
	const n = 420
	m := image.NewNRGBA(image.Rect(0, 0, n, n))
	for y := range n {
		for x := range n {
			dx, dy := float64(x)-n/2+0.5, float64(y)-n/2+0.5
			d := math.Hypot(dx, dy)
			// Five spikes: the edge of a star swings between two radii.
			a := math.Mod(math.Atan2(dx, -dy)+2*math.Pi, 2*math.Pi/5) - math.Pi/5
			star := 24 / math.Cos(a) / (1.2 - math.Abs(a))
			if d > 198 && d < 210 || d < star {
				m.Set(x, y, color.NRGBA{R: 0xE0, A: 0xC0})
			}
		}
	}
	return typeset.NewImage(m, gbt9704.SealWidth)
}

func notice() *gbt9704.Document {
	return &gbt9704.Document{
		Copy: "000001", Secrecy: "内部", Urgency: "加急",
		Masthead: "舟山市市场监督管理局文件",
		Number:   gbt9704.Number{Organ: "舟市监", Year: 2024, Serial: 12},
		Title:    "舟山市市场监督管理局关于开展2024年度双随机、一公开监督检查工作的通知",
		To:       "各县（区）市场监督管理局、功能区分局，市局各处室、直属单位",
		Body: []gbt9704.Part{
			{Text: "为了规范市场监督管理行为，根据《企业信息公示暂行条例》《国务院关于在市场监管领域全面推行部门联合“双随机、一公开”监管的意见》（国发〔2019〕5号）等规定，现将有关事项通知如下："},
			{Level: 1, Heading: "总体要求", Text: "坚持问题导向、信用导向，做到“进一次门、查多项事”，全年抽查比例不低于5%，检查结果公示率达100%。"},
			{Level: 1, Heading: "主要任务"},
			{Level: 2, Heading: "制定抽查计划。", Text: "各单位应当于3月31日前制定本年度抽查工作计划，报市局备案后向社会公布——计划一经公布，不得随意调整……\n确需调整的，应当说明理由。"},
			{Level: 2, Heading: "规范抽查程序。", Text: "抽取过程由系统留痕，全程可追溯。"},
			{Level: 3, Heading: "随机抽取检查对象。", Text: "按照风险等级确定抽查比例。"},
			{Level: 3, Heading: "随机选派执法检查人员。", Text: "每组不少于2人。"},
			{Level: 4, Heading: "持证上岗。"},
			{Level: 1, Heading: "工作要求", Text: "各单位要加强组织领导，落实经费保障，强化信息共享。联系人：张三，电话：0580-2026000。"},
		},
		Enclosures: []string{"2024年度抽查事项清单", "舟山市市场监督管理局随机抽查检查对象名录库和执法检查人员名录库管理办法"},
		Issuer:     "舟山市市场监督管理局",
		Date:       "2024-03-05",
		Seal:       stamp,
		Note:       "此件公开发布",
		Annexes: []gbt9704.Annex{
			{Title: "2024年度抽查事项清单", Body: []gbt9704.Part{{Blocks: []typeset.Block{table(40)}}}},
			{Title: "名录库管理办法", Body: []gbt9704.Part{{Text: "第一条　为了加强管理，制定本办法。"}}},
		},
		CopyTo:  "省市场监督管理局，市委办公室、市人大常委会办公室、市政府办公室、市政协办公室，市纪委市监委机关",
		Printer: "舟山市市场监督管理局办公室",
		Printed: "2024-03-06",
	}
}

func table(n int) typeset.Table {
	cell := func(f typeset.Family, s string, a typeset.Align) typeset.Cell {
		return typeset.Cell{Paragraphs: []typeset.Paragraph{{Align: a, Leading: 20 * typeset.Pt,
			Spans: []typeset.Span{{Text: s, Style: typeset.Style{Family: f, Size: typeset.Size4}}}}}}
	}
	row := func(f typeset.Family, a, b, c string) typeset.Row {
		return typeset.Row{Cells: []typeset.Cell{cell(f, a, typeset.Center), cell(f, b, typeset.Justify), cell(f, c, typeset.Center)}}
	}
	t := typeset.Table{Columns: []typeset.Length{typeset.MM(15), 0, typeset.MM(30)}, Head: 1, Border: typeset.Pt / 2, Padding: 2 * typeset.Pt}
	t.Rows = append(t.Rows, row(typeset.HeiTi, "序号", "抽查事项", "比例"))
	for i := range n {
		t.Rows = append(t.Rows, row(typeset.FangSong, fmt.Sprint(i+1), "登记事项检查：营业执照规范使用情况、名称规范使用情况、经营期限检查", fmt.Sprintf("%d%%", 3+i%5)))
	}
	return t
}

func set(t testing.TB, d *gbt9704.Document) *typeset.Document {
	t.Helper()
	out, err := d.Typeset(fonts.Embedded())
	if err != nil {
		t.Fatal(err)
	}
	return out
}

func write(t testing.TB, doc *typeset.Document) string {
	t.Helper()
	var b bytes.Buffer
	if err := pdf.Write(&b, doc, pdf.Info{Title: "通知", Date: time.Date(2024, 3, 5, 0, 0, 0, 0, time.UTC)}); err != nil {
		t.Fatal(err)
	}
	file := filepath.Join(t.TempDir(), "a.pdf")
	if keep := os.Getenv("KEEP_PDF"); keep != "" {
		file = filepath.Join(keep, strings.ReplaceAll(t.Name(), "/", "-")+".pdf")
	}
	if err := os.WriteFile(file, b.Bytes(), 0o600); err != nil {
		t.Fatal(err)
	}
	return file
}

func run(t testing.TB, tool string, args ...string) []byte {
	t.Helper()
	out, err := exec.Command(need.Tool(t, tool), args...).Output()
	if err != nil {
		t.Fatal(tool, err)
	}
	return out
}
