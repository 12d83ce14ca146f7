package store

import (
	"strings"

	"github.com/dinghai/dinghai/kit/bigram"
)

// PrefixPasses are the passes that need no text index: codes and numbers that
// begin with what was typed, and pinyin initials. The full text passes of the
// engine go between them and are appended by it.
func PrefixPasses(text, from string) []Pass {
	typed := strings.TrimSpace(text)
	folded := bigram.Fold(text)
	if typed == "" || folded == "" {
		return nil
	}
	var passes []Pass
	if latin(folded) && len(folded) >= 2 {
		passes = append(passes, prefixPass(from, "r.code", strings.ToUpper(typed)))
	}
	passes = append(passes, prefixPass(from, "r.number", typed))
	if latin(folded) && !strings.ContainsAny(typed, " 0123456789") {
		passes = append(passes, prefixPass(from, "r.initials", folded))
	}
	return passes
}

func prefixPass(from, column, prefix string) Pass {
	cond := column + " >= ? AND " + column + " < ? AND " + column + " <> ''"
	args := []any{prefix, after(prefix)}
	return Pass{
		From: from, Where: cond + " AND r.voided = 0", Args: args,
		Skip: cond, Not: args, Order: []string{column, "r.id"},
	}
}

func latin(folded string) bool {
	for i := range len(folded) {
		if folded[i] >= 0x80 {
			return false
		}
	}
	return true
}
