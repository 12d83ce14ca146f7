// Package journey runs the acceptance tests of systems: YAML an official can
// read and check. It drives the real engine over a real store with a clock of
// its own, and notes what of the catalogue the journeys covered.
package journey

import (
	"fmt"
	"io/fs"
	"path"
	"strings"

	"github.com/goccy/go-yaml"

	"github.com/dinghai/dinghai/domain"
)

// Journey is one test: what is given, what is done, what then holds.
type Journey struct {
	Title     domain.Text       `yaml:"journey"`
	Now       string            `yaml:"now"`                 // local time, 2023-05-08T09:00
	Authority map[string]string `yaml:"authority,omitempty"` // kind → here | mirror
	Given     []Step            `yaml:"given,omitempty"`
	Steps     []Step            `yaml:"steps"`

	File   string `yaml:"-"`
	System string `yaml:"-"`
}

// Step is one action, a passage of time, or a look at a record.
type Step struct {
	Do       string            `yaml:"do,omitempty"`   // kind.action for opening, action otherwise
	Pass     string            `yaml:"pass,omitempty"` // go on to this date; what lapses lapses
	See      string            `yaml:"see,omitempty"`  // look at a record without acting
	As       string            `yaml:"as,omitempty"`   // name of the opened record
	To       string            `yaml:"to,omitempty"`   // record acted on: a name, or name/role for what it links to
	Of       string            `yaml:"of,omitempty"`
	Role     string            `yaml:"role,omitempty"` // role of the actor; "system" = the platform
	Actor    string            `yaml:"actor,omitempty"`
	Organ    string            `yaml:"organ,omitempty"`
	Area     string            `yaml:"area,omitempty"`
	On       domain.Date       `yaml:"on,omitempty"`
	At       string            `yaml:"at,omitempty"`   // local time of recording, when hours matter
	With     map[string]any    `yaml:"with,omitempty"` // "$name" stands for a record
	Alias    map[string]string `yaml:"alias,omitempty"`
	Key      string            `yaml:"key,omitempty"`
	Reason   string            `yaml:"reason,omitempty"`
	Approver string            `yaml:"approver,omitempty"`
	Opening  bool              `yaml:"opening,omitempty"`
	Refused  domain.Code       `yaml:"refused,omitempty"` // the error expected
	Rule     string            `yaml:"rule,omitempty"`    // and the rule or guard that refuses
	Then     any               `yaml:"then,omitempty"`
	Figures  map[string]string `yaml:"figures,omitempty"` // indicator → "n" or "n/d" over the journey's years so far
}

// Then is what must hold of a record after a step.
type Then struct {
	State  string            `yaml:"state,omitempty"`
	Due    map[string]string `yaml:"due,omitempty"`
	Clocks map[string]string `yaml:"clocks,omitempty"` // running paused met met_late missed lapsed cancelled none
	Fields map[string]any    `yaml:"fields,omitempty"`
	Number *string           `yaml:"number,omitempty"`
	Flags  *[]string         `yaml:"flags,omitempty"`
	Papers []string          `yaml:"papers,omitempty"`
	Links  map[string]int    `yaml:"links,omitempty"`
	Tasks  *[]string         `yaml:"tasks,omitempty"`
	Area   string            `yaml:"area,omitempty"`
	Voided *bool             `yaml:"voided,omitempty"`
}

// Load reads all journeys below the systems' folders.
func Load(files fs.FS) ([]*Journey, error) {
	names, err := fs.Glob(files, "*/journeys/*.yaml")
	if err != nil {
		return nil, err
	}
	var out []*Journey
	for _, n := range names {
		b, err := fs.ReadFile(files, n)
		if err != nil {
			return nil, err
		}
		list, err := parse(b)
		if err != nil {
			return nil, fmt.Errorf("%s: %w", n, err)
		}
		for _, j := range list {
			j.File, j.System = path.Base(n), strings.SplitN(n, "/", 2)[0]
			out = append(out, j)
		}
	}
	return out, nil
}

// parse reads one or more YAML documents.
func parse(b []byte) ([]*Journey, error) {
	var out []*Journey
	dec := yaml.NewDecoder(strings.NewReader(string(b)), yaml.Strict())
	for {
		j := &Journey{}
		err := dec.Decode(j)
		if err != nil && strings.Contains(err.Error(), "EOF") {
			return out, nil
		}
		if err != nil {
			return nil, err
		}
		if len(j.Steps) > 0 {
			out = append(out, j)
		}
	}
}

// then decodes an expectation of a step.
func then(v any) (*Then, error) {
	b, err := yaml.Marshal(v)
	if err != nil {
		return nil, err
	}
	t := &Then{}
	return t, yaml.UnmarshalWithOptions(b, t, yaml.Strict())
}
