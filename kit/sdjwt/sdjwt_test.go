package sdjwt

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"encoding/json"
	"reflect"
	"strings"
	"testing"
	"time"

	"github.com/dinghai/dinghai/kit/sdjwt/jws"
)

var now = time.Date(2026, 11, 27, 8, 0, 0, 0, time.UTC)

func newSigner(t testing.TB, kid string) *jws.Signer {
	t.Helper()
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	s, err := jws.NewSigner(key, kid)
	if err != nil {
		t.Fatal(err)
	}
	return s
}

// licence is a business licence as a credential.
func licence(holder *jws.Signer) map[string]any {
	c := map[string]any{
		"vct": "https://licence.example/vct/business-licence/1", "iss": "https://licence.example",
		"iat": now.Unix(), "exp": now.AddDate(1, 0, 0).Unix(),
		"uscc": "91330900MA28K0000X", "name": "舟山海丰水产有限公司", "type": "有限责任公司(自然人独资)",
		"legal_rep": "王小明", "capital": json.Number("1000000.00"), "established": "2015-06-18",
		"address": map[string]any{"area": 330902, "street": "解放路1号", "detail": []any{"2幢", "301室"}},
		"scope":   []any{"水产品加工", "水产品销售", "货物进出口"},
		"status":  map[string]any{"status_list": map[string]any{"idx": 158, "uri": "https://licence.example/status/1"}},
	}
	if holder != nil {
		c["cnf"] = map[string]any{"jwk": holder.Key()}
	}
	return c
}

var hide = []Path{{"legal_rep"}, {"capital"}, {"address"}, {"address", "detail"}, {"address", "detail", nil}, {"scope", nil}}

func issue(t testing.TB, s *jws.Signer, claims any, hide ...Path) *Token {
	t.Helper()
	token, err := Issuer{Signer: s, Decoys: 2}.Issue(claims, hide...)
	if err != nil {
		t.Fatal(err)
	}
	return token
}

// plain is claims as the verifier sees them.
func plain(t testing.TB, claims any) map[string]any {
	t.Helper()
	b, err := json.Marshal(claims)
	if err != nil {
		t.Fatal(err)
	}
	o, err := object(b)
	if err != nil {
		t.Fatal(err)
	}
	return o
}

func TestPresent(t *testing.T) {
	s := newSigner(t, "2026")
	v := Verifier{Keys: jws.KeySet{s.Key()}.Find, At: now}
	all := licence(nil)
	token := issue(t, s, all, hide...)
	if strings.Contains(token.JWT, "legal_rep") || len(token.Disclosures) != 9 {
		t.Fatal(len(token.Disclosures), "disclosures")
	}
	address := func(detail ...any) map[string]any {
		return map[string]any{"area": 330902, "street": "解放路1号", "detail": detail}
	}
	without := func(change map[string]any) map[string]any {
		c := licence(nil)
		for _, name := range []string{"legal_rep", "capital", "address"} {
			delete(c, name)
		}
		c["scope"] = []any{}
		for name, value := range change {
			c[name] = value
		}
		return c
	}
	for _, c := range []struct {
		want  []Path
		claim map[string]any
		shown int
	}{
		{nil, without(nil), 0},
		{[]Path{{"legal_rep"}}, without(map[string]any{"legal_rep": "王小明"}), 1},
		{[]Path{{"address"}}, without(map[string]any{"address": address("2幢", "301室")}), 4},
		{[]Path{{"address", "street"}}, without(map[string]any{"address": map[string]any{"area": 330902, "street": "解放路1号"}}), 1},
		{[]Path{{"address", "detail", 1}}, without(map[string]any{"address": address("301室")}), 3},
		{[]Path{{"scope", 0}, {"scope", 2}}, without(map[string]any{"scope": []any{"水产品加工", "货物进出口"}}), 2},
		{[]Path{{"scope", nil}}, without(map[string]any{"scope": all["scope"]}), 3},
		{[]Path{{"legal_rep"}, {"capital"}, {"address"}, {"scope"}}, all, 9},
		{[]Path{{"no such claim"}}, without(nil), 0},
	} {
		shown, err := token.Present(c.want...)
		if err != nil {
			t.Fatal(err)
		}
		got, err := v.Verify(shown.String())
		if err != nil {
			t.Fatal(c.want, err)
		}
		if want := plain(t, c.claim); !reflect.DeepEqual(got.Claims, want) || len(got.Shown) != c.shown {
			t.Errorf("%v shows %d: %v\nwant %v", c.want, len(got.Shown), got.Claims, want)
		}
	}
	if got, err := token.Claims(); err != nil || !reflect.DeepEqual(got, plain(t, all)) {
		t.Error(got, err)
	}
	if paths, err := token.Hidden(); err != nil || len(paths) != 9 {
		t.Error(paths, err)
	}
}

