package web

import (
	"context"
	"errors"
	"log/slog"
	"net/http"
	"net/netip"
	"sync"
	"time"

	"github.com/prometheus/client_golang/prometheus"

	"github.com/dinghai/dinghai/access"
	"github.com/dinghai/dinghai/catalogue"
	"github.com/dinghai/dinghai/domain"
	"github.com/dinghai/dinghai/engine"
	"github.com/dinghai/dinghai/jobs"
	"github.com/dinghai/dinghai/jobs/notify"
	"github.com/dinghai/dinghai/store/files"
	"github.com/dinghai/dinghai/web/assets"
	"github.com/dinghai/dinghai/web/i18n"
)

// Config is what the pages need.
type Config struct {
	Engine    *engine.Engine
	Reports   Reports   // nil: the report and the draft checker say they are not installed
	Publisher Publisher // nil: reports can be written, not published
	// Wordings are the texts reports begin from, by template and language.
	Wordings  map[string]map[string]string
	Title     domain.Text     // name of the bureau
	Area      string          // root of its areas, e.g. 330900
	Demo      bool            // invented businesses and people: every page says so
	Access    *access.Service // log-in; nil = nobody signs in
	PublicURL string          // address the bureau is reached by, e.g. https://bureau.example; "" = plain HTTP
	Proxies   []netip.Prefix  // hosts whose X-Forwarded-For is believed
	// Viewer tells who asks, from the request's session; nil = nobody signs in.
	Viewer   func(*http.Request) (domain.Viewer, error)
	Files    *files.Service                            // uploads and what they became; nil = none
	Work     Work                                      // drafts, saved views, notices, access log; nil = none
	Notices  *notify.Service                           // how people are told; nil = in the product alone
	Map      *Map                                      // the bureau's own map; nil = our simple drawing
	Runs     *jobs.Runs                                // what runs by itself; nil = nothing does
	Lint     func(context.Context) (LintResult, error) // checks the catalogue on the disk; nil = not offered
	Progress func() Progress                           // state of a load under way; nil = none
	Through  func() domain.Date                        // last day of the default period; nil = today
	Tiles    []string                                  // indicators on the home page, before those asked most
	Log      *slog.Logger                              // nil = slog.Default()
	Registry *prometheus.Registry
}

// Progress tells how far a load is.
type Progress struct {
	Running     bool
	Stage       domain.Text
	Done, Total int
}

// server answers the pages.
type server struct {
	Config
	cat    *catalogue.Catalogue
	read   domain.Reader
	langs  map[string]*i18n.Lang
	assets *assets.Set
	meter  *meter
	slots  chan struct{}
	forms  sync.Map // blank forms by definition, language and day
	limit  limiter
	past   pastFigures
}

// maxBusy is how many requests are answered at a time; further ones are told
// to come back rather than made to wait.
const maxBusy = 256

// New makes the handler of all pages.
func New(c Config) (http.Handler, error) {
	if c.Engine == nil {
		return nil, errors.New("web: no engine")
	}
	langs, err := i18n.Load()
	if err != nil {
		return nil, err
	}
	set, err := assets.Load()
	if err != nil {
		return nil, err
	}
	if c.Log == nil {
		c.Log = slog.Default()
	}
	if c.Registry == nil {
		c.Registry = prometheus.NewRegistry()
	}
	s := &server{Config: c, cat: c.Engine.Catalogue(), read: c.Engine.Reader(), langs: langs, assets: set,
		meter: newMeter(c.Registry), slots: make(chan struct{}, maxBusy)}
	if c.Access != nil && c.Viewer == nil {
		s.Viewer = func(r *http.Request) (domain.Viewer, error) { return c.Access.Viewer(r.Context(), s.token(r)) }
	}
	return s.handler(), nil
}

