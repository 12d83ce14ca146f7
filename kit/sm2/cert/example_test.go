package cert_test

import (
	"crypto/x509/pkix"
	"fmt"
	"time"

	"github.com/emmansun/gmsm/smx509"

	"github.com/dinghai/dinghai/kit/sm2"
	"github.com/dinghai/dinghai/kit/sm2/cert"
)

func Example() {
	var suite sm2.Suite
	key, err := suite.NewSigner(sm2.GenerateKey())
	if err != nil {
		panic(err)
	}
	now := time.Date(2026, 11, 27, 0, 0, 0, 0, time.UTC)
	root, err := cert.Issue(suite, &smx509.Certificate{
		Subject: pkix.Name{CommonName: "定海根"}, NotBefore: now, NotAfter: now.AddDate(10, 0, 0),
		BasicConstraintsValid: true, IsCA: true, KeyUsage: smx509.KeyUsageCertSign,
	}, nil, key.Public(), key)
	if err != nil {
		panic(err)
	}
	read, err := cert.Parse(root.Raw)
	if err != nil {
		panic(err)
	}
	path, err := read.Verify(suite, []*cert.Certificate{root}, nil, now.Add(time.Hour))
	fmt.Println(read.Subject.CommonName, len(path), err)
	// Output: 定海根 1 <nil>
}
