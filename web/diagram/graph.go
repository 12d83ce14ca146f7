package diagram

// graph is the layout under way.
type graph struct {
	verts  []*vertex
	byID   map[string]*vertex
	arrows []*arrow
	rank   [][]*vertex // vertices by layer
}

// arrow is one or several actions between the same two states.
type arrow struct {
	from, to *vertex
	back     bool // against the flow: drawn upwards
	texts    []string
	href     string
	chain    []*vertex // from … to, downwards, with label and bends
}

// build joins actions between the same states into one arrow.
func build(nodes []Node, edges []Edge) *graph {
	g := &graph{byID: map[string]*vertex{}}
	for i := range nodes {
		n := &nodes[i]
		lines := wrap(n.Text, maxLabel)
		v := &vertex{node: n, lines: lines, href: n.Href, w: width(lines, fontSize) + 2*padX, h: boxHeight + float64(len(lines)-1)*lineHeight}
		g.verts = append(g.verts, v)
		g.byID[n.ID] = v
	}
	at := map[[2]string]*arrow{}
	for _, e := range edges {
		from, to := g.byID[e.From], g.byID[e.To]
		if from == nil || to == nil || from == to {
			continue
		}
		a := at[[2]string{e.From, e.To}]
		if a == nil {
			a = &arrow{from: from, to: to, href: e.Href}
			at[[2]string{e.From, e.To}] = a
			g.arrows = append(g.arrows, a)
		}
		a.texts = append(a.texts, e.Text)
	}
	return g
}

// layers turns arrows that close a circle and gives every state the layer
// below all states before it. Odd layers are kept for the names of arrows.
func (g *graph) layers() {
	g.turnBack()
	for range g.verts { // at most as many rounds as states
		moved := false
		for _, a := range g.arrows {
			from, to := a.ends()
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

// ends gives the arrow downwards.
func (a *arrow) ends() (from, to *vertex) {
	if a.back {
		return a.to, a.from
	}
	return a.from, a.to
}

// turnBack marks the arrows that lead to a state still open in a walk in the
// order the states are declared.
func (g *graph) turnBack() {
	out := map[*vertex][]*arrow{}
	for _, a := range g.arrows {
		out[a.from] = append(out[a.from], a)
	}
	state := map[*vertex]int{}
	var walk func(*vertex)
	walk = func(v *vertex) {
		state[v] = 1
		for _, a := range out[v] {
			switch state[a.to] {
			case 0:
				walk(a.to)
			case 1:
				a.back = true
			}
		}
		state[v] = 2
	}
	for _, v := range g.verts {
		if state[v] == 0 {
			walk(v)
		}
	}
}

// stretch puts a label and bends into the layers an arrow passes.
func (g *graph) stretch() {
	for _, a := range g.arrows {
		from, to := a.ends()
		a.chain = []*vertex{from}
		middle := (from.layer + to.layer) / 2
		if middle%2 == 0 {
			middle--
		}
		last := from
		for l := from.layer + 1; l < to.layer; l++ {
			v := &vertex{layer: l, isBend: true, w: 6, h: 6}
			if l == middle {
				v.isBend, v.lines, v.href = false, wrapAll(a.texts), a.href
				v.w, v.h = width(v.lines, labelSize)+8, float64(len(v.lines))*(lineHeight-2)+2
			}
			g.verts = append(g.verts, v)
			tie(last, v)
			a.chain = append(a.chain, v)
			last = v
		}
		tie(last, to)
		a.chain = append(a.chain, to)
	}
	for _, v := range g.verts {
		for len(g.rank) <= v.layer {
			g.rank = append(g.rank, nil)
		}
		g.rank[v.layer] = append(g.rank[v.layer], v)
	}
}

func tie(a, b *vertex) {
	a.down = append(a.down, b)
	b.up = append(b.up, a)
}
