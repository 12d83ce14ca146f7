package draw

import (
	"bufio"
	"bytes"
	"encoding/binary"
	"io"
	"math/bits"
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"
)

// Files of a draw are UTF-8 lines, each ending in a newline, sorted by the bytes
// of their first column, which is unique. Columns are separated by commas and
// hold no byte up to the comma, so that sorting by column and by line agree.
const (
	maxWord = 96   // bytes of one column
	maxLine = 1024 // bytes of one line
)

// Object is a line of the pool: object_id,stratum,area,flags. An object with a
// flag, the code of a reason, is excluded from the draw but stays in the list, so
// that exclusions are counted in public.
type Object struct{ ID, Stratum, Area, Excluded string }

func (o Object) line() string {
	return strings.Join([]string{o.ID, o.Stratum, o.Area, o.Excluded}, ",")
}

func (o Object) check() error {
	return firstError(word("object", o.ID, false), word("stratum", o.Stratum, false), word("area", o.Area, true), word("flags", o.Excluded, true))
}

func firstError(errs ...error) error {
	for _, err := range errs {
		if err != nil {
			return err
		}
	}
	return nil
}

// word checks one column.
func word(field, s string, mayBeEmpty bool) error {
	switch {
	case s == "" && !mayBeEmpty:
		return refuse(field, s, "empty")
	case len(s) > maxWord:
		return refuse(field, s[:maxWord], "length")
	case !utf8.ValidString(s) || strings.ContainsFunc(s, func(r rune) bool { return r <= ',' || r == 0x7f }):
		return refuse(field, s, "syntax")
	}
	return nil
}

// WriteObjects writes the pool's file. The order of the list does not matter.
func WriteObjects(w io.Writer, list []Object) error {
	return writeSorted(w, list, func(o Object) (string, string, error) { return o.ID, o.line(), o.check() }, "object")
}

// line of an inspector: inspector_no,area,qualifications joined by +,1 or 0 for
// available,max_load.
func (p Inspector) line() string {
	available := "0"
	if p.Available {
		available = "1"
	}
	held := slices.Compact(slices.Sorted(slices.Values(p.Qualifications)))
	return strings.Join([]string{p.No, p.Area, strings.Join(held, "+"), available, strconv.Itoa(p.MaxLoad)}, ",")
}

const maxLoad = 1 << 20

func (p Inspector) check() error {
	if err := firstError(word("inspector", p.No, false), word("area", p.Area, true)); err != nil {
		return err
	}
	for _, q := range p.Qualifications {
		if err := word("qualification", q, false); err != nil {
			return err
		}
	}
	if p.MaxLoad < 0 || p.MaxLoad > maxLoad {
		return refuse("max_load", strconv.Itoa(p.MaxLoad), "range")
	}
	if n := len(p.line()); n >= maxLine {
		return refuse("inspector", p.No, "length")
	}
	return nil
}

// WriteInspectors writes the file of inspectors. The order of the list does not
// matter.
func WriteInspectors(w io.Writer, list []Inspector) error {
	return writeSorted(w, list, func(p Inspector) (string, string, error) { return p.No, p.line(), p.check() }, "inspector")
}

func writeSorted[T any](w io.Writer, list []T, parts func(T) (key, line string, err error), field string) error {
	lines := make([][2]string, len(list))
	for i, x := range list {
		key, line, err := parts(x)
		if err != nil {
			return err
		}
		lines[i] = [2]string{key, line}
	}
	slices.SortFunc(lines, func(a, b [2]string) int { return strings.Compare(a[0], b[0]) })
	b := bufio.NewWriter(w)
	for i, l := range lines {
		if i > 0 && l[0] == lines[i-1][0] {
			return refuse(field, l[0], "twice")
		}
		b.WriteString(l[1])
		b.WriteByte('\n')
	}
	return b.Flush()
}

// columns splits a line at its commas into exactly len(out) parts, and reports
// the reason if it cannot. Only a reader of qualifications allows plus signs.
func columns(line []byte, out [][]byte, plusAllowed bool) string {
	low, odd := survey(line)
	if odd && !utf8.Valid(line) || bytes.IndexByte(line, 0x7f) >= 0 && odd {
		return "syntax"
	}
	if plusAllowed {
		low -= bytes.Count(line, []byte("+"))
	}
	if low != len(out)-1 { // all that is low must be commas, and as many as there are
		return "syntax"
	}
	for i := range len(out) - 1 {
		at := bytes.IndexByte(line, ',')
		if at < 0 {
			return "syntax"
		}
		out[i], line = line[:at], line[at+1:]
	}
	out[len(out)-1] = line
	return ""
}

