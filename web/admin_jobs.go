package web

import (
	"cmp"
	"encoding/json"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/a-h/templ"

	"github.com/dinghai/dinghai/domain"
	"github.com/dinghai/dinghai/jobs"
	"github.com/dinghai/dinghai/web/format"
	"github.com/dinghai/dinghai/web/view"
)

// maxFailures is how many failures the page shows of the number it tells.
const maxFailures = 500

// adminJobs shows what runs by itself, and what it could not do.
func (s *server) adminJobs(r *request) (templ.Component, error) {
	v := view.Jobs{Admin: s.adminFrame(r, "jobs")}
	if done := r.URL.Query().Get("done"); r.Has("admin.jobs.done." + done) {
		v.Done = r.T("admin.jobs.done." + done)
	}
	for _, name := range jobs.RunNames {
		row, err := s.jobRow(r, name)
		if err != nil {
			return nil, err
		}
		v.Rows = append(v.Rows, row)
	}
	list, err := s.read.Outbox(r.Context(), domain.OutFailed, s.Engine.Now().AddDate(50, 0, 0), maxFailures)
	if err != nil {
		return nil, err
	}
	for _, o := range list {
		row := view.FailedRow{ID: strings.Join([]string{strconv.Itoa(o.Home), strconv.FormatInt(o.Pos, 10), strconv.Itoa(o.N)}, "-"),
			What: r.T("admin.out." + o.Kind), On: string(o.On), Tries: o.Tries, Why: clip(o.Error, 300)}
		if rec, err := s.read.Record(r.Context(), domain.Ref{Home: o.Home, ID: o.Rec}); err == nil && rec != nil {
			row.Of = strings.TrimSpace(r.kind(rec.Kind) + " " + rec.Number)
		}
		v.Failed = append(v.Failed, row)
	}
	if v.Full = len(list) == maxFailures; v.Full {
		v.Limit = maxFailures
	}
	return view.JobsPage(r.Page, v), nil
}

func (s *server) jobRow(r *request, name string) (view.JobRow, error) {
	row := view.JobRow{Name: name, Label: r.T("admin.job." + name), About: r.T("admin.job." + name + ".about"), Every: r.T("admin.job.always")}
	if jobs.Daily(name) {
		row.Every = r.T("admin.job.daily")
	}
	if s.Runs == nil {
		return row, nil
	}
	run, err := s.Runs.Last(r.Context(), name)
	if err != nil || run.At.IsZero() {
		return row, err
	}
	row.Last, row.Took = format.Moment(run.At), r.T("admin.job.took", strconv.FormatFloat(run.Took.Seconds(), 'f', 2, 64))
	row.Why = clip(run.Error, 300)
	if !run.DoneAt.IsZero() {
		row.Done = r.T("admin.job.did", run.Done, format.Moment(run.DoneAt))
	}
	if run.Error == "" && !run.Failed.IsZero() {
		row.Mended = r.T("admin.job.mended", format.Moment(run.Failed))
	}
	return row, nil
}

// runJob has a job run now.
func (s *server) runJob(_ http.ResponseWriter, r *request) (reply, error) {
	if err := s.mayAdmin(r, sysadmins); err != nil {
		return reply{}, err
	}
	name := r.PostFormValue("name")
	if s.Runs == nil || !slices.Contains(jobs.RunNames, name) {
		return reply{}, domain.Fail(domain.NotFound, "name", "exists", "没有这项后台工作", "there is no such job")
	}
	s.Runs.Ask(name)
	return reply{to: "/admin/jobs?done=asked"}, s.logLookAt(r, "job_asked", name)
}

