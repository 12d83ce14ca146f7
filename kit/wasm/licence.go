package wasm

import (
	"crypto"
	"encoding/json"
	"time"

	"github.com/dinghai/dinghai/kit/cwtqr"
	"github.com/dinghai/dinghai/kit/sdjwt/jws"
	"github.com/dinghai/dinghai/kit/statuslist"
)

// LicenceRequest asks about a licence's QR code.
type LicenceRequest struct {
	Text string          `json:"text"` // as scanned
	Keys json.RawMessage `json:"keys"` // JSON Web Key Set of trusted issuers
	List []byte          `json:"list"` // status list, CWT, in base64; absent when there is none
	At   int64           `json:"at"`   // Unix seconds
}

// LicenceResult is what the code says. Expired ones are shown too, with OK
// false.
type LicenceResult struct {
	Issuer     string      `json:"issuer"`
	IssuedAt   time.Time   `json:"issued_at"`
	Expires    time.Time   `json:"expires"`
	Licence    licenceJSON `json:"licence"`
	ListURI    string      `json:"list_uri"` // where the status list is fetched
	Index      uint64      `json:"index"`
	State      cwtqr.State `json:"state"`
	AsOf       *time.Time  `json:"as_of,omitempty"`
	ListErrors string      `json:"list_error,omitempty"` // why the list was of no use
}

type licenceJSON struct {
	USCC           string `json:"uscc"`
	Name           string `json:"name"`
	Type           string `json:"type"`
	Representative string `json:"representative,omitempty"`
	Established    string `json:"established"`
	Until          string `json:"until,omitempty"`
	Address        string `json:"address"`
	Area           uint32 `json:"area"`
	Credential     []byte `json:"credential"` // in base64
}

func verifyLicence(r LicenceRequest) (any, error) {
	set, err := jws.ParseKeySet(r.Keys)
	if err != nil {
		return nil, err
	}
	var pubs []crypto.PublicKey
	for _, k := range set {
		pubs = append(pubs, k.Public())
	}
	keys, err := cwtqr.Keys(pubs...)
	if err != nil {
		return nil, err
	}
	at := time.Unix(r.At, 0)
	c, err := cwtqr.Verify(r.Text, keys.Find, at)
	if c == nil {
		return nil, err
	}
	l := &c.Licence
	out := LicenceResult{
		Issuer: c.Issuer, IssuedAt: c.IssuedAt, Expires: c.Expires, ListURI: c.Status.URI, Index: c.Status.Index, State: cwtqr.Unknown,
		Licence: licenceJSON{
			l.USCC, l.Name, l.Type, l.Representative, string(l.Established), string(l.Until), l.Address, l.Area, l.Credential[:],
		},
	}
	if err != nil || len(r.List) == 0 {
		return out, err
	}
	list, listErr := statuslist.VerifyCWT(r.List, keys.Find)
	if listErr == nil {
		var v cwtqr.Verdict
		v, listErr = c.Judge(list, at)
		out.State, out.AsOf = v.State, &v.AsOf
	}
	if listErr != nil {
		out.State, out.AsOf, out.ListErrors = cwtqr.Unknown, nil, listErr.Error()
	}
	return out, nil
}
