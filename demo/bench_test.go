package demo

import "testing"

// BenchmarkPrepare plans the whole year: every date, name and number of it.
func BenchmarkPrepare(b *testing.B) {
	cat, targets := shipped(b), file(b)
	for b.Loop() {
		if _, err := prepare(cat, targets); err != nil {
			b.Fatal(err)
		}
	}
}
