package demo

import (
	"math/rand/v2"
	"sort"
)

// picker draws values by weight.
type picker[T any] struct {
	values []T
	upto   []int
}

func newPicker[T any](values []T, weights []int) *picker[T] {
	p := &picker[T]{values: values}
	sum := 0
	for _, w := range weights {
		sum += w
		p.upto = append(p.upto, sum)
	}
	return p
}

// at draws with a number from outside.
func (p *picker[T]) at(h uint64) T {
	k := int(h % uint64(p.upto[len(p.upto)-1]))
	return p.values[sort.SearchInts(p.upto, k+1)]
}

func (p *picker[T]) draw(r *rand.Rand) T { return p.at(r.Uint64()) }

// one draws from equal values.
func one[T any](r *rand.Rand, list ...T) T { return list[r.IntN(len(list))] }

// stream is the random source of one recipe. Each has its own, so that adding
// a recipe changes nothing in the others.
func stream(seed uint64, recipe string) *rand.Rand {
	h := uint64(14695981039346656037)
	for _, b := range []byte(recipe) {
		h = (h ^ uint64(b)) * 1099511628211
	}
	return rand.New(rand.NewPCG(seed, h)) //nolint:gosec // repeatable on purpose
}

// spread divides total into parts in proportion to weights, exactly.
func spread(total int64, weights []float64) []int64 {
	sum := 0.0
	for _, w := range weights {
		sum += w
	}
	out := make([]int64, len(weights))
	run, given := 0.0, int64(0)
	for i, w := range weights {
		run += w
		upto := int64(float64(total)*run/sum + 0.5)
		if i == len(weights)-1 {
			upto = total
		}
		out[i], given = upto-given, upto
	}
	return out
}

// uneven makes n weights that differ as amounts in life do: many small, a few
// large.
func uneven(r *rand.Rand, n int) []float64 {
	w := make([]float64, n)
	for i := range w {
		w[i] = 0.3 + r.ExpFloat64()
	}
	return w
}

// chosen marks k of n, each set equally likely.
func chosen(r *rand.Rand, n, k int) []bool {
	out := make([]bool, n)
	for i, p := range r.Perm(n) {
		out[i] = p < k
	}
	return out
}