// retryJob lets one failed piece of work, or all, be tried anew.
func (s *server) retryJob(_ http.ResponseWriter, r *request) (reply, error) {
	if err := s.mayAdmin(r, sysadmins); err != nil {
		return reply{}, err
	}
	home, pos, n := 0, int64(0), 0
	if id := r.PostFormValue("id"); id != "" {
		p := strings.Split(id, "-")
		if len(p) != 3 {
			return reply{}, domain.Fail(domain.NotFound, "id", "exists", "没有这一项", "there is no such piece of work")
		}
		var e1, e2, e3 error
		home, e1 = strconv.Atoi(p[0])
		pos, e2 = strconv.ParseInt(p[1], 10, 64)
		n, e3 = strconv.Atoi(p[2])
		if cmp.Or(e1, e2, e3) != nil || home == 0 {
			return reply{}, domain.Fail(domain.NotFound, "id", "exists", "没有这一项", "there is no such piece of work")
		}
	}
	if _, err := s.Work.RetryOutbox(r.Context(), home, pos, n); err != nil {
		return reply{}, err
	}
	return reply{to: "/admin/jobs?done=retry"}, s.logLookAt(r, "job_retried", r.PostFormValue("id"))
}

// BackupNote is where the program that makes a backup says what it made.
const BackupNote = "backup.last"

// Backup is what is known of the last backup.
type Backup struct {
	At       time.Time `json:"at"`
	Host     string    `json:"host"`
	File     string    `json:"file"`
	Bytes    int64     `json:"bytes"`
	Events   int       `json:"events"`
	Files    int       `json:"files"`
	Verified time.Time `json:"verified,omitzero"` // read back and its sums compared
	Problem  string    `json:"problem,omitempty"`
}

// oldBackup is the age at which the page warns.
const oldBackup = 24 * time.Hour

// adminBackup shows when the last backup was made and whether it can be read.
func (s *server) adminBackup(r *request) (templ.Component, error) {
	v := view.BackupState{Admin: s.adminFrame(r, "backup")}
	note, err := s.Work.Meta(r.Context(), BackupNote)
	if err != nil {
		return nil, err
	}
	if note == "" {
		v.Warn = r.T("admin.backup.never")
		return view.BackupPage(r.Page, v), nil
	}
	var b Backup
	if err := json.Unmarshal([]byte(note), &b); err != nil {
		return nil, err
	}
	age := time.Since(b.At)
	hours := int(age.Hours())
	switch {
	case b.Problem != "":
		v.Warn = r.T("admin.backup.problem", b.Problem)
	case age > oldBackup:
		v.Warn = r.T("admin.backup.old", hours)
	}
	verified := r.T("admin.backup.unverified")
	if !b.Verified.IsZero() {
		verified = format.Moment(b.Verified)
	}
	v.Facts = []view.Pair{{Label: r.T("admin.backup.at"), Text: format.Moment(b.At)}, {Label: r.T("admin.backup.age"), Text: r.T("admin.backup.hours", hours)},
		{Label: r.T("admin.backup.where"), Text: b.Host + ":" + b.File}, {Label: r.T("admin.backup.size"), Text: format.Int(b.Bytes)}, {Label: r.T("admin.backup.events"), Text: format.Int(int64(b.Events))},
		{Label: r.T("admin.backup.files"), Text: format.Int(int64(b.Files))}, {Label: r.T("admin.backup.verified"), Text: verified}}
	return view.BackupPage(r.Page, v), nil
}

// adminLint shows what the check of the catalogue says.
func (s *server) adminLint(r *request) (templ.Component, error) {
	v := view.Lint{Admin: s.adminFrame(r, "catalogue")}
	if s.Lint != nil {
		l, err := s.Lint(r.Context())
		if err != nil {
			return nil, err
		}
		v.Overlay, v.Problems = l.Overlay, l.Problems
	}
	c := s.cat
	v.Counts = []view.Pair{{Label: r.T("lint.kinds"), Text: strconv.Itoa(len(c.Kinds))}, {Label: r.T("lint.clocks"), Text: strconv.Itoa(len(c.Clocks))}, {Label: r.T("lint.lists"), Text: strconv.Itoa(len(c.Lists))},
		{Label: r.T("lint.papers"), Text: strconv.Itoa(len(c.Papers))}, {Label: r.T("lint.indicators"), Text: strconv.Itoa(len(c.Indicators))}, {Label: r.T("lint.items"), Text: strconv.Itoa(len(c.Triggers))}}
	return view.LintPage(r.Page, v), nil
}

// LintResult is what a check of the catalogue on the disk found: the running
// one had no mistakes when it was started.
type LintResult struct {
	Overlay  string // folder of the bureau's own files, "" = none
	Problems []string
}
