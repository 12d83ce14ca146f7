package names

import (
	"errors"
	"fmt"
	"runtime"
	"slices"
	"strings"
	"sync"
)

// Entry is a name of the register.
type Entry struct {
	Name     string
	Registry uint32 // the office that registers it; names block each other within one
}

// Ref stands for an entry of an index: the first has 0, and numbers are not
// used again.
type Ref uint32

// Index holds names for comparison. It may be used by many at once.
type Index struct {
	split *Splitter
	sound *[1 << 16]uint16

	mu       sync.RWMutex
	text     []uint16 // of all names, parts in the usual order
	entries  []entry
	alive    bitmap
	live     int
	original map[Ref]string // where it differs from the text
	keys     postings
	pool     sync.Pool // of *scratch
}

type entry struct {
	at       uint32 // in text, up to that of the next entry
	registry uint32
	end      [4]uint8
	class    uint16
	moved    bool
}

// bitmap is a set of refs.
type bitmap []uint64

func (b bitmap) has(r uint32) bool { return b[r>>6]&(1<<(r&63)) != 0 }
func (b bitmap) set(r uint32)      { b[r>>6] |= 1 << (r & 63) }
func (b bitmap) clear(r uint32)    { b[r>>6] &^= 1 << (r & 63) }

// EntryError says which entry could not be taken in.
type EntryError struct {
	Ref Ref
	Err error
}

func (e *EntryError) Error() string { return fmt.Sprintf("names: entry %d: %v", e.Ref, e.Err) }
func (e *EntryError) Unwrap() error { return e.Err }

// NewIndex makes an index of many names; entry i gets the Ref i. Entries that
// are no names are left out and told of in the error, which joins an
// [*EntryError] for each; the index is good all the same.
func NewIndex(s *Splitter, entries []Entry) (*Index, error) {
	x := &Index{split: s, sound: sounds(), original: map[Ref]string{}}
	x.pool.New = func() any { return new(scratch) }
	workers := min(runtime.GOMAXPROCS(0), len(entries)/1000+1)
	chunks := make([]chunk, workers)
	var wg sync.WaitGroup
	for i := range chunks {
		from, to := len(entries)*i/workers, len(entries)*(i+1)/workers
		wg.Go(func() { chunks[i].read(x, entries[from:to], Ref(from)) })
	}
	wg.Wait()
	return x, x.join(chunks, len(entries))
}

// chunk is a part of a register, taken apart.
type chunk struct {
	text     []uint16
	entries  []entry
	keys     []uint32
	counts   []uint8
	original map[Ref]string
	errs     []error
}

func (c *chunk) read(x *Index, entries []Entry, first Ref) {
	var sc scratch
	c.original = map[Ref]string{}
	c.text = make([]uint16, 0, 16*len(entries))
	c.keys = make([]uint32, 0, 10*len(entries))
	c.entries, c.counts = make([]entry, 0, len(entries)), make([]uint8, 0, len(entries))
	for i, e := range entries {
		ref := first + Ref(i)
		p, err := x.split.split(&sc.work, e.Name)
		if err != nil {
			c.errs = append(c.errs, &EntryError{ref, err})
			c.entries = append(c.entries, entry{at: uint32(len(c.text))})
			c.counts = append(c.counts, 0)
			continue
		}
		if !spells(p.u, e.Name) {
			c.original[ref] = strings.Clone(e.Name)
		}
		c.entries = append(c.entries, entry{uint32(len(c.text)), e.Registry, p.end, p.class, p.moved})
		c.text = append(c.text, p.u...)
		sc.q.parts = p
		before := len(c.keys)
		c.keys = x.appendKeys(c.keys, &sc.q)
		c.counts = append(c.counts, uint8(len(c.keys)-before))
	}
}

