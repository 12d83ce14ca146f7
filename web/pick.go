package web

import (
	"encoding/json"
	"net/http"
	"strings"

	"github.com/dinghai/dinghai/catalogue"
	"github.com/dinghai/dinghai/domain"
	"github.com/dinghai/dinghai/web/form"
)

// picked is one answer of a search inside a form.
type picked struct {
	Value string `json:"value"`
	Text  string `json:"text"`
	Hint  string `json:"hint,omitempty"`
}

const maxPicks = 12

const personKind = "organisation.person"

// pick answers the searches of forms: areas, long code lists, records, people.
func (s *server) pick(w http.ResponseWriter, h *http.Request) {
	r := s.request(w, h)
	list, err := s.picks(r, strings.TrimPrefix(h.URL.Path, "/pick/"), strings.TrimSpace(h.URL.Query().Get("q")))
	if err != nil {
		http.Error(w, err.Error(), statuses[domain.ErrorCode(err)])
		return
	}
	w.Header().Set("Content-Type", "application/json; charset=utf-8")
	w.Header().Set("Cache-Control", "private, max-age=30")
	_ = json.NewEncoder(w).Encode(list)
}

func (s *server) picks(r *request, what, text string) ([]picked, error) {
	root, rest, _ := strings.Cut(what, "/")
	switch root {
	case "area":
		return s.pickArea(r, text), nil
	case "figure":
		return s.pickFigure(r, text), nil
	case "list":
		return s.pickList(r, rest, text), nil
	case "ref":
		return s.pickRef(r, rest, text)
	case "person":
		return s.pickRef(r, personKind, text)
	}
	return nil, domain.Fail(domain.NotFound, "", "pick", "没有这种查找", "there is no such search")
}

// pickArea finds areas by name, code or pinyin (whole or initials), the larger
// ones first.
func (s *server) pickArea(r *request, text string) []picked {
	out := []picked{}
	text = strings.ToLower(strings.ReplaceAll(text, " ", ""))
	for _, a := range s.cat.AreaList() {
		if len(out) == maxPicks {
			break
		}
		if text == "" && a.Level != "county" || !areaFits(a, text) || a.Level == "province" {
			continue
		}
		out = append(out, picked{a.Code, r.area(a.Code), a.Code})
	}
	return out
}

func areaFits(a *catalogue.Area, text string) bool {
	if text == "" || strings.Contains(a.ZH, text) || strings.HasPrefix(a.Code, text) {
		return true
	}
	initials := ""
	for _, syllable := range strings.Fields(a.Pinyin) {
		initials += syllable[:1]
	}
	return strings.HasPrefix(strings.ReplaceAll(a.Pinyin, " ", ""), text) || strings.HasPrefix(initials, text)
}

// pickList finds items of a code list by wording or code.
func (s *server) pickList(r *request, list, text string) []picked {
	out := []picked{}
	l := s.cat.Lists[list]
	if l == nil {
		return out
	}
	for _, it := range l.Items {
		if len(out) == maxPicks {
			break
		}
		label := s.cat.Label(list, it.Code, r.lang)
		if text == "" || strings.Contains(strings.ToLower(label), strings.ToLower(text)) || strings.Contains(it.ZH, text) || strings.HasPrefix(strings.ToLower(it.Code), strings.ToLower(text)) {
			out = append(out, picked{it.Code, label, it.Code})
		}
	}
	return out
}

// pickRef finds records of a kind the viewer may see, by name, code, number or
// initials.
func (s *server) pickRef(r *request, kind, text string) ([]picked, error) {
	out := []picked{}
	if s.cat.Kinds[kind] == nil || text == "" {
		return out, nil
	}
	q := domain.SearchQuery{Kind: kind, Text: text, Limit: maxPicks}
	find := r.sight.Search
	if kind == personKind && r.sight.Viewer.Known() {
		find = s.read.Search // colleagues know one another
	}
	page, err := find(r.Context(), q)
	for _, x := range page.Rows {
		out = append(out, picked{x.Ref.String(), first(x.Title, x.Number), strings.TrimSpace(x.Code + " " + r.area(x.Area))})
	}
	return out, err
}

// pickedName is the wording of a chosen value; "" when it is no value at all.
func (s *server) pickedName(r *request, pick, value string) string {
	what := strings.TrimPrefix(pick, "/pick/")
	root, rest, _ := strings.Cut(what, "/")
	switch root {
	case "area":
		if s.cat.Areas[value] != nil {
			return r.area(value)
		}
	case "list":
		return s.cat.Label(rest, value, r.lang)
	case "ref", "person":
		if _, err := domain.ParseRef(value); err == nil {
			return s.linkTo(r.Context(), r.words, value).Text
		}
	}
	return value
}

// resolver turns what a person typed into the one value it can mean.
func (s *server) resolver(r *request) form.Resolver {
	return func(f *form.Field, text string) string {
		text = strings.TrimSpace(text)
		what := strings.TrimPrefix(f.Pick, "/pick/")
		root, rest, _ := strings.Cut(what, "/")
		switch {
		case text == "":
			return ""
		case root == "area" && s.cat.Areas[text] != nil, root == "list" && s.cat.Lists[rest] != nil && s.cat.Lists[rest].Find(text) != nil:
			return text
		case root == "ref" || root == "person":
			if _, err := domain.ParseRef(text); err == nil {
				return text
			}
		}
		list, err := s.picks(r, what, text)
		if err != nil {
			return ""
		}
		return onlyOne(list, text)
	}
}

// onlyOne is the value whose wording or code is exactly the text, else the
// single answer.
func onlyOne(list []picked, text string) string {
	exact := ""
	for _, p := range list {
		if p.Text == text || p.Hint == text || strings.HasSuffix(p.Text, " · "+text) {
			if exact != "" {
				return ""
			}
			exact = p.Value
		}
	}
	if exact == "" && len(list) == 1 {
		return list[0].Value
	}
	return exact
}

// personID is the actor id of the person typed or chosen; what names nobody is
// passed on for the engine to refuse.
func (s *server) personID(r *request, text string) string {
	if text = strings.TrimSpace(text); text == "" {
		return ""
	}
	if id := s.resolver(r)(&form.Field{Type: "ref", Pick: "/pick/person"}, text); id != "" {
		return id
	}
	return text
}
