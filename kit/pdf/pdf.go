// Package pdf writes laid-out documents as PDF 1.7 (ISO 32000-1): text with
// embedded font subsets that can be searched and copied character by character,
// rules, pictures and an outline.
//
// Each character of a font has a code of its own, even where two share a glyph,
// so that the text read back is the text put in. Characters beyond the Basic
// Multilingual Plane, as rare names have, are written like any other. Equal
// documents with an equal date give equal bytes.
package pdf

import (
	"bytes"
	"compress/zlib"
	"crypto/sha256"
	"fmt"
	"io"
	"maps"
	"slices"
	"strconv"
	"sync"
	"time"
	"unicode/utf16"

	"github.com/dinghai/dinghai/kit/typeset"
)

// Info is what a document says about itself.
type Info struct {
	Title, Author, Subject, Keywords, Creator string

	Date   time.Time         // of creation; the zero time is left out
	Lang   string            // BCP 47; "" means zh-CN
	Custom map[string]string // further entries, names of ASCII letters and digits
}

// An InfoError names an entry of Info that cannot be written.
type InfoError struct{ Key, Reason string }

func (e *InfoError) Error() string { return fmt.Sprintf("pdf: info %q: %s", e.Key, e.Reason) }

// Write writes a document.
func Write(w io.Writer, doc *typeset.Document, info Info) error {
	if len(doc.Pages) == 0 {
		return fmt.Errorf("pdf: no pages")
	}
	f := newFile(doc)
	defer zips.Put(f.zip)
	entries, err := f.info(info)
	if err != nil {
		return err
	}
	for i := range doc.Pages {
		f.page(i)
	}
	for _, font := range f.fonts.list {
		if err := f.font(font); err != nil {
			return err
		}
	}
	for _, p := range f.pictures {
		if err := f.picture(p); err != nil {
			return err
		}
	}
	outlines := f.outline(doc.Bookmarks)
	f.tree()
	f.catalog(info, outlines)
	f.object(infoObject, entries)
	f.trailer()
	_, err = w.Write(f.out.Bytes())
	return err
}

// The first objects have fixed numbers; pages take two each from firstPage on.
const (
	catalogObject = iota + 1
	treeObject
	infoObject
	firstPage
)

// zips keeps compressors, which are large, from one document to the next.
var zips = sync.Pool{New: func() any {
	// The level is a valid one.
	z, _ := zlib.NewWriterLevel(io.Discard, zlib.BestSpeed)
	return z
}}

// file is a PDF being written.
type file struct {
	doc      *typeset.Document
	out      bytes.Buffer
	offsets  []int // by object number
	fonts    *fontSet
	pictures []picture
	packed   bytes.Buffer
	zip      *zlib.Writer
}

func newFile(doc *typeset.Document) *file {
	f := &file{doc: doc, fonts: collect(doc), zip: zips.Get().(*zlib.Writer)}
	f.offsets = make([]int, firstPage+2*len(doc.Pages))
	f.out.WriteString("%PDF-1.7\n%\xe5\xae\x9a\xe6\xb5\xb7\n")
	for _, font := range f.fonts.list {
		font.object = f.reserve(5)
	}
	f.findPictures()
	return f
}

// reserve takes the next n object numbers and returns the first.
func (f *file) reserve(n int) int {
	first := len(f.offsets)
	f.offsets = append(f.offsets, make([]int, n)...)
	return first
}

func (f *file) object(n int, body string) {
	f.offsets[n] = f.out.Len()
	fmt.Fprintf(&f.out, "%d 0 obj\n%s\nendobj\n", n, body)
}

// stream writes a compressed stream with further entries of its dictionary.
func (f *file) stream(n int, entries string, body []byte) {
	f.packed.Reset()
	f.zip.Reset(&f.packed)
	// A bytes.Buffer never fails.
	_, _ = f.zip.Write(body)
	_ = f.zip.Close()
	f.offsets[n] = f.out.Len()
	fmt.Fprintf(&f.out, "%d 0 obj\n<</Length %d/Filter/FlateDecode%s>>\nstream\n", n, f.packed.Len(), entries)
	f.out.Write(f.packed.Bytes())
	f.out.WriteString("\nendstream\nendobj\n")
}

