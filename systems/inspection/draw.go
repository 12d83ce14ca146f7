package inspection

import (
	"crypto/sha256"
	"encoding/hex"
	"slices"
	"strings"

	"github.com/dinghai/dinghai/domain"
	"github.com/dinghai/dinghai/engine"
	"github.com/dinghai/dinghai/kit/draw"
)

// frozen is what a draw computes from: the lists as they were written down.
type frozen struct {
	objects   []object
	people    []person
	conflicts map[string]bool // salted pairs
	planHash  string
}

// drawObjects computes the draw from the frozen lists and the published value.
// The registers only lend names and references.
func drawObjects(in engine.HookInput) (engine.HookOutput, error) {
	t := taskOf(in.Record)
	z, err := openLists(in)
	if err != nil {
		return engine.HookOutput{}, err
	}
	salt := text(in.Record.Fields, "salt")
	seed := seedOf(z.planHash, derive(salt, "draw"), text(in.Record.Fields, "randomness"))
	pools := strataOf(z.objects)
	quotas, err := t.quotas(sizesOf(pools), in.Lists)
	if err != nil {
		return engine.HookOutput{}, err
	}
	strata, err := draw.Select(seed, t.no, pools, quotas)
	if err != nil {
		return engine.HookOutput{}, err
	}
	d := drawing{t: t, seed: seed, z: z, salt: derive(salt, "recusals"), look: in.Lists, known: byID(in.Pools["objects"]),
		areas: areasOf(z.objects)}
	drawn, short, err := d.staffed(strata)
	if err != nil {
		return engine.HookOutput{}, err
	}
	return engine.HookOutput{Set: map[string]any{
		"algorithm": Algorithm, "seed": seed.String(), "drawn": anyRows(drawn), "reserve": anyRows(d.reserve(strata)),
		"strata": anyRows(thresholds(strata)), "unstaffed": int64(short), "result_root": draw.ListRoot(resultLines(drawn)).String(),
	}}, nil
}

// openLists reads the frozen lists and checks that they are the ones the task
// committed to.
func openLists(in engine.HookInput) (frozen, error) {
	i := slices.IndexFunc(in.Pools["lists"], func(r *domain.Record) bool { return r.State == "frozen" })
	if i < 0 {
		return frozen{}, refuse("lists_missing", "没有找到冻结的名单，请重新冻结", "the frozen lists are missing; freeze again")
	}
	f, rec := in.Pools["lists"][i].Fields, in.Record.Fields
	objects, inspectors, conflicts := text(f, "objects"), text(f, "inspectors"), text(f, "conflicts")
	for _, c := range []struct{ lines, root string }{{objects, "pool_root"}, {inspectors, "insp_root"}, {conflicts, "conf_root"}} {
		if draw.ListRoot(linesOf(c.lines)).String() != text(rec, c.root) {
			return frozen{}, refuse("lists_changed", "名单与冻结时的根值不符，不能抽取", "the lists do not match the roots they were frozen with")
		}
	}
	if hashOf(text(f, "plan")) != text(rec, "plan_hash") {
		return frozen{}, refuse("lists_changed", "抽取方案与冻结时不符，不能抽取", "the plan is not the one that was frozen")
	}
	z := frozen{planHash: text(rec, "plan_hash"), conflicts: map[string]bool{}}
	for _, l := range linesOf(conflicts) {
		z.conflicts[l] = true
	}
	var err error
	if z.objects, err = parseObjects(objects); err == nil {
		z.people, err = parsePeople(inspectors)
	}
	return z, err
}

// seedOf mixes the plan, fixed before, with the value nobody could know then.
// The secret stands in the plan: the office cannot change it any more, and
// nobody else can compute who will be visited until the plan is opened.
func seedOf(planHash, secret, randomness string) draw.Hash {
	plan, _ := hex.DecodeString(planHash)
	return sha256.Sum256(slices.Concat([]byte(Algorithm), plan, []byte(secret), []byte(strings.TrimSpace(randomness))))
}

func byID(list []*domain.Record) map[string]*domain.Record {
	out := make(map[string]*domain.Record, len(list))
	for _, r := range list {
		out[text(r.Fields, "object_id")] = r
	}
	return out
}

// drawing is one draw at work.
type drawing struct {
	t     task
	seed  draw.Hash
	z     frozen
	salt  string
	look  lookup
	known map[string]*domain.Record
	areas map[string]string // by object
}

