// Package systems is the one list of everything the bureau does. A folder that
// holds only data needs no line here; a system with Go of its own adds one to
// Modules.
package systems

import (
	"embed"
	"fmt"

	"github.com/dinghai/dinghai/module"
	"github.com/dinghai/dinghai/systems/inspection"
	"github.com/dinghai/dinghai/systems/organisation"
	"github.com/dinghai/dinghai/systems/watch"
)

// Files is the catalogue that ships with the product.
//
//go:embed *
var Files embed.FS

// Modules are the systems with Go of their own.
var Modules = []module.Module{inspection.Module, organisation.Module, watch.Module}

// Hooks joins the hooks of all modules; a name given twice is a mistake of the
// build.
func Hooks() (map[string]module.Hook, error) {
	out := map[string]module.Hook{}
	for _, m := range Modules {
		for name, h := range m.Hooks {
			if out[name] != nil {
				return nil, fmt.Errorf("hook %s of %s is defined twice", name, m.Name)
			}
			out[name] = h
		}
	}
	return out, nil
}
