package catalogue

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"io/fs"
	"path"
	"sort"
	"strings"
	"sync"

	"go.yaml.in/yaml/v3"

	"github.com/dinghai/dinghai/catalogue/expr"
	"github.com/dinghai/dinghai/kit/calendar"
)

// Catalogue is the checked whole. It does not change after Load.
type Catalogue struct {
	Kinds      map[string]*Kind
	Clocks     map[string]*ClockRule
	Lists      map[string]*List
	Roles      map[string]*Role
	Organs     map[string]*Organ
	Areas      map[string]*Area
	Zones      map[string]*Zone
	Indicators map[string]*Indicator
	Triggers   map[string]*Trigger
	Papers     map[string]*PaperKind
	Systems    []*System
	Calendar   *calendar.Calendar
	Expr       *expr.Compiler
	Hash       string // of all content

	city      *Area
	seen      sync.Map // role → kinds it sees
	kindNames []string
	areaList  []*Area
	laws      map[string]string   // English names of what is cited
	emits     map[string][]string // event type → kinds that emit it
	files     map[string][]byte
	trees     map[string]*yaml.Node    // parsed again to find the lines of mistakes
	versions  map[string]map[int]*Kind // earlier versions, by name
	problems  *Problems
}

// System is one folder under systems/.
type System struct {
	System string `yaml:"system"`
	Label  Text   `yaml:"label"`
	About  Text   `yaml:"about,omitempty"`
	Order  int    `yaml:"order,omitempty"`
}

// PaperKind is an official document: what it is called and what data it shows.
type PaperKind struct {
	Paper  string   `yaml:"paper"`
	Label  Text     `yaml:"label"`
	Form   string   `yaml:"form,omitempty"`   // number of the official form
	Number *Number  `yaml:"number,omitempty"` // series it is numbered in
	Fields []*Field `yaml:"fields,omitempty"`
	Law    string   `yaml:"law,omitempty"`

	System string `yaml:"-"`
	File   string `yaml:"-"`
	place  string // path in the file
}

// Problem is one mistake in the catalogue.
type Problem struct {
	File string
	Line int
	Text string
}

// String gives file:line: text.
func (p Problem) String() string { return fmt.Sprintf("%s:%d: %s", p.File, p.Line, p.Text) }

// Problems is an error listing every mistake found.
type Problems struct{ List []Problem }

// Error lists all problems, one a line.
func (p *Problems) Error() string {
	lines := make([]string, len(p.List))
	for i, x := range p.List {
		lines[i] = x.String()
	}
	return strings.Join(lines, "\n")
}

// Load reads and links the catalogue from layers of folders: later layers add
// files or replace those of the same path. Structural mistakes are reported at
// once; Check finds the rest.
func Load(layers ...fs.FS) (*Catalogue, error) {
	c := &Catalogue{
		Kinds: map[string]*Kind{}, Clocks: map[string]*ClockRule{}, Lists: map[string]*List{},
		Roles: map[string]*Role{}, Organs: map[string]*Organ{}, Areas: map[string]*Area{}, Zones: map[string]*Zone{},
		Indicators: map[string]*Indicator{}, Triggers: map[string]*Trigger{}, Papers: map[string]*PaperKind{},
		laws: map[string]string{}, emits: map[string][]string{}, versions: map[string]map[int]*Kind{}, files: map[string][]byte{}, trees: map[string]*yaml.Node{}, problems: &Problems{},
	}
	for _, l := range layers {
		if err := c.readFiles(l); err != nil {
			return nil, err
		}
	}
	c.Hash = c.hash()
	c.parse()
	if len(c.problems.List) > 0 {
		return nil, c.problems
	}
	if err := c.link(); err != nil {
		return nil, err
	}
	if len(c.problems.List) > 0 {
		return nil, c.problems
	}
	return c, nil
}

func (c *Catalogue) readFiles(l fs.FS) error {
	return fs.WalkDir(l, ".", func(p string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		switch path.Ext(p) {
		case ".yaml", ".csv":
			b, err := fs.ReadFile(l, p)
			c.files[p] = b
			return err
		}
		return nil
	})
}

func (c *Catalogue) hash() string {
	h := sha256.New()
	for _, p := range sortedKeys(c.files) {
		fmt.Fprintf(h, "%s\x00%d\x00", p, len(c.files[p]))
		h.Write(c.files[p])
	}
	return hex.EncodeToString(h.Sum(nil))
}

// parse decodes each file by its place: the folder says what it holds.
func (c *Catalogue) parse() {
	for _, p := range sortedKeys(c.files) {
		if path.Ext(p) != ".yaml" {
			continue
		}
		parts := strings.Split(p, "/")
		if len(parts) < 2 {
			c.problem(p, "", "a catalogue file belongs into the folder of a system")
			continue
		}
		c.parseFile(p, parts[0], parts[1:])
	}
}

func (c *Catalogue) parseFile(p, system string, rest []string) {
	folder := ""
	if len(rest) > 1 {
		folder = rest[0]
	}
	switch {
	case folder == "subjects" || folder == "matters":
		c.parseKind(p, system, folder)
	case folder == "lists":
		c.parseList(p)
	case folder == "clocks" || rest[0] == "clocks.yaml":
		c.parseClocks(p)
	case folder == "calendar":
		c.parseCalendar(p)
	case folder == "journeys", folder == "testdata":
		// read by the journey runner
	case rest[0] == "system.yaml":
		c.parseSystem(p, system)
	case rest[0] == "indicators.yaml":
		c.parseIndicators(p, system)
	case rest[0] == "triggers.yaml":
		c.parseTriggers(p, system)
	case rest[0] == "papers.yaml":
		c.parsePapers(p, system)
	case rest[0] == "laws.yaml":
		c.parseLaws(p)
	case rest[0] == "roles.yaml", rest[0] == "organs.yaml", rest[0] == "zones.yaml":
		c.parsePeople(p)
	default:
		c.problem(p, "", "no place in the catalogue for a file of this name")
	}
}

