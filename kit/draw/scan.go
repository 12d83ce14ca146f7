package draw

import (
	"bytes"
	"io"
	"runtime"
	"slices"
	"sync"
	"sync/atomic"
)

// chunkLines is how many lines a worker takes at a time. It is a power of two, so
// that the leaves of a chunk are a complete subtree of the file's tree.
const chunkLines = 1 << 13

// taker looks at lines. Each worker has its own.
type taker interface {
	// take returns the key of a line, by which the file is sorted, or the reason
	// to refuse the line. It must not keep the line.
	take(line []byte) (key []byte, reason string)
}

type chunk struct {
	no    int
	first int // number of its first line, from 1
	data  []byte
}

// scanned is what a worker found in a chunk.
type scanned struct {
	root      Hash
	lines     int
	low, high string // first and last key
	err       error
}

// scan reads a sorted file on all processors and returns the root of its lines
// and their number. Memory does not grow with the file. Of several errors it
// returns that of the first line.
func scan(r io.Reader, field string, newTaker func() taker) (Hash, int, error) {
	var (
		wg      sync.WaitGroup
		mu      sync.Mutex
		results []scanned
		failed  atomic.Bool
		work    = make(chan chunk)
		buffers = sync.Pool{New: func() any { return new([]byte) }}
	)
	for range runtime.GOMAXPROCS(0) {
		t := newTaker()
		wg.Go(func() {
			var m merkle
			for c := range work {
				s := c.scan(field, t, &m)
				if s.err != nil {
					failed.Store(true)
				}
				mu.Lock()
				results = slices.Grow(results, max(0, c.no+1-len(results)))
				results = results[:max(len(results), c.no+1)]
				results[c.no] = s
				mu.Unlock()
				buffers.Put(&c.data)
			}
		})
	}
	cut := cutter{r: r, field: field}
	var err error
	for no := 0; !failed.Load(); no++ {
		c := chunk{no: no, first: cut.lines + 1}
		if c.data, err = cut.next(*buffers.Get().(*[]byte)); err != nil || len(c.data) == 0 {
			break
		}
		work <- c
	}
	close(work)
	wg.Wait()
	root, n, found := join(field, results)
	if found != nil {
		return Hash{}, 0, found // of an earlier line than what the cutter saw
	}
	return root, n, err
}

func (c chunk) scan(field string, t taker, m *merkle) (s scanned) {
	m.reset()
	var last []byte
	for data := c.data; len(data) > 0; s.lines++ {
		line, rest, _ := bytes.Cut(data, []byte("\n"))
		data = rest
		no := c.first + s.lines
		if len(line) > maxLine {
			s.err = &Error{field, clip(line), "length", no}
			return s
		}
		key, reason := t.take(line)
		if reason == "" && s.lines > 0 {
			reason = follows(last, key)
		}
		if reason != "" {
			s.err = &Error{field, clip(line), reason, no}
			return s
		}
		if s.lines == 0 {
			s.low = string(key)
		}
		last = key
		m.add(line)
	}
	s.root, s.high = m.root(), string(last)
	return s
}

// follows returns the reason why b does not come after a.
func follows(a, b []byte) string {
	switch bytes.Compare(a, b) {
	case 0:
		return "twice"
	case 1:
		return "order"
	}
	return ""
}

// join puts the chunks together.
func join(field string, results []scanned) (Hash, int, error) {
	var m merkle
	for i, s := range results {
		if s.err != nil {
			return Hash{}, 0, s.err
		}
		if i > 0 {
			if reason := follows([]byte(results[i-1].high), []byte(s.low)); reason != "" {
				return Hash{}, 0, &Error{field, s.low, reason, m.n + 1}
			}
		}
		if s.lines == chunkLines {
			m.addTree(s.root, chunkLines)
			continue
		}
		n := m.n + s.lines // the last chunk
		return m.rootWith(s.root), n, nil
	}
	return m.root(), m.n, nil
}

// cutter cuts a stream into chunks of whole lines.
type cutter struct {
	r     io.Reader
	field string
	carry []byte // read already, for the next chunk
	lines int
	ended bool
}

const readSize = 16 << 10

// next returns the next chunk, in buf if it fits; an empty one at the end.
func (c *cutter) next(buf []byte) ([]byte, error) {
	buf = append(buf[:0], c.carry...)
	c.carry = c.carry[:0]
	count, at, idle := 0, 0, 0 // at: just after the last newline counted
	for {
		n, end := newlines(buf[at:], chunkLines-count)
		count, at = count+n, at+end
		rest := buf[at:]
		switch {
		case count == chunkLines || c.ended && len(rest) == 0:
			c.carry = append(c.carry, rest...)
			c.lines += count
			return buf[:at], nil
		case len(rest) > maxLine:
			return nil, &Error{c.field, clip(rest), "length", c.lines + count + 1}
		case c.ended:
			return nil, &Error{c.field, clip(rest), "syntax", c.lines + count + 1} // the last newline is missing
		}
		buf = slices.Grow(buf, readSize)
		n, err := c.r.Read(buf[len(buf) : len(buf)+readSize])
		buf = buf[:len(buf)+n]
		if c.ended = err == io.EOF; err != nil && !c.ended {
			return nil, err
		}
		if idle++; n > 0 {
			idle = 0
		} else if idle > 100 {
			return nil, io.ErrNoProgress
		}
	}
}

// newlines counts newlines up to most and tells where the last one counted ends.
func newlines(b []byte, most int) (n, end int) {
	if n = bytes.Count(b, []byte("\n")); n <= most {
		return n, bytes.LastIndexByte(b, '\n') + 1
	}
	for n = 0; n < most; n++ {
		end += bytes.IndexByte(b[end:], '\n') + 1
	}
	return n, end
}
