package files

import (
	"bufio"
	"bytes"
	"crypto/aes"
	"crypto/cipher"
	"crypto/rand"
	"encoding/base64"
	"encoding/binary"
	"encoding/json"
	"errors"
	"fmt"
	"io"

	"github.com/dinghai/dinghai/domain"
)

// A stored file is the mark, then segments of AES-256-GCM. The nonce is the
// segment's number and whether it is the last, so that segments cannot be
// moved, left out or cut off. The plain text is a line of JSON, then the
// content.
const (
	mark    = "DHF1"
	segment = 64 << 10
	maxLine = 4 << 10
)

var errDamaged = errors.New("files: the stored file is damaged or the key is another one's")

// line is what the content says of itself; a value that says otherwise is none
// of ours.
type line struct {
	Size int64  `json:"size"`
	Type string `json:"type"`
	Name string `json:"name"`
}

func newKey() string {
	b := make([]byte, 32)
	_, _ = rand.Read(b) // never fails
	return base64.RawURLEncoding.EncodeToString(b)
}

func gcmOf(key string) (cipher.AEAD, error) {
	b, err := base64.RawURLEncoding.DecodeString(key)
	if err != nil || len(b) != 32 {
		return nil, errDamaged
	}
	block, err := aes.NewCipher(b)
	if err != nil {
		return nil, err
	}
	return cipher.NewGCM(block)
}

func nonce(n uint64, last bool) []byte {
	b := make([]byte, 12)
	binary.BigEndian.PutUint64(b[3:], n)
	if last {
		b[11] = 1
	}
	return b
}

// seal writes the content of r encrypted.
func seal(w io.Writer, r io.Reader, f domain.File) error {
	gcm, err := gcmOf(f.Key)
	if err != nil {
		return err
	}
	head, err := json.Marshal(line{f.Size, f.Type, f.Name})
	if err != nil {
		return err
	}
	if _, err := io.WriteString(w, mark); err != nil {
		return err
	}
	in := bufio.NewReaderSize(io.MultiReader(bytes.NewReader(append(head, '\n')), r), 2*segment)
	plain, out := make([]byte, segment), make([]byte, 0, segment+gcm.Overhead())
	for n := uint64(0); ; n++ {
		got, err := io.ReadFull(in, plain)
		if err != nil && !errors.Is(err, io.ErrUnexpectedEOF) {
			return err
		}
		_, err = in.Peek(1)
		last := errors.Is(err, io.EOF)
		if err != nil && !last {
			return err
		}
		if _, err := w.Write(gcm.Seal(out, nonce(n, last), plain[:got], []byte(mark))); err != nil || last {
			return err
		}
	}
}

// opened reads a stored file in the clear, segment by segment.
type opened struct {
	in   *bufio.Reader
	src  io.Closer
	gcm  cipher.AEAD
	n    uint64
	last bool
	raw  []byte
	rest []byte
}

// unseal checks the head of a stored file against its value and gives what
// follows.
func unseal(src io.ReadCloser, f domain.File) (io.ReadCloser, error) {
	gcm, err := gcmOf(f.Key)
	if err != nil {
		return nil, err
	}
	o := &opened{in: bufio.NewReaderSize(src, 2*segment), src: src, gcm: gcm, raw: make([]byte, segment+gcm.Overhead())}
	m := make([]byte, len(mark))
	if _, err := io.ReadFull(o.in, m); err != nil || string(m) != mark {
		return nil, errDamaged
	}
	if err := o.next(); err != nil {
		return nil, err
	}
	end := bytes.IndexByte(o.rest, '\n')
	var l line
	if end < 0 || end > maxLine || json.Unmarshal(o.rest[:end], &l) != nil || l != (line{f.Size, f.Type, f.Name}) {
		return nil, errDamaged
	}
	o.rest = o.rest[end+1:]
	return o, nil
}

func (o *opened) next() error {
	got, err := io.ReadFull(o.in, o.raw)
	if err != nil && !errors.Is(err, io.ErrUnexpectedEOF) {
		if errors.Is(err, io.EOF) {
			err = errDamaged // cut off between segments
		}
		return err
	}
	_, err = o.in.Peek(1)
	o.last = errors.Is(err, io.EOF)
	if err != nil && !o.last {
		return err
	}
	o.rest, err = o.gcm.Open(o.raw[:0], nonce(o.n, o.last), o.raw[:got], []byte(mark))
	if err != nil {
		return fmt.Errorf("%w: segment %d", errDamaged, o.n)
	}
	o.n++
	return nil
}

// Read gives plain content; an error instead of io.EOF means it is not whole.
func (o *opened) Read(p []byte) (int, error) {
	for len(o.rest) == 0 {
		if o.last {
			return 0, io.EOF
		}
		if err := o.next(); err != nil {
			return 0, err
		}
	}
	n := copy(p, o.rest)
	o.rest = o.rest[n:]
	return n, nil
}

// Close lets the storage go.
func (o *opened) Close() error { return o.src.Close() }
