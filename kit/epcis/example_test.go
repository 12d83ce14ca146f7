package epcis_test

import (
	"fmt"
	"time"

	"github.com/dinghai/dinghai/kit/epcis"
)

const arrival = `{
  "@context": ["https://ref.gs1.org/standards/epcis/epcis-context.jsonld"],
  "type": "EPCISDocument", "schemaVersion": "2.0", "creationDate": "2026-11-01T00:00:00Z",
  "epcisBody": {"eventList": [{
    "type": "ObjectEvent", "action": "OBSERVE", "bizStep": "receiving",
    "eventTime": "2026-11-01T08:00:00+08:00", "eventTimeZoneOffset": "+08:00",
    "quantityList": [{"epcClass": "urn:epc:class:lgtin:6901234.056789.LOT7", "quantity": 20, "uom": "KGM"}],
    "readPoint": {"id": "urn:epc:id:sgln:6901234.00001.0"}
  }]}
}`

func ExampleDecodeJSON() {
	doc, err := epcis.DecodeJSON([]byte(arrival))
	if err != nil {
		fmt.Println(err)
		return
	}
	e := doc.Events[0]
	fmt.Println(e.Type, e.BizStep)
	fmt.Println(epcis.Normalize(e.Quantities[0].Class))
	// The hash ID is the same after a detour through XML.
	text, err := doc.EncodeXML()
	if err != nil {
		fmt.Println(err)
		return
	}
	other, err := epcis.DecodeXML(text)
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println(e.HashID() == other.Events[0].HashID())
	// Output:
	// ObjectEvent https://ref.gs1.org/cbv/BizStep-receiving
	// https://id.gs1.org/01/06901234567892/10/LOT7 true
	// true
}

func ExampleQuery_Filter() {
	doc, _ := epcis.DecodeJSON([]byte(arrival))
	q, err := epcis.ParseQuery(map[string][]string{
		"EQ_bizStep":     {"receiving"},
		"MATCH_epcClass": {"https://id.gs1.org/01/06901234567892/10/LOT7"},
	}, nil)
	if err != nil {
		fmt.Println(err)
		return
	}
	found, _ := q.Filter(doc.Events)
	fmt.Println(len(found))
	// Output: 1
}

// A lot of flour is recalled: what was baked of it, and where is that?
func ExampleIndex_Forward() {
	hour := func(n int) time.Time { return time.Date(2026, 11, 1, n, 0, 0, 0, time.UTC) }
	of := func(ids ...string) (q []epcis.Quantity) {
		for _, id := range ids {
			q = append(q, epcis.Quantity{Class: id})
		}
		return q
	}
	const flour, bread, pallet = "https://id.gs1.org/01/06901234567892/10/F1", "https://id.gs1.org/01/06901234500008/10/B1", "https://id.gs1.org/00/069012340000000017"
	var x epcis.Index
	x.Add(&epcis.Event{Type: epcis.TransformationEvent, Time: hour(6), InputQuantities: of(flour), OutputQuantities: of(bread)})
	x.Add(&epcis.Event{Type: epcis.AggregationEvent, Time: hour(8), Action: epcis.Add, ParentID: pallet, ChildQuantities: of(bread)})
	for _, i := range x.Forward(flour, epcis.Trace{}).Items {
		fmt.Println(i.Depth, i.Relation, i.ID)
	}
	// Output:
	// 0 asked https://id.gs1.org/01/06901234567892/10/F1
	// 1 made https://id.gs1.org/01/06901234500008/10/B1
	// 2 carrier https://id.gs1.org/00/069012340000000017
}
