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
	if likeInitials(typed, folded) {
		passes = append(passes, prefixPass(from, "r.initials", folded))
	}
	return passes
}

func likeInitials(typed, folded string) bool {
	return folded != "" && latin(folded) && !strings.ContainsAny(typed, " 0123456789")
}

// MatchPrefix tests whether the record r is found by the beginning of its code,
// number or initials, or, being a case, by the initials of its subject: cases
// have none of their own. Two letters begin too many names for that.
func MatchPrefix(text string) (conds []string, args []any) {
	for _, p := range PrefixPasses(text, "record r") {
		conds, args = append(conds, p.Skip), append(args, p.Not...)
	}
	if folded := bigram.Fold(text); len(folded) > 2 && likeInitials(strings.TrimSpace(text), folded) {
		conds = append(conds, "r.id IN (SELECT l.record FROM record s JOIN link l ON l.to_id = s.id AND l.role = 'of'"+
			" WHERE s.initials >= ? AND s.initials < ? AND s.initials <> '' AND s.voided = 0)")
		args = append(args, folded, after(folded))
	}
	return conds, args
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
