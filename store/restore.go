package store

import (
	"archive/tar"
	"bytes"
	"compress/gzip"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"hash"
	"io"
	"slices"
	"strconv"
	"strings"

	"github.com/dinghai/dinghai/domain"
	"github.com/dinghai/dinghai/store/codec"
)

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
		if f.Tables[t.Name] == nil && slices.Contains(later, t) {
			delete(x.sums, t.Name)
			continue
		}
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
		if t.Name != name || x.sums[name] == nil {
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
		if x.sums[t.Name] == nil {
			continue // came with a later release
		}
		if sum := hex.EncodeToString(x.sums[t.Name].Sum(nil)); sum != m.SHA256[t.Name] {
			return Broken("%s: SHA-256 differs", t.Name)
		}
	}
	return nil
}

// ErrNotEmpty is the error of a restore over existing facts.
var ErrNotEmpty = domain.Fail(domain.Refused, "", "empty", "只能恢复到空数据库", "a restore needs an empty database")
