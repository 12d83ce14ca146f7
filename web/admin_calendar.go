package web

import (
	"bytes"
	"encoding/json"
	"errors"
	"io"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"

	"github.com/a-h/templ"

	"github.com/dinghai/dinghai/domain"
	"github.com/dinghai/dinghai/jobs"
	"github.com/dinghai/dinghai/kit/calendar"
	"github.com/dinghai/dinghai/kit/csvx"
	"github.com/dinghai/dinghai/kit/table"
	"github.com/dinghai/dinghai/web/format"
	"github.com/dinghai/dinghai/web/view"
)

// maxNotice bounds a file of days off; shownMoves is how many moved deadlines
// the preview shows of the number it tells.
const (
	maxNotice  = 256 << 10
	shownMoves = 100
)

// adminCalendar shows the years by which deadlines are counted and takes the
// notice of a coming one.
func (s *server) adminCalendar(r *request) (templ.Component, error) {
	v := view.Years{Admin: s.adminFrame(r, "calendar")}
	if r.URL.Query().Get("done") != "" {
		v.Done = r.T("admin.calendar.done")
	}
	entered, err := s.enteredYears(r)
	if err != nil {
		return nil, err
	}
	for _, y := range s.cat.Calendar.Years() {
		row := s.yearRow(r, y)
		row.By = r.T("admin.calendar.shipped")
		if rec := entered[y.Year]; rec != nil && rec.State == "active" {
			row.By, row.Href = r.T("admin.calendar.entered", format.Moment(rec.Made)), address(rec.Class, rec.Ref)
		}
		v.Rows = append(v.Rows, row)
	}
	if next := s.Engine.Today().AddDays(60).Year(); !s.cat.Calendar.Final(next) {
		v.Missing = strconv.Itoa(next)
	}
	return view.YearsPage(r.Page, v), nil
}

func (s *server) yearRow(r *request, y calendar.Year) view.YearRow {
	row := view.YearRow{Year: strconv.Itoa(y.Year), Source: noticeLink(r, y.Source), Final: y.Final}
	for _, d := range y.Days {
		if d.Kind == calendar.Makeup {
			row.Worked++
		} else {
			row.Off++
		}
	}
	return row
}

// noticeLink shows where a year's days off stand: a citation, or the page of the
// notice, whose address is too long to read.
func noticeLink(r *request, source string) view.Link {
	u, err := url.Parse(source)
	if strings.ContainsRune(source, '〔') {
		return view.Link{Text: source} // the number of a document, not an article
	}
	if err != nil || u.Scheme != "http" && u.Scheme != "https" || u.Host == "" {
		return view.Link{Text: r.law(source)}
	}
	return view.Link{Text: r.T("admin.calendar.notice", u.Host), Href: source}
}

// enteredYears are the records of years, withdrawn ones too.
func (s *server) enteredYears(r *request) (map[int]*domain.Record, error) {
	out := map[int]*domain.Record{}
	page, err := s.read.List(r.Context(), domain.ListQuery{Kind: jobs.CalendarKind, Limit: 200})
	if err != nil {
		return nil, err
	}
	for _, row := range page.Rows {
		rec, err := s.read.Record(r.Context(), row.Ref)
		if err != nil || rec == nil {
			return nil, err
		}
		if n, err := strconv.Atoi(text(rec.Fields["cal_year"])); err == nil {
			out[n] = rec
		}
	}
	return out, nil
}

// takeCalendar shows what a notice would move; confirmed, it enters the years.
func (s *server) takeCalendar(_ http.ResponseWriter, r *request) (reply, error) {
	if err := s.mayAdmin(r, sysadmins); err != nil {
		return reply{}, err
	}
	years, err := s.sentYears(r)
	if err != nil {
		return reply{}, err
	}
	cal, err := s.cat.Calendar.With(years...)
	if err != nil {
		return reply{}, badCalendar(err)
	}
	if r.PostFormValue("do") != "" {
		return reply{to: "/admin/calendar?done=1"}, s.enterYears(r, years)
	}
	v := view.NewYears{Admin: s.adminFrame(r, "calendar")}
	entered, err := s.enteredYears(r)
	if err != nil {
		return reply{}, err
	}
	for _, y := range years {
		v.Revises = v.Revises || entered[y.Year] != nil
		row := s.yearRow(r, y)
		row.Days = s.dayWords(r, y)
		v.Rows = append(v.Rows, row)
	}
	if err := s.movedBy(r, cal, &v); err != nil {
		return reply{}, err
	}
	b, err := json.Marshal(years)
	if err == nil {
		v.Locked, err = s.Engine.Lock("calendar/"+r.sight.Viewer.ID, string(b))
	}
	return reply{body: view.NewYearsPage(r.Page, v), code: http.StatusOK}, err
}

