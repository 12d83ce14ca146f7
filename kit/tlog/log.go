package tlog

import (
	"bytes"
	"context"
	"math"
	"sync"
	"sync/atomic"

	"golang.org/x/mod/sumdb/note"
	"golang.org/x/mod/sumdb/tlog"
)

// Store keeps one log. Positions of hashes are those of x/mod's StoredHashIndex:
// hashes never change once written, and of a log of n entries the first
// StoredHashCount(n) are there.
type Store interface {
	// Size returns the number of entries.
	Size(ctx context.Context) (uint64, error)
	// Hashes returns the hashes at positions, in their order.
	Hashes(ctx context.Context, positions []int64) ([]Hash, error)
	// Entries returns the entries from first up to but not including end.
	Entries(ctx context.Context, first, end uint64) ([][]byte, error)
	// Append adds entries and their hashes in one durable transaction, if the
	// log still has size entries. Otherwise it changes nothing and returns an
	// Error with reason "conflict".
	Append(ctx context.Context, size uint64, entries [][]byte, hashes []Hash) error
	// Checkpoint returns the signed checkpoint last set, nil before the first.
	Checkpoint(ctx context.Context) ([]byte, error)
	// SetCheckpoint durably replaces old by signed, if old is still the last.
	// Otherwise it changes nothing and returns an Error with reason "conflict".
	SetCheckpoint(ctx context.Context, old, signed []byte) error
}

// Log writes a log: it appends entries, signs checkpoints and makes proofs.
// Several Logs may share a store, in one process or in many; who comes second
// gets a conflict. Its methods may be called concurrently.
type Log struct {
	store  Store
	signer note.Signer
	key    note.Verifier
	floor  Checkpoint
	mu     sync.Mutex // appends and signs one at a time
	seen   atomic.Pointer[opened]
}

// opened is a checkpoint whose signature was verified already.
type opened struct {
	signed     []byte
	checkpoint Checkpoint
}

// Config of a Log.
type Config struct {
	Store Store
	// Signer and Key are the log's key pair; their name is the log's origin.
	Signer note.Signer
	Key    note.Verifier
	// Floor is a checkpoint known to be published, signed, or nil. The log signs
	// nothing below it and nothing that is not consistent with it. So a log that
	// was restored from an old copy cannot fork: give the latest checkpoint that
	// a mirror, a witness or a reader holds.
	Floor []byte
}

// Open returns the log in a store. Floor and the store's own checkpoint must be
// signed by the log's key.
func Open(ctx context.Context, c Config) (*Log, error) {
	if c.Signer.Name() != c.Key.Name() || c.Signer.KeyHash() != c.Key.KeyHash() {
		return nil, fail("key", "mismatch")
	}
	l := &Log{store: c.Store, signer: c.Signer, key: c.Key, floor: Checkpoint{Root: EmptyRoot}}
	if c.Floor != nil {
		var err error
		if l.floor, err = OpenCheckpoint(c.Floor, c.Key); err != nil {
			return nil, err
		}
	}
	if _, _, err := l.last(ctx); err != nil {
		return nil, err
	}
	return l, nil
}

// last returns the checkpoint in the store.
func (l *Log) last(ctx context.Context) (Checkpoint, []byte, error) {
	signed, err := l.store.Checkpoint(ctx)
	if err != nil || signed == nil {
		return Checkpoint{Root: EmptyRoot}, nil, err
	}
	if o := l.seen.Load(); o != nil && bytes.Equal(o.signed, signed) {
		return o.checkpoint, signed, nil
	}
	c, err := OpenCheckpoint(signed, l.key)
	if err == nil {
		l.seen.Store(&opened{bytes.Clone(signed), c})
	}
	return c, signed, err
}

// reader reads hashes of the store, and before them those not yet stored.
type reader struct {
	ctx     context.Context
	store   Store
	stored  int64 // number of hashes in the store
	pending []Hash
}

