package cert

import (
	"crypto/x509/pkix"
	"encoding/pem"
	"errors"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"testing"
	"time"

	"github.com/emmansun/gmsm/smx509"

	"github.com/dinghai/dinghai/kit/need"
	"github.com/dinghai/dinghai/kit/sm2"
)

var (
	suite sm2.Suite
	now   = time.Date(2026, 11, 27, 0, 0, 0, 0, time.UTC)
)

func newKey(t testing.TB) sm2.Signer {
	t.Helper()
	key, err := suite.NewSigner(sm2.GenerateKey())
	if err != nil {
		t.Fatal(err)
	}
	return key
}

func template(name string, isCA bool) *smx509.Certificate {
	c := &smx509.Certificate{
		Subject:   pkix.Name{CommonName: name, Organization: []string{"舟山市市场监督管理局"}, Country: []string{"CN"}},
		NotBefore: now.AddDate(-1, 0, 0), NotAfter: now.AddDate(1, 0, 0),
		BasicConstraintsValid: true, IsCA: isCA, KeyUsage: smx509.KeyUsageDigitalSignature,
	}
	if isCA {
		c.KeyUsage = smx509.KeyUsageCertSign | smx509.KeyUsageCRLSign
	}
	return c
}

// chain issues root, intermediate and leaf.
func chain(t testing.TB) (root, middle, leaf *Certificate, leafKey sm2.Signer) {
	t.Helper()
	rootKey, middleKey, leafKey := newKey(t), newKey(t), newKey(t)
	issue := func(c *smx509.Certificate, parent *Certificate, pub, by sm2.Signer) *Certificate {
		var p *smx509.Certificate
		if parent != nil {
			p = parent.Certificate
		}
		out, err := Issue(suite, c, p, pub.Public(), by)
		if err != nil {
			t.Fatal(err)
		}
		return out
	}
	root = issue(template("根", true), nil, rootKey, rootKey)
	middle = issue(template("中间", true), root, middleKey, rootKey)
	leaf = issue(template("登记机关", false), middle, leafKey, middleKey)
	return root, middle, leaf, leafKey
}

func TestVerify(t *testing.T) {
	root, middle, leaf, key := chain(t)
	other, _, _, _ := chain(t)
	if leaf.Key() != key.Public() {
		t.Error("another key was certified")
	}
	list := func(c ...*Certificate) []*Certificate { return c }
	for name, c := range map[string]struct {
		roots, others []*Certificate
		at            time.Time
		want          int
	}{
		"whole":           {list(root), list(middle), now, 3},
		"other root too":  {list(other, root), list(middle), now, 3},
		"no middle":       {list(root), nil, now, 0},
		"other root":      {list(other), list(middle), now, 0},
		"no root":         {nil, list(middle, root), now, 0},
		"expired":         {list(root), list(middle), now.AddDate(2, 0, 0), 0},
		"not yet valid":   {list(root), list(middle), now.AddDate(-2, 0, 0), 0},
		"trusted halfway": {list(middle), nil, now, 2},
	} {
		path, err := leaf.Verify(suite, c.roots, c.others, c.at)
		if len(path) != c.want || (err == nil) != (c.want > 0) {
			t.Errorf("%s: path of %d, %v", name, len(path), err)
		}
	}
}

func TestLeafMayNotIssue(t *testing.T) {
	root, middle, leaf, key := chain(t)
	forged, err := Issue(suite, template("假", false), leaf.Certificate, newKey(t).Public(), key)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := forged.Verify(suite, []*Certificate{root}, []*Certificate{middle, leaf}, now); err == nil {
		t.Error("a certificate issued by a leaf verifies")
	}
}

// Every changed byte of a certificate makes it unreadable or its signature bad.
func TestChangedByte(t *testing.T) {
	root, middle, leaf, _ := chain(t)
	for i := 0; i < len(leaf.Raw); i += 7 {
		b := append([]byte(nil), leaf.Raw...)
		b[i] ^= 4
		c, err := Parse(b)
		if err != nil {
			continue
		}
		if _, err := c.Verify(suite, []*Certificate{root}, []*Certificate{middle}, now); err == nil {
			t.Errorf("byte %d changed and it verifies", i)
		}
	}
}

