package webhook

import (
	"crypto/ed25519"
	"crypto/hmac"
	"crypto/rand"
	"crypto/sha256"
	"encoding/base64"
	"strings"
	"time"
)

const (
	versionHMAC    = "v1"
	versionEd25519 = "v1a"

	prefixSecret  = "whsec_"
	prefixPrivate = "whsk_"
	prefixPublic  = "whpk_"
)

// Sizes of a shared secret in bytes, as the standard bounds them.
const (
	MinSecret = 24
	MaxSecret = 64
)

var encoding = base64.StdEncoding.Strict()

// decode reads base64 of which there is one text only: no line breaks, which
// the decoder would skip, and no stray bits.
func decode(s string) ([]byte, error) {
	if i := strings.IndexAny(s, "\r\n"); i >= 0 {
		return nil, base64.CorruptInputError(i)
	}
	return encoding.DecodeString(s)
}

// Key is a key of either kind. The zero Key neither signs nor verifies. Printed
// with fmt it shows its kind only; Reveal gives the key itself.
type Key struct {
	secret  []byte
	private ed25519.PrivateKey
	public  ed25519.PublicKey
}

// NewSecret makes a shared secret of 32 random bytes.
func NewSecret() Key {
	b := make([]byte, 32)
	_, _ = rand.Read(b) // never fails
	return Key{secret: b}
}

// NewPair makes a signing key; Public gives what its receivers get.
func NewPair() Key {
	seed := make([]byte, ed25519.SeedSize)
	_, _ = rand.Read(seed)
	return pair(seed)
}

func pair(seed []byte) Key {
	k := ed25519.NewKeyFromSeed(seed)
	return Key{private: k, public: k.Public().(ed25519.PublicKey)}
}

// ParseKey reads whsec_, whsk_ or whpk_ and base64. A text without prefix is a
// shared secret, as older senders give it. whsk_ may hold the seed alone or
// seed and public key.
func ParseKey(s string) (Key, error) {
	prefix, text := prefixSecret, s
	for _, p := range [...]string{prefixSecret, prefixPrivate, prefixPublic} {
		if rest, ok := strings.CutPrefix(s, p); ok {
			prefix, text = p, rest
		}
	}
	b, err := decode(text)
	if err != nil {
		pos := len(s)
		if at, ok := err.(base64.CorruptInputError); ok {
			pos = len(s) - len(text) + int(at) + 1
		}
		return Key{}, bad("key", pos, ReasonForm)
	}
	return keyOf(prefix, b)
}

func keyOf(prefix string, b []byte) (Key, error) {
	n := len(b)
	switch {
	case prefix == prefixSecret && n >= MinSecret && n <= MaxSecret:
		return Key{secret: b}, nil
	case prefix == prefixPrivate && n == ed25519.SeedSize:
		return pair(b), nil
	case prefix == prefixPrivate && n == ed25519.PrivateKeySize:
		k := pair(b[:ed25519.SeedSize])
		if !k.public.Equal(ed25519.PublicKey(b[ed25519.SeedSize:])) {
			return Key{}, bad("key", 0, ReasonMismatch)
		}
		return k, nil
	case prefix == prefixPublic && n == ed25519.PublicKeySize:
		return Key{public: b}, nil
	}
	return Key{}, bad("key", 0, ReasonLength)
}

// Public returns the key that only verifies; of a shared secret there is none,
// and the zero Key comes back.
func (k Key) Public() Key { return Key{public: k.public} }

// Reveal writes the key as text that ParseKey reads. Keep it out of logs.
func (k Key) Reveal() string {
	switch {
	case k.secret != nil:
		return prefixSecret + encoding.EncodeToString(k.secret)
	case k.private != nil:
		return prefixPrivate + encoding.EncodeToString(k.private.Seed())
	case k.public != nil:
		return prefixPublic + encoding.EncodeToString(k.public)
	}
	return ""
}

// String says what kind of key it is.
func (k Key) String() string {
	switch {
	case k.secret != nil:
		return prefixSecret + "***"
	case k.private != nil:
		return prefixPrivate + "***"
	}
	return k.Reveal()
}

// GoString keeps %#v from showing the key.
func (k Key) GoString() string { return "webhook.Key(" + k.String() + ")" }

func (k Key) version() string {
	if k.secret != nil {
		return versionHMAC
	}
	return versionEd25519
}

// sign returns nil if the key cannot sign.
func (k Key) sign(content []byte) []byte {
	switch {
	case k.secret != nil:
		h := hmac.New(sha256.New, k.secret)
		h.Write(content)
		return h.Sum(nil)
	case k.private != nil:
		return ed25519.Sign(k.private, content)
	}
	return nil
}

func (k Key) verify(content, sig []byte) bool {
	if k.secret != nil {
		return hmac.Equal(k.sign(content), sig)
	}
	return len(k.public) == ed25519.PublicKeySize && ed25519.Verify(k.public, content, sig)
}

// Ring is the keys of one subscription, the newest first.
type Ring []Dated

// Dated is a key and the time at which it stops to count; zero is never.
type Dated struct {
	Key   Key
	Until time.Time
}

func (d Dated) inForce(t time.Time) bool { return d.Until.IsZero() || t.Before(d.Until) }

// Rotate puts a new key in front. The keys before it sign and verify for the
// overlap only, so that receivers can take over the new one meanwhile; keys that
// have ended are dropped. The ring itself is unchanged.
func (r Ring) Rotate(k Key, now time.Time, overlap time.Duration) Ring {
	end := now.Add(overlap)
	out := Ring{{Key: k}}
	for _, d := range r {
		if d.Until.IsZero() || d.Until.After(end) {
			d.Until = end
		}
		if d.inForce(now) {
			out = append(out, d)
		}
	}
	return out
}
