package sm2

import (
	"crypto/cipher"

	gmcipher "github.com/emmansun/gmsm/cipher"
)

// gcm also takes nonces of other lengths, for data of others. An empty nonce is
// an error: under GCM it hands out the authentication key.
func (s Suite) gcm(key []byte, nonceSize int) (cipher.AEAD, error) {
	b, err := s.engine().SM4(key)
	if err != nil {
		return nil, err
	}
	if nonceSize < 1 {
		return nil, refuse("nonce", ReasonLength)
	}
	return cipher.NewGCMWithNonceSize(b, nonceSize)
}

// CCM returns SM4-CCM with the 16-byte key, nonces of 7 to 13 bytes and tags of
// 4, 6, 8, 10, 12, 14 or 16 bytes. RFC 8998 has nonces of 12 and tags of 16.
func (s Suite) CCM(key []byte, nonceSize, tagSize int) (cipher.AEAD, error) {
	b, err := s.engine().SM4(key)
	if err != nil {
		return nil, err
	}
	if nonceSize < 7 || nonceSize > 13 {
		return nil, refuse("nonce", ReasonLength)
	}
	if tagSize < 4 || tagSize > 16 || tagSize%2 != 0 {
		return nil, refuse("tag", ReasonLength)
	}
	return gmcipher.NewCCMWithNonceAndTagSize(b, nonceSize, tagSize)
}
