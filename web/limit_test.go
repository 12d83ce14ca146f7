package web

import (
	"fmt"
	"testing"
)

// Who comes from very many networks must not take the place of others.
func TestManyNetworksLockNobodyOut(t *testing.T) {
	var l limiter
	for i := range 200_000 {
		l.allow(fmt.Sprintf("[2001:db8:%x:%x::1]:80", i>>16, i&0xffff), "file", 20)
	}
	for range 5 {
		if !l.allow("192.0.2.7:4711", "file", 20) {
			t.Fatal("a network that filed nothing yet is refused")
		}
	}
}

func TestNetworkIsSlowedDown(t *testing.T) {
	var l limiter
	ok := 0
	for i := range 50 {
		if l.allow(fmt.Sprintf("[2001:db8::%x]:80", i), "file", 20) {
			ok++
		}
	}
	if ok != 20 {
		t.Errorf("one /64 was allowed %d acts, want 20", ok)
	}
	if !l.allow("[2001:db8::1]:80", "follow", 20) {
		t.Error("another act shares the count")
	}
}
