package docx

import (
	"archive/zip"
	"errors"
	"fmt"
	"io"
	"regexp"
	"strings"
)

// A Kind is what a content control holds.
type Kind string

// Kinds of controls. Other kinds, such as pictures, are named by their element.
const (
	RichText  Kind = "richText"
	PlainText Kind = "text"
	CheckBox  Kind = "checkbox"
	DropDown  Kind = "dropDownList"
	ComboBox  Kind = "comboBox"
	DateField Kind = "date"
	Repeating Kind = "repeatingSection"
)

// A Control is a content control (w:sdt) of a document.
type Control struct {
	Tag   string // w:tag, by which it is filled
	Title string // w:alias, which people see
	Kind  Kind
	Text  string   // shown now
	Items []string // of a list, as shown
	Part  string   // of the archive
}

// kinds in the order that matters where a control has several marks.
var kinds = []Kind{CheckBox, DropDown, ComboBox, DateField, Repeating, PlainText,
	"picture", "citation", "bibliography", "equation", "group", "docPartObj", "docPartList", "repeatingSectionItem"}

func kindOf(pr *element) Kind {
	for _, k := range kinds {
		if pr.kid(string(k)) != nil {
			return k
		}
	}
	return RichText
}

func items(pr *element) (shown, values []string) {
	for _, k := range []Kind{DropDown, ComboBox} {
		list := pr.kid(string(k))
		if list == nil {
			continue
		}
		for _, it := range list.kids {
			if it.name != "listItem" {
				continue
			}
			show := it.attr("displayText")
			if show == "" {
				show = it.attr("value")
			}
			shown, values = append(shown, show), append(values, it.attr("value"))
		}
	}
	return shown, values
}

// Controls lists the content controls of a document in reading order: those of
// the text, then those of headers, footers and notes.
func Controls(r io.ReaderAt, size int64, l Limits) ([]Control, error) {
	l = l.withDefaults()
	z, err := open(r, size)
	if err != nil {
		return nil, err
	}
	var out []Control
	for _, f := range textParts(z) {
		part, err := readPart(f, l)
		if err != nil {
			return nil, err
		}
		root, err := parse(part, l)
		if err != nil {
			return nil, fmt.Errorf("%s: %w", f.Name, err)
		}
		budget := l.Size
		if out = list(out, root, f.Name, &budget); budget < 0 {
			return nil, ErrTooLarge
		}
	}
	return out, nil
}

// list adds the controls below an element. The budget is spent on their text,
// which comes once for each level of controls within controls.
func list(out []Control, e *element, name string, budget *int64) []Control {
	for _, k := range e.kids {
		if !k.controls || *budget < 0 {
			continue
		}
		if k.word && k.name == "sdt" {
			pr := k.kid("sdtPr")
			shown, _ := items(pr)
			text := shownText(k.kid("sdtContent"))
			*budget -= int64(len(text))
			out = append(out, Control{Tag: pr.kid("tag").attr("val"), Title: pr.kid("alias").attr("val"), Kind: kindOf(pr),
				Text: text, Items: shown, Part: name})
		}
		out = list(out, k, name, budget)
	}
	return out
}

// shownText joins the text of an element, a line for each paragraph.
func shownText(e *element) string {
	var b strings.Builder
	var walk func(e *element)
	walk = func(e *element) {
		for _, k := range e.kids {
			switch {
			case k.word && k.name == "t":
				b.Write(k.text)
			case k.word && k.name == "tab":
				b.WriteByte('\t')
			case k.word && (k.name == "br" || k.name == "cr"):
				b.WriteByte('\n')
			case skipped[k.name]:
			default:
				walk(k)
				if k.word && k.name == "p" {
					b.WriteByte('\n')
				}
			}
		}
	}
	if e != nil {
		walk(e)
	}
	return strings.TrimSuffix(b.String(), "\n")
}

// partNames are the parts that hold text which people read.
var partNames = regexp.MustCompile(`^word/(document|header\d*|footer\d*|footnotes|endnotes)\.xml$`)

func textParts(z *zip.Reader) []*zip.File {
	var out []*zip.File
	for _, f := range z.File {
		if partNames.MatchString(f.Name) {
			if f.Name == "word/document.xml" {
				out = append([]*zip.File{f}, out...)
				continue
			}
			out = append(out, f)
		}
	}
	return out
}

// open checks what all readers of an archive rely on.
func open(r io.ReaderAt, size int64) (*zip.Reader, error) {
	z, err := zip.NewReader(r, size)
	if err != nil {
		return nil, fmt.Errorf("%w: %w", ErrFormat, err)
	}
	if len(z.File) > maxFiles {
		return nil, ErrTooLarge
	}
	seen := map[string]bool{}
	for _, f := range z.File {
		if seen[f.Name] {
			return nil, fmt.Errorf("%w: two parts are named %q", ErrFormat, f.Name)
		}
		seen[f.Name] = true
	}
	if !seen["word/document.xml"] {
		return nil, fmt.Errorf("%w: no word/document.xml", ErrFormat)
	}
	return z, nil
}

func readPart(f *zip.File, l Limits) ([]byte, error) {
	if f.UncompressedSize64 > uint64(l.Size) {
		return nil, ErrTooLarge
	}
	rc, err := f.Open()
	if err != nil {
		return nil, fmt.Errorf("%w: %s: %w", ErrFormat, f.Name, err)
	}
	defer rc.Close()
	b, err := io.ReadAll(&bounded{rc, l.Size + 1})
	if errors.Is(err, ErrTooLarge) {
		return nil, err
	}
	if err != nil {
		return nil, fmt.Errorf("%w: %s: %w", ErrFormat, f.Name, err)
	}
	return b, nil
}
