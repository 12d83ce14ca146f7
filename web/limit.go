package web

import (
	"net"
	"sync"
	"time"
)

// limiter counts what a network does in an hour. It slows mass filing down and
// never asks anybody to prove being human.
type limiter struct {
	mu    sync.Mutex
	hour  time.Time
	count map[string]int
}

// maxNetworks bounds the memory; beyond it new networks share one count.
const maxNetworks = 50_000

// allow counts one act of a network and reports whether it is within n an hour.
func (l *limiter) allow(address, what string, n int) bool {
	key := what + " " + network(address)
	l.mu.Lock()
	defer l.mu.Unlock()
	if now := time.Now().Truncate(time.Hour); l.count == nil || now != l.hour {
		l.hour, l.count = now, map[string]int{}
	}
	if len(l.count) >= maxNetworks && l.count[key] == 0 {
		key = what
	}
	l.count[key]++
	return l.count[key] <= n
}

// network is the address without what one household can change: IPv4 whole,
// IPv6 its /64.
func network(remote string) string {
	host, _, err := net.SplitHostPort(remote)
	if err != nil {
		host = remote
	}
	ip := net.ParseIP(host)
	if ip == nil || ip.To4() != nil {
		return host
	}
	return ip.Mask(net.CIDRMask(64, 128)).String()
}
