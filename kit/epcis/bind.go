package epcis

import (
	"fmt"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"
)

// binder turns the node of an event into an Event and notes all faults.
type binder struct {
	faults
	anyOrder bool
}

// event reads the children of n. Members of EPCIS come once each, but for
// certificationInfo, and in the order of the schema.
func (b *binder) event(n *Node, path string) (e Event) {
	e.Type = EventType(n.Name.Local)
	order, ok := members[e.Type]
	if !ok {
		b.add(path, n.pos, "no event type %q", n.Name.Local)
	}
	last, seen := -1, map[string]bool{}
	for i := range n.Children {
		c := &n.Children[i]
		if c.Name.Space != "" {
			e.Extensions = append(e.Extensions, *c)
			continue
		}
		name := c.Name.Local
		at := slices.Index(order, name)
		switch {
		case at < 0 && ok:
			b.add(path+"/"+name, c.pos, "unknown member")
			continue
		case seen[name] && name != "certificationInfo":
			b.add(path+"/"+name, c.pos, "more than once")
			continue
		case at < last && !b.anyOrder:
			b.add(path+"/"+name, c.pos, "stands after %s", order[last])
		}
		last, seen[name] = max(at, last), true
		b.member(&e, c, path+"/"+name)
	}
	b.check(&e, n, path, seen)
	return e
}

func (b *binder) member(e *Event, c *Node, path string) {
	switch c.Name.Local {
	case "eventTime":
		e.Time = b.time(c, path)
	case "recordTime":
		e.RecordTime = b.time(c, path)
	case "eventTimeZoneOffset":
		e.TimeZoneOffset = b.offset(c, path)
	case "eventID":
		e.ID = b.uri(c, path)
	case "errorDeclaration":
		e.Error = b.errorDeclaration(c, path)
	case "certificationInfo":
		e.CertificationInfo = append(e.CertificationInfo, b.uri(c, path))
	case "epcList":
		e.EPCs = b.uris(c, path)
	case "childEPCs":
		e.ChildEPCs = b.uris(c, path)
	case "inputEPCList":
		e.InputEPCs = b.uris(c, path)
	case "outputEPCList":
		e.OutputEPCs = b.uris(c, path)
	case "quantityList":
		e.Quantities = b.quantities(c, path)
	case "childQuantityList":
		e.ChildQuantities = b.quantities(c, path)
	case "inputQuantityList":
		e.InputQuantities = b.quantities(c, path)
	case "outputQuantityList":
		e.OutputQuantities = b.quantities(c, path)
	case "parentID":
		e.ParentID = b.uri(c, path)
	case "transformationID":
		e.TransformationID = b.uri(c, path)
	default:
		b.context(e, c, path)
	}
}

// context reads the members that say where and why.
func (b *binder) context(e *Event, c *Node, path string) {
	switch c.Name.Local {
	case "action":
		e.Action = Action(c.Text)
		if e.Action != Add && e.Action != Observe && e.Action != Delete {
			b.add(path, c.pos, "%q is none of ADD, OBSERVE, DELETE", c.Text)
		}
	case "bizStep":
		e.BizStep = b.term(c, c.Text, &bizSteps, path)
	case "disposition":
		e.Disposition = b.term(c, c.Text, &dispositions, path)
	case "persistentDisposition":
		e.Persistent = b.persistent(c, path)
	case "readPoint":
		e.ReadPoint = b.place(c, path)
	case "bizLocation":
		e.BizLocation = b.place(c, path)
	case "bizTransactionList":
		e.BizTransactions = b.typed(c, &transactionTypes, path)
	case "sourceList":
		e.Sources = b.typed(c, &partyTypes, path)
	case "destinationList":
		e.Destinations = b.typed(c, &partyTypes, path)
	case "sensorElementList":
		for i := range c.Children {
			e.Sensors = append(e.Sensors, b.sensor(&c.Children[i], fmt.Sprintf("%s/%d", path, i)))
		}
	case "ilmd":
		e.ILMD = b.only(c, path)
	}
}

// repeated are the members of objects that may come more than once.
var repeated = []string{"set", "unset", "sensorReport"}

// only returns the children that are not known. Those without a namespace are
// faults, which lenient decoding keeps.
func (b *binder) only(n *Node, path string, known ...string) (out []Node) {
	seen := map[string]bool{}
	for i := range n.Children {
		c := &n.Children[i]
		if name := c.Name.Local; c.Name.Space == "" && slices.Contains(known, name) {
			if seen[name] && !slices.Contains(repeated, name) {
				b.add(path+"/"+name, c.pos, "more than once")
			}
			seen[name] = true
			continue
		}
		if c.Name.Space == "" {
			b.add(path+"/"+c.Name.Local, c.pos, "neither a member of %s nor an extension with a namespace", n.Name.Local)
		}
		out = append(out, *c)
	}
	return out
}