func (r *reader) ReadHashes(positions []int64) ([]Hash, error) {
	out := make([]Hash, len(positions))
	var ask []int64
	var to []int
	for i, p := range positions {
		if p >= r.stored {
			out[i] = r.pending[p-r.stored]
			continue
		}
		ask, to = append(ask, p), append(to, i)
	}
	if len(ask) == 0 {
		return out, nil
	}
	got, err := r.store.Hashes(r.ctx, ask)
	if err != nil {
		return nil, err
	}
	if len(got) != len(ask) {
		return nil, fail("proof", "length")
	}
	for i, h := range got {
		out[to[i]] = h
	}
	return out, nil
}

// maxBatch bounds one transaction.
const maxBatch = 1 << 16

// Append adds entries and returns the index of the first. They are durable when
// it returns, and provable once a checkpoint is signed.
func (l *Log) Append(ctx context.Context, entries ...[]byte) (uint64, error) {
	if len(entries) == 0 || len(entries) > maxBatch {
		return 0, fail("entry", "range")
	}
	for i, e := range entries {
		if len(e) == 0 || len(e) > maxEntry {
			return 0, &Error{"entry", i, "length"}
		}
	}
	l.mu.Lock()
	defer l.mu.Unlock()
	size, err := l.store.Size(ctx)
	if err != nil {
		return 0, err
	}
	if size > math.MaxInt64/4 {
		return 0, fail("size", "range")
	}
	r := &reader{ctx: ctx, store: l.store, stored: tlog.StoredHashCount(int64(size))}
	for i, e := range entries {
		h, err := tlog.StoredHashes(int64(size)+int64(i), e, r)
		if err != nil {
			return 0, err
		}
		r.pending = append(r.pending, h...)
	}
	return size, l.store.Append(ctx, size, entries, r.pending)
}

// Sign signs a checkpoint over all entries and returns it. If nothing was
// appended since the last one it returns that, with the cosignatures it has. It
// refuses to sign below the floor or the last checkpoint, and a tree that either
// is not the beginning of.
func (l *Log) Sign(ctx context.Context) ([]byte, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	last, old, err := l.last(ctx)
	if err != nil {
		return nil, err
	}
	size, err := l.store.Size(ctx)
	if err != nil {
		return nil, err
	}
	for _, c := range []Checkpoint{last, l.floor} {
		if err := l.extends(ctx, size, c); err != nil {
			return nil, err
		}
	}
	if old != nil && last.Size == size {
		return old, nil
	}
	root, err := l.root(ctx, size)
	if err != nil {
		return nil, err
	}
	text := Checkpoint{Origin: l.signer.Name(), Size: size, Root: root}.String()
	signed, err := note.Sign(&note.Note{Text: text}, l.signer)
	if err != nil {
		return nil, err
	}
	return signed, l.store.SetCheckpoint(ctx, old, signed)
}

// extends checks that the tree of the store begins with that of a checkpoint.
func (l *Log) extends(ctx context.Context, size uint64, c Checkpoint) error {
	if c.Size > size {
		return fail("size", "below_floor")
	}
	root, err := l.root(ctx, c.Size)
	if err != nil {
		return err
	}
	if root != c.Root {
		return fail("root", "fork")
	}
	return nil
}

func (l *Log) root(ctx context.Context, size uint64) (Hash, error) {
	if size == 0 {
		return EmptyRoot, nil
	}
	return tlog.TreeHash(int64(size), l.hashes(ctx))
}

func (l *Log) hashes(ctx context.Context) *reader {
	return &reader{ctx: ctx, store: l.store, stored: math.MaxInt64}
}

// Cosign adds signature lines that witnesses returned for the last checkpoint.
// Lines of other keys than those given are dropped.
func (l *Log) Cosign(ctx context.Context, lines []byte, witnesses ...*Witness) ([]byte, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	_, old, err := l.last(ctx)
	if err != nil {
		return nil, err
	}
	if old == nil {
		return nil, fail("checkpoint", "missing")
	}
	keys := []note.Verifier{l.key}
	for _, w := range witnesses {
		keys = append(keys, w)
	}
	_, n, err := open(append(bytes.Clone(old), lines...), keys...)
	if err != nil {
		return nil, err
	}
	n.UnverifiedSigs = nil
	signed, err := note.Sign(n)
	if err != nil {
		return nil, err
	}
	return signed, l.store.SetCheckpoint(ctx, old, signed)
}
