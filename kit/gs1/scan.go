package gs1

import (
	"fmt"
	"strings"
)

// Symbology is a kind of barcode.
type Symbology string

const (
	QR              Symbology = "QR"
	DataMatrix      Symbology = "DM"
	DotCode         Symbology = "DotCode"
	GS1128          Symbology = "GS1_128_CCA" // GS1-128, alone or with a CC-A or CC-B composite
	GS1128CCC       Symbology = "GS1_128_CCC" // GS1-128, alone or with a CC-C composite
	DataBarExpanded Symbology = "DataBarExpanded"
	DataBarOmni     Symbology = "DataBarOmni"
	DataBarLimited  Symbology = "DataBarLimited"
	EAN13           Symbology = "EAN13"
	EAN8            Symbology = "EAN8"
	UPCA            Symbology = "UPCA"
	UPCE            Symbology = "UPCE"
)

// carrier says what a symbology identifier (ISO/IEC 15424) stands for.
type carrier struct {
	symbology Symbology
	elements  bool // the data are element strings
	digits    int  // the data are so many digits, perhaps with a composite
}

var carriers = map[string]carrier{
	"]Q1": {symbology: QR}, "]Q3": {symbology: QR, elements: true},
	"]d1": {symbology: DataMatrix}, "]d2": {symbology: DataMatrix, elements: true},
	"]J0": {symbology: DotCode}, "]J1": {symbology: DotCode, elements: true},
	"]C1": {symbology: GS1128, elements: true},
	"]e0": {symbology: DataBarExpanded, elements: true},
	"]E0": {symbology: EAN13, digits: 13}, "]E4": {symbology: EAN8, digits: 8},
}

// composite begins the data of a composite component, in a message of its own.
const composite = "|]e0"

// Scan is what a scanner read.
type Scan struct {
	Symbology Symbology
	// Data is the content: element strings with ^ for FNC1, else as it is, but a
	// backslash goes before a leading ^ and any backslashes before that.
	Data string
	// Message has the elements, of a GTIN in EAN-13 or EAN-8 too. It is nil when
	// the content is neither element strings nor a Digital Link URI.
	Message *Message
}

// Scan reads the transmission of a scanner: symbology identifier and data, with
// the GS character for FNC1. The same item gives the same elements, whether its
// label has a GS1 DataMatrix or a QR code with a Digital Link URI.
func (p Parser) Scan(s string) (*Scan, error) {
	if err := checkSize(s); err != nil {
		return nil, err
	}
	if len(s) < 3 {
		return nil, wrong(s, 0, ReasonSymbology)
	}
	c, ok := carriers[s[:3]]
	switch {
	case !ok:
		return nil, &Error{Value: s, Len: 3, Reason: ReasonSymbology, end: len(s)}
	case c.digits > 0:
		return p.scanDigits(s, c)
	case c.elements:
		return p.scanElements(s, c)
	}
	return p.scanPlain(s, c)
}

// message reads element strings as scanned.
func (p Parser) message(m *Message, s string, pos int) (string, error) {
	if i := strings.IndexByte(s[pos:], fnc1); i >= 0 {
		return "", &Error{Value: s, Pos: pos + i, Len: 1, Reason: ReasonCaret, end: len(s)}
	}
	if err := p.elements(m, s, pos); err != nil {
		return "", err
	}
	return "^" + strings.ReplaceAll(s[pos:], "\x1d", "^"), p.finish(m)
}

func (p Parser) scanElements(s string, c carrier) (*Scan, error) {
	m := new(Message)
	data, err := p.message(m, s, 3)
	if err != nil {
		return nil, err
	}
	return &Scan{c.symbology, data, m}, nil
}

// scanDigits reads an EAN code, perhaps with a composite component.
func (p Parser) scanDigits(s string, c carrier) (*Scan, error) {
	end := 3 + c.digits
	if len(s) < end {
		return nil, wrong(s, len(s), ReasonTooShort)
	}
	if len(s) > end && !strings.HasPrefix(s[end:], composite) {
		return nil, &Error{Value: s, Pos: end, Len: len(s) - end, Reason: ReasonTooLong, end: len(s)}
	}
	digits := s[3:end]
	if f := lintCsum(digits, nil); f.reason != "" {
		return nil, &Error{Value: s, Pos: 3 + f.pos, Len: f.n, Reason: f.reason, end: end}
	}
	m := new(Message)
	if err := p.element(m, Lookup("01"), "01", pad14(digits)); err != nil {
		return nil, err
	}
	if len(s) == end {
		return &Scan{c.symbology, digits, m}, nil
	}
	data, err := p.message(m, s, end+len(composite))
	if err != nil {
		return nil, err
	}
	return &Scan{c.symbology, digits + "|" + data, m}, nil
}

func pad14(digits string) string { return "000000"[:14-len(digits)] + digits }

