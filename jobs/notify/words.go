package notify

import "strings"

// MaxSMS is how many characters one short message holds in Chinese.
const MaxSMS = 70

// Short fits a text into one short message behind the bureau's sign.
func Short(sign, text string) string {
	room := MaxSMS - len([]rune(sign))
	r := []rune(strings.TrimSpace(text))
	if len(r) > room {
		r = append(r[:room-1], '…')
	}
	return sign + string(r)
}

// Mask hides most of a number or address: enough stays to recognise it.
func Mask(s string) string {
	name, host, at := strings.Cut(s, "@")
	r := []rune(name)
	switch {
	case at && len(r) > 1:
		return string(r[:1]) + "***@" + host
	case at:
		return "***@" + host
	case len(r) > 7:
		return string(r[:3]) + "****" + string(r[len(r)-4:])
	}
	return "***"
}
