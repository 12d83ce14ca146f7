package browser

import (
	"context"

	"github.com/chromedp/cdproto/cdp"
	"github.com/chromedp/cdproto/webauthn"
	"github.com/chromedp/chromedp"
)

// Authenticator is a virtual device for passkeys in a tab.
type Authenticator struct {
	tab *Tab
	id  webauthn.AuthenticatorID
}

// call runs one command of the browser's tools.
func call[P, R any](t *Tab, c cdp.Command[P, R], params P) (R, error) {
	var out R
	err := t.Do(chromedp.Func(func(ctx context.Context, _ *chromedp.Target) error {
		var err error
		out, err = chromedp.Call(ctx, c, params)
		return err
	}))
	return out, err
}

// Authenticator plugs a device into the tab: one that verifies its user, or one
// that only notices somebody is there.
func (t *Tab) Authenticator(verifies bool) (*Authenticator, error) {
	if _, err := call(t, webauthn.Enable, webauthn.EnableParams{}); err != nil {
		return nil, err
	}
	r, err := call(t, webauthn.AddVirtualAuthenticator, webauthn.AddVirtualAuthenticatorParams{Options: &webauthn.VirtualAuthenticatorOptions{
		Protocol: webauthn.AuthenticatorProtocolCtap2, Ctap2version: webauthn.Ctap2versionCtap21, Transport: webauthn.AuthenticatorTransportUsb,
		HasResidentKey: true, HasUserVerification: verifies, IsUserVerified: verifies, AutomaticPresenceSimulation: true}})
	return &Authenticator{t, r.AuthenticatorID}, err
}

// Remove unplugs the device.
func (a *Authenticator) Remove() error {
	_, err := call(a.tab, webauthn.RemoveVirtualAuthenticator, webauthn.RemoveVirtualAuthenticatorParams{AuthenticatorID: a.id})
	return err
}

// Keys counts the passkeys on the device.
func (a *Authenticator) Keys() (int, error) {
	r, err := call(a.tab, webauthn.GetCredentials, webauthn.GetCredentialsParams{AuthenticatorID: a.id})
	return len(r.Credentials), err
}

// Alter changes what the first passkey on the device says of itself from now
// on: whether it may be synchronised, or how often it was used. The key is put
// back as a new one, since not every Chromium can change a count in place.
func (a *Authenticator) Alter(synced *bool, count *float64) error {
	r, err := call(a.tab, webauthn.GetCredentials, webauthn.GetCredentialsParams{AuthenticatorID: a.id})
	if err != nil || len(r.Credentials) == 0 {
		return err
	}
	c := r.Credentials[0]
	if synced != nil {
		c.BackupEligibility = *synced
	}
	if count != nil {
		c.SignCount = *count
	}
	if _, err := call(a.tab, webauthn.RemoveCredential, webauthn.RemoveCredentialParams{AuthenticatorID: a.id, CredentialID: c.CredentialID}); err != nil {
		return err
	}
	_, err = call(a.tab, add, addParams{a.id, credential{Credential: c}})
	return err
}

// add is webauthn.AddCredential without the mention of CMTG keys, which the
// generated type always makes and Chromium from 156 on refuses on a device that
// has none.
var add = cdp.Command[addParams, cdp.Empty]{Method: webauthn.CommandAddCredential}

type addParams struct {
	AuthenticatorID webauthn.AuthenticatorID `json:"authenticatorId"`
	Credential      credential               `json:"credential"`
}

type credential struct {
	*webauthn.Credential
	GenerateCmtgKeyOnNextOperation *bool `json:"generateCmtgKeyOnNextOperation,omitempty"`
	ActiveCmtgKeyIndex             *bool `json:"activeCmtgKeyIndex,omitempty"`
}
