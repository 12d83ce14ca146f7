package view

import "strconv"

// Calendar is a month with how much falls due on each day.
type Calendar struct {
	Month, Prev, Next, Area, AreaName, Day string
	Days                                   []CalendarDay // from a Monday on; empty ones before the first
	Total                                  int
	Chips                                  []Link
	Kinds                                  []Option
	Rows                                   []DueRow // of the day chosen
	Pager                                  Pager
}

// CalendarDay is one day of the grid.
type CalendarDay struct {
	Day, Href        string
	Count            int
	Off, Today, Late bool
}

// DueRow is one statutory date with its record.
type DueRow struct {
	Link
	Number, Kind, Clock, State, Area, Officer, Day string
	Subject                                        Link
	Due                                            *Due
	Missed                                         bool // falls due before the next boat
}

// Trip is everything due on one island until the next boat.
type Trip struct {
	Area, AreaName, Day, Next string
	Stops                     []*Stop
	Total, Missed, Late, More int
}

// Stop is one subject to visit with all that is due there.
type Stop struct {
	Link
	Area string
	Rows []DueRow
}

// Cockpit is the director's page.
type Cockpit struct {
	Form         Ask
	Period, Area string
	AreaCode     string
	Tiles        []Tile
	Shown        Link  // the figure on the map
	Choices      []Tab // figures that can be shown on it
	Counties     []CountyFigure
	Late, Soon   string
	Next         []DueRow
	Load         []Load
	Shapes       []Shape
	Approval     string // number under which the bureau's own map may be shown
}

// CountyFigure is one county's value on the map and in its table.
type CountyFigure struct {
	Code, Name, Value, Unit, Href string
	Raw                           float64
	Step                          int // 1 to 5, of one hue
}

// Load is how many open tasks an officer has.
type Load struct {
	Name       string
	Open, Late int
	Nobody     bool
}

// Shape is the drawing of one area: paths, and where its name stands.
type Shape struct {
	Code  string
	Paths []string
	X, Y  int
}

// schematic is our own simple drawing of the counties of the archipelago: where
// they lie to one another, not their coast.
var schematic = []Shape{
	{Code: "330902", Paths: []string{"M40 250 q10 -42 62 -46 q58 -10 86 16 q22 24 6 56 q-18 34 -72 32 q-62 4 -82 -58z", "M52 330 q20 -18 40 -4 q10 20 -12 26 q-30 4 -28 -22z", "M14 214 q14 -14 28 -4 q4 16 -12 20 q-18 0 -16 -16z"}, X: 116, Y: 258},
	{Code: "330903", Paths: []string{"M206 238 q26 -26 60 -10 q34 16 26 50 q-10 30 -46 26 q-44 -4 -46 -34 q-4 -18 6 -32z", "M300 210 q16 -12 28 2 q8 20 -10 28 q-24 0 -18 -30z", "M262 330 q30 -18 62 0 q16 26 -14 38 q-44 10 -52 -18 q-4 -12 4 -20z", "M342 268 q14 -10 24 4 q4 16 -12 20 q-18 -4 -12 -24z"}, X: 248, Y: 270},
	{Code: "330921", Paths: []string{"M120 140 q28 -30 78 -18 q40 12 32 38 q-14 28 -66 24 q-56 -6 -44 -44z", "M236 104 q24 -16 52 0 q12 20 -10 32 q-38 8 -46 -10 q-4 -12 4 -22z", "M74 112 q16 -14 30 0 q4 18 -14 20 q-20 0 -16 -20z"}, X: 172, Y: 158},
	{Code: "330922", Paths: []string{"M236 44 q26 -20 56 -4 q16 20 -8 32 q-38 8 -50 -8 q-4 -10 2 -20z", "M316 40 q18 -12 34 2 q6 18 -14 22 q-24 0 -20 -24z", "M366 62 q12 -8 22 4 q2 14 -12 16 q-14 -4 -10 -20z", "M170 56 q14 -10 28 0 q4 16 -12 18 q-18 0 -16 -18z"}, X: 264, Y: 62},
}

// drawn are the shapes of a cockpit: the bureau's own, else ours.
func (c *Cockpit) drawn() []Shape {
	if len(c.Shapes) > 0 {
		return c.Shapes
	}
	return schematic
}

// mapped is whether every county of the cockpit has a shape.
func (c *Cockpit) mapped() bool {
	n := 0
	for _, f := range c.Counties {
		for _, s := range c.drawn() {
			if s.Code == f.Code {
				n++
			}
		}
	}
	return n == len(c.Counties) && n > 0
}

func (c *Cockpit) shape(code string) Shape {
	for _, s := range c.drawn() {
		if s.Code == code {
			return s
		}
	}
	return Shape{}
}

func plain(n int) string { return strconv.Itoa(n) }
