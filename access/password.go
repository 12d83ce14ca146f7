package access

import (
	"context"
	"crypto/rand"
	"crypto/subtle"
	"encoding/base64"
	"fmt"
	"strings"

	"golang.org/x/crypto/argon2"
	"golang.org/x/text/unicode/norm"

	"github.com/dinghai/dinghai/domain"
)

// Cost is what one password hash takes: Argon2id (RFC 9106).
type Cost struct {
	Memory  uint32 // KiB
	Time    uint32 // passes
	Threads uint8
}

// usualCost is the least OWASP recommends for Argon2id.
var usualCost = Cost{Memory: 19 * 1024, Time: 2, Threads: 1}

// hashSlots bounds how many hashes are computed at a time, and so their memory.
const hashSlots = 4

const (
	saltLen = 16
	keyLen  = 32
)

// hash computes the PHC string of a password:
// $argon2id$v=19$m=19456,t=2,p=1$salt$key.
func (c Cost) hash(password string) string {
	salt := make([]byte, saltLen)
	_, _ = rand.Read(salt) // never fails
	key := argon2.IDKey([]byte(fold(password)), salt, c.Time, c.Memory, c.Threads, keyLen)
	b64 := base64.RawStdEncoding
	return c.head() + b64.EncodeToString(salt) + "$" + b64.EncodeToString(key)
}

func (c Cost) head() string {
	return fmt.Sprintf("$argon2id$v=%d$m=%d,t=%d,p=%d$", argon2.Version, c.Memory, c.Time, c.Threads)
}

// matches compares a password with a PHC string in constant time.
func matches(hash, password string) (bool, error) {
	var c Cost
	var version int
	parts := strings.Split(hash, "$")
	if len(parts) != 6 || parts[1] != "argon2id" {
		return false, fmt.Errorf("access: not an argon2id hash")
	}
	if _, err := fmt.Sscanf(parts[2]+" "+parts[3], "v=%d m=%d,t=%d,p=%d", &version, &c.Memory, &c.Time, &c.Threads); err != nil || version != argon2.Version {
		return false, fmt.Errorf("access: password hash: parameters %q", parts[2]+"$"+parts[3])
	}
	salt, err := base64.RawStdEncoding.DecodeString(parts[4])
	if err != nil {
		return false, fmt.Errorf("access: password hash: %w", err)
	}
	want, err := base64.RawStdEncoding.DecodeString(parts[5])
	if err != nil || len(want) == 0 {
		return false, fmt.Errorf("access: password hash: bad key")
	}
	got := argon2.IDKey([]byte(fold(password)), salt, c.Time, c.Memory, c.Threads, uint32(len(want)))
	return subtle.ConstantTimeCompare(got, want) == 1, nil
}

// fold makes the many ways to type the same characters one: NFKC, as SP 800-63B
// advises.
func fold(password string) string { return norm.NFKC.String(password) }

// slot waits for its turn to hash.
func (s *Service) slot(ctx context.Context) (release func(), err error) {
	select {
	case s.hashing <- struct{}{}:
		return func() { <-s.hashing }, nil
	case <-ctx.Done():
		return nil, domain.Wrap(domain.Unavailable, ctx.Err())
	}
}

// verify compares a password with the person's; hash "" costs as much and is
// always wrong, so that time does not tell who exists.
func (s *Service) verify(ctx context.Context, hash, password string) (bool, error) {
	release, err := s.slot(ctx)
	if err != nil {
		return false, err
	}
	defer release()
	if hash == "" {
		s.Cost.hash(password)
		return false, nil
	}
	return matches(hash, password)
}

func (s *Service) hash(ctx context.Context, password string) (string, error) {
	release, err := s.slot(ctx)
	if err != nil {
		return "", err
	}
	defer release()
	return s.Cost.hash(password), nil
}

// maxPassword bounds what is hashed, in characters.
const (
	minPassword = 12
	maxPassword = 128
)

// checkPassword holds a new password against the rules: length, and nothing
// everybody would try first. Own are words about the person.
func checkPassword(field, password string, own ...string) *domain.Error {
	n := len([]rune(fold(password)))
	switch {
	case len(password) > 8*maxPassword || n > maxPassword:
		return domain.Failf(domain.Invalid, field, "length", "密码最多 %d 个字符", "a password has at most %d characters", maxPassword)
	case n < minPassword:
		return domain.Failf(domain.Invalid, field, "length", "密码至少 %d 个字符，现有 %d 个。可以用几个不相干的词连起来", "a password has at least %d characters, this one %d; several unrelated words make a good one", minPassword, n)
	case common(fold(password), own...):
		return domain.Fail(domain.Invalid, field, "common", "这个密码太常见，别人容易猜到。请避开常用词、连续数字、生日、姓名和工号",
			"this password is too easy to guess; avoid common words, runs of digits, birthdays, names and staff numbers")
	}
	return nil
}
