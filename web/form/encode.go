package form

import (
	"fmt"
	"net/url"
	"strconv"
	"strings"
)

// Values is what a form shows in its inputs, by input name: texts as a person
// would type them. Names of table cells are name.row.column.
type Values map[string][]string

// Encode writes the inputs of an action as a form shows them. Sealed inputs are
// never written back into a page from the record.
func Encode(f Form, in map[string]any) Values {
	v := Values{}
	for i := range f.Fields {
		v.put(&f.Fields[i], f.Fields[i].Name, in[f.Fields[i].Name])
	}
	return v
}

// Sent gives the values of a form as they were typed.
func Sent(v url.Values) Values { return Values(v) }

func (v Values) put(f *Field, name string, x any) {
	if x == nil || f.Sealed {
		return
	}
	if s, ok := x.(string); ok && strings.HasPrefix(s, "sealed:") {
		return
	}
	if f.Type == "rows" {
		list, _ := x.([]any)
		for n, r := range list {
			row, _ := r.(map[string]any)
			for i := range f.Columns {
				v.put(&f.Columns[i], name+"."+strconv.Itoa(n)+"."+f.Columns[i].Name, row[f.Columns[i].Name])
			}
		}
		return
	}
	list, ok := x.([]any)
	if !ok {
		list = []any{x}
	}
	for _, y := range list {
		v[name] = append(v[name], typed(f, y))
	}
}

// typed is a value as a person types it.
func typed(f *Field, x any) string {
	switch n := x.(type) {
	case bool:
		return strconv.FormatBool(n)
	case int64:
		return whole(f, n)
	case int:
		return whole(f, int64(n))
	case uint64:
		return whole(f, int64(n))
	case float64:
		if f.Type == "int" || f.Type == "money" {
			return whole(f, int64(n))
		}
		return strconv.FormatFloat(n, 'f', -1, 64)
	case string:
		return n
	}
	return fmt.Sprint(x)
}

func whole(f *Field, n int64) string {
	if f.Type != "money" {
		return strconv.FormatInt(n, 10)
	}
	sign := ""
	if n < 0 {
		sign, n = "-", -n
	}
	return fmt.Sprintf("%s%d.%02d", sign, n/100, n%100)
}

// First is the value of an input with one.
func (v Values) First(name string) string {
	if len(v[name]) == 0 {
		return ""
	}
	return v[name][0]
}

// Has reports whether an input with several has one of them.
func (v Values) Has(name, value string) bool {
	for _, x := range v[name] {
		if x == value {
			return true
		}
	}
	return false
}

// Rows is how many rows of a table have values.
func (v Values) Rows(name string) int {
	n := 0
	for key := range v {
		rest, ok := strings.CutPrefix(key, name+".")
		if !ok {
			continue
		}
		digits, _, _ := strings.Cut(rest, ".")
		if i, err := strconv.Atoi(digits); err == nil && i >= n && i < maxRows {
			n = i + 1
		}
	}
	return n
}
