package areamap

import (
	"errors"
	"fmt"
	"math"
	"strings"
	"testing"
)

func square(code string, west, south, size float64) string {
	return fmt.Sprintf(`{"type":"Feature","properties":{"code":%q},"geometry":{"type":"Polygon","coordinates":[[[%g,%g],[%g,%g],[%g,%g],[%g,%g],[%g,%g]]]}}`,
		code, west, south, west+size, south, west+size, south+size, west, south+size, west, south)
}

func collection(features ...string) string {
	return `{"type":"FeatureCollection","approval":"浙S(2023)1号","features":[` + strings.Join(features, ",") + `]}`
}

// TestDraw: shapes keep their places to one another and fill the picture.
func TestDraw(t *testing.T) {
	m, err := Read(strings.NewReader(collection(square("330902", 122, 30, .1), square("330903", 122.3, 30, .1))), "code")
	if err != nil {
		t.Fatal(err)
	}
	if m.Approval != "浙S(2023)1号" {
		t.Errorf("approval %q", m.Approval)
	}
	s := m.Draw(400, 300)
	if len(s) != 2 || len(s[0].Paths) != 1 || s[0].Code != "330902" {
		t.Fatalf("%+v", s)
	}
	if s[0].X >= s[1].X || s[0].Y != s[1].Y || s[0].X != 50 || s[1].X != 350 || s[0].Y != 150 {
		t.Errorf("places %d,%d and %d,%d", s[0].X, s[0].Y, s[1].X, s[1].Y)
	}
	if !strings.HasPrefix(s[0].Paths[0], "M0 ") || !strings.HasSuffix(s[0].Paths[0], "z") || strings.Count(s[0].Paths[0], "L") != 3 {
		t.Errorf("path %s", s[0].Paths[0])
	}
}

// TestThin: a coast of many places becomes few, none far from the true line; a
// small island alone stays, beside a large one it goes.
func TestThin(t *testing.T) {
	var c strings.Builder
	for i := range 4000 {
		a := float64(i) / 4000 * 2 * math.Pi
		fmt.Fprintf(&c, "[%g,%g],", 122+math.Cos(a)*(1+.00001*float64(i%2)), 30+math.Sin(a))
	}
	fmt.Fprintf(&c, "[%g,%g]", 123.0, 30.0)
	ring := `{"type":"Feature","properties":{"code":"1"},"geometry":{"type":"MultiPolygon","coordinates":[[[` + c.String() + `]],[[[121.5,31.2],[121.5001,31.2],[121.5001,31.2001],[121.5,31.2]]]]}}`
	m, err := Read(strings.NewReader(collection(ring, square("2", 124, 30, .0001))), "code")
	if err != nil {
		t.Fatal(err)
	}
	s := m.Draw(400, 400)
	if n := strings.Count(s[0].Paths[0], "L"); n < 20 || n > 300 {
		t.Errorf("a circle of %d lines", n)
	}
	if len(s[0].Paths) != 1 || len(s[1].Paths) != 1 {
		t.Errorf("%d and %d paths", len(s[0].Paths), len(s[1].Paths))
	}
}

// TestHoles run against their outer ring, whichever way the file has them.
func TestHoles(t *testing.T) {
	outer, hole := "[[0,0],[4,0],[4,4],[0,4],[0,0]]", "[[1,1],[2,1],[2,2],[1,2],[1,1]]"
	m, err := Read(strings.NewReader(collection(`{"type":"Feature","properties":{"code":7},"geometry":{"type":"Polygon","coordinates":[`+outer+`,`+hole+`]}}`)), "code")
	if err != nil {
		t.Fatal(err)
	}
	if m.Areas[0].Code != "7" {
		t.Errorf("code %q", m.Areas[0].Code)
	}
	d := m.Draw(100, 100)[0].Paths[0]
	parts := strings.Split(strings.TrimSuffix(d, "z"), "z")
	if len(parts) != 2 || turn(parts[0])*turn(parts[1]) >= 0 {
		t.Errorf("path %s", d)
	}
}

// turn is the signed area of a path.
func turn(d string) float64 {
	var line []Point
	for _, p := range strings.FieldsFunc(d, func(r rune) bool { return r == 'M' || r == 'L' }) {
		var x, y float64
		fmt.Sscan(p, &x, &y)
		line = append(line, Point{x, y})
	}
	return area(append(line, line[0]))
}

func TestRefused(t *testing.T) {
	good := square("a", 1, 1, 1)
	one := func(geometry string) string {
		return collection(good, `{"type":"Feature","properties":{"code":"b"},"geometry":`+geometry+`}`)
	}
	for _, c := range []struct {
		text, reason string
		feature      int
	}{
		{`{`, "json", 0}, {`[]`, "json", 0}, {`{"type":"Feature"}`, "type", 0}, {collection(), "count", 0},
		{`{"type":"FeatureCollection","crs":{"type":"name","properties":{"name":"EPSG:4547"}},"features":[` + good + `]}`, "crs", 0},
		{collection(good, `{"type":"Feature","properties":{},"geometry":null}`), "code", 2},
		{collection(good, good), "twice", 2}, {one(`null`), "geometry", 2}, {one(`{"type":"Point","coordinates":[1,2]}`), "geometry", 2},
		{one(`{"type":"Polygon","coordinates":[[[1,2],[3,4]]]}`), "ring", 2}, {one(`{"type":"Polygon","coordinates":[]}`), "ring", 2},
		{one(`{"type":"MultiPolygon","coordinates":[]}`), "ring", 2},
		{one(`{"type":"Polygon","coordinates":[[[1,2],[3,4],[5,1],[1,3]]]}`), "ring", 2}, {one(`{"type":"Polygon","coordinates":[[[1,1],[2,2],[3,3],[1,1]]]}`), "ring", 2},
		{one(`{"type":"Polygon","coordinates":[[[1,2],[500,4],[5,1],[1,2]]]}`), "place", 2}, {one(`{"type":"Polygon","coordinates":[[[1,2],[3],[5,1],[1,2]]]}`), "place", 2},
		{one(`{"type":"Polygon","coordinates":"x"}`), "geometry", 2}, {strings.Repeat(" ", MaxBytes+1), "size", 0},
	} {
		_, err := Read(strings.NewReader(c.text), "code")
		var e *Error
		if !errors.As(err, &e) || e.Reason != c.reason || e.Feature != c.feature {
			t.Errorf("%.80s: %v, want %s of feature %d", c.text, err, c.reason, c.feature)
		}
		if e != nil && e.Feature > 0 && !strings.Contains(e.Error(), "feature 2") {
			t.Errorf("the feature is not named: %v", e)
		}
	}
}

func FuzzRead(f *testing.F) {
	f.Add(collection(square("a", 1, 1, 1)))
	f.Add(`{"type":"FeatureCollection","features":[{"type":"Feature","properties":{"code":"b"},"geometry":{"type":"MultiPolygon","coordinates":[[[[1,2],[3,4],[5,1],[1,2]]]]}}]}`)
	f.Fuzz(func(t *testing.T, text string) {
		m, err := Read(strings.NewReader(text), "code")
		if err != nil {
			return
		}
		for _, s := range m.Draw(410, 390) {
			for _, d := range s.Paths {
				if strings.ContainsAny(d, `<>"'&NI`) {
					t.Errorf("path %q", d)
				}
			}
		}
	})
}
