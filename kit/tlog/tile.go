package tlog

import (
	"encoding/binary"
	"fmt"
	"math"
	"strconv"
	"strings"

	"golang.org/x/mod/sumdb/tlog"
)

// Tiles of C2SP tlog-tiles hold 256 hashes, eight levels of the tree.
const (
	tileHeight = 8
	tileWidth  = 1 << tileHeight
	maxEntry   = math.MaxUint16 // an entry's length in a bundle has two bytes
)

// TilePath is a file of a log in static form: a tile of hashes, or a bundle of
// entries.
type TilePath struct {
	Entries bool
	Level   int   // of a tile
	N       int64 // index within the level
	Width   int   // hashes or entries in it, 1 to 256
}

// String returns the path, such as tile/0/x001/234 or tile/entries/000.p/7.
func (t TilePath) String() string {
	level := "entries"
	if !t.Entries {
		level = strconv.Itoa(t.Level)
	}
	n := fmt.Sprintf("%03d", t.N%1000)
	for k := t.N / 1000; k > 0; k /= 1000 {
		n = fmt.Sprintf("x%03d/%s", k%1000, n)
	}
	if t.Width < tileWidth {
		n += fmt.Sprintf(".p/%d", t.Width)
	}
	return "tile/" + level + "/" + n
}

// ParseTilePath reads a path as String writes it.
func ParseTilePath(s string) (TilePath, error) {
	t := TilePath{Width: tileWidth}
	rest, ok := strings.CutPrefix(s, "tile/")
	level, rest, ok2 := strings.Cut(rest, "/")
	if !ok || !ok2 || len(s) > 64 {
		return t, fail("path", "syntax")
	}
	if t.Entries = level == "entries"; !t.Entries {
		n, ok := parseNumber(level)
		if !ok || n > 63 {
			return t, fail("path", "syntax")
		}
		t.Level = int(n)
	}
	if n, w, partial := strings.Cut(rest, ".p/"); partial {
		width, ok := parseNumber(w)
		if !ok || width < 1 || width >= tileWidth {
			return t, fail("path", "range")
		}
		t.Width, rest = int(width), n
	}
	for _, part := range strings.Split(rest, "/") {
		n, err := strconv.ParseUint(strings.TrimPrefix(part, "x"), 10, 10)
		if err != nil || t.N > math.MaxInt64/1000-1 {
			return t, fail("path", "syntax")
		}
		t.N = t.N*1000 + int64(n)
	}
	if t.String() != s {
		return t, fail("path", "syntax")
	}
	return t, nil
}

// within reports whether a log of the given size has the file: the last tile of
// a level is only as wide as there are hashes, and may be asked for narrower.
func (t TilePath) within(size uint64) bool {
	shift := uint(t.Level) * tileHeight
	if t.Entries {
		shift = 0
	}
	if shift > 62 {
		return false
	}
	have := size >> shift // hashes in the level
	first := uint64(t.N) * tileWidth
	return first < have && uint64(t.Width) <= have-first
}

// TilePaths lists the files that a log of size1 entries gains by growing to
// size2: tiles and bundles, full ones and the partial ones at the edge.
func TilePaths(size1, size2 uint64) []TilePath {
	var out []TilePath
	for _, t := range tlog.NewTiles(tileHeight, int64(size1), int64(size2)) {
		out = append(out, TilePath{Level: t.L, N: t.N, Width: t.W})
		if t.L == 0 {
			out = append(out, TilePath{Entries: true, N: t.N, Width: t.W})
		}
	}
	return out
}

// appendBundle adds an entry to a bundle.
func appendBundle(b, entry []byte) []byte {
	return append(binary.BigEndian.AppendUint16(b, uint16(len(entry))), entry...)
}

