package app

import (
	"context"

	"github.com/dinghai/dinghai/domain"
	"github.com/dinghai/dinghai/store/vault"
)

// keyring fits the key file to what engine and jobs ask for.
type keyring struct {
	*vault.Vault
	blind vault.Key
}

func openKeys(ctx context.Context, path string) (*keyring, error) {
	v, err := vault.Open(ctx, path)
	if err != nil {
		return nil, err
	}
	b, err := v.BlindKey(ctx)
	if err != nil {
		v.Close()
		return nil, err
	}
	return &keyring{v, b}, nil
}

// Add keeps new keys durably.
func (k *keyring) Add(ctx context.Context, keys map[string][]byte) error {
	m := make(map[string]vault.Key, len(keys))
	for id, b := range keys {
		m[id] = vault.Key(b)
	}
	return k.Vault.Add(ctx, m)
}

// Key finds a key; nil when it was destroyed or never made.
func (k *keyring) Key(ctx context.Context, id string) ([]byte, error) {
	key, err := k.Vault.Key(ctx, id)
	if domain.ErrorCode(err) == domain.Refused {
		return nil, nil // destroyed: who asks learns that nothing can be read
	}
	if err != nil || key == nil {
		return nil, err
	}
	return key[:], nil
}

// Destroy erases one person.
func (k *keyring) Destroy(ctx context.Context, id string) error { return k.Vault.Destroy(ctx, id) }

// BlindKey hashes sealed values for the blind index.
func (k *keyring) BlindKey() []byte { return k.blind[:] }
