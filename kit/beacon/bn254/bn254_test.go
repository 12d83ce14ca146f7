package bn254_test

import (
	"encoding/hex"
	"encoding/json"
	"errors"
	"os"
	"testing"

	"github.com/dinghai/dinghai/kit/beacon"
	"github.com/dinghai/dinghai/kit/beacon/bn254"
)

// The vectors of all schemes together are counted in package bls.
func TestVectors(t *testing.T) {
	b, err := os.ReadFile("../testdata/drand-beacons.json")
	if err != nil {
		t.Fatal(err)
	}
	var f struct {
		Cases []struct {
			Scheme      beacon.Scheme
			PubKey, Sig string
			Round       uint64
			OK          bool
		}
	}
	if err := json.Unmarshal(b, &f); err != nil {
		t.Fatal(err)
	}
	pass := 0
	for _, v := range f.Cases {
		if v.Scheme != beacon.BN254OnG1 {
			continue
		}
		key, err1 := hex.DecodeString(v.PubKey)
		sig, err2 := hex.DecodeString(v.Sig)
		if err := errors.Join(err1, err2); err != nil {
			t.Fatal(err)
		}
		c, r := beacon.Chain{Scheme: v.Scheme, PublicKey: key}, beacon.Round{Number: v.Round, Signature: sig}
		if err := bn254.Verify(c, r); (err == nil) != v.OK {
			t.Errorf("round %d: %v", v.Round, err)
			continue
		}
		r.Number++
		var e *beacon.Error
		if err := bn254.Verify(c, r); !errors.As(err, &e) || e.Reason != "mismatch" {
			t.Errorf("another round: %v", err)
		}
		pass++
	}
	t.Logf("%d of 3 vectors pass", pass)
	if pass != 3 {
		t.Fail()
	}
}
