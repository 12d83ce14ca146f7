package epcis

import (
	"slices"
	"strings"
)

// sequence is the order of the members of an event in the XML schema of
// EPCIS 2.0.
func sequence(own string) []string {
	const head = "eventTime recordTime eventTimeZoneOffset eventID errorDeclaration certificationInfo "
	return strings.Fields(head + own)
}

var members = map[EventType][]string{
	ObjectEvent: sequence("epcList action bizStep disposition readPoint bizLocation bizTransactionList quantityList " +
		"sourceList destinationList sensorElementList persistentDisposition ilmd"),
	AggregationEvent: sequence("parentID childEPCs action bizStep disposition readPoint bizLocation bizTransactionList " +
		"childQuantityList sourceList destinationList sensorElementList persistentDisposition"),
	TransactionEvent: sequence("bizTransactionList parentID epcList action bizStep disposition readPoint bizLocation " +
		"quantityList sourceList destinationList sensorElementList persistentDisposition"),
	TransformationEvent: sequence("inputEPCList inputQuantityList outputEPCList outputQuantityList transformationID " +
		"bizStep disposition readPoint bizLocation bizTransactionList sourceList destinationList sensorElementList " +
		"persistentDisposition ilmd"),
	AssociationEvent: sequence("parentID childEPCs childQuantityList action bizStep disposition readPoint bizLocation " +
		"bizTransactionList sourceList destinationList sensorElementList persistentDisposition"),
}

// itemNames are the elements that lists of XML have and arrays of JSON leave out.
var itemNames = map[string]string{
	"epcList": "epc", "childEPCs": "epc", "inputEPCList": "epc", "outputEPCList": "epc",
	"quantityList": "quantityElement", "childQuantityList": "quantityElement",
	"inputQuantityList": "quantityElement", "outputQuantityList": "quantityElement",
	"bizTransactionList": "bizTransaction", "sourceList": "source", "destinationList": "destination",
	"sensorElementList": "sensorElement", "correctiveEventIDs": "correctiveEventID",
}

// What objects may have, in the order that hash IDs want. Reports may have
// bizRules too, which hash IDs treat as out of place.
var (
	metadataMembers = strings.Fields("time startTime endTime deviceID deviceMetadata rawData dataProcessingMethod bizRules")
	reportMembers   = strings.Fields("type exception deviceID deviceMetadata rawData dataProcessingMethod time microorganism " +
		"chemicalSubstance value component stringValue booleanValue hexBinaryValue uriValue minValue maxValue meanValue sDev " +
		"percRank percValue uom coordinateReferenceSystem")
	reportAllowed   = slices.Concat(reportMembers, []string{"bizRules"})
	quantityMembers = strings.Fields("epcClass quantity uom")
)

// numeric and times are the members of sensor data with other JSON types.
var (
	numeric = map[string]bool{"value": true, "minValue": true, "maxValue": true, "meanValue": true, "sDev": true,
		"percRank": true, "percValue": true, "quantity": true}
	times = map[string]bool{"time": true, "startTime": true, "endTime": true, "eventTime": true, "recordTime": true,
		"declarationTime": true}
)