// dayWords lists the days of a year as people read them.
func (s *server) dayWords(r *request, y calendar.Year) []view.Pair {
	var out []view.Pair
	for _, d := range y.Days {
		p := view.Pair{Label: string(d.Date), Text: d.Name}
		if d.Kind == calendar.Makeup {
			p.Text = strings.TrimSpace(r.T("admin.calendar.work") + " " + d.Name)
		}
		out = append(out, p)
	}
	slices.SortFunc(out, func(a, b view.Pair) int { return strings.Compare(a.Label, b.Label) })
	return out
}

// movedBy tells which open deadlines another calendar would move.
func (s *server) movedBy(r *request, cal *calendar.Calendar, v *view.NewYears) error {
	seen, err := jobs.Moves(r.Context(), s.Engine, cal, func(m jobs.Moved) error {
		v.Moved++
		if m.To < m.Due {
			v.Earlier++
		}
		if len(v.Moves) >= shownMoves {
			return nil
		}
		row := view.MovedRow{Clock: r.clock(m.Code), Kind: r.kind(m.Kind), Area: r.area(m.Area), Was: string(m.Due), To: string(m.To)}
		rec, err := s.read.Record(r.Context(), domain.Ref{Home: m.Home, ID: m.Record})
		if err == nil && rec != nil {
			row.Number = rec.Number
		}
		v.Moves = append(v.Moves, row)
		return err
	})
	v.Seen = format.Int(int64(seen))
	return err
}

// sentYears reads the notice: the one already shown, or a file.
func (s *server) sentYears(r *request) ([]calendar.Year, error) {
	var years []calendar.Year
	if locked := r.PostFormValue("years"); locked != "" {
		t, ok := s.Engine.Unlock("calendar/"+r.sight.Viewer.ID, locked)
		if !ok || json.Unmarshal([]byte(t), &years) != nil {
			return nil, domain.Fail(domain.Invalid, "file", "changes", "请重新上传文件", "upload the file again")
		}
		return years, nil
	}
	f, _, err := r.FormFile("file")
	if err != nil {
		return nil, domain.Fail(domain.Invalid, "file", "required", "请选择文件：YAML 或者 CSV", "choose a file: YAML or CSV")
	}
	defer f.Close()
	b, err := io.ReadAll(io.LimitReader(f, maxNotice+1))
	if err != nil {
		return nil, err
	}
	if len(b) > maxNotice {
		return nil, domain.Failf(domain.Invalid, "file", "size", "文件超过 %d KB，不像一年的放假安排", "the file is larger than %d KB; that is no year's days off", maxNotice>>10)
	}
	return readNotice(b, strings.TrimSpace(r.PostFormValue("year")), strings.TrimSpace(r.PostFormValue("source")), r.PostFormValue("final") != "")
}

// readNotice reads a file of days off: YAML as the program has it, or a table
// of date, kind and name for the year given.
func readNotice(b []byte, year, source string, final bool) ([]calendar.Year, error) {
	if bytes.Contains(b, []byte("years:")) {
		years, err := calendar.ParseYears(b)
		if err != nil {
			return nil, badCalendar(err)
		}
		if len(years) == 0 {
			return nil, domain.Fail(domain.Invalid, "file", "empty", "文件里没有年份", "there is no year in the file")
		}
		return years, nil
	}
	n, err := strconv.Atoi(year)
	if err != nil || len(year) != 4 {
		return nil, domain.Fail(domain.Invalid, "year", "required", "表格须注明年份，请填写四位数字", "say which year the table is for, in four digits")
	}
	if source == "" {
		return nil, domain.Fail(domain.Invalid, "source", "required", "请填写依据：通知的文号或者网址", "name the notice: its number or address")
	}
	y := calendar.Year{Year: n, Source: source, Final: final}
	for row, err := range csvx.Rows(bytes.NewReader(b), noticeColumns) {
		if err != nil {
			return nil, badTable(err)
		}
		d, err := noticeDay(row)
		if err != nil {
			return nil, err
		}
		y.Days = append(y.Days, d)
	}
	if len(y.Days) == 0 {
		return nil, domain.Fail(domain.Invalid, "file", "empty", "表格里没有日期", "there are no days in the table")
	}
	return []calendar.Year{y}, nil
}

