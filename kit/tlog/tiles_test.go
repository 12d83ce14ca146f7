package tlog

import (
	"bytes"
	"context"
	"encoding/hex"
	"errors"
	"slices"
	"testing"

	"golang.org/x/mod/sumdb/note"
)

type tilesLog struct {
	Entries     []string
	Origin      string
	VKey        string
	Checkpoints []struct {
		Size       uint64
		Checkpoint string
	}
	Tiles []struct{ Path, Hex string }
}

var errNotThere = errors.New("not there")

// The log that another implementation wrote is read with nothing but its files,
// and a Log given the same entries writes the same files.
func TestTilesVectors(t *testing.T) {
	var v tilesLog
	readJSON(t, "tiles-log.json", &v)
	key, err := note.NewVerifier(v.VKey)
	if err != nil {
		t.Fatal(err)
	}
	files := map[string][]byte{}
	for _, f := range v.Tiles {
		b, err := hex.DecodeString(f.Hex)
		if err != nil {
			t.Fatal(err)
		}
		files[f.Path] = b
	}
	get := func(path string) ([]byte, error) {
		if b, ok := files[path]; ok {
			return b, nil
		}
		return nil, errNotThere
	}
	checkpoints := 0
	for i, c := range v.Checkpoints {
		if readVectorLog(t, key, []byte(c.Checkpoint), uint64(i), v.Entries, get) {
			checkpoints++
		}
	}
	written := writeVectorLog(t, v, files)
	t.Logf("%d of 16 checkpoints and %d of 30 tiles pass", checkpoints, written)
	if checkpoints != 16 || written != 30 {
		t.Fail()
	}
}

func readVectorLog(t *testing.T, key note.Verifier, signed []byte, size uint64, entries []string, get func(string) ([]byte, error)) bool {
	c, err := OpenCheckpoint(signed, key)
	if err != nil || c.Size != size {
		t.Errorf("size %d: %v, %v", size, c, err)
		return false
	}
	r := Reader{c, get}
	got, err := r.Entries(0)
	if size == 0 {
		return err != nil && c.Root == EmptyRoot
	}
	if err != nil || !slices.EqualFunc(got, entries[:size], func(a []byte, b string) bool { return string(a) == b }) {
		t.Errorf("size %d: %q, %v", size, got, err)
		return false
	}
	for i := range size {
		p, err := r.Inclusion(i)
		if err != nil || VerifyInclusion(p, i, size, LeafHash([]byte(entries[i])), c.Root) != nil {
			t.Errorf("size %d, entry %d: %v", size, i, err)
			return false
		}
	}
	return true
}

func writeVectorLog(t *testing.T, v tilesLog, files map[string][]byte) int {
	l, _ := newLog(t, nil)
	ctx, same := context.Background(), map[string]bool{}
	for i, e := range v.Entries {
		if _, err := l.Append(ctx, []byte(e)); err != nil {
			t.Fatal(err)
		}
		if _, err := l.Sign(ctx); err != nil {
			t.Fatal(err)
		}
		for _, p := range TilePaths(uint64(i), uint64(i+1)) {
			b, err := l.File(ctx, p.String())
			if err != nil || !bytes.Equal(b, files[p.String()]) {
				t.Errorf("%s: %x, want %x, %v", p, b, files[p.String()], err)
				continue
			}
			same[p.String()] = true
		}
	}
	return len(same)
}

func TestTilePath(t *testing.T) {
	for s, want := range map[string]TilePath{
		"tile/0/x001/x234/067":                   {Level: 0, N: 1234067, Width: 256},
		"tile/63/000.p/1":                        {Level: 63, N: 0, Width: 1},
		"tile/entries/x001/000.p/255":            {Entries: true, N: 1000, Width: 255},
		"tile/0/x009/x223/x372/x036/x854/x774/x": {},
	} {
		got, err := ParseTilePath(s)
		if want.Width == 0 {
			if err == nil {
				t.Errorf("%s was accepted", s)
			}
			continue
		}
		if err != nil || got != want || got.String() != s {
			t.Errorf("%s: %+v, %v", s, got, err)
		}
	}
	for _, s := range []string{"", "tile/", "tile/0", "tile/00/000", "tile/64/000", "tile/-1/000", "tile/0/0", "tile/0/0000", "tile/0/001/234", "tile/0/x000/001",
		"tile/0/000.p/0", "tile/0/000.p/256", "tile/0/000.p/01", "tile/0/x001", "tile/0/000/", "/tile/0/000", "tile/entries/", "tile/0/x999/x999/x999/x999/x999/x999/x999/999"} {
		if got, err := ParseTilePath(s); err == nil {
			t.Errorf("%q was accepted as %+v", s, got)
		}
	}
}

