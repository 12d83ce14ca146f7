package typeset

import "math"

// A Length is a distance on paper in thousandths of a point (1/72 inch). Whole
// numbers keep a layout the same on every machine, to the byte.
type Length int64

// Pt is one point, the unit of type sizes.
const Pt Length = 1000

// MM returns a length given in millimetres.
func MM(mm float64) Length { return Length(math.Round(mm * (72000 / 25.4))) }

// MM returns l in millimetres.
func (l Length) MM() float64 { return float64(l) * (25.4 / 72000) }

// Sizes of type by their Chinese names (字号).
const (
	Size0  = 42 * Pt      // 初号
	Size1  = 26 * Pt      // 一号
	Size2  = 22 * Pt      // 二号
	SizeS2 = 18 * Pt      // 小二
	Size3  = 16 * Pt      // 三号
	SizeS3 = 15 * Pt      // 小三
	Size4  = 14 * Pt      // 四号
	SizeS4 = 12 * Pt      // 小四
	Size5  = 10*Pt + Pt/2 // 五号
	SizeS5 = 9 * Pt       // 小五
)
