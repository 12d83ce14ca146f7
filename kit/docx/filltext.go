package docx

import (
	"fmt"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"
)

func (f *filler) fillText(e, pr, content *element, text string, kind Kind, tag string) {
	if bad := badRune(text); bad != "" {
		f.reject(e, tag, "the value holds %s, which XML cannot", bad)
		return
	}
	switch kind {
	case PlainText, RichText, ComboBox, DateField:
	case DropDown:
		shown, values := items(pr)
		i := slices.Index(shown, text)
		if i < 0 {
			i = slices.Index(values, text)
		}
		if i < 0 {
			f.reject(e, tag, "%q is not in its list: %s", text, strings.Join(shown, ", "))
			return
		}
		text = shown[i]
	default:
		f.reject(e, tag, "a control of kind %s cannot hold text", kind)
		return
	}
	if content.kid("tr") != nil {
		f.reject(e, tag, "holds rows of a table, no text")
		return
	}
	f.text(e, pr, content, text, nil)
}

// text writes a control with new text in the format of what it held.
func (f *filler) text(e, pr, content *element, text string, checked *bool) {
	p := e.prefix(f.part)
	f.raw(e.from, pr.from)
	f.properties(pr, f.edits(pr, checked))
	f.raw(pr.to, content.from)
	f.out.WriteString("<" + p + "sdtContent>")
	format := f.format(pr, content)
	switch {
	case content.kid("tc") != nil:
		cell := content.kid("tc")
		f.raw(cell.from, cell.inner)
		if tcPr := cell.kid("tcPr"); tcPr != nil {
			f.raw(tcPr.from, tcPr.to)
		}
		f.paragraphs(p, text, cell, format)
		f.raw(cell.end, cell.to)
	case content.kid("p") != nil || content.kid("tbl") != nil:
		f.paragraphs(p, text, content, format)
	default:
		f.words(p, text, format)
	}
	f.out.WriteString("</" + p + "sdtContent>")
	f.raw(content.to, e.to)
}

// edits tells what changes in the properties of a control that is filled.
func (f *filler) edits(pr *element, checked *bool) map[string]string {
	m := map[string]string{"showingPlcHdr": "", "dataBinding": ""}
	if f.again {
		m["id"] = ""
	}
	if d := pr.kid("date"); d != nil {
		// The date that a calendar would show is no longer the one in the text.
		m["date"] = fullDate.ReplaceAllString(string(f.part[d.from:d.inner]), "") + string(f.part[d.inner:d.to])
	}
	if box := pr.kid("checkbox"); box != nil && checked != nil {
		if k := box.kid("checked"); k != nil {
			p, on := k.prefix(f.part), "0"
			if *checked {
				on = "1"
			}
			m["checkbox"] = string(f.part[box.from:k.from]) + "<" + p + "checked " + p + `val="` + on + `"/>` + string(f.part[k.to:box.to])
		}
	}
	return m
}

var fullDate = regexp.MustCompile(`\s[\w.-]*:?fullDate=("[^"]*"|'[^']*')`)

// checkSign returns the sign of a box: what the control says, or ☒ and ☐.
func checkSign(pr *element, on bool) string {
	name, sign := "uncheckedState", "☐"
	if on {
		name, sign = "checkedState", "☒"
	}
	if v, err := strconv.ParseUint(pr.kid("checkbox").kid(name).attr("val"), 16, 16); err == nil && v >= 0x20 && badRune(string(rune(v))) == "" {
		return string(rune(v))
	}
	return sign
}

// format returns the run properties for new text: those of the first run, but
// those of the control where a placeholder is shown.
func (f *filler) format(pr, content *element) []byte {
	run := content.find("r")
	props := run.kid("rPr")
	if pr.kid("showingPlcHdr") != nil {
		props = pr.kid("rPr")
	}
	if props == nil {
		return nil
	}
	return f.part[props.from:props.to]
}

func (f *filler) paragraphs(p, text string, holder *element, format []byte) {
	var pPr []byte
	if first := holder.find("p"); first != nil {
		if k := first.kid("pPr"); k != nil {
			pPr = f.part[k.from:k.to]
		}
	}
	for _, line := range strings.Split(text, "\n") {
		f.out.WriteString("<" + p + "p>")
		f.out.Write(pPr)
		f.words(p, line, format)
		f.out.WriteString("</" + p + "p>")
	}
}

func (f *filler) words(p, text string, format []byte) {
	f.out.WriteString("<" + p + "r>")
	f.out.Write(format)
	for i, line := range strings.Split(text, "\n") {
		if i > 0 {
			f.out.WriteString("<" + p + "br/>")
		}
		run(&f.out, p, line)
	}
	f.out.WriteString("</" + p + "r>")
}

// badRune names the first character that XML cannot hold, or returns "".
func badRune(s string) string {
	for i, r := range s {
		if r == utf8.RuneError {
			if _, n := utf8.DecodeRuneInString(s[i:]); n == 1 {
				return fmt.Sprintf("a byte that is not UTF-8 at %d", i)
			}
		}
		if r < 0x20 && r != '\t' && r != '\n' || r == 0xFFFE || r == 0xFFFF {
			return fmt.Sprintf("%U at %d", r, i)
		}
	}
	return ""
}
