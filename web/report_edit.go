package web

import (
	"errors"
	"net/http"
	"net/url"
	"strconv"
	"strings"

	"github.com/a-h/templ"

	"github.com/dinghai/dinghai/domain"
	"github.com/dinghai/dinghai/engine/report"
	"github.com/dinghai/dinghai/kit/linediff"
	"github.com/dinghai/dinghai/web/view"
)

// reportAt finds the report an address names, for those who may read it.
func (s *server) reportAt(r *request) (*domain.Record, error) {
	if err := s.mayDesk(r, workReport); err != nil {
		return nil, err
	}
	return s.recordOf(r, workReport)
}

// recordOf finds the record of a kind an address names.
func (s *server) recordOf(r *request, kind string) (*domain.Record, error) {
	ref, err := r.ref()
	if err != nil {
		return nil, err
	}
	rec, err := r.sight.Record(r.Context(), ref)
	if err == nil && (rec == nil || rec.Kind != kind) {
		err = notThere()
	}
	return rec, err
}

// reportPage shows a report: to write on, or as it was published.
func (s *server) reportPage(r *request) (templ.Component, error) {
	rec, err := s.reportAt(r)
	if err != nil {
		return nil, err
	}
	typed, kept := s.typedOf(rec), ""
	if n, err := strconv.Atoi(r.URL.Query().Get("version")); err == nil {
		if old, err := s.versionOf(r, rec, n); err == nil && old != nil {
			typed.Set("body", *old)
		}
	} else if v, at := s.draftOf(r, reportDraft(rec)); v != nil && rec.State == "draft" && v.First("body") != "" {
		typed, kept = url.Values(v), at
	}
	v, err := s.writePage(r, rec, typed)
	if err != nil {
		return nil, err
	}
	v.Kept = kept
	if n := r.URL.Query().Get("version"); n != "" && v.May {
		v.Note = r.T("write.version.loaded", n)
	}
	if done := r.URL.Query().Get("done"); done != "" && r.Has("write.done."+done) {
		v.Note = r.T("write.done." + done)
	}
	return view.WritePage(r.Page, v), nil
}

func reportDraft(rec *domain.Record) string { return "desk/reports/" + rec.Ref.String() }

// typedOf is the form as the record has it.
func (s *server) typedOf(rec *domain.Record) url.Values {
	v := url.Values{}
	for _, name := range []string{"title", "from", "to", "body"} {
		v.Set(name, text(rec.Fields[name]))
	}
	return v
}

// reportSend takes the form of a report.
func (s *server) reportSend(w http.ResponseWriter, h *http.Request) {
	r := s.request(w, h)
	if s.parked(w, r) {
		return
	}
	rec, err := s.reportAt(r)
	var sent url.Values
	if err == nil {
		sent, err = s.sent(r)
	}
	if err != nil {
		s.fail(w, h, err)
		return
	}
	sent.Set("body", strings.ReplaceAll(sent.Get("body"), "\r\n", "\n"))
	here := "/desk/reports/" + rec.Ref.String()
	switch op := sent.Get("op"); {
	case sent.Get("insert") != "":
		sent.Set("body", inserted(sent.Get("body"), sent.Get("insert")))
		s.writeAgain(w, r, rec, sent, nil)
	case op == "drop":
		s.dropDraft(r, reportDraft(rec))
		http.Redirect(w, h, here, http.StatusSeeOther)
	case op == "look" || op == "find":
		s.writeAgain(w, r, rec, sent, nil)
	default:
		s.reportDo(w, r, rec, sent, op)
	}
}

// inserted puts a mark where the text asks for one with {{?}}, else at its end.
func inserted(body, mark string) string {
	if strings.Contains(body, "{{?}}") {
		return strings.Replace(body, "{{?}}", mark, 1)
	}
	return body + mark
}

// reportDo saves what was typed, then refreshes or publishes if asked to.
func (s *server) reportDo(w http.ResponseWriter, r *request, rec *domain.Record, sent url.Values, op string) {
	done, err := "save", error(nil)
	if s.differs(rec, sent) {
		err = s.saveText(r, rec, sent)
	}
	if err == nil && op != "save" {
		if rec, err = s.read.Record(r.Context(), rec.Ref); err == nil {
			done = op
			switch op {
			case "refresh":
				err = s.refreshText(r, rec)
			case "publish":
				err = s.publishText(r, rec)
			default:
				err = domain.Fail(domain.Invalid, "op", "op", "不认识的操作，请返回报告页重试", "no such step; go back to the report")
			}
		}
	}
	switch code := domain.ErrorCode(err); {
	case code == domain.Internal:
		s.fail(w, r.Request, err)
	case err != nil:
		s.writeAgain(w, r, rec, sent, err)
	default:
		s.dropDraft(r, reportDraft(rec))
		http.Redirect(w, r.Request, "/desk/reports/"+rec.Ref.String()+"?done="+done, http.StatusSeeOther)
	}
}

// differs tells whether anything was typed that the record does not have.
func (s *server) differs(rec *domain.Record, sent url.Values) bool {
	was := s.typedOf(rec)
	for name := range was {
		if strings.TrimSpace(sent.Get(name)) != strings.TrimSpace(was.Get(name)) {
			return true
		}
	}
	return false
}

