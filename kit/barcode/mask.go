package barcode

import "rsc.io/qr/coding"

// penalty scores a masked QR Code by ISO/IEC 18004 §7.8.3; the mask of the
// lowest score is the easiest to read.
func penalty(c *coding.Code) int {
	score, dark := 0, 0
	for i := range c.Size {
		score += linePenalty(c.Size, func(j int) bool { return c.Black(j, i) })
		score += linePenalty(c.Size, func(j int) bool { return c.Black(i, j) })
	}
	for y := range c.Size {
		for x := range c.Size {
			b := c.Black(x, y)
			if b {
				dark++
			}
			if x > 0 && y > 0 && b == c.Black(x-1, y) && b == c.Black(x, y-1) && b == c.Black(x-1, y-1) {
				score += 3 // a block of four
			}
		}
	}
	total := c.Size * c.Size
	off := dark*20 - total*10 // distance from one half, in twentieths
	if off < 0 {
		off = -off
	}
	return score + 10*(off/total)
}

// linePenalty scores runs of five and more, and what looks like a finder
// pattern: 1:1:3:1:1 with four light modules before or behind. Beyond the edge
// all is light.
func linePenalty(n int, at func(int) bool) int {
	const (
		mask   = 1<<11 - 1
		before = 0b00001011101
		behind = 0b10111010000
	)
	score, run, bits := 0, 0, 0
	last := false
	for i := -4; i < n+4; i++ {
		b := i >= 0 && i < n && at(i)
		bits = (bits<<1 | boolBit(b)) & mask
		if i >= 6 && (bits == before || bits == behind) {
			score += 40
		}
		if i < 0 || i >= n {
			continue
		}
		if i == 0 || b != last {
			run = 0
		}
		last = b
		if run++; run == 5 {
			score += 3
		} else if run > 5 {
			score++
		}
	}
	return score
}

func boolBit(b bool) int {
	if b {
		return 1
	}
	return 0
}