func TestDecode(t *testing.T) {
	s := newSigner(t, "")
	v, err := Verifier{Keys: jws.KeySet{s.Key()}.Find, At: now}.Verify(issue(t, s, licence(nil), hide...).String())
	if err != nil {
		t.Fatal(err)
	}
	var c struct {
		USCC    string
		Capital json.Number
		Scope   []string
	}
	if err := v.Decode(&c); err != nil || c.USCC != "91330900MA28K0000X" || c.Capital != "1000000.00" || len(c.Scope) != 3 {
		t.Errorf("%+v, %v", c, err)
	}
}

func TestIssueRefusals(t *testing.T) {
	s := newSigner(t, "")
	deep := any("x")
	for range MaxDepth + 1 {
		deep = []any{deep}
	}
	for name, c := range map[string]struct {
		claims any
		hide   []Path
		hash   string
	}{
		"no object":     {[]int{1}, nil, ""},
		"reserved":      {map[string]any{"a": map[string]any{"_sd": 1}}, nil, ""},
		"dots":          {map[string]any{"a": []any{map[string]any{"...": "x"}}}, nil, ""},
		"sd_alg":        {map[string]any{"_sd_alg": "sha-256"}, nil, ""},
		"unknown hash":  {map[string]any{}, nil, "md5"},
		"nothing there": {map[string]any{"a": 1}, []Path{{"b"}}, ""},
		"past the end":  {map[string]any{"a": []int{1}}, []Path{{"a", 1}}, ""},
		"expiry":        {map[string]any{"exp": 1}, []Path{{"exp"}}, ""},
		"holder key":    {map[string]any{"cnf": 1}, []Path{{"cnf"}}, ""},
		"too deep":      {map[string]any{"a": deep}, nil, ""},
		"no JSON":       {func() {}, nil, ""},
		"everything":    {map[string]any{"a": 1}, []Path{{}}, ""},
		"too much":      {map[string]any{"a": strings.Repeat("x", MaxSize)}, nil, ""},
	} {
		if _, err := (Issuer{Signer: s, Hash: c.hash}).Issue(c.claims, c.hide...); err == nil {
			t.Errorf("%s: issued", name)
		}
	}
}

// Two tokens of the same claims share nothing that could be told apart by.
func TestDigestsTellNothing(t *testing.T) {
	s := newSigner(t, "")
	digests := func() []any {
		p, err := issue(t, s, licence(nil), hide...).payload()
		if err != nil {
			t.Fatal(err)
		}
		list, _ := p["_sd"].([]any)
		return list
	}
	a, b := digests(), digests()
	if len(a) != 5 || len(b) != 5 { // three claims and two decoys
		t.Fatal(len(a), len(b))
	}
	for i := range a {
		if i > 0 && a[i].(string) < a[i-1].(string) {
			t.Error("not sorted")
		}
		for j := range b {
			if a[i] == b[j] {
				t.Error("a digest comes twice")
			}
		}
	}
}

func TestPathString(t *testing.T) {
	if s := (Path{"a", "b", 2, nil, "c"}).String(); s != "a.b[2][*].c" {
		t.Error(s)
	}
}

