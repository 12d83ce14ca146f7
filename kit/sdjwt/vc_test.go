package sdjwt

import (
	"crypto"
	"crypto/ecdsa"
	"crypto/ed25519"
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"reflect"
	"strings"
	"testing"
	"time"

	"github.com/go-jose/go-jose/v4"

	"github.com/dinghai/dinghai/kit/cwtqr/cwt"
	"github.com/dinghai/dinghai/kit/sdjwt/jws"
)

// suite is the inputs of the W3C test suite for VC-JOSE-COSE.
type suite struct {
	texts map[string]string
	json  map[string]json.RawMessage
	keys  jws.KeySet
	cose  cwt.Keys
	sign  map[string]crypto.Signer // by kid
}

func readSuite(t *testing.T) suite {
	t.Helper()
	b, err := os.ReadFile("testdata/vc-jose-cose.json")
	if err != nil {
		t.Fatal(err)
	}
	var f struct {
		Cases []struct {
			File, Text string
			JSON       json.RawMessage
		}
	}
	if err := json.Unmarshal(b, &f); err != nil {
		t.Fatal(err)
	}
	s := suite{map[string]string{}, map[string]json.RawMessage{}, nil, cwt.Keys{}, map[string]crypto.Signer{}}
	for _, c := range f.Cases {
		switch {
		case strings.HasPrefix(c.File, "vm-"):
			s.addKey(t, c.JSON)
			s.json[c.File] = c.JSON
		case c.Text != "":
			s.texts[c.File] = c.Text
		default:
			s.json[c.File] = c.JSON
		}
	}
	return s
}

func (s *suite) addKey(t *testing.T, method []byte) {
	t.Helper()
	var m struct {
		Public jws.Key         `json:"publicKeyJwk"`
		Secret jose.JSONWebKey `json:"secretKeyJwk"`
	}
	if err := json.Unmarshal(method, &m); err != nil {
		t.Fatal(err)
	}
	id := m.Public.ID()
	if s.cose[id] == nil {
		s.keys = append(s.keys, m.Public)
	}
	s.cose[id] = m.Public.Public()
	switch key := m.Secret.Key.(type) {
	case *ecdsa.PrivateKey:
		s.sign[id] = key
	case ed25519.PrivateKey:
		s.sign[id] = key
	}
}

// claims verifies a secured document by the rules of VC-JOSE-COSE and returns
// what it holds. kind is "vc" or "vp".
func (s *suite) claims(kind, text string) (map[string]any, error) {
	switch {
	case strings.Contains(text, "~"):
		v := Verifier{Keys: s.keys.Find, Type: kind + "+sd-jwt", At: time.Unix(1734311060, 0)}
		out, err := v.Verify(text)
		if err != nil {
			return nil, err
		}
		return out.Claims, nil
	case strings.Count(text, ".") == 2:
		m, err := jws.Verify(text, s.keys.Find)
		if err != nil {
			return nil, err
		}
		if !sameType(m.Header.Typ, kind+"+jwt") {
			return nil, errors.New("typ is " + m.Header.Typ)
		}
		return object(m.Payload)
	}
	b, err := base64.RawURLEncoding.DecodeString(strings.NewReplacer("+", "-", "/", "_").Replace(text))
	if err != nil {
		return nil, err
	}
	m, err := cwt.Verify(b, s.cose.Find)
	if err != nil {
		return nil, err
	}
	if !sameType(m.Header.Typ, kind+"+cose") {
		return nil, errors.New("typ is " + m.Header.Typ)
	}
	return object(m.Payload)
}

// verify also looks at what no claims set may have and at what a presentation
// envelops: credentials, which are verified unless abbreviated as in one input.
func (s *suite) verify(kind, text string) error {
	c, err := s.claims(kind, strings.TrimSpace(text))
	if err != nil {
		return err
	}
	if c["vc"] != nil || c["vp"] != nil {
		return errors.New("claims vc or vp are there")
	}
	if kind == "vc" {
		return nil
	}
	list, _ := c["verifiableCredential"].([]any)
	for _, v := range list {
		o, _ := v.(map[string]any)
		id, _ := o["id"].(string)
		media, enveloped, ok := strings.Cut(strings.TrimPrefix(id, "data:application/"), ",")
		if !ok || !strings.HasPrefix(media, "vc+") {
			return fmt.Errorf("%.20q envelops no credential", id)
		}
		if err := s.verify("vc", enveloped); err != nil && !strings.HasSuffix(enveloped, "....") {
			return err
		}
	}
	return nil
}

func TestVCJoseCose(t *testing.T) {
	s := readSuite(t)
	passed := 0
	for name, text := range s.texts {
		want := true
		for _, bad := range []string{"bad-", "not-base64", "vc-vp-claims"} {
			want = want && !strings.Contains(name, bad)
		}
		kind := "vc"
		if strings.HasPrefix(name, "presentation") {
			kind = "vp"
		}
		if err := s.verify(kind, text); (err == nil) == want {
			passed++
			t.Logf("%s: %v", name, err)
		} else {
			t.Errorf("%s: %v", name, err)
		}
	}
	for name, document := range s.json {
		if err := s.secure(name, document); err == nil {
			passed++
		} else {
			t.Errorf("%s: %v", name, err)
		}
	}
	n := len(s.texts) + len(s.json)
	t.Logf("vc-jose-cose.json: %d of %d vectors pass", passed, n)
	if n != 36 || len(s.sign) != 4 {
		t.Error("vectors are missing", n)
	}
}

// secure signs a document under every key as SD-JWT, JWT and COSE, and reads it
// back; a verification method signs itself.
func (s *suite) secure(name string, document []byte) error {
	want, err := object(document)
	if err != nil {
		return err
	}
	for kid, key := range s.sign {
		signer, err := jws.NewSigner(key, kid)
		if err != nil {
			return err
		}
		var texts []string
		sd, err := Issuer{Signer: signer, Type: "vc+sd-jwt", Hash: "sha-384", Decoys: 1}.Issue(json.RawMessage(document), Path{"id"}, Path{"type", nil})
		switch {
		case err == nil:
			texts = append(texts, sd.String())
		case want["id"] != nil && name[:2] != "vm":
			return err
		}
		jwt, err := signer.Sign("vc+jwt", nil, document)
		if err != nil {
			return err
		}
		b, err := cwt.Sign(key, []byte(kid), "application/vc+cose", document)
		if err != nil {
			return err
		}
		for _, text := range append(texts, jwt, base64.RawStdEncoding.EncodeToString(b)) {
			if got, err := s.claims("vc", text); err != nil || !reflect.DeepEqual(got, want) {
				return fmt.Errorf("%.30s…: %v", text, err)
			}
		}
	}
	return nil
}
