// Package diagram lays out the states of a matter as a layered drawing: time
// runs downwards, each action is an arrow with its name on it. Names are laid
// out like boxes of their own, so they never cover one another; an action that
// leads from several states to one is a single arrow with several tails.
package diagram

// Node is a state to draw.
type Node struct {
	ID, Text, Href string
	End            bool
	Loose          bool // stands for "any open state"
}

// Edge is an action from one state to another.
type Edge struct {
	From, To   string
	Text, Href string
}

// Box is a placed node or label; X and Y are its centre.
type Box struct {
	X, Y, W, H float64
	Lines      []string
	Href       string
	End, Loose bool
}

// Line is a placed piece of an arrow as an SVG path.
type Line struct {
	Path string
	Head bool // ends at a state
}

// Drawing is the finished layout.
type Drawing struct {
	W, H   float64
	Boxes  []Box
	Labels []Box
	Lines  []Line
}

// Sizes in pixels of the drawing.
const (
	fontSize   = 14
	labelSize  = 12
	lineHeight = 18
	padX       = 14
	boxHeight  = 38
	gapX       = 22
	gapY       = 26
	margin     = 16
	maxLabel   = 12 // widths of a Chinese character before a name breaks
)

// vertex is a node, a label or a bend of a long arrow in its layer.
type vertex struct {
	node     *Node
	lines    []string
	href     string
	layer    int
	x, y     float64
	w, h     float64
	up, down []*vertex
	order    float64
}

func (v *vertex) bend() bool { return v.lines == nil }

// Draw lays out a machine.
func Draw(nodes []Node, edges []Edge) Drawing {
	g := build(nodes, edges)
	g.layers()
	g.stretch()
	g.sort()
	g.place()
	return g.drawing()
}
