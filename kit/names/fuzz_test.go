package names_test

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/dinghai/dinghai/kit/names"
)

func FuzzIndex(f *testing.F) {
	f.Add("舟山市海达水产有限公司", "舟山市海大渔业有限公司")
	f.Add("海达", "海")
	f.Add("a", "A公司")
	s := zhejiang(f)
	f.Fuzz(func(t *testing.T, a, b string) {
		x, err := names.NewIndex(s, []names.Entry{{Name: a}})
		if err != nil {
			return
		}
		_, _ = x.Add(names.Entry{Name: b})
		for _, name := range []string{a, b} {
			q := names.Query{Name: name}
			want, err := x.BruteForce(q, 0, false)
			if err != nil {
				continue
			}
			if got, _ := x.Similar(q, 0); !cmp.Equal(want, got) {
				t.Fatalf("%q in %q, %q: got %v, want %v", name, a, b, got, want)
			}
			if len(want) == 0 || want[0].Reason != names.SameName {
				t.Fatalf("%q does not find itself: %v", name, want)
			}
		}
	})
}
