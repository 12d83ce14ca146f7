package csvx

import (
	"bufio"
	"bytes"
	"io"
	"unicode/utf8"

	"golang.org/x/text/encoding/simplifiedchinese"
	"golang.org/x/text/encoding/unicode"
	"golang.org/x/text/transform"
)

// window is how much text after the first character beyond ASCII decides on
// the encoding.
const window = 64 << 10

// Decode returns r as UTF-8 without a byte order mark. The encoding is told by
// the mark or, failing that, by the first text beyond ASCII, however far down
// it stands. name returns the encoding once it is known, and "ASCII" until then.
func Decode(r io.Reader) (text io.Reader, name func() string) {
	d := &decoder{in: bufio.NewReaderSize(r, window), name: "ASCII"}
	d.mark()
	return d, func() string { return d.name }
}

type decoder struct {
	in   *bufio.Reader
	out  io.Reader // nil until the encoding is known
	name string
}

func (d *decoder) mark() {
	head, _ := d.in.Peek(3)
	switch {
	case bytes.HasPrefix(head, []byte("\xef\xbb\xbf")):
		_, _ = d.in.Discard(3)
		d.use("UTF-8", unicode.UTF8.NewDecoder())
	case bytes.HasPrefix(head, []byte("\xff\xfe")):
		d.use("UTF-16LE", unicode.UTF16(unicode.LittleEndian, unicode.UseBOM).NewDecoder())
	case bytes.HasPrefix(head, []byte("\xfe\xff")):
		d.use("UTF-16BE", unicode.UTF16(unicode.BigEndian, unicode.UseBOM).NewDecoder())
	}
}

func (d *decoder) use(name string, t transform.Transformer) {
	d.name, d.out = name, transform.NewReader(d.in, t)
}

// Read passes ASCII through, up to the character that decides.
func (d *decoder) Read(p []byte) (int, error) {
	if d.out != nil {
		return d.out.Read(p)
	}
	if len(p) == 0 {
		return 0, nil
	}
	// Peek fills the buffer as far as the input has it; a shorter one is no error.
	head, err := d.in.Peek(1)
	if len(head) == 0 {
		return 0, err
	}
	head, _ = d.in.Peek(d.in.Buffered())
	n := ascii(head)
	if n == 0 {
		d.decide()
		return d.out.Read(p)
	}
	return d.in.Read(p[:min(n, len(p))])
}

func ascii(b []byte) int {
	for i, c := range b {
		if c >= utf8.RuneSelf {
			return i
		}
	}
	return len(b)
}

func (d *decoder) decide() {
	text, err := d.in.Peek(window)
	if looksUTF8(text, err == nil) {
		d.use("UTF-8", unicode.UTF8.NewDecoder())
		return
	}
	d.use("GB18030", simplifiedchinese.GB18030.NewDecoder())
}

// looksUTF8 forgives a few bad bytes in a UTF-8 file, to report them rather
// than misread the rest. Of Chinese text in GB 18030 next to nothing passes for
// UTF-8. A character that the end of the window cuts does not count.
func looksUTF8(b []byte, cut bool) bool {
	good, bad := 0, 0
	for len(b) > 0 {
		r, size := utf8.DecodeRune(b)
		switch {
		case r != utf8.RuneError || size > 1:
			if size > 1 {
				good++
			}
		case !cut || utf8.FullRune(b):
			bad++
		}
		b = b[size:]
	}
	return good > 4*bad
}