func (f *file) info(in Info) (string, error) {
	m := map[string]string{"Title": in.Title, "Author": in.Author, "Subject": in.Subject,
		"Keywords": in.Keywords, "Creator": in.Creator, "Producer": "Dinghai kit/pdf"}
	for k, v := range in.Custom {
		if !plainName(k) {
			return "", &InfoError{k, "not a name of ASCII letters and digits"}
		}
		if _, taken := m[k]; taken || k == "CreationDate" || k == "ModDate" || k == "Trapped" {
			return "", &InfoError{k, "a standard entry, has a field of its own"}
		}
		m[k] = v
	}
	var b bytes.Buffer
	b.WriteString("<<")
	for _, k := range slices.Sorted(maps.Keys(m)) {
		if m[k] != "" {
			b.WriteString("/" + k + text(m[k]))
		}
	}
	if !in.Date.IsZero() {
		d := date(in.Date)
		b.WriteString("/CreationDate" + d + "/ModDate" + d)
	}
	b.WriteString(">>")
	return b.String(), nil
}

func plainName(s string) bool {
	for _, c := range s {
		if (c < '0' || c > '9') && (c < 'A' || c > 'Z') && (c < 'a' || c > 'z') {
			return false
		}
	}
	return s != "" && len(s) < 64
}

func date(t time.Time) string {
	s := t.Format("20060102150405-07'00'")
	return "(D:" + s + ")"
}

// text writes a string in UTF-16 with its mark, in hexadecimal.
func text(s string) string {
	b := []byte("<FEFF")
	for _, u := range utf16.Encode([]rune(s)) {
		b = hex4(b, u)
	}
	return string(append(b, '>'))
}

func hex4(b []byte, v uint16) []byte {
	const digits = "0123456789ABCDEF"
	return append(b, digits[v>>12], digits[v>>8&15], digits[v>>4&15], digits[v&15])
}

// number writes thousandths as a decimal number.
func number(b []byte, n int64) []byte {
	if n < 0 {
		b, n = append(b, '-'), -n
	}
	b = strconv.AppendInt(b, n/1000, 10)
	if n %= 1000; n != 0 {
		b = append(b, '.', byte('0'+n/100), byte('0'+n/10%10), byte('0'+n%10))
		for b[len(b)-1] == '0' {
			b = b[:len(b)-1]
		}
	}
	return b
}

func (f *file) tree() {
	var kids []byte
	for i := range f.doc.Pages {
		kids = strconv.AppendInt(kids, int64(firstPage+2*i), 10)
		kids = append(kids, " 0 R "...)
	}
	f.object(treeObject, fmt.Sprintf("<</Type/Pages/Count %d/Kids[%s]>>", len(f.doc.Pages), kids))
}

func (f *file) catalog(in Info, outlines int) {
	lang := in.Lang
	if lang == "" {
		lang = "zh-CN"
	}
	extra := ""
	if outlines > 0 {
		extra = fmt.Sprintf("/Outlines %d 0 R/PageMode/UseOutlines", outlines)
	}
	f.object(catalogObject, fmt.Sprintf("<</Type/Catalog/Pages %d 0 R/Lang%s/ViewerPreferences<</DisplayDocTitle true>>%s>>",
		treeObject, text(lang), extra))
}

// trailer writes the table of objects. The file's identifier is its own hash.
func (f *file) trailer() {
	id := sha256.Sum256(f.out.Bytes())
	start := f.out.Len()
	fmt.Fprintf(&f.out, "xref\n0 %d\n0000000000 65535 f \n", len(f.offsets))
	for _, at := range f.offsets[1:] {
		fmt.Fprintf(&f.out, "%010d 00000 n \n", at)
	}
	fmt.Fprintf(&f.out, "trailer\n<</Size %d/Root %d 0 R/Info %d 0 R/ID[<%X><%X>]>>\nstartxref\n%d\n%%%%EOF\n",
		len(f.offsets), catalogObject, infoObject, id[:16], id[:16], start)
}
