package gs1

// hex is the value of a hexadecimal digit, -1 for other bytes.
var hex = func() (t [256]int8) {
	for i := range t {
		t[i] = -1
	}
	for i := range int8(16) {
		t["0123456789abcdef"[i]] = i
		t["0123456789ABCDEF"[i]] = i
	}
	return t
}()

// appendUnescaped undoes percent-encoding; in a query, plus is a blank. An
// incomplete or wrong sequence stays as it is.
func appendUnescaped(dst []byte, s string, query bool) []byte {
	for i := 0; i < len(s); i++ {
		switch c := s[i]; {
		case c == '%' && i+2 < len(s) && hex[s[i+1]] >= 0 && hex[s[i+2]] >= 0:
			dst = append(dst, byte(hex[s[i+1]]<<4|hex[s[i+2]]))
			i += 2
		case c == '+' && query:
			dst = append(dst, ' ')
		default:
			dst = append(dst, c)
		}
	}
	return dst
}

// appendEscaped percent-encodes all that is not unreserved in a URI.
func appendEscaped(dst []byte, s string, query bool) []byte {
	const digits = "0123456789ABCDEF"
	for i := range len(s) {
		switch c := s[i]; {
		case sets[c]&setP != 0:
			dst = append(dst, c)
		case c == ' ' && query:
			dst = append(dst, '+')
		default:
			dst = append(dst, '%', digits[c>>4], digits[c&15])
		}
	}
	return dst
}
