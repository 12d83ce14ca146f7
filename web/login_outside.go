package web

import (
	"net/http"

	"github.com/dinghai/dinghai/domain"
	"github.com/dinghai/dinghai/web/view"
)

// backAddress is where a provider sends the browser back to.
func (s *server) backAddress(provider string) string {
	return s.PublicURL + "/login/with/" + provider + "/back"
}

// goOutside sends the browser to a provider.
func (s *server) goOutside(w http.ResponseWriter, r *request) (reply, error) {
	key := r.PathValue("provider")
	to, flow, err := s.Access.BeginOutside(r.Context(), key, s.backAddress(key), landing(r.URL.Query().Get("next")))
	if err != nil {
		return s.outsideFailed(r, err)
	}
	s.setCookie(w, flowCookie, flow, flowAge)
	return reply{to: to}, nil
}

// comeFromOutside opens a session for whom the provider vouches.
func (s *server) comeFromOutside(w http.ResponseWriter, r *request) (reply, error) {
	key := r.PathValue("provider")
	flow := cookie(r.Request, s.cookieName(flowCookie))
	s.setCookie(w, flowCookie, "", 0)
	o, next, err := s.Access.SignInOutside(r.Context(), key, s.backAddress(key), flow, r.URL.Query(), s.client(r.Request))
	if err != nil {
		return s.outsideFailed(r, err)
	}
	s.keepSession(w, o)
	return reply{to: landing(next)}, nil
}

// outsideFailed shows the log-in page with what happened, so that another way
// is at hand.
func (s *server) outsideFailed(r *request, err error) (reply, error) {
	code := domain.ErrorCode(err)
	if code == domain.Internal || code == domain.NotFound {
		return reply{}, err
	}
	return reply{body: s.loginPage(r, "", reasons(err, r.lang)), code: statuses[code]}, nil
}

func (s *server) outsideLinks(r *request, next string) []view.Link {
	var out []view.Link
	for _, p := range s.Access.Providers() {
		l := view.Link{Text: p.Label().In(r.lang), Href: "/login/with/" + p.Key()}
		if next != firstPage {
			l.Href += "?next=" + escape(next)
		}
		out = append(out, l)
	}
	return out
}

// ties are the outside accounts of a person, by the provider's button.
func (s *server) ties(r *request) ([]view.IdentityRow, error) {
	list, err := s.Access.Ties(r.Context(), r.sight.Viewer.Person)
	out := make([]view.IdentityRow, len(list))
	for i, t := range list {
		out[i] = view.IdentityRow{Provider: t.Provider, Name: t.Provider, Made: r.T("account.tied", dayOf(t.Made))}
	}
	return out, err
}

func (s *server) untie(_ http.ResponseWriter, r *request) (reply, error) {
	me := r.sight.Viewer.Person
	return reply{to: "/account?done=untied"}, s.Access.Untie(r.Context(), me, me, r.PostFormValue("provider"))
}
