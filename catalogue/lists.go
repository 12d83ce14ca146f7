package catalogue

import (
	"bytes"
	"cmp"
	"encoding/csv"
	"fmt"
	"maps"
	"path"
	"slices"
	"strconv"
	"strings"

	"github.com/dinghai/dinghai/domain"
)

func (c *Catalogue) parseList(p string) {
	l := &List{}
	if !c.decode(p, l) {
		return
	}
	l.File = p
	if l.CSV != "" {
		c.parseListCSV(l)
	}
	l.index = make(map[string]*Item, len(l.Items))
	for _, it := range l.Items {
		if l.index[it.Code] != nil {
			c.problem(p, "$.items", "code "+it.Code+" stands twice in list "+l.List)
		}
		l.index[it.Code] = it
	}
	if c.Lists[l.List] != nil {
		c.problem(p, "$.list", "list "+l.List+" is defined twice")
	}
	c.Lists[l.List] = l
}

func (c *Catalogue) parseListCSV(l *List) {
	file := path.Join(path.Dir(l.File), l.CSV)
	rows, err := csv.NewReader(bytes.NewReader(c.files[file])).ReadAll()
	if err != nil || len(rows) < 2 {
		c.problem(l.File, "$.csv", "cannot read "+file)
		return
	}
	for _, r := range rows[1:] {
		it := &Item{Code: r[0], ZH: r[1]}
		if len(r) > 2 {
			it.Parent = r[2]
		}
		if len(r) > 3 {
			it.EN = r[3]
		}
		l.Items = append(l.Items, it)
	}
}

// addZones keeps zones, and as the code list zone: fields name them like any
// other code.
func (c *Catalogue) addZones(p string, zones []*Zone) {
	if len(zones) == 0 {
		return
	}
	l := c.Lists[zoneList]
	if l == nil {
		l = &List{List: zoneList, Label: Text{ZH: "功能区和自贸片区", EN: "Functional districts and free-trade areas"}, File: p, index: map[string]*Item{}}
		c.Lists[zoneList] = l
	}
	for i, z := range zones {
		if c.Zones[z.Zone] != nil {
			c.problem(p, fmt.Sprintf("$.zones[%d]", i), "zone "+z.Zone+" stands twice")
		}
		it := &Item{Code: z.Zone, ZH: z.ZH, EN: z.EN}
		c.Zones[z.Zone], l.index[z.Zone] = z, it
		l.Items = append(l.Items, it)
	}
}

const zoneList = "zone"

// parseAreas reads areas.csv: code,zh,pinyin,level,parent,home,ftz.
func (c *Catalogue) parseAreas() {
	for p, b := range c.files {
		if path.Base(p) != "areas.csv" {
			continue
		}
		rows, err := csv.NewReader(bytes.NewReader(b)).ReadAll()
		if err != nil {
			c.problem(p, "", err.Error())
			return
		}
		for _, r := range rows[1:] {
			home, _ := strconv.Atoi(r[5])
			c.Areas[r[0]] = &Area{Code: r[0], ZH: r[1], Pinyin: r[2], Level: r[3], Parent: r[4], Home: home,
				FTZ: strings.EqualFold(r[6], "true") || r[6] == "1"}
			if r[3] == "city" && c.city == nil {
				c.city = c.Areas[r[0]]
			}
		}
	}
}

// listRoles makes the roles a code list, so that a grant's role is a field like
// any other. Its attributes are kind and decides.
func (c *Catalogue) listRoles() {
	if c.Lists["role"] != nil {
		return
	}
	l := &List{List: "role", Label: Text{ZH: "角色", EN: "Role"}, EN: "given", index: map[string]*Item{}}
	for _, r := range c.RoleList() {
		it := &Item{Code: r.Role, ZH: r.ZH, EN: r.EN, Attr: map[string]string{"kind": r.Kind}}
		if r.Decides {
			it.Attr["decides"] = "yes"
		}
		l.Items = append(l.Items, it)
		l.index[it.Code] = it
	}
	c.Lists[l.List] = l
}

// City is the area the whole bureau lies in; nil when no area has that level.
func (c *Catalogue) City() *Area { return c.city }

// Label gives the wording of a code; the code itself when it is unknown.
func (c *Catalogue) Label(list, code, lang string) string {
	l := c.Lists[list]
	if l == nil {
		return code
	}
	it := l.Find(code)
	if it == nil {
		return code
	}
	if lang == "en" && it.EN != "" {
		return it.EN
	}
	return it.ZH
}

// Attr gives an attribute of a code, "" when there is none.
func (c *Catalogue) Attr(list, code, name string) string {
	l := c.Lists[list]
	if l == nil {
		return ""
	}
	it := l.Find(code)
	if it == nil {
		return ""
	}
	if name == "parent" {
		return it.Parent
	}
	return it.Attr[name]
}

// AreaPath names an area from county down: 定海区 · 昌国街道.
func (c *Catalogue) AreaPath(code, lang string) string {
	a := c.Areas[code]
	if a == nil {
		return code
	}
	name := a.ZH
	if lang == "en" && a.Pinyin != "" {
		name = a.Pinyin
	}
	if p := c.Areas[a.Parent]; p != nil && p.Level != "city" {
		return c.AreaPath(a.Parent, lang) + " · " + name
	}
	return name
}

// HomeOf is the home of records registered in an area.
func (c *Catalogue) HomeOf(area string) int {
	for code := area; code != ""; {
		a := c.Areas[code]
		if a == nil {
			break
		}
		if a.Home != 0 {
			return a.Home
		}
		code = a.Parent
	}
	return 0
}

// OrganList lists the organs by code.
func (c *Catalogue) OrganList() []*Organ { return byName(c.Organs) }

// TriggerList lists the items by code.
func (c *Catalogue) TriggerList() []*Trigger { return byName(c.Triggers) }

// ClockList lists the clock rules by code.
func (c *Catalogue) ClockList() []*ClockRule { return byName(c.Clocks) }

// IndicatorList lists the indicators by name.
func (c *Catalogue) IndicatorList() []*Indicator { return byName(c.Indicators) }

// ListList lists the code lists by name.
func (c *Catalogue) ListList() []*List { return byName(c.Lists) }

// RoleList lists the roles by name.
func (c *Catalogue) RoleList() []*Role { return byName(c.Roles) }

func byName[T any](m map[string]*T) []*T {
	out := make([]*T, 0, len(m))
	for _, n := range sortedKeys(m) {
		out = append(out, m[n])
	}
	return out
}

// AreaList lists the areas from the largest to the smallest, each level by code.
func (c *Catalogue) AreaList() []*Area { return c.areaList }

// listAreas orders the areas once.
func (c *Catalogue) listAreas() {
	c.areaList = slices.SortedFunc(maps.Values(c.Areas), func(a, b *Area) int {
		return cmp.Or(cmp.Compare(len(domain.TrimArea(a.Code)), len(domain.TrimArea(b.Code))), strings.Compare(a.Code, b.Code))
	})
}
