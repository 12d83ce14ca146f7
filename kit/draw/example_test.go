package draw_test

import (
	"bytes"
	"fmt"
	"strings"

	"github.com/dinghai/dinghai/kit/draw"
)

func Example() {
	// 1. Freeze the lists.
	var objects, inspectors bytes.Buffer
	err1 := draw.WriteObjects(&objects, []draw.Object{{ID: "shop-3", Stratum: "food/B"}, {ID: "shop-1", Stratum: "food/B"}, {ID: "shop-2", Stratum: "food/B", Excluded: "closed"}, {ID: "shop-4", Stratum: "food/B"}})
	err2 := draw.WriteInspectors(&inspectors, []draw.Inspector{{No: "Z01", Available: true, MaxLoad: 5}, {No: "Z02", Available: true, MaxLoad: 5}, {No: "Z03", Available: true, MaxLoad: 5}})
	pool, err3 := draw.FreezeObjects(bytes.NewReader(objects.Bytes()))
	people, root, err4 := draw.ReadInspectors(bytes.NewReader(inspectors.Bytes()))
	fmt.Println(pool.Objects, pool.Strata[0].Eligible, pool.Strata[0].Excluded, err1, err2, err3, err4)

	// 2. Plan, and log the plan. Nobody knows the lottery's numbers yet.
	plan := draw.Plan{Algorithm: draw.Algorithm, DrawNo: "2026-001", Mode: draw.Open, Team: 2, AreaRule: draw.AnyArea, Deadline: "2026-12-31T16:00:00Z",
		Beacon:  draw.BeaconRule{Kind: "list", Sources: []string{"lottery 2026-120"}, At: "2026-11-27T13:00:00Z"},
		Objects: draw.Root{Count: pool.Objects, Root: pool.Root}, Inspectors: draw.Root{Count: len(people), Root: root}, Conflicts: draw.Root{Root: draw.ListRoot(nil)},
		Strata: []draw.StratumPlan{{Code: "food/B", Eligible: 3, Excluded: 1, P: 1, Q: 3}}}
	e, err := plan.Entry("330900", "food", "2026-11-26")
	if err != nil {
		panic(err)
	}
	logged, err := e.Bytes()
	if err != nil {
		panic(err)
	}

	// 3. The numbers are out.
	seed, err := draw.OpenSeed(logged, draw.Beacons{}, draw.Outcome{Values: [][]string{{"14", "3", "27", "8", "31", "22", "5"}}})
	if err != nil {
		panic(err)
	}

	// 4 and 5. Draw.
	r, err := draw.Run(&plan, seed, draw.Files{Objects: &objects, Inspectors: &inspectors, Conflicts: strings.NewReader(""), Openings: strings.NewReader("")}, 1)
	if err != nil {
		panic(err)
	}
	for _, l := range r.Lines {
		fmt.Printf("%s %.8s %v\n", l.Object, l.Ticket, l.Members)
	}
	// 7. It is closed: the next ticket replaces it.
	rep, err := r.ReplaceObject(r.Lines[0].Object, "closed")
	fmt.Println(rep.In, rep.Members, err)
	// Output:
	// 4 3 map[closed:1] <nil> <nil> <nil> <nil>
	// shop-1 26139e16 [Z01 Z03]
	// shop-3 [Z01 Z03] <nil>
}
