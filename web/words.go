package web

import (
	"fmt"
	"strings"

	"github.com/dinghai/dinghai/catalogue"
	"github.com/dinghai/dinghai/catalogue/expr"
	"github.com/dinghai/dinghai/domain"
	"github.com/dinghai/dinghai/web/format"
	"github.com/dinghai/dinghai/web/i18n"
)

// words gives the catalogue's wordings in the reader's language.
type words struct {
	cat  *catalogue.Catalogue
	lang string
	l    *i18n.Lang
	// organs finds an authority as it is called today.
	organs func(code string) *catalogue.Organ
}

func (w words) kind(name string) string {
	if k := w.cat.Kinds[name]; k != nil {
		return k.Label.In(w.lang)
	}
	return name
}

func (w words) state(kind, state string) string {
	if k := w.cat.Kinds[kind]; k != nil {
		if s := k.StateOf(state); s != nil {
			return s.Label.In(w.lang)
		}
	}
	return state
}

// action names an action; those built in for every kind have a fixed wording.
func (w words) action(kind, action string) string {
	if k := w.cat.Kinds[kind]; k != nil {
		if a := k.ActionOf(action); a != nil {
			return a.Label.In(w.lang)
		}
	}
	if key := "builtin." + action; w.l.Has(key) {
		return w.l.T(key)
	}
	return action
}

func (w words) role(role string) string {
	if r := w.cat.Roles[role]; r != nil {
		return w.pick(r.ZH, r.EN)
	}
	return role
}

// seat reads an account that stands for a role of an organ, as the made-up and
// the taken-over records have: role.organ.
func (w words) seat(id string) (role, organ string, ok bool) {
	code, at, _ := strings.Cut(id, ".")
	if w.cat.Roles[code] == nil || at != "" && w.organs(at) == nil {
		return "", "", false
	}
	if at != "" {
		organ = w.organ(at)
	}
	return w.role(code), organ, true
}

func (w words) organ(code string) string {
	if o := w.organs(code); o != nil {
		return w.pick(o.ZH, o.EN)
	}
	return code
}

func (w words) paper(code string) string {
	if p := w.cat.Papers[code]; p != nil {
		return p.Label.In(w.lang)
	}
	return code
}

func (w words) clock(code string) string {
	if r := w.cat.Clocks[code]; r != nil {
		return r.Label.In(w.lang)
	}
	return code
}

// part names which of several runs of a limit one is: a date as it stands, a
// code of the matter in words.
func (w words) part(period string) string {
	if period[0] >= '0' && period[0] <= '9' {
		return period
	}
	if t := w.l.T("clock.part." + period); t != "clock.part."+period {
		return t
	}
	return period
}

func (w words) unit(code string) string {
	if code == "percent" || code == "%" {
		return "%"
	}
	label := w.cat.Label("unit", code, w.lang)
	if w.lang == "en" {
		return strings.ToLower(label) // it follows a number
	}
	return label
}

// law is a citation as readers of the language cite.
func (w words) law(cited string) string { return w.cat.Law(cited, w.lang) }

func (w words) pick(zh, en string) string {
	if w.lang == "en" && en != "" {
		return en
	}
	return zh
}

// area names an area from county down, the root by its own name.
func (w words) area(code string) string {
	a := w.cat.Areas[code]
	if a == nil {
		return code
	}
	if w.lang != "en" {
		return w.cat.AreaPath(code, "zh")
	}
	name := roman(a.Pinyin)
	if p := w.cat.Areas[a.Parent]; p != nil && p.Level != "city" {
		return w.area(a.Parent) + " · " + name
	}
	return name
}

// county names the county an area lies in; strangers see no more of a record
// that is not public.
func (w words) county(code string) string {
	for a := w.cat.Areas[code]; a != nil; a = w.cat.Areas[a.Parent] {
		if a.Level == "county" || a.Level == "city" {
			return w.area(a.Code)
		}
	}
	return w.area(code)
}

// roman joins the syllables of a place name: chang guo → Changguo.
func roman(pinyin string) string {
	s := strings.ReplaceAll(pinyin, " ", "")
	if s == "" {
		return s
	}
	return strings.ToUpper(s[:1]) + s[1:]
}

// title is the record as lists show it.
func (w words) title(r *domain.Record) string {
	k := w.cat.Kinds[r.Kind]
	if k == nil {
		return r.Number
	}
	x := k.TitleX
	if w.lang == "en" && k.TitleEN != "" {
		x = k.TitleENX
	}
	t, err := x.Text(&expr.Vars{Rec: expr.Of(r, r.Opened, nil), On: r.Opened})
	if err != nil || t == "" {
		return k.Label.In(w.lang)
	}
	return t
}

// listTitle is the title of a row of a list: as it is kept, or made again where
// it has words of its own and the reader reads English.
func (s *server) listTitle(r *request, kind string, ref domain.Ref, kept string) string {
	var rec *domain.Record
	if r.retitled(kind) {
		rec, _ = s.read.Record(r.Context(), ref) // as it is kept, where it cannot be read
	}
	return r.rowTitle(kind, kept, rec)
}

// retitled reports whether the reader's language has other titles than the one
// that is kept.
func (w words) retitled(kind string) bool {
	k := w.cat.Kinds[kind]
	return w.lang == "en" && k != nil && k.TitleEN != ""
}

func (w words) rowTitle(kind, kept string, rec *domain.Record) string {
	if rec != nil && w.retitled(kind) {
		return w.title(rec)
	}
	return first(kept, w.kind(kind))
}

// indicatorKind names the kind of an indicator; happenings with a weight are a
// rate.
func (w words) indicatorKind(x *catalogue.Indicator) string {
	if x.Kind == "flow" && x.Weight != "" {
		return w.l.T("ikind.rate")
	}
	return w.l.T("ikind." + x.Kind)
}

// mode says how a watch item is worked on.
func (w words) mode(code string) string {
	if key := "mode." + code; w.l.Has(key) {
		return w.l.T(key)
	}
	return code
}

// code is the outside code of a record, "" when its kind has none.
func (w words) code(r *domain.Record) string {
	if k := w.cat.Kinds[r.Kind]; k != nil && k.Code != "" && !k.FieldOf(k.Code).Sealed() {
		return text(r.Fields[k.Code])
	}
	return ""
}

// limit writes a length of time: 7 个工作日, 7 working days.
func (w words) limit(n int, unit string) string {
	if n == 1 && w.l.Has("unit.one."+unit) {
		return w.l.T("unit.one." + unit)
	}
	if unit == "window" {
		return w.l.T("unit.window")
	}
	return w.l.T("unit."+unit, n)
}

// figure writes a value with its unit; percent stands close.
func (w words) figure(x *catalogue.Indicator, v float64) (value, unit string) {
	value, unit = format.Value(v, x.Digits), w.unit(x.Unit)
	if x.Percent {
		unit = "%"
	}
	return value, unit
}

func address(class string, ref domain.Ref) string {
	if class == domain.Subject {
		return "/subjects/" + ref.String()
	}
	return "/cases/" + ref.String()
}

// href is the page of a record of a kind.
func (w words) href(kind string, ref domain.Ref) string {
	if k := w.cat.Kinds[kind]; k != nil {
		return address(k.Class, ref)
	}
	return address(domain.Case, ref)
}

func text(v any) string {
	if v == nil {
		return ""
	}
	return fmt.Sprint(v)
}
