package epcis

import "fmt"

func (b *binder) sensor(n *Node, path string) (s SensorElement) {
	s.Extensions = b.only(n, path, "sensorMetadata", "sensorReport")
	for i := range n.Children {
		switch c := &n.Children[i]; c.Name {
		case Name{Local: "sensorMetadata"}:
			d := b.sensorData(c, metadataMembers, path+"/sensorMetadata")
			s.Metadata = &d
		case Name{Local: "sensorReport"}:
			s.Reports = append(s.Reports, b.sensorData(c, reportAllowed, fmt.Sprintf("%s/sensorReport/%d", path, len(s.Reports))))
		}
	}
	if s.Reports == nil {
		b.add(path, n.pos, "sensorReport is missing")
	}
	return s
}

// sensorData keeps values in the order of names, terms expanded.
func (b *binder) sensorData(n *Node, names []string, path string) SensorData {
	d := SensorData{Extensions: b.only(n, path, names...)}
	for _, name := range names {
		c := n.get(name)
		if c == nil {
			continue
		}
		switch v := *c; {
		case numeric[name]:
			b.number(c, path+"/"+name)
			d.Values = append(d.Values, Node{Name: c.Name, Text: v.Text, Kind: KindNumber})
		case times[name]:
			b.time(c, path+"/"+name)
			d.Values = append(d.Values, leaf(name, v.Text))
		case name == "booleanValue":
			if v.Text != "true" && v.Text != "false" {
				b.add(path+"/"+name, c.pos, "%q is neither true nor false", v.Text)
			}
			d.Values = append(d.Values, Node{Name: c.Name, Text: v.Text, Kind: KindBool})
		default:
			d.Values = append(d.Values, leaf(name, expandSensor(name, v.Text)))
		}
	}
	return d
}
