package web

import (
	"errors"
	"fmt"
	"io"
	"strings"

	"github.com/dinghai/dinghai/catalogue"
	"github.com/dinghai/dinghai/domain"
	"github.com/dinghai/dinghai/kit/areamap"
	"github.com/dinghai/dinghai/web/view"
)

// Map is a bureau's own map of its counties, in place of our simple drawing.
type Map struct {
	Shapes   []view.Shape
	Approval string // number under which it may be shown
}

// The picture of the map, as large as our own drawing, with room at the edge.
const (
	mapWidth, mapHeight = 410, 390
	mapEdge             = 10
)

// ReadMap reads the counties of a bureau from GeoJSON. Every county needs its
// area, by the property code; areas the catalogue does not know are refused.
func ReadMap(r io.Reader, c *catalogue.Catalogue, root string) (*Map, error) {
	m, err := areamap.Read(r, "code")
	if err != nil {
		return nil, err
	}
	have := map[string]bool{}
	for i, a := range m.Areas {
		if x := c.Areas[a.Code]; x == nil || x.Level != "county" || !domain.Within(a.Code, root) {
			return nil, fmt.Errorf("feature %d (%s): no county of this bureau has that code", i+1, a.Code)
		}
		have[a.Code] = true
	}
	var missing []string
	for _, a := range c.AreaList() {
		if a.Level == "county" && domain.Within(a.Code, root) && !have[a.Code] {
			missing = append(missing, a.Code)
		}
	}
	if len(missing) > 0 {
		return nil, errors.New("no feature for " + strings.Join(missing, ", "))
	}
	out := &Map{Approval: m.Approval}
	for _, s := range m.Draw(mapWidth-2*mapEdge, mapHeight-2*mapEdge) {
		out.Shapes = append(out.Shapes, view.Shape{Code: s.Code, Paths: s.Paths, X: s.X + mapEdge, Y: s.Y + mapEdge})
	}
	return out, nil
}
