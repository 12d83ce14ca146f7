package sqlite

import (
	"strings"

	"github.com/dinghai/dinghai/domain"
	"github.com/dinghai/dinghai/kit/bigram"
	"github.com/dinghai/dinghai/store"
)

// Prepare makes the documents of a write set.
func (s *Store) Prepare(ws *domain.WriteSet) { ws.Made = docsOf(ws) }

// docsOf gives what was prepared, or makes it now. A record that goes on under
// the same words keeps its entry; should the store find otherwise, change looks
// again.
func docsOf(ws *domain.WriteSet) *store.Docs {
	if d, ok := ws.Made.(*store.Docs); ok {
		return d
	}
	return store.MakeDocs(ws, func(r *domain.RecordRow, folded string) string {
		if r.Was != nil && !r.Reindex && r.Was.Voided == r.Voided {
			return ""
		}
		return bigram.Text(folded)
	})
}

// record writes a record, its place in the totals and its text.
func (t *tx) record(p *store.Plan, d *store.Docs, i int) error {
	r := &p.WS.Records[i]
	if r.New {
		return t.newRecord(p, d, i)
	}
	if r.Was != nil && !r.Reindex && r.Was.Voided == r.Voided {
		return t.goOn(p, d, i)
	}
	rows, err := t.c.Query(background, "SELECT n, kind, class, state, area, voided, home, title, fts FROM "+t.Prefix+"record WHERE home = ? AND id = ?", r.Home, r.ID)
	if err != nil {
		return err
	}
	defer rows.Close()
	if !rows.Next() {
		if err := rows.Err(); err != nil {
			return err
		}
		return missing(r)
	}
	var n, fts int64
	var voided int
	var title string
	was := &t.was
	if err := rows.Scan(&n, &was.Kind, &was.Class, &was.State, &was.Area, &voided, &was.Home, &title, &fts); err != nil {
		return err
	}
	was.Voided = voided == 1
	p.Counted(was, r)
	return t.change(r, d, i, n, fts, r.Reindex || title != r.Title || was.Voided != r.Voided)
}

// goOn updates a record that is found under the same words as before. Columns
// no index holds are cheap to write; the others are written only when they
// differ, because SQLite renews their index entries in any case.
func (t *tx) goOn(p *store.Plan, d *store.Docs, i int) error {
	r := &p.WS.Records[i]
	p.Counted(store.WasOf(r.Was), r)
	which := touchRecord
	if w := r.Was; w.State != r.State || w.Area != r.Area || w.Opened != r.Opened {
		which = moveRecord
	}
	n, err := t.c.affect(t.recordSQL(which), store.Pick(t.c.room[:0], d.RecordRow(t.c.whole[:0], r, i), recordColumns[which])...)
	if err == nil && n == 0 {
		err = missing(r)
	}
	return err
}

func missing(r *domain.RecordRow) error {
	return domain.Failf(domain.Internal, "record", "missing", "没有记录 %s", "no record %s to change", r.Ref)
}

func (t *tx) newRecord(p *store.Plan, d *store.Docs, i int) error {
	r := &p.WS.Records[i]
	n, err := t.nextRow()
	if err != nil {
		return err
	}
	p.Counted(nil, r)
	fts := t.reword(r, d.Words[i], n, 0)
	row := append(d.RecordRow(t.c.room[:0], r, i), n, fts)
	return t.c.exec(t.recordSQL(insertRecord), row...)
}

// change updates a record; its text only where that changed.
func (t *tx) change(r *domain.RecordRow, d *store.Docs, i int, n, fts int64, reindex bool) error {
	if reindex {
		fts = t.reword(r, d.Words[i], n, fts)
	}
	row := append(d.RecordRow(t.c.room[:0], r, i), fts, n)
	return t.c.exec(t.recordSQL(updateRecord), row...)
}

// reword notes what the text index must forget and learn, and gives the
// record's new entry.
func (t *tx) reword(r *domain.RecordRow, words string, n, old int64) int64 {
	if old != 0 {
		t.words = append(t.words, wording{entry: old})
	}
	if words == "" {
		return 0
	}
	e := entry(n, r.Title, r.Voided)
	t.words = append(t.words, wording{e, words})
	return e
}

// nextRow counts row numbers up in memory: the writer is the only one.
func (t *tx) nextRow() (int64, error) {
	n := t.rows[t.Prefix]
	if n == 0 {
		rows, err := t.c.Query(background, "SELECT coalesce(max(n), 0) FROM "+t.Prefix+"record")
		if err != nil {
			return 0, err
		}
		defer rows.Close()
		if !rows.Next() {
			return 0, rows.Err()
		}
		if err := rows.Scan(&n); err != nil {
			return 0, err
		}
	}
	t.rows[t.Prefix] = n + 1
	return n + 1, nil
}

const (
	insertRecord = iota
	updateRecord
	touchRecord
	moveRecord
)

// recordColumns are the columns the statements of goOn write, then its key.
var recordColumns = map[int][]int{
	touchRecord: store.RecordTable.Places(touched, "home id"),
	moveRecord:  store.RecordTable.Places("state area opened "+touched, "home id"),
}

const touched = "class organ of_home of_id closed due seq pos doc"

var recordSQLs = map[string]*[4]string{"": recordStatements(""), shadowPrefix: recordStatements(shadowPrefix)}

func (t *tx) recordSQL(which int) string { return recordSQLs[t.Prefix][which] }

func recordStatements(prefix string) *[4]string {
	names := store.RecordTable.Names()
	set := func(columns string) string {
		return "UPDATE " + prefix + "record SET " + strings.Join(strings.Fields(columns), " = ?, ") + " = ? WHERE "
	}
	return &[4]string{
		"INSERT INTO " + prefix + "record (" + strings.Join(names, ", ") + ", n, fts) VALUES (" + marks(len(names)+2) + ")",
		set(strings.Join(names, " ")+" fts") + "n = ?",
		set(touched) + "home = ? AND id = ?",
		set("state area opened "+touched) + "home = ? AND id = ?",
	}
}

const shadowPrefix = "shadow_"
