package view

import "github.com/dinghai/dinghai/web/format"

func comma(n int) string { return format.Int(int64(n)) }

// blank marks a cell with nothing in it: a phone leaves it out.
func blank(s string) string {
	if s == "" {
		return "dh-blank"
	}
	return ""
}

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
