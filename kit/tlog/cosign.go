package tlog

import (
	"crypto/ed25519"
	"crypto/sha256"
	"encoding/base64"
	"encoding/binary"
	"encoding/hex"
	"fmt"
	"strings"
	"time"
	"unicode"

	"golang.org/x/mod/sumdb/note"
)

// Signature types of C2SP signed-note.
const (
	typeEd25519     = 0x01
	typeCosignature = 0x04
)

// A Witness is the public key of one who cosigns checkpoints with a time, C2SP
// tlog-cosignature with Ed25519. It is a note.Verifier.
type Witness struct {
	name string
	id   uint32
	key  ed25519.PublicKey
}

var _ note.Verifier = (*Witness)(nil)

// ParseWitness reads a verifier key, "name+id+base64" with signature type 0x04.
func ParseWitness(vkey string) (*Witness, error) {
	kind, name, id, key, err := parseKey(vkey)
	if err != nil {
		return nil, err
	}
	if kind != typeCosignature {
		return nil, fail("key", "unknown")
	}
	return &Witness{name, id, key}, nil
}

// parseKey takes apart a verifier key of an Ed25519 type.
func parseKey(vkey string) (kind byte, name string, id uint32, key ed25519.PublicKey, err error) {
	name, rest, _ := strings.Cut(vkey, "+")
	hexID, b64, ok := strings.Cut(rest, "+")
	raw, err1 := base64.StdEncoding.Strict().DecodeString(b64)
	rawID, err2 := hex.DecodeString(hexID)
	if !ok || err1 != nil || err2 != nil || len(rawID) != 4 || !validName(name) || len(raw) != 1+ed25519.PublicKeySize {
		return 0, "", 0, nil, fail("key", "syntax")
	}
	id = binary.BigEndian.Uint32(rawID)
	if id != keyID(name, raw) {
		return 0, "", 0, nil, fail("key", "mismatch")
	}
	return raw[0], name, id, raw[1:], nil
}

func validName(s string) bool {
	return s != "" && !strings.Contains(s, "+") && !strings.ContainsFunc(s, unicode.IsSpace)
}

func keyID(name string, raw []byte) uint32 {
	h := sha256.Sum256(append([]byte(name+"\n"), raw...))
	return binary.BigEndian.Uint32(h[:])
}

// Name is the witness's name in signature lines.
func (w *Witness) Name() string { return w.name }

// KeyHash is the key ID in signature lines.
func (w *Witness) KeyHash() uint32 { return w.id }

// String returns the verifier key.
func (w *Witness) String() string { return vkey(typeCosignature, w.name, w.key) }

func vkey(kind byte, name string, key ed25519.PublicKey) string {
	raw := append([]byte{kind}, key...)
	return fmt.Sprintf("%s+%08x+%s", name, keyID(name, raw), base64.StdEncoding.EncodeToString(raw))
}

// Verify checks a cosignature over a checkpoint's text.
func (w *Witness) Verify(text, sig []byte) bool {
	t, ok := cosignedAt(sig)
	return ok && ed25519.Verify(w.key, cosigned(t, text), sig[8:])
}

// maxTime is the end of the year 9999. Later seconds overflow time.Time.
const maxTime = 253402300799

// cosignedAt reads the time in front of a cosignature, Unix seconds.
func cosignedAt(sig []byte) (int64, bool) {
	if len(sig) != 8+ed25519.SignatureSize {
		return 0, false
	}
	t := binary.BigEndian.Uint64(sig)
	return int64(t), t <= maxTime
}

func cosigned(t int64, text []byte) []byte {
	return append(fmt.Appendf(nil, "cosignature/v1\ntime %d\n", t), text...)
}

// A Cosigner signs checkpoints as a witness. It is a note.Signer.
type Cosigner struct {
	Witness
	key ed25519.PrivateKey
	now func() time.Time
}

var _ note.Signer = (*Cosigner)(nil)

// NewCosigner makes a witness of a key that is used for nothing else; the
// message does not name the witness. now is the clock the cosignatures tell.
func NewCosigner(name string, key ed25519.PrivateKey, now func() time.Time) (*Cosigner, error) {
	if !validName(name) || len(key) != ed25519.PrivateKeySize {
		return nil, fail("key", "syntax")
	}
	public := key.Public().(ed25519.PublicKey)
	return &Cosigner{Witness{name, keyID(name, append([]byte{typeCosignature}, public...)), public}, key, now}, nil
}

// Sign cosigns a checkpoint's text as of now.
func (c *Cosigner) Sign(text []byte) ([]byte, error) {
	t := c.now().Unix()
	if t < 0 {
		return nil, fail("cosignature", "range")
	}
	return append(binary.BigEndian.AppendUint64(nil, uint64(t)), ed25519.Sign(c.key, cosigned(t, text))...), nil
}
