package domain

// Grant lets a person act in a role within an area (and everything below it).
type Grant struct {
	Role  string `json:"role"`
	Area  string `json:"area"` // "" = everywhere
	From  Date   `json:"from,omitempty"`
	Until Date   `json:"until,omitempty"` // last day
}

// Actor is who sends a command, as the door before us established it.
type Actor struct {
	ID     string  `json:"id"`
	Name   string  `json:"name,omitempty"`
	Organ  string  `json:"organ,omitempty"`
	Grants []Grant `json:"grants,omitempty"`
	System bool    `json:"-"` // the platform itself; set in code only
}

// System is the platform acting under its own rules.
func System(name string) Actor { return Actor{ID: "system:" + name, System: true} }

// Holds reports whether a grant covers role, area and day.
func (a Actor) Holds(role, area string, on Date) bool {
	for _, g := range a.Grants {
		if g.Role == role && Within(area, g.Area) &&
			(g.From == "" || g.From <= on) && (g.Until == "" || on <= g.Until) {
			return true
		}
	}
	return false
}

// Within reports whether area code a lies in area b. Codes nest by prefix:
// 3309 00 (city) > 330902 (county) > 330902001 (town) > 330902001003 (village).
func Within(a, b string) bool {
	b = TrimArea(b)
	return len(a) >= len(b) && a[:len(b)] == b
}

// TrimArea cuts the zeros that pad a province or city code, so that it becomes
// the prefix of everything below it.
func TrimArea(code string) string {
	if len(code) == 6 && code[4:] == "00" {
		code = code[:4]
		if code[2:] == "00" {
			code = code[:2]
		}
	}
	return code
}

// Command asks for one action on one record.
type Command struct {
	Kind      string            // record kind; needed when the action opens a record
	Action    string            // name within the kind, or correct, void, merge, erase …
	Record    Ref               // zero when the action opens a record
	Home      int               // home of a record to be opened
	Of        Ref               // subject of a case to be opened
	Parent    Ref               // record that opens this one
	Area      string            // where it is, when the action sets it
	Input     map[string]any    // form values
	Carry     map[string]string // sealed fields of a record to be opened ← those of its parent
	On        Date              // effective date; "" = today
	Actor     Actor
	Organ     string // acting organ; "" = the actor's
	Key       string // idempotency key; "" = none
	Seq       int    // version the caller saw; 0 = any
	Batch     string
	Cause     string
	Reason    string
	Approver  string
	Alias     map[string]string // outside numbers of a mirror case
	Opening   bool              // opening balance of an import
	Depth     int               // how many rules led here; bounded
	NotBefore bool              // date it no earlier than the record's last step; for lapses and orders between homes
	NewID     string            `json:"-"` // id of the record to be opened, when an order fixed it
}

// Receipt answers a command: the events written and the record afterwards.
type Receipt struct {
	Events []Event
	Record *Record
	Again  bool // the key was used before with the same body; nothing new was done
}