// decode reads strict YAML: unknown keys and wrong types are mistakes.
func (c *Catalogue) decode(p string, into any) (ok bool) {
	bad := strict(p, c.files[p], into)
	c.problems.List = append(c.problems.List, bad...)
	return len(bad) == 0
}

func (c *Catalogue) parseKind(p, system, folder string) {
	k := &Kind{}
	if !c.decode(p, k) {
		return
	}
	k.System, k.File, k.Name = system, p, system+"."+k.Kind
	k.Hash = contentHash(c.files[p])
	want := map[string]string{"subjects": "subject", "matters": "case"}[folder]
	if k.Class == "" {
		k.Class = want
	}
	if k.Class != want {
		c.problem(p, "$.class", "a file under "+folder+" has class "+want)
	}
	if c.Kinds[k.Name] != nil {
		c.problem(p, "$.kind", "kind "+k.Name+" is defined twice")
	}
	c.Kinds[k.Name] = k
	c.kindNames = append(c.kindNames, k.Name)
}

func (c *Catalogue) parseClocks(p string) {
	var doc struct {
		Clocks []*ClockRule `yaml:"clocks"`
	}
	if !c.decode(p, &doc) {
		return
	}
	for i, r := range doc.Clocks {
		r.File, r.place = p, fmt.Sprintf("$.clocks[%d]", i)
		for j, v := range r.Rules {
			v.place = fmt.Sprintf("%s.rules[%d]", r.place, j)
		}
		if c.Clocks[r.Clock] != nil {
			c.problem(p, fmt.Sprintf("$.clocks[%d].clock", i), "clock "+r.Clock+" is defined twice")
		}
		sort.SliceStable(r.Rules, func(a, b int) bool { return r.Rules[a].From < r.Rules[b].From })
		c.Clocks[r.Clock] = r
	}
}

func (c *Catalogue) parseCalendar(p string) {
	cal, err := calendar.Load(c.files[p])
	if err != nil {
		c.problem(p, "", err.Error())
		return
	}
	c.Calendar = cal
}

func (c *Catalogue) parseSystem(p, system string) {
	s := &System{}
	if c.decode(p, s) {
		s.System = system
		c.Systems = append(c.Systems, s)
		sort.SliceStable(c.Systems, func(a, b int) bool { return c.Systems[a].Order < c.Systems[b].Order })
	}
}

func (c *Catalogue) parseIndicators(p, system string) {
	var doc struct {
		Indicators []*Indicator `yaml:"indicators"`
	}
	if !c.decode(p, &doc) {
		return
	}
	for i, x := range doc.Indicators {
		x.System, x.File, x.place = system, p, fmt.Sprintf("$.indicators[%d]", i)
		b, _ := yaml.Marshal(x)
		x.Hash = contentHash(b)
		if c.Indicators[x.Indicator] != nil {
			c.problem(p, fmt.Sprintf("$.indicators[%d].indicator", i), "indicator "+x.Indicator+" is defined twice")
		}
		c.Indicators[x.Indicator] = x
	}
}

func (c *Catalogue) parseTriggers(p, system string) {
	var doc struct {
		Triggers []*Trigger `yaml:"triggers"`
	}
	if !c.decode(p, &doc) {
		return
	}
	for i, x := range doc.Triggers {
		x.System, x.File, x.place = system, p, fmt.Sprintf("$.triggers[%d]", i)
		if c.Triggers[x.Trigger] != nil {
			c.problem(p, fmt.Sprintf("$.triggers[%d].trigger", i), "item "+x.Trigger+" is defined twice")
		}
		c.Triggers[x.Trigger] = x
	}
}

func (c *Catalogue) parsePapers(p, system string) {
	var doc struct {
		Papers []*PaperKind `yaml:"papers"`
	}
	if !c.decode(p, &doc) {
		return
	}
	for i, x := range doc.Papers {
		x.System, x.File, x.place = system, p, fmt.Sprintf("$.papers[%d]", i)
		if c.Papers[x.Paper] != nil {
			c.problem(p, fmt.Sprintf("$.papers[%d].paper", i), "paper "+x.Paper+" is defined twice")
		}
		c.Papers[x.Paper] = x
	}
}

func (c *Catalogue) parsePeople(p string) {
	var doc struct {
		Roles  []*Role  `yaml:"roles"`
		Organs []*Organ `yaml:"organs"`
		Zones  []*Zone  `yaml:"zones"`
	}
	if !c.decode(p, &doc) {
		return
	}
	for _, r := range doc.Roles {
		c.Roles[r.Role] = r
	}
	for _, o := range doc.Organs {
		c.Organs[o.Organ] = o
	}
	c.addZones(p, doc.Zones)
}

func contentHash(b []byte) string {
	s := sha256.Sum256(b)
	return hex.EncodeToString(s[:12])
}

func sortedKeys[V any](m map[string]V) []string {
	keys := make([]string, 0, len(m))
	for k := range m {
		keys = append(keys, k)
	}
	sort.Strings(keys)
	return keys
}
