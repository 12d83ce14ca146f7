// Package module says what a system may hand to the rest of the product beyond
// its data: rules, pages and workers. Most systems hand over nothing.
package module

import (
	"net/http"

	"github.com/dinghai/dinghai/engine"
)

// Hook is a system's own rule: loaded facts in, changes and orders out.
type Hook = engine.Hook

// Module is one system's Go.
type Module struct {
	Name   string                  // folder under systems/
	Hooks  map[string]Hook         // by the name actions use
	Routes map[string]http.Handler // pattern → handler, below the system's own path
}