func (b *binder) time(n *Node, path string) time.Time {
	t, err := parseTime(n.Text)
	if err != nil {
		b.add(path, n.pos, "%q is no date and time with offset", n.Text)
	}
	return t
}

// parseTime reads xsd:dateTimeStamp, seconds left out too, as some writers do
// when there are none.
func parseTime(s string) (time.Time, error) {
	t, err := time.Parse(time.RFC3339Nano, s)
	if err != nil && len(s) < len("2006-01-02T15:04:05Z")+3 {
		t, err = time.Parse("2006-01-02T15:04Z07:00", s)
	}
	return t, err
}

var offsetForm = regexp.MustCompile(`^[+-](0\d|1[0-4]):[0-5]\d$`)

func (b *binder) offset(n *Node, path string) string {
	if !offsetForm.MatchString(n.Text) {
		b.add(path, n.pos, "%q is no offset such as +08:00", n.Text)
	}
	return n.Text
}

// uri wants something with a scheme and without blanks.
func (b *binder) uri(n *Node, path string) string {
	colon := strings.IndexByte(n.Text, ':')
	if colon < 1 || strings.ContainsAny(n.Text, " \t\r\n<>\"") {
		b.add(path, n.pos, "%q is no URI", n.Text)
	}
	return n.Text
}

func (b *binder) uris(n *Node, path string) (out []string) {
	item := itemNames[n.Name.Local]
	for i := range n.Children {
		c := &n.Children[i]
		here := fmt.Sprintf("%s/%d", path, i)
		if c.Name != (Name{Local: item}) {
			b.add(here, c.pos, "unknown member %s", c.Name)
			continue
		}
		out = append(out, b.uri(c, here))
	}
	return out
}

func (b *binder) term(n *Node, s string, v *vocabulary, path string) string {
	full, ok := v.expand(s)
	if !ok || s == "" {
		b.add(path, n.pos, "%q is not in the Core Business Vocabulary; own terms are web addresses", s)
	}
	return full
}

func (b *binder) quantities(n *Node, path string) (out []Quantity) {
	for i := range n.Children {
		c := &n.Children[i]
		here := fmt.Sprintf("%s/%d", path, i)
		q := Quantity{Unit: c.value("uom"), Extensions: b.only(c, here, quantityMembers...)}
		if class := c.get("epcClass"); class != nil {
			q.Class = b.uri(class, here+"/epcClass")
		} else {
			b.add(here, c.pos, "epcClass is missing")
		}
		if m := c.get("quantity"); m != nil && m.Text != "" { // empty is xsi:nil
			v := b.number(m, here+"/quantity")
			q.Quantity = &v
		}
		out = append(out, q)
	}
	return out
}

func (b *binder) number(n *Node, path string) float64 {
	v, err := strconv.ParseFloat(n.Text, 64)
	if err != nil || strings.ContainsAny(n.Text, "xXpPnN_") {
		b.add(path, n.pos, "%q is no number", n.Text)
	}
	return v
}

func (b *binder) place(n *Node, path string) *Place {
	p := &Place{Extensions: b.only(n, path, "id")}
	if id := n.get("id"); id != nil {
		p.ID = b.uri(id, path+"/id")
	} else {
		b.add(path, n.pos, "id is missing")
	}
	return p
}

func (b *binder) typed(n *Node, v *vocabulary, path string) (out []Typed) {
	for i := range n.Children {
		c := &n.Children[i]
		here := fmt.Sprintf("%s/%d", path, i)
		b.only(c, here, "type")
		t := Typed{ID: b.uri(c, here)}
		if typ := c.get("type"); typ != nil {
			t.Type = b.term(typ, typ.Text, v, here+"/type")
		} else if v == &partyTypes {
			b.add(here, c.pos, "type is missing")
		}
		out = append(out, t)
	}
	return out
}

func (b *binder) persistent(n *Node, path string) *PersistentDisposition {
	p := new(PersistentDisposition)
	b.only(n, path, "set", "unset")
	for i := range n.Children {
		c := &n.Children[i]
		t := b.term(c, c.Text, &dispositions, path+"/"+c.Name.Local)
		if c.Name.Local == "set" {
			p.Set = append(p.Set, t)
		} else {
			p.Unset = append(p.Unset, t)
		}
	}
	return p
}

func (b *binder) errorDeclaration(n *Node, path string) *ErrorDeclaration {
	d := &ErrorDeclaration{Extensions: b.only(n, path, "declarationTime", "reason", "correctiveEventIDs")}
	if t := n.get("declarationTime"); t != nil {
		d.Time = b.time(t, path+"/declarationTime")
	} else {
		b.add(path, n.pos, "declarationTime is missing")
	}
	if r := n.get("reason"); r != nil {
		d.Reason = b.term(r, r.Text, &errorReasons, path+"/reason")
	}
	if ids := n.get("correctiveEventIDs"); ids != nil {
		d.CorrectiveIDs = b.uris(ids, path+"/correctiveEventIDs")
	}
	return d
}
