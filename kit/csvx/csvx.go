// Package csvx reads CSV files as people and programs really write them: in
// UTF-8, with or without a byte order mark, in GB 18030 (and so GBK and GB 2312)
// or in UTF-16; separated by commas, semicolons or tabs; with rows of unequal
// length and quotes that never close.
//
// The form aimed at is RFC 4180. Departures are reported with the row they stand
// in and never end the file.
package csvx

import (
	"bufio"
	"errors"
	"io"
	"iter"
	"strings"
	"unicode/utf8"

	"github.com/dinghai/dinghai/kit/table"
)

// ErrLineTooLong says that a line is too long to be a row of text.
var ErrLineTooLong = errors.New("csvx: line too long")

const (
	maxLine  = 1 << 20 // bytes
	maxQuote = 100     // lines that a quoted field may span before its quote counts as a slip
)

// Rows yields the rows below the header. The separator is the one of comma,
// semicolon and tab that is most frequent in the first line with any. A row of
// another length than the header, or with a quote that does not close, or with
// bytes that are no text, comes with a *table.RowError.
func Rows(r io.Reader, columns []table.Column) iter.Seq2[table.Row, error] {
	return table.Rows(raw(r), table.Options{Columns: columns, Ragged: true})
}

func raw(r io.Reader) iter.Seq2[table.Raw, error] {
	return func(yield func(table.Raw, error) bool) {
		text, _ := Decode(r)
		p := parser{lines: bufio.NewReaderSize(text, 64<<10)}
		for {
			row, err := p.next()
			if err == io.EOF {
				return
			}
			if !yield(row, err) {
				return
			}
			if _, ok := err.(*table.RowError); err != nil && !ok {
				return
			}
		}
	}
}

// parser keeps lines that were read ahead in search of a closing quote.
type parser struct {
	lines *bufio.Reader
	ahead []string
	sep   byte
	line  int
	row   int
}

func (p *parser) next() (table.Raw, error) {
	first, err := p.get()
	if err != nil {
		return table.Raw{}, err
	}
	p.row++
	row := table.Raw{Number: p.row, Line: p.line}
	if p.sep == 0 {
		p.sep = separator(first)
	}
	cells, closed := split(first, p.separator())
	if !closed {
		if cells, closed, err = p.join(first); err != nil {
			return table.Raw{}, err
		}
	}
	row.Cells = cells
	return row, p.judge(row, closed)
}

func (p *parser) separator() byte {
	if p.sep == 0 {
		return ','
	}
	return p.sep
}

func (p *parser) judge(row table.Raw, closed bool) error {
	if !closed {
		return &table.RowError{Row: row.Number, Reason: "quote"}
	}
	for _, c := range row.Cells {
		if strings.ContainsRune(c, utf8.RuneError) {
			return &table.RowError{Row: row.Number, Reason: "encoding", Value: c}
		}
	}
	return nil
}

// join adds lines until the open quote closes. If it does not, the first line
// stands alone with its quotes as they are, and the others are rows again.
func (p *parser) join(first string) (cells []string, closed bool, err error) {
	var more []string
	text := first
	for len(more) < maxQuote && len(text) < maxLine {
		line, err := p.get()
		if err == io.EOF {
			break
		}
		if err != nil {
			return nil, false, err
		}
		more = append(more, line)
		text += "\n" + line
		// Only a line with a quote can close one.
		if strings.Contains(line, `"`) {
			if cells, closed := split(text, p.separator()); closed {
				return cells, true, nil
			}
		}
	}
	p.ahead = append(more, p.ahead...)
	p.line -= len(more)
	return strings.Split(first, string(p.separator())), false, nil
}

// get returns the next line without its end.
func (p *parser) get() (string, error) {
	if len(p.ahead) > 0 {
		line := p.ahead[0]
		p.ahead = p.ahead[1:]
		p.line++
		return line, nil
	}
	var b strings.Builder
	for {
		part, err := p.lines.ReadSlice('\n')
		b.Write(part)
		switch {
		case b.Len() > maxLine:
			return "", ErrLineTooLong
		case err == bufio.ErrBufferFull:
			continue
		case err == io.EOF && b.Len() > 0, err == nil:
			p.line++
			return strings.TrimSuffix(strings.TrimSuffix(b.String(), "\n"), "\r"), nil
		default:
			return "", err
		}
	}
}

// separator returns 0 if the line has none.
func separator(line string) (best byte) {
	most := 0
	for _, sep := range []byte{',', '\t', ';'} {
		if cells, _ := split(line, sep); len(cells)-1 > most {
			best, most = sep, len(cells)-1
		}
	}
	return best
}

// split cuts a line into cells. A quote opens a quoted field only at its start;
// elsewhere it is a character like any other.
func split(s string, sep byte) (cells []string, closed bool) {
	for {
		if len(s) > 0 && s[0] == '"' {
			cell, rest, ok := quoted(s[1:], sep)
			if !ok {
				return append(cells, cell), false
			}
			cells = append(cells, cell)
			if rest == "" {
				return cells, true
			}
			s = rest[1:]
			continue
		}
		i := strings.IndexByte(s, sep)
		if i < 0 {
			return append(cells, s), true
		}
		cells = append(cells, s[:i])
		s = s[i+1:]
	}
}

// quoted reads up to the quote that a separator or the end follows. Doubled
// quotes are one, and a stray quote within stays.
func quoted(s string, sep byte) (cell, rest string, ok bool) {
	if i := strings.IndexByte(s, '"'); i >= 0 && (i+1 == len(s) || s[i+1] == sep) {
		return s[:i], s[i+1:], true // the usual case, without copying
	}
	var b strings.Builder
	for i := 0; i < len(s); i++ {
		switch {
		case s[i] != '"':
			b.WriteByte(s[i])
		case i+1 == len(s) || s[i+1] == sep:
			return b.String(), s[i+1:], true
		default:
			if s[i+1] == '"' {
				i++
			}
			b.WriteByte('"')
		}
	}
	return b.String(), "", false
}
