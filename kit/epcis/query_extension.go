package epcis

import (
	"slices"
	"strconv"
	"strings"
)

// sensorTimes and sensorTexts are the parameters about sensor elements. Values
// with a unit are asked for as GE_value_CEL.
var (
	sensorTimes = []string{"time", "startTime", "endTime"}
	sensorTexts = []string{"type", "exception", "deviceID", "deviceMetadata", "rawData", "dataProcessingMethod", "bizRules",
		"microorganism", "chemicalSubstance", "component", "stringValue", "booleanValue", "hexBinaryValue", "uriValue",
		"coordinateReferenceSystem"}
)

// sensorField reads a parameter about sensor elements.
func (p *queryParser) sensorField(op, field string, values []string) bool {
	field = strings.TrimPrefix(strings.TrimPrefix(field, "SENSORREPORT_"), "SENSORMETADATA_")
	name, unit, _ := strings.Cut(field, "_")
	compare := compares[op]
	switch {
	case slices.Contains(sensorTexts, field) && op == "EQ":
		wanted := make([]string, len(values))
		for i, v := range values {
			wanted[i] = normal(expandSensor(field, v))
		}
		p.whereSensor(func(d *SensorData) bool { return slices.Contains(wanted, normal(d.Value(field))) })
	case slices.Contains(sensorTimes, field) && compare != nil:
		if _, err := parseTime(values[0]); err != nil {
			p.bad(op+"_"+field, "%q is no date and time with offset", values[0])
		}
		p.whereSensor(func(d *SensorData) bool {
			v := d.Value(field)
			return v != "" && compare(compareValues(v, values[0]))
		})
	case numeric[name] && name != "quantity" && compare != nil:
		if _, err := strconv.ParseFloat(values[0], 64); err != nil {
			p.bad(op+"_"+field, "%q is no number", values[0])
		}
		p.whereSensor(func(d *SensorData) bool {
			v := d.Value(name)
			return v != "" && (unit == "" || d.Value("uom") == unit) && compare(compareValues(v, values[0]))
		})
	default:
		return false
	}
	return true
}

func (p *queryParser) whereSensor(test func(*SensorData) bool) {
	p.where(func(e *Event) bool {
		for i := range e.Sensors {
			s := &e.Sensors[i]
			if s.Metadata != nil && test(s.Metadata) || slices.ContainsFunc(s.Reports, func(d SensorData) bool { return test(&d) }) {
				return true
			}
		}
		return false
	})
}

// extensionField reads a parameter about extensions: of the event, of its
// master data (ILMD_), at the top or deeper (INNER_).
func (p *queryParser) extensionField(op, field string, values []string) bool {
	inner, ilmd := false, false
	if rest, ok := strings.CutPrefix(field, "INNER_"); ok {
		inner, field = true, rest
	}
	if rest, ok := strings.CutPrefix(field, "ILMD_"); ok {
		ilmd, field = true, rest
	}
	attribute := ""
	if op == "EQATTR" {
		i := strings.LastIndexByte(field, '_')
		if i < 0 {
			return false
		}
		field, attribute = field[:i], field[i+1:]
	}
	n, ok := p.name(field)
	if !ok {
		return false
	}
	test := extensionTest(op, attribute, values)
	p.where(func(e *Event) bool {
		list := e.Extensions
		if ilmd {
			list = e.ILMD
		}
		return anyNode(list, inner, func(x *Node) bool { return x.Name == n && test(x) })
	})
	return true
}

func extensionTest(op, attribute string, values []string) func(*Node) bool {
	switch op {
	case "EXISTS":
		return func(*Node) bool { return true }
	case "EQ":
		return func(x *Node) bool {
			return slices.ContainsFunc(values, func(v string) bool { return compareValues(x.Text, v) == 0 })
		}
	case "HASATTR", "EQATTR":
		return func(x *Node) bool {
			return slices.ContainsFunc(x.Children, func(c Node) bool {
				if !c.Attr {
					return false
				}
				if op == "HASATTR" {
					return slices.Contains(values, c.Name.Local)
				}
				return c.Name.Local == attribute && slices.Contains(values, c.Text)
			})
		}
	}
	return func(x *Node) bool { return x.Text != "" && compares[op](compareValues(x.Text, values[0])) }
}

// anyNode tests the nodes of a list, or with inner those below them.
func anyNode(list []Node, inner bool, test func(*Node) bool) bool {
	for i := range list {
		if !inner && test(&list[i]) {
			return true
		}
		if inner && anyBelow(list[i].Children, test) {
			return true
		}
	}
	return false
}

func anyBelow(list []Node, test func(*Node) bool) bool {
	for i := range list {
		if test(&list[i]) || anyBelow(list[i].Children, test) {
			return true
		}
	}
	return false
}
