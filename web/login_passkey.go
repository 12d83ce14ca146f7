package web

import (
	"encoding/json"
	"errors"
	"io"
	"net/http"
	"time"

	"github.com/dinghai/dinghai/access"
	"github.com/dinghai/dinghai/domain"
)

// Passkeys need a script: the browser's part of a ceremony has no form. These
// addresses speak JSON, and say what went wrong in the reader's words.

const (
	flowCookie = "flow"
	flowAge    = 10 * time.Minute
	maxAnswer  = 64 << 10 // of a browser's credential
)

// said is the answer to the script.
type said struct {
	Options any    `json:"options,omitempty"` // for navigator.credentials
	To      string `json:"to,omitempty"`
	Error   string `json:"error,omitempty"`
	Field   string `json:"field,omitempty"`
}

// spoken answers the script of a passkey form.
func (s *server) spoken(f func(http.ResponseWriter, *request) (said, error)) http.HandlerFunc {
	return func(w http.ResponseWriter, h *http.Request) {
		r := s.request(w, h)
		a, err := f(w, r)
		code := http.StatusOK
		if err != nil {
			a, code = s.sayError(r, err)
		}
		w.Header().Set("Content-Type", "application/json; charset=utf-8")
		w.Header().Set("Cache-Control", "no-store")
		w.WriteHeader(code)
		_ = json.NewEncoder(w).Encode(a) // the reader has gone; nothing to tell anyone
	}
}

func (s *server) sayError(r *request, err error) (said, int) {
	var wait *access.WaitError
	if errors.As(err, &wait) {
		return said{Error: r.waiting(wait)}, http.StatusTooManyRequests
	}
	var d *domain.Error
	if !errors.As(err, &d) || len(d.Problems) == 0 {
		s.Log.Error("passkey", "path", r.URL.Path, "error", err)
		return said{Error: r.T("error.internal")}, http.StatusInternalServerError
	}
	return said{Error: sentence(d.Problems[0].Reason, r.lang), Field: d.Problems[0].Field}, statuses[d.Code]
}

// challenge sends options to the browser and keeps the flow in its cookie.
func (s *server) challenge(w http.ResponseWriter, options any, flow string, err error) (said, error) {
	if err == nil {
		s.setCookie(w, flowCookie, flow, flowAge)
	}
	return said{Options: options}, err
}

// answered reads the flow and the browser's credential; the flow is over.
func (s *server) answered(w http.ResponseWriter, r *request) (flow string, body []byte, err error) {
	flow = cookie(r.Request, s.cookieName(flowCookie))
	s.setCookie(w, flowCookie, "", 0)
	body, err = io.ReadAll(http.MaxBytesReader(w, r.Body, maxAnswer))
	return flow, body, err
}

func (s *server) beginPasskey(w http.ResponseWriter, r *request) (said, error) {
	options, flow, err := s.Access.BeginPasskey(r.Context())
	return s.challenge(w, options, flow, err)
}

func (s *server) signInPasskey(w http.ResponseWriter, r *request) (said, error) {
	flow, body, err := s.answered(w, r)
	if err != nil {
		return said{}, err
	}
	o, err := s.Access.SignInPasskey(r.Context(), flow, body, s.client(r.Request))
	if err != nil {
		return said{}, err
	}
	s.keepSession(w, o)
	return said{To: landing(r.URL.Query().Get("next"))}, nil
}

func (s *server) beginAdd(w http.ResponseWriter, r *request) (said, error) {
	if err := s.signedIn(r); err != nil {
		return said{}, err
	}
	options, flow, err := s.Access.BeginAdd(r.Context(), r.sight.Viewer.Person, r.PostFormValue("password"), s.client(r.Request))
	return s.challenge(w, options, flow, err)
}

func (s *server) addPasskey(w http.ResponseWriter, r *request) (said, error) {
	if err := s.signedIn(r); err != nil {
		return said{}, err
	}
	flow, body, err := s.answered(w, r)
	if err != nil {
		return said{}, err
	}
	o, err := s.Access.Add(r.Context(), r.sight.Viewer.Person, flow, r.URL.Query().Get("name"), body, s.client(r.Request))
	if err != nil {
		return said{}, err
	}
	s.keepSession(w, o)
	return said{To: "/account?done=passkey#passkeys"}, nil
}

func (s *server) dropPasskey(_ http.ResponseWriter, r *request) (reply, error) {
	return reply{to: "/account?done=dropped#passkeys"}, s.Access.DropKey(r.Context(), r.sight.Viewer.Person, r.PostFormValue("id"))
}

// whyNoPasskeys says why they are off; "" when they are on.
func (s *server) whyNoPasskeys(r *request) string {
	if s.Access.Passkeys() {
		return ""
	}
	return r.T("passkey.off")
}
