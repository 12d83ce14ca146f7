package names

import "math/bits"

// postings maps keys to lists of ascending numbers. It is built for size: lists
// of one number, which most are, take no memory of their own, and the others lie
// in one array. Two keys that hash alike share a list; who reads it has to look
// at each number's name anyway.
type postings struct {
	slots []slot
	used  int
	lists []uint32
}

// slot is a key and its list. n is 0 in a free slot, and 1 if at is the only
// number. Otherwise at is where the list begins, and the highest bit of n says
// that it has room up to the next power of two.
type slot struct{ key, at, n uint32 }

const roomy = 1 << 31

func (p *postings) slot(key uint32) *slot {
	i := int(uint64(key*0x9e3779b1) * uint64(len(p.slots)) >> 32)
	for {
		if s := &p.slots[i]; s.n == 0 || s.key == key {
			return s
		}
		if i++; i == len(p.slots) {
			i = 0
		}
	}
}

// get returns the list of a key. Where it holds one number, one is used.
func (p *postings) get(key uint32, one *[1]uint32) []uint32 {
	if len(p.slots) == 0 {
		return nil
	}
	switch s := p.slot(key); s.n {
	case 0:
		return nil
	case 1:
		one[0] = s.at
		return one[:]
	default:
		return p.lists[s.at : s.at+s.n&^roomy]
	}
}

// build fills an empty postings with the keys of the numbers 0, 1 and so on;
// counts says how many distinct keys each number has.
func (p *postings) build(keys []uint32, counts []uint8) {
	for room := len(keys)/2 + 16; !p.count(keys, room); {
		room *= 2
	}
	p.layOut()
	i := 0
	for number, c := range counts {
		for range c {
			s := p.slot(keys[i])
			if i++; s.n == 1 {
				s.at = uint32(number)
				continue
			}
			p.lists[s.at] = uint32(number)
			s.at++
		}
	}
	for i := range p.slots {
		if s := &p.slots[i]; s.n > 1 {
			s.at -= s.n
		}
	}
	p.resize(p.used*4/3 + 16)
}

// count counts the keys, and gives up where they fill the room.
func (p *postings) count(keys []uint32, room int) bool {
	p.slots, p.used = make([]slot, room), 0
	for _, k := range keys {
		s := p.slot(k)
		if s.n == 0 {
			if p.used++; p.used > room*7/8 {
				return false
			}
			s.key = k
		}
		s.n++
	}
	return true
}

// layOut gives every list of two and more its place.
func (p *postings) layOut() {
	total := uint32(0)
	for i := range p.slots {
		if s := &p.slots[i]; s.n > 1 {
			s.at = total
			total += s.n
		}
	}
	p.lists = make([]uint32, total)
}

// resize gives the table another length.
func (p *postings) resize(n int) {
	old := p.slots
	p.slots = make([]slot, n)
	for _, s := range old {
		if s.n != 0 {
			*p.slot(s.key) = s
		}
	}
}

// add appends a number, higher than any before, to a list. Numbers for which
// dead reports true are dropped where the list has to move.
func (p *postings) add(key, number uint32, dead func(uint32) bool) {
	if p.used >= len(p.slots)*7/8 {
		p.resize(len(p.slots)*3/2 + 16)
	}
	s := p.slot(key)
	switch n := s.n &^ roomy; {
	case s.n == 0:
		p.used++
		*s = slot{key, number, 1}
		return
	case s.n == 1:
		p.move(s, []uint32{s.at}, dead)
	case s.n&roomy == 0 || n&(n-1) == 0:
		p.move(s, p.lists[s.at:s.at+n], dead)
	}
	p.lists[s.at+s.n&^roomy] = number
	s.n++
}

// move puts a list at the end of the array with room for at least one more, so
// that with that one it is full if its length is a power of two.
func (p *postings) move(s *slot, list []uint32, dead func(uint32) bool) {
	at := len(p.lists)
	for _, v := range list {
		if !dead(v) {
			p.lists = append(p.lists, v)
		}
	}
	n := len(p.lists) - at
	room := 1 << bits.Len(uint(n))
	p.lists = append(p.lists, make([]uint32, room-n)...)
	s.at, s.n = uint32(at), uint32(n)|roomy
}
