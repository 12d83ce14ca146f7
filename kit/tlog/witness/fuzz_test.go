package witness_test

import (
	"context"
	"strings"
	"testing"
)

func FuzzAddCheckpoint(f *testing.F) {
	v, key := vectors(f)
	for _, c := range v.Cases {
		f.Add([]byte(c.Body))
	}
	f.Fuzz(func(t *testing.T, body []byte) {
		status, answer, err := newWitness(t, key).AddCheckpoint(context.Background(), body)
		if err != nil || status == 200 && !strings.HasPrefix(answer, "— example.com/witness ") {
			t.Fatal(status, answer, err)
		}
	})
}

func BenchmarkAddCheckpoint(b *testing.B) {
	f, key := vectors(b)
	body := []byte(f.Cases[0].Body)
	b.ReportAllocs()
	for b.Loop() {
		if status, answer, err := newWitness(b, key).AddCheckpoint(context.Background(), body); status != 200 || err != nil {
			b.Fatal(status, answer, err)
		}
	}
}