func (p Parser) scanPlain(s string, c carrier) (*Scan, error) {
	out := &Scan{Symbology: c.symbology, Data: s[3:]}
	if strings.HasPrefix(strings.TrimLeft(out.Data, `\`), "^") {
		out.Data = `\` + out.Data
	}
	for _, scheme := range [...]string{"https://", "HTTPS://", "http://", "HTTP://"} {
		if strings.HasPrefix(out.Data, scheme) {
			m, err := p.URI(out.Data)
			if err != nil {
				return nil, err
			}
			out.Message = m
			break
		}
	}
	return out, nil
}

// ScanData returns what a scanner would send for data in the given symbology,
// data being written as in Scan. A bar parts a composite component from the
// linear one before it.
func ScanData(sym Symbology, data string) (string, error) {
	linear, cc, composed := strings.Cut(data, "|")
	if composed && !strings.HasPrefix(cc, "^") && sym != QR && sym != DataMatrix && sym != DotCode {
		return "", wrong(data, len(linear)+1, ReasonNoFNC1)
	}
	switch sym {
	case QR:
		return matrixData("]Q1", "]Q3", data), nil
	case DataMatrix:
		return matrixData("]d1", "]d2", data), nil
	case DotCode:
		return matrixData("]J0", "]J1", data), nil
	case GS1128, GS1128CCC, DataBarExpanded:
		return linearData(sym, linear, cc, composed)
	case DataBarOmni, DataBarLimited:
		return dataBarData(sym, linear, cc, composed)
	case EAN13:
		return eanData("]E0", 13, linear, cc, composed)
	case UPCA, UPCE:
		return eanData("]E00", 12, linear, cc, composed)
	case EAN8:
		return eanData("]E4", 8, linear, cc, composed)
	}
	return "", &Error{Value: data, Reason: ReasonSymbology, Other: string(sym)}
}

// ScanData returns what a scanner would send for the message in a symbology
// that carries element strings.
func (m *Message) ScanData(sym Symbology) (string, error) { return ScanData(sym, m.ElementString()) }

// transmitted drops the leading FNC1 and writes others as GS.
func transmitted(s string) string { return strings.ReplaceAll(s[1:], "^", "\x1d") }

func matrixData(plain, elements, data string) string {
	if strings.HasPrefix(data, "^") {
		return elements + transmitted(data)
	}
	if strings.HasPrefix(strings.TrimLeft(data, `\`), "^") {
		data = data[1:]
	}
	return plain + data
}

func linearData(sym Symbology, linear, cc string, composed bool) (string, error) {
	if !strings.HasPrefix(linear, "^") {
		return "", wrong(linear, 0, ReasonNotGS1)
	}
	if !composed {
		if sym == DataBarExpanded {
			return "]e0" + transmitted(linear), nil
		}
		return "]C1" + transmitted(linear), nil
	}
	m := new(Message)
	if err := (Parser{}).elements(m, linear, 1); err != nil {
		return "", err
	}
	out := "]e0" + transmitted(linear)
	if m.elems[len(m.elems)-1].ai.Separated && !strings.HasSuffix(out, "\x1d") {
		out += "\x1d"
	}
	return out + transmitted(cc), nil
}

// limitedMost is the greatest GTIN of GS1 DataBar Limited: indicator 0 or 1.
const limitedMost = "19999999999999"

func dataBarData(sym Symbology, linear, cc string, composed bool) (string, error) {
	digits := strings.TrimPrefix(linear, "^01")
	if err := checkDigits(digits, 14); err != nil {
		return "", err
	}
	if sym == DataBarLimited && digits > limitedMost {
		return "", &Error{Value: linear, Pos: len(linear) - 14, Len: 1, Reason: ReasonTooBig, end: len(linear)}
	}
	out := "]e001" + digits
	if composed {
		out += transmitted(cc)
	}
	return out, nil
}

func eanData(prefix string, digits int, linear, cc string, composed bool) (string, error) {
	linear = strings.TrimPrefix(linear, "^01"+"000000"[:14-digits])
	if err := checkDigits(linear, digits); err != nil {
		return "", err
	}
	out := prefix + linear
	if composed {
		out += composite + transmitted(cc)
	}
	return out, nil
}

func checkDigits(s string, n int) error {
	if len(s) != n {
		return &Error{Value: s, Pos: min(n, len(s)), Reason: ReasonLength, Other: fmt.Sprintf("%d digits", n)}
	}
	if f := lintCsum(s, nil); f.reason != "" {
		return &Error{Value: s, Pos: f.pos, Len: f.n, Reason: f.reason, end: n}
	}
	return nil
}

// AddCheckDigit appends the mod-10 check digit to digits that lack it.
func AddCheckDigit(digits string) (string, error) {
	if i := outside(digits, setN); i >= 0 || digits == "" {
		return "", &Error{Value: digits, Pos: max(i, 0), Reason: "NON_DIGIT_CHARACTER"}
	}
	for d := byte('0'); ; d++ {
		if s := digits + string(d); lintCsum(s, nil) == clean {
			return s, nil
		}
	}
}
