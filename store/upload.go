package store

import (
	"context"
	"strings"
	"time"

	"github.com/dinghai/dinghai/domain"
)

// Upload is a file on its way in: announced, arriving, or whole and not yet
// part of a record.
type Upload struct {
	ID, Person string
	At         time.Time
	Name       string
	Size       int64
	Sum        string // SHA-256 the sender gave, "" = none
	File       string // address of the stored content, "" while it arrives
	Value      string // the field's value, locked by the application
}

// AddUpload announces one, unless the person has too many under way.
func (k *Keep) AddUpload(ctx context.Context, u Upload, most int) error {
	return k.Transact(ctx, func(c Conn) error {
		var n int
		rows, err := c.Query(ctx, "SELECT count(*) FROM upload WHERE person = ? AND file = ''", u.Person)
		if _, err = one(rows, err, &n); err != nil {
			return err
		}
		if n >= most && u.File == "" {
			return domain.Failf(domain.Refused, "file", "many", "同时上传的文件不能超过%d个，请等已选的文件传完", "at most %d files at a time; wait until those chosen have arrived", most)
		}
		_, err = c.Exec(ctx, "INSERT INTO upload (id, person, at, name, size, sum, file, value) VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
			u.ID, u.Person, nano(u.At), u.Name, u.Size, u.Sum, u.File, u.Value)
		return err
	})
}

// EndUpload notes where the content lies and the value that opens it.
func (k *Keep) EndUpload(ctx context.Context, id, file, value string) error {
	_, err := k.do(ctx, "UPDATE upload SET file = ?, value = ? WHERE id = ?", file, value, id)
	return err
}

// DropUpload forgets one; false if it was gone.
func (k *Keep) DropUpload(ctx context.Context, id string) (bool, error) {
	n, err := k.do(ctx, "DELETE FROM upload WHERE id = ?", id)
	return n > 0, err
}

// ClaimFiles makes stored files part of records: they are no longer swept.
func (k *Keep) ClaimFiles(ctx context.Context, files ...string) error {
	if len(files) == 0 {
		return nil
	}
	args := make([]any, len(files))
	for i, f := range files {
		args[i] = f
	}
	_, err := k.do(ctx, "DELETE FROM upload WHERE file IN (?"+strings.Repeat(", ?", len(files)-1)+")", args...)
	return err
}

const uploadColumns = "SELECT id, person, at, name, size, sum, file, value FROM upload"

// Upload finds one; nil if there is none.
func (r Reader) Upload(ctx context.Context, id string) (*Upload, error) {
	list, err := read(ctx, r, scanUpload, uploadColumns+" WHERE id = ?", id)
	if err != nil || len(list) == 0 {
		return nil, err
	}
	return &list[0], nil
}

// Uploads lists those announced before a time, oldest first.
func (r Reader) Uploads(ctx context.Context, before time.Time) ([]Upload, error) {
	return read(ctx, r, scanUpload, uploadColumns+" WHERE at < ? ORDER BY at, id", nano(before))
}

func scanUpload(rows Rows) (u Upload, err error) {
	var at int64
	err = rows.Scan(&u.ID, &u.Person, &at, &u.Name, &u.Size, &u.Sum, &u.File, &u.Value)
	u.At = unnano(at)
	return u, err
}
