package sqlite

import (
	"strings"

	"github.com/dinghai/dinghai/domain"
	"github.com/dinghai/dinghai/store"
)

// record writes a record, its place in the totals and its text.
func (t *tx) record(p *store.Plan, r *domain.RecordRow) error {
	if r.New {
		return t.newRecord(p, r)
	}
	if r.Was != nil && !r.Reindex && r.Was.Voided == r.Voided {
		return t.goOn(p, r)
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
	return t.change(r, n, fts, r.Reindex || title != r.Title || was.Voided != r.Voided)
}

// goOn updates a record that is found under the same words as before. Columns
// no index holds are cheap to write; the others are written only when they
// differ, because SQLite renews their index entries in any case.
func (t *tx) goOn(p *store.Plan, r *domain.RecordRow) error {
	p.Counted(store.WasOf(r.Was), r)
	which := touchRecord
	if w := r.Was; w.State != r.State || w.Area != r.Area || w.Opened != r.Opened {
		which = moveRecord
	}
	n, err := t.c.affect(t.recordSQL(which), store.Pick(t.c.room[:0], store.RecordRow(t.c.whole[:0], r), recordColumns[which])...)
	if err == nil && n == 0 {
		err = missing(r)
	}
	return err
}

func missing(r *domain.RecordRow) error {
	return domain.Failf(domain.Internal, "record", "missing", "没有记录 %s", "no record %s to change", r.Ref)
}

func (t *tx) newRecord(p *store.Plan, r *domain.RecordRow) error {
	n, err := t.nextRow()
	if err != nil {
		return err
	}
	p.Counted(nil, r)
	fts := t.reword(r, n, 0)
	row := append(store.RecordRow(t.c.room[:0], r), n, fts)
	return t.c.exec(t.recordSQL(insertRecord), row...)
}

// change updates a record; its text only where that changed.
func (t *tx) change(r *domain.RecordRow, n, fts int64, reindex bool) error {
	if reindex {
		fts = t.reword(r, n, fts)
	}
	row := append(store.RecordRow(t.c.room[:0], r), fts, n)
	return t.c.exec(t.recordSQL(updateRecord), row...)
}

// reword notes what the text index must forget and learn, and gives the
// record's new entry.
func (t *tx) reword(r *domain.RecordRow, n, old int64) int64 {
	if old != 0 {
		t.words = append(t.words, wording{entry: old})
	}
	if r.Text == "" {
		return 0
	}
	e := entry(n, r.Title, r.Voided)
	t.words = append(t.words, wording{e, r.Text})
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