// routes lists every page.
func (s *server) routes() *http.ServeMux {
	m := http.NewServeMux()
	m.Handle("GET /static/", s.assets)
	m.HandleFunc("GET /healthz", s.health)
	m.HandleFunc("GET /metrics", s.metrics)
	m.HandleFunc("POST /settings", s.settings)
	m.HandleFunc("GET /{$}", s.page(s.home))
	m.HandleFunc("GET /progress", s.page(s.progress))
	m.HandleFunc("GET /search", s.page(s.search))
	m.HandleFunc("GET /subjects/{ref}", s.page(s.record))
	m.HandleFunc("GET /cases/{ref}", s.page(s.record))
	m.HandleFunc("GET /subjects/{ref}/visit", s.page(s.visit))
	m.HandleFunc("GET /subjects/{ref}/chain", s.page(s.chain))
	m.HandleFunc("GET /subjects/{ref}/looks", s.page(s.looks))
	m.HandleFunc("GET /cases/{ref}/looks", s.page(s.looks))
	s.actions(m)
	m.HandleFunc("GET /desk", s.desk)
	m.HandleFunc("GET /inbox", s.page(s.inbox))
	m.HandleFunc("POST /saved", s.saveView)
	m.HandleFunc("GET /calendar", s.page(s.calendar))
	m.HandleFunc("GET /cockpit", s.page(s.cockpit))
	m.HandleFunc("GET /trip", s.page(s.trip))
	m.HandleFunc("GET /trip.xlsx", s.tripSheet)
	m.HandleFunc("GET /list", s.page(s.lists))
	m.HandleFunc("GET /list/{kind}", s.page(s.records))
	m.HandleFunc("POST /list/{kind}/bulk", s.bulk)
	m.HandleFunc("GET /list/{kind}/export.xlsx", s.export("xlsx"))
	m.HandleFunc("GET /list/{kind}/export.csv", s.export("csv"))
	m.HandleFunc("POST /list/{kind}/back", s.excelBack)
	m.HandleFunc("GET /complain", s.page(s.complainStart))
	m.HandleFunc("POST /complain", s.complainNext)
	m.HandleFunc("GET /follow", s.page(s.follow))
	m.HandleFunc("POST /follow", s.followAsk)
	m.HandleFunc("GET /follow/{action}", s.page(s.followForm))
	m.HandleFunc("POST /follow/{action}", s.followSend)
	m.HandleFunc("GET /pick/", s.pick)
	m.HandleFunc("POST /drafts", s.keepDraft)
	m.HandleFunc("GET /figures", s.page(s.indicators))
	m.HandleFunc("GET /figures/{id}", s.page(s.figure))
	m.HandleFunc("GET /figures/{id}/rows.csv", s.rowsCSV)
	m.HandleFunc("GET /report", s.page(s.report))
	m.HandleFunc("GET /report.md", s.reportText)
	m.HandleFunc("GET /report.json", s.reportJSON)
	s.publicReports(m)
	s.deskReports(m)
	s.deskForms(m)
	s.deskAssessments(m)
	m.HandleFunc("GET /draft", s.page(s.draft))
	m.HandleFunc("POST /draft", s.page(s.draftCheck))
	m.HandleFunc("GET /catalogue", s.page(s.catalogue))
	m.HandleFunc("GET /catalogue/clocks", s.page(s.clockRules))
	m.HandleFunc("GET /catalogue/clocks/{code}", s.page(s.clockRule))
	m.HandleFunc("GET /catalogue/indicators", s.page(s.indicators))
	m.HandleFunc("GET /catalogue/items", s.page(s.items))
	m.HandleFunc("GET /catalogue/items/{item}/replay", s.page(s.replay))
	m.HandleFunc("GET /catalogue/lists/{list}", s.page(s.list))
	m.HandleFunc("GET /catalogue/{kind}", s.page(s.kind))
	if s.Access != nil {
		s.accessRoutes(m)
	}
	m.HandleFunc("/", s.page(s.missing))
	return m
}

// actions lists the pages on which something is done to a record.
func (s *server) actions(m *http.ServeMux) {
	get, post := s.do(s.actingOn)
	for _, class := range []string{"subjects", "cases"} {
		m.HandleFunc("GET /"+class+"/{ref}/do/{action}", get)
		m.HandleFunc("POST /"+class+"/{ref}/do/{action}", post)
		m.HandleFunc("POST /"+class+"/{ref}/claim", s.claim)
		m.HandleFunc("POST /"+class+"/{ref}/open/{field}", s.openSealed)
		if s.Files != nil {
			m.HandleFunc("GET /"+class+"/{ref}/files/{field}/{n}", s.download)
		}
	}
	get, post = s.do(s.actingNew)
	m.HandleFunc("GET /new/{kind}/{action}", get)
	m.HandleFunc("POST /new/{kind}/{action}", post)
	if s.Files != nil {
		m.HandleFunc("POST /files", s.beginUpload)
		m.HandleFunc("HEAD /files/{id}", s.uploadState)
		m.HandleFunc("PATCH /files/{id}", s.appendUpload)
	}
	m.HandleFunc("GET /forms/{kind}/{version}/{action}", s.blankForm)
}