// A certificate whose signature only smx509 would accept is refused.
func TestSuiteHasTheLastWord(t *testing.T) {
	root, middle, leaf, _ := chain(t)
	_, err := leaf.Verify(sm2.Suite{Engine: deaf{sm2.GMSM}}, []*Certificate{root}, []*Certificate{middle}, now)
	var e *sm2.Error
	if !errors.As(err, &e) || e.Reason != sm2.ReasonVerify {
		t.Error(err)
	}
}

type deaf struct{ sm2.Engine }

func (deaf) Verify(sm2.PublicKey, sm2.Digest, sm2.Signature) bool { return false }

func TestParseRefuses(t *testing.T) {
	_, _, leaf, _ := chain(t)
	twice := append(pemOf(leaf), pemOf(leaf)...)
	for name, b := range map[string][]byte{
		"empty": nil, "long": make([]byte, MaxSize+1), "cut": leaf.Raw[:len(leaf.Raw)-1],
		"two": twice, "key": pem.EncodeToMemory(&pem.Block{Type: "PRIVATE KEY", Bytes: leaf.Raw}),
	} {
		var e *Error
		if _, err := Parse(b); !errors.As(err, &e) {
			t.Errorf("%s: %v", name, err)
		}
	}
	if c, err := Parse(pemOf(leaf)); err != nil || c.Key() != leaf.Key() {
		t.Error(err)
	}
}

func pemOf(c *Certificate) []byte {
	return pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: c.Raw})
}

func TestOpenSSLCertificates(t *testing.T) {
	path, dir := need.Tool(t, "openssl"), t.TempDir()
	run := func(args ...string) {
		t.Helper()
		cmd := exec.Command(path, args...)
		cmd.Dir = dir
		if out, err := cmd.CombinedOutput(); err != nil {
			t.Fatalf("openssl %v: %v\n%s", args, err, out)
		}
	}
	file := func(name string) string { return filepath.Join(dir, name) }
	root, middle, leaf, _ := chain(t)
	for name, c := range map[string]*Certificate{"root.pem": root, "middle.pem": middle, "leaf.pem": leaf} {
		if err := os.WriteFile(file(name), pemOf(c), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	// This openssl gives the signer ID to the first certificate only, so each
	// link is verified by itself.
	for _, link := range [][2]string{{"leaf.pem", "middle.pem"}, {"middle.pem", "root.pem"}} {
		run("verify", "-partial_chain", "-CAfile", link[1], "-attime", strconv.FormatInt(now.Unix(), 10), "-vfyopt", "distid:1234567812345678", link[0])
	}

	run("genpkey", "-algorithm", "EC", "-pkeyopt", "ec_paramgen_curve:SM2", "-out", "key.pem")
	run("req", "-x509", "-new", "-key", "key.pem", "-sm3", "-sigopt", "distid:1234567812345678", "-subj", "/C=CN/CN=openssl", "-days", "3650", "-out", "theirs.pem")
	b, err := os.ReadFile(file("theirs.pem"))
	if err != nil {
		t.Fatal(err)
	}
	theirs, err := Parse(b)
	if err != nil {
		t.Fatal(err)
	}
	if err := theirs.CheckSignature(suite, theirs.Key()); err != nil {
		t.Error(err)
	}
	if err := theirs.CheckSignature(suite, root.Key()); err == nil {
		t.Error("signature by another key verifies")
	}
}

func FuzzParse(f *testing.F) {
	_, _, leaf, _ := chain(f)
	f.Add(leaf.Raw)
	f.Add(pemOf(leaf))
	f.Fuzz(func(t *testing.T, b []byte) {
		if c, err := Parse(b); err == nil && c.Key() == (sm2.PublicKey{}) {
			t.Error("certificate without a key")
		}
	})
}