// survey counts the bytes up to the comma, eight at a time, and tells whether any
// is DEL or part of a longer UTF-8 sequence. Ten million lines go through here.
func survey(b []byte) (low int, odd bool) {
	const (
		ones = 0x0101010101010101
		tops = ones * 0x80
	)
	var strange uint64
	for ; len(b) >= 8; b = b[8:] {
		x := binary.LittleEndian.Uint64(b)
		low += bits.OnesCount64((ones*(127+','+1) - x&^tops) &^ x & tops) // bytes below the one after the comma
		del := x ^ ones*0x7f
		strange |= x&tops | (del-ones)&^del&tops
	}
	for _, c := range b {
		if c <= ',' {
			low++
		}
		odd = odd || c >= 0x7f
	}
	return low, odd || strange != 0
}

// objectColumns splits and checks the lines of a pool.
type objectColumns struct{ columns [4][]byte }

// read returns the reason why a line is no object.
func (o *objectColumns) read(line []byte) string {
	if reason := columns(line, o.columns[:], false); reason != "" {
		return reason
	}
	for i, c := range o.columns {
		if len(c) > maxWord {
			return "length"
		}
		if len(c) == 0 && i < 2 {
			return "empty"
		}
	}
	return ""
}

func (o *objectColumns) id() []byte      { return o.columns[0] }
func (o *objectColumns) stratum() []byte { return o.columns[1] }
func (o *objectColumns) area() []byte    { return o.columns[2] }
func (o *objectColumns) excluded() bool  { return len(o.columns[3]) > 0 }

// ReadInspectors reads the file of inspectors and returns its root. A number that
// begins with another's is refused: commitments to conflicts hash number and
// object without a separator.
func ReadInspectors(r io.Reader) ([]Inspector, Hash, error) {
	var out []Inspector
	last := ""
	root, err := readLines(r, "inspector", func(line []byte) (string, string) {
		p, reason := parseInspector(line)
		// Whatever begins with a number follows it in the order of bytes.
		if reason == "" && last != "" && p.No > last && strings.HasPrefix(p.No, last) {
			reason = "ambiguous"
		}
		last = p.No
		out = append(out, p)
		return p.No, reason
	})
	return out, root, err
}

func parseInspector(line []byte) (p Inspector, reason string) {
	var c [5][]byte
	if reason := columns(line, c[:], true); reason != "" {
		return p, reason
	}
	load, err := strconv.Atoi(string(c[4]))
	p = Inspector{No: string(c[0]), Area: string(c[1]), Available: string(c[3]) == "1", MaxLoad: load}
	if len(c[2]) > 0 {
		p.Qualifications = strings.Split(string(c[2]), "+")
	}
	if err != nil || p.check() != nil || p.line() != string(line) {
		return p, "syntax" // not the one way to write it
	}
	return p, ""
}

// readLines reads a small file one line after the other.
func readLines(r io.Reader, field string, take func(line []byte) (key, reason string)) (Hash, error) {
	var m merkle
	b := bufio.NewReaderSize(r, maxLine)
	last := ""
	for no := 1; ; no++ {
		line, err := b.ReadSlice('\n')
		switch {
		case err == io.EOF && len(line) == 0:
			return m.root(), nil
		case err == io.EOF:
			return Hash{}, &Error{field, clip(line), "syntax", no} // the last newline is missing
		case err == bufio.ErrBufferFull:
			return Hash{}, &Error{field, clip(line), "length", no}
		case err != nil:
			return Hash{}, err
		}
		line = line[:len(line)-1]
		key, reason := take(line)
		switch {
		case reason != "":
			return Hash{}, &Error{field, clip(line), reason, no}
		case no > 1 && key == last:
			return Hash{}, &Error{field, key, "twice", no}
		case no > 1 && key < last:
			return Hash{}, &Error{field, key, "order", no}
		}
		last = key
		m.add(line)
	}
}

// clip shortens what an error shows.
func clip(line []byte) string { return string(line[:min(len(line), maxWord)]) }
