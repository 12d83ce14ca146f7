package epcis

import (
	"slices"
	"strings"
)

// vocabulary is one of the controlled vocabularies of CBV 2.0.
type vocabulary struct {
	urn   string   // of CBV 1: urn:epcglobal:cbv:bizstep:
	web   string   // of CBV 2
	terms []string // nil: open, any term goes
}

const (
	cbvSpace = "https://ref.gs1.org/cbv/"
	gs1Space = "https://gs1.org/voc/"
	cbvURN   = "urn:epcglobal:cbv:"
	mdaSpace = "urn:epcglobal:cbv:mda"
)

var (
	bizSteps = vocabulary{cbvURN + "bizstep:", cbvSpace + "BizStep-", strings.Fields(`accepting arriving assembling
		collecting commissioning consigning creating_class_instance cycle_counting decommissioning departing
		destroying disassembling dispensing encoding entering_exiting holding inspecting installing killing loading
		other packing picking receiving removing repackaging repairing replacing reserving retail_selling sampling
		sensor_reporting shipping staging_outbound stock_taking stocking storing transporting unloading unpacking
		void_shipping`)}
	dispositions = vocabulary{cbvURN + "disp:", cbvSpace + "Disp-", strings.Fields(`active available
		completeness_inferred completeness_verified conformant container_closed container_open damaged destroyed
		dispensed disposed encoded expired in_progress in_transit inactive mismatch_class mismatch_instance
		mismatch_quantity needs_replacement no_pedigree_match non_conformant non_sellable_damaged
		non_sellable_disposed non_sellable_expired non_sellable_no_pedigree_match non_sellable_other
		non_sellable_recalled partially_dispensed recalled reserved retail_sold returned sellable_accessible
		sellable_not_accessible stolen unavailable unknown`)}
	transactionTypes = vocabulary{cbvURN + "btt:", cbvSpace + "BTT-", strings.Fields(`bol cert desadv inv pedigree po
		poc prodorder recadv rma testprd testres upevt`)}
	partyTypes   = vocabulary{cbvURN + "sdt:", cbvSpace + "SDT-", strings.Fields(`location owning_party possessing_party`)}
	errorReasons = vocabulary{cbvURN + "er:", cbvSpace + "ER-", strings.Fields(`did_not_occur incorrect_data`)}
	components   = vocabulary{cbvURN + "comp:", cbvSpace + "Comp-", nil}
	measurements = vocabulary{"urn:gs1:voc:", gs1Space, nil} // sensor properties and exceptions
)

// expand turns a term as documents have it into a full web address: a bare word,
// a URN of CBV 1, or cbv: and gs1: abbreviations. Other addresses stay. It is
// false for a term that claims to be of the vocabulary and is not.
func (v *vocabulary) expand(s string) (string, bool) {
	switch {
	case s == "":
		return "", true
	case strings.HasPrefix(s, v.urn):
		s = v.web + s[len(v.urn):]
	case strings.HasPrefix(s, "cbv:"):
		s = cbvSpace + s[len("cbv:"):]
	case strings.HasPrefix(s, "gs1:"):
		s = gs1Space + s[len("gs1:"):]
	case !strings.Contains(s, ":"):
		s = v.web + s
	}
	term, own := strings.CutPrefix(s, v.web)
	return s, !own || v.terms == nil || slices.Contains(v.terms, term)
}

// compact is the bare word of a term, or the term itself when it is not of the
// vocabulary.
func (v *vocabulary) compact(s string) string {
	term, own := strings.CutPrefix(s, v.web)
	if own && term != "" && !strings.ContainsAny(term, ":/") {
		return term
	}
	return s
}

// chemicals are identified by web addresses since CBV 2.
var chemicals = vocabulary{cbvURN + "inchikey:", "https://identifiers.org/inchikey:", nil}

// sensorVocabularies are those of sensor report members.
var sensorVocabularies = map[string]*vocabulary{
	"type": &measurements, "exception": &measurements, "component": &components,
}

// expandSensor expands a member of sensor data.
func expandSensor(name, s string) string {
	if v := sensorVocabularies[name]; v != nil {
		s, _ = v.expand(s)
		return s
	}
	if rest, ok := strings.CutPrefix(s, chemicals.urn); ok && name == "chemicalSubstance" {
		return chemicals.web + rest
	}
	return s
}

// knownContexts are the addresses under which the EPCIS context was published.
// Its terms are the tables of this package; the documents at these addresses are
// never read.
var knownContexts = []string{
	"https://ref.gs1.org/standards/epcis/epcis-context.jsonld",
	"https://ref.gs1.org/standards/epcis/2.0.0/epcis-context.jsonld",
	"https://ref.gs1.org/standards/epcis/2.0.1/epcis-context.jsonld",
	"https://gs1.github.io/EPCIS/epcis-context.jsonld",
}

// builtin are the prefixes that the EPCIS context declares. Documents may
// declare them again, with another meaning.
var builtin = map[string]string{"cbvmda": mdaSpace, "cbv": cbvSpace, "gs1": gs1Space, "rdfs": rdfsSpace}

const rdfsSpace = "http://www.w3.org/2000/01/rdf-schema#"
