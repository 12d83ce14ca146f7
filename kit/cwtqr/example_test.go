package cwtqr_test

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"fmt"
	"time"

	"github.com/dinghai/dinghai/kit/cwtqr"
	"github.com/dinghai/dinghai/kit/statuslist"
)

func Example() {
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		panic(err)
	}
	now := time.Date(2026, 11, 27, 8, 0, 0, 0, time.UTC)
	text, err := cwtqr.Encode(&cwtqr.Claims{
		Issuer: "https://scjg.zs.gov.cn", IssuedAt: now, Expires: now.AddDate(1, 0, 0),
		Status: statuslist.Reference{Index: 158, URI: "https://scjg.zs.gov.cn/s/1"},
		Licence: cwtqr.Licence{
			USCC: "91330900Y000005343", Name: "舟山海丰水产有限公司", Type: "有限责任公司(自然人独资)",
			Representative: cwtqr.MaskName("王小明"), Established: "2015-06-18",
			Address: "浙江省舟山市定海区解放路1号", Area: 330902, Credential: cwtqr.CredentialPrefix("the SD-JWT"),
		},
	}, key)
	if err != nil {
		panic(err)
	}

	trusted, err := cwtqr.Keys(key.Public())
	if err != nil {
		panic(err)
	}
	c, err := cwtqr.Verify(text, trusted.Find, now.Add(time.Hour))
	if err != nil {
		panic(err)
	}
	verdict, err := c.Judge(nil, now) // no status list at hand
	fmt.Println(c.Licence.Name, c.Licence.Representative, verdict.State, err)
	// Output: 舟山海丰水产有限公司 王*明 unknown <nil>
}
