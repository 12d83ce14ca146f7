package access

import (
	"crypto/aes"
	"crypto/cipher"
	"crypto/rand"
	"encoding/base64"
	"encoding/json"
	"sync"
	"time"
)

// What must be remembered between two requests of one sign-in (a challenge, a
// state, a nonce) travels in a sealed cookie: nothing is kept for requests that
// never come back, so nobody can fill our memory with them. A flow that
// succeeded is noted until it would have expired, so that it succeeds once.

// flowTime is how long a sign-in may take between its two requests.
const flowTime = 10 * time.Minute

type sealedFlow struct {
	Purpose string          `json:"p"`
	ID      string          `json:"i"`
	Until   time.Time       `json:"u"`
	Data    json.RawMessage `json:"d"`
}

// flows remembers those that succeeded.
type flows struct {
	mu   sync.Mutex
	done map[string]time.Time
}

func (s *Service) cipher() cipher.AEAD {
	b, err := aes.NewCipher(s.sign("flow", ""))
	if err != nil {
		panic(err) // 32 bytes always fit
	}
	g, err := cipher.NewGCM(b)
	if err != nil {
		panic(err)
	}
	return g
}

// sealFlow packs data of a sign-in for one purpose.
func (s *Service) sealFlow(purpose string, data any) (string, error) {
	b, err := json.Marshal(data)
	if err != nil {
		return "", err
	}
	b, err = json.Marshal(sealedFlow{Purpose: purpose, ID: newSecret()[:22], Until: s.Now().Add(flowTime), Data: b})
	if err != nil {
		return "", err
	}
	g := s.cipher()
	nonce := make([]byte, g.NonceSize(), g.NonceSize()+len(b)+g.Overhead())
	_, _ = rand.Read(nonce) // never fails
	return base64.RawURLEncoding.EncodeToString(g.Seal(nonce, nonce, b, nil)), nil
}

// openFlow unpacks a flow; false when it is not ours, of another purpose, too
// old, or was used.
func (s *Service) openFlow(purpose, cookie string, data any) (id string, ok bool) {
	raw, err := base64.RawURLEncoding.DecodeString(cookie)
	g := s.cipher()
	if err != nil || len(raw) < g.NonceSize() {
		return "", false
	}
	b, err := g.Open(nil, raw[:g.NonceSize()], raw[g.NonceSize():], nil)
	if err != nil {
		return "", false
	}
	var f sealedFlow
	if json.Unmarshal(b, &f) != nil || f.Purpose != purpose || !s.Now().Before(f.Until) {
		return "", false
	}
	s.flows.mu.Lock()
	defer s.flows.mu.Unlock()
	if _, used := s.flows.done[f.ID]; used || json.Unmarshal(f.Data, data) != nil {
		return "", false
	}
	return f.ID, true
}

// endFlow uses a flow up: true for one caller only.
func (s *Service) endFlow(id string) bool {
	now := s.Now()
	s.flows.mu.Lock()
	defer s.flows.mu.Unlock()
	if s.flows.done == nil {
		s.flows.done = map[string]time.Time{}
	}
	for old, until := range s.flows.done {
		if until.Before(now) {
			delete(s.flows.done, old)
		}
	}
	if _, used := s.flows.done[id]; used {
		return false
	}
	s.flows.done[id] = now.Add(flowTime)
	return true
}
