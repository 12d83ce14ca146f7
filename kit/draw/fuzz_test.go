package draw_test

import (
	"bytes"
	"slices"
	"strings"
	"testing"

	"github.com/dinghai/dinghai/kit/draw"
)

// What a reader of a pool takes, a writer writes again.
func FuzzFreezeObjects(f *testing.F) {
	f.Add([]byte("91330900000000000X,food/A,330902,\n91330900000000000Y,food/B,,closed\n"))
	f.Add([]byte("a,b,c,d"))
	f.Add([]byte("b,s,,\na,s,,\n"))
	f.Add([]byte("\xff,\x00,,\n"))
	f.Fuzz(func(t *testing.T, b []byte) {
		p, err := draw.FreezeObjects(bytes.NewReader(b))
		if err != nil {
			return
		}
		var list []draw.Object
		for _, l := range strings.Split(strings.TrimSuffix(string(b), "\n"), "\n") {
			if c := strings.Split(l, ","); len(c) == 4 {
				list = append(list, draw.Object{ID: c[0], Stratum: c[1], Area: c[2], Excluded: c[3]})
			}
		}
		slices.Reverse(list)
		var again bytes.Buffer
		if err := draw.WriteObjects(&again, list); err != nil || !bytes.Equal(again.Bytes(), b) || p.Objects != len(list) {
			t.Fatalf("%q is written as %q, %v", b, again.Bytes(), err)
		}
	})
}

func FuzzReadInspectors(f *testing.F) {
	f.Add([]byte("A1,E,drug+food,1,5\nB1,,,0,0\n"))
	f.Add([]byte("A1,,,1,1\nA12,,,1,1\n"))
	f.Fuzz(func(t *testing.T, b []byte) {
		list, _, err := draw.ReadInspectors(bytes.NewReader(b))
		if err != nil {
			return
		}
		var again bytes.Buffer
		if err := draw.WriteInspectors(&again, list); err != nil || !bytes.Equal(again.Bytes(), b) {
			t.Fatalf("%q is written as %q, %v", b, again.Bytes(), err)
		}
	})
}

func FuzzReadOpenings(f *testing.F) {
	f.Add([]byte(strings.Repeat("0a", 32) + ",Z1,91330900000000000X\n"))
	f.Fuzz(func(t *testing.T, b []byte) {
		list, _, err := draw.ReadOpenings(bytes.NewReader(b))
		if err != nil {
			return
		}
		var again bytes.Buffer
		if err := draw.WriteOpenings(&again, list); err != nil || !bytes.Equal(again.Bytes(), b) {
			t.Fatalf("%q is written as %q, %v", b, again.Bytes(), err)
		}
	})
}

func FuzzParsePlan(f *testing.F) {
	w := newWorldLists(f)
	b := must(must(w.planFor(w.files()).Entry(office, matter, "2023-08-23")).Bytes())
	f.Add(b)
	f.Add(bytes.Replace(b, []byte(`"eligible":27`), []byte(`"eligible":9007199254740993`), 1))
	f.Fuzz(func(t *testing.T, b []byte) {
		p, e, err := draw.ParsePlan(b)
		if err != nil {
			return
		}
		if again, err := p.Entry(e.Office, e.Matter, e.Date); err != nil || !bytes.Contains(b, again.Detail) {
			t.Fatalf("%s: %v", b, err)
		}
	})
}
