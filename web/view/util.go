package view

import "github.com/dinghai/dinghai/web/format"

func comma(n int) string { return format.Int(int64(n)) }

func orDash(s string) string {
	if s == "" {
		return "—"
	}
	return s
}

func first(list ...string) string {
	for _, s := range list {
		if s != "" {
			return s
		}
	}
	return ""
}
