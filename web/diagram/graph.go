package diagram

// pair is a way from one state to another, whatever the action.
type pair struct{ from, to *vertex }

// arrow is one or several actions from the same states to one state.
type arrow struct {
	from  []*vertex
	to    *vertex
	back  bool // against the flow: drawn upwards
	texts []string
	href  string
	parts []pair // pieces, in the direction of the arrow
}

// graph is the layout under way.
type graph struct {
	verts  []*vertex
	pairs  []pair // in the order of the actions
	back   map[pair]bool
	arrows []*arrow
	rank   [][]*vertex // vertices by layer
}

// build makes the states and the ways between them.
func build(nodes []Node, edges []Edge) *graph {
	g := &graph{back: map[pair]bool{}}
	byID := map[string]*vertex{}
	for i := range nodes {
		n := &nodes[i]
		lines := wrap(n.Text, maxLabel)
		v := &vertex{node: n, lines: lines, href: n.Href, w: width(lines, fontSize) + 2*padX, h: boxHeight + float64(len(lines)-1)*lineHeight}
		g.verts = append(g.verts, v)
		byID[n.ID] = v
	}
	var kept []Edge
	for _, e := range edges {
		p := pair{byID[e.From], byID[e.To]}
		if p.from != nil && p.to != nil && p.from != p.to {
			g.pairs = append(g.pairs, p)
			kept = append(kept, e)
		}
	}
	g.turnBack()
	g.join(kept)
	return g
}

// turnBack marks the ways that lead to a state still open in a walk in the
// order the states are declared: drawn downwards they would close a circle.
func (g *graph) turnBack() {
	out := map[*vertex][]pair{}
	for _, p := range g.pairs {
		out[p.from] = append(out[p.from], p)
	}
	const open, done = 1, 2
	state := map[*vertex]int{}
	var walk func(*vertex)
	walk = func(v *vertex) {
		state[v] = open
		for _, p := range out[v] {
			switch state[p.to] {
			case 0:
				walk(p.to)
			case open:
				g.back[p] = true
			}
		}
		state[v] = done
	}
	for _, v := range g.verts {
		if state[v] == 0 {
			walk(v)
		}
	}
}

// join makes one arrow of an action's ways to one state, and one of actions
// that have all their ways in common.
func (g *graph) join(edges []Edge) {
	type key struct {
		href, text string
		to         *vertex
		back       bool
	}
	at := map[key]*arrow{}
	for i, e := range edges {
		p := g.pairs[i]
		k := key{e.Href, e.Text, p.to, g.back[p]}
		a := at[k]
		if a == nil {
			a = &arrow{to: p.to, back: k.back, texts: []string{e.Text}, href: e.Href}
			at[k] = a
			g.arrows = append(g.arrows, a)
		}
		a.from = append(a.from, p.from)
	}
	var kept []*arrow
next:
	for _, a := range g.arrows {
		for _, b := range kept {
			if a.to == b.to && a.back == b.back && same(a.from, b.from) {
				b.texts = append(b.texts, a.texts...)
				continue next
			}
		}
		kept = append(kept, a)
	}
	g.arrows = kept
}

func same(a, b []*vertex) bool {
	in := map[*vertex]bool{}
	for _, v := range a {
		in[v] = true
	}
	for _, v := range b {
		if !in[v] {
			return false
		}
	}
	return len(a) == len(b)
}

// layers gives every state the layer below all states before it. Odd layers
// are kept for the names of arrows.
func (g *graph) layers() {
	for range g.verts { // at most as many rounds as states
		moved := false
		for _, p := range g.pairs {
			from, to := p.from, p.to
			if g.back[p] {
				from, to = to, from
			}
			if to.layer < from.layer+2 {
				to.layer = from.layer + 2
				moved = true
			}
		}
		if !moved {
			return
		}
	}
}

// stretch puts the name of an arrow beside its head, and bends into the layers
// it passes; its tails join it on their way.
func (g *graph) stretch() {
	for _, a := range g.arrows {
		g.route(a)
	}
	for _, v := range g.verts {
		for len(g.rank) <= v.layer {
			g.rank = append(g.rank, nil)
		}
		g.rank[v.layer] = append(g.rank[v.layer], v)
	}
}

// route walks from the head back to the farthest tail.
func (g *graph) route(a *arrow) {
	step := -1 // towards the tails
	if a.back {
		step = 1
	}
	far := a.to.layer
	for _, v := range a.from {
		if (v.layer-far)*step > 0 {
			far = v.layer
		}
	}
	at := map[int]*vertex{}
	ahead := a.to
	for l := a.to.layer + step; l != far; l += step {
		v := &vertex{layer: l}
		if ahead == a.to {
			v.lines, v.href = wrapAll(a.texts), a.href
			v.w, v.h = width(v.lines, labelSize)+8, float64(len(v.lines))*(lineHeight-2)+2
		}
		g.verts = append(g.verts, v)
		g.tie(a, v, ahead)
		at[l] = v
		ahead = v
	}
	for _, v := range a.from {
		g.tie(a, v, at[v.layer-step])
	}
}

// tie makes a piece of an arrow between neighbouring layers.
func (g *graph) tie(a *arrow, from, to *vertex) {
	a.parts = append(a.parts, pair{from, to})
	upper, lower := from, to
	if a.back {
		upper, lower = to, from
	}
	upper.down = append(upper.down, lower)
	lower.up = append(lower.up, upper)
}
