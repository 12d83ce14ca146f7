package tlog

import (
	"context"

	"golang.org/x/mod/sumdb/tlog"
)

// Consistency makes the proof that the tree of size1 is the beginning of that of
// size2. It is empty if size1 is 0.
func (l *Log) Consistency(ctx context.Context, size1, size2 uint64) ([]Hash, error) {
	return consistency(l.hashes(ctx), size1, size2)
}

// Prove makes the proof file of an entry under the last checkpoint.
func (l *Log) Prove(ctx context.Context, index uint64) (Proof, error) {
	last, signed, err := l.last(ctx)
	if err != nil {
		return Proof{}, err
	}
	path, err := inclusion(l.hashes(ctx), index, last.Size)
	return Proof{Index: index, Path: path, Checkpoint: signed}, err
}

// File returns a file of the log's static form, by path: "checkpoint", a tile or
// a bundle of what the last checkpoint covers.
func (l *Log) File(ctx context.Context, path string) ([]byte, error) {
	last, signed, err := l.last(ctx)
	if err != nil {
		return nil, err
	}
	if path == "checkpoint" && signed != nil {
		return signed, nil
	}
	t, err := ParseTilePath(path)
	if err != nil {
		return nil, err
	}
	if !t.within(last.Size) {
		return nil, fail("path", "range")
	}
	if !t.Entries {
		return tlog.ReadTileData(tlog.Tile{H: tileHeight, L: t.Level, N: t.N, W: t.Width}, l.hashes(ctx))
	}
	first := uint64(t.N) * tileWidth
	entries, err := l.store.Entries(ctx, first, first+uint64(t.Width))
	var b []byte
	for _, e := range entries {
		b = appendBundle(b, e)
	}
	return b, err
}
