package view

// Replay is what a watched item would have met in the past.
type Replay struct {
	Code, Label, Fires, Where string
	From, To, Looked, Month   string
	Hits, Subjects, Unseen    int
	Rows                      []Row
}
