package resolver

import (
	"fmt"
	"net/url"
	"regexp"
	"strings"
)

// The forms that the JSON schema of GS1 link sets demands.
var (
	webURL     = regexp.MustCompile(`^https?://[A-Za-z0-9.\[-][^\s<>"{}|\\^` + "`" + `]*$`)
	relation   = regexp.MustCompile(`^([a-z][a-z0-9.-]*|https?://\S+)$`)
	languageID = regexp.MustCompile(`^[A-Za-z]{2,3}(-[A-Za-z0-9]{2,8})*$`)
	mediaType  = regexp.MustCompile(`^[\w.+-]+/[\w.+-]+$`)
)

// MaxLinks is how many links an entry may have.
const MaxLinks = 1000

// Check tells what keeps an entry from being published: every link needs target
// and title, and there is exactly one default link, without attributes, whose
// target a second and descriptive link type has too. Entries that carry no
// default link of their own inherit that of the entry above, so none is needed.
func (e *Entry) Check() error {
	if !webURL.MatchString(e.Anchor) && !strings.HasPrefix(e.Anchor, "/") {
		return &Error{"/anchor", "no web address"}
	}
	if e.Description == "" {
		return &Error{"/itemDescription", "missing"}
	}
	if len(e.Links) > MaxLinks {
		return &Error{"", "too many links"}
	}
	for _, typ := range e.types() {
		n := 0
		for _, l := range e.Links {
			if l.Type != typ {
				continue
			}
			if reason := l.check(); reason != "" {
				return &Error{fmt.Sprintf("/%s/%d", strings.ReplaceAll(typ, "/", "~1"), n), reason}
			}
			n++
		}
	}
	return e.checkDefault()
}

func (l *Link) check() string {
	switch {
	case !relation.MatchString(l.Type):
		return "link type is neither a web address nor a registered name"
	case !webURL.MatchString(l.Href):
		return "href is no web address"
	case l.Title == "":
		return "title is missing"
	case l.MediaType != "" && !mediaType.MatchString(l.MediaType):
		return "type is no media type"
	}
	if _, err := url.Parse(l.Href); err != nil {
		return "href is no web address"
	}
	for _, h := range l.Hreflang {
		if !languageID.MatchString(h) {
			return "hreflang has no language tag"
		}
	}
	return ""
}

func (e *Entry) checkDefault() error {
	at := "/" + strings.ReplaceAll(DefaultLink, "/", "~1")
	var def *Link
	for i, l := range e.Links {
		if l.Type != DefaultLink {
			continue
		}
		if def != nil {
			return &Error{at, "more than one default link"}
		}
		def = &e.Links[i]
	}
	if def == nil {
		return nil
	}
	if def.MediaType != "" || def.Hreflang != nil || def.Context != nil {
		return &Error{at + "/0", "a default link has a title and no other attribute"}
	}
	for _, l := range e.Links {
		if l.Type != DefaultLink && l.Href == def.Href {
			return nil
		}
	}
	return &Error{at + "/0", "no other link type says what the target is"}
}
