package browser

import (
	"path/filepath"
	"strings"
	"testing"

	"github.com/chromedp/chromedp"
	"github.com/xuri/excelize/v2"

	"github.com/dinghai/dinghai/web/browser"
)

// TestExcelRoad: a list goes out as a sheet, is edited, comes back as a preview
// in which nothing has happened yet, and then as corrections with their reason.
func TestExcelRoad(t *testing.T) {
	for _, c := range []struct {
		lang  string
		width int64
	}{{"zh", 1440}, {"en", 390}} {
		t.Run(c.lang, func(t *testing.T) {
			p := somebody(t, c.lang, c.width)
			p.as("linxiaozhou")
			p.visit("/list/complaint.complaint?state=archived&col=title&col=goods")
			href := eval[string](p, `document.querySelector('.dh-toolbar a[href*="export.xlsx"]').getAttribute('href')`)
			path, fresh := filepath.Join(t.TempDir(), "back.xlsx"), "冻带鱼"+c.lang
			check(t, shared.site.Sheet("linxiaozhou", href+"&lang="+c.lang, path, func(x *excelize.File) error {
				return x.SetCellStr(x.GetSheetName(0), goods(t, x)+"2", fresh)
			}))
			p.do(browser.Click(".dh-menu2 > summary"), chromedp.SetUploadFiles(`.dh-menu2 input[type=file]`, []string{path}))
			p.send(`form[action$="/back"] button`)
			p.says(fresh)
			at := eval[string](p, `document.querySelector('.dh-rows .dh-lead a').getAttribute('href')`)
			if body, err := shared.site.Get("linxiaozhou", at); err != nil || strings.Contains(body, fresh) {
				t.Fatalf("the preview changed the record (%v)", err)
			}
			p.send(`button[name="_do"]`) // without a reason
			if eval[int](p, `document.querySelectorAll('.dh-problem').length`) == 0 {
				t.Error("no reason was asked for")
			}
			p.do(chromedp.SendKeys("#i-reason", "登记时写错"))
			p.send(`button[name="_do"]`)
			p.visit(at)
			p.says(fresh)
			p.says("登记时写错")
			p.calm()
		})
	}
}

// goods is the column of the sheet that holds the goods.
func goods(t *testing.T, x *excelize.File) string {
	t.Helper()
	head, err := x.GetRows(x.GetSheetName(0))
	check(t, err)
	for i, h := range head[0] {
		if h == "商品或者服务名称" || h == "Goods or service bought" {
			name, err := excelize.ColumnNumberToName(i + 1)
			check(t, err)
			return name
		}
	}
	t.Fatalf("no such column in %v", head[0])
	return ""
}
