package entry

import (
	"context"
	"crypto/aes"
	"crypto/cipher"
	"encoding/binary"
	"encoding/json"
	"io"
	"sync"
)

// Vault keeps the openings of entries where they can be destroyed, backups
// included. Once erased, Get returns an Error with reason "erased" for ever.
type Vault interface {
	Put(ctx context.Context, index uint64, openings []Opening) error
	Get(ctx context.Context, index uint64) ([]Opening, error)
	Erase(ctx context.Context, index uint64) error
}

// KeySize is the size of the key of one record: AES-256.
const KeySize = 32

// Lock encrypts the openings of an entry under a key used for this record alone.
// Destroying the key, wherever it is wrapped, destroys every copy of the result.
func Lock(rand io.Reader, key []byte, index uint64, openings []Opening) ([]byte, error) {
	aead, err := aeadOf(key)
	if err != nil {
		return nil, err
	}
	plain, err := json.Marshal(openings)
	if err != nil {
		return nil, err
	}
	nonce := make([]byte, aead.NonceSize())
	if _, err := io.ReadFull(rand, nonce); err != nil {
		return nil, err
	}
	return aead.Seal(nonce, nonce, plain, indexBytes(index)), nil
}

// Unlock decrypts what Lock made for the same index.
func Unlock(key []byte, index uint64, locked []byte) ([]Opening, error) {
	aead, err := aeadOf(key)
	if err != nil {
		return nil, err
	}
	n := aead.NonceSize()
	if len(locked) < n {
		return nil, &Error{"value", -1, "length"}
	}
	plain, err := aead.Open(nil, locked[:n], locked[n:], indexBytes(index))
	if err != nil {
		return nil, &Error{"value", -1, "mismatch"}
	}
	var out []Opening
	return out, json.Unmarshal(plain, &out)
}

func indexBytes(i uint64) []byte { return binary.BigEndian.AppendUint64(nil, i) }

func aeadOf(key []byte) (cipher.AEAD, error) {
	if len(key) != KeySize {
		return nil, &Error{"key", -1, "length"}
	}
	block, err := aes.NewCipher(key)
	if err != nil {
		return nil, err
	}
	return cipher.NewGCM(block)
}

// Memory is a Vault in memory, for tests. It keeps what a database would:
// ciphertexts, and the keys apart from them.
type Memory struct {
	Rand   io.Reader // crypto/rand.Reader
	mu     sync.Mutex
	locked map[uint64][]byte
	keys   map[uint64][]byte // nil after erasure
}

var _ Vault = (*Memory)(nil)

// Put locks the openings under a new key. An entry has one set of openings.
func (m *Memory) Put(_ context.Context, index uint64, openings []Opening) error {
	m.mu.Lock()
	defer m.mu.Unlock()
	if _, twice := m.locked[index]; twice {
		return &Error{"entry", -1, "duplicate"}
	}
	key := make([]byte, KeySize)
	if _, err := io.ReadFull(m.Rand, key); err != nil {
		return err
	}
	locked, err := Lock(m.Rand, key, index, openings)
	if err != nil {
		return err
	}
	if m.locked == nil {
		m.locked, m.keys = map[uint64][]byte{}, map[uint64][]byte{}
	}
	m.locked[index], m.keys[index] = locked, key
	return nil
}

// Get returns the openings of an entry.
func (m *Memory) Get(_ context.Context, index uint64) ([]Opening, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	locked, ok := m.locked[index]
	if !ok {
		return nil, &Error{"entry", -1, "unknown"}
	}
	if m.keys[index] == nil {
		return nil, &Error{"entry", -1, "erased"}
	}
	return Unlock(m.keys[index], index, locked)
}

// Erase destroys the key of an entry.
func (m *Memory) Erase(_ context.Context, index uint64) error {
	m.mu.Lock()
	defer m.mu.Unlock()
	if _, ok := m.locked[index]; !ok {
		return &Error{"entry", -1, "unknown"}
	}
	clear(m.keys[index])
	m.keys[index] = nil
	return nil
}
