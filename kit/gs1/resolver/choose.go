package resolver

import (
	"slices"
	"strconv"
	"strings"
)

// preference is one member of an Accept or Accept-Language header.
type preference struct {
	value string // in lower case
	q     float64
}

// preferences parses an Accept or Accept-Language header, most wanted first. At
// most 32 members are read.
func preferences(header string) (out []preference) {
	for part := range strings.SplitSeq(header, ",") {
		if len(out) == 32 {
			break
		}
		value, params, _ := strings.Cut(part, ";")
		p := preference{strings.ToLower(strings.TrimSpace(value)), 1}
		for param := range strings.SplitSeq(params, ";") {
			name, v, _ := strings.Cut(strings.TrimSpace(param), "=")
			if !strings.EqualFold(name, "q") {
				continue
			}
			if q, err := strconv.ParseFloat(strings.TrimSpace(v), 64); err == nil && q >= 0 && q <= 1 {
				p.q = q
			}
		}
		if p.value != "" {
			out = append(out, p)
		}
	}
	slices.SortStableFunc(out, func(a, b preference) int {
		switch {
		case a.q > b.q:
			return -1
		case a.q < b.q:
			return 1
		}
		return 0
	})
	return out
}

// wants is what a request says about the answer.
type wants struct {
	linkType  string // URI; "" means the default
	linkset   bool
	languages []preference
	media     []preference
	context   string
}

// choose narrows links of one type to those that fit the request best. More
// than one means that they are equal.
func (w *wants) choose(links []Link) []Link {
	links = narrow(links, []preference{{w.context, 1}}, func(l Link) []string { return lower(l.Context) }, equal)
	links = narrow(links, w.languages, func(l Link) []string { return lower(l.Hreflang) }, languageFits)
	links = narrow(links, w.media, func(l Link) []string { return list(l.MediaType) }, mediaFits)
	return distinct(links)
}

// meant tells whether a link that names languages, media types or contexts names
// what the request wants.
func (w *wants) meant(l Link) bool {
	any := func(has []string, wanted []preference, fits func(wanted, has string) bool) bool {
		return len(has) == 0 || slices.ContainsFunc(wanted, func(p preference) bool {
			return p.q > 0 && slices.ContainsFunc(has, func(h string) bool { return fits(p.value, h) })
		})
	}
	return any(lower(l.Context), []preference{{w.context, 1}}, equal) &&
		any(lower(l.Hreflang), w.languages, languageFits) &&
		any(list(l.MediaType), w.media, func(wanted, has string) bool { return wanted == "*/*" || mediaFits(wanted, has) })
}

func lower(list []string) []string {
	out := make([]string, len(list))
	for i, s := range list {
		out[i] = strings.ToLower(s)
	}
	return out
}

func list(s string) []string {
	if s == "" {
		return nil
	}
	return []string{strings.ToLower(s)}
}

func equal(wanted, has string) bool { return wanted == has }

// languageFits is lookup of RFC 4647: en-GB is served by en, and en by en-GB.
func languageFits(wanted, has string) bool {
	return wanted == has || strings.HasPrefix(wanted, has+"-") || strings.HasPrefix(has, wanted+"-")
}

// mediaFits takes ranges such as text/*. The range of everything prefers nothing.
func mediaFits(wanted, has string) bool {
	if prefix, ok := strings.CutSuffix(wanted, "*"); ok && wanted != "*/*" {
		return strings.HasPrefix(has, prefix)
	}
	return wanted == has
}

// narrow keeps the links that the most wanted fitting preference names, exactly
// named ones before others; if none fits, those that are for everybody; if there
// are none of these either, all.
func narrow(links []Link, wanted []preference, attribute func(Link) []string, fits func(wanted, has string) bool) []Link {
	for _, p := range wanted {
		if p.q == 0 || p.value == "" {
			continue
		}
		for _, test := range []func(string, string) bool{equal, fits} {
			if found := having(links, attribute, func(has string) bool { return test(p.value, has) }); found != nil {
				return found
			}
		}
	}
	var open []Link
	for _, l := range links {
		if len(attribute(l)) == 0 {
			open = append(open, l)
		}
	}
	if open != nil {
		return open
	}
	return links
}

func having(links []Link, attribute func(Link) []string, test func(string) bool) (out []Link) {
	for _, l := range links {
		if slices.ContainsFunc(attribute(l), test) {
			out = append(out, l)
		}
	}
	return out
}

// distinct drops links to a target that an earlier one has.
func distinct(links []Link) (out []Link) {
	for _, l := range links {
		if !slices.ContainsFunc(out, func(o Link) bool { return o.Href == l.Href }) {
			out = append(out, l)
		}
	}
	return out
}
