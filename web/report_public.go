package web

import (
	"context"
	"mime"
	"net/http"
	"net/url"
	"slices"

	"github.com/a-h/templ"

	"github.com/dinghai/dinghai/domain"
	"github.com/dinghai/dinghai/engine/indicator"
	"github.com/dinghai/dinghai/engine/report"
	"github.com/dinghai/dinghai/web/format"
	"github.com/dinghai/dinghai/web/view"
)

// publicReports are the pages on which anybody reads what was published.
func (s *server) publicReports(m *http.ServeMux) {
	m.HandleFunc("GET /reports", s.page(s.publishedList))
	m.HandleFunc("GET /reports/key.pem", s.reportKey)
	m.HandleFunc("GET /reports/{ref}", s.page(s.publishedPage))
	m.HandleFunc("GET /reports/{ref}/signed.json", s.publishedFile)
}

// published is a report that was given to the public: its record, what was
// frozen, and the signed file.
type published struct {
	rec  *domain.Record
	f    *report.Frozen
	file []byte
}

// givenOut are the states of a report that was published at some time.
var givenOut = []string{"published", "withdrawn"}

// publishedAt finds a published report by the reference in an address. Drafts
// are nobody's business, so they are answered like addresses of nothing.
func (s *server) publishedAt(ctx context.Context, ref string) (*published, error) {
	none := domain.Fail(domain.NotFound, "", "report", "没有这份已发布的报告：可能还没有发布，或者网址不完整。已发布的报告见“已发布的报告”页", "there is no such published report: it may not be published yet, or the address is not whole; see the list of published reports")
	id, err := domain.ParseRef(ref)
	if err != nil || s.Publisher == nil {
		return nil, none
	}
	rec, err := s.read.Record(ctx, id)
	if err != nil {
		return nil, err
	}
	if rec == nil || rec.Kind != workReport || rec.Voided || !slices.Contains(givenOut, rec.State) {
		return nil, none
	}
	file, f, err := s.Publisher.Published(ctx, rec.Area, text(rec.Fields["frozen"]))
	if err != nil {
		return nil, err
	}
	if f == nil || f.Document("") == nil {
		return nil, none
	}
	return &published{rec, f, file}, nil
}

// publishedList is every report that was published, the newest first.
func (s *server) publishedList(r *request) (templ.Component, error) {
	r.Nav, r.Title = "report", r.T("pub.title")
	v := view.PublishedList{Officer: r.Page.Reports}
	page, err := s.publishedRows(r, r.URL.Query().Get("after"), pageSize)
	if err != nil {
		return nil, err
	}
	v.Rows, v.Pager = page.Rows, pager(r, len(page.Rows), page.total, page.next)
	return view.PublishedListPage(r.Page, v), nil
}

type publishedRows struct {
	Rows  []view.PublishedRow
	total int
	next  string
}

func (s *server) publishedRows(r *request, after string, limit int) (out publishedRows, err error) {
	if s.cat.Kinds[workReport] == nil {
		return out, nil
	}
	page, err := s.read.List(r.Context(), domain.ListQuery{Kind: workReport, States: givenOut, After: after, Limit: limit})
	if err != nil {
		return out, err
	}
	refs := make([]domain.Ref, len(page.Rows))
	for i, x := range page.Rows {
		refs[i] = x.Ref
	}
	found, err := s.read.Records(r.Context(), refs)
	if err != nil {
		return out, err
	}
	for _, ref := range refs {
		if rec := found[ref]; rec != nil {
			out.Rows = append(out.Rows, s.publishedRow(r, rec))
		}
	}
	out.total, out.next = page.Total, page.Next
	return out, nil
}

func (s *server) publishedRow(r *request, rec *domain.Record) view.PublishedRow {
	v := view.PublishedRow{Link: view.Link{Text: text(rec.Fields["title"]), Href: publicHref(rec.Ref)}, Organ: s.bureauOf(r, rec.Organ), Area: r.area(rec.Area),
		Period: r.T("period", text(rec.Fields["from"]), text(rec.Fields["to"])), Language: s.cat.Label("report_lang", text(rec.Fields["lang"]), r.lang)}
	for _, m := range rec.Trail {
		if m.State == "published" {
			v.On = string(m.On)
		}
	}
	if rec.State == "withdrawn" {
		v.State = r.state(rec.Kind, rec.State)
	}
	return v
}

func publicHref(ref domain.Ref) string { return "/reports/" + url.PathEscape(ref.String()) }

// bureauOf names the bureau an authority belongs to: the public deals with
// bureaus, not with their sections.
func (s *server) bureauOf(r *request, code string) string {
	for o := s.Engine.Organ(code); o != nil; o = s.Engine.Organ(o.Parent) {
		if o.Parent == "" && o.Area == s.Area {
			return s.Title.In(r.lang)
		}
		if o.Parent == "" || o.Kind == "county" || o.Kind == "city" {
			return r.pick(o.ZH, o.EN)
		}
	}
	return r.organ(code)
}

