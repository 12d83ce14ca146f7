package epcis

import (
	"encoding/json"
	"os"
	"strings"
	"testing"
)

func TestConversionVectors(t *testing.T) {
	text, err := os.ReadFile("testdata/epc-urn-to-dl.json")
	if err != nil {
		t.Fatal(err)
	}
	var file struct {
		Count int
		Cases []struct {
			In  any
			Out *string
		}
	}
	if err := json.Unmarshal(text, &file); err != nil {
		t.Fatal(err)
	}
	pass, back := 0, 0
	for _, c := range file.Cases {
		in, isText := c.In.(string)
		got, ok := Normalize(in)
		if !isText { // the number 42, which Go's types rule out
			ok = false
		}
		if ok != (c.Out != nil) || ok && got != *c.Out {
			t.Errorf("%v = %q, %t, want %v", c.In, got, ok, c.Out)
			continue
		}
		pass++
		if !strings.HasPrefix(in, "urn:epc:") {
			continue
		}
		prefix := len(strings.Split(strings.Split(in, ":")[4], ".")[0])
		if strings.HasPrefix(in, "urn:epc:idpat:upui:") {
			continue // a class of trade items is all that its URI still says
		}
		if urn, ok := ToURN(got, prefix); !ok || urn != in {
			t.Errorf("%s: back from %s as %q, %t", in, got, urn, ok)
			continue
		}
		back++
	}
	t.Logf("%d of %d conversions pass; %d URNs come back from their Digital Link URI", pass, file.Count, back)
	if pass != file.Count {
		t.Fail()
	}
}

func FuzzNormalize(f *testing.F) {
	for _, s := range []string{"urn:epc:id:sgtin:4012345.011111.98%22", "https://example.de/gtin/04012345123456/cpv/344/ser/987654?x", "urn:epc:idpat:cpi:4012345.AB12.*"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		out, ok := Normalize(s)
		if !ok {
			return
		}
		if again, ok := Normalize(out); !ok || again != out {
			t.Fatalf("%q = %q, whose normal form is %q, %t", s, out, again, ok)
		}
		ToURN(out, 7)
	})
}
