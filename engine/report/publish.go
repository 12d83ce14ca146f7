package report

import (
	"bytes"
	"cmp"
	"crypto/ed25519"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"sort"
	"strings"
	"time"

	"github.com/dinghai/dinghai/domain"
)

// Frozen is a published report: everything needed to say later what was said
// and to compute it again. Corrections after the positions do not touch it.
type Frozen struct {
	Schema      int             `json:"schema"`
	Title       domain.Text     `json:"title"`
	At          time.Time       `json:"at"`
	From        domain.Date     `json:"from"`
	To          domain.Date     `json:"to"`
	Area        string          `json:"area"`
	Zone        string          `json:"zone,omitempty"`
	Templates   []FrozenWording `json:"templates"`
	Definitions []Definition    `json:"definitions"`
	Catalogue   string          `json:"catalogue"` // hash of the whole
	Positions   []Position      `json:"positions"`
	Figures     []Figure        `json:"figures"`
	Others      []Figure        `json:"others,omitempty"` // which the wording uses besides
	Findings    []Finding       `json:"findings"`
}

// FrozenWording is the text as it was published, with the hash of its template.
type FrozenWording struct {
	Lang   string  `json:"lang"`
	Hash   string  `json:"hash"`
	Text   string  `json:"text"`             // Markdown
	Blocks []Block `json:"blocks,omitempty"` // the same, with what each figure leads to
}

// Definition pins the version and content of an indicator.
type Definition struct {
	Indicator string `json:"indicator"`
	Version   int    `json:"version"`
	Hash      string `json:"hash"`
}

// Position is how far the log of a home was read.
type Position struct {
	Home int   `json:"home"`
	Pos  int64 `json:"pos"`
}

// Freeze gathers a computed report for publication. The result must have been
// computed at the positions given, or nobody can compute it again.
func Freeze(res *Result, title domain.Text, at time.Time, catalogue string, positions map[int]int64) *Frozen {
	f := &Frozen{
		Schema: 1, Title: title, At: at.UTC().Truncate(time.Second), From: res.From, To: res.To, Area: res.Area, Zone: res.Zone,
		Catalogue: catalogue, Figures: res.Figures, Findings: res.Findings,
	}
	for home, pos := range positions {
		f.Positions = append(f.Positions, Position{home, pos})
	}
	sort.Slice(f.Positions, func(i, j int) bool { return f.Positions[i].Home < f.Positions[j].Home })
	for _, x := range res.Figures {
		f.define(x)
	}
	for _, x := range res.extra {
		f.define(*x)
		f.Others = append(f.Others, *x)
	}
	slices.SortFunc(f.Others, func(a, b Figure) int {
		return cmp.Or(strings.Compare(a.ID, b.ID), strings.Compare(string(a.Period.From+a.Period.To), string(b.Period.From+b.Period.To)),
			strings.Compare(a.Area, b.Area), strings.Compare(a.Show, b.Show))
	})
	sort.Slice(f.Definitions, func(i, j int) bool { return f.Definitions[i].Indicator < f.Definitions[j].Indicator })
	return f
}

func (f *Frozen) define(x Figure) {
	d := Definition{x.Indicator, x.Version, x.Hash}
	if x.Kind == Computed && !slices.Contains(f.Definitions, d) {
		f.Definitions = append(f.Definitions, d)
	}
}

// Word adds the published wording in one language.
func (f *Frozen) Word(t *Template, d *Document) {
	f.Templates = append(f.Templates, FrozenWording{t.Lang, t.Hash, d.Markdown(), d.Blocks})
}

// Document is the wording as it was published, in a language if there is one in
// it, else the first; nil when the report holds none.
func (f *Frozen) Document(lang string) *Document {
	if len(f.Templates) == 0 {
		return nil
	}
	w := f.Templates[0]
	for _, x := range f.Templates {
		if x.Lang == lang {
			w = x
		}
	}
	if len(w.Blocks) > 0 {
		return &Document{Lang: w.Lang, Blocks: w.Blocks}
	}
	tpl, _ := ParseText(unescaped.Replace(w.Text), w.Lang, func(string) bool { return false })
	return tpl.Fill(&Result{}, Bureau{})
}

// unescaped takes back what Markdown needed.
var unescaped = strings.NewReplacer(`\\`, `\`, `\*`, "*", `\_`, "_", "\\`", "`", `\[`, "[", `\<`, "<")

// ReadAt is how far the log of each home was read.
func (f *Frozen) ReadAt() map[int]int64 {
	out := map[int]int64{}
	for _, p := range f.Positions {
		out[p.Home] = p.Pos
	}
	return out
}

// Definition is what an indicator was when the report was published, nil if the
// report does not use it.
func (f *Frozen) Definition(indicator string) *Definition {
	i := slices.IndexFunc(f.Definitions, func(d Definition) bool { return d.Indicator == indicator })
	if i < 0 {
		return nil
	}
	return &f.Definitions[i]
}

// ID names a frozen report by its content.
func (f *Frozen) ID() (string, error) {
	b, err := Canonical(f)
	if err != nil {
		return "", err
	}
	sum := sha256.Sum256(b)
	return hex.EncodeToString(sum[:]), nil
}

// signed is the file: the report, who signed it and the signature.
type signed struct {
	Body      json.RawMessage `json:"body"`
	Key       string          `json:"key"`
	Signature string          `json:"signature"`
}

// Seal tells the key and the signature a published file carries, in
// hexadecimal; Verify proves them.
func Seal(file []byte) (key, signature string, err error) {
	var s signed
	err = json.Unmarshal(file, &s)
	return s.Key, s.Signature, err
}

// domainTag keeps a signature over a report from being one over anything else
// signed with the same key.
const domainTag = "dinghai-report-1\n"

// ErrSignature says that a file is not what the holder of the key signed.
var ErrSignature = errors.New("report: signature does not hold")

// Sign writes a frozen report with its Ed25519 signature, as canonical JSON.
func Sign(f *Frozen, key ed25519.PrivateKey) ([]byte, error) {
	body, err := Canonical(f)
	if err != nil {
		return nil, err
	}
	return Canonical(signed{
		Body:      body,
		Key:       hex.EncodeToString(key.Public().(ed25519.PublicKey)),
		Signature: hex.EncodeToString(ed25519.Sign(key, append([]byte(domainTag), body...))),
	})
}

// Verify reads a signed report. The file must be the canonical one: no other
// bytes, not even a blank more, pass for it.
func Verify(file []byte, key ed25519.PublicKey) (*Frozen, error) {
	var s signed
	d := json.NewDecoder(bytes.NewReader(file))
	d.DisallowUnknownFields()
	if err := d.Decode(&s); err != nil {
		return nil, fmt.Errorf("%w: %w", ErrSignature, err)
	}
	if same, err := Canonical(s); err != nil || !bytes.Equal(same, file) {
		return nil, fmt.Errorf("%w: not in canonical form", ErrSignature)
	}
	if s.Key != hex.EncodeToString(key) {
		return nil, fmt.Errorf("%w: other key", ErrSignature)
	}
	sig, err := hex.DecodeString(s.Signature)
	if err != nil || hex.EncodeToString(sig) != s.Signature { // capitals would be other bytes of the same value
		return nil, ErrSignature
	}
	if !ed25519.Verify(key, append([]byte(domainTag), s.Body...), sig) {
		return nil, ErrSignature
	}
	f := &Frozen{}
	return f, json.Unmarshal(s.Body, f)
}
