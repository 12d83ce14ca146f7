// Command credential measures kit/sm2, kit/sdjwt and kit/cwtqr beside OpenSSL,
// npm @sd-jwt 0.17 and npm jose, in one run on one machine, and prints the
// ratios. Run it from the root of the repository:
//
//	go run ./bench/credential
//
// Everything runs on one core and is counted by processor time, as others may be
// using the machine. Peers that are not there are left out by name.
package main

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"encoding/json"
	"fmt"
	"log"
	"os"
	"runtime"
	"syscall"
	"time"

	"github.com/dinghai/dinghai/kit/barcode"
	"github.com/dinghai/dinghai/kit/cwtqr"
	"github.com/dinghai/dinghai/kit/sdjwt"
	"github.com/dinghai/dinghai/kit/sdjwt/jws"
	"github.com/dinghai/dinghai/kit/sm2"
	"github.com/dinghai/dinghai/kit/statuslist"
)

const seconds = 2 // of processor time for each figure

func main() {
	log.SetFlags(0)
	runtime.GOMAXPROCS(1)
	for _, compare := range []func() error{compareSM2, compareSDJWT} {
		if err := compare(); err != nil {
			fmt.Println("left out:", err)
		}
	}
	size()
}

func cpu() time.Duration {
	var u syscall.Rusage
	check(syscall.Getrusage(syscall.RUSAGE_SELF, &u))
	return time.Duration(u.Utime.Nano() + u.Stime.Nano())
}

// rate prints and returns how often work is done in a second.
func rate(name string, work func() error) float64 {
	start, n := cpu(), 0
	for cpu()-start < seconds*time.Second {
		for range 10 {
			check(work())
		}
		n += 10
	}
	r := float64(n) / (cpu() - start).Seconds()
	fmt.Printf("%-44s %10.0f /s\n", name, r)
	return r
}

// against prints a peer's figure and how ours compares.
func against(name string, theirs, ours float64) {
	fmt.Printf("%-44s %10.0f /s   ours is %.2f times that\n", name, theirs, ours/theirs)
}

func check(err error) {
	if err != nil {
		log.Fatal(err)
	}
}

func compareSM2() error {
	own := map[string]float64{}
	msg := make([]byte, 64)
	for _, engine := range []sm2.Engine{sm2.GMSM, sm2.Checked} {
		suite := sm2.Suite{Engine: engine}
		key, err := suite.NewSigner(sm2.GenerateKey())
		check(err)
		sig, err := suite.Sign(key, sm2.DefaultID, msg)
		check(err)
		own["sign "+engine.Name()] = rate("kit/sm2 sign, engine "+engine.Name(), func() error {
			_, err := suite.Sign(key, sm2.DefaultID, msg)
			return err
		})
		own["verify "+engine.Name()] = rate("kit/sm2 verify, engine "+engine.Name(), func() error {
			return suite.Verify(key.Public(), sm2.DefaultID, msg, sig)
		})
	}
	block := make([]byte, 16384)
	own["sm3"] = rate("kit/sm2 SM3, blocks of 16 KiB", func() error {
		h := sm2.Suite{}.Hash()
		h.Write(block)
		h.Sum(nil)
		return nil
	})
	theirs, err := opensslSpeed()
	if err != nil {
		return err
	}
	for _, name := range []string{"gmsm", "checked"} {
		against("OpenSSL SM2 sign    : "+name, theirs["sign"], own["sign "+name])
		against("OpenSSL SM2 verify  : "+name, theirs["verify"], own["verify "+name])
	}
	against("OpenSSL SM3, blocks of 16 KiB", theirs["sm3"], own["sm3"])
	return nil
}

// licence is the claims both sides issue, and what they hide.
type licence struct {
	Claims map[string]any `json:"claims"`
}

var hide = []sdjwt.Path{
	{"legal_rep"}, {"capital"}, {"address"}, {"address", "detail"}, {"address", "detail", nil}, {"scope", nil},
}

