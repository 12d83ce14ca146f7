package report

import "math"

// fuzz absorbs binary fractions at the edge of a step: 9.065/0.01 is not
// quite 906.5.
const fuzz = 1e-9

// agrees holds a computed figure against the statement by the statement's own
// rule. Without a value nothing agrees.
func agrees(s *Stated, value Amount, num, den int64, truth bool) bool {
	if !value.Numeric() {
		return false
	}
	v, t := value.Number, s.Value.Number
	switch s.Cmp {
	case "all":
		return all(num, den, truth)
	case "ge":
		return v >= t-scaled(t)
	case "gt":
		return v > t+scaled(t)
	case "round":
		return rounded(v, s.Step) == rounded(t, s.Step)
	}
	return math.Abs(v-t) <= scaled(t)
}

func scaled(t float64) float64 { return fuzz * max(1, math.Abs(t)) }

// all says whether every one of a cohort is counted. A claim without a cohort
// ("higher than ever") is a derived truth value instead. Nothing of nothing is
// no "all".
func all(num, den int64, truth bool) bool {
	if den == 0 {
		return truth
	}
	return num == den
}

// rounded counts the steps nearest to v, halves away from zero, as one rounds
// on paper.
func rounded(v, step float64) int64 {
	if step == 0 {
		step = 1
	}
	n := math.Floor(math.Abs(v)/step + 0.5 + fuzz)
	return int64(math.Copysign(n, v))
}

// whole looks for whole numbers n whose share of base prints as percent at a
// step. It returns the n below and above the stated rate, and whether either
// of them prints as it.
func whole(percent, step float64, base int64) (below, above int64, ok bool) {
	if base <= 0 {
		return 0, 0, false
	}
	below = int64(math.Floor(percent / 100 * float64(base)))
	above = below + 1
	for _, n := range []int64{below, above} {
		if rounded(share(n, base), step) == rounded(percent, step) {
			ok = true
		}
	}
	return below, above, ok
}

func share(n, base int64) float64 { return 100 * float64(n) / float64(base) }
