package jcs

import (
	"bytes"
	"encoding/json"
	"errors"
	"io"
	"math"
	"strconv"
	"strings"
	"unicode/utf8"
)

// check walks a document and finds what is wrong with it and where.
func check(b []byte, exact bool) error {
	if len(b) > MaxSize {
		return &Error{Position: MaxSize, Reason: "size"}
	}
	if at := invalidUTF8(b); at >= 0 {
		return &Error{Position: at, Reason: "utf8"}
	}
	w := walk{raw: b, d: json.NewDecoder(bytes.NewReader(b)), exact: exact}
	w.d.UseNumber()
	for done := false; !done; {
		var err error
		if done, err = w.next(); err != nil {
			return err
		}
	}
	if rest := bytes.TrimLeft(b[w.d.InputOffset():], " \t\r\n"); len(rest) > 0 {
		return &Error{Position: len(b) - len(rest), Reason: "trailing"}
	}
	return nil
}

func invalidUTF8(b []byte) int {
	if utf8.Valid(b) {
		return -1
	}
	for at := 0; ; {
		r, n := utf8.DecodeRune(b[at:])
		if r == utf8.RuneError && n <= 1 {
			return at
		}
		at += n
	}
}

// level is an array or object that is open.
type level struct {
	object bool
	names  map[string]bool
	name   string // of the member whose value comes next
	named  bool   // a name was read and its value was not
	index  int
}

type walk struct {
	raw   []byte
	d     *json.Decoder
	exact bool
	open  []level
}

func (w *walk) fail(reason string) error {
	var p strings.Builder
	for _, l := range w.open {
		if l.object {
			p.WriteString("/" + strings.NewReplacer("~", "~0", "/", "~1").Replace(l.name))
		} else {
			p.WriteString("/" + strconv.Itoa(l.index))
		}
	}
	return &Error{p.String(), int(w.d.InputOffset()), reason}
}

// next reads one token; done means the document's value has ended.
func (w *walk) next() (done bool, err error) {
	before := w.d.InputOffset()
	t, err := w.d.Token()
	if err != nil {
		return false, w.syntax(err)
	}
	switch t := t.(type) {
	case json.Delim:
		return w.delim(t)
	case string:
		if loneSurrogate(w.raw[before:w.d.InputOffset()]) {
			return false, w.fail("surrogate")
		}
		if n := len(w.open); n > 0 && w.open[n-1].object && !w.open[n-1].named {
			return false, w.member(&w.open[n-1], t)
		}
	case json.Number:
		if !w.fits(t) {
			return false, w.fail("number")
		}
	}
	return w.value(), nil
}

func (w *walk) syntax(err error) error {
	var s *json.SyntaxError
	if errors.As(err, &s) {
		return &Error{w.fail("").(*Error).Path, int(s.Offset), "syntax"}
	}
	if errors.Is(err, io.EOF) || errors.Is(err, io.ErrUnexpectedEOF) {
		return &Error{w.fail("").(*Error).Path, len(w.raw), "syntax"}
	}
	return w.fail("syntax")
}

func (w *walk) delim(d json.Delim) (bool, error) {
	if d == ']' || d == '}' {
		w.open = w.open[:len(w.open)-1]
		return w.value(), nil
	}
	if len(w.open) == MaxDepth {
		return false, w.fail("depth")
	}
	w.open = append(w.open, level{object: d == '{'})
	return false, nil
}

func (w *walk) member(l *level, name string) error {
	l.name, l.named = name, true
	if l.names[name] {
		return w.fail("duplicate")
	}
	if l.names == nil {
		l.names = map[string]bool{}
	}
	l.names[name] = true
	return nil
}

// value notes that a value has ended.
func (w *walk) value() bool {
	if len(w.open) == 0 {
		return true
	}
	l := &w.open[len(w.open)-1]
	l.named = false
	l.index++
	return false
}

const maxInteger = 1<<53 - 1

func (w *walk) fits(n json.Number) bool {
	if w.exact {
		i, err := strconv.ParseInt(n.String(), 10, 64)
		return err == nil && i <= maxInteger && i >= -maxInteger && n.String() != "-0"
	}
	f, err := n.Float64()
	return err == nil && !math.IsInf(f, 0)
}

// loneSurrogate reports whether an escape in the text of a string is half of a
// pair. Go's decoder replaces it in silence.
func loneSurrogate(raw []byte) bool {
	high := false // the escape just before was a high surrogate
	for i := 0; i < len(raw); i++ {
		if raw[i] != '\\' {
			if high {
				return true
			}
			continue
		}
		n := uint64(0)
		if i+5 < len(raw) && raw[i+1] == 'u' {
			n, _ = strconv.ParseUint(string(raw[i+2:i+6]), 16, 16)
		}
		low := n >= 0xdc00 && n < 0xe000
		if high != low {
			return true
		}
		high = n >= 0xd800 && n < 0xdc00
		i++
		if raw[i] == 'u' {
			i += 4
		}
	}
	return high
}
