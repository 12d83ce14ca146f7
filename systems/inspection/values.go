package inspection

import (
	"encoding/json"
	"slices"

	"github.com/dinghai/dinghai/domain"
)

func text(m map[string]any, name string) string {
	s, _ := m[name].(string)
	return s
}

func texts(m map[string]any, name string) []string {
	list, _ := m[name].([]any)
	out := make([]string, 0, len(list))
	for _, x := range list {
		if s, ok := x.(string); ok {
			out = append(out, s)
		}
	}
	return out
}

func number(m map[string]any, name string) int {
	switch n := m[name].(type) {
	case int64:
		return int(n)
	case int:
		return n
	case float64:
		return int(n)
	case json.Number:
		i, _ := n.Int64()
		return int(i)
	}
	return 0
}

// rows gives copies, so that a hook never changes what it was given.
func rows(m map[string]any, name string) []map[string]any {
	list, _ := m[name].([]any)
	out := make([]map[string]any, 0, len(list))
	for _, x := range list {
		if r, ok := x.(map[string]any); ok {
			c := make(map[string]any, len(r))
			for k, v := range r {
				c[k] = v
			}
			out = append(out, c)
		}
	}
	return out
}

func anyRows(list []map[string]any) []any {
	out := make([]any, len(list))
	for i, r := range list {
		out[i] = r
	}
	return out
}

func anyTexts(list []string) []any {
	out := make([]any, len(list))
	for i, s := range list {
		out[i] = s
	}
	return out
}

func without(list []string, s string) []string {
	return slices.DeleteFunc(slices.Clone(list), func(x string) bool { return x == s })
}

// refuse is a condition of the draw that is not met.
func refuse(rule, zh, en string) error { return domain.Fail(domain.Guarded, "", rule, zh, en) }
