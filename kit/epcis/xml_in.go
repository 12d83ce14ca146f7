package epcis

import (
	"bytes"
	"encoding/xml"
	"errors"
	"fmt"
	"io"
	"strings"
)

// DecodeXML reads an XML document strictly: capture or query document of EPCIS
// 2.0 or 1.2, or a bare event.
func DecodeXML(text []byte) (*Document, error) { return Decoder{}.XML(text) }

// XML reads an XML document.
func (d Decoder) XML(text []byte) (*Document, error) {
	root, prefixes, err := readXML(text)
	if err != nil {
		return nil, err
	}
	r := &xmlReader{binder: binder{anyOrder: d.AnyOrder}, doc: &Document{Prefixes: prefixes}}
	r.document(root)
	return r.result(r.doc, d.Lenient)
}

// epcisSpaces are the namespaces that mean EPCIS itself.
var epcisSpaces = map[string]bool{
	"": true, "urn:epcglobal:epcis:xsd:1": true, "urn:epcglobal:epcis:xsd:2": true,
	"urn:epcglobal:epcis-query:xsd:1": true, "urn:epcglobal:epcis-query:xsd:2": true,
}

const (
	xsiSpace  = "http://www.w3.org/2001/XMLSchema-instance"
	sbdhSpace = "http://www.unece.org/cefact/namespaces/StandardBusinessDocumentHeader"
)

// readXML parses elements into nodes. Document types are refused, so there are
// no entities to expand. Attributes become children; the wrappers of EPCIS 1.2
// extensions are dropped.
func readXML(text []byte) (*Node, []Prefix, error) {
	dec := xml.NewDecoder(bytes.NewReader(text))
	dec.Strict = true
	x := &xmlTree{dec: dec}
	for {
		tok, err := dec.Token()
		if err != nil {
			return nil, nil, x.fault(err)
		}
		switch t := tok.(type) {
		case xml.Directive:
			return nil, nil, x.fault(errors.New("document types are not accepted"))
		case xml.StartElement:
			n, err := x.element(t, 0)
			if err != nil {
				return nil, nil, x.fault(err)
			}
			return n, x.prefixes, x.end()
		}
	}
}

type xmlTree struct {
	dec      *xml.Decoder
	prefixes []Prefix
	nodes    int
	path     []string
}

func (x *xmlTree) fault(err error) error {
	if err == io.EOF {
		err = io.ErrUnexpectedEOF
	}
	return Errors{{"/" + strings.Join(x.path, "/"), x.dec.InputOffset(), err.Error()}}
}

// end wants nothing but blanks and comments behind the root.
func (x *xmlTree) end() error {
	for {
		tok, err := x.dec.Token()
		if err == io.EOF {
			return nil
		}
		if err != nil {
			return x.fault(err)
		}
		switch t := tok.(type) {
		case xml.Comment, xml.ProcInst:
		case xml.CharData:
			if len(bytes.TrimSpace(t)) > 0 {
				return x.fault(errors.New("text after the document"))
			}
		default:
			return x.fault(errors.New("data after the document"))
		}
	}
}

func (x *xmlTree) element(start xml.StartElement, depth int) (*Node, error) {
	if x.nodes++; depth > MaxDepth || x.nodes > MaxNodes {
		return nil, errors.New("nested too deep or too big")
	}
	x.path = append(x.path, start.Name.Local)
	n := &Node{Name: nameOf(start.Name), pos: x.dec.InputOffset()}
	if err := x.attributes(n, start.Attr); err != nil {
		return nil, err
	}
	var text strings.Builder
	for {
		tok, err := x.dec.Token()
		if err != nil {
			return nil, err
		}
		switch t := tok.(type) {
		case xml.StartElement:
			c, err := x.element(t, depth+1)
			if err != nil {
				return nil, err
			}
			if c.Name.Space == "" && (c.Name.Local == "extension" || c.Name.Local == "baseExtension") {
				n.Children = append(n.Children, c.Children...)
			} else {
				n.Children = append(n.Children, *c)
			}
		case xml.EndElement:
			x.path = x.path[:len(x.path)-1]
			n.Text = strings.TrimSpace(text.String())
			return n, nil
		case xml.CharData:
			text.Write(t)
		}
	}
}

func nameOf(n xml.Name) Name {
	if epcisSpaces[n.Space] {
		return Name{Local: n.Local}
	}
	return Name{n.Space, n.Local}
}

