package epcis

import (
	"crypto/sha256"
	"encoding/hex"
	"math"
	"math/big"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"
)

// HashID is the event hash ID of CBV 2.0 section 8.9: a name that everybody who
// has the event computes alike, from JSON or XML, whatever the order of members
// and the form of identifiers, times and numbers. The ID of the event, when it
// was recorded and an error declaration do not enter.
func (e *Event) HashID() string {
	return hashID(e.preHash(nil))
}

// HashID is that of event i. Extensions that the document says to ignore do not
// enter.
func (d *Document) HashID(i int) string { return hashID(d.Events[i].preHash(d.ignored)) }

func hashID(pre string) string {
	sum := sha256.Sum256([]byte(pre))
	return "ni:///sha-256;" + hex.EncodeToString(sum[:]) + "?ver=CBV2.0"
}

// The order in which members enter. Those of an event that are missing here
// follow sorted, extensions among them.
var hashOrder = map[string][]string{
	"": strings.Fields(`eventTime eventTimeZoneOffset certificationInfo epcList parentID inputEPCList childEPCs quantityList
		childQuantityList inputQuantityList outputEPCList outputQuantityList action transformationID bizStep disposition
		persistentDisposition readPoint bizLocation sensorElementList`),
	"quantityElement": quantityMembers,
	"bizTransaction":  {"type"}, "source": {"type"}, "destination": {"type"},
	"persistentDisposition": {"set", "unset"},
	"readPoint":             {"id"}, "bizLocation": {"id"},
	"sensorElement":  {"sensorMetadata", "sensorReport"},
	"sensorMetadata": metadataMembers,
	"sensorReport":   reportMembers,
}

// unhashed do not enter.
var unhashed = map[string]bool{"recordTime": true, "eventID": true, "errorDeclaration": true}

// preHash is the text that is hashed.
func (e *Event) preHash(ignored []Name) string {
	n := e.node()
	n.Children = slices.DeleteFunc(n.Children, func(c Node) bool {
		return c.Name.Space == "" && unhashed[c.Name.Local] || c.Name.Space == rdfsSpace || slices.Contains(ignored, c.Name)
	})
	var lost []Node
	for i := range n.Children {
		if c, ok := strays(&n.Children[i]); ok {
			lost = append(lost, c)
		}
	}
	n.Children = append(n.Children, lost...)
	return "eventType=" + n.Name.Local + childrenText(&n, hashOrder[""])
}

// strayed marks the copies that strays makes.
const strayed = "\x00"

// strays takes out of n the members that EPCIS does not have in their place. The
// reference puts them, below the names of what they stood in, among the members
// that follow sorted.
func strays(n *Node) (Node, bool) {
	if n.Name.Space != "" {
		return Node{}, false
	}
	order, known := hashOrder[n.Name.Local]
	known = known && n.Name.Local != ""
	out := Node{Name: Name{strayed, n.Name.Local}}
	kept := make([]Node, 0, len(n.Children))
	for _, c := range n.Children {
		if known && c.Name.Space == "" && !slices.Contains(order, c.Name.Local) && c.Name.Local != n.Name.Local {
			out.Children = append(out.Children, c)
			continue
		}
		if s, ok := strays(&c); ok {
			out.Children = append(out.Children, s)
		}
		kept = append(kept, c)
	}
	n.Children = kept
	return out, len(out.Children) > 0
}

// childrenText concatenates the children: by name in the given order, those of
// one name sorted, then the others sorted.
func childrenText(n *Node, order []string) string {
	groups := make([][]string, len(order)+1)
	for i := range n.Children {
		c := &n.Children[i]
		at := len(order)
		if c.Name.Space == "" {
			if k := slices.Index(order, c.Name.Local); k >= 0 {
				at = k
			}
		}
		groups[at] = append(groups[at], nodeText(c))
	}
	var b strings.Builder
	for _, g := range groups {
		slices.Sort(g)
		for _, s := range g {
			b.WriteString(s)
		}
	}
	return b.String()
}

// nodeText is the name, the value and the children. The value of a business
// transaction, source or destination follows its type.
func nodeText(n *Node) string {
	name := n.Name.String()
	if n.Name.Space == strayed {
		name = n.Name.Local
	}
	order := hashOrder[n.Name.Local]
	if n.Name.Space != "" {
		order = nil
	}
	children := childrenText(n, order)
	if n.Text == "" {
		return name + children
	}
	if len(order) == 1 && order[0] == "type" {
		return children + name + "=" + canonical(n)
	}
	return name + "=" + canonical(n) + children
}

// canonical is the one form of a value.
func canonical(n *Node) string {
	s := n.Text
	if n.Name.Space == "" && times[n.Name.Local] {
		if t, err := parseTime(s); err == nil {
			return t.Add(500 * time.Microsecond).UTC().Truncate(time.Millisecond).Format("2006-01-02T15:04:05.000Z")
		}
	}
	if numberForm.MatchString(s) {
		return canonicalNumber(s)
	}
	if v, ok := Normalize(s); ok {
		return v
	}
	return expandURN(s)
}

// expandURN turns terms of CBV 1, which may stand in extensions too.
func expandURN(s string) string {
	if !strings.HasPrefix(s, cbvURN) {
		return s
	}
	for _, v := range []*vocabulary{&bizSteps, &dispositions, &transactionTypes, &partyTypes, &errorReasons, &chemicals} {
		if rest, ok := strings.CutPrefix(s, v.urn); ok {
			return v.web + rest
		}
	}
	return s
}

var numberForm = regexp.MustCompile(`^[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d{1,3})?$`)

// canonicalNumber writes a number without needless zeros. The reference computes
// in binary floating point of 64 bits, so all do: whole numbers in full, others
// with as few digits as say the same.
func canonicalNumber(s string) string {
	f, err := strconv.ParseFloat(s, 64)
	if err != nil || math.IsInf(f, 0) {
		return s
	}
	if f == math.Trunc(f) {
		if f == 0 {
			return "0"
		}
		i, _ := big.NewFloat(f).Int(nil)
		return i.String()
	}
	if a := math.Abs(f); a < 1e-4 {
		return strconv.FormatFloat(f, 'e', -1, 64)
	}
	return strconv.FormatFloat(f, 'f', -1, 64)
}
