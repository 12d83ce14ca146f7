package inspection

import (
	"maps"
	"slices"
	"strconv"

	"github.com/dinghai/dinghai/domain"
	"github.com/dinghai/dinghai/kit/draw"
)

// lookup reads an attribute of a code list item.
type lookup func(list, code, attr string) string

// task is what a draw needs of the task's record.
type task struct {
	no          string
	departments []string // sorted
	items       []string
	mode        string
	percent     int
	total       int
	team        int
}

func taskOf(r *domain.Record) task {
	f := r.Fields
	return task{no: r.Number, departments: slices.Sorted(slices.Values(texts(f, "departments"))), items: texts(f, "items"),
		mode: text(f, "quota_mode"), percent: number(f, "percent"), total: number(f, "total"), team: max(number(f, "team_size"), 2)}
}

// fields are the fields of inspection a department's people must know: those
// of its items in this task.
func (t task) fields(department string, look lookup) []string {
	var out []string
	for _, i := range t.items {
		if d := look("inspect_item", i, "domain"); look("inspect_item", i, "department") == department && !slices.Contains(out, d) {
			out = append(out, d)
		}
	}
	slices.Sort(out)
	return out
}

// quotas says how many are drawn from each stratum.
func (t task) quotas(sizes map[string]int, look lookup) (map[string]int, error) {
	switch t.mode {
	case "total":
		all := 0
		for _, n := range sizes {
			all += n
		}
		return draw.Apportion(min(t.total, all), sizes)
	case "by_class":
		out := make(map[string]int, len(sizes))
		for class, n := range sizes {
			p, err := strconv.ParseUint(look("credit_class", class, "ratio"), 10, 64)
			if err != nil {
				return nil, refuse("class_ratio", "风险分类 "+class+" 没有设定抽查比例", "class "+class+" has no share to draw")
			}
			if out[class], err = (draw.Fraction{P: p, Q: 100}).Of(n); err != nil {
				return nil, err
			}
		}
		return out, nil
	}
	return draw.Quotas(sizes, draw.Fraction{P: uint64(t.percent), Q: 100})
}

// strataOf sorts the objects that may be drawn by stratum.
func strataOf(objects []object) map[string][]string {
	out := map[string][]string{}
	for _, o := range objects {
		if o.excluded == "" {
			out[o.stratum] = append(out[o.stratum], o.id)
		}
	}
	return out
}

func sizesOf(strata map[string][]string) map[string]int {
	out := make(map[string]int, len(strata))
	for s, ids := range strata {
		out[s] = len(ids)
	}
	return out
}

func sum(m map[string]int) int {
	n := 0
	for _, x := range m {
		n += x
	}
	return n
}

func strataRows(sizes, quotas map[string]int) []map[string]any {
	var out []map[string]any
	for _, s := range slices.Sorted(maps.Keys(sizes)) {
		out = append(out, map[string]any{"stratum": s, "size": int64(sizes[s]), "quota": int64(quotas[s])})
	}
	return out
}
