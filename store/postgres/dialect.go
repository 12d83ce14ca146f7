package postgres

import (
	"strings"

	"github.com/dinghai/dinghai/kit/bigram"
	"github.com/dinghai/dinghai/store"
)

// dialect is PostgreSQL's way to say things.
type dialect struct{}

func (dialect) Field(name string) string { return "(r.doc->'f'->>'" + name + "')" }

func (dialect) In(column string, list []string) (string, any) { return column + " = ANY(?)", list }

func (dialect) AsText(column string) string { return column + "::text" }

func (dialect) EventSeat() string { return "home = ? AND pos = ?" }

func (dialect) EventRange() string {
	return "home = ? AND pos > ? AND home = ? AND pos <= ? ORDER BY pos"
}

func (dialect) Blind(string) (string, []any) { return "blind b WHERE", nil }

// Passes look words up in the array and then compare the text itself, since an
// array does not know that its words stand side by side.
func (dialect) Passes(text string) []store.Pass {
	passes := store.PrefixPasses(text, "record r")
	cond, args := contains(text)
	if cond == "" {
		return passes
	}
	pass := store.Pass{From: "record r", Where: cond + " AND r.voided = 0", Args: args, Order: []string{"#length(r.title)", "r.id"}}
	terms := strings.Fields(text)
	folded := bigram.Fold(text)
	if len(terms) == 1 && len([]rune(folded)) > 1 {
		leading, rest := pass, pass
		like := store.LikeText(folded) + "%"
		leading.Where += " AND r.text LIKE ? ESCAPE '!'"
		leading.Args = append(args[:len(args):len(args)], like)
		rest.Where += " AND r.text NOT LIKE ? ESCAPE '!'"
		rest.Args = leading.Args
		leading.Part, rest.All = true, &pass
		return append(passes, leading, rest)
	}
	return append(passes, pass)
}

// contains tests for every blank-separated term of a text.
func contains(text string) (cond string, args []any) {
	tokens, _ := bigram.Query(text)
	if len(tokens) == 0 {
		return "", nil
	}
	cond, args = "r.tokens @> string_to_array(?, ' ')", []any{strings.Join(tokens, " ")}
	for _, term := range strings.Fields(text) {
		if folded := bigram.Fold(term); len([]rune(folded)) > 2 {
			cond += " AND r.text LIKE ? ESCAPE '!'"
			args = append(args, "%"+store.LikeText(folded)+"%")
		}
	}
	return cond, args
}

func (dialect) Match(text string) (cond string, args []any) {
	parts, args := store.MatchPrefix(text)
	if cond, more := contains(text); cond != "" {
		parts = append(parts, "("+cond+")")
		args = append(args, more...)
	}
	if len(parts) == 0 {
		return "1 = 0", nil
	}
	return strings.Join(parts, " OR "), args
}
