package postgres

import (
	"fmt"
	"strings"
	"sync"
	"unicode/utf8"

	"github.com/jackc/pgx/v5"

	"github.com/dinghai/dinghai/store"
)

// group collects the rows of a write set column by column, one statement a
// table, in the order the tables came.
type group struct {
	prefix string
	batch  pgx.Batch
	order  []*store.Op
	rows   map[*store.Op]*columns
}

func newGroup(prefix string) *group {
	return &group{prefix: prefix, rows: map[*store.Op]*columns{}}
}

// opRecord carries one value more than the table's columns: the words.
var opRecord = &store.Op{Table: store.RecordTable, Conflict: store.Replace}

func (g *group) put(op *store.Op, row []any) error {
	c := g.rows[op]
	if c == nil {
		c = new(columns)
		g.rows[op] = c
		g.order = append(g.order, op)
	}
	c.add(row)
	return nil
}

// finish queues the statements.
func (g *group) finish() {
	for _, op := range g.order {
		g.batch.Queue(statement(op, g.prefix), g.rows[op].args()...)
	}
}

// columns is rows turned on their side: every column a []string or []int64.
type columns []any

func (c *columns) add(row []any) {
	if *c == nil {
		*c = make(columns, len(row))
	}
	for i, v := range row {
		switch v := v.(type) {
		case int64:
			list, _ := (*c)[i].([]int64)
			(*c)[i] = append(list, v)
		case string:
			list, _ := (*c)[i].([]string)
			(*c)[i] = append(list, clean(v))
		default:
			panic(fmt.Sprintf("postgres: column of type %T", v))
		}
	}
}

func (c columns) args() []any { return c }

// clean takes out what PostgreSQL refuses in text: NUL and broken UTF-8.
func clean(s string) string {
	if strings.IndexByte(s, 0) < 0 && utf8.ValidString(s) {
		return s
	}
	return strings.ReplaceAll(strings.ToValidUTF8(s, "\uFFFD"), "\x00", "\uFFFD")
}

type statementKey struct {
	op     *store.Op
	prefix string
}

var statements sync.Map // statementKey → SQL

// statement inserts any number of rows given as one array a column.
func statement(op *store.Op, prefix string) string {
	key := statementKey{op, prefix}
	if v, ok := statements.Load(key); ok {
		return v.(string)
	}
	sql := makeStatement(op, prefix)
	statements.Store(key, sql)
	return sql
}

func makeStatement(op *store.Op, prefix string) string {
	names := op.Table.Names()
	var in, values []string
	for i, col := range op.Table.Columns {
		typ, value := "text", "u."+col.Name
		switch col.Type {
		case store.Int, store.Big:
			typ = "bigint"
		case store.Doc:
			value += "::json"
		}
		in = append(in, fmt.Sprintf("$%d::%s[]", i+1, typ))
		values = append(values, value)
	}
	aliases := names
	tail := op.Table.Tail(op.Conflict, op.Table.Name)
	if op == opRecord {
		in = append(in, fmt.Sprintf("$%d::text[]", len(in)+1))
		values = append(values, "string_to_array(u.tokens, ' ')")
		aliases = append(aliases[:len(aliases):len(aliases)], "tokens")
		names = aliases
		tail += ", tokens = excluded.tokens"
	}
	return "INSERT INTO " + prefix + op.Table.Name + " (" + strings.Join(names, ", ") + ") SELECT " + strings.Join(values, ", ") +
		" FROM unnest(" + strings.Join(in, ", ") + ") AS u(" + strings.Join(aliases, ", ") + ")" + tail
}
