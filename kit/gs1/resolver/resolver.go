// Package resolver answers requests for GS1 Digital Link URIs: it redirects to
// the link that fits the request best, or lists all links there are. It is an
// [http.Handler] over a small [Store].
//
// Standards: GS1-Conformant Resolver 1.2.0; RFC 9264 link sets as JSON;
// GS1 Digital Link URI Syntax 1.6.0 and Compression 1.0.0.
//
//	what is asked for                         answer
//	------------------------------------------------------------------------
//	a URI that is known, or one level up      307 to its default link
//	?linkType=gs1:pip                         307 to that link, 404 if absent
//	several links that fit equally            300 with these
//	?linkType=linkset, Accept: application/   200 with the links of all levels
//	    linkset+json
//	nothing known                             404
//	no Digital Link URI, wrong check digit    400
//
// Qualifiers are walked up: of a serial number nothing is known, then of its
// batch, then of its GTIN. Errors are problem documents (RFC 9457).
package resolver

import (
	"context"
	"net/http"
	"net/url"
	"slices"
	"strings"

	"github.com/dinghai/dinghai/kit/gs1"
)

// Handler is the resolver.
type Handler struct {
	store  Store
	root   string // "https://id.example.com", perhaps with a path
	host   string // its scheme and host
	about  []byte // the resolver description file
	parser gs1.Parser
}

// New returns the resolver that is described by d and has its links in store.
func New(store Store, d Description) (*Handler, error) {
	root, err := url.Parse(d.ResolverRoot)
	if err != nil || root.Host == "" || root.Scheme != "https" && root.Scheme != "http" {
		return nil, &Error{"/resolverRoot", "no web address"}
	}
	about, err := d.document()
	if err != nil {
		return nil, err
	}
	return &Handler{
		store: store,
		root:  strings.TrimSuffix(d.ResolverRoot, "/"),
		host:  root.Scheme + "://" + root.Host,
		about: about,
		// A wrong combination of attributes on a label does not make the item
		// unknown, so only syntax and values are checked.
		parser: gs1.Parser{TrailingSlash: true, SkipAssociations: true},
	}, nil
}

// ServeHTTP implements http.Handler.
func (h *Handler) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	header := w.Header()
	header.Set("Access-Control-Allow-Origin", "*")
	header.Set("Access-Control-Allow-Methods", "GET, HEAD, OPTIONS")
	header.Set("Access-Control-Allow-Headers", "Accept, Accept-Language, Content-Type")
	header.Set("Access-Control-Expose-Headers", "Link, Location")
	header.Set("X-Content-Type-Options", "nosniff")
	switch r.Method {
	case http.MethodOptions:
		header.Set("Allow", "GET, HEAD, OPTIONS")
		w.WriteHeader(http.StatusNoContent)
		return
	case http.MethodGet, http.MethodHead:
	default:
		header.Set("Allow", "GET, HEAD, OPTIONS")
		fail(w, http.StatusMethodNotAllowed, "GET, HEAD and OPTIONS only")
		return
	}
	if r.URL.Path == "/.well-known/gs1resolver" {
		header.Set("Content-Type", "application/json")
		w.Write(h.about)
		return
	}
	header.Set("Vary", "Accept, Accept-Language")
	h.resolve(w, r)
}

// request is a Digital Link request that has been understood.
type request struct {
	wants
	key    gs1.Element
	levels []string // paths from the most specific up to the primary key
	query  string   // as it came
}

func (h *Handler) resolve(w http.ResponseWriter, r *http.Request) {
	req, err := h.read(w, r)
	if err != nil {
		fail(w, http.StatusBadRequest, err.Error())
		return
	}
	w.Header().Add("Link", "<"+h.root+req.levels[0]+`?linkType=linkset>; rel="linkset"; type="`+linksetMedia+`"`)
	entries, err := h.entries(r.Context(), req)
	switch {
	case err != nil:
		fail(w, http.StatusInternalServerError, "the links cannot be read")
	case len(entries) == 0:
		h.delegate(w, r, req)
	case req.linkset:
		writeLinkset(w, http.StatusOK, entries)
	default:
		h.redirect(w, req, entries)
	}
}

// read understands the URI; of a compressed one it also tells the plain form.
func (h *Handler) read(w http.ResponseWriter, r *http.Request) (*request, error) {
	uri := h.host + r.URL.EscapedPath()
	if r.URL.RawQuery != "" {
		uri += "?" + r.URL.RawQuery
	}
	plain := uri
	if gs1.IsCompressed(uri) {
		var err error
		if plain, err = h.parser.Decompress(uri); err != nil {
			return nil, err
		}
		w.Header().Add("Link", "<"+plain+`>; rel="owl:sameAs"`)
	}
	m, err := h.parser.URI(plain)
	if err != nil {
		return nil, err
	}
	req := &request{query: r.URL.RawQuery}
	req.levels, req.key = levels(m)
	req.wants = h.wants(r)
	return req, nil
}

