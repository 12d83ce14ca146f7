package webtest

import (
	"net/http"

	"github.com/dinghai/dinghai/domain"
)

// Seeing signs a request in as somebody who sees every record and holds no
// grant, if it carries the cookie view=officer: trials of what colleagues see.
// A real session comes from access.
func Seeing(r *http.Request) (domain.Viewer, error) {
	if c, err := r.Cookie("view"); err != nil || c.Value != "officer" {
		return domain.Viewer{}, nil
	}
	p := domain.Ref{Home: 330900, ID: "00000000-0000-7000-8000-0000000000ff"}
	return domain.Viewer{Actor: domain.Actor{ID: p.String(), Name: "周岚"}, Person: p, Scope: domain.Scope{All: true}}, nil
}
