// Package recount counts the figures of the annual summary a second time: from
// an exported folder of CSV files, by the definitions in words, and with
// nothing of the product but the standard library. Where it and the product
// disagree, one of the two misreads a definition.
package recount

import "maps"

// Value is a figure: its two parts, and the number as it is printed. Money is
// counted in fen and printed in yuan, rates are printed in percent.
type Value struct {
	Num, Den int64
	Value    float64
}

// figure counts one figure over a period and an area.
type figure func(*scope) Value

// figures are all that is counted, by the name the summary uses.
func figures() map[string]figure {
	all := map[string]figure{}
	for _, part := range []map[string]figure{
		registerFigures, complaintFigures, foodFigures, caseFigures, reviewFigures, siteFigures, tradeFigures,
	} {
		maps.Copy(all, part)
	}
	return all
}

// Count counts every figure over an exported folder, for a period of whole
// days and an area code; "" is the whole bureau.
func Count(dir, from, to, area string) (map[string]Value, error) {
	f, err := read(dir)
	if err != nil {
		return nil, err
	}
	return f.count(from, to, area), nil
}

func (f *folder) count(from, to, area string) map[string]Value {
	out := map[string]Value{}
	for name, fn := range figures() {
		out[name] = fn(&scope{folder: f, from: from, to: to, area: trimArea(area)})
	}
	return out
}

// pieces is a plain number of things.
func pieces(n int64) Value { return Value{Num: n, Value: float64(n)} }

// yuan is an amount counted in fen.
func yuan(fen int64) Value { return Value{Num: fen, Value: float64(fen) / 100} }

// percent is n of d; with nothing to divide by there is no rate.
func percent(n, d int64) Value {
	v := Value{Num: n, Den: d}
	if d != 0 {
		v.Value = 100 * float64(n) / float64(d)
	}
	return v
}

// growth is how much more now is than last, of last.
func growth(now, last int64) Value {
	v := percent(now-last, last)
	v.Num = now
	return v
}
