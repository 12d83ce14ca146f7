package inspection

import (
	"cmp"
	"encoding/hex"
	"fmt"
	"slices"

	"github.com/dinghai/dinghai/domain"
	"github.com/dinghai/dinghai/engine"
	"github.com/dinghai/dinghai/kit/draw"
)

// change is a replacement at work on the task's rows.
type change struct {
	in    engine.HookInput
	t     task
	seed  draw.Hash
	drawn []map[string]any
	at    int // index of the row concerned
	live  map[string]*domain.Record
	staff map[string]bool // the frozen list
}

func changeOf(in engine.HookInput) (*change, error) {
	f := in.Record.Fields
	c := &change{in: in, t: taskOf(in.Record), drawn: rows(f, "drawn"), live: map[string]*domain.Record{}, staff: map[string]bool{}}
	seed, err := hex.DecodeString(text(f, "seed"))
	if err != nil || len(seed) != len(c.seed) {
		return nil, refuse("not_drawn", "任务尚未抽取", "the task has not been drawn")
	}
	copy(c.seed[:], seed)
	for _, r := range in.Pools["inspectors"] {
		c.live[text(r.Fields, "cert_no")] = r
	}
	people, err := parsePeople(text(f, "staff"))
	if err != nil {
		return nil, err
	}
	for _, p := range people {
		c.staff[p.no] = true
	}
	id := text(f, "out_object")
	c.at = slices.IndexFunc(c.drawn, func(r map[string]any) bool { return text(r, "object_id") == id && text(r, "out") == "" })
	if c.at < 0 {
		return nil, refuse("not_in_draw", "该对象不在本次抽取结果中或者已经换出", "that object is not in the draw, or was replaced already")
	}
	return c, nil
}

// replaceObject lets the next ticket of the same stratum stand in.
func replaceObject(in engine.HookInput) (engine.HookOutput, error) {
	c, err := changeOf(in)
	if err != nil {
		return engine.HookOutput{}, err
	}
	reserve := rows(in.Record.Fields, "reserve")
	old := c.drawn[c.at]
	i := slices.IndexFunc(reserve, func(r map[string]any) bool { return text(r, "stratum") == text(old, "stratum") })
	if i < 0 {
		return engine.HookOutput{}, refuse("reserve_used_up", "该分层的备选对象已经用完", "the reserve of this stratum is used up")
	}
	next := reserve[i]
	old["out"] = text(in.Input, "ground")
	for _, d := range c.t.departments {
		c.fill(next, d, c.t.team)
	}
	c.drawn = append(c.drawn, next)
	log := append(rows(in.Record.Fields, "replaced"), map[string]any{"day": string(in.On), "what": "object", "object_id": text(old, "object_id"),
		"went": text(old, "object_id"), "came": text(next, "object_id"), "ground": text(in.Input, "ground"), "ticket": text(next, "ticket")})
	return engine.HookOutput{Set: map[string]any{"drawn": anyRows(c.drawn), "reserve": anyRows(slices.Delete(reserve, i, i+1)),
		"incoming": anyRows([]map[string]any{next}), "unstaffed": int64(c.unstaffed()), "replaced": anyRows(log)}}, nil
}

// replaceMember lets the next inspector tickets stand in for one who steps
// back, or fills a department that was short of people.
func replaceMember(in engine.HookInput) (engine.HookOutput, error) {
	c, err := changeOf(in)
	if err != nil {
		return engine.HookOutput{}, err
	}
	row, out := c.drawn[c.at], text(in.Input, "out")
	department, err := c.department(row, out)
	if err != nil {
		return engine.HookOutput{}, err
	}
	team := texts(row, "team")
	need := c.t.team - len(c.ofDepartment(team, department))
	if out != "" {
		row["team"] = anyTexts(without(team, out))
		need = 1
	}
	log := rows(in.Record.Fields, "replaced")
	came := c.fill(row, department, need, append(gone(log, text(row, "object_id")), out)...)
	if out == "" && len(came) == 0 {
		return engine.HookOutput{}, refuse("nobody_left", "没有可以补派的人员，请报请上级从更大辖区补派", "nobody is left to fill the team; ask the upper bureau for a wider area")
	}
	log = append(log, c.entries(row, out, came)...)
	return engine.HookOutput{Set: map[string]any{"drawn": anyRows(c.drawn), "new_team": row["team"], "new_short": row["short_of"],
		"unstaffed": int64(c.unstaffed()), "replaced": anyRows(log)}}, nil
}

