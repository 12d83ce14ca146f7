package resolver

import (
	"encoding/json"
	"html/template"
	"net/http"
	"strings"
)

const (
	linksetMedia   = "application/linkset+json"
	linksetContext = "https://ref.gs1.org/standards/resolver/linkset-context"
)

// withQuery adds the query of a request to a target that may have one itself.
func withQuery(target, query string) string {
	if query == "" {
		return target
	}
	target, fragment, cut := strings.Cut(target, "#")
	switch {
	case strings.HasSuffix(target, "?"):
	case strings.Contains(target, "?"):
		target += "&"
	default:
		target += "?"
	}
	target += query
	if cut {
		target += "#" + fragment
	}
	return target
}

func writeLinkset(w http.ResponseWriter, status int, entries []Entry) {
	doc, err := MarshalLinkset(entries)
	if err != nil {
		fail(w, http.StatusInternalServerError, "the links cannot be written")
		return
	}
	w.Header().Add("Link", "<"+linksetContext+`>; rel="http://www.w3.org/ns/json-ld#context"; type="application/ld+json"`)
	w.Header().Set("Content-Type", linksetMedia)
	w.WriteHeader(status)
	w.Write(doc)
}

var choicesPage = template.Must(template.New("").Parse(`<!doctype html><meta charset="utf-8"><title>{{.Description}}</title>
<h1>{{.Description}}</h1><ul>{{range .Links}}<li><a href="{{.Href}}"{{with .Hreflang}} hreflang="{{index . 0}}"{{end}}>{{.Title}}</a>{{end}}</ul>
`))

// writeChoices lets the client choose: people from a page, programs from a link
// set.
func writeChoices(w http.ResponseWriter, req *request, e Entry) {
	for _, p := range req.media {
		if p.value == "text/html" && p.q > 0 {
			w.Header().Set("Content-Type", "text/html; charset=utf-8")
			w.WriteHeader(http.StatusMultipleChoices)
			choicesPage.Execute(w, e)
			return
		}
	}
	writeLinkset(w, http.StatusMultipleChoices, []Entry{e})
}

// fail writes a problem document.
func fail(w http.ResponseWriter, status int, detail string) {
	doc, err := json.Marshal(struct {
		Title  string `json:"title"`
		Status int    `json:"status"`
		Detail string `json:"detail"`
	}{http.StatusText(status), status, detail})
	if err != nil {
		doc = []byte("{}")
	}
	w.Header().Set("Content-Type", "application/problem+json")
	w.WriteHeader(status)
	w.Write(doc)
}
