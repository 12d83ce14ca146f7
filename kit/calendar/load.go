package calendar

import (
	"fmt"
	"maps"
	"slices"

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
	list, err := ParseYears(r)
	if err != nil {
		return nil, err
	}
	return New(list...)
}

// ParseYears reads the years of a calendar file, in order, without checking
// their days.
func ParseYears(r []byte) ([]Year, error) {
	var file struct {
		Years map[int]fileYear `yaml:"years"`
	}
	if err := decode(r, &file); err != nil {
		return nil, fmt.Errorf("calendar: read: %w", err)
	}
	var out []Year
	for _, y := range slices.Sorted(maps.Keys(file.Years)) {
		fy := file.Years[y]
		if fy.Status == "" {
			return nil, &LoadError{Year: y, Reason: "status"}
		}
		n := Year{Year: y, Final: fy.Status == "announced", Source: fy.Source}
		for _, fd := range fy.DaysOff {
			n.Days = append(n.Days, Day{Date: Date(fd.Date), Kind: Holiday, Name: fd.Name})
		}
		for _, fd := range fy.Makeup {
			n.Days = append(n.Days, Day{Date: Date(fd.Date), Kind: Makeup, Name: fd.Name})
		}
		out = append(out, n)
	}
	return out, nil
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

func (c *set) addYear(y Year) error {
	if y.Year < minYear || y.Year > maxYear {
		return &LoadError{Year: y.Year, Reason: "year"}
	}
	c.years[y.Year] = y
	for _, d := range y.Days {
		if err := c.addDay(y.Year, d); err != nil {
			return err
		}
	}
	return nil
}

func (c *set) addDay(y int, d Day) error {
	bad := func(reason string) error {
		return &LoadError{Year: y, Date: string(d.Date), Reason: reason}
	}
	if _, err := ParseDate(string(d.Date)); err != nil {
		return bad("date")
	}
	if dy := d.Date.Year() - y; dy < -1 || dy > 1 {
		return bad("far")
	}
	day := d.Date.day()
	if _, twice := c.named[day]; twice {
		return bad("twice")
	}
	if d.Kind == Makeup && plainWorkday(day) {
		return bad("weekday")
	}
	c.named[day] = d
	return nil
}
