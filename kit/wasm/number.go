package wasm

import (
	"encoding/json"
	"fmt"
	"strconv"
)

// number is a whole number. Above 2^53 it is a text in JSON, as JavaScript
// would round it; such numbers not in text are refused.
type number uint64

const exact = 1 << 53

func (n number) MarshalJSON() ([]byte, error) {
	if n > exact {
		return json.Marshal(strconv.FormatUint(uint64(n), 10))
	}
	return strconv.AppendUint(nil, uint64(n), 10), nil
}

func (n *number) UnmarshalJSON(b []byte) error {
	text := string(b)
	quoted := len(b) > 1 && b[0] == '"'
	if quoted {
		text = string(b[1 : len(b)-1])
	}
	v, err := strconv.ParseUint(text, 10, 64)
	if err != nil || !quoted && v > exact {
		return fmt.Errorf("%.40q is no whole number up to 2^53, nor up to 2^64 as a text", text)
	}
	*n = number(v)
	return nil
}