// department is whose team changes.
func (c *change) department(row map[string]any, out string) (string, error) {
	if out == "" {
		d := text(c.in.Input, "department")
		if !slices.Contains(texts(row, "short_of"), d) {
			return "", refuse("not_short", "该部门人员并不缺少", "that department is not short of people")
		}
		return d, nil
	}
	if !slices.Contains(texts(row, "team"), out) {
		return "", refuse("not_in_team", "该证号不在检查人员之中", "that certificate is not in the team")
	}
	people, err := parsePeople(text(c.in.Record.Fields, "staff"))
	for _, p := range people {
		if p.no == out {
			return p.department, nil
		}
	}
	if r := c.live[out]; r != nil {
		return text(r.Fields, "department"), nil
	}
	return "", cmp.Or(err, refuse("not_in_team", "没有找到该证号的部门", "the department of that certificate is unknown"))
}

// fill adds the n candidates with the smallest tickets to a row's team and
// notes whether the department is still short. It returns who came.
func (c *change) fill(row map[string]any, department string, n int, barred ...string) []string {
	found := c.candidates(row, department, barred)
	came := found[:min(n, len(found))]
	row["team"] = append(slices.Clone(anyTexts(texts(row, "team"))), anyTexts(came)...)
	short := without(texts(row, "short_of"), department)
	if len(came) < n {
		short = append(short, department)
	}
	row["short_of"] = anyTexts(short)
	return came
}

// candidates are the inspectors of a department that may visit the object, by
// ticket. From a wider area also those who were not in the frozen list.
func (c *change) candidates(row map[string]any, department string, barred []string) []string {
	id, load := text(row, "object_id"), c.load()
	key := draw.InspectorKey(c.seed, c.t.no)
	need, wider := c.t.fields(department, c.in.Lists), text(c.in.Input, "from_area") != ""
	last := text(c.in.Record.Fields, "last_day")
	type candidate struct {
		no     string
		ticket draw.Hash
	}
	var found []candidate
	for no, r := range c.live {
		p := personOf(r)
		switch {
		case r.State != "active" || p.department != department || load[no] >= p.most || text(r.Fields, "cert_until") < last || avoids(r, id):
		case slices.Contains(texts(row, "team"), no) || slices.Contains(barred, no) || !holds(p.domains, need):
		case !wider && (!c.staff[no] || !serves(p.area, text(row, "area"))):
		default:
			found = append(found, candidate{no, draw.InspectorTicket(key, id, no)})
		}
	}
	slices.SortFunc(found, func(a, b candidate) int { return cmp.Or(a.ticket.Compare(b.ticket), cmp.Compare(a.no, b.no)) })
	out := make([]string, len(found))
	for i, f := range found {
		out[i] = f.no
	}
	return out
}

func holds(have, need []string) bool {
	return !slices.ContainsFunc(need, func(n string) bool { return !slices.Contains(have, n) })
}

func serves(mine, object string) bool {
	a, b := county(mine), county(object)
	return a == "" || b == "" || a == b
}

// load counts the visits each inspector has in this task.
func (c *change) load() map[string]int {
	out := map[string]int{}
	for _, r := range c.drawn {
		if text(r, "out") != "" {
			continue
		}
		for _, no := range texts(r, "team") {
			out[no]++
		}
	}
	return out
}

func (c *change) ofDepartment(team []string, department string) []string {
	return slices.DeleteFunc(slices.Clone(team), func(no string) bool {
		r := c.live[no]
		return r == nil || text(r.Fields, "department") != department
	})
}

func (c *change) unstaffed() int {
	n := 0
	for _, r := range c.drawn {
		if text(r, "out") == "" && len(texts(r, "short_of")) > 0 {
			n++
		}
	}
	return n
}

// entries are the lines of the log of replacements: one for each who came, or
// one for who left without anybody coming.
func (c *change) entries(row map[string]any, out string, came []string) []map[string]any {
	line := func(in string) map[string]any {
		e := map[string]any{"day": string(c.in.On), "what": "member", "object_id": text(row, "object_id"), "went": out, "came": in,
			"ground": text(c.in.Input, "ground")}
		if in != "" {
			e["ticket"] = draw.InspectorTicket(draw.InspectorKey(c.seed, c.t.no), text(row, "object_id"), in).String()
		}
		return e
	}
	if len(came) == 0 {
		return []map[string]any{line("")}
	}
	var log []map[string]any
	for _, no := range came {
		log = append(log, line(no))
	}
	return log
}

// gone are those who stepped back from an object: they do not come again.
func gone(log []map[string]any, id string) []string {
	var out []string
	for _, e := range log {
		if text(e, "object_id") == id && text(e, "what") == "member" && text(e, "went") != "" {
			out = append(out, text(e, "went"))
		}
	}
	return out
}

// finish refuses to end a task while one of its checks has no published result.
// It looks at the open checks once instead of being told by each of them: a
// draw over a whole city opens thousands.
func finish(in engine.HookInput) (engine.HookOutput, error) {
	if n := len(in.Pools["checks"]); n > 0 {
		return engine.HookOutput{}, refuse("all_published", fmt.Sprintf("还有%d户检查没有公示结果", n), fmt.Sprintf("%d checks have no published result yet", n))
	}
	return engine.HookOutput{}, nil
}
