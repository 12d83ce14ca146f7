package store

import (
	"archive/tar"
	"compress/gzip"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"hash"
	"io"
	"time"

	"github.com/dinghai/dinghai/domain"
	"github.com/dinghai/dinghai/store/codec"
)

// An archive is a backup either engine can make and restore: a tar.gz of the
// tables as lines of JSON arrays, cut into parts so that neither side needs
// more memory than one part. format.json comes first and names the columns;
// manifest.json comes last with heads, counts and a SHA-256 per table, and a
// restore commits only if they agree. Keys of persons are not in it.

// archiveFormat is the number a reader must know.
const archiveFormat = 1

// Format is the first file of an archive.
type Format struct {
	Format int                 `json:"format"`
	Made   time.Time           `json:"made"`
	Tables map[string][]string `json:"tables"`
}

// Manifest is the last file of an archive.
type Manifest struct {
	Heads  map[int]int64     `json:"heads"`
	Counts map[string]int    `json:"counts"`
	SHA256 map[string]string `json:"sha256"`
}

// partSize is where a table's lines are cut.
const partSize = 4 << 20

// WriteArchive writes all tables as one snapshot.
func (r Reader) WriteArchive(ctx context.Context, w io.Writer) error {
	return r.View(ctx, func(q Querier) error {
		zw, err := gzip.NewWriterLevel(w, gzip.BestSpeed)
		if err != nil {
			return err
		}
		a := &archiver{tw: tar.NewWriter(zw), made: time.Now().UTC(), manifest: Manifest{Counts: map[string]int{}, SHA256: map[string]string{}}}
		if err := a.all(ctx, r.Dialect, q); err != nil {
			return unavailable(err)
		}
		if err := a.tw.Close(); err != nil {
			return unavailable(err)
		}
		return unavailable(zw.Close())
	})
}

// unavailable marks a failing disk or pipe; errors with a code keep it.
func unavailable(err error) error {
	if err == nil || domain.ErrorCode(err) != domain.Internal {
		return err
	}
	return domain.Wrap(domain.Unavailable, err)
}

type archiver struct {
	tw       *tar.Writer
	made     time.Time
	manifest Manifest
	part     []byte
	parts    int
	sum      hash.Hash
}

func (a *archiver) all(ctx context.Context, d Dialect, q Querier) (err error) {
	if a.manifest.Heads, err = HeadsOf(ctx, q, "head"); err != nil {
		return err
	}
	f := Format{Format: archiveFormat, Made: a.made, Tables: map[string][]string{}}
	for _, t := range Tables {
		f.Tables[t.Name] = t.Names()
	}
	if err := a.json("format.json", f); err != nil {
		return err
	}
	for _, t := range Tables {
		if err := a.table(ctx, d, q, t); err != nil {
			return err
		}
	}
	return a.json("manifest.json", a.manifest)
}

func (a *archiver) json(name string, v any) error {
	b, err := json.MarshalIndent(v, "", " ")
	if err != nil {
		return err
	}
	return a.file(name, b)
}

func (a *archiver) file(name string, b []byte) error {
	if err := a.tw.WriteHeader(&tar.Header{Name: name, Mode: 0o600, Size: int64(len(b)), ModTime: a.made}); err != nil {
		return err
	}
	_, err := a.tw.Write(b)
	return err
}

func (a *archiver) table(ctx context.Context, d Dialect, q Querier, t *Table) error {
	a.sum, a.parts = sha256.New(), 0
	sql := "SELECT " + textColumns(d, t) + " FROM " + t.Name
	if t == AccessTable {
		sql += " ORDER BY n" // its lines are numbered again on the way in
	}
	s, err := newSide(ctx, q, sql, len(t.Columns))
	if err != nil {
		return err
	}
	defer s.Close()
	for ; s.ok; s.next() {
		a.part = appendLine(a.part, t, s.row)
		a.manifest.Counts[t.Name]++
		if len(a.part) >= partSize {
			if err := a.flush(t); err != nil {
				return err
			}
		}
	}
	if s.err != nil {
		return s.err
	}
	if err := a.flush(t); err != nil {
		return err
	}
	a.manifest.SHA256[t.Name] = hex.EncodeToString(a.sum.Sum(nil))
	return nil
}

func (a *archiver) flush(t *Table) error {
	if len(a.part) == 0 {
		return nil
	}
	a.parts++
	a.sum.Write(a.part)
	err := a.file(fmt.Sprintf("%s/%06d.ndjson", t.Name, a.parts), a.part)
	a.part = a.part[:0]
	return err
}

// appendLine writes a row: numbers and documents as they are, text quoted.
func appendLine(b []byte, t *Table, row []string) []byte {
	b = append(b, '[')
	for i, v := range row {
		if i > 0 {
			b = append(b, ',')
		}
		if t.Columns[i].Type == Text {
			b = codec.Append(b, &v)
		} else {
			b = append(b, v...)
		}
	}
	return append(b, "]\n"...)
}
