package systems_test

import (
	"testing"

	"github.com/dinghai/dinghai/catalogue"
	"github.com/dinghai/dinghai/systems"
)

// TestCatalogue checks everything under systems/ the way the start does.
func TestCatalogue(t *testing.T) {
	c, err := catalogue.Load(systems.Files)
	if err != nil {
		t.Fatal(err)
	}
	if err := c.Check(); err != nil {
		t.Fatal(err)
	}
	t.Logf("%d kinds, %d clock rules, %d lists, %d papers, %d indicators, %d items",
		len(c.Kinds), len(c.Clocks), len(c.Lists), len(c.Papers), len(c.Indicators), len(c.Triggers))
}