// levels are the paths of what m identifies, one qualifier less each time.
func levels(m *gs1.Message) ([]string, gs1.Element) {
	identity := m.Identity()
	path, _ := m.IdentityURI("")
	out := []string{path}
	for n := len(identity) - 1; n > 0; n-- {
		i := strings.LastIndexByte(path, '/')
		path = path[:strings.LastIndexByte(path[:i], '/')]
		out = append(out, path)
	}
	return out, identity[0]
}

func (h *Handler) wants(r *http.Request) wants {
	q := r.URL.Query()
	media := preferences(r.Header.Get("Accept"))
	out := wants{
		languages: preferences(r.Header.Get("Accept-Language")),
		media:     media,
		context:   strings.ToLower(q.Get("context")),
	}
	switch t := q.Get("linkType"); {
	case t == "linkset", t == "all": // the second is deprecated
		out.linkset = true
	case t != "":
		out.linkType = Expand(t)
	default:
		out.linkset = len(media) > 0 && media[0].q > 0 && media[0].value == linksetMedia
	}
	return out
}

// Expand turns a link type as people write it, gs1:pip, into a URI. Earlier
// addresses of the GS1 Web Vocabulary become the present one.
func Expand(linkType string) string {
	for _, prefix := range [...]string{"gs1:", "https://gs1.org/voc/", "http://gs1.org/voc/", "https://www.gs1.org/voc/"} {
		if name, ok := strings.CutPrefix(linkType, prefix); ok {
			return Namespace + name
		}
	}
	return linkType
}

// entries are those of all levels that have one, with full anchors.
func (h *Handler) entries(ctx context.Context, req *request) (out []Entry, err error) {
	for _, path := range req.levels {
		e, err := h.store.Entry(ctx, path)
		if err != nil {
			return nil, err
		}
		if e != nil {
			full := *e
			full.Anchor = h.root + path
			out = append(out, full)
		}
	}
	return out, nil
}

// delegate sends the request as it is to the resolver that serves the key.
func (h *Handler) delegate(w http.ResponseWriter, r *http.Request, req *request) {
	if d, ok := h.store.(Delegator); ok {
		root, err := d.Delegate(r.Context(), req.key)
		if err != nil {
			fail(w, http.StatusInternalServerError, "the links cannot be read")
			return
		}
		if root != "" {
			to := withQuery(strings.TrimSuffix(root, "/")+req.levels[0], req.query)
			w.Header().Add("Link", "<"+to+`>; rel="`+HandledBy+`"`)
			w.Header().Set("Location", to)
			w.WriteHeader(http.StatusTemporaryRedirect)
			return
		}
	}
	fail(w, http.StatusNotFound, "nothing is known of "+req.levels[0])
}

// redirect follows the link that fits, of the most specific level that has any
// of the type asked for.
func (h *Handler) redirect(w http.ResponseWriter, req *request, entries []Entry) {
	for i := range entries {
		found := req.find(&entries[i])
		switch len(found) {
		case 0:
			continue
		case 1:
			to := found[0].Href
			if !found[0].NoQuery {
				to = withQuery(to, req.query)
			}
			w.Header().Set("Location", to)
			w.WriteHeader(http.StatusTemporaryRedirect)
		default:
			writeChoices(w, req, Entry{entries[i].Anchor, entries[i].Description, found})
		}
		return
	}
	what := "default link"
	if req.linkType != "" {
		what = "link of type " + req.linkType
	}
	fail(w, http.StatusNotFound, "there is no "+what+" for "+req.levels[0])
}

// find returns the links of e that fit best.
func (req *request) find(e *Entry) []Link {
	if req.linkType != "" {
		return req.choose(e.ofType(req.linkType))
	}
	// A variant of the default link serves only those whom it names.
	variants := slices.DeleteFunc(e.ofType(DefaultLinkMulti), func(l Link) bool { return !req.meant(l) })
	if best := req.choose(variants); len(best) == 1 {
		return best
	}
	return e.ofType(DefaultLink)
}

func (e *Entry) ofType(linkType string) (out []Link) {
	for _, l := range e.Links {
		if Expand(l.Type) == linkType {
			out = append(out, l)
		}
	}
	return out
}
