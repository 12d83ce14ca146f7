package areamap

import (
	"math"
	"strconv"
	"strings"
)

// Shape is the drawing of an area: a path for each polygon, and where its name
// may stand.
type Shape struct {
	Code  string
	Paths []string
	X, Y  int
}

// tolerance is how far, in units of the drawing, a line may leave the true one.
const tolerance = 0.35

// Draw fits the areas into a picture of some width and height, north up and
// true to shape at its middle latitude. Rings too small to be seen are left
// out, unless they are all an area has.
func (m *Map) Draw(width, height float64) []Shape {
	p := m.fit(width, height)
	out := make([]Shape, len(m.Areas))
	for i, a := range m.Areas {
		out[i] = p.draw(a)
	}
	return out
}

// projection takes longitude and latitude to the picture.
type projection struct{ x, y, sx, sy, left, top float64 }

func (m *Map) fit(width, height float64) projection {
	west, east, south, north := math.Inf(1), math.Inf(-1), math.Inf(1), math.Inf(-1)
	for _, a := range m.Areas {
		for _, p := range a.Polygons {
			for _, pt := range p[0] {
				west, east = math.Min(west, pt[0]), math.Max(east, pt[0])
				south, north = math.Min(south, pt[1]), math.Max(north, pt[1])
			}
		}
	}
	narrow := math.Max(math.Cos((south+north)/2*math.Pi/180), 0.01)
	scale := math.Min(width/((east-west)*narrow), height/(north-south))
	return projection{x: west, y: north, sx: scale * narrow, sy: scale,
		left: (width - (east-west)*narrow*scale) / 2, top: (height - (north-south)*scale) / 2}
}

func (p projection) at(pt Point) Point {
	return Point{p.left + (pt[0]-p.x)*p.sx, p.top + (p.y-pt[1])*p.sy}
}

func (p projection) draw(a Area) Shape {
	s := Shape{Code: a.Code}
	largest := 0.0
	for pass := range 2 {
		for _, poly := range a.Polygons {
			d, size, at := p.path(poly, pass == 1)
			if d == "" {
				continue
			}
			s.Paths = append(s.Paths, d)
			if size > largest {
				largest, s.X, s.Y = size, int(math.Round(at[0])), int(math.Round(at[1]))
			}
		}
		if len(s.Paths) > 0 {
			break
		}
	}
	return s
}

// path writes one polygon. Holes run the other way round, so that they stay
// open under either rule of filling.
func (p projection) path(rings [][]Point, small bool) (d string, size float64, at Point) {
	var b strings.Builder
	for i, ring := range rings {
		line := make([]Point, len(ring))
		for j, pt := range ring {
			line[j] = p.at(pt)
		}
		twice := area(line)
		if math.Abs(twice) < 1 && !small {
			if i == 0 {
				return "", 0, at
			}
			continue
		}
		if i == 0 {
			size, at = math.Abs(twice), middle(line)
		}
		if (twice > 0) != (i == 0) {
			reverse(line)
		}
		write(&b, thin(line))
	}
	return b.String(), size, at
}

func reverse(line []Point) {
	for i, j := 0, len(line)-1; i < j; i, j = i+1, j-1 {
		line[i], line[j] = line[j], line[i]
	}
}

// thin leaves out places that a line passes by within the tolerance
// (Douglas and Peucker); a ring keeps at least a triangle.
func thin(line []Point) []Point {
	line = apart(line)
	n := len(line)
	keep := make([]bool, n)
	keep[0], keep[n-1] = true, true
	far, most := 0, 0.0
	for i := 1; i < n-1; i++ {
		if d := distance(line[i], line[0], line[0]); d > most {
			far, most = i, d
		}
	}
	keep[far] = true
	mark(line, keep, 0, far)
	mark(line, keep, far, n-1)
	var out []Point
	for i, k := range keep {
		if k {
			out = append(out, line[i])
		}
	}
	if len(out) < 4 {
		return line
	}
	return out
}

// apart leaves out places that cannot be told from the one before.
func apart(line []Point) []Point {
	out := line[:1:1]
	for _, p := range line[1 : len(line)-1] {
		if last := out[len(out)-1]; math.Hypot(p[0]-last[0], p[1]-last[1]) > tolerance/2 {
			out = append(out, p)
		}
	}
	if out = append(out, line[len(line)-1]); len(out) < 4 {
		return line
	}
	return out
}

// mark keeps the farthest place between two, as long as it is out of tolerance.
func mark(line []Point, keep []bool, from, to int) {
	type span struct{ from, to int }
	for stack := []span{{from, to}}; len(stack) > 0; {
		s := stack[len(stack)-1]
		stack = stack[:len(stack)-1]
		far, most := 0, tolerance
		for i := s.from + 1; i < s.to; i++ {
			if d := distance(line[i], line[s.from], line[s.to]); d > most {
				far, most = i, d
			}
		}
		if far > 0 {
			keep[far] = true
			stack = append(stack, span{s.from, far}, span{far, s.to})
		}
	}
}

// distance of a place from a stretch.
func distance(p, a, b Point) float64 {
	dx, dy := b[0]-a[0], b[1]-a[1]
	t := 0.0
	if l := dx*dx + dy*dy; l > 0 {
		t = math.Max(0, math.Min(1, ((p[0]-a[0])*dx+(p[1]-a[1])*dy)/l))
	}
	return math.Hypot(p[0]-a[0]-t*dx, p[1]-a[1]-t*dy)
}

// middle is the centre of a ring, by area.
func middle(line []Point) Point {
	var x, y, sum float64
	for i := 1; i < len(line); i++ {
		a, b := line[i-1], line[i]
		w := a[0]*b[1] - b[0]*a[1]
		x, y, sum = x+(a[0]+b[0])*w, y+(a[1]+b[1])*w, sum+w
	}
	if sum == 0 {
		return line[0]
	}
	return Point{x / (3 * sum), y / (3 * sum)}
}

func write(b *strings.Builder, line []Point) {
	for i, p := range line[:len(line)-1] {
		b.WriteByte("LM"[map[bool]int{true: 1, false: 0}[i == 0]])
		b.WriteString(number(p[0]))
		b.WriteByte(' ')
		b.WriteString(number(p[1]))
	}
	b.WriteByte('z')
}

func number(x float64) string {
	x = math.Round(x*10) / 10
	if x == 0 {
		x = 0 // not -0
	}
	return strconv.FormatFloat(x, 'f', -1, 64)
}
