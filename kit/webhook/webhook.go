// Package webhook signs and verifies messages by Standard Webhooks 1.0
// (standardwebhooks.com): three headers, webhook-id, webhook-timestamp and
// webhook-signature, over the exact bytes of the body.
//
// Both kinds of signature are here: v1, HMAC-SHA-256 under a shared secret
// (whsec_), and v1a, Ed25519 (whsk_ signs, whpk_ verifies), for receivers who
// should not be able to sign. A [Ring] holds the keys of one subscription, so
// that a key can be rotated without losing a message. A [Receiver] adds what a
// server needs: a bounded body, the window of time and a memory of what it has
// seen.
package webhook

import (
	"fmt"
	"net/http"
	"strconv"
	"strings"
	"time"
)

// Header names.
const (
	HeaderID        = "webhook-id"
	HeaderTimestamp = "webhook-timestamp"
	HeaderSignature = "webhook-signature"
)

// Tolerance is how far the clocks of sender and receiver may be apart.
const Tolerance = 5 * time.Minute

// Reason says what is wrong, as a stable code.
type Reason string

const (
	ReasonMissing  Reason = "missing"  // header absent or empty
	ReasonForm     Reason = "form"     // not written as the standard wants
	ReasonTooOld   Reason = "too_old"  // sent before the window
	ReasonTooNew   Reason = "too_new"  // sent after the window
	ReasonMismatch Reason = "mismatch" // no signature fits a key in force
	ReasonTooLarge Reason = "too_large"
	ReasonRepeated Reason = "repeated" // seen before: answer it as a success
	ReasonLength   Reason = "length"   // key too short or too long
	ReasonNoKey    Reason = "no_key"   // no key in force can do this
)

// Error tells where and why a message or key is refused. It never holds key or
// signature, so that it may be logged.
type Error struct {
	Field  string // header name, "body" or "key"
	Pos    int    // byte counted from 1; 0 means the whole
	Reason Reason
}

func (e *Error) Error() string {
	return fmt.Sprintf("webhook: %s: bad %s at %d", e.Field, e.Reason, e.Pos)
}

func bad(field string, pos int, r Reason) error { return &Error{field, pos, r} }

// Message is what a signature covers.
type Message struct {
	ID   string // the same at every retry; printable ASCII without dot or blank
	Time time.Time
	Body []byte
}

// maxID bounds identifiers, which receivers keep.
const maxID = 256

// checkID refuses a dot: signed as id.time.body, it would let the same
// signature stand for another split of the three.
func checkID(id string) error {
	switch {
	case id == "":
		return bad(HeaderID, 0, ReasonMissing)
	case len(id) > maxID:
		return bad(HeaderID, maxID+1, ReasonTooLarge)
	}
	for i := range len(id) {
		if c := id[i]; c <= ' ' || c >= 0x7f || c == '.' {
			return bad(HeaderID, i+1, ReasonForm)
		}
	}
	return nil
}

// content is the signed text.
func (m Message) content() []byte {
	b := make([]byte, 0, len(m.ID)+len(m.Body)+16)
	b = append(append(b, m.ID...), '.')
	b = append(strconv.AppendInt(b, m.Time.Unix(), 10), '.')
	return append(b, m.Body...)
}

// Header returns the three headers of the message, signed by every key of the
// ring that is in force at its time and can sign.
func (r Ring) Header(m Message) (http.Header, error) {
	sig, err := r.Sign(m)
	if err != nil {
		return nil, err
	}
	h := http.Header{}
	h.Set(HeaderID, m.ID)
	h.Set(HeaderTimestamp, strconv.FormatInt(m.Time.Unix(), 10))
	h.Set(HeaderSignature, sig)
	return h, nil
}

// Sign returns the value of webhook-signature, newest key first.
func (r Ring) Sign(m Message) (string, error) {
	if err := checkID(m.ID); err != nil {
		return "", err
	}
	if m.Time.Unix() <= 0 {
		return "", bad(HeaderTimestamp, 0, ReasonForm)
	}
	content := m.content()
	var out []string
	for _, k := range r {
		if s := k.Key.sign(content); s != nil && k.inForce(m.Time) {
			out = append(out, k.Key.version()+","+encoding.EncodeToString(s))
		}
	}
	if len(out) == 0 {
		return "", bad("key", 0, ReasonNoKey)
	}
	return strings.Join(out, " "), nil
}

// Verify checks the headers of a message received at now. The time of the
// message must lie within [Tolerance] of now and one of its signatures must be
// by a key in force at now. Signatures of unknown versions are passed over, as
// the standard wants. On error the message is empty.
func (r Ring) Verify(h http.Header, body []byte, now time.Time) (Message, error) {
	for _, name := range [...]string{HeaderID, HeaderTimestamp, HeaderSignature} {
		if len(h.Values(name)) > 1 { // which one would the next reader take?
			return Message{}, bad(name, 0, ReasonForm)
		}
	}
	m := Message{ID: h.Get(HeaderID), Body: body}
	if err := checkID(m.ID); err != nil {
		return Message{}, err
	}
	var err error
	if m.Time, err = parseTime(h.Get(HeaderTimestamp)); err != nil {
		return Message{}, err
	}
	switch age := now.Unix() - m.Time.Unix(); {
	case age > int64(Tolerance/time.Second):
		return Message{}, bad(HeaderTimestamp, 0, ReasonTooOld)
	case age < -int64(Tolerance/time.Second):
		return Message{}, bad(HeaderTimestamp, 0, ReasonTooNew)
	}
	if err := r.check(m, h.Get(HeaderSignature), now); err != nil {
		return Message{}, err
	}
	return m, nil
}

// parseTime reads seconds since 1970 in their one shortest form.
func parseTime(s string) (time.Time, error) {
	if s == "" {
		return time.Time{}, bad(HeaderTimestamp, 0, ReasonMissing)
	}
	for i := range len(s) {
		if s[i] < '0' || s[i] > '9' || s[0] == '0' {
			return time.Time{}, bad(HeaderTimestamp, i+1, ReasonForm)
		}
	}
	if len(s) > 12 {
		return time.Time{}, bad(HeaderTimestamp, 13, ReasonForm)
	}
	n, err := strconv.ParseInt(s, 10, 64)
	if err != nil {
		return time.Time{}, bad(HeaderTimestamp, 0, ReasonForm)
	}
	return time.Unix(n, 0).UTC(), nil
}

// maxSignatures bounds the work that one header can ask for.
const maxSignatures = 16

func (r Ring) check(m Message, header string, now time.Time) error {
	if header == "" {
		return bad(HeaderSignature, 0, ReasonMissing)
	}
	var content []byte
	candidates := strings.SplitN(header, " ", maxSignatures+1)
	for i, c := range candidates {
		version, text, _ := strings.Cut(c, ",")
		if i == maxSignatures || version != versionHMAC && version != versionEd25519 {
			continue
		}
		sig, err := decode(text)
		if err != nil {
			continue // another signature may still fit
		}
		if content == nil {
			content = m.content()
		}
		for _, k := range r {
			if k.inForce(now) && k.Key.version() == version && k.Key.verify(content, sig) {
				return nil
			}
		}
	}
	return bad(HeaderSignature, 0, ReasonMismatch)
}