// ParseBundle takes a bundle of entries apart.
func ParseBundle(b []byte) ([][]byte, error) {
	var out [][]byte
	for len(b) > 0 {
		if len(out) == tileWidth {
			return nil, &Error{"entry", len(out), "range"}
		}
		if len(b) < 2 || len(b)-2 < int(binary.BigEndian.Uint16(b)) {
			return nil, &Error{"entry", len(out), "length"}
		}
		n := 2 + int(binary.BigEndian.Uint16(b))
		out = append(out, b[2:n:n])
		b = b[n:]
	}
	return out, nil
}

// A Reader reads a log in static form and believes nothing that does not hash to
// its checkpoint. Get returns a file by path; a missing partial file is looked
// for as the full one.
type Reader struct {
	Checkpoint Checkpoint
	Get        func(path string) ([]byte, error)
}

// ReadHashes implements the HashReader of x/mod, from which every proof is made.
func (r Reader) ReadHashes(positions []int64) ([]Hash, error) {
	tree := tlog.Tree{N: int64(r.Checkpoint.Size), Hash: r.Checkpoint.Root}
	return tlog.TileHashReader(tree, tiles{r}).ReadHashes(positions)
}

type tiles struct{ r Reader }

func (t tiles) Height() int                         { return tileHeight }
func (t tiles) SaveTiles(_ []tlog.Tile, _ [][]byte) {}

func (t tiles) ReadTiles(list []tlog.Tile) ([][]byte, error) {
	out := make([][]byte, len(list))
	for i, x := range list {
		b, err := t.r.file(TilePath{Level: x.L, N: x.N, Width: x.W})
		if err != nil {
			return nil, err
		}
		if len(b) < x.W*tlog.HashSize {
			return nil, &Error{"tile", i, "length"}
		}
		out[i] = b[:x.W*tlog.HashSize]
	}
	return out, nil
}

func (r Reader) file(t TilePath) ([]byte, error) {
	b, err := r.Get(t.String())
	if err != nil && t.Width < tileWidth {
		t.Width = tileWidth
		b, err = r.Get(t.String())
	}
	return b, err
}

// Entries returns the entries of one bundle, from n*256, each checked against
// the checkpoint.
func (r Reader) Entries(n int64) ([][]byte, error) {
	first := uint64(n) * tileWidth
	if n < 0 || uint64(n) > math.MaxInt64/tileWidth || first >= r.Checkpoint.Size {
		return nil, fail("index", "range")
	}
	width := int(min(r.Checkpoint.Size-first, tileWidth))
	b, err := r.file(TilePath{Entries: true, N: n, Width: width})
	if err != nil {
		return nil, err
	}
	entries, err := ParseBundle(b)
	if err != nil {
		return nil, err
	}
	if len(entries) < width {
		return nil, fail("tile", "length")
	}
	positions := make([]int64, width)
	for i := range positions {
		positions[i] = tlog.StoredHashIndex(0, int64(first)+int64(i))
	}
	leaves, err := r.ReadHashes(positions)
	if err != nil {
		return nil, err
	}
	for i, h := range leaves {
		if LeafHash(entries[i]) != h {
			return nil, &Error{"entry", i, "mismatch"}
		}
	}
	return entries[:width], nil
}

// Inclusion makes the proof of an entry under the checkpoint.
func (r Reader) Inclusion(index uint64) ([]Hash, error) {
	return inclusion(r, index, r.Checkpoint.Size)
}

// Consistency makes the proof that a smaller tree is the beginning of the
// checkpoint's.
func (r Reader) Consistency(size uint64) ([]Hash, error) {
	return consistency(r, size, r.Checkpoint.Size)
}

func inclusion(r tlog.HashReader, index, size uint64) ([]Hash, error) {
	if size > math.MaxInt64 || index >= size {
		return nil, fail("index", "range")
	}
	return tlog.ProveRecord(int64(size), int64(index), r)
}

func consistency(r tlog.HashReader, size1, size2 uint64) ([]Hash, error) {
	if size2 > math.MaxInt64 || size1 > size2 {
		return nil, fail("size", "range")
	}
	if size1 == 0 || size1 == size2 {
		return nil, nil
	}
	return tlog.ProveTree(int64(size2), int64(size1), r)
}