// The example of the specification: 70,000 entries.
func TestWithin(t *testing.T) {
	for s, want := range map[string]bool{
		"tile/0/272": true, "tile/0/273.p/112": true, "tile/0/273.p/113": false, "tile/0/273": false, "tile/0/274.p/1": false,
		"tile/1/000": true, "tile/1/001.p/17": true, "tile/1/001.p/18": false, "tile/2/000.p/1": true, "tile/2/000.p/2": false,
		"tile/3/000.p/1": false, "tile/63/000.p/1": false, "tile/entries/273.p/112": true, "tile/entries/274.p/1": false,
	} {
		p, err := ParseTilePath(s)
		if err != nil || p.within(70_000) != want {
			t.Errorf("%s: %v, %v", s, p.within(70_000), err)
		}
	}
}

// A full log larger than one tile, read back through files only, and every kind
// of lie in a file found out.
func TestReader(t *testing.T) {
	l, key := newLog(t, nil)
	ctx := context.Background()
	var entries [][]byte
	for i := range 600 {
		entries = append(entries, bytes.Repeat([]byte{byte(i), byte(i >> 8)}, 1+i%3))
	}
	if _, err := l.Append(ctx, entries...); err != nil {
		t.Fatal(err)
	}
	signed, err := l.Sign(ctx)
	if err != nil {
		t.Fatal(err)
	}
	c, err := OpenCheckpoint(signed, key)
	if err != nil {
		t.Fatal(err)
	}
	lie := ""
	r := Reader{c, func(path string) ([]byte, error) {
		b, err := l.File(ctx, path)
		if path == lie {
			b[len(b)/2] ^= 1
		}
		return b, err
	}}
	for _, lie = range []string{"", "tile/entries/001", "tile/0/001", "tile/1/000.p/2", "tile/0/002.p/88"} {
		got, err := r.Entries(1)
		p, err2 := r.Inclusion(300)
		if ok := errors.Join(err, err2) == nil; ok != (lie == "") {
			t.Errorf("lie in %q: %v", lie, errors.Join(err, err2))
		}
		if lie == "" && (len(got) != 256 || !bytes.Equal(got[44], entries[300]) || VerifyInclusion(p, 300, 600, LeafHash(entries[300]), c.Root) != nil) {
			t.Error("wrong entries or proof")
		}
	}
	lie = ""
	p, err := r.Consistency(257)
	root, err2 := l.root(ctx, 257)
	if errors.Join(err, err2) != nil || VerifyConsistency(p, 257, 600, root, c.Root) != nil {
		t.Error(err, err2)
	}
	// The partial file is gone; the full one, longer than the checkpoint, serves.
	if _, err := l.Append(ctx, entries[:300]...); err != nil {
		t.Fatal(err)
	}
	if _, err := l.Sign(ctx); err != nil {
		t.Fatal(err)
	}
	get := r.Get
	r.Get = func(path string) ([]byte, error) {
		if path == "tile/entries/002.p/88" || path == "tile/0/002.p/88" {
			return nil, errNotThere
		}
		return get(path)
	}
	if got, err := r.Entries(2); err != nil || len(got) != 88 {
		t.Error(len(got), err)
	}
}

func TestParseBundle(t *testing.T) {
	good := appendBundle(appendBundle(nil, []byte("one")), []byte("2"))
	if got, err := ParseBundle(good); err != nil || len(got) != 2 || string(got[1]) != "2" {
		t.Error(got, err)
	}
	for _, b := range [][]byte{good[:len(good)-1], {0}, {0xff, 0xff, 1}, bytes.Repeat([]byte{0, 0}, 257)} {
		if _, err := ParseBundle(b); err == nil {
			t.Errorf("%x was accepted", b)
		}
	}
}
