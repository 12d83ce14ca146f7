package store

import (
	"slices"
	"strings"
)

// Type is the type of a column.
type Type uint8

// Column types. Doc is a JSON document.
const (
	Int Type = iota
	Big
	Text
	Doc
)

// Column is one column both engines have.
type Column struct {
	Name string
	Type Type
}

// Table describes a table by the columns both engines have. An engine may add
// some of its own (row numbers, words for the text index).
type Table struct {
	Name       string
	Columns    []Column
	Key        []string
	Projection bool // a rebuild makes it again
}

// Names lists the columns.
func (t *Table) Names() []string {
	names := make([]string, len(t.Columns))
	for i, c := range t.Columns {
		names[i] = c.Name
	}
	return names
}

// List is the columns for SQL: a, b, c.
func (t *Table) List() string { return strings.Join(t.Names(), ", ") }

// Places finds columns, named with spaces between them, in the order of the table's rows.
func (t *Table) Places(columns ...string) []int {
	var list []int
	for _, name := range strings.Fields(strings.Join(columns, " ")) {
		list = append(list, slices.IndexFunc(t.Columns, func(c Column) bool { return c.Name == name }))
	}
	return list
}

// Pick adds the values at some places of a row.
func Pick(to, row []any, places []int) []any {
	for _, i := range places {
		to = append(to, row[i])
	}
	return to
}

// Conflict says what an insert does with a key that is there.
type Conflict uint8

// Plain fails, Skip keeps the old row, Replace takes the new one, Add adds the
// columns that are not part of the key up.
const (
	Plain Conflict = iota
	Skip
	Replace
	Add
)

// Tail is the ON CONFLICT clause; target is the table's name in this statement.
func (t *Table) Tail(c Conflict, target string) string {
	if c == Plain {
		return ""
	}
	s := " ON CONFLICT (" + strings.Join(t.Key, ", ") + ") DO "
	if c == Skip {
		return s + "NOTHING"
	}
	var set []string
	for _, col := range t.Columns {
		switch {
		case slices.Contains(t.Key, col.Name):
		case c == Add && col.Type == Big:
			set = append(set, col.Name+" = "+target+"."+col.Name+" + excluded."+col.Name)
		case c == Replace:
			set = append(set, col.Name+" = excluded."+col.Name)
		}
	}
	return s + "UPDATE SET " + strings.Join(set, ", ")
}

// table reads a description: name:type, i = int, b = big, d = doc, else text.
func table(name, columns, key string, projection bool) *Table {
	t := &Table{Name: name, Key: strings.Fields(key), Projection: projection}
	for _, c := range strings.Fields(columns) {
		n, typ, _ := strings.Cut(c, ":")
		t.Columns = append(t.Columns, Column{n, map[string]Type{"i": Int, "b": Big, "d": Doc, "": Text}[typ]})
	}
	return t
}

// The tables.
var (
	EventTable = table("event", "home:i pos:b id record kind type action on_date at:b actor role organ ikey hash batch cause "+
		"late:i opening:i schema:i reason approver changes:d", "home pos", false)
	OutboxTable     = table("outbox", "home:i pos:b n:i state tries:i next:b error event type record on_date doc:d", "home pos n", false)
	DefinitionTable = table("definition", "kind name version:i hash content", "kind name version", false)
	FrozenTable     = table("frozen", "home:i id name at:b hash content", "home id", false)
	AccessTable     = table("access_log", "at:b actor role action target detail", "n", false)
	ErasedTable     = table("erased", "home:i record event on_date", "home record", false)
	MetaTable       = table("meta", "name value", "name", false)
	PasswordTable   = table("password", "person hash kind made:b", "person", false)
	PasskeyTable    = table("passkey", "id person name doc made:b used:b", "id", false)
	IdentityTable   = table("identity", "provider subject person made:b", "provider subject", false)
	NoticeTable     = table("notice", "id at:b person channel target record topic zh en urgent:i state tries:i next:b error done:b", "id", false)
	DeadTable       = table("dead_address", "hash channel shown why at:b record", "hash", false)
	PreferenceTable = table("preference", "person name value", "person name", false)

	HeadTable   = table("head", "home:i pos:b", "home", true)
	RecordTable = table("record", "home:i id kind class state area organ number code initials title text of_home:i of_id "+
		"opened closed due voided:i seq:i pos:b doc:d", "id home", true)
	TallyTable        = table("tally", "kind voided:i level:i state area home:i class cnt:b", "kind voided level state area home", true)
	ClockTable        = table("clock", "home:i record id kind area organ code due running:i voided:i doc:d", "record home id", true)
	TaskTable         = table("task", "home:i record id kind area organ role assignee due running:i voided:i doc:d", "record home id", true)
	LinkTable         = table("link", "to_id role home:i record to_home:i", "to_id role home record", true)
	ContributionTable = table("contribution", "indicator version:i day home:i record n:i pos_from:b key area zones until num:b den:b pos_to:b",
		"indicator version day record home n pos_from", true)
	RollupTable = table("rollup", "indicator version:i level:i area month home:i num:b den:b cnt:b num_out:b den_out:b cnt_out:b",
		"indicator version level area month home", true)
	ClaimTable   = table("claim", "kind value home:i owner", "kind value", true)
	BlindTable   = table("blind", "home:i record field hash", "record home field hash", true)
	CounterTable = table("counter", "home:i organ kind year:i n:i", "home organ kind year", true)
	ReceiptTable = table("receipt", "home:i ikey hash record pos:b", "ikey home", true)
)

// Tables lists all tables an archive holds, in the order it holds them. The
// lease, sessions and tickets belong to the running process and stay out.
var Tables = []*Table{
	EventTable, OutboxTable, DefinitionTable, FrozenTable, AccessTable, ErasedTable, MetaTable, PasswordTable, PasskeyTable, IdentityTable,
	NoticeTable, DeadTable, PreferenceTable,
	HeadTable, RecordTable, TallyTable, ClockTable, TaskTable, LinkTable, ContributionTable, RollupTable,
	ClaimTable, BlindTable, CounterTable, ReceiptTable,
}

// later are tables that archives of earlier releases do not have.
var later = []*Table{PasswordTable, PasskeyTable, IdentityTable, NoticeTable, DeadTable, PreferenceTable}

// Projections lists the tables a rebuild makes again.
func Projections() []*Table {
	return slices.DeleteFunc(slices.Clone(Tables), func(t *Table) bool { return !t.Projection })
}