func newSigner() (*jws.Signer, *ecdsa.PrivateKey) {
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	check(err)
	s, err := jws.NewSigner(key, "")
	check(err)
	return s, key
}

func readLicence() licence {
	b, err := os.ReadFile(peersDir + "/licence.json")
	check(err)
	var l licence
	check(json.Unmarshal(b, &l))
	l.Claims["exp"] = time.Now().Add(24 * time.Hour).Unix()
	l.Claims["iat"] = time.Now().Add(-time.Hour).Unix()
	return l
}

func compareSDJWT() error {
	own := map[string]float64{}
	l := readLicence()
	signer, _ := newSigner()
	issuer := sdjwt.Issuer{Signer: signer}
	token, err := issuer.Issue(l.Claims, hide...)
	check(err)
	own["@sd-jwt issue"] = rate("kit/sdjwt issue, 9 disclosures, ES256", func() error {
		_, err := issuer.Issue(l.Claims, hide...)
		return err
	})
	v := sdjwt.Verifier{Keys: jws.KeySet{signer.Key()}.Find, At: time.Now()}
	text := token.String()
	own["@sd-jwt verify"] = rate("kit/sdjwt verify, all shown", func() error {
		_, err := v.Verify(text)
		return err
	})
	payload, err := json.Marshal(l.Claims)
	check(err)
	compact, err := signer.Sign("test+jwt", nil, payload)
	check(err)
	own["jose sign"] = rate("kit/sdjwt/jws sign, ES256", func() error {
		_, err := signer.Sign("test+jwt", nil, payload)
		return err
	})
	own["jose verify"] = rate("kit/sdjwt/jws verify, ES256", func() error {
		_, err := jws.Verify(compact, v.Keys)
		return err
	})
	theirs, err := askPeers()
	if err != nil {
		return err
	}
	for _, name := range []string{"@sd-jwt issue", "@sd-jwt verify", "jose sign", "jose verify"} {
		against("npm "+name, theirs[name], own[name])
	}
	return nil
}

// size compares the QR code's text with the credential of the same licence.
func size() {
	l := readLicence()
	signer, key := newSigner()
	l.Claims["status"] = statuslist.StatusClaim{List: statuslist.Reference{Index: 158200, URI: "https://scjg.zs.gov.cn/s/1"}}
	token, err := sdjwt.Issuer{Signer: signer}.Issue(l.Claims, hide...)
	check(err)
	now := time.Now().Truncate(time.Second)
	c := &cwtqr.Claims{
		Issuer: "https://scjg.zs.gov.cn", IssuedAt: now, Expires: now.AddDate(1, 0, 0),
		Status: statuslist.Reference{Index: 158200, URI: "https://scjg.zs.gov.cn/s/1"},
		Licence: cwtqr.Licence{
			USCC: "91330900Y000005343", Name: "舟山海丰水产有限公司", Type: "有限责任公司(自然人独资)",
			Representative: "王*明", Established: "2015-06-18", Address: "浙江省舟山市定海区解放路1号2幢301室",
			Area: 330902, Credential: cwtqr.CredentialPrefix(token.String()),
		},
	}
	text, err := cwtqr.Encode(c, key)
	check(err)
	version, err := barcode.QRVersion(text, barcode.M)
	check(err)
	long := len(token.String())
	fmt.Printf("%-44s %10d characters\n", "kit/sdjwt, the licence with 9 disclosures", long)
	fmt.Printf("%-44s %10d characters, QR version %d, 1/%.1f of that\n", "kit/cwtqr, the licence in a QR code", len(text), version, float64(long)/float64(len(text)))
	keys, err := cwtqr.Keys(key.Public())
	check(err)
	rate("kit/cwtqr encode", func() error { _, err := cwtqr.Encode(c, key); return err })
	rate("kit/cwtqr verify", func() error { _, err := cwtqr.Verify(text, keys.Find, now); return err })
}
