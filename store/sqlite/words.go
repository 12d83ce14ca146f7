package sqlite

import (
	"slices"

	"github.com/dinghai/dinghai/domain"
	"github.com/dinghai/dinghai/store"
)

// wording is a change of a text index.
type wording struct {
	entry int64
	words string // "" removes
}

// index brings a text index up to date. FTS5 collects what comes in rising
// order in memory; anything out of order would flush it, hence the sorting.
func (t *tx) index(table string, list []wording) error {
	slices.SortFunc(list, func(a, b wording) int {
		switch {
		case (a.words == "") != (b.words == ""):
			return boolOrder(a.words == "")
		case a.entry < b.entry:
			return -1
		}
		return 1
	})
	for _, w := range list {
		var err error
		if w.words == "" {
			err = t.c.exec("DELETE FROM "+t.Prefix+table+" WHERE rowid = ?", w.entry)
		} else {
			err = t.c.exec("INSERT INTO "+t.Prefix+table+" (rowid, "+columnOf[table]+") VALUES (?, ?)", w.entry, w.words)
		}
		if err != nil {
			return err
		}
	}
	return nil
}

var columnOf = map[string]string{"search": "body", "blind_hash": "hashes"}

func boolOrder(first bool) int {
	if first {
		return -1
	}
	return 1
}

// blind replaces the hashes of each field named: all its old ones go before the
// first new one comes. A new record has none.
func (t *tx) blind(ws *domain.WriteSet) error {
	if len(ws.Blind) == 0 {
		return nil
	}
	fresh := make(map[domain.Ref]bool, len(ws.Records))
	for i := range ws.Records {
		fresh[ws.Records[i].Ref] = ws.Records[i].New
	}
	type field struct {
		of   domain.Ref
		name string
	}
	seen := make(map[field]bool, len(ws.Blind))
	known := make(map[domain.Ref]bool, len(ws.Blind))
	for i := range ws.Blind {
		b := &ws.Blind[i]
		of := domain.Ref{Home: b.Home, ID: b.Record}
		known[of] = fresh[of]
		if f := (field{of, b.Field}); !seen[f] && !fresh[of] {
			seen[f] = true
			if err := t.c.exec("DELETE FROM "+t.Prefix+"blind WHERE home = ? AND record = ? AND field = ?", b.Home, b.Record, b.Field); err != nil {
				return err
			}
		}
		if b.Hash == "" {
			continue
		}
		if err := t.put(store.OpBlind, store.BlindRow(nil, b)); err != nil {
			return err
		}
	}
	return t.hashes(known)
}

// hashes brings the text index of the blind index up to date for some records;
// true marks those it does not have yet.
func (t *tx) hashes(records map[domain.Ref]bool) error {
	list := make([]wording, 0, len(records))
	for of, fresh := range records {
		w, err := t.hashesOf(of)
		if err != nil {
			return err
		}
		if !fresh {
			list = append(list, wording{entry: w.entry})
		}
		if w.words != "" {
			list = append(list, w)
		}
	}
	return t.index("blind_hash", list)
}

func (t *tx) hashesOf(of domain.Ref) (w wording, err error) {
	rows, err := t.c.Query(background, "SELECT r.n, coalesce(group_concat(b.hash, ' '), '') FROM "+t.Prefix+"record r LEFT JOIN "+t.Prefix+
		"blind b ON b.record = r.id AND b.home = r.home WHERE r.id = ? AND r.home = ? GROUP BY r.n", of.ID, of.Home)
	if err != nil {
		return w, err
	}
	defer rows.Close()
	if rows.Next() {
		err = rows.Scan(&w.entry, &w.words)
	} else {
		err = rows.Err()
	}
	return w, err
}

// allHashes fills the empty text index of the blind index.
const allHashes = "INSERT INTO blind_hash (rowid, hashes) SELECT r.n, group_concat(b.hash, ' ')" +
	" FROM blind b JOIN record r ON r.id = b.record AND r.home = b.home GROUP BY r.n ORDER BY r.n"
