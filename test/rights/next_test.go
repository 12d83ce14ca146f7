package rights

import (
	"strings"
	"testing"

	"github.com/dinghai/dinghai/catalogue"
	"github.com/dinghai/dinghai/systems"
)

// TestOrdinarySteps: the step a case's page puts first in each state; "-" where
// nothing that can be done there is ordinary.
func TestOrdinarySteps(t *testing.T) {
	c, err := catalogue.Load(systems.Files)
	if err != nil {
		t.Fatal(err)
	}
	var lines []string
	for _, k := range c.Ordered() {
		for _, st := range k.States {
			if st.End {
				continue
			}
			var steps []string
			for _, name := range k.Ordinary(st.State) {
				steps = append(steps, name+" "+k.ActionOf(name).Label.ZH)
			}
			if len(steps) == 0 {
				steps = []string{"-"}
			}
			lines = append(lines, k.Name+" "+st.State+" "+st.Label.ZH+": "+strings.Join(steps, ", "))
		}
	}
	compare(t, "ordinary.txt", lines)
}
