package epcis

import (
	"bytes"
	"encoding/xml"
	"fmt"
	"regexp"
)

// EncodeXML writes the document as XML of EPCIS 2.0. Terms of CBV are full web
// addresses.
func (d *Document) EncodeXML() ([]byte, error) {
	nodes := d.nodes()
	w := &xmlWriter{prefixes: d.assign(nodes)}
	w.buf.WriteString(xml.Header)
	switch {
	case d.Type == BareEvent && len(nodes) == 1:
		w.element(&nodes[0], 0, true)
	case d.Type == QueryDocument:
		w.document(d, nodes, "epcisq:EPCISQueryDocument", "epcisq", "urn:epcglobal:epcis-query:xsd:2")
	default:
		w.document(d, nodes, "epcis:EPCISDocument", "epcis", "urn:epcglobal:epcis:xsd:2")
	}
	return w.buf.Bytes(), w.err
}

type xmlWriter struct {
	buf      bytes.Buffer
	prefixes *prefixes
	err      error
}

func (w *xmlWriter) document(d *Document, nodes []Node, root, prefix, space string) {
	fmt.Fprintf(&w.buf, "<%s xmlns:%s=%q", root, prefix, space)
	w.declarations()
	w.attribute("schemaVersion", "2.0")
	if !d.Created.IsZero() {
		w.attribute("creationDate", formatTime(d.Created))
	}
	w.buf.WriteString(">")
	w.header(d)
	w.buf.WriteString("\n  <EPCISBody>")
	depth := 2
	if d.Type == QueryDocument {
		w.buf.WriteString("\n    <epcisq:QueryResults>")
		for _, p := range [][2]string{{"queryName", d.QueryName}, {"subscriptionID", d.SubscriptionID}} {
			if p[1] != "" {
				n := leaf(p[0], p[1])
				w.element(&n, 3, false)
			}
		}
		w.buf.WriteString("\n      <resultsBody>")
		depth = 4
	}
	list := Node{Name: Name{Local: "EventList"}, Children: nodes}
	w.element(&list, depth, false)
	if d.Type == QueryDocument {
		w.buf.WriteString("\n      </resultsBody>\n    </epcisq:QueryResults>")
	}
	fmt.Fprintf(&w.buf, "\n  </EPCISBody>\n</%s>\n", root)
}

// header is the standard business document header, where there is one.
func (w *xmlWriter) header(d *Document) {
	if d.Sender == "" && d.Receiver == "" && d.InstanceIdentifier == "" {
		return
	}
	fmt.Fprintf(&w.buf, "\n  <EPCISHeader><sbdh:StandardBusinessDocumentHeader xmlns:sbdh=%q><sbdh:HeaderVersion>1.0</sbdh:HeaderVersion>", sbdhSpace)
	for _, p := range [][3]string{{"Sender", "Identifier", d.Sender}, {"Receiver", "Identifier", d.Receiver},
		{"DocumentIdentification", "InstanceIdentifier", d.InstanceIdentifier}} {
		if p[2] == "" {
			continue
		}
		fmt.Fprintf(&w.buf, "<sbdh:%s><sbdh:%s>", p[0], p[1])
		w.text(p[2])
		fmt.Fprintf(&w.buf, "</sbdh:%s></sbdh:%s>", p[1], p[0])
	}
	w.buf.WriteString("</sbdh:StandardBusinessDocumentHeader></EPCISHeader>")
}

func (w *xmlWriter) declarations() {
	for _, p := range w.prefixes.list {
		w.attribute("xmlns:"+p.Prefix, p.Space)
	}
}

func (w *xmlWriter) attribute(name, text string) {
	w.buf.WriteString(" " + name + `="`)
	w.text(text)
	w.buf.WriteByte('"')
}

func (w *xmlWriter) text(s string) {
	if err := xml.EscapeText(&w.buf, []byte(s)); err != nil && w.err == nil {
		w.err = err
	}
}

var xmlName = regexp.MustCompile(`^[\p{L}_][\p{L}\p{N}_.\-]*$`)

// element writes n on a line of its own; the root declares the prefixes.
func (w *xmlWriter) element(n *Node, depth int, root bool) {
	name := w.prefixes.name(n.Name)
	if !xmlName.MatchString(n.Name.Local) && w.err == nil {
		w.err = &Error{Path: name, Reason: "no XML name"}
	}
	w.indent(depth)
	w.buf.WriteString("<" + name)
	if root {
		w.declarations()
	}
	elements := false
	for i := range n.Children {
		c := &n.Children[i]
		if !c.Attr {
			elements = true
			continue
		}
		if !xmlName.MatchString(c.Name.Local) && w.err == nil {
			w.err = &Error{Path: name + "/" + c.Name.Local, Reason: "no XML name"}
		}
		w.attribute(w.prefixes.name(c.Name), c.Text)
	}
	if !elements && n.Text == "" {
		w.buf.WriteString("/>")
		return
	}
	w.buf.WriteString(">")
	w.text(n.Text)
	for i := range n.Children {
		if !n.Children[i].Attr {
			w.element(&n.Children[i], depth+1, false)
		}
	}
	if elements {
		w.indent(depth)
	}
	w.buf.WriteString("</" + name + ">")
}

func (w *xmlWriter) indent(depth int) {
	if depth > 0 {
		w.buf.WriteByte('\n')
		for range depth {
			w.buf.WriteString("  ")
		}
	}
}
