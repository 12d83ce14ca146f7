package draw

import "strings"

// Inspector is a person who may be drawn.
type Inspector struct {
	No             string
	Area           string // "" serves every area
	Qualifications []string
	Available      bool
	MaxLoad        int // objects he may be given in this draw
}

// Visit is a drawn object that needs a team.
type Visit struct {
	Object        string
	Area          string   // "" may be served from every area
	Qualification []string // what each member must hold
}

// Conflict is an inspector who must not visit an object.
type Conflict struct{ Inspector, Object string }

// Team is who visits an object. Without enough candidates it is Unstaffed and
// has no members: a higher office decides, nobody picks by hand.
type Team struct {
	Object    string
	Members   []string
	Unstaffed bool
}

// InspectorKey is the key of all inspector tickets of one draw.
func InspectorKey(seed Hash, drawNo string) Hash { return mac(seed[:], "insp", drawNo) }

// InspectorTicket is the ticket of one inspector for one object.
func InspectorTicket(key Hash, object, inspector string) Hash {
	return mac(key[:], object, inspector)
}

// Staff gives each visit, in the order given, the size candidates with the
// smallest tickets. An inspector is a candidate if he is available, holds what
// is needed, serves the area, has no conflict and is below his load.
//
// Tickets belong to the pair, so taking a person away changes only what that
// person had, unless it frees or fills someone's load.
func Staff(seed Hash, drawNo string, visits []Visit, people []Inspector, conflicts map[Conflict]bool, size int) ([]Team, error) {
	if err := checkPeople(drawNo, visits, people, size); err != nil {
		return nil, err
	}
	return newStaffing(InspectorKey(seed, drawNo), people, conflicts).assign(visits, size), nil
}

func checkPeople(drawNo string, visits []Visit, people []Inspector, size int) error {
	if strings.Contains(drawNo, "\x00") {
		return refuse("draw_no", drawNo, "nul")
	}
	if size < 1 {
		return refuse("team", "", "range")
	}
	seen := map[string]bool{}
	for _, p := range people {
		if err := checkName("inspector", p.No, seen); err != nil {
			return err
		}
	}
	clear(seen)
	for _, v := range visits {
		if err := checkName("object", v.Object, seen); err != nil {
			return err
		}
	}
	return nil
}

func checkName(field, name string, seen map[string]bool) error {
	switch {
	case name == "":
		return refuse(field, name, "empty")
	case strings.Contains(name, "\x00"):
		return refuse(field, name, "nul")
	case seen[name]:
		return refuse(field, name, "twice")
	}
	seen[name] = true
	return nil
}
