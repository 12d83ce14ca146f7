package diagram

import (
	"math"
	"slices"
)

const rounds = 8 // sweeps of sorting and of placing; more change little

// sort orders each layer by the middle of its neighbours, down and up, to keep
// arrows from crossing.
func (g *graph) sort() {
	for _, layer := range g.rank {
		for i, v := range layer {
			v.order = float64(i)
		}
	}
	for i := range rounds {
		if i%2 == 0 {
			for l := 1; l < len(g.rank); l++ {
				arrange(g.rank[l], func(v *vertex) []*vertex { return v.up })
			}
			continue
		}
		for l := len(g.rank) - 2; l >= 0; l-- {
			arrange(g.rank[l], func(v *vertex) []*vertex { return v.down })
		}
	}
}

func arrange(layer []*vertex, next func(*vertex) []*vertex) {
	weight := map[*vertex]float64{}
	for _, v := range layer {
		weight[v] = v.order
		if n := next(v); len(n) > 0 {
			sum := 0.0
			for _, o := range n {
				sum += o.order
			}
			weight[v] = sum / float64(len(n))
		}
	}
	slices.SortStableFunc(layer, func(a, b *vertex) int {
		switch {
		case weight[a] < weight[b]:
			return -1
		case weight[a] > weight[b]:
			return 1
		}
		return 0
	})
	for i, v := range layer {
		v.order = float64(i)
	}
}

// place gives coordinates: layers downwards, and within a layer as near to the
// neighbours as the order and the gaps allow.
func (g *graph) place() {
	y := float64(margin)
	for _, layer := range g.rank {
		h, x := 0.0, 0.0
		for _, v := range layer {
			h = max(h, v.h)
			v.x = x + v.w/2
			x += v.w + gapX
		}
		for _, v := range layer {
			v.y = y + h/2
			if v.bend() {
				v.h = h // upright past its whole layer, clear of the boxes there
			}
		}
		y += h + gapY
	}
	for range rounds {
		for _, layer := range g.rank {
			settle(layer, func(v *vertex) []*vertex { return v.up })
		}
		for i := len(g.rank) - 1; i >= 0; i-- {
			settle(g.rank[i], func(v *vertex) []*vertex { return v.down })
		}
	}
}

// settle moves a layer towards its neighbours: once pushing from the left,
// once from the right, and the mean of both keeps the order and the gaps.
func settle(layer []*vertex, next func(*vertex) []*vertex) {
	n := len(layer)
	left, right := make([]float64, n), make([]float64, n)
	edge := math.Inf(-1)
	for i, v := range layer {
		left[i] = max(wish(v, next), edge+v.w/2)
		edge = left[i] + v.w/2 + gapX
	}
	edge = math.Inf(1)
	for i := n - 1; i >= 0; i-- {
		v := layer[i]
		right[i] = min(wish(v, next), edge-v.w/2)
		edge = right[i] - v.w/2 - gapX
	}
	for i, v := range layer {
		v.x = (left[i] + right[i]) / 2
	}
}

func wish(v *vertex, next func(*vertex) []*vertex) float64 {
	n := next(v)
	if len(n) == 0 {
		return v.x
	}
	sum := 0.0
	for _, o := range n {
		sum += o.x
	}
	return sum / float64(len(n))
}
