package statuslist_test

import (
	"crypto/ed25519"
	"fmt"
	"time"

	"github.com/dinghai/dinghai/kit/cwtqr/cwt"
	"github.com/dinghai/dinghai/kit/statuslist"
)

func Example() {
	pub, key, err := ed25519.GenerateKey(nil)
	if err != nil {
		panic(err)
	}
	list, err := statuslist.New(1, 1<<20)
	if err != nil {
		panic(err)
	}
	if err := list.Set(158, statuslist.Invalid); err != nil {
		panic(err)
	}
	now := time.Date(2026, 11, 27, 8, 0, 0, 0, time.UTC)
	token, err := (&statuslist.Token{
		Subject: "https://licence.example/status/1", IssuedAt: now,
		Expires: now.Add(24 * time.Hour), TTL: 12 * time.Hour, List: list,
	}).SignCWT(key, []byte("2026"))
	if err != nil {
		panic(err)
	}

	got, err := statuslist.VerifyCWT(token, cwt.Keys{"2026": pub}.Find)
	if err != nil {
		panic(err)
	}
	ref := statuslist.Reference{Index: 158, URI: "https://licence.example/status/1"}
	for _, at := range []time.Time{now.Add(time.Hour), now.Add(48 * time.Hour)} {
		v, err := got.Status(ref, at)
		if err != nil {
			panic(err)
		}
		fmt.Println(v.Known, v.Status == statuslist.Valid, v.AsOf.Format(time.RFC3339))
	}
	// Output:
	// true false 2026-11-27T08:00:00Z
	// false false 2026-11-27T08:00:00Z
}
