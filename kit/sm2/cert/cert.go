// Package cert reads, verifies and issues X.509 certificates with SM2 keys
// (GB/T 20518, RFC 5280), over github.com/emmansun/gmsm/smx509.
//
// It is apart from sm2 because smx509 links a good deal more than SM2: programs
// that only check signatures need not carry it.
package cert

import (
	"bytes"
	"crypto"
	"crypto/ecdsa"
	"crypto/rand"
	"encoding/pem"
	"errors"
	"fmt"
	"io"
	"math/big"
	"time"

	gmsm2 "github.com/emmansun/gmsm/sm2"
	"github.com/emmansun/gmsm/smx509"

	"github.com/dinghai/dinghai/kit/sm2"
)

// MaxSize bounds what Parse looks at, in bytes.
const MaxSize = 64 << 10

// An Error says which certificate was refused and why.
type Error struct {
	Subject string // distinguished name; empty when it could not be read
	Reason  string
	Err     error // what the reader or the path builder said; may be nil
}

func (e *Error) Error() string {
	if e.Err != nil {
		return fmt.Sprintf("cert: %q: %s: %v", e.Subject, e.Reason, e.Err)
	}
	return fmt.Sprintf("cert: %q: %s", e.Subject, e.Reason)
}

func (e *Error) Unwrap() error { return e.Err }

// A Certificate is one with an SM2 key, signed with SM2 and SM3.
type Certificate struct {
	*smx509.Certificate
	key sm2.PublicKey
	sig sm2.Signature
}

// Key returns the key that is certified.
func (c *Certificate) Key() sm2.PublicKey { return c.key }

// Parse reads one certificate, DER or PEM.
func Parse(b []byte) (*Certificate, error) {
	if len(b) > MaxSize {
		return nil, &Error{Reason: "longer than 64 KiB"}
	}
	if block, rest := pem.Decode(b); block != nil {
		if block.Type != "CERTIFICATE" || len(bytes.TrimSpace(rest)) > 0 {
			return nil, &Error{Reason: "not one PEM certificate"}
		}
		b = block.Bytes
	}
	c, err := smx509.ParseCertificate(b)
	if err != nil {
		return nil, &Error{Reason: "cannot be read", Err: err}
	}
	out := &Certificate{Certificate: c}
	if c.SignatureAlgorithm != smx509.SM2WithSM3 {
		return nil, &Error{c.Subject.String(), "not signed with SM2 and SM3", nil}
	}
	if out.key, err = sm2.ParsePKIX(c.RawSubjectPublicKeyInfo); err != nil {
		return nil, &Error{c.Subject.String(), "key", err}
	}
	if out.sig, err = sm2.ParseDER(c.Signature); err != nil {
		return nil, &Error{c.Subject.String(), "signature", err}
	}
	return out, nil
}

// CheckSignature returns nil when parent signed c, under the signer ID that
// certificates use.
func (c *Certificate) CheckSignature(suite sm2.Suite, parent sm2.PublicKey) error {
	if err := suite.Verify(parent, sm2.DefaultID, c.RawTBSCertificate, c.sig); err != nil {
		return &Error{c.Subject.String(), "signature", err}
	}
	return nil
}

// Verify finds a path from c to one of the roots, through the others, valid at
// the instant given, and returns it from c upwards. Names, constraints, usages
// and lengths are smx509's business; each signature is checked again by the
// suite.
func (c *Certificate) Verify(suite sm2.Suite, roots, others []*Certificate, at time.Time) ([]*Certificate, error) {
	paths, err := c.Certificate.Verify(smx509.VerifyOptions{
		Roots: pool(roots), Intermediates: pool(others), CurrentTime: at,
		KeyUsages: []smx509.ExtKeyUsage{smx509.ExtKeyUsageAny},
	})
	if err != nil {
		return nil, &Error{c.Subject.String(), "no path to a root", err}
	}
	for _, p := range paths {
		var path []*Certificate
		if path, err = check(suite, p); err == nil {
			return path, nil
		}
	}
	return nil, err
}

func check(suite sm2.Suite, path []*smx509.Certificate) ([]*Certificate, error) {
	out := make([]*Certificate, len(path))
	for i := len(path) - 1; i >= 0; i-- {
		c, err := Parse(path[i].Raw)
		if err != nil {
			return nil, err
		}
		out[i] = c
		if i < len(path)-1 {
			if err := c.CheckSignature(suite, out[i+1].key); err != nil {
				return nil, err
			}
		}
	}
	return out, nil
}

func pool(certs []*Certificate) *smx509.CertPool {
	p := smx509.NewCertPool() // nil would mean the roots of the system
	for _, c := range certs {
		p.AddCert(c.Certificate)
	}
	return p
}

// Issue signs a certificate for pub after the template, as crypto/x509 does;
// with parent nil the template is its own parent and key must belong to pub. A
// template without a serial number gets a random one of 128 bits.
func Issue(suite sm2.Suite, template, parent *smx509.Certificate, pub sm2.PublicKey, key sm2.Signer) (*Certificate, error) {
	if parent == nil {
		parent = template
	}
	t := *template
	if t.SerialNumber == nil {
		t.SerialNumber = randomSerial()
	}
	t.SignatureAlgorithm = smx509.SM2WithSM3
	der, err := smx509.CreateCertificate(rand.Reader, &t, parent, standard(pub), signer{suite, key})
	if err != nil {
		return nil, &Error{t.Subject.String(), "cannot be issued", err}
	}
	return Parse(der)
}

func randomSerial() *big.Int {
	b := make([]byte, 16)
	rand.Read(b)
	b[0] = b[0]&0x7f | 0x40 // positive and always of the same length
	return new(big.Int).SetBytes(b)
}

// standard is the form in which smx509 wants public keys.
func standard(pub sm2.PublicKey) *ecdsa.PublicKey {
	k, err := gmsm2.ParseUncompressedPublicKey(pub.Bytes())
	if err != nil {
		return nil // the zero key; smx509 refuses it
	}
	return k
}

// signer lets smx509 sign through any sm2.Signer.
type signer struct {
	suite sm2.Suite
	key   sm2.Signer
}

func (s signer) Public() crypto.PublicKey { return standard(s.key.Public()) }

// SignMessage is crypto.MessageSigner.
func (s signer) SignMessage(_ io.Reader, msg []byte, _ crypto.SignerOpts) ([]byte, error) {
	sig, err := s.suite.Sign(s.key, sm2.DefaultID, msg)
	return sig.DER(), err
}

// Sign is never asked: a digest without the signer ID is no SM2 digest.
func (s signer) Sign(io.Reader, []byte, crypto.SignerOpts) ([]byte, error) {
	return nil, errors.New("cert: SM2 signs messages, not digests")
}
