package engine

import (
	"sync/atomic"
	"time"
)

// A writer's turn is how long a group of imported rows may keep people waiting.
// A group that was answered early has nobody waiting for it and is larger.
const (
	writerTurn = 60 * time.Millisecond
	leastTurn  = 16
	earlyTurns = 8
	bulkGroups = 4 // of the size that is useful to people
)

// pace tells how many commands fill a writer's turn on this machine, now.
type pace struct {
	most int          // largest useful group
	each atomic.Int64 // nanoseconds a command takes to write, smoothed
}

// turn is the number of commands a group of bulk work may have.
func (p *pace) turn(early bool) int {
	if early {
		return p.most * earlyTurns
	}
	each := p.each.Load()
	if each == 0 {
		return p.most / 4
	}
	return max(leastTurn, min(p.most*bulkGroups, int(int64(writerTurn)/each)))
}

// took notes how long a group of n commands was in writing.
func (p *pace) took(n int, d time.Duration) {
	each := int64(d) / int64(n)
	if old := p.each.Load(); old != 0 {
		each = (3*old + each) / 4
	}
	p.each.Store(each)
}