// attributes notes prefixes and takes the other attributes as children, but for
// what only schema processors want.
func (x *xmlTree) attributes(n *Node, attrs []xml.Attr) error {
	seen := map[xml.Name]bool{}
	for _, a := range attrs {
		if x.nodes++; seen[a.Name] || len(x.prefixes) > MaxPrefixes {
			return fmt.Errorf("attribute %s is twice, or there are too many prefixes", a.Name.Local)
		}
		seen[a.Name] = true
		switch {
		case a.Name.Space == "xmlns":
			p := Prefix{a.Name.Local, a.Value}
			if !epcisSpaces[p.Space] && p.Space != xsiSpace && !has(x.prefixes, p) {
				x.prefixes = append(x.prefixes, p)
			}
		case a.Name.Space == "" && a.Name.Local == "xmlns", a.Name.Space == xsiSpace:
		default:
			n.Children = append(n.Children, Node{Name: nameOf(a.Name), Text: strings.TrimSpace(a.Value), Attr: true, pos: n.pos})
		}
	}
	return nil
}

func has(list []Prefix, p Prefix) bool {
	for _, q := range list {
		if q == p {
			return true
		}
	}
	return false
}

type xmlReader struct {
	binder
	doc *Document
}

func (r *xmlReader) document(root *Node) {
	if strings.HasSuffix(root.Name.Local, "Event") {
		r.doc.Events = []Event{r.bareEvent(root)}
		return
	}
	d := r.doc
	d.Type = DocumentType(root.Name.Local)
	if d.Type != EventDocument && d.Type != QueryDocument || root.Name.Space != "" {
		r.add("", root.pos, "%s is no EPCIS document", root.Name)
		return
	}
	d.SchemaVersion = root.value("schemaVersion")
	if c := root.get("creationDate"); c != nil {
		d.Created = r.time(c, "/creationDate")
	} else if d.Type == EventDocument {
		r.add("/creationDate", root.pos, "missing")
	}
	r.header(root)
	body := root.get("EPCISBody")
	if body == nil && d.Type == QueryDocument && root.get("resultsBody") != nil {
		body = &Node{Children: []Node{{Name: Name{Local: "QueryResults"}, Children: root.Children}}}
	}
	if body == nil {
		r.add("/EPCISBody", root.pos, "missing")
		return
	}
	r.body(body)
}

// bareEvent reads an event that is the root; attributes of documents may have
// stayed on it.
func (r *xmlReader) bareEvent(root *Node) Event {
	kept := root.Children[:0:0]
	for _, c := range root.Children {
		if !c.Attr {
			kept = append(kept, c)
		}
	}
	root.Children = kept
	return r.event(root, "")
}

// header reads what the standard business document header says, and which
// extensions hash IDs ignore.
func (r *xmlReader) header(root *Node) {
	for i := range root.Children {
		c := &root.Children[i]
		if c.Name.Space != "" && c.Name.Local == "ignoreFields" {
			for _, f := range c.Children {
				r.doc.ignored = append(r.doc.ignored, f.Name)
			}
		}
	}
	h := root.get("EPCISHeader")
	if h == nil {
		return
	}
	for i := range h.Children {
		s := &h.Children[i]
		if s.Name != (Name{sbdhSpace, "StandardBusinessDocumentHeader"}) {
			continue
		}
		r.doc.Sender = s.sbdh("Sender", "Identifier")
		r.doc.Receiver = s.sbdh("Receiver", "Identifier")
		r.doc.InstanceIdentifier = s.sbdh("DocumentIdentification", "InstanceIdentifier")
	}
}

func (n *Node) sbdh(path ...string) string {
	for _, name := range path {
		var next *Node
		for i := range n.Children {
			if n.Children[i].Name == (Name{sbdhSpace, name}) {
				next = &n.Children[i]
			}
		}
		if next == nil {
			return ""
		}
		n = next
	}
	return n.Text
}

func (r *xmlReader) body(body *Node) {
	path := "/EPCISBody"
	if q := body.get("QueryResults"); q != nil {
		r.doc.QueryName, r.doc.SubscriptionID = q.value("queryName"), q.value("subscriptionID")
		path += "/QueryResults/resultsBody"
		if body = q.get("resultsBody"); body == nil {
			r.add(path, q.pos, "missing")
			return
		}
	}
	list := body.get("EventList")
	if list == nil {
		r.add(path+"/EventList", body.pos, "missing")
		return
	}
	r.doc.Events = make([]Event, 0, len(list.Children))
	for i := range list.Children {
		r.doc.Events = append(r.doc.Events, r.event(&list.Children[i], fmt.Sprintf("%s/EventList/%d", path, i)))
	}
}