func (s *server) saveText(r *request, rec *domain.Record, sent url.Values) error {
	seq, err := strconv.Atoi(sent.Get("_seq"))
	if err != nil || seq < 1 {
		return domain.Fail(domain.Invalid, "", "form", "表单没有完整送达，请返回后重新提交", "the form did not arrive whole; go back and send it again")
	}
	in := map[string]any{}
	for _, name := range []string{"title", "from", "to", "body"} {
		in[name] = sent.Get(name)
	}
	_, err = s.Engine.Do(r.Context(), domain.Command{Record: rec.Ref, Action: "edit", Input: in, Seq: seq, Actor: r.sight.Viewer.Actor})
	return err
}

// refreshText notes that the figures are to be read as they are now.
func (s *server) refreshText(r *request, rec *domain.Record) error {
	heads, err := s.present(r.Context(), rec.Area, text(rec.Fields["lang"]), s.typedOf(rec))
	if err != nil {
		return err
	}
	_, err = s.Engine.Do(r.Context(), domain.Command{Record: rec.Ref, Action: "refresh", Actor: r.sight.Viewer.Actor, Seq: rec.Seq,
		Input: map[string]any{"read_at": report.PositionsText(heads)}})
	return err
}

// writeAgain shows the form with everything typed. Where somebody else saved in
// between, both texts are joined and what the other changed is shown.
func (s *server) writeAgain(w http.ResponseWriter, r *request, rec *domain.Record, sent url.Values, err error) {
	code, status := domain.ErrorCode(err), http.StatusOK
	if code != "" {
		status = statuses[code]
	}
	var changed *view.TextChange
	if code == domain.Conflict {
		now, e := s.read.Record(r.Context(), rec.Ref)
		if e == nil && now != nil {
			rec = now
			changed = s.joinTexts(r, rec, sent)
		}
	}
	v, e := s.writePage(r, rec, sent)
	if e != nil {
		s.fail(w, r.Request, e)
		return
	}
	v.Changed = changed
	if changed == nil && err != nil {
		for _, t := range problemTexts(r, err) {
			v.Problems = append(v.Problems, view.Link{Text: t})
		}
	}
	s.render(w, r, status, view.WritePage(r.Page, v))
}

// joinTexts merges what was typed into what somebody else saved meanwhile.
func (s *server) joinTexts(r *request, rec *domain.Record, sent url.Values) *view.TextChange {
	seq, _ := strconv.Atoi(sent.Get("_seq"))
	base, err := s.versionOf(r, rec, seq)
	if err != nil || base == nil {
		return nil
	}
	theirs := text(rec.Fields["body"])
	split := func(t string) []string { return strings.Split(t, "\n") }
	both, clashes := linediff.Merge(split(*base), split(strings.TrimSpace(sent.Get("body"))), split(theirs), func(mine, theirs []string) []string {
		out := append([]string{r.T("write.clash.theirs")}, theirs...)
		return append(append(append(out, r.T("write.clash.mine")), mine...), r.T("write.clash.end"))
	})
	sent.Set("body", strings.Join(both, "\n"))
	v := &view.TextChange{Clashes: clashes}
	for _, op := range linediff.Diff(split(*base), split(theirs)) {
		if op.Kind != '=' && op.Line != "" {
			v.Lines = append(v.Lines, view.DiffLine{Added: op.Kind == '+', Text: op.Line})
		}
	}
	if list, err := s.read.Events(r.Context(), rec.Ref); err == nil && seq <= len(list) {
		for _, e := range list[seq:] {
			v.Events = append(v.Events, s.event(r, s.cat.Kinds[rec.Kind], &e))
		}
	}
	return v
}

// versionOf is the text after the n-th event of a report.
func (s *server) versionOf(r *request, rec *domain.Record, n int) (*string, error) {
	list, err := s.read.Events(r.Context(), rec.Ref)
	if err != nil || n < 1 || n > len(list) {
		return nil, err
	}
	body := ""
	for _, e := range list[:n] {
		if v, ok := e.Changes.Set["body"]; ok {
			body = text(v)
		}
	}
	return &body, nil
}

// versions are the texts saved so far, the newest first.
func (s *server) versions(r *request, rec *domain.Record) ([]view.TextVersion, error) {
	list, err := s.read.Events(r.Context(), rec.Ref)
	if err != nil {
		return nil, err
	}
	var out []view.TextVersion
	for i := len(list) - 1; i >= 0; i-- {
		e := &list[i]
		v := view.TextVersion{Event: s.event(r, s.cat.Kinds[rec.Kind], e)}
		v.Event.Details = nil
		if _, ok := e.Changes.Set["body"]; ok && i < len(list)-1 {
			v.Href = "/desk/reports/" + rec.Ref.String() + "?version=" + strconv.Itoa(i+1)
		}
		out = append(out, v)
	}
	return out, nil
}

func domainError(err error) *domain.Error {
	var d *domain.Error
	if errors.As(err, &d) && len(d.Problems) > 0 {
		return d
	}
	return nil
}
