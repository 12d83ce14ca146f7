package epcis

import (
	"strconv"
	"time"
)

// node turns an event back into nodes, members in the order of the XML schema,
// terms as full web addresses.
func (e *Event) node() Node {
	n := Node{Name: Name{Local: string(e.Type)}}
	order, ok := members[e.Type]
	if !ok { // an event of unknown type keeps what is common
		order = members[ObjectEvent]
	}
	for _, name := range order {
		if name == "certificationInfo" {
			for _, c := range e.CertificationInfo {
				n.Children = append(n.Children, leaf(name, c))
			}
			continue
		}
		if c, ok := e.what(name); ok {
			n.Children = append(n.Children, c)
		}
	}
	n.Children = append(n.Children, e.Extensions...)
	return n
}

// what makes the node of a member that says what was concerned, and when.
func (e *Event) what(name string) (Node, bool) {
	switch name {
	case "eventTime":
		return leaf(name, formatTime(e.Time)), true
	case "recordTime":
		return leaf(name, formatTime(e.RecordTime)), !e.RecordTime.IsZero()
	case "eventTimeZoneOffset":
		return leaf(name, e.TimeZoneOffset), e.TimeZoneOffset != ""
	case "eventID":
		return leaf(name, e.ID), e.ID != ""
	case "errorDeclaration":
		return e.Error.node(), e.Error != nil
	case "parentID":
		return leaf(name, e.ParentID), e.ParentID != ""
	case "transformationID":
		return leaf(name, e.TransformationID), e.TransformationID != ""
	case "epcList":
		return wrap(name, e.EPCs), len(e.EPCs) > 0
	case "childEPCs":
		return wrap(name, e.ChildEPCs), len(e.ChildEPCs) > 0
	case "inputEPCList":
		return wrap(name, e.InputEPCs), len(e.InputEPCs) > 0
	case "outputEPCList":
		return wrap(name, e.OutputEPCs), len(e.OutputEPCs) > 0
	case "quantityList":
		return wrapQuantities(name, e.Quantities)
	case "childQuantityList":
		return wrapQuantities(name, e.ChildQuantities)
	case "inputQuantityList":
		return wrapQuantities(name, e.InputQuantities)
	case "outputQuantityList":
		return wrapQuantities(name, e.OutputQuantities)
	}
	return e.why(name)
}

// why makes the node of a member that says where and why.
func (e *Event) why(name string) (Node, bool) {
	switch name {
	case "action":
		return leaf(name, string(e.Action)), e.Action != ""
	case "bizStep":
		return leaf(name, e.BizStep), e.BizStep != ""
	case "disposition":
		return leaf(name, e.Disposition), e.Disposition != ""
	case "readPoint":
		return e.ReadPoint.node(name), e.ReadPoint != nil
	case "bizLocation":
		return e.BizLocation.node(name), e.BizLocation != nil
	case "bizTransactionList":
		return wrapTyped(name, e.BizTransactions), len(e.BizTransactions) > 0
	case "sourceList":
		return wrapTyped(name, e.Sources), len(e.Sources) > 0
	case "destinationList":
		return wrapTyped(name, e.Destinations), len(e.Destinations) > 0
	case "persistentDisposition":
		return e.Persistent.node(), e.Persistent != nil
	case "ilmd":
		return Node{Name: Name{Local: name}, Children: e.ILMD}, len(e.ILMD) > 0
	}
	n := Node{Name: Name{Local: name}}
	for i := range e.Sensors {
		n.Children = append(n.Children, e.Sensors[i].node())
	}
	return n, len(n.Children) > 0
}

// formatTime writes milliseconds, more digits only when there are any.
func formatTime(t time.Time) string {
	if t.Nanosecond()%1e6 == 0 {
		return t.Format("2006-01-02T15:04:05.000Z07:00")
	}
	return t.Format(time.RFC3339Nano)
}

func wrap(name string, items []string) Node {
	n := Node{Name: Name{Local: name}}
	for _, s := range items {
		n.Children = append(n.Children, leaf(itemNames[name], s))
	}
	return n
}

func wrapQuantities(name string, quantities []Quantity) (Node, bool) {
	n := Node{Name: Name{Local: name}}
	for _, q := range quantities {
		c := Node{Name: Name{Local: itemNames[name]}, Children: []Node{leaf("epcClass", q.Class)}}
		if q.Quantity != nil {
			text := strconv.FormatFloat(*q.Quantity, 'f', -1, 64)
			c.Children = append(c.Children, Node{Name: Name{Local: "quantity"}, Text: text, Kind: KindNumber})
		}
		if q.Unit != "" {
			c.Children = append(c.Children, leaf("uom", q.Unit))
		}
		c.Children = append(c.Children, q.Extensions...)
		n.Children = append(n.Children, c)
	}
	return n, len(n.Children) > 0
}

func wrapTyped(name string, items []Typed) Node {
	n := Node{Name: Name{Local: name}}
	for _, t := range items {
		c := leaf(itemNames[name], t.ID)
		if t.Type != "" {
			c.Children = append(c.Children, attr("type", t.Type))
		}
		n.Children = append(n.Children, c)
	}
	return n
}

func (d *ErrorDeclaration) node() Node {
	n := Node{Name: Name{Local: "errorDeclaration"}}
	if d == nil {
		return n
	}
	n.Children = append(n.Children, leaf("declarationTime", formatTime(d.Time)))
	if d.Reason != "" {
		n.Children = append(n.Children, leaf("reason", d.Reason))
	}
	if d.CorrectiveIDs != nil {
		n.Children = append(n.Children, wrap("correctiveEventIDs", d.CorrectiveIDs))
	}
	n.Children = append(n.Children, d.Extensions...)
	return n
}

func (p *Place) node(name string) Node {
	n := Node{Name: Name{Local: name}}
	if p != nil {
		n.Children = append([]Node{leaf("id", p.ID)}, p.Extensions...)
	}
	return n
}

func (p *PersistentDisposition) node() Node {
	n := Node{Name: Name{Local: "persistentDisposition"}}
	if p == nil {
		return n
	}
	for _, s := range p.Unset {
		n.Children = append(n.Children, leaf("unset", s))
	}
	for _, s := range p.Set {
		n.Children = append(n.Children, leaf("set", s))
	}
	return n
}

func (s *SensorElement) node() Node {
	n := Node{Name: Name{Local: "sensorElement"}}
	if s.Metadata != nil {
		n.Children = append(n.Children, s.Metadata.node("sensorMetadata"))
	}
	for i := range s.Reports {
		n.Children = append(n.Children, s.Reports[i].node("sensorReport"))
	}
	n.Children = append(n.Children, s.Extensions...)
	return n
}

// node makes values attributes, and simple extensions too.
func (d *SensorData) node(name string) Node {
	n := Node{Name: Name{Local: name}}
	for _, v := range append(append([]Node(nil), d.Values...), d.Extensions...) {
		v.Attr = len(v.Children) == 0 && !v.List
		n.Children = append(n.Children, v)
	}
	return n
}
