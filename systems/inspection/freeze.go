package inspection

import (
	"bytes"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"

	"github.com/dinghai/dinghai/domain"
	"github.com/dinghai/dinghai/engine"
	"github.com/dinghai/dinghai/kit/draw"
)

// lists are a draw's lists as text, with what commits to them.
type lists struct {
	objects, inspectors, conflicts             string
	objectRoot, inspectorRoot, conflictRoot    draw.Hash
	objectCount, inspectorCount, conflictCount int
}

// freeze writes down who and what may be drawn.
func freeze(in engine.HookInput) (engine.HookOutput, error) {
	t := taskOf(in.Record)
	objects := objectsOf(in.Pools["objects"])
	strata := strataOf(objects)
	sizes := sizesOf(strata)
	quotas, err := t.quotas(sizes, in.Lists)
	if err != nil {
		return engine.HookOutput{}, err
	}
	if err := enough(t, quotas, in.Pools["inspectors"]); err != nil {
		return engine.HookOutput{}, err
	}
	l, err := listsOf(objects, in.Pools["inspectors"], derive(text(in.Record.Fields, "salt"), "recusals"))
	if err != nil {
		return engine.HookOutput{}, err
	}
	plan := planText(t, l, quotas, in.Record.Fields)
	set := map[string]any{
		"pool_count": int64(l.objectCount), "pool_excluded": int64(l.objectCount - sum(sizes)), "pool_root": l.objectRoot.String(),
		"insp_count": int64(l.inspectorCount), "insp_root": l.inspectorRoot.String(),
		"conf_count": int64(l.conflictCount), "conf_root": l.conflictRoot.String(),
		"strata": anyRows(strataRows(sizes, quotas)), "staff": l.inspectors, "plan_hash": hashOf(plan),
	}
	order := engine.Order{Kind: "inspection.pool", Action: "freeze", Link: "pool", Keep: "pool",
		Input: map[string]any{"number": t.no, "objects": l.objects, "inspectors": l.inspectors, "conflicts": l.conflicts, "plan": plan}}
	return engine.HookOutput{Set: set, Orders: []engine.Order{order}}, nil
}

// enough refuses lists from which nothing or nobody could be drawn.
func enough(t task, quotas map[string]int, people []*domain.Record) error {
	if sum(quotas) == 0 {
		return refuse("no_objects", "名录中没有符合条件的检查对象，请核对领域、分类和辖区", "no object in the register fits; check fields, classes and area")
	}
	have := map[string]int{}
	for _, p := range people {
		have[text(p.Fields, "department")]++
	}
	for _, d := range t.departments {
		if have[d] < t.team {
			return refuse("no_inspectors", "有部门可参加的执法人员不足："+d, "too few inspectors are available in department "+d)
		}
	}
	return nil
}

func listsOf(objects []object, people []*domain.Record, salt string) (lists, error) {
	var l lists
	var err error
	if l.objects, l.objectRoot, err = commit(mapLines(objects)); err != nil {
		return l, err
	}
	if l.inspectors, l.inspectorRoot, err = commit(mapLines(peopleOf(people))); err != nil {
		return l, err
	}
	pairs := conflictLines(objects, people, salt)
	if l.conflicts, l.conflictRoot, err = commit(pairs); err != nil {
		return l, err
	}
	l.objectCount, l.inspectorCount, l.conflictCount = len(objects), len(people), len(pairs)
	return l, nil
}

// conflictLines are the recusals that matter here, each a salted hash.
func conflictLines(objects []object, people []*domain.Record, salt string) []string {
	var out []string
	for _, p := range people {
		if len(texts(p.Fields, "recusals")) == 0 {
			continue
		}
		for _, o := range objects {
			if avoids(p, o.id) {
				out = append(out, saltedPair(salt, text(p.Fields, "cert_no"), o.id))
			}
		}
	}
	return out
}

// planText is the plan as canonical JSON: sorted keys, no spaces, whole
// numbers only.
func planText(t task, l lists, quotas map[string]int, f map[string]any) string {
	type m = map[string]any
	var b bytes.Buffer
	e := json.NewEncoder(&b)
	e.SetEscapeHTML(false)
	if err := e.Encode(m{
		"algorithm":  Algorithm,
		"beacon":     m{"on": text(f, "beacon_on"), "round": text(f, "beacon_round"), "source": text(f, "beacon_source")},
		"conflicts":  m{"count": l.conflictCount, "root": l.conflictRoot.String()},
		"draw":       t.no,
		"inspectors": m{"count": l.inspectorCount, "root": l.inspectorRoot.String()},
		"objects":    m{"count": l.objectCount, "root": l.objectRoot.String()},
		"quota":      quotas,
		"secret":     derive(text(f, "salt"), "draw"),
		"team":       t.team,
	}); err != nil {
		panic(err) // maps of text and numbers always encode
	}
	return string(bytes.TrimSpace(b.Bytes()))
}

// derive makes one secret for each purpose of the salt: opening the plan's
// does not open the recusals'.
func derive(salt, purpose string) string {
	m := hmac.New(sha256.New, []byte(salt))
	m.Write([]byte(purpose))
	return hex.EncodeToString(m.Sum(nil))
}

// hashOf is the hash of a text as a leaf of a log, RFC 6962 section 2.1.
func hashOf(s string) string {
	h := sha256.Sum256([]byte("\x00" + s))
	return hex.EncodeToString(h[:])
}