var noticeColumns = []table.Column{
	{Name: "date", Aliases: []string{"日期", "day"}, Required: true},
	{Name: "what", Aliases: []string{"类型", "安排", "放假或者上班", "kind"}, Required: true},
	{Name: "name", Aliases: []string{"名称", "节日"}},
}

func noticeDay(row table.Row) (calendar.Day, error) {
	d := calendar.Day{Name: row.Get("name").Text()}
	var err error
	if d.Date, err = row.Get("date").Date(); err != nil {
		return d, domain.Failf(domain.Invalid, "file", "date", "第%d行：「%s」不是日期，请写成 2024-02-10", "row %d: %q is not a date; write it like 2024-02-10", row.Number, row.Get("date").Text())
	}
	switch strings.ToLower(row.Get("what").Text()) {
	case "休", "放假", "off", "holiday":
		d.Kind = calendar.Holiday
	case "班", "上班", "调休上班", "补班", "work", "makeup":
		d.Kind = calendar.Makeup
	default:
		return d, domain.Failf(domain.Invalid, "file", "what", "第%d行：「%s」须为「休」或者「班」", "row %d: %q must be off or work", row.Number, row.Get("what").Text())
	}
	return d, nil
}

func badTable(err error) error {
	var row *table.RowError
	var head *table.HeaderError
	switch {
	case errors.As(err, &row):
		return domain.Failf(domain.Invalid, "file", "row", "第%d行无法读取，请检查", "row %d cannot be read; check it", row.Row)
	case errors.As(err, &head):
		return domain.Fail(domain.Invalid, "file", "header", "第一行须有「日期」和「类型」两列", "the first row must name the columns date and what")
	}
	return domain.Fail(domain.Invalid, "file", "type", "文件无法读取，请上传 YAML 或者 CSV", "the file cannot be read; send YAML or CSV")
}

// calendarFaults are the reasons of a calendar in words.
var calendarFaults = map[string]domain.Text{
	"date": {ZH: "不是日期", EN: "is not a date"}, "far": {ZH: "离这一年太远", EN: "lies too far from the year"}, "twice": {ZH: "出现了两次（另一年的通知里也可能有）", EN: "is named twice (perhaps by the notice of another year)"},
	"weekday": {ZH: "本来就是工作日，不能再调休上班", EN: "is a weekday already and cannot be worked in exchange"}, "year": {ZH: "年份不对", EN: "is not a year"}, "status": {ZH: "缺少 status", EN: "lacks its status"},
}

func badCalendar(err error) error {
	var e *calendar.LoadError
	if !errors.As(err, &e) {
		return domain.Fail(domain.Invalid, "file", "yaml", "YAML 文件有误，无法读取", "the YAML file has a mistake and cannot be read")
	}
	why := calendarFaults[e.Reason]
	return &domain.Error{Code: domain.Invalid, Problems: []domain.Problem{{Field: "file", Rule: e.Reason, Reason: domain.Text{
		ZH: strconv.Itoa(e.Year) + "年 " + e.Date + " " + why.ZH, EN: strconv.Itoa(e.Year) + " " + e.Date + " " + why.EN}}}}
}

// enterYears enters or revises the records of the years.
func (s *server) enterYears(r *request, years []calendar.Year) error {
	entered, err := s.enteredYears(r)
	if err != nil {
		return err
	}
	for _, y := range years {
		cmd := domain.Command{Kind: jobs.CalendarKind, Action: "announce", Area: s.Area, Actor: r.sight.Viewer.Actor, Input: yearInput(y)}
		reason := clip(strings.TrimSpace(r.PostFormValue("reason")), 200)
		if rec := entered[y.Year]; rec != nil {
			if rec.State != "active" {
				if _, err := s.Engine.Do(r.Context(), domain.Command{Record: rec.Ref, Action: "reinstate", Actor: r.sight.Viewer.Actor, Reason: reason}); err != nil {
					return err
				}
			}
			delete(cmd.Input, "cal_year")
			cmd.Record, cmd.Area, cmd.Action, cmd.Reason = rec.Ref, "", "revise", reason
		}
		if _, err := s.Engine.Do(r.Context(), cmd); err != nil {
			return err
		}
	}
	return nil
}

func yearInput(y calendar.Year) map[string]any {
	rows := make([]any, len(y.Days))
	for i, d := range y.Days {
		what := "off"
		if d.Kind == calendar.Makeup {
			what = "work"
		}
		row := map[string]any{"day": string(d.Date), "what": what}
		if d.Name != "" {
			row["name"] = d.Name
		}
		rows[i] = row
	}
	return map[string]any{"cal_year": strconv.Itoa(y.Year), "source": first(y.Source, "—"), "final": y.Final, "days": rows}
}
