package epcis

import (
	"slices"
	"strings"
	"time"
)

// textField is a parameter that wants one of its values among those of an event.
type textField struct {
	vocabulary *vocabulary // nil: identifiers, compared in normal form
	of         func(*Event) []string
}

// actions are not of CBV; the vocabulary only says how to read them.
var actions = vocabulary{terms: []string{string(Add), string(Observe), string(Delete)}}

func one(s string) []string {
	if s == "" {
		return nil
	}
	return []string{s}
}

func placeID(p *Place) []string {
	if p == nil {
		return nil
	}
	return one(normal(p.ID))
}

var textFields = map[string]textField{
	"EQ_action":           {&actions, func(e *Event) []string { return one(string(e.Action)) }},
	"EQ_bizStep":          {&bizSteps, func(e *Event) []string { return one(e.BizStep) }},
	"EQ_disposition":      {&dispositions, func(e *Event) []string { return one(e.Disposition) }},
	"EQ_readPoint":        {nil, func(e *Event) []string { return placeID(e.ReadPoint) }},
	"EQ_bizLocation":      {nil, func(e *Event) []string { return placeID(e.BizLocation) }},
	"EQ_transformationID": {nil, func(e *Event) []string { return one(normal(e.TransformationID)) }},
	"EQ_eventID":          {nil, func(e *Event) []string { return one(e.ID) }},
	"EQ_persistentDisposition_set": {&dispositions, func(e *Event) []string {
		if e.Persistent == nil {
			return nil
		}
		return e.Persistent.Set
	}},
	"EQ_persistentDisposition_unset": {&dispositions, func(e *Event) []string {
		if e.Persistent == nil {
			return nil
		}
		return e.Persistent.Unset
	}},
	"EQ_errorReason": {&errorReasons, func(e *Event) []string {
		if e.Error == nil {
			return nil
		}
		return one(e.Error.Reason)
	}},
	"EQ_correctiveEventID": {nil, func(e *Event) []string {
		if e.Error == nil {
			return nil
		}
		return e.Error.CorrectiveIDs
	}},
}

var timeFields = map[string]func(*Event) time.Time{
	"eventTime":  func(e *Event) time.Time { return e.Time },
	"recordTime": func(e *Event) time.Time { return e.RecordTime },
	"errorDeclaration_Time": func(e *Event) time.Time {
		if e.Error == nil {
			return time.Time{}
		}
		return e.Error.Time
	},
	"errorDeclarationTime": func(e *Event) time.Time {
		if e.Error == nil {
			return time.Time{}
		}
		return e.Error.Time
	},
}

func classes(lists ...[]Quantity) (out []string) {
	for _, list := range lists {
		for _, q := range list {
			out = append(out, q.Class)
		}
	}
	return out
}

var matchFields = map[string]func(*Event) []string{
	"epc":            func(e *Event) []string { return slices.Concat(e.EPCs, e.ChildEPCs) },
	"parentID":       func(e *Event) []string { return one(e.ParentID) },
	"inputEPC":       func(e *Event) []string { return e.InputEPCs },
	"outputEPC":      func(e *Event) []string { return e.OutputEPCs },
	"epcClass":       func(e *Event) []string { return classes(e.Quantities, e.ChildQuantities) },
	"inputEPCClass":  func(e *Event) []string { return classes(e.InputQuantities) },
	"outputEPCClass": func(e *Event) []string { return classes(e.OutputQuantities) },
	"anyEPC": func(e *Event) []string {
		return slices.Concat(e.EPCs, e.ChildEPCs, e.InputEPCs, e.OutputEPCs, one(e.ParentID))
	},
	"anyEPCClass": func(e *Event) []string {
		return classes(e.Quantities, e.ChildQuantities, e.InputQuantities, e.OutputQuantities)
	},
}

var typedFields = map[string]struct {
	vocabulary *vocabulary
	of         func(*Event) []Typed
}{
	"bizTransaction": {&transactionTypes, func(e *Event) []Typed { return e.BizTransactions }},
	"source":         {&partyTypes, func(e *Event) []Typed { return e.Sources }},
	"destination":    {&partyTypes, func(e *Event) []Typed { return e.Destinations }},
}

// compares are the operators on the outcome of a comparison.
var compares = map[string]func(int) bool{
	"EQ": func(c int) bool { return c == 0 }, "GT": func(c int) bool { return c > 0 }, "GE": func(c int) bool { return c >= 0 },
	"LT": func(c int) bool { return c < 0 }, "LE": func(c int) bool { return c <= 0 },
}

func overlap(has, wanted []string) bool {
	return slices.ContainsFunc(has, func(s string) bool { return slices.Contains(wanted, s) })
}

// normal is the normal form of an identifier, or what it is if it has none.
func normal(s string) string {
	if n, ok := Normalize(s); ok {
		return n
	}
	return s
}

func normalized(list []string) []string {
	out := make([]string, len(list))
	for i, s := range list {
		out[i] = normal(s)
	}
	return out
}

// within tells whether a location is one of the wanted or a part of one: the
// same GLN with an extension. Other hierarchies are master data, which events do
// not carry.
func within(id string, wanted []string) bool {
	id = normal(id)
	return slices.ContainsFunc(wanted, func(w string) bool {
		w = normal(w)
		return id == w || strings.HasPrefix(id, w+"/")
	})
}

// matchEPC compares identifiers in normal form. A pattern of URNs may have stars
// for all that is open: urn:epc:idpat:sgtin:4012345.*.*.
func matchEPC(pattern, id string) bool {
	rest, ok := strings.CutPrefix(pattern, "urn:epc:idpat:")
	if !ok {
		return normal(pattern) == normal(id)
	}
	if class, ok := Normalize(pattern); ok {
		n := normal(id)
		// Serial numbers of some keys follow without a slash.
		return n == class || strings.HasPrefix(n, class+"/") || strings.HasPrefix(n, class) && joinedKey(class)
	}
	_, urn, ok := strings.Cut(strings.TrimPrefix(id, "urn:epc:"), ":")
	want, got := strings.Split(rest, "."), strings.Split(urn, ".")
	if !ok || len(want) != len(got) {
		return false
	}
	for i := range want {
		if want[i] != "*" && want[i] != got[i] {
			return false
		}
	}
	return true
}

func joinedKey(uri string) bool {
	for _, key := range []string{"/253/", "/255/", "/8003/"} {
		if strings.Contains(uri, key) {
			return true
		}
	}
	return false
}
