package web

import (
	"strconv"
	"strings"
	"time"

	"github.com/dinghai/dinghai/web/format"
	"github.com/dinghai/dinghai/web/view"
)

// pageSize is how many rows a page of a list shows.
const pageSize = 50

func hours(n int) time.Duration { return time.Duration(n) * time.Hour }

// anchor makes a name fit for the part of an address after #.
func anchor(id string) string { return strings.ReplaceAll(id, "#", "-") }

func first(list ...string) string {
	for _, s := range list {
		if s != "" {
			return s
		}
	}
	return ""
}

func count(n int) string { return format.Int(int64(n)) }

// pager says where a page stands. The cursor alone does not tell, so the
// address carries the number of rows before it; it is only shown.
func pager(r *request, shown, total int, next string) view.Pager {
	at, err := strconv.Atoi(r.URL.Query().Get("at"))
	if err != nil || at < 0 || at >= total || r.URL.Query().Get("after") == "" {
		at = 0
	}
	g := view.Pager{First: at + 1, Last: at + shown, Total: total}
	if at > 0 {
		g.Start = drop(r, "after", "at")
	}
	if next != "" {
		g.Next = put(r, "after", next, "at", strconv.Itoa(at+shown))
	}
	return g
}

// put is the address of this page with some parameters set.
func put(r *request, pairs ...string) string {
	u := *r.URL
	q := u.Query()
	for i := 0; i < len(pairs); i += 2 {
		q.Set(pairs[i], pairs[i+1])
	}
	u.RawQuery = q.Encode()
	return u.RequestURI()
}

func drop(r *request, names ...string) string {
	u := *r.URL
	q := u.Query()
	for _, n := range names {
		q.Del(n)
	}
	u.RawQuery = q.Encode()
	return u.RequestURI()
}

func plain(n int) string { return strconv.Itoa(n) }

// offset is where a page begins, within a list of known length.
func offset(r *request, total int) int {
	at, err := strconv.Atoi(r.URL.Query().Get("at"))
	if err != nil || at < 0 || at >= total {
		return 0
	}
	return at
}

// putOnly sets one parameter and goes back to the first page.
func putOnly(r *request, name, value string) string {
	u := *r.URL
	q := u.Query()
	q.Set(name, value)
	q.Del("after")
	q.Del("at")
	u.RawQuery = q.Encode()
	return u.RequestURI()
}
