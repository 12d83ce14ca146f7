package gs1

import (
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// vector is a case of any of the files in testdata.
type vector struct {
	Op, URI, Elements, Bracketed, Stem, Fn, In, Path, Query string
	Linter, Data, Highlight, Scan, Symbology, DataStr       string
	Markup, Error                                           string
	OK                                                      bool
	PermitConvenienceAlphas                                 bool
	PermitZeroSuppressedGTINinDLuris                        bool
	PermitUnknownAIs                                        bool
	Optimised                                               bool
	Compressed, Decompressed                                string
}

func (v *vector) parser() Parser {
	return Parser{
		ConvenienceAlphas:  v.PermitConvenienceAlphas,
		ZeroSuppressedGTIN: v.PermitZeroSuppressedGTINinDLuris,
		UnknownAIs:         v.PermitUnknownAIs,
		SkipAssociations:   true,
	}
}

// register is the register of company prefixes that the reference had for the
// case: one that takes all but the prefix that the highlight shows.
func (v *vector) register() GCPLookup {
	status, bad, calls := GCPValid, 1, 0
	switch v.Error {
	case "GCP_DATASOURCE_OFFLINE":
		status = GCPOffline
	case "INVALID_GCP_PREFIX":
		status = GCPInvalid
	}
	if strings.IndexByte(v.Highlight, '*') > 1 {
		bad = 2 // the second prefix of a coupon
	}
	return func(string) GCPStatus {
		if calls++; calls == bad {
			return status
		}
		return GCPValid
	}
}

func load(t testing.TB, name string) []vector {
	t.Helper()
	text, err := os.ReadFile(filepath.Join("testdata", name+".json"))
	if err != nil {
		t.Fatal(err)
	}
	var file struct {
		Count int
		Cases []vector
	}
	if err := json.Unmarshal(text, &file); err != nil {
		t.Fatal(err)
	}
	if len(file.Cases) != file.Count {
		t.Fatalf("%s: %d cases, %d announced", name, len(file.Cases), file.Count)
	}
	return file.Cases
}

// tally counts the vectors of one file that pass.
type tally struct {
	t           *testing.T
	name        string
	pass, total int
}

func (y *tally) case_(ok bool, format string, args ...any) {
	y.t.Helper()
	y.total++
	if ok {
		y.pass++
		return
	}
	y.t.Errorf(y.name+": "+format, args...)
}

func (y *tally) report() { y.t.Logf("%s: %d of %d vectors pass", y.name, y.pass, y.total) }

// bytesOf turns characters into bytes: the files show bytes as Latin-1.
func bytesOf(s string) string {
	var b []byte
	for _, r := range s {
		b = append(b, byte(r))
	}
	return string(b)
}

func TestLinterVectors(t *testing.T) {
	y := tally{t: t, name: "linters"}
	stubs := 0
	for _, v := range load(t, "linters") {
		if _, ok := linters[v.Linter]; !ok {
			// The dictionary keeps stubs of linters that it no longer uses, which
			// accept everything. Nothing here calls them.
			y.case_(v.OK && v.Data == "TEST", "%s is not a stub", v.Linter)
			stubs++
			continue
		}
		v.Data, v.Highlight = bytesOf(v.Data), bytesOf(v.Highlight)
		got, shown := "", ""
		if err := Lint(v.Linter, v.Data, v.register()); err != nil {
			e := err.(*Error)
			got, shown = string(e.Reason), strings.ReplaceAll(e.Markup(), "|", "*")
		}
		// The file drops control characters from highlights, and bars are ours.
		printable := strings.IndexFunc(v.Data, func(r rune) bool { return r < ' ' || r > '~' || r == '|' }) < 0
		y.case_(got == v.Error && (!printable || shown == v.Highlight), "%s(%q) = %s %q, want %s %q",
			v.Linter, v.Data, got, shown, v.Error, v.Highlight)
	}
	t.Logf("%d of these are stubs upstream (hhmm, iso3166list, key, keyoff1, mmoptss, yymmddhh) that no AI uses", stubs)
	y.report()
}

func TestEscapeVectors(t *testing.T) {
	y := tally{t: t, name: "dl-escape"}
	for _, v := range load(t, "dl-escape") {
		fn := appendEscaped
		if v.Op == "uri.unescape" {
			fn = appendUnescaped
		}
		path, query := string(fn(nil, v.In, false)), string(fn(nil, v.In, true))
		y.case_(path == bytesOf(v.Path) && query == bytesOf(v.Query), "%s(%q) = %q, %q, want %q, %q", v.Op, v.In, path, query, v.Path, v.Query)
	}
	y.report()
}

func TestParseURIVectors(t *testing.T) {
	y := tally{t: t, name: "dl-parse"}
	seen := map[string]bool{}
	for _, v := range load(t, "dl-parse") {
		p := v.parser()
		// The reference has a switch that the file does not show: it refuses
		// unknown AIs as attributes, then accepts them on the second run.
		p.UnknownAttributes = v.PermitUnknownAIs && seen[v.URI]
		if v.PermitUnknownAIs {
			seen[v.URI] = true
		}
		m, err := p.URI(v.URI)
		got := ""
		if err == nil {
			got = m.ElementString()
		}
		y.case_(got == v.Elements && (err == nil) == v.OK, "%s = %q, %v, want %q", v.URI, got, err, v.Elements)
	}
	y.report()
}

func TestGenerateURIVectors(t *testing.T) {
	y := tally{t: t, name: "dl-generate"}
	seen := map[string]bool{}
	for _, v := range load(t, "dl-generate") {
		p := v.parser()
		p.UnknownAttributes = v.PermitUnknownAIs && seen[v.Bracketed]
		if v.PermitUnknownAIs {
			seen[v.Bracketed] = true
		}
		if v.Stem == "" {
			v.Stem = CanonicalStem
		}
		m, err := p.Bracketed(v.Bracketed)
		got := ""
		if err == nil {
			got, err = m.URI(v.Stem)
		}
		y.case_(got == v.URI && (err == nil) == v.OK, "%s = %q, %v, want %q", v.Bracketed, got, err, v.URI)
	}
	y.report()
}

var associations = map[string]func(*Message) error{
	"validateAImutex": (*Message).checkExclusions, "validateAIrequisites": (*Message).checkRequirements,
	"validateAIrepeats": (*Message).checkRepeats, "validateDigSigRequiresSerialisedKey": (*Message).checkSignature,
}

func TestElementVectors(t *testing.T) {
	y := tally{t: t, name: "ai-elements"}
	for _, v := range load(t, "ai-elements") {
		p := v.parser()
		m, err := p.Bracketed(v.Bracketed)
		switch v.Op {
		case "ai.process_elements":
			if m, err = p.ElementString(v.Elements); err == nil {
				// Separators may also stand where they need not.
				bare := strings.NewReplacer("^", "")
				y.case_(v.OK && bare.Replace(m.ElementString()) == bare.Replace(v.Elements), "%q = %q", v.Elements, m)
				continue
			}
		case "ai.parse_bracketed":
			if err == nil {
				y.case_(v.OK && m.ElementString() == v.Elements, "%q = %q, want %q", v.Bracketed, m.ElementString(), v.Elements)
				continue
			}
		case "ai.validate_associations":
			if err == nil {
				err = associations[v.Fn](m)
			}
		case "ai.error_markup":
			e, _ := err.(*Error)
			y.case_(e != nil && e.Markup() == v.Markup, "%q: %v, want %q", v.Bracketed, err, v.Markup)
			continue
		}
		y.case_((err == nil) == v.OK, "%s %q%q: %v", v.Fn, v.Bracketed, v.Elements, err)
	}
	y.report()
}

func TestScanVectors(t *testing.T) {
	y := tally{t: t, name: "scandata"}
	for _, v := range load(t, "scandata") {
		if v.Op == "scan.process" {
			s, err := v.parser().Scan(v.Scan)
			if err != nil {
				s = &Scan{Symbology: "NONE"}
			}
			y.case_((err == nil) == v.OK && string(s.Symbology) == v.Symbology && s.Data == v.DataStr,
				"%q = %+v, %v, want %s %q", v.Scan, s, err, v.Symbology, v.DataStr)
			continue
		}
		data := v.DataStr
		if v.Symbology == "EAN13" && len(data) == 12 {
			// The reference was told to add the check digit; here that is a call of its own.
			data, _ = AddCheckDigit(data)
		}
		got, _ := ScanData(Symbology(v.Symbology), data)
		y.case_(got == v.Scan, "%s %q = %q, want %q", v.Symbology, v.DataStr, got, v.Scan)
	}
	y.report()
}
