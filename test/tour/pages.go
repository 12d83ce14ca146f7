package tour

import (
	"errors"
	"fmt"
	"net/url"
	"os"
	"path"
	"path/filepath"
	"regexp"

	"github.com/chromedp/chromedp"
	"github.com/xuri/excelize/v2"

	"github.com/dinghai/dinghai/web/browser"
)

// Page is one page of the product and who looks at it.
type Page struct {
	Name  string
	Path  string
	As    string                   // log-in; "" = a stranger
	Then  func(*browser.Tab) error // what is done there before the page is looked at
	Wrong bool                     // answers with an error on purpose
}

// Pages is every page of the product, with records of the demo on them.
func (s *Site) Pages() ([]Page, error) {
	f := &finder{s: s}
	list := append(f.public(), f.desk()...)
	list = append(list, f.records()...)
	list = append(list, f.forms()...)
	list = append(list, f.reporting()...)
	list = append(list, f.staff()...)
	list = append(list, f.audit()...)
	return list, errors.Join(f.errs...)
}

// finder looks up records for the pages.
type finder struct {
	s    *Site
	errs []error
}

// one is the address of a record of a list; a list that must not be empty and
// is, is an error.
func (f *finder) one(login, list string) string {
	at, err := f.s.First(login, "/list/"+list)
	if err == nil && at == "" {
		err = fmt.Errorf("no record in /list/%s", list)
	}
	if err != nil {
		f.errs = append(f.errs, err)
	}
	return at
}

func (f *finder) public() []Page {
	q := url.QueryEscape("海")
	shop, closed := f.one("shenli", "registration.entity?state=open"), f.one("shenli", "complaint.complaint?state=archived")
	return []Page{
		{Name: "home", Path: "/"}, {Name: "search-empty", Path: "/search"}, {Name: "search", Path: "/search?q=" + q}, {Name: "search-none", Path: "/search?q=zzzz"},
		{Name: "subject-public", Path: shop}, {Name: "case-public", Path: closed},
		{Name: "complain-1", Path: "/complain"}, {Name: "complain-1-wrong", Path: "/complain", Then: wrongly, Wrong: true}, {Name: "complain-1-found", Path: "/complain", Then: find},
		{Name: "complain-2", Path: "/complain", Then: step2}, {Name: "complain-3", Path: "/complain", Then: step3}, {Name: "complain-sent", Path: "/complain", Then: file},
		{Name: "follow", Path: "/follow"}, {Name: "follow-unknown", Path: "/follow", Then: unknownCode}, {Name: "follow-evidence", Path: "/complain", Then: evidence},
		{Name: "figures", Path: "/figures"}, {Name: "figure", Path: "/figures/complaints_total"}, {Name: "figure-rate", Path: "/figures/first_check_rate"},
		{Name: "figure-money", Path: "/figures/loss_recovered"}, {Name: "figure-none", Path: "/figures/complaints_total?from=2020-01-01&to=2020-12-31"},
		{Name: "report", Path: "/report"}, {Name: "draft", Path: "/draft"}, {Name: "draft-result", Path: "/draft", Then: checked},
		{Name: "catalogue", Path: "/catalogue"}, {Name: "kind-case", Path: "/catalogue/complaint.complaint"}, {Name: "kind-subject", Path: "/catalogue/registration.entity"},
		{Name: "clocks", Path: "/catalogue/clocks"}, {Name: "clock", Path: "/catalogue/clocks/CMP-MEDIATE"}, {Name: "items", Path: "/catalogue/items"}, {Name: "items-replay", Path: "/catalogue/items/T18/replay", As: "guning"},
		{Name: "code-list", Path: "/catalogue/lists/complaint_channel"},
		{Name: "login", Path: "/login"}, {Name: "login-wrong", Path: "/login", Then: wrongPassword, Wrong: true},
		{Name: "missing", Path: "/nothing", Wrong: true}, {Name: "no-right", Path: "/admin/people", As: "zhoulan", Wrong: true},
	}
}

