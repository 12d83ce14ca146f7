package docx

import (
	"archive/zip"
	"bytes"
	"errors"
	"fmt"
	"io"
	"maps"
	"slices"
)

// Values are what content controls are filled with, by their tags. Controls
// without a value stay as they are. In a text, a line feed is a new paragraph
// where the control holds paragraphs, and a line break where it holds words.
type Values struct {
	Text  map[string]string
	Check map[string]bool
	Rows  map[string][]Values // repeats what the control holds, once for each
}

// Fill writes a copy of a document with its content controls filled. Formats,
// and everything that is not filled, stay as they are. Bindings of filled
// controls to custom XML are cut, since a word processor would put the old
// value back. A value without a control is a ControlError; nothing is written
// then. A digital signature of the document does not survive.
func Fill(w io.Writer, r io.ReaderAt, size int64, v Values, l Limits) error {
	l = l.withDefaults()
	z, err := open(r, size)
	if err != nil {
		return err
	}
	changed := map[string][]byte{}
	seen := map[string]bool{}
	for _, f := range textParts(z) {
		part, err := readPart(f, l)
		if err != nil {
			return err
		}
		root, err := parse(part, l)
		if err != nil {
			return fmt.Errorf("%s: %w", f.Name, err)
		}
		if !root.controls {
			continue
		}
		p := &filler{part: part, name: f.Name, limit: l.Size}
		p.contents(root, scope{v, "", seen})
		if err := errors.Join(p.problems...); err != nil {
			return err
		}
		if p.limit < int64(p.out.Len()) {
			return ErrTooLarge
		}
		changed[f.Name] = p.out.Bytes()
	}
	if err := unfilled(scope{v, "", seen}); err != nil {
		return err
	}
	return repack(w, z, changed)
}

// scope is the values in force at a place, with what was found of them.
type scope struct {
	Values
	path string // before tags in errors
	seen map[string]bool
}

func unfilled(s scope) error {
	var missing []error
	tags := map[string]bool{}
	for t := range s.Text {
		tags[t] = true
	}
	for t := range s.Check {
		tags[t] = true
	}
	for t := range s.Rows {
		tags[t] = true
	}
	for _, t := range slices.Sorted(maps.Keys(tags)) {
		if !s.seen[t] {
			missing = append(missing, &ControlError{Tag: s.path + t, Reason: "the document has no such control"})
		}
	}
	return errors.Join(missing...)
}

// filler writes one part anew.
type filler struct {
	part     []byte
	name     string
	out      bytes.Buffer
	limit    int64
	problems []error
	again    bool // in a repetition: identifiers must not come twice
}

func (f *filler) raw(from, to int) {
	if int64(f.out.Len()) <= f.limit {
		f.out.Write(f.part[from:to])
	}
}

func (f *filler) reject(e *element, tag, format string, args ...any) {
	f.problems = append(f.problems, &ControlError{Tag: tag, Part: f.name, Offset: e.from, Reason: fmt.Sprintf(format, args...)})
}

// contents copies what an element holds, filling the controls within.
func (f *filler) contents(e *element, s scope) {
	at := e.inner
	for _, k := range e.kids {
		if !k.controls {
			continue
		}
		f.raw(at, k.from)
		if k.word && k.name == "sdt" {
			f.control(k, s)
		} else {
			f.raw(k.from, k.inner)
			f.contents(k, s)
			f.raw(k.end, k.to)
		}
		at = k.to
	}
	f.raw(at, e.end)
}

func (f *filler) control(e *element, s scope) {
	pr, content := e.kid("sdtPr"), e.kid("sdtContent")
	if pr != nil && e.kids[0] != pr {
		f.problems = append(f.problems, fmt.Errorf("%w: %s: a control at %d begins without its properties", ErrFormat, f.name, e.from))
		return
	}
	tag := pr.kid("tag").attr("val")
	text, isText := s.Text[tag]
	check, isCheck := s.Check[tag]
	rows, isRows := s.Rows[tag]
	if tag == "" || content == nil || !isText && !isCheck && !isRows {
		f.keep(e, pr, s)
		return
	}
	s.seen[tag] = true
	kind := kindOf(pr)
	switch {
	case isRows:
		f.repeat(e, content, rows, s, tag)
	case isCheck && kind != CheckBox:
		f.reject(e, s.path+tag, "is no check box")
	case isCheck:
		f.text(e, pr, content, checkSign(pr, check), &check)
	case kind == CheckBox:
		f.reject(e, s.path+tag, "is a check box, no text")
	default:
		f.fillText(e, pr, content, text, kind, s.path+tag)
	}
}

// keep copies a control that has no value, and fills those within.
func (f *filler) keep(e, pr *element, s scope) {
	if !f.again || pr == nil {
		f.raw(e.from, e.inner)
		f.contents(e, s)
		f.raw(e.end, e.to)
		return
	}
	f.raw(e.from, pr.from)
	f.properties(pr, map[string]string{"id": ""})
	rest := *e
	rest.inner = pr.to
	rest.kids = slices.DeleteFunc(slices.Clone(e.kids), func(k *element) bool { return k == pr })
	f.contents(&rest, s)
	f.raw(e.end, e.to)
}

// properties copies the properties of a control with some elements replaced,
// by name; "" drops one.
func (f *filler) properties(pr *element, replace map[string]string) {
	f.raw(pr.from, pr.inner)
	at := pr.inner
	for _, k := range pr.kids {
		if by, ok := replace[k.name]; ok {
			f.raw(at, k.from)
			f.out.WriteString(by)
			at = k.to
		}
	}
	f.raw(at, pr.to)
}

// repeat writes a control whose contents come once for each of the values. No
// values leave nothing of rows and an empty paragraph where text was.
func (f *filler) repeat(e, content *element, rows []Values, s scope, tag string) {
	if len(rows) == 0 {
		if content.kid("tr") == nil && (content.kid("p") != nil || content.kid("tbl") != nil) {
			f.out.WriteString("<" + e.prefix(f.part) + "p/>")
		}
		return
	}
	f.raw(e.from, content.inner)
	outer := f.again
	for i, v := range rows {
		in := scope{v, fmt.Sprintf("%s%s[%d].", s.path, tag, i), map[string]bool{}}
		f.again = outer || i > 0
		f.contents(content, in)
		if err := unfilled(in); err != nil {
			f.problems = append(f.problems, err)
		}
		if int64(f.out.Len()) > f.limit {
			return
		}
	}
	f.again = outer
	f.raw(content.end, e.to)
}

// repack copies an archive with some parts changed; the others stay packed as
// they are.
func repack(w io.Writer, z *zip.Reader, changed map[string][]byte) error {
	out := zip.NewWriter(w)
	for _, f := range z.File {
		part, ok := changed[f.Name]
		if !ok {
			if err := out.Copy(f); err != nil {
				return fmt.Errorf("docx: write %s: %w", f.Name, err)
			}
			continue
		}
		p, err := out.CreateHeader(&zip.FileHeader{Name: f.Name, Method: zip.Deflate, Modified: f.Modified})
		if err == nil {
			_, err = p.Write(part)
		}
		if err != nil {
			return fmt.Errorf("docx: write %s: %w", f.Name, err)
		}
	}
	if err := out.Close(); err != nil {
		return fmt.Errorf("docx: write: %w", err)
	}
	return nil
}