// join puts the chunks one behind the other.
func (x *Index) join(chunks []chunk, n int) error {
	texts, keys := 0, 0
	for i := range chunks {
		texts, keys = texts+len(chunks[i].text), keys+len(chunks[i].keys)
	}
	x.text, x.entries = make([]uint16, 0, texts), make([]entry, 0, n)
	x.alive = make(bitmap, n/64+1)
	all, counts := make([]uint32, 0, keys), make([]uint8, 0, n)
	var errs []error
	for i := range chunks {
		c := &chunks[i]
		for j, e := range c.entries {
			if c.counts[j] > 0 {
				x.alive.set(uint32(len(x.entries)))
				x.live++
			}
			e.at += uint32(len(x.text))
			x.entries = append(x.entries, e)
		}
		x.text, all, counts = append(x.text, c.text...), append(all, c.keys...), append(counts, c.counts...)
		for ref, s := range c.original {
			x.original[ref] = s
		}
		errs = append(errs, c.errs...)
		*c = chunk{}
	}
	x.keys.build(all, counts)
	return errors.Join(errs...)
}

// appendKeys prepares the view and appends the distinct keys under which its
// name is found: the sound of the shop name, the pairs of the core, and of a
// shop name of three characters the outer two, by which one that differs in the
// middle is found.
func (x *Index) appendKeys(keys []uint32, v *view) []uint32 {
	v.prepare(x.sound)
	before := len(keys)
	keys = append(keys, soundKey(v.sound))
	keys = append(keys, v.pairs...)
	if shop := v.shop(); len(shop) == 3 {
		keys = append(keys, skipKey(shop))
	}
	// Hashes may meet; a list has each number once.
	slices.Sort(keys[before:])
	return keys[:before+len(slices.Compact(keys[before:]))]
}

func soundKey(sound []uint16) uint32 {
	h := uint32(2166136261)
	for _, c := range sound {
		h = (h ^ uint32(c)) * 16777619
	}
	return h
}

func skipKey(shop []uint16) uint32 { return pair(shop[0], shop[2])*0x85ebca6b + 1 }

// Len is how many names the index holds.
func (x *Index) Len() int {
	x.mu.RLock()
	defer x.mu.RUnlock()
	return x.live
}

// Add takes in a name.
func (x *Index) Add(e Entry) (Ref, error) {
	x.mu.Lock()
	defer x.mu.Unlock()
	var sc scratch
	p, err := x.split.split(&sc.work, e.Name)
	if err != nil {
		return 0, err
	}
	ref := Ref(len(x.entries))
	if !spells(p.u, e.Name) {
		x.original[ref] = strings.Clone(e.Name)
	}
	x.entries = append(x.entries, entry{uint32(len(x.text)), e.Registry, p.end, p.class, p.moved})
	x.text = append(x.text, p.u...)
	for len(x.alive)*64 <= len(x.entries) {
		x.alive = append(x.alive, 0)
	}
	x.alive.set(uint32(ref))
	x.live++
	sc.q.parts = p
	for _, k := range x.appendKeys(nil, &sc.q) {
		x.keys.add(k, uint32(ref), func(r uint32) bool { return !x.alive.has(r) })
	}
	return ref, nil
}

// Remove takes a name out, and reports whether it was in.
func (x *Index) Remove(r Ref) bool {
	x.mu.Lock()
	defer x.mu.Unlock()
	if int(r) >= len(x.entries) || !x.alive.has(uint32(r)) {
		return false
	}
	x.alive.clear(uint32(r))
	delete(x.original, r)
	x.live--
	return true
}

// Get returns an entry.
func (x *Index) Get(r Ref) (Entry, bool) {
	x.mu.RLock()
	defer x.mu.RUnlock()
	if int(r) >= len(x.entries) || !x.alive.has(uint32(r)) {
		return Entry{}, false
	}
	return x.entry(r), true
}

func (x *Index) entry(r Ref) Entry {
	s, ok := x.original[r]
	if !ok {
		s = text(x.units(r))
	}
	return Entry{s, x.entries[r].registry}
}

func (x *Index) units(r Ref) []uint16 {
	end := len(x.text)
	if int(r)+1 < len(x.entries) {
		end = int(x.entries[r+1].at)
	}
	return x.text[x.entries[r].at:end]
}

// load fills a view with an entry.
func (x *Index) load(v *view, r uint32) {
	e := &x.entries[r]
	v.parts = parts{u: x.units(Ref(r)), end: e.end, class: e.class, moved: e.moved}
	v.prepare(x.sound)
}
