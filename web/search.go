package web

import (
	"slices"
	"strings"
	"unicode/utf8"

	"github.com/a-h/templ"

	"github.com/dinghai/dinghai/catalogue"
	"github.com/dinghai/dinghai/domain"
	"github.com/dinghai/dinghai/web/view"
)

const maxQuery = 100 // characters

// search finds records by name, code, number or pinyin initials. With a kind
// and no text it lists the kind.
func (s *server) search(r *request) (templ.Component, error) {
	r.Nav, r.Title = "search", r.T("search.title")
	q := r.URL.Query()
	text := strings.TrimSpace(q.Get("q"))
	if utf8.RuneCountInString(text) > maxQuery {
		return nil, domain.Failf(domain.Invalid, "q", "length", "查找内容最多 %d 个字", "search for at most %d characters", maxQuery)
	}
	kinds := s.searchable(r.Officer)
	kind, err := chosen(r, kinds, q.Get("kind"))
	if err != nil {
		return nil, err
	}
	v := view.Search{Text: text, Kinds: kindOptions(r, kinds, kind), Empty: text == "" && q.Get("kind") == ""}
	if v.Empty {
		v.Fresh, err = s.bare(r)
		return view.SearchPage(r.Page, v), err
	}
	page, err := s.found(r, text, kind)
	if err != nil {
		return nil, err
	}
	v.Rows, v.Pager = s.rows(r, page.Rows), pager(r, len(page.Rows), page.Total, page.Next)
	return view.SearchPage(r.Page, v), nil
}

func (s *server) found(r *request, text, kind string) (domain.ListPage, error) {
	after := r.URL.Query().Get("after")
	list, find := domain.ListQuery{Kind: kind, After: after, Limit: pageSize}, domain.SearchQuery{Text: text, Kind: kind, After: after, Limit: pageSize}
	switch {
	case r.Officer && text == "":
		return r.sight.List(r.Context(), list)
	case r.Officer:
		return r.sight.Search(r.Context(), find)
	case text == "":
		return s.read.List(r.Context(), list)
	}
	return s.read.Search(r.Context(), find)
}

// chosen is the kind to search: officers may search all at once, strangers
// one disclosed kind of subject at a time.
func chosen(r *request, kinds []*catalogue.Kind, name string) (string, error) {
	if name == "" && (r.Officer || len(kinds) == 0) {
		return "", nil
	}
	if name == "" {
		return leading(kinds), nil
	}
	if slices.ContainsFunc(kinds, func(k *catalogue.Kind) bool { return k.Name == name }) {
		return name, nil
	}
	return "", domain.Fail(domain.Forbidden, "kind", "public", "这类记录不对外公开查找；办理结果可凭编号向承办单位查询", "records of this kind cannot be searched by the public; ask the office in charge, giving the number")
}

// leading is the kind most people look for: the one other kinds are about.
func leading(kinds []*catalogue.Kind) string {
	for _, k := range kinds {
		if strings.HasSuffix(k.Name, ".entity") {
			return k.Name
		}
	}
	return kinds[0].Name
}

func kindOptions(r *request, kinds []*catalogue.Kind, kind string) []view.Option {
	var out []view.Option
	if r.Officer {
		out = append(out, view.Option{Text: r.T("search.all"), Chosen: kind == ""})
	}
	for _, k := range kinds {
		out = append(out, view.Option{Value: k.Name, Text: k.Label.In(r.lang), Chosen: k.Name == kind})
	}
	return out
}

// bare reports whether the register is still empty.
func (s *server) bare(r *request) (bool, error) {
	n, err := s.read.Count(r.Context(), domain.ListQuery{Voided: true})
	return n == 0, err
}
