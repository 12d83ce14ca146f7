package web

import (
	"hash/maphash"
	"net"
	"sync"
	"time"
)

// limiter counts what a network does in an hour. It slows mass filing down and
// never asks anybody to prove being human.
//
// The counts are a count-min sketch (Cormode and Muthukrishnan 2005) with
// conservative update: its memory is fixed, so that who comes from very many
// networks neither fills it nor takes the place of others. A network may be
// counted too high, if all its cells are shared with busy ones, never too low.
type limiter struct {
	mu    sync.Mutex
	hour  time.Time
	seeds [sketchRows]maphash.Seed
	cells [sketchRows][sketchCells]uint16
}

const (
	sketchRows  = 4
	sketchCells = 1 << 16 // 512 kB in all
)

// allow counts one act of a network and reports whether it is within n an hour.
func (l *limiter) allow(address, what string, n int) bool {
	key := what + " " + network(address)
	l.mu.Lock()
	defer l.mu.Unlock()
	if now := time.Now().Truncate(time.Hour); now != l.hour {
		l.begin(now)
	}
	var cells [sketchRows]*uint16
	least := ^uint16(0)
	for i := range cells {
		cells[i] = &l.cells[i][maphash.String(l.seeds[i], key)%sketchCells]
		least = min(least, *cells[i])
	}
	if int(least) >= n {
		return false
	}
	for _, c := range cells {
		*c = max(*c, least+1)
	}
	return true
}

// begin forgets the hour before; new seeds mix the networks anew.
func (l *limiter) begin(hour time.Time) {
	l.hour, l.cells = hour, [sketchRows][sketchCells]uint16{}
	for i := range l.seeds {
		l.seeds[i] = maphash.MakeSeed()
	}
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
