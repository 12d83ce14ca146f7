package names

import (
	"cmp"
	"slices"
)

// Query is a name that someone wants to register.
type Query struct {
	Name     string
	Registry uint32
	// Linked, if given, tells firms with which there is an investment
	// relation; their names do not block.
	Linked func(Ref) bool
}

// Match is a name of the register that is like the one asked about.
type Match struct {
	Ref Ref
	Entry
	Reason Reason
	Block  bool // may not be registered beside it, else a warning
	Score  int  // matches come by falling score, then by rising Ref
}

// Same returns the names that block the one asked about, by 规定 §17: any that
// is the same in all parts, and within the registry those with the same shop
// name in the same industry or in none. A branch is blocked only by the very
// same name, since it has to have its parent's.
func (x *Index) Same(q Query) ([]Match, error) {
	return x.find(q, 0, func(_ *scratch, one *[1]uint32, visit func([]uint32)) {}, true)
}

// Similar returns the names that are the same or similar, at most limit, the
// most similar first.
func (x *Index) Similar(q Query, limit int) ([]Match, error) {
	return x.find(q, limit, x.wider, false)
}

// scratch is memory for one question.
type scratch struct {
	work    work
	q, n    view
	seen    bitmap
	visited []uint32
	found   []hit
}

type hit struct {
	ref    uint32
	score  int32
	reason Reason
}

// wider visits the lists beyond that of the sound: any reason needs the same
// sound, a pair that begins in the shop name, or the outer characters of three.
func (x *Index) wider(sc *scratch, one *[1]uint32, visit func([]uint32)) {
	if shop := sc.q.shop(); len(shop) == 3 {
		visit(x.keys.get(skipKey(shop), one))
	}
	sc.q.core(func(a, b uint16, inShop bool) {
		if inShop {
			visit(x.keys.get(pair(a, b), one))
		}
	})
}

func (x *Index) find(q Query, limit int, lists func(*scratch, *[1]uint32, func([]uint32)), blocking bool) ([]Match, error) {
	sc := x.pool.Get().(*scratch)
	defer x.pool.Put(sc)
	p, err := x.split.split(&sc.work, q.Name)
	if err != nil {
		return nil, err
	}
	sc.q.parts = p
	sc.q.prepare(x.sound)

	x.mu.RLock()
	defer x.mu.RUnlock()
	sc.reset(len(x.alive))
	visit := func(refs []uint32) {
		for _, r := range refs {
			if sc.seen.has(r) || !x.alive.has(r) {
				continue
			}
			sc.seen.set(r)
			sc.visited = append(sc.visited, r)
			x.load(&sc.n, r)
			reason, score := x.split.relate(&sc.q, &sc.n)
			if reason != None && (!blocking || x.blocks(&sc.q, q, Ref(r), reason)) {
				sc.found = append(sc.found, hit{r, int32(score), reason})
			}
		}
	}
	var one [1]uint32
	visit(x.keys.get(soundKey(sc.q.sound), &one))
	lists(sc, &one, visit)
	return x.matches(sc, q, limit), nil
}

func (sc *scratch) reset(words int) {
	for _, r := range sc.visited {
		sc.seen.clear(r)
	}
	sc.visited, sc.found = sc.visited[:0], sc.found[:0]
	if len(sc.seen) < words {
		sc.seen = make(bitmap, words+words/8)
	}
}

func (x *Index) blocks(v *view, q Query, r Ref, reason Reason) bool {
	switch {
	case q.Linked != nil && q.Linked(r):
		return false
	case reason == SameName:
		return true
	}
	return reason == SameShop && len(v.branch()) == 0 && x.entries[r].registry == q.Registry
}

func (x *Index) matches(sc *scratch, q Query, limit int) []Match {
	slices.SortFunc(sc.found, func(a, b hit) int {
		return cmp.Or(cmp.Compare(b.score, a.score), cmp.Compare(a.ref, b.ref))
	})
	n := len(sc.found)
	if limit > 0 {
		n = min(n, limit)
	}
	out := make([]Match, n)
	for i, h := range sc.found[:n] {
		r := Ref(h.ref)
		out[i] = Match{r, x.entry(r), h.reason, x.blocks(&sc.q, q, r, h.reason), int(h.score)}
	}
	return out
}
