// Package statuslist is Token Status List (draft-ietf-oauth-status-list-18): the
// states of up to millions of tokens as an array of 1, 2, 4 or 8 bits each,
// compressed and signed as a JWT or a CWT.
//
// A verifier loads one list for all, so that nobody learns whose licence is
// being looked at. What it says holds as of its time of issue, and nothing is
// known once the list has expired.
package statuslist

import (
	"bytes"
	"compress/zlib"
	"fmt"
	"io"
	"math/bits"
)

// A Status is the state of one token.
type Status uint8

// The registered states. Others up to 255 have the meaning the issuer says.
const (
	Valid       Status = 0
	Invalid     Status = 1 // revoked, for good
	Suspended   Status = 2 // for the time being
	Application Status = 3
)

// MaxBytes bounds a list, uncompressed: 2^25 entries of one bit, 2^22 of eight.
const MaxBytes = 4 << 20

// An Error says what was refused.
type Error struct {
	Field  string // "bits", "size", "index", "status", "lst", or the name of a claim
	Pos    int    // index or byte, -1 when it is the value as a whole
	Reason string
	Err    error // what lies below; may be nil
}

func (e *Error) Error() string {
	s := "statuslist: " + e.Field + ": " + e.Reason
	if e.Pos >= 0 {
		s += fmt.Sprintf(" at %d", e.Pos)
	}
	if e.Err != nil {
		s += ": " + e.Err.Error()
	}
	return s
}

func (e *Error) Unwrap() error { return e.Err }

func refuse(field, reason string) error { return &Error{Field: field, Pos: -1, Reason: reason} }

// A List is an array of states. Reading by many is safe while nobody sets.
type List struct {
	bits uint // 1, 2, 4 or 8
	data []byte
}

// New returns a list with room for size entries, all 0, rounded up to a whole
// byte.
func New(bits, size int) (*List, error) {
	if err := checkBits(bits); err != nil {
		return nil, err
	}
	if size < 1 || size > MaxBytes*8/bits {
		return nil, &Error{"size", size, "out of range", nil}
	}
	return &List{uint(bits), make([]byte, (size*bits+7)/8)}, nil
}

func checkBits(n int) error {
	if n != 1 && n != 2 && n != 4 && n != 8 {
		return &Error{"bits", n, "not 1, 2, 4 or 8", nil}
	}
	return nil
}

// Bits returns how many bits an entry has.
func (l *List) Bits() int { return int(l.bits) }

// Len returns the number of entries.
func (l *List) Len() int { return len(l.data) * 8 / int(l.bits) }

// Get returns entry i.
func (l *List) Get(i int) (Status, error) {
	if i < 0 || i >= l.Len() {
		return 0, &Error{"index", i, "out of range", nil}
	}
	at, shift := l.place(i)
	return Status(l.data[at]>>shift) & l.mask(), nil
}

// Set changes entry i.
func (l *List) Set(i int, s Status) error {
	if i < 0 || i >= l.Len() {
		return &Error{"index", i, "out of range", nil}
	}
	if s > l.mask() {
		return &Error{"status", int(s), fmt.Sprintf("does not fit %d bits", l.bits), nil}
	}
	at, shift := l.place(i)
	l.data[at] = l.data[at]&^(byte(l.mask())<<shift) | byte(s)<<shift
	return nil
}

// place returns the byte of entry i and the bit in it where the entry begins,
// counted from the least significant.
func (l *List) place(i int) (at int, shift uint) {
	bit := uint(i) * l.bits
	return int(bit / 8), bit % 8
}

func (l *List) mask() Status { return Status(1<<l.bits - 1) }

// Count returns how many entries are not 0.
func (l *List) Count() (n int) {
	low := map[uint]byte{1: 0xff, 2: 0x55, 4: 0x11, 8: 0x01}[l.bits] // the lowest bit of each entry
	for _, b := range l.data {
		for s := uint(1); s < l.bits; s *= 2 {
			b |= b >> s // brings a set bit of an entry down to its lowest
		}
		n += bits.OnesCount8(b & low)
	}
	return n
}

// Compress returns the entries as a zlib stream at the best level.
func (l *List) Compress() []byte {
	var b bytes.Buffer
	w, err := zlib.NewWriterLevel(&b, zlib.BestCompression)
	if err == nil {
		_, err = w.Write(l.data)
	}
	if err == nil {
		err = w.Close()
	}
	if err != nil {
		panic(err) // a buffer takes everything
	}
	return b.Bytes()
}

// Decompress reads what Compress wrote. It stops at MaxBytes, whatever the
// stream claims, and takes no bytes after it.
func Decompress(bits int, stream []byte) (*List, error) {
	if err := checkBits(bits); err != nil {
		return nil, err
	}
	in := bytes.NewReader(stream)
	r, err := zlib.NewReader(in)
	if err != nil {
		return nil, &Error{"lst", -1, "no zlib stream", err}
	}
	data, err := io.ReadAll(io.LimitReader(r, MaxBytes+1))
	switch {
	case err != nil:
		return nil, &Error{"lst", len(stream) - in.Len(), "broken zlib stream", err}
	case len(data) > MaxBytes:
		return nil, &Error{"lst", len(stream) - in.Len(), fmt.Sprintf("more than %d bytes", MaxBytes), nil}
	case len(data) == 0:
		return nil, refuse("lst", "empty")
	case in.Len() > 0:
		return nil, &Error{"lst", len(stream) - in.Len(), "bytes after the zlib stream", nil}
	}
	return &List{uint(bits), data}, nil
}
