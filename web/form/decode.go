package form

import (
	"math"
	"net/url"
	"slices"
	"strconv"
	"strings"

	"golang.org/x/text/width"

	"github.com/dinghai/dinghai/domain"
)

// Resolver finds the code or reference a person's wording stands for, where a
// page without script sent the wording: "" when there is none or more than one.
type Resolver func(f *Field, text string) string

// maxRows bounds the rows of one table; the engine's own limit is lower.
const maxRows = 5000

// Decode reads what a form sent. Empty inputs are left out. Problems name the
// input; values of the wrong shape are kept out of the result.
func Decode(f Form, v url.Values, find Resolver) (map[string]any, []domain.Problem) {
	d := decoder{v: v, find: find}
	out := map[string]any{}
	for i := range f.Fields {
		if x := d.field(&f.Fields[i], f.Fields[i].Name); x != nil {
			out[f.Fields[i].Name] = x
		}
	}
	return out, d.bad
}

type decoder struct {
	v    url.Values
	find Resolver
	bad  []domain.Problem
}

func (d *decoder) field(f *Field, name string) any {
	if f.Type == "rows" {
		return d.rows(f, name)
	}
	if !f.Many {
		return d.one(f, name, strings.TrimSpace(d.v.Get(name)))
	}
	texts := d.v[name]
	if f.Lines() {
		texts = strings.FieldsFunc(strings.Join(texts, "\n"), func(r rune) bool { return strings.ContainsRune("\n\r、；;", r) })
	}
	var list []any
	for _, s := range texts {
		if x := d.one(f, name, strings.TrimSpace(s)); x != nil {
			list = append(list, x)
		}
	}
	if len(list) == 0 {
		return nil
	}
	return list
}

func (d *decoder) one(f *Field, name, s string) any {
	if s == "" {
		return nil
	}
	switch f.Type {
	case "money":
		return d.money(name, s)
	case "int", "number":
		return strings.NewReplacer(",", "", " ", "").Replace(width.Narrow.String(s))
	case "date":
		return dateOf(s)
	}
	if f.Pick != "" && d.find != nil {
		if code := d.find(f, s); code != "" {
			return code
		}
	}
	return s
}

// dateOf also takes dates as people write them: 2023年11月8日, 2023.11.8, 20231108.
func dateOf(s string) string {
	part := strings.FieldsFunc(width.Narrow.String(s), func(r rune) bool { return r < '0' || r > '9' })
	if len(part) == 1 && len(part[0]) == 8 {
		part = []string{part[0][:4], part[0][4:6], part[0][6:]}
	}
	if len(part) != 3 || len(part[0]) != 4 || len(part[1]) > 2 || len(part[2]) > 2 {
		return s
	}
	return part[0] + "-" + pad(part[1]) + "-" + pad(part[2])
}

func pad(s string) string {
	if len(s) == 1 {
		return "0" + s
	}
	return s
}

// money reads yuan and gives fen.
func (d *decoder) money(name, s string) any {
	t := strings.NewReplacer(",", "", " ", "", "元", "", "¥", "").Replace(width.Narrow.String(s))
	unit := 1.0
	if r, ok := strings.CutSuffix(t, "万"); ok {
		t, unit = r, 10000
	}
	n, err := strconv.ParseFloat(t, 64)
	fen := math.Round(n * unit * 100)
	if err != nil || math.IsNaN(n) || math.Abs(fen) > 1<<53 || math.Abs(fen-n*unit*100) > 1e-6*math.Max(1, math.Abs(fen)) {
		d.bad = append(d.bad, domain.Problem{Field: name, Rule: "money", Reason: domain.Text{
			ZH: "「" + clip(s) + "」不是有效金额，请按元填写，最多两位小数，如 1234.50", EN: "\"" + clip(s) + "\" is not an amount; write yuan with at most two decimals, like 1234.50"}})
		return nil
	}
	return int64(fen)
}

func clip(s string) string {
	if r := []rune(s); len(r) > 20 {
		return string(r[:20]) + "…"
	}
	return s
}

// rows reads name.0.col, name.1.col … in order; wholly empty rows are left out.
func (d *decoder) rows(f *Field, name string) any {
	var list []any
	for _, n := range d.indices(name) {
		row := map[string]any{}
		for i := range f.Columns {
			c := &f.Columns[i]
			if x := d.field(c, name+"."+strconv.Itoa(n)+"."+c.Name); x != nil {
				row[c.Name] = x
			}
		}
		if len(row) > 0 {
			list = append(list, row)
		}
	}
	if len(list) == 0 {
		return nil
	}
	return list
}

func (d *decoder) indices(name string) []int {
	seen := map[int]bool{}
	var out []int
	for key := range d.v {
		rest, ok := strings.CutPrefix(key, name+".")
		if !ok {
			continue
		}
		digits, _, _ := strings.Cut(rest, ".")
		n, err := strconv.Atoi(digits)
		if err == nil && n >= 0 && n < maxRows && !seen[n] {
			seen[n] = true
			out = append(out, n)
		}
	}
	slices.Sort(out)
	return out
}
