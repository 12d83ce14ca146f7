package access

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"sync"
	"time"

	"github.com/coreos/go-oidc/v3/oidc"
	"golang.org/x/oauth2"

	"github.com/dinghai/dinghai/domain"
)

// OIDC is an OpenID Connect provider: code flow with PKCE, state and nonce. Its
// metadata is fetched when somebody first signs in, so that a bureau starts
// also while the provider is away.
type OIDC struct {
	Issuer       string
	ClientID     string
	ClientSecret string
	Claim        string // holds the log-in name; "" = preferred_username
	Name         domain.Text
	Client       *http.Client // nil = one that waits ten seconds

	mu   sync.Mutex
	meta *oidc.Provider
}

// Key is oidc.
func (o *OIDC) Key() string { return "oidc" }

// Label is the configured name.
func (o *OIDC) Label() domain.Text { return o.Name }

func (o *OIDC) context(ctx context.Context) context.Context {
	c := o.Client
	if c == nil {
		c = &http.Client{Timeout: 10 * time.Second}
	}
	return oidc.ClientContext(ctx, c)
}

// provider fetches the metadata once.
func (o *OIDC) provider(ctx context.Context) (*oidc.Provider, error) {
	o.mu.Lock()
	defer o.mu.Unlock()
	if o.meta != nil {
		return o.meta, nil
	}
	// The provider keeps the context for its keys: it must outlive the request.
	p, err := oidc.NewProvider(o.context(context.WithoutCancel(ctx)), o.Issuer)
	if err == nil {
		o.meta = p
	}
	return p, err
}

func (o *OIDC) config(p *oidc.Provider, back string) *oauth2.Config {
	return &oauth2.Config{ClientID: o.ClientID, ClientSecret: o.ClientSecret, Endpoint: p.Endpoint(), RedirectURL: back, Scopes: []string{oidc.ScopeOpenID, "profile"}}
}

// Begin gives the authorisation request.
func (o *OIDC) Begin(ctx context.Context, back string, f *Flow) (string, error) {
	p, err := o.provider(ctx)
	if err != nil {
		return "", err
	}
	return o.config(p, back).AuthCodeURL(f.State, oidc.Nonce(f.Nonce), oauth2.S256ChallengeOption(f.Verifier)), nil
}

// Finish exchanges the code and verifies the ID token. A response that names
// another issuer (RFC 9207) was meant for somebody else.
func (o *OIDC) Finish(ctx context.Context, back string, f *Flow, answer url.Values) (*Profile, error) {
	if iss := answer.Get("iss"); iss != "" && iss != o.Issuer {
		return nil, fmt.Errorf("oidc: the answer comes from %s", plain(iss, 100))
	}
	p, err := o.provider(ctx)
	if err != nil {
		return nil, err
	}
	ctx = o.context(ctx)
	token, err := o.config(p, back).Exchange(ctx, answer.Get("code"), oauth2.VerifierOption(f.Verifier))
	if err != nil {
		return nil, err
	}
	raw, ok := token.Extra("id_token").(string)
	if !ok {
		return nil, errors.New("oidc: no ID token")
	}
	id, err := p.VerifierContext(ctx, &oidc.Config{ClientID: o.ClientID}).Verify(ctx, raw)
	if err != nil {
		return nil, err
	}
	if id.Nonce != f.Nonce {
		return nil, errors.New("oidc: the ID token belongs to another sign-in")
	}
	who := &Profile{Issuer: id.Issuer, Subject: id.Subject}
	if who.Login, err = o.login(id.Claims); err != nil || who.Login != "" {
		return who, err
	}
	info, err := p.UserInfo(ctx, oauth2.StaticTokenSource(token))
	if err != nil {
		return nil, err
	}
	if info.Subject != id.Subject {
		return nil, errors.New("oidc: the user info is about somebody else")
	}
	who.Login, err = o.login(info.Claims)
	return who, err
}

func (o *OIDC) login(read func(any) error) (string, error) {
	claims := map[string]any{}
	if err := read(&claims); err != nil {
		return "", err
	}
	name := o.Claim
	if name == "" {
		name = "preferred_username"
	}
	if name == "email" && claims["email_verified"] != true {
		return "", nil // anybody could have typed it
	}
	t, _ := claims[name].(string)
	return t, nil
}
