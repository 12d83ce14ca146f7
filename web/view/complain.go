package view

import "net/url"

// Complain is one step of the public road: who, what happened, who you are.
type Complain struct {
	Step         int
	Values       url.Values
	Key          string
	Problems     map[string][]string
	Top          []Link
	Demands      []Option
	Found        []Option
	MoreFound    int // that the list does not show
	Searched     bool
	Shop         string // name of the business chosen
	AreaText     string
	Help, Report bool // what is wanted
}

// carried are the answers of the other steps, kept in the form itself.
func (c *Complain) carried() [][2]string {
	own := map[int][]string{1: {"want_help", "want_report", "shop", "trader", "address", "area", "q"},
		2: {"happened_on", "goods", "amount", "demand", "facts", "evidence", "evidence_later"}, 3: {"name", "phone", "email", "publish", "entrust"}}
	var out [][2]string
	for step := 1; step <= 3; step++ {
		if step == c.Step {
			continue
		}
		for _, name := range own[step] {
			for _, v := range c.Values[name] {
				out = append(out, [2]string{name, v})
			}
		}
	}
	return out
}

// Follow is how a complaint or report stands, for the person who filed it.
type Follow struct {
	Code, Kind, Number, State, Plain, Organ, Opened, Sent string
	Ended                                                 string // how it was put away, after what came of it
	New, Unknown                                          bool
	Facts, Due, Trail, Others                             []Pair
	Can                                                   []Can
}
