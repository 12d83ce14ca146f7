// Package inspection holds the draw: which objects are inspected and by whom.
// Everything else of the system is data.
//
// A draw has three steps. Freezing writes down the lists as text, commits to
// them by their roots and to the plan by its hash, and announces a public
// random value that does not exist yet. Drawing computes tickets from that
// value and from the frozen text alone, whatever has changed since. Replacing
// takes the next ticket. Each step is a pure function of what it is given;
// README.md is its contract, kit/draw the arithmetic.
package inspection

import "github.com/dinghai/dinghai/module"

// Algorithm names the design the draw follows.
const Algorithm = "dinghai-draw-v1"

// Module is what the system hands to the product beyond its data.
var Module = module.Module{
	Name: "inspection",
	Hooks: map[string]module.Hook{
		"draw_freeze":         freeze,
		"draw":                drawObjects,
		"draw_replace_object": replaceObject,
		"draw_replace_member": replaceMember,
		"draw_finish":         finish,
	},
}
