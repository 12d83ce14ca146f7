package sm2

import (
	"bytes"
	"encoding/hex"
	"encoding/pem"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"testing"

	"github.com/dinghai/dinghai/kit/need"
)

// openSSL runs the OpenSSL program in a folder of its own.
type openSSL struct {
	t    testing.TB
	path string
	dir  string
}

func newOpenSSL(t testing.TB) *openSSL {
	o := &openSSL{t, need.Tool(t, "openssl"), t.TempDir()}
	if out, err := o.try("ecparam", "-name", "SM2", "-noout"); err != nil {
		need.Skip(t, "this openssl has no SM2: "+string(out))
	}
	return o
}

func (o *openSSL) try(args ...string) ([]byte, error) {
	cmd := exec.Command(o.path, args...)
	cmd.Dir = o.dir
	return cmd.CombinedOutput()
}

func (o *openSSL) run(args ...string) []byte {
	o.t.Helper()
	out, err := o.try(args...)
	if err != nil {
		o.t.Fatalf("openssl %v: %v\n%s", args, err, out)
	}
	return out
}

func (o *openSSL) write(name string, b []byte) {
	o.t.Helper()
	if err := os.WriteFile(filepath.Join(o.dir, name), b, 0o600); err != nil {
		o.t.Fatal(err)
	}
}

func (o *openSSL) read(name string) []byte {
	o.t.Helper()
	b, err := os.ReadFile(filepath.Join(o.dir, name))
	if err != nil {
		o.t.Fatal(err)
	}
	return b
}

func (o *openSSL) readPEM(name string) []byte {
	o.t.Helper()
	block, _ := pem.Decode(o.read(name))
	if block == nil {
		o.t.Fatal(name, "is not PEM")
	}
	return block.Bytes
}

// verify asks OpenSSL about a signature over the file msg.
func (o *openSSL) verify(pub PublicKey, id SignerID, msg []byte, sig Signature) bool {
	o.write("pub.pem", pem.EncodeToMemory(&pem.Block{Type: "PUBLIC KEY", Bytes: pub.PKIX()}))
	o.write("msg", msg)
	o.write("sig", sig.DER())
	_, err := o.try("pkeyutl", "-verify", "-pubin", "-inkey", "pub.pem", "-rawin", "-in", "msg",
		"-sigfile", "sig", "-digest", "sm3", "-pkeyopt", "distid:"+string(id))
	return err == nil
}

func TestOpenSSLAgreesOnVectors(t *testing.T) {
	o := newOpenSSL(t)
	var c tally
	for i, v := range readSignVectors(t) {
		pub, err := ParsePublicKey(v.Pub)
		if err != nil {
			t.Fatal(err)
		}
		sig, err := ParseDER(v.SigDER)
		if err != nil {
			t.Fatal(err)
		}
		c.check(t, o.verify(pub, v.UID, v.Msg, sig) == v.OK, "case %d", i)
	}
	c.report(t, "sm2-sign.json on OpenSSL", 37)
}

func TestOpenSSLBothDirections(t *testing.T) {
	o := newOpenSSL(t)
	var c tally
	for i := range 4 {
		o.run("genpkey", "-algorithm", "EC", "-pkeyopt", "ec_paramgen_curve:SM2", "-pkeyopt", "ec_param_enc:named_curve", "-out", "key.pem")
		o.run("pkey", "-in", "key.pem", "-pubout", "-out", "pub.pem")
		d, err := ParsePKCS8(o.readPEM("key.pem"))
		if err != nil {
			t.Fatal(err)
		}
		pub, err := ParsePKIX(o.readPEM("pub.pem"))
		if err != nil {
			t.Fatal(err)
		}
		key, err := Suite{}.NewSigner(d)
		if err != nil || key.Public() != pub {
			t.Fatal("public keys differ", err)
		}
		for _, id := range []SignerID{DefaultID, "舟山市市场监督管理局"} {
			msg := []byte(fmt.Sprint("第", i, "号"))
			sig, err := Suite{}.Sign(key, id, msg)
			c.check(t, err == nil && o.verify(pub, id, msg, sig), "ours under %s: %v", id, err)
			c.check(t, !o.verify(pub, id+"x", msg, sig), "ours under another ID")
			o.run("pkeyutl", "-sign", "-inkey", "key.pem", "-rawin", "-in", "msg", "-out", "sig", "-digest", "sm3", "-pkeyopt", "distid:"+string(id))
			sig, err = ParseDER(o.read("sig"))
			c.check(t, err == nil && Suite{}.Verify(pub, id, msg, sig) == nil, "theirs under %s: %v", id, err)
		}
	}
	c.report(t, "SM2 signatures both ways with OpenSSL", 24)
}

func TestOpenSSLAgreesOnSM3AndSM4(t *testing.T) {
	o := newOpenSSL(t)
	var c tally
	for n := range 70 {
		msg := bytes.Repeat([]byte{byte(n)}, n)
		o.write("msg", msg)
		h := Suite{}.Hash()
		h.Write(msg)
		o.run("dgst", "-sm3", "-binary", "-out", "sum", "msg")
		c.check(t, bytes.Equal(o.read("sum"), h.Sum(nil)), "SM3 of %d bytes", n)
	}
	for i, v := range readSM4Vectors(t) {
		if v.Iterations > 0 {
			continue // a million programs would have to be started
		}
		o.write("msg", v.PT)
		args := []string{"enc", "-sm4-" + lower(v.Mode), "-nopad", "-K", hex.EncodeToString(v.Key), "-in", "msg", "-out", "ct"}
		if v.IV != nil {
			args = append(args, "-iv", hex.EncodeToString(v.IV))
		}
		o.run(args...)
		c.check(t, bytes.Equal(o.read("ct"), v.CT), "SM4 case %d", i)
	}
	c.report(t, "SM3 and SM4 against OpenSSL", 81)
}

func lower(s string) string { return string(bytes.ToLower([]byte(s))) }
