package calendar

import (
	"fmt"

	"github.com/goccy/go-yaml"
)

// A LoadError tells which entry of a calendar file is wrong.
type LoadError struct {
	Year   int
	Date   string
	Reason string // "date", "far", "twice", "weekday", "year", "status"
}

func (e *LoadError) Error() string {
	return fmt.Sprintf("calendar: year %d: %q: bad %s", e.Year, e.Date, e.Reason)
}

type fileYear struct {
	Status  string    `yaml:"status"`
	Source  string    `yaml:"source"`
	DaysOff []fileDay `yaml:"days_off"`
	Makeup  []fileDay `yaml:"make_up_workdays"`
}

type fileDay struct {
	Date string `yaml:"date"`
	Name string `yaml:"name"`
}

// The bounds keep a mistyped year from asking for a table of millennia.
const minYear, maxYear = 1949, 2199

// Load reads a calendar file:
//
//	years:
//	  2023:
//	    status: announced      # any other value: not final
//	    source: where the days come from
//	    days_off: [{date: 2022-12-31, name: 元旦}]
//	    make_up_workdays: [{date: 2023-01-28, name: 春节}]
//
// A year's notice may name days of the neighbouring years. Other keys are left
// alone. The same day twice, or a make-up day that is not a weekend day, is an
// error, because one of the two entries must be wrong.
func Load(r []byte) (*Calendar, error) {
	var file struct {
		Years map[int]fileYear `yaml:"years"`
	}
	if err := decode(r, &file); err != nil {
		return nil, fmt.Errorf("calendar: read: %w", err)
	}
	c := &Calendar{years: make(map[int]year, len(file.Years)), named: map[int]Day{}}
	for y, fy := range file.Years {
		if err := c.addYear(y, fy); err != nil {
			return nil, err
		}
	}
	c.build()
	return c, nil
}

// decode turns a panic of the YAML package into an error. It panics on some
// malformed lists, and a calendar may be uploaded by hand.
func decode(b []byte, v any) (err error) {
	defer func() {
		if p := recover(); p != nil {
			err = fmt.Errorf("malformed YAML: %v", p)
		}
	}()
	return yaml.Unmarshal(b, v)
}

func (c *Calendar) addYear(y int, fy fileYear) error {
	if y < minYear || y > maxYear {
		return &LoadError{Year: y, Reason: "year"}
	}
	if fy.Status == "" {
		return &LoadError{Year: y, Reason: "status"}
	}
	c.years[y] = year{final: fy.Status == "announced", source: fy.Source}
	for _, fd := range fy.DaysOff {
		if err := c.addDay(y, fd, Holiday); err != nil {
			return err
		}
	}
	for _, fd := range fy.Makeup {
		if err := c.addDay(y, fd, Makeup); err != nil {
			return err
		}
	}
	return nil
}

func (c *Calendar) addDay(y int, fd fileDay, kind Kind) error {
	bad := func(reason string) error {
		return &LoadError{Year: y, Date: fd.Date, Reason: reason}
	}
	d, err := ParseDate(fd.Date)
	if err != nil {
		return bad("date")
	}
	if dy := d.Year() - y; dy < -1 || dy > 1 {
		return bad("far")
	}
	day := d.day()
	if _, twice := c.named[day]; twice {
		return bad("twice")
	}
	if kind == Makeup && plainWorkday(day) {
		return bad("weekday")
	}
	c.named[day] = Day{Date: d, Kind: kind, Name: fd.Name}
	return nil
}
