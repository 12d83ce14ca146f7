package sqlite

import (
	"strings"

	"github.com/dinghai/dinghai/kit/bigram"
	"github.com/dinghai/dinghai/store"
	"github.com/dinghai/dinghai/store/codec"
)

// dialect is SQLite's way to say things.
type dialect struct{}

// Field reads a field of the document. Booleans are written as in JSON, so that
// both engines compare the same text.
func (dialect) Field(name string) string {
	path := "r.doc, '$.f." + name + "'"
	return "CASE json_type(" + path + ") WHEN 'true' THEN 'true' WHEN 'false' THEN 'false' ELSE CAST(json_extract(" + path + ") AS TEXT) END"
}

func (dialect) In(column string, list []string) (string, any) {
	return column + " IN (SELECT value FROM json_each(?))", codec.String(&list)
}

func (dialect) AsText(column string) string { return column }

func (dialect) EventSeat() string { return "seat = (? << 40) + ?" }

func (dialect) EventRange() string {
	return "seat > (? << 40) + ? AND seat <= (? << 40) + ? ORDER BY seat"
}

// Blind finds the record by the text index of its hashes, then the row itself.
func (dialect) Blind(hash string) (string, []any) {
	return "blind_hash x CROSS JOIN record r ON r.n = x.rowid CROSS JOIN blind b ON b.record = r.id AND b.home = r.home WHERE blind_hash MATCH ? AND",
		[]any{`"` + strings.ReplaceAll(hash, `"`, "") + `"`}
}

// An entry of the text index is numbered so that reading it in its own order is
// reading it in the order of relevance: living records before voided ones,
// shorter titles first. The low bits are the record's row number.
const (
	rowBits    = 40
	rowMask    = "1099511627775"       // 1<<40 - 1
	voidedFrom = "2305843009213693952" // 1<<61
)

func entry(row int64, title string, voided bool) int64 {
	length := int64(0)
	for range title {
		length++
	}
	e := min(length, 1<<20)<<rowBits | row
	if voided {
		e |= 1 << 61
	}
	return e
}

const matching = "search s CROSS JOIN record r ON r.n = (s.rowid & " + rowMask + ")"

func (dialect) Passes(text string) []store.Pass {
	passes := store.PrefixPasses(text, "record r")
	match := bigram.FTS5(text)
	if match == "" {
		return passes
	}
	all := full(match)
	if strings.Count(match, `"`) != 2 || match[1] == 's' { // several terms, or a single character
		return append(passes, all)
	}
	leading := full("^ " + match)
	leading.Part = true
	rest := full(match + " NOT ^ " + match)
	rest.All = &all
	return append(passes, leading, rest)
}

func full(match string) store.Pass {
	return store.Pass{
		From: matching, Where: "search MATCH ? AND s.rowid < " + voidedFrom, Args: []any{match},
		Order: []string{"#s.rowid"},
		Total: "SELECT count(*) FROM search WHERE search MATCH ? AND rowid < " + voidedFrom, Count: []any{match},
	}
}

func (dialect) Match(text string) (cond string, args []any) {
	parts, args := store.MatchPrefix(text)
	if match := bigram.FTS5(text); match != "" {
		parts = append(parts, "r.n IN (SELECT rowid & "+rowMask+" FROM search WHERE search MATCH ?)")
		args = append(args, match)
	}
	if len(parts) == 0 {
		return "1 = 0", nil
	}
	return strings.Join(parts, " OR "), args
}