func (f *finder) desk() []Page {
	return []Page{
		{Name: "home-officer", Path: "/", As: "zhoulan"},
		{Name: "inbox-mine", Path: "/inbox?tab=mine", As: "zhoulan"}, {Name: "inbox-free", Path: "/inbox?tab=free", As: "zhoulan"}, {Name: "inbox-area", Path: "/inbox?tab=area", As: "shenli"},
		{Name: "inbox-late", Path: "/inbox?tab=area&late=1&kind=complaint.complaint", As: "shenli"},
		{Name: "calendar", Path: "/calendar", As: "shenli"}, {Name: "calendar-late", Path: "/calendar?span=late", As: "shenli"}, {Name: "cockpit", Path: "/cockpit", As: "shenli"},
		{Name: "cockpit-rate", Path: "/cockpit?show=first_check_rate", As: "shenli"},
		{Name: "trip", Path: "/trip", As: "hemiao"}, {Name: "trip-area", Path: "/trip?area=330921&day=2023-11-20", As: "hemiao"},
		{Name: "lists", Path: "/list", As: "shenli"}, {Name: "list-cases", Path: "/list/complaint.complaint", As: "linxiaozhou"}, {Name: "list-subjects", Path: "/list/registration.entity", As: "shenli"},
		{Name: "list-filtered", Path: "/list/complaint.complaint?state=received&due=soon", As: "linxiaozhou"}, {Name: "list-none", Path: "/list/complaint.complaint?q=zzzz", As: "linxiaozhou"},
		{Name: "bulk", Path: "/list/complaint.complaint?state=received", As: "linxiaozhou", Then: bulk}, {Name: "excel-back", Path: "/list/complaint.complaint", As: "linxiaozhou", Then: f.excelBack},
		{Name: "search-officer", Path: "/search?q=" + url.QueryEscape("渔"), As: "shenli"},
	}
}

func (f *finder) records() []Page {
	shop := f.one("shenli", "registration.entity?state=open")
	waiting, running := f.one("linxiaozhou", "complaint.complaint?state=received"), f.one("linxiaozhou", "complaint.complaint?state=mediating&state=accepted")
	closed := f.one("shenli", "complaint.complaint?state=archived")
	return []Page{
		{Name: "subject", Path: shop, As: "shenli"}, {Name: "visit", Path: shop + "/visit", As: "shenli"}, {Name: "chain", Path: shop + "/chain", As: "shenli"}, {Name: "chain-past", Path: shop + "/chain?on=2023-06-30", As: "shenli"}, {Name: "looks-subject", Path: shop + "/looks", As: "shenli"}, {Name: "looks", Path: running + "/looks", As: "linxiaozhou"},
		{Name: "case-received", Path: waiting, As: "linxiaozhou"}, {Name: "case-running", Path: running, As: "linxiaozhou"}, {Name: "case-archived", Path: closed, As: "shenli"},
		{Name: "case-sample", Path: f.one("shenli", "food.sample"), As: "shenli"}, {Name: "case-penalty", Path: f.one("shenli", "penalty.case"), As: "shenli"},
		{Name: "case-plan", Path: f.one("shenli", "inspection.plan"), As: "shenli"}, {Name: "case-check", Path: f.one("shenli", "inspection.check"), As: "shenli"},
		{Name: "case-permit", Path: f.one("shenli", "food.permit"), As: "shenli"}, {Name: "instrument", Path: f.one("shenli", "metrology.instrument"), As: "shenli"},
	}
}

// reporting is the reports, forms and assessments under way.
func (f *finder) reporting() []Page {
	at := func(list, page string) string { return page + path.Base(f.one("qiancheng", list)) }
	form, stood := at("summary.workbook", "/desk/forms/"), at("summary.report?state=published", "/reports/")
	return []Page{
		{Name: "reports", Path: "/desk/reports", As: "qiancheng"}, {Name: "report-write", Path: at("summary.report?state=draft", "/desk/reports/"), As: "qiancheng"},
		{Name: "report-reader", Path: at("summary.report?state=draft", "/desk/reports/"), As: "shenli"},
		{Name: "report-published", Path: at("summary.report?state=published", "/desk/reports/"), As: "shenli"},
		{Name: "published", Path: "/reports"}, {Name: "published-report", Path: stood}, {Name: "published-withdrawn", Path: at("summary.report?state=withdrawn", "/reports/")},
		{Name: "published-figure", Path: "/figures/complaints_total?from=2023-09-01&to=2023-09-30&area=330900&report=" + path.Base(stood)},
		{Name: "published-case", Path: "/cases/" + path.Base(stood)}, {Name: "published-missing", Path: "/reports/x", Wrong: true},
		{Name: "books", Path: "/desk/forms", As: "qiancheng"}, {Name: "book", Path: form + "?sheet=" + url.QueryEscape("月报") + "&cell=E4", As: "qiancheng"},
		{Name: "book-filled", Path: form, As: "qiancheng", Then: fillBook},
		{Name: "assessments", Path: "/desk/assessments", As: "qiancheng"}, {Name: "assessment", Path: at("summary.assessment", "/desk/assessments/") + "?line=2", As: "qiancheng"},
	}
}