func areasOf(objects []object) map[string]string {
	out := make(map[string]string, len(objects))
	for _, o := range objects {
		out[o.id] = o.area
	}
	return out
}

// staffed gives a row with its teams for each object drawn, in the order of
// visits, and how many lack people.
func (d drawing) staffed(strata []draw.Stratum) (out []map[string]any, short int, err error) {
	var visits []draw.Visit
	for _, s := range strata {
		for _, o := range s.Selected() {
			out = append(out, d.row(s.Code, o))
			visits = append(visits, draw.Visit{Object: o.Object, Area: county(d.areas[o.Object])})
		}
	}
	conflicts := d.conflicts(visits)
	for _, department := range d.t.departments {
		teams, err := draw.Staff(d.seed, d.t.no, d.needing(visits, department), d.inspectors(department), conflicts, d.t.team)
		if err != nil {
			return nil, 0, err
		}
		for i, team := range teams {
			if team.Unstaffed {
				out[i]["short_of"] = append(out[i]["short_of"].([]any), department)
			}
			out[i]["team"] = append(out[i]["team"].([]any), anyTexts(team.Members)...)
		}
	}
	for _, r := range out {
		if len(r["short_of"].([]any)) > 0 {
			short++
		}
	}
	return out, short, nil
}

func (d drawing) needing(visits []draw.Visit, department string) []draw.Visit {
	out, need := slices.Clone(visits), d.t.fields(department, d.look)
	for i := range out {
		out[i].Qualification = need
	}
	return out
}

func (d drawing) inspectors(department string) []draw.Inspector {
	var out []draw.Inspector
	for _, p := range d.z.people {
		if p.department == department {
			out = append(out, draw.Inspector{No: p.no, Area: county(p.area), Qualifications: p.domains, Available: true, MaxLoad: p.most})
		}
	}
	return out
}

// conflicts finds the frozen recusals among the objects drawn.
func (d drawing) conflicts(visits []draw.Visit) map[draw.Conflict]bool {
	out := map[draw.Conflict]bool{}
	if len(d.z.conflicts) == 0 {
		return out
	}
	for _, v := range visits {
		for _, p := range d.z.people {
			if d.z.conflicts[saltedPair(d.salt, p.no, v.Object)] {
				out[draw.Conflict{Inspector: p.no, Object: v.Object}] = true
			}
		}
	}
	return out
}

// row is an object as the task shows it. Every column is there, so that
// expressions may name it.
func (d drawing) row(stratum string, o draw.Drawn) map[string]any {
	r := map[string]any{"object_id": o.Object, "object": "", "entity": "", "name": o.Object, "area": d.areas[o.Object],
		"stratum": stratum, "ticket": o.Ticket.String(), "team": []any{}, "short_of": []any{}, "out": ""}
	if rec := d.known[o.Object]; rec != nil {
		r["object"], r["entity"], r["name"] = rec.Ref.String(), rec.Of.String(), text(rec.Fields, "name")
	}
	return r
}

// leastReserve is how many stand by in a stratum, at least and if there are so
// many; otherwise as many as were drawn.
const leastReserve = 5

func (d drawing) reserve(strata []draw.Stratum) []map[string]any {
	var out []map[string]any
	for _, s := range strata {
		rest := s.Reserve()
		if s.Quota == 0 {
			continue
		}
		for _, o := range rest[:min(len(rest), max(s.Quota, leastReserve))] {
			out = append(out, d.row(s.Code, o))
		}
	}
	return out
}

func thresholds(strata []draw.Stratum) []map[string]any {
	var out []map[string]any
	for _, s := range strata {
		r := map[string]any{"stratum": s.Code, "size": int64(len(s.Order)), "quota": int64(s.Quota)}
		if t, ok := s.Threshold(); ok {
			r["threshold"] = t.String()
		}
		out = append(out, r)
	}
	return out
}

// resultLines are what the result root commits to, in the order of visits.
func resultLines(drawn []map[string]any) []string {
	out := make([]string, len(drawn))
	for i, r := range drawn {
		out[i] = strings.Join([]string{text(r, "object_id"), text(r, "stratum"), text(r, "ticket"), strings.Join(texts(r, "team"), "+")}, ",")
	}
	return out
}