// publishedPage is a report as it was published, with what records entered
// since would change, and how to check that nobody has altered it.
func (s *server) publishedPage(r *request) (templ.Component, error) {
	p, err := s.publishedAt(r.Context(), r.PathValue("ref"))
	if err != nil {
		return nil, err
	}
	row := s.publishedRow(r, p.rec)
	v := view.PublishedReport{PublishedRow: row, At: format.Moment(p.f.At)}
	r.Nav, r.Title = "report", row.Text
	r.Crumbs = []view.Link{{Text: r.T("pub.title"), Href: "/reports"}, {Text: row.Text}}
	doc := p.f.Document(text(p.rec.Fields["lang"]))
	v.Foreign = doc.Lang != r.lang
	if l := s.langs[doc.Lang]; l != nil {
		v.Lang = l.T("html.lang")
	}
	v.Blocks = asPublishedLinks(blocks(r, doc), p.rec.Ref)
	if v.Moves, err = s.movedSince(r, p, doc); err != nil {
		return nil, err
	}
	if p.rec.State == "withdrawn" {
		if v.Withdrawn, err = s.withdrawn(r, p.rec); err != nil {
			return nil, err
		}
	}
	if v.Hash, err = p.f.ID(); err != nil {
		return nil, err
	}
	v.File, v.Name = publicHref(p.rec.Ref)+"/signed.json", fileName(p.rec)
	if v.Key, v.Signature, err = report.Seal(p.file); err != nil {
		return nil, err
	}
	if r.Page.Reports && r.sight.Sees(p.rec) {
		v.Desk = "/desk/reports/" + p.rec.Ref.String()
	}
	return view.PublishedReportPage(r.Page, v), nil
}

// asPublishedLinks makes each figure lead to its rows as they were counted.
func asPublishedLinks(list []view.Block, ref domain.Ref) []view.Block {
	for _, b := range list {
		for _, item := range b.Items {
			for i := range item {
				item[i].Mark = ""
				if item[i].Href != "" {
					item[i].Href += "&report=" + url.QueryEscape(ref.String())
				}
			}
		}
	}
	return list
}

// movedSince holds what was published against the records of now.
func (s *server) movedSince(r *request, p *published, doc *report.Document) ([]view.MovedFigure, error) {
	tpl, _ := report.ParseText(text(p.rec.Fields["body"]), doc.Lang, s.knownFigure)
	q := indicator.Query{From: p.f.From, To: p.f.To, Area: p.f.Area, Zone: p.f.Zone}
	now, _, err := s.reporter().Write(r.Context(), q, tpl, nil, true)
	if err != nil {
		return nil, err
	}
	return s.movedFigures(r, tpl.MovedSince(doc, now, report.Bureau{Name: s.Title})), nil
}

// withdrawn says when and why a report was withdrawn.
func (s *server) withdrawn(r *request, rec *domain.Record) (string, error) {
	list, err := s.read.Events(r.Context(), rec.Ref)
	if err != nil {
		return "", err
	}
	for _, e := range slices.Backward(list) {
		if e.Action == "withdraw" {
			return r.T("pub.withdrawn", string(e.On), e.Reason), nil
		}
	}
	return r.T("pub.withdrawn.bare"), nil
}

func fileName(rec *domain.Record) string {
	return first(domain.CleanFileName(text(rec.Fields["title"])), "report") + ".json"
}

// publishedFile is the file that was signed.
func (s *server) publishedFile(w http.ResponseWriter, h *http.Request) {
	p, err := s.publishedAt(h.Context(), h.PathValue("ref"))
	if err != nil {
		s.fail(w, h, err)
		return
	}
	w.Header().Set("Content-Type", "application/json")
	w.Header().Set("Content-Disposition", mime.FormatMediaType("attachment", map[string]string{"filename": fileName(p.rec)}))
	_, _ = w.Write(p.file) // the reader has gone; nothing to tell anyone
}

// reportKey is the key that published reports are checked with.
func (s *server) reportKey(w http.ResponseWriter, h *http.Request) {
	var b []byte
	var err error
	if s.Publisher != nil {
		b, err = s.Publisher.Key()
	}
	if err == nil && b == nil {
		err = domain.Fail(domain.NotFound, "", "key", "还没有发布过报告，所以还没有核验公钥", "nothing was published yet, so there is no key to check it with")
	}
	if err != nil {
		s.fail(w, h, err)
		return
	}
	download(w, "application/x-pem-file", "report.pub", b)
}

// asOfReport puts the positions of a published report into a question about a
// figure, when the address names one.
func (s *server) asOfReport(r *request, a *asked) error {
	ref := r.URL.Query().Get("report")
	if ref == "" {
		return nil
	}
	p, err := s.publishedAt(r.Context(), ref)
	if err == nil {
		a.in, a.q.At = p, p.f.ReadAt()
	}
	return err
}

// besideNow says that a figure is shown as it was published, and what the
// records give today.
func (s *server) besideNow(r *request, a asked) (*view.AsPublished, error) {
	if a.in == nil {
		return nil, nil
	}
	v := &view.AsPublished{Report: view.Link{Text: text(a.in.rec.Fields["title"]), Href: publicHref(a.in.rec.Ref)}, At: format.Moment(a.in.f.At)}
	if d := a.in.f.Definition(a.x.Indicator); d != nil && d.Hash != a.x.Hash {
		v.Redefined = r.T("pub.redefined", d.Version, a.x.Version)
	}
	v.Now.Href = drop(r, "report", "after")
	if r.URL.Query().Get("part") != "" {
		return v, nil // what it was counted into is held against the records
	}
	q := a.q
	q.At = nil
	f, err := s.Engine.Figures().Value(r.Context(), s.read, a.x.Indicator, q)
	if err != nil {
		return nil, err
	}
	was, _ := s.shown(r.words, a.x, a.f)
	is, unit := s.shown(r.words, a.x, f)
	v.Now.Text = join(is, unit)
	v.Moved = was != is || f.Rows != a.f.Rows
	return v, nil
}
