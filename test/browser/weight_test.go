package browser

import (
	"testing"
	"time"
)

// firstView is how many bytes a first visit may take, compressed, without charts.
const firstView = 250_000

// TestWeight: the first page a person sees is light, and comes over a line of
// 400 kbit/s that answers after 400 ms.
func TestWeight(t *testing.T) {
	for path, login := range map[string]string{"/": "", "/complain": "", "/follow": "", "/login": "", "/inbox": "zhoulan", "/list/complaint.complaint": "zhoulan"} {
		t.Run(path, func(t *testing.T) {
			p := somebody(t, "zh", 390)
			if login != "" {
				p.as(login)
			}
			check(t, p.Slow(400, 400*time.Millisecond))
			p.visit(path)
			p.wait("the whole page", `document.readyState === 'complete'`)
			bytes := eval[int](p, `performance.getEntriesByType('navigation').concat(performance.getEntriesByType('resource')).reduce((n, e) => n + e.transferSize, 0)`)
			seen := eval[float64](p, `performance.getEntriesByName('first-contentful-paint')[0]?.startTime ?? 0`)
			t.Logf("%d bytes; something to read after %.1f s, whole after %.1f s", bytes, seen/1000, eval[float64](p, `performance.getEntriesByType('navigation')[0].loadEventEnd`)/1000)
			if bytes > firstView || bytes < 5_000 {
				t.Errorf("the first view takes %d bytes, at most %d", bytes, firstView)
			}
		})
	}
}
