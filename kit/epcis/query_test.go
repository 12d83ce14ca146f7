package epcis

import (
	"errors"
	"slices"
	"strings"
	"testing"
	"time"
)

// queried are three events that differ in everything.
func queried(t testing.TB) []Event {
	t.Helper()
	const text = `{"@context":["https://ref.gs1.org/standards/epcis/epcis-context.jsonld",{"ex":"https://ns.example.com/"}],
	"type":"EPCISDocument","schemaVersion":"2.0","creationDate":"2026-01-04T00:00:00Z","epcisBody":{"eventList":[
	{"type":"ObjectEvent","eventTime":"2026-01-01T08:00:00+08:00","recordTime":"2026-01-03T00:00:00Z","eventTimeZoneOffset":"+08:00",
	 "eventID":"urn:uuid:1","action":"ADD","bizStep":"commissioning","disposition":"active",
	 "epcList":["urn:epc:id:sgtin:4012345.011111.1","urn:epc:id:sgtin:4012345.011111.2"],
	 "readPoint":{"id":"urn:epc:id:sgln:4012345.00005.7"},"bizLocation":{"id":"https://id.gs1.org/414/4012345000054"},
	 "ilmd":{"ex:grade":"A","ex:box":{"ex:depth":5}},"ex:shift":2},
	{"type":"AggregationEvent","eventTime":"2026-01-02T08:00:00+08:00","eventTimeZoneOffset":"+08:00","eventID":"urn:uuid:2",
	 "action":"OBSERVE","bizStep":"packing","parentID":"urn:epc:id:sscc:4012345.3111111111",
	 "childQuantityList":[{"epcClass":"https://id.gs1.org/01/04012345123456/10/L1","quantity":20,"uom":"KGM"}],
	 "bizTransactionList":[{"type":"po","bizTransaction":"urn:epcglobal:cbv:bt:4012345000009:1"}],
	 "sourceList":[{"type":"owning_party","source":"urn:epc:id:pgln:4012345.00000"}],
	 "persistentDisposition":{"set":["recalled"]},
	 "errorDeclaration":{"declarationTime":"2026-01-03T00:00:00Z","reason":"incorrect_data","correctiveEventIDs":["urn:uuid:9"]},
	 "sensorElementList":[{"sensorMetadata":{"time":"2026-01-02T00:00:00Z","deviceID":"urn:epc:id:giai:4000001.111"},
	  "sensorReport":[{"type":"Temperature","value":4.5,"uom":"CEL"}]}]},
	{"type":"TransformationEvent","eventTime":"2026-01-03T08:00:00+08:00","eventTimeZoneOffset":"+08:00","eventID":"urn:uuid:3",
	 "bizStep":"https://example.com/steps/cooking","transformationID":"urn:epc:id:gdti:4012345.55555.1234",
	 "inputEPCList":["urn:epc:id:sgtin:4012345.011111.1"],"outputQuantityList":[{"epcClass":"urn:epc:class:lgtin:4012345.022222.X","quantity":3}],
	 "ex:shift":10}]}}`
	doc, err := DecodeJSON([]byte(text))
	if err != nil {
		t.Fatal(err)
	}
	return doc.Events
}

