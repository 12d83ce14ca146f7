package engine

import (
	"context"
	"crypto/aes"
	"crypto/cipher"
	"crypto/hmac"
	"crypto/rand"
	"crypto/sha256"
	"encoding/base64"
	"encoding/hex"
	"encoding/json"
	"strings"

	"github.com/dinghai/dinghai/catalogue"
	"github.com/dinghai/dinghai/domain"
)

// sealMark begins every sealed value: version, then base64 of nonce and
// AES-256-GCM ciphertext of the JSON value, bound to record and field.
const sealMark = "sealed:1:"

// IsSealed reports whether a stored value is encrypted.
func IsSealed(v any) bool {
	s, ok := v.(string)
	return ok && strings.HasPrefix(s, sealMark)
}

// seal encrypts a value under the key of the record's person, making the key
// when the record has none, and notes the blind index.
func (s *step) seal(f *catalogue.Field, v any) (any, error) {
	if s.e.vault == nil {
		return nil, domain.Fail(domain.Unavailable, f.Field, "vault", "密钥库未启用，不能保存个人信息", "no key store is configured; personal data cannot be kept")
	}
	id := s.rec.Ref.String()
	key := s.d.newKey(id)
	if named := s.prior != nil || s.cmd.NewID != ""; key == nil && named { // else the id is as new as the record
		var err error
		if key, err = s.e.vault.Key(s.ctx, id); err != nil {
			return nil, err
		}
	}
	if key == nil {
		if s.rec.Erased {
			return nil, domain.Fail(domain.Refused, f.Field, "erased", "该记录的个人信息已依法删除，不能再写入", "the personal data of this record was erased; none can be added")
		}
		key = make([]byte, 32)
		if _, err := rand.Read(key); err != nil {
			return nil, domain.Wrap(domain.Internal, err)
		}
		s.d.sealed[id] = key
	}
	if t, ok := v.(string); ok && f.Blind {
		s.ev.Changes.Blind = append(s.ev.Changes.Blind, domain.Blind{Field: f.Field, Hash: s.e.BlindHash(f.Field, t)})
	}
	return sealValue(key, id+"/"+f.Field, v)
}

// newKey finds a key made in this transaction or in the one in flight: those
// are not in the vault yet.
func (d *draft) newKey(id string) []byte {
	for _, o := range []*overlay{d.overlay, d.base, d.base.ahead} {
		if o != nil && o.sealed[id] != nil {
			return o.sealed[id]
		}
	}
	return nil
}

// BlindHash is the keyed hash by which a sealed value is found.
func (e *Engine) BlindHash(field, value string) string {
	h := hmac.New(sha256.New, e.vault.BlindKey())
	h.Write([]byte(field + "\x00" + value))
	return hex.EncodeToString(h.Sum(nil)[:20])
}

// Unseal decrypts a stored value. ok is false when the key was destroyed.
func (e *Engine) Unseal(ctx context.Context, ref domain.Ref, field string, v any) (value any, ok bool, err error) {
	t, _ := v.(string)
	if !IsSealed(v) {
		return v, true, nil
	}
	key, err := e.vault.Key(ctx, ref.String())
	if err != nil || key == nil {
		return nil, false, err
	}
	value, err = openValue(key, ref.String()+"/"+field, t)
	return value, err == nil, err
}

func openValue(key []byte, bound, t string) (value any, err error) {
	raw, err := base64.RawStdEncoding.DecodeString(t[len(sealMark):])
	if err != nil {
		return nil, domain.Wrap(domain.Internal, err)
	}
	gcm, err := gcmOf(key)
	if err != nil || len(raw) < gcm.NonceSize() {
		return nil, domain.Fail(domain.Internal, "", "sealed", "密文损坏", "the sealed value is damaged")
	}
	plain, err := gcm.Open(nil, raw[:gcm.NonceSize()], raw[gcm.NonceSize():], []byte(bound))
	if err != nil {
		return nil, domain.Wrap(domain.Internal, err)
	}
	return value, json.Unmarshal(plain, &value)
}

func sealValue(key []byte, bound string, v any) (string, error) {
	plain, err := json.Marshal(v)
	if err != nil {
		return "", domain.Wrap(domain.Internal, err)
	}
	gcm, err := gcmOf(key)
	if err != nil {
		return "", domain.Wrap(domain.Internal, err)
	}
	nonce := make([]byte, gcm.NonceSize(), gcm.NonceSize()+len(plain)+gcm.Overhead())
	if _, err := rand.Read(nonce); err != nil {
		return "", domain.Wrap(domain.Internal, err)
	}
	return sealMark + base64.RawStdEncoding.EncodeToString(gcm.Seal(nonce, nonce, plain, []byte(bound))), nil
}

func gcmOf(key []byte) (cipher.AEAD, error) {
	b, err := aes.NewCipher(key)
	if err != nil {
		return nil, err
	}
	return cipher.NewGCM(b)
}

// Lock encrypts a text under the platform's own key, bound to where it belongs:
// for what is kept beside records and is nobody's record (drafts, forms parked
// while a person signs in again).
func (e *Engine) Lock(bound, text string) (string, error) { return sealValue(e.ownKey(), bound, text) }

// Unlock opens what Lock made; ok is false when it was made elsewhere or changed.
func (e *Engine) Unlock(bound, locked string) (text string, ok bool) {
	if !IsSealed(locked) {
		return "", false
	}
	v, err := openValue(e.ownKey(), bound, locked)
	if err != nil {
		return "", false
	}
	text, ok = v.(string)
	return text, ok
}

func (e *Engine) ownKey() []byte {
	h := hmac.New(sha256.New, e.vault.BlindKey())
	h.Write([]byte("dinghai own key v1"))
	return h.Sum(nil)
}
