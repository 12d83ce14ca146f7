package demo

import (
	"fmt"
	"maps"
	"slices"
	"strconv"

	"github.com/dinghai/dinghai/catalogue"
)

func sortedAreas(c *catalogue.Catalogue) []string { return slices.Sorted(maps.Keys(c.Areas)) }

func townWeights() (map[string]int, error) {
	rows, err := table(townsCSV)
	if err != nil {
		return nil, err
	}
	out := map[string]int{}
	for _, r := range rows {
		if out[r[0]], err = strconv.Atoi(r[1]); err != nil {
			return nil, fmt.Errorf("towns.csv: %s: %w", r[0], err)
		}
	}
	return out, nil
}

// zonesOf lists the functional districts that reach into a town.
func zonesOf(c *catalogue.Catalogue, town string) []string {
	var out []string
	for _, name := range slices.Sorted(maps.Keys(c.Zones)) {
		if z := c.Zones[name]; z.Kind == "functional" && slices.Contains(z.Towns, town) {
			out = append(out, name)
		}
	}
	return out
}
