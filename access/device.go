package access

import (
	"crypto/hmac"
	"encoding/base64"
	"strings"

	"github.com/dinghai/dinghai/domain"
)

// A device cookie says that a browser signed in to an account before. It gives
// no right; it only keeps the browser out of the queue of strangers
// (OWASP, device cookies). Form: person|random|signature.

// deviceFor keeps a browser's cookie when it is this person's, else makes one.
func (s *Service) deviceFor(person domain.Ref, cookie string) string {
	if s.knownDevice(person, cookie) != "" {
		return cookie
	}
	body := person.String() + "|" + newSecret()[:22]
	return body + "|" + base64.RawURLEncoding.EncodeToString(s.sign("device", body))
}

// knownDevice names the device of a cookie if it is genuine and of this person.
func (s *Service) knownDevice(person domain.Ref, cookie string) string {
	if len(cookie) > 300 {
		return ""
	}
	i := strings.LastIndexByte(cookie, '|')
	if i < 0 || !strings.HasPrefix(cookie, person.String()+"|") {
		return ""
	}
	sum, err := base64.RawURLEncoding.DecodeString(cookie[i+1:])
	if err != nil || !hmac.Equal(sum, s.sign("device", cookie[:i])) {
		return ""
	}
	return cookie[len(person.String())+1 : i]
}
