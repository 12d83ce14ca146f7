package view

// Chain is a subject's whole life on one page.
type Chain struct {
	Title, Kind, Number, State string
	Record                     string // address of the record itself
	On, Known                  string // the days asked for
	Past                       bool
	NotYet                     bool // it did not exist then
	Scene                      string
	Flags                      []string
	Data                       []Datum // as it stood on a past day
	Due                        []DueRow
	Relations                  []Relation
	Scenes                     []Tab
	Points                     []Point
	Total, More, Unseen        int
}

// Point is one event with the record behind it.
type Point struct {
	Event
	Scene, SceneCode string
	Source           Link // empty: the subject itself
}

// Relation is a group of subjects that belong together with this one.
type Relation struct {
	Label string
	Rows  []Related
	More  int
}
