package view

// Jobs is what runs by itself.
type Jobs struct {
	Admin
	Rows   []JobRow
	Failed []FailedRow
	Full   bool // there are more than Limit
	Limit  int
}

// JobRow is one of them with its last run.
type JobRow struct {
	Name, Label, About, Every string
	Last, Took, Done          string
	Why                       string // of the last run; "" = it went well
	Mended                    string // when it last failed before that
}

// FailedRow is work that was given up.
type FailedRow struct {
	ID, What, Of, On, Why string
	Tries                 int
}

// Years are the years by which deadlines are counted.
type Years struct {
	Admin
	Rows    []YearRow
	Missing string // a year that comes and has no notice yet
}

// YearRow is one year.
type YearRow struct {
	Year, By, Href string
	Source         Link
	Final          bool
	Off, Worked    int
	Days           []Pair
}

// NewYears is a notice before it is entered: what it would move.
type NewYears struct {
	Admin
	Rows           []YearRow
	Moves          []MovedRow
	Moved, Earlier int
	Seen           string
	Revises        bool
	Locked         string
}

// MovedRow is a deadline that would move.
type MovedRow struct{ Clock, Kind, Number, Area, Was, To string }

// BackupState is what is known of the last backup.
type BackupState struct {
	Admin
	Warn  string
	Facts []Pair
}

// Lint is what the check of the catalogue says.
type Lint struct {
	Admin
	Overlay  string
	Problems []string
	Counts   []Pair
}