func (f *finder) forms() []Page {
	waiting, running := f.one("linxiaozhou", "complaint.complaint?state=received"), f.one("linxiaozhou", "complaint.complaint?state=mediating&state=accepted")
	return []Page{
		{Name: "form-receive", Path: "/new/complaint.complaint/receive", As: "linxiaozhou"}, {Name: "form-plan", Path: "/new/food.sample/plan", As: "hemiao"},
		{Name: "form-accept", Path: waiting + "/do/accept", As: "linxiaozhou"}, {Name: "form-accept-preview", Path: waiting + "/do/accept", As: "linxiaozhou", Then: preview},
		{Name: "form-refuse", Path: waiting + "/do/refuse", As: "linxiaozhou"}, {Name: "form-wrong", Path: "/new/complaint.complaint/receive", As: "linxiaozhou", Then: sentEmpty, Wrong: true},
		{Name: "form-correct", Path: running + "/do/correct?field=goods", As: "linxiaozhou"}, {Name: "form-note", Path: running + "/do/note", As: "linxiaozhou"},
		{Name: "form-assign", Path: running + "/do/assign", As: "linxiaozhou"}, {Name: "form-void", Path: waiting + "/do/void", As: "linxiaozhou"},
		{Name: "form-establish", Path: "/new/registration.establish/" + f.opening("registration.establish"), As: "chenqiu"},
	}
}

func (f *finder) staff() []Page {
	person := f.one("guning", "organisation.person")
	return []Page{
		{Name: "account", Path: "/account", As: "zhoulan"}, {Name: "people", Path: "/admin/people", As: "guning"}, {Name: "person", Path: "/admin" + personPath(person), As: "guning"},
		{Name: "person-security", Path: "/admin" + personPath(person), As: "anran"}, {Name: "enrol", Path: "/new/organisation.person/enrol", As: "guning"},
		{Name: "give", Path: "/new/organisation.grant/give", As: "anran"}, {Name: "grants", Path: "/admin/grants", As: "anran"}, {Name: "organs", Path: "/admin/organs", As: "guning"},
		{Name: "access-log", Path: "/admin/log", As: "qinlang"}, {Name: "notices", Path: "/notices", As: "zhoulan"}, {Name: "admin-notices", Path: "/admin/notices", As: "guning"},
		{Name: "jobs", Path: "/admin/jobs", As: "guning"}, {Name: "days-off", Path: "/admin/calendar", As: "guning"}, {Name: "days-off-preview", Path: "/admin/calendar", As: "guning", Then: f.notice}, {Name: "backup", Path: "/admin/backup", As: "guning"},
		{Name: "lint", Path: "/admin/catalogue", As: "guning"},
	}
}

// audit is a case as an auditor sees it: what only an auditor may do with it.
func (f *finder) audit() []Page {
	closed := f.one("shenli", "complaint.complaint?state=archived")
	return []Page{
		{Name: "case-auditor", Path: closed, As: "jiming"}, {Name: "form-hold", Path: closed + "/do/hold", As: "jiming"}, {Name: "form-erase", Path: closed + "/do/erase", As: "jiming"},
	}
}

var lastPart = regexp.MustCompile(`/[^/]+$`)

func personPath(address string) string { return "/people" + lastPart.FindString(address) }

var newLink = regexp.MustCompile(`href="/new/([a-z_.]+)/([a-z_]+)"`)

// opening is the first action by which a kind is begun.
func (f *finder) opening(kind string) string {
	body, err := f.s.Get("chenqiu", "/list/"+kind)
	if err != nil {
		f.errs = append(f.errs, err)
		return ""
	}
	for _, m := range newLink.FindAllStringSubmatch(body, -1) {
		if m[1] == kind {
			return m[2]
		}
	}
	f.errs = append(f.errs, fmt.Errorf("no way to begin %s", kind))
	return ""
}

// notice uploads a made-up notice of days off that moves deadlines, and looks
// at what it would move.
func (f *finder) notice(t *browser.Tab) error {
	path := filepath.Join(f.s.Data, "..", "notice.csv")
	const days = "日期,类型,名称\n2023-11-20,休,演示休息日\n2023-11-21,休,演示休息日\n2023-11-25,班,演示调休\n"
	if err := os.WriteFile(path, []byte(days), 0o600); err != nil {
		return err
	}
	return t.Press(chromedp.SetUploadFiles(`#cal-file`, []string{path}), chromedp.SetValue("#cal-year", "2023"),
		chromedp.SetValue(`[name="source"]`, "演示通知〔2023〕1号"), browser.Click(`form[action="/admin/calendar"] .btn-primary`))
}

// excelBack sends a list back with one cell changed.
func (f *finder) excelBack(t *browser.Tab) error {
	path := filepath.Join(f.s.Data, "..", "back.xlsx")
	lang, err := browser.Run(t, chromedp.Evaluate[string](`document.documentElement.lang.slice(0, 2)`))
	if err != nil {
		return err
	}
	if err := f.s.Sheet("linxiaozhou", "/list/complaint.complaint/export.xlsx?col=title&col=goods&state=received&lang="+lang, path, func(x *excelize.File) error {
		return x.SetCellStr(x.GetSheetName(0), "C2", "大黄鱼一条")
	}); err != nil {
		return err
	}
	return t.Press(open(".dh-menu2"), chromedp.SetUploadFiles(`input[name="file"]`, []string{path}), browser.Click(`form[action$="/back"] button`))
}
