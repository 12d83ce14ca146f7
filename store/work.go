package store

import (
	"context"
	"time"
)

// Draft is what a person typed and has not sent. Its body is encrypted by the
// application; the store only keeps it.
type Draft struct {
	Person, Name string
	At           time.Time
	Body         string
}

// KeepDraft keeps a draft, in place of the one of the same name.
func (k *Keep) KeepDraft(ctx context.Context, d Draft) error {
	_, err := k.do(ctx, "INSERT INTO draft (person, name, at, body) VALUES (?, ?, ?, ?)"+
		" ON CONFLICT (person, name) DO UPDATE SET at = excluded.at, body = excluded.body", d.Person, d.Name, nano(d.At), d.Body)
	return err
}

// DropDraft forgets a draft.
func (k *Keep) DropDraft(ctx context.Context, person, name string) error {
	_, err := k.do(ctx, "DELETE FROM draft WHERE person = ? AND name = ?", person, name)
	return err
}

// DropDrafts forgets all drafts older than a time and tells how many.
func (k *Keep) DropDrafts(ctx context.Context, before time.Time) (int64, error) {
	return k.do(ctx, "DELETE FROM draft WHERE at < ?", nano(before))
}

// Draft finds a draft; nil if there is none.
func (r Reader) Draft(ctx context.Context, person, name string) (*Draft, error) {
	list, err := read(ctx, r, scanDraft, "SELECT person, name, at, body FROM draft WHERE person = ? AND name = ?", person, name)
	if err != nil || len(list) == 0 {
		return nil, err
	}
	return &list[0], nil
}

// Drafts lists a person's drafts, newest first.
func (r Reader) Drafts(ctx context.Context, person string) ([]Draft, error) {
	return read(ctx, r, scanDraft, "SELECT person, name, at, body FROM draft WHERE person = ? ORDER BY at DESC, name", person)
}

func scanDraft(rows Rows) (d Draft, err error) {
	var at int64
	err = rows.Scan(&d.Person, &d.Name, &at, &d.Body)
	d.At = unnano(at)
	return d, err
}

// Saved is a person's own view of a list: filters, order and columns as a query.
type Saved struct{ Person, Page, Name, Query string }

// Save keeps a view under its name; an empty query forgets it.
func (k *Keep) Save(ctx context.Context, s Saved) error {
	if s.Query == "" {
		_, err := k.do(ctx, "DELETE FROM saved WHERE person = ? AND page = ? AND name = ?", s.Person, s.Page, s.Name)
		return err
	}
	_, err := k.do(ctx, "INSERT INTO saved (person, page, name, query, at) VALUES (?, ?, ?, ?, ?)"+
		" ON CONFLICT (person, page, name) DO UPDATE SET query = excluded.query", s.Person, s.Page, s.Name, s.Query, time.Now().UnixNano())
	return err
}

// SavedOf lists a person's views of a page, oldest first.
func (r Reader) SavedOf(ctx context.Context, person, page string) ([]Saved, error) {
	return read(ctx, r, func(rows Rows) (s Saved, err error) {
		return s, rows.Scan(&s.Person, &s.Page, &s.Name, &s.Query)
	}, "SELECT person, page, name, query FROM saved WHERE person = ? AND page = ? ORDER BY at, name", person, page)
}