func TestQuery(t *testing.T) {
	events := queried(t)
	for _, tt := range []struct {
		params string // name=value|value;…
		want   string // last letters of the event IDs
	}{
		{"", "123"},
		{"eventType=ObjectEvent|AggregationEvent", "12"},
		{"GE_eventTime=2026-01-02T00:00:00Z", "23"},
		{"GE_eventTime=2026-01-02T00:00:00Z;LT_eventTime=2026-01-03T00:00:00Z", "2"},
		{"LT_recordTime=2026-02-01T00:00:00Z", "1"}, // the others have none
		{"EQ_action=ADD", "1"},
		{"EQ_bizStep=packing", "2"},
		{"EQ_bizStep=urn:epcglobal:cbv:bizstep:packing|https://ref.gs1.org/cbv/BizStep-commissioning", "12"},
		{"EQ_bizStep=https://example.com/steps/cooking", "3"},
		{"EQ_disposition=active", "1"},
		{"EQ_persistentDisposition_set=recalled", "2"},
		{"EQ_readPoint=https://id.gs1.org/414/4012345000054", ""},
		{"WD_readPoint=https://id.gs1.org/414/4012345000054", "1"},
		{"EQ_readPoint=https://other.example/gln/4012345000054/glnx/7", "1"},
		{"EQ_bizLocation=urn:epc:id:sgln:4012345.00005.0", "1"},
		{"EQ_bizTransaction_po=urn:epcglobal:cbv:bt:4012345000009:1", "2"},
		{"EQ_bizTransaction_inv=urn:epcglobal:cbv:bt:4012345000009:1", ""},
		{"EQ_source_owning_party=https://id.gs1.org/417/4012345000009", "2"},
		{"EQ_transformationID=https://id.gs1.org/253/40123455555541234", "3"},
		{"EQ_eventID=urn:uuid:3", "3"},
		{"MATCH_epc=https://id.gs1.org/01/04012345111118/21/1", "1"},
		{"MATCH_anyEPC=https://id.gs1.org/01/04012345111118/21/1", "13"},
		{"MATCH_inputEPC=urn:epc:idpat:sgtin:4012345.011111.*", "3"},
		{"MATCH_epc=urn:epc:idpat:sgtin:4012345.*.*", "1"},
		{"MATCH_epc=urn:epc:idpat:sgtin:4012345.*.9", ""},
		{"MATCH_parentID=https://id.gs1.org/00/340123451111111111", "2"},
		{"MATCH_anyEPCClass=https://id.gs1.org/01/04012345222227/10/X", "3"},
		{"MATCH_epcClass=https://id.gs1.org/01/04012345123456/10/L1", "2"},
		{"GE_quantity=20", "2"},
		{"LT_quantity=20", "3"},
		{"EXISTS_errorDeclaration=", "2"},
		{"EQ_errorReason=incorrect_data;EQ_correctiveEventID=urn:uuid:9;GE_errorDeclaration_Time=2026-01-03T00:00:00Z", "2"},
		{"EQ_type=Temperature", "2"},
		{"EQ_deviceID=https://id.gs1.org/8004/4000001111", "2"},
		{"GT_value_CEL=4", "2"},
		{"GT_value_FAH=4", ""},
		{"GE_time=2026-01-02T00:00:00Z", "2"},
		{"EQ_ex:shift=10.0", "3"},
		{"GE_ex:shift=2", "13"},
		{"EQ_https://ns.example.com/#shift=2", "1"},
		{"EQ_https://ns.example.org/#shift=2", ""},
		{"EXISTS_ex:shift=", "13"},
		{"EQ_ILMD_ex:grade=A", "1"},
		{"LT_INNER_ILMD_ex:depth=6", "1"},
		{"EQ_INNER_ex:shift=2", ""},
		{"orderBy=eventTime;orderDirection=DESC;eventCountLimit=2", "32"},
		{"orderBy=eventTime;orderDirection=ASC;eventCountLimit=2", "12"},
		{"orderBy=ex:shift", "312"}, // descending, numbers as numbers
	} {
		q, err := ParseQuery(params(tt.params), []Prefix{{"ex", "https://ns.example.com/"}})
		if err != nil {
			t.Errorf("%s: %v", tt.params, err)
			continue
		}
		found, err := q.Filter(events)
		got := ""
		for _, e := range found {
			got += e.ID[len(e.ID)-1:]
		}
		if err != nil || got != tt.want {
			t.Errorf("%s: events %s, %v, want %s", tt.params, got, err, tt.want)
		}
	}
}

func params(s string) map[string][]string {
	out := map[string][]string{}
	for _, p := range strings.Split(s, ";") {
		if name, values, ok := strings.Cut(p, "="); ok {
			out[name] = strings.Split(values, "|")
		}
	}
	return out
}

func TestQueryFaults(t *testing.T) {
	for _, bad := range []string{
		"GE_eventDate=2026-01-01T00:00:00Z", "EQ_action=SHIPPED", "GE_eventTime=yesterday", "eventType=Happening",
		"EQ_bizStep=transforming", "orderDirection=SIDEWAYS", "eventCountLimit=0", "eventCountLimit=1;maxEventCount=1",
		"EQ_unknown:field=1", "GT_value=warm", "MATCH_colour=red", "orderBy=colour", "HASATTR_=x", "EQATTR_ex:shift=x",
	} {
		var e *Error
		if _, err := ParseQuery(params(bad), []Prefix{{"ex", "https://ns.example.com/"}}); !errors.As(err, &e) || e.Path == "" {
			t.Errorf("%s: %v", bad, err)
		}
	}
	q, err := ParseQuery(params("maxEventCount=2"), nil)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := q.Filter(queried(t)); !errors.Is(err, ErrTooLarge) {
		t.Errorf("maxEventCount: %v", err)
	}
}

// All faults of a document are told at once, each with its place.
func TestFaultsNameTheirPlace(t *testing.T) {
	doc, err := decode(t, Decoder{}, corpus+"/JSON/Capture/Invalid/Combination_of_multiple_invalid_fields.json")
	var list Errors
	if doc != nil || !errors.As(err, &list) {
		t.Fatalf("%v, %v", doc, err)
	}
	var paths []string
	for _, e := range list {
		paths = append(paths, strings.TrimPrefix(e.Path, "/epcisBody/eventList/"))
		if e.Offset == 0 {
			t.Errorf("%v has no offset", e)
		}
	}
	slices.Sort(paths)
	want := []string{"0/bizStep", "1/disposition", "2/sourceList/0/type", "3/ilmd/materialType", "4/action", "4/eventTime"}
	if !slices.Equal(paths, want) {
		t.Errorf("faults at %q, want %q", paths, want)
	}
}

func TestValidate(t *testing.T) {
	e := Event{Type: ObjectEvent, Time: time.Date(2026, 1, 1, 8, 0, 0, 0, time.FixedZone("", 8*3600)), TimeZoneOffset: "+08:00",
		Action: Add, EPCs: []string{"urn:epc:id:sgtin:4012345.011111.1"}}
	if err := e.Validate(); err != nil {
		t.Error(err)
	}
	e.EPCs = []string{"not a URI"}
	e.Action = "MAYBE"
	var list Errors
	if err := e.Validate(); !errors.As(err, &list) || len(list) != 2 {
		t.Errorf("%v", err)
	}
}
