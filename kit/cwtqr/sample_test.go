package cwtqr

import (
	"crypto"
	"crypto/ecdsa"
	"crypto/elliptic"
	crand "crypto/rand"
	"crypto/sha256"
	"fmt"
	"math/rand/v2"
	"strings"
	"testing"
	"time"

	"github.com/dinghai/dinghai/kit/calendar"
	"github.com/dinghai/dinghai/kit/cwtqr/cwt"
	"github.com/dinghai/dinghai/kit/ids"
	"github.com/dinghai/dinghai/kit/statuslist"
)

func newKey(t testing.TB) *ecdsa.PrivateKey {
	t.Helper()
	key, err := ecdsa.GenerateKey(elliptic.P256(), crand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	return key
}

func trust(t testing.TB, keys ...crypto.Signer) cwt.Finder {
	t.Helper()
	var pubs []crypto.PublicKey
	for _, k := range keys {
		pubs = append(pubs, k.Public())
	}
	found, err := Keys(pubs...)
	if err != nil {
		t.Fatal(err)
	}
	return found.Find
}

// sample is a licence as they are: every field filled, name and address of
// usual length.
func sample() *Claims {
	return &Claims{
		Issuer: "https://scjg.zs.gov.cn", IssuedAt: now, Expires: now.AddDate(1, 0, 0),
		Status: statuslist.Reference{Index: 158200, URI: "https://scjg.zs.gov.cn/s/1"},
		Licence: Licence{
			USCC: ids.NewUSCC("9", "1", "330902", 12345), Name: "舟山市定海区海丰水产品加工有限公司",
			Type: "有限责任公司(自然人投资或控股)", Representative: MaskName("王小明"),
			Established: "2015-06-18", Until: "2045-06-17",
			Address: "浙江省舟山市定海区盐仓街道兴舟大道188号2幢301室", Area: 330902,
			Credential: CredentialPrefix("an SD-JWT"),
		},
	}
}

func encode(t testing.TB, c *Claims, key crypto.Signer) string {
	t.Helper()
	text, err := Encode(c, key)
	if err != nil {
		t.Fatal(err)
	}
	return text
}

// random is a licence with everything different. Half of them are of places and
// trades the dictionary has no words for.
func random(r *rand.Rand) *Claims {
	pick := func(from ...string) string { return from[r.IntN(len(from))] }
	han := func(n int) string {
		s := make([]rune, n)
		for i := range s {
			s[i] = 0x4e00 + rune(r.IntN(0x9fa5-0x4e00))
		}
		return string(s)
	}
	c := sample()
	area := uint32(110000 + r.IntN(540000))
	c.IssuedAt = now.Add(-time.Duration(r.IntN(1e6)) * time.Second)
	c.Expires = c.IssuedAt.AddDate(0, 1+r.IntN(24), 0)
	c.Status.Index = uint64(r.IntN(1 << 20))
	l := &c.Licence
	l.USCC = ids.NewUSCC("9", pick("1", "2", "3"), fmt.Sprint(area), uint64(r.IntN(1e8)))
	l.Area = area
	l.Type = pick("个体工商户", "股份有限公司(非上市、自然人投资或控股)", "有限责任公司(自然人投资或控股的法人独资)", "有限责任公司(自然人独资)")
	l.Representative = MaskName(han(2 + r.IntN(3)))
	l.Established = calendar.Date("1990-01-01").AddDays(r.IntN(13000))
	if l.Until = ""; r.IntN(2) == 0 {
		l.Until = l.Established.AddYears(30)
	}
	place := pick("浙江省舟山市普陀区", "浙江省杭州市余杭区", "广东省深圳市", han(3)+"省"+han(2)+"市"+han(2)+"区")
	l.Name = place[strings.LastIndexAny(place, "省")+len("省"):] + han(2+r.IntN(3)) + pick("贸易有限公司", "食品店", han(4)+"有限公司")
	l.Address = place + han(2) + "街道" + han(2+r.IntN(2)) + "路" + fmt.Sprint(1+r.IntN(999)) + "号" + pick("", "101室", "2幢301-305室")
	r2 := sha256.Sum256([]byte(l.Name))
	copy(l.Credential[:], r2[:])
	return c
}