// accessRoutes are the pages of log-in, one's own account and administration.
func (s *server) accessRoutes(m *http.ServeMux) {
	m.HandleFunc("GET /login", s.login)
	m.HandleFunc("POST /login", s.answer(s.signIn))
	m.HandleFunc("POST /logout", s.answer(s.signOut))
	m.HandleFunc("POST /login/passkey/begin", s.spoken(s.beginPasskey))
	m.HandleFunc("POST /login/passkey", s.spoken(s.signInPasskey))
	m.HandleFunc("GET /login/with/{provider}", s.answer(s.goOutside))
	m.HandleFunc("GET /login/with/{provider}/back", s.answer(s.comeFromOutside))
	m.HandleFunc("GET /setup", s.page(s.setup))
	m.HandleFunc("POST /setup", s.answer(s.makeAdmins))
	m.HandleFunc("GET /welcome", s.page(s.welcome))
	m.HandleFunc("POST /welcome", s.answer(s.choosePassword))
	m.HandleFunc("GET /account", s.ownPage(s.account))
	m.HandleFunc("POST /account/passkeys/begin", s.spoken(s.beginAdd))
	m.HandleFunc("POST /account/passkeys", s.spoken(s.addPasskey))
	m.HandleFunc("POST /account/passkeys/drop", s.ownForm(s.dropPasskey))
	m.HandleFunc("POST /account/untie", s.ownForm(s.untie))
	m.HandleFunc("POST /account/password", s.ownForm(s.changePassword))
	m.HandleFunc("POST /account/away", s.ownForm(s.goAway))
	m.HandleFunc("POST /account/back", s.ownForm(s.comeBack))
	m.HandleFunc("POST /account/sessions/end", s.ownForm(s.endOthers))
	m.HandleFunc("POST /account/sessions/drop", s.ownForm(s.dropSession))
	if s.Work != nil {
		s.noticeRoutes(m)
	}
	m.HandleFunc("GET /admin", s.admin)
	m.HandleFunc("GET /admin/people", s.adminPage("people", access.Admins, s.peopleList))
	m.HandleFunc("GET /admin/people/{ref}", s.adminPage("person", access.Admins, s.person))
	m.HandleFunc("POST /admin/people/{ref}/link", s.ownForm(s.makeLink))
	m.HandleFunc("POST /admin/people/{ref}/signout", s.ownForm(s.signOutPerson))
	m.HandleFunc("GET /admin/grants", s.adminPage("grants", access.Admins, s.grantsList))
	m.HandleFunc("GET /admin/organs", s.adminPage("organs", access.Admins, s.organs))
	m.HandleFunc("GET /admin/log", s.adminPage("log", auditors, s.accessLog))
}

// noticeRoutes are the pages of what people were told and of what runs by
// itself.
func (s *server) noticeRoutes(m *http.ServeMux) {
	m.HandleFunc("GET /notices", s.ownPage(s.notices))
	m.HandleFunc("POST /notices/read", s.ownForm(s.readNotices))
	m.HandleFunc("POST /notices/wishes", s.ownForm(s.keepWishes))
	m.HandleFunc("GET /admin/notices", s.adminPage("notices", sysadmins, s.adminNotices))
	m.HandleFunc("POST /admin/notices/quiet", s.ownForm(s.keepQuiet))
	m.HandleFunc("POST /admin/notices/retry", s.ownForm(s.retryNotices))
	m.HandleFunc("POST /admin/notices/revive", s.ownForm(s.reviveAddress))
	m.HandleFunc("GET /admin/jobs", s.adminPage("jobs", sysadmins, s.adminJobs))
	m.HandleFunc("POST /admin/jobs/run", s.ownForm(s.runJob))
	m.HandleFunc("POST /admin/jobs/retry", s.ownForm(s.retryJob))
	m.HandleFunc("GET /admin/calendar", s.adminPage("calendar", sysadmins, s.adminCalendar))
	m.HandleFunc("POST /admin/calendar", s.ownForm(s.takeCalendar))
	m.HandleFunc("GET /admin/backup", s.adminPage("backup", sysadmins, s.adminBackup))
	m.HandleFunc("GET /admin/catalogue", s.adminPage("catalogue", sysadmins, s.adminLint))
}

// timeout bounds every page; downloads have their own.
const timeout = 20 * time.Second
