package epcis

import "time"

// EventType is one of the five kinds of events.
type EventType string

const (
	ObjectEvent         EventType = "ObjectEvent"
	AggregationEvent    EventType = "AggregationEvent"
	TransactionEvent    EventType = "TransactionEvent"
	TransformationEvent EventType = "TransformationEvent"
	AssociationEvent    EventType = "AssociationEvent"
)

// Action says how an event relates to the life of its objects.
type Action string

const (
	Add     Action = "ADD"
	Observe Action = "OBSERVE"
	Delete  Action = "DELETE"
)

// Event is an EPCIS event. Vocabulary values of CBV are full web addresses,
// https://ref.gs1.org/cbv/BizStep-shipping, whatever the document had.
// Identifiers stay as they were; [Normalize] makes them comparable.
type Event struct {
	Type           EventType
	ID             string // eventID
	Time           time.Time
	RecordTime     time.Time // when a repository took it; zero if absent
	TimeZoneOffset string    // "+08:00", that of the place
	Error          *ErrorDeclaration

	CertificationInfo []string

	EPCs, ChildEPCs, InputEPCs, OutputEPCs                         []string
	Quantities, ChildQuantities, InputQuantities, OutputQuantities []Quantity
	ParentID, TransformationID                                     string

	Action               Action // not of transformations
	BizStep, Disposition string
	Persistent           *PersistentDisposition
	ReadPoint            *Place
	BizLocation          *Place

	BizTransactions       []Typed
	Sources, Destinations []Typed
	Sensors               []SensorElement
	ILMD                  []Node // instance or lot master data
	Extensions            []Node
}

// ErrorDeclaration says that an event was wrong. EPCIS never deletes.
type ErrorDeclaration struct {
	Time          time.Time
	Reason        string
	CorrectiveIDs []string
	Extensions    []Node
}

// Quantity is so much of a class of objects.
type Quantity struct {
	Class      string   // EPC class: GTIN, or GTIN with batch
	Quantity   *float64 // nil when unknown
	Unit       string   // UN/CEFACT Rec. 20 code; empty means pieces
	Extensions []Node
}

// PersistentDisposition are conditions that last until unset.
type PersistentDisposition struct{ Set, Unset []string }

// Place is a read point or business location.
type Place struct {
	ID         string
	Extensions []Node
}

// Typed is a business transaction, source or destination.
type Typed struct{ Type, ID string }

// SensorElement is what sensors reported together.
type SensorElement struct {
	// Metadata holds when and by which device; nil if absent.
	Metadata   *SensorData
	Reports    []SensorData
	Extensions []Node
}

// SensorData is sensor metadata or one report: values by the names that EPCIS
// gives them, such as type, value and uom, in its order.
type SensorData struct {
	Values     []Node
	Extensions []Node
}

// Value returns a value by its name, "" when it is absent.
func (d *SensorData) Value(name string) string {
	for i := range d.Values {
		if d.Values[i].Name.Local == name {
			return d.Values[i].Text
		}
	}
	return ""
}

// Document is what events travel in.
type Document struct {
	Type               DocumentType
	ID                 string // of JSON documents
	SchemaVersion      string
	Created            time.Time
	Sender             string
	Receiver           string
	InstanceIdentifier string
	QueryName          string // of query results
	SubscriptionID     string
	Prefixes           []Prefix // of extensions
	Events             []Event

	ignored []Name // extensions that hash IDs leave out, as the document says
}

// DocumentType is what a document is.
type DocumentType string

const (
	EventDocument DocumentType = "EPCISDocument"
	QueryDocument DocumentType = "EPCISQueryDocument"
	BareEvent     DocumentType = "" // an event that stands by itself
)

// Prefix abbreviates a namespace.
type Prefix struct{ Prefix, Space string }
