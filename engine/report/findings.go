package report

import (
	"context"
	"fmt"
	"slices"
	"sort"
	"strings"

	"github.com/dinghai/dinghai/domain"
)

// findings notes what does not fit together, in the order a reader needs it:
// broken relations, differences, what could not be computed, late entries.
func (c *computer) findings(ctx context.Context, res *Result) error {
	if err := c.identities(res); err != nil {
		return err
	}
	for i := range res.Figures {
		differs(res, &res.Figures[i])
	}
	for i := range res.Figures {
		undefined(res, &res.Figures[i])
	}
	return c.late(ctx, res)
}

// identities tests each relation twice: over the records, as far as all its
// figures are computed, and over the statements themselves.
func (c *computer) identities(res *Result) error {
	for _, id := range c.Declared.Identities {
		r, err := ParseRelation(id.Expr)
		if err != nil {
			return domain.Wrap(domain.Invalid, err)
		}
		if all, ok := res.known(r); ok && !r.test(all) {
			res.add(broken("identity", id, r, "记录不符", "The records do not keep this", all.amount))
		}
	}
	res.Findings = append(res.Findings, Stands(c.Declared)...)
	return nil
}

// Stands lists the relations that the statements themselves break.
func Stands(d *Declared) []Finding {
	var out []Finding
	stated := statement{d}
	for _, id := range d.Identities {
		if r, err := ParseRelation(id.Expr); err == nil && stated.known(r) && !r.test(stated) {
			out = append(out, broken("declared_identity", id, r, "申报数据自身不符", "The stated figures do not keep this", stated.amount))
		}
	}
	return out
}

func broken(kind string, id Identity, r *Relation, zh, en string, amount func(string) float64) Finding {
	parts := make([]string, len(r.names))
	for i, n := range r.names {
		parts[i] = n + "=" + Number(amount(n)).String()
	}
	values := strings.Join(parts, ", ")
	return Finding{Kind: kind, Name: id.ID, Figures: r.names, Text: domain.Text{
		ZH: fmt.Sprintf("%s：%s（%s；%s）", zh, id.Label.ZH, id.Expr, values),
		EN: fmt.Sprintf("%s: %s (%s; %s)", en, id.Label.EN, id.Expr, values),
	}}
}

func (res *Result) add(f Finding) { res.Findings = append(res.Findings, f) }

// computed gives relations the computed values.
type computed map[string]*Figure

func (m computed) amount(id string) float64 { return m[id].Value.Number }
func (m computed) step(id string) float64   { return m[id].Step }

// known gathers the computed figures of a relation; a relation with a figure
// that is not computed says nothing.
func (res *Result) known(r *Relation) (computed, bool) {
	m := computed{}
	for _, n := range r.names {
		f := res.Find(n)
		if f == nil || f.Kind != Computed || !f.Value.Numeric() {
			return nil, false
		}
		m[n] = f
	}
	return m, true
}

// statement gives relations the stated values.
type statement struct{ *Declared }

func (d statement) amount(id string) float64 { return d.Find(id).Value.Number }
func (d statement) step(id string) float64   { return d.Find(id).Step }

func (d statement) known(r *Relation) bool {
	return !slices.ContainsFunc(r.names, func(n string) bool {
		s := d.Find(n)
		return s == nil || !s.Value.Numeric()
	})
}

// differs reports a statement the records do not bear out. Where the stated
// rate is no rounding of any whole number over the computed denominator, the
// statement cannot be right whatever the records say, and the finding says so.
func differs(res *Result, f *Figure) {
	if f.Agrees == nil || *f.Agrees || !f.Value.Known {
		return
	}
	t := domain.Text{
		ZH: fmt.Sprintf("「%s」申报%s，记录为%s", f.Label.ZH, f.Target, shown(f, "zh")),
		EN: fmt.Sprintf("%q is stated as %s; the records give %s", f.Label.In("en"), f.Target, shown(f, "en")),
	}
	if why := unreachable(f); why.ZH != "" {
		t.ZH, t.EN = t.ZH+"。"+why.ZH, t.EN+". "+why.EN
	}
	res.add(Finding{Kind: "differs", Figures: []string{f.ID}, Text: t})
}

// shown is the value as the statement would print it, with its parts.
func shown(f *Figure, lang string) string {
	s := printed(f)
	if f.Denominator == nil || f.Nature == "growth" { // now and before are no part and whole
		return s
	}
	if lang == "en" {
		return fmt.Sprintf("%s (%d of %d)", s, *f.Numerator, *f.Denominator)
	}
	return fmt.Sprintf("%s（%d/%d）", s, *f.Numerator, *f.Denominator)
}

func unreachable(f *Figure) domain.Text {
	if f.Nature != "rate" || f.Unit != "%" || f.Cmp != "round" || f.Denominator == nil || !f.Target.Numeric() {
		return domain.Text{}
	}
	base := *f.Denominator
	below, above, ok := whole(f.Target.Number, f.Step, base)
	if ok || base == 0 {
		return domain.Text{}
	}
	lo, hi := digits(share(below, base), f.Step), digits(share(above, base), f.Step)
	return domain.Text{
		ZH: fmt.Sprintf("以%d为分母，没有任何整数四舍五入后得%s%%：%d为%s%%，%d为%s%%", base, f.Target, below, lo, above, hi),
		EN: fmt.Sprintf("No whole number out of %d rounds to %s%%: %d gives %s%%, %d gives %s%%", base, f.Target, below, lo, above, hi),
	}
}

// undefined reports a figure that has nothing to divide by.
func undefined(res *Result, f *Figure) {
	if f.Kind != Computed || f.Value.Known {
		return
	}
	res.add(Finding{Kind: "no_denominator", Figures: []string{f.ID}, Text: domain.Text{
		ZH: fmt.Sprintf("「%s」在%s至%s没有可作分母的记录", f.Label.ZH, f.Period.From, f.Period.To),
		EN: fmt.Sprintf("%q has nothing to divide by between %s and %s", f.Label.In("en"), f.Period.From, f.Period.To),
	}})
}

func (c *computer) late(ctx context.Context, res *Result) error {
	if c.Late == nil {
		return nil
	}
	list, err := c.Late.LateEntries(ctx, c.Area, c.From, c.To)
	if err != nil {
		return err
	}
	sort.Slice(list, func(i, j int) bool { return list[i].Kind < list[j].Kind })
	for _, l := range list {
		label := c.kindLabel(l.Kind)
		res.add(Finding{Kind: "late_entries", Name: l.Kind, Count: l.Count, Text: domain.Text{
			ZH: fmt.Sprintf("「%s」有%d项在期限后补录", label.ZH, l.Count),
			EN: fmt.Sprintf("%s: %d entries recorded after their due date", label.In("en"), l.Count),
		}})
	}
	return nil
}

func (c *computer) kindLabel(kind string) domain.Text {
	if k := c.Catalogue.Kinds[kind]; k != nil {
		return k.Label
	}
	return domain.Text{ZH: kind}
}
