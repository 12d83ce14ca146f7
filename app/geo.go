package app

import (
	"fmt"
	"os"

	"github.com/dinghai/dinghai/web"
)

// mapFlags say what the cockpit draws.
type mapFlags struct {
	Geo string `help:"map of the counties as GeoJSON, each feature with the property code; a member approval is shown beneath. Without it the cockpit has our simple drawing" type:"existingfile" env:"DINGHAI_GEO" placeholder:"FILE"`
}

// read gives the bureau's own map, nil without one.
func (f *mapFlags) read(a *App) error {
	if f.Geo == "" {
		return nil
	}
	r, err := os.Open(f.Geo)
	if err != nil {
		return err
	}
	defer r.Close()
	if a.Map, err = web.ReadMap(r, a.Catalogue, rootArea); err != nil {
		return fmt.Errorf("--geo %s: %w", f.Geo, err)
	}
	return nil
}

// rootArea is the area of the bureau.
const rootArea = "330900"
