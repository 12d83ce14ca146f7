package app

import (
	"time"

	"github.com/dinghai/dinghai/engine/clock"
)

// clock gives the injected time: the real one, or one that starts where --now
// says and runs on.
func (g *globals) clock() (func() time.Time, error) {
	if g.Now == "" {
		return time.Now, nil
	}
	t, err := time.ParseInLocation("2006-01-02T15:04", g.Now, clock.Zone)
	if err != nil {
		if t, err = time.ParseInLocation("2006-01-02 15:04", g.Now, clock.Zone); err != nil {
			return nil, usage("--now %q is not a local time like 2023-11-18T09:00", g.Now)
		}
	}
	return runningFrom(t), nil
}

func runningFrom(t time.Time) func() time.Time {
	began := time.Now()
	return func() time.Time { return t.Add(time.Since(began)) }
}
