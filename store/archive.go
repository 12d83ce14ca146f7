package store

import (
	"archive/tar"
	"bytes"
	"compress/gzip"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"hash"
	"io"
	"strconv"
	"strings"
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

// Broken is the error for an archive that cannot be trusted.
func Broken(format string, args ...any) error {
	return domain.Failf(domain.Invalid, "", "archive", "备份文件不完整或已损坏：%s", "the archive is incomplete or damaged: %s", fmt.Sprintf(format, args...))
}

// ReadArchive hands every row to sink, in the types Op rows have, and checks
// the archive against its manifest. The caller commits only if it gives no error.
func ReadArchive(r io.Reader, sink func(t *Table, row []any) error) (m Manifest, err error) {
	zr, err := gzip.NewReader(r)
	if err != nil {
		return m, Broken("%v", err)
	}
	x := extractor{tr: tar.NewReader(zr), sink: sink, sums: map[string]hash.Hash{}, counts: map[string]int{}}
	for _, t := range Tables {
		x.sums[t.Name] = sha256.New()
	}
	for !x.done {
		h, err := x.tr.Next()
		if err != nil {
			return m, Broken("%v", err)
		}
		if err := x.file(h.Name, &m); err != nil {
			return m, err
		}
	}
	return m, x.verify(&m)
}

type extractor struct {
	tr     *tar.Reader
	sink   func(*Table, []any) error
	sums   map[string]hash.Hash
	counts map[string]int
	known  bool // the format is one we read
	done   bool
	buf    bytes.Buffer
}

func (x *extractor) file(name string, m *Manifest) error {
	x.buf.Reset()
	if _, err := x.buf.ReadFrom(io.LimitReader(x.tr, 16*partSize)); err != nil {
		return Broken("%s: %v", name, err)
	}
	switch name {
	case "format.json":
		return x.format()
	case "manifest.json":
		x.done = true
		if err := json.Unmarshal(x.buf.Bytes(), m); err != nil {
			return Broken("%v", err)
		}
		return nil
	}
	table, _, _ := strings.Cut(name, "/")
	return x.part(table)
}

// format refuses archives of releases with other tables.
func (x *extractor) format() error {
	var f Format
	if err := json.Unmarshal(x.buf.Bytes(), &f); err != nil {
		return Broken("%v", err)
	}
	if f.Format != archiveFormat {
		return domain.Failf(domain.Refused, "", "format", "备份格式为 %d，本版本只能读取 %d", "the archive has format %d, this release reads %d", f.Format, archiveFormat)
	}
	for _, t := range Tables {
		if strings.Join(f.Tables[t.Name], " ") != strings.Join(t.Names(), " ") {
			return domain.Failf(domain.Refused, t.Name, "format", "备份中的表 %s 与本版本不同", "table %s of the archive differs from this release", t.Name)
		}
	}
	x.known = true
	return nil
}

func (x *extractor) part(name string) error {
	if !x.known {
		return Broken("format.json is missing")
	}
	for _, t := range Tables {
		if t.Name != name {
			continue
		}
		x.sums[name].Write(x.buf.Bytes())
		for line := range strings.Lines(x.buf.String()) {
			row, err := parseLine(t, line)
			if err != nil {
				return Broken("%s: %v", name, err)
			}
			x.counts[name]++
			if err := x.sink(t, row); err != nil {
				return err
			}
		}
		return nil
	}
	return Broken("unknown table %q", name)
}

func parseLine(t *Table, line string) ([]any, error) {
	cells, err := codec.Elements(strings.TrimSuffix(line, "\n"))
	if err != nil {
		return nil, err
	}
	if len(cells) != len(t.Columns) {
		return nil, fmt.Errorf("%d cells for %d columns", len(cells), len(t.Columns))
	}
	row := make([]any, len(cells))
	for i, cell := range cells {
		switch t.Columns[i].Type {
		case Text:
			var s string
			err = codec.Decode(cell, &s)
			row[i] = s
		case Doc:
			row[i] = cell
		default:
			row[i], err = strconv.ParseInt(cell, 10, 64)
		}
		if err != nil {
			return nil, err
		}
	}
	return row, nil
}

// verify compares what was read with what the manifest promises.
func (x *extractor) verify(m *Manifest) error {
	for _, t := range Tables {
		if x.counts[t.Name] != m.Counts[t.Name] {
			return Broken("%s: %d rows, manifest says %d", t.Name, x.counts[t.Name], m.Counts[t.Name])
		}
		if sum := hex.EncodeToString(x.sums[t.Name].Sum(nil)); sum != m.SHA256[t.Name] {
			return Broken("%s: SHA-256 differs", t.Name)
		}
	}
	return nil
}

// ErrNotEmpty is the error of a restore over existing facts.
var ErrNotEmpty = domain.Fail(domain.Refused, "", "empty", "只能恢复到空数据库", "a restore needs an empty database")