// The example of draft-ietf-oauth-status-list section 6.2, IETF Trust, Revised
// BSD, made by the reference implementation of SD-JWT under the key of RFC 9901
// appendix A.5.
func TestReferenceImplementation(t *testing.T) {
	const text = "eyJhbGciOiAiRVMyNTYiLCAidHlwIjogImV4YW1wbGUrc2Qtand0In0.eyJfc2QiOiBb" +
		"Ikh2cktYNmZQVjB2OUtfeUNWRkJpTEZIc01heGNEXzExNEVtNlZUOHgxbGciXSwgImlz" +
		"cyI6ICJodHRwczovL2V4YW1wbGUuY29tL2lzc3VlciIsICJpYXQiOiAxNjgzMDAwMDAw" +
		"LCAiZXhwIjogMTg4MzAwMDAwMCwgInN1YiI6ICI2YzVjMGE0OS1iNTg5LTQzMWQtYmFl" +
		"Ny0yMTkxMjJhOWVjMmMiLCAic3RhdHVzIjogeyJzdGF0dXNfbGlzdCI6IHsiaWR4Ijog" +
		"MCwgInVyaSI6ICJodHRwczovL2V4YW1wbGUuY29tL3N0YXR1c2xpc3RzLzEifX0sICJf" +
		"c2RfYWxnIjogInNoYS0yNTYifQ.-kgS-R-Z4DEDlqb8kb6381_gHHNatsoF1fcVKZk3M" +
		"06CrnV8F8k9d2w2V_YAOvgcb0f11FqDFezXBXH30d4vcw~WyIyR0xDNDJzS1F2ZUNmR2" +
		"ZyeU5STjl3IiwgInN0cmVldF9hZGRyZXNzIiwgIlNjaHVsc3RyLiAxMiJd~WyJlbHVWN" +
		"U9nM2dTTklJOEVZbnN4QV9BIiwgImxvY2FsaXR5IiwgIlNjaHVscGZvcnRhIl0~WyI2S" +
		"Wo3dE0tYTVpVlBHYm9TNXRtdlZBIiwgInJlZ2lvbiIsICJTYWNoc2VuLUFuaGFsdCJd~" +
		"WyJlSThaV205UW5LUHBOUGVOZW5IZGhRIiwgImNvdW50cnkiLCAiREUiXQ~WyJRZ19PN" +
		"jR6cUF4ZTQxMmExMDhpcm9BIiwgImFkZHJlc3MiLCB7Il9zZCI6IFsiNnZoOWJxLXpTN" +
		"EdLTV83R3BnZ1ZiWXp6dTZvT0dYcm1OVkdQSFA3NVVkMCIsICI5Z2pWdVh0ZEZST0NnU" +
		"nJ0TmNHVVhtRjY1cmRlemlfNkVyX2o3NmttWXlNIiwgIktVUkRQaDRaQzE5LTN0aXotR" +
		"GYzOVY4ZWlkeTFvVjNhM0gxRGEyTjBnODgiLCAiV045cjlkQ0JKOEhUQ3NTMmpLQVN4V" +
		"GpFeVc1bTV4NjVfWl8ycm8yamZYTSJdfV0~"
	key, err := jws.ParseKey([]byte(`{"kty":"EC","crv":"P-256",
		"x":"b28d4MwZMjw8-00CG4xfnn9SLMVMM19SlqZpVb_uNtQ","y":"Xv5zWwuoaTgdS6hV43yI6gBwTnjukmFQQnJ_kCxzqk8"}`))
	if err != nil {
		t.Fatal(err)
	}
	v := Verifier{Keys: jws.KeySet{key}.Find, Type: "example+sd-jwt", At: now}
	got, err := v.Verify(text)
	if err != nil {
		t.Fatal(err)
	}
	want := map[string]any{"street_address": "Schulstr. 12", "locality": "Schulpforta", "region": "Sachsen-Anhalt", "country": "DE"}
	if !reflect.DeepEqual(got.Claims["address"], want) || len(got.Shown) != 5 {
		t.Errorf("%v", got.Claims)
	}
}

func BenchmarkIssue(b *testing.B) {
	s := newSigner(b, "k")
	claims := licence(s)
	b.ReportAllocs()
	for b.Loop() {
		issue(b, s, claims, hide...)
	}
}

func BenchmarkVerify(b *testing.B) {
	s := newSigner(b, "k")
	text := issue(b, s, licence(s), hide...).String()
	v := Verifier{Keys: jws.KeySet{s.Key()}.Find, At: now}
	b.ReportAllocs()
	for b.Loop() {
		if _, err := v.Verify(text); err != nil {
			b.Fatal(err)
		}
	}
}
