// Package areamap reads the areas of a GeoJSON file (RFC 7946) and draws them
// as SVG paths: a map of a few areas, each a shape of its own.
//
// The file is read strictly. A feature that is not a polygon, lacks its code,
// has a place that is no place or a ring that does not close is an error that
// names the feature, because a map with a piece missing looks like a map.
package areamap

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"math"
)

// Limits of a file.
const (
	MaxBytes    = 8 << 20
	MaxFeatures = 500
	MaxPoints   = 400_000
)

// Error tells which feature is wrong and why. Feature counts from 1; 0 is the
// file as a whole.
type Error struct {
	Feature int
	Code    string // of the feature, if it has one
	Reason  string // "size", "json", "type", "crs", "count", "geometry", "code", "twice", "place", "ring", "points"
	Detail  string
}

func (e *Error) Error() string {
	at := "file"
	if e.Feature > 0 {
		at = fmt.Sprintf("feature %d", e.Feature)
		if e.Code != "" {
			at += " (" + e.Code + ")"
		}
	}
	if e.Detail != "" {
		return fmt.Sprintf("areamap: %s: bad %s: %s", at, e.Reason, e.Detail)
	}
	return fmt.Sprintf("areamap: %s: bad %s", at, e.Reason)
}

// Point is longitude and latitude in degrees.
type Point [2]float64

// Area is one area: polygons, each an outer ring and its holes.
type Area struct {
	Code     string
	Polygons [][][]Point
}

// Map is the areas of a file.
type Map struct {
	Areas    []Area
	Approval string // member "approval" of the file: the number under which the map may be shown
}

type file struct {
	Type     string            `json:"type"`
	CRS      json.RawMessage   `json:"crs"`
	Approval string            `json:"approval"`
	Features []json.RawMessage `json:"features"`
}

type feature struct {
	Type       string         `json:"type"`
	Properties map[string]any `json:"properties"`
	Geometry   *geometry      `json:"geometry"`
}

type geometry struct {
	Type        string          `json:"type"`
	Coordinates json.RawMessage `json:"coordinates"`
}

// Read reads a feature collection. property names the member of a feature's
// properties that holds the code of its area.
func Read(r io.Reader, property string) (*Map, error) {
	b, err := io.ReadAll(io.LimitReader(r, MaxBytes+1))
	if err != nil {
		return nil, err
	}
	if len(b) > MaxBytes {
		return nil, &Error{Reason: "size", Detail: fmt.Sprintf("more than %d MB", MaxBytes>>20)}
	}
	var f file
	if err := json.Unmarshal(bytes.TrimPrefix(b, []byte("\ufeff")), &f); err != nil {
		return nil, &Error{Reason: "json", Detail: err.Error()}
	}
	switch {
	case f.Type != "FeatureCollection":
		return nil, &Error{Reason: "type", Detail: fmt.Sprintf("%q is no FeatureCollection", f.Type)}
	case len(f.CRS) > 0 && string(f.CRS) != "null" && !bytes.Contains(f.CRS, []byte("CRS84")):
		return nil, &Error{Reason: "crs", Detail: "coordinates must be longitude and latitude (CRS84)"}
	case len(f.Features) == 0 || len(f.Features) > MaxFeatures:
		return nil, &Error{Reason: "count", Detail: fmt.Sprintf("%d features; 1 to %d are read", len(f.Features), MaxFeatures)}
	}
	m := &Map{Approval: f.Approval}
	seen := map[string]bool{}
	points := 0
	for i, raw := range f.Features {
		a, err := readArea(raw, property, &points)
		if err != nil {
			err.Feature = i + 1
			return nil, err
		}
		if seen[a.Code] {
			return nil, &Error{Feature: i + 1, Code: a.Code, Reason: "twice"}
		}
		seen[a.Code] = true
		m.Areas = append(m.Areas, a)
	}
	return m, nil
}

func readArea(raw json.RawMessage, property string, points *int) (Area, *Error) {
	var f feature
	if err := json.Unmarshal(raw, &f); err != nil {
		return Area{}, &Error{Reason: "json", Detail: err.Error()}
	}
	code := ""
	switch x := f.Properties[property].(type) {
	case string:
		code = x
	case float64:
		if x == math.Trunc(x) && x > 0 && x < 1e15 {
			code = fmt.Sprintf("%.0f", x)
		}
	}
	a := Area{Code: code}
	bad := func(reason, format string, args ...any) (Area, *Error) {
		return Area{}, &Error{Code: code, Reason: reason, Detail: fmt.Sprintf(format, args...)}
	}
	if code == "" {
		return bad("code", "the property %q is missing or no code", property)
	}
	if f.Type != "Feature" || f.Geometry == nil {
		return bad("geometry", "no feature with a geometry")
	}
	var err error
	switch f.Geometry.Type {
	case "Polygon":
		var p [][][]float64
		if err = json.Unmarshal(f.Geometry.Coordinates, &p); err == nil {
			return a.with([][][][]float64{p}, points)
		}
	case "MultiPolygon":
		var p [][][][]float64
		if err = json.Unmarshal(f.Geometry.Coordinates, &p); err == nil {
			return a.with(p, points)
		}
	default:
		return bad("geometry", "%q is no Polygon or MultiPolygon", f.Geometry.Type)
	}
	return bad("geometry", "%v", err)
}

// with checks every ring and place.
func (a Area) with(polygons [][][][]float64, points *int) (Area, *Error) {
	for _, p := range polygons {
		if len(p) == 0 {
			return a, &Error{Code: a.Code, Reason: "ring", Detail: "a polygon without a ring"}
		}
		var rings [][]Point
		for _, raw := range p {
			if *points += len(raw); *points > MaxPoints {
				return a, &Error{Code: a.Code, Reason: "points", Detail: fmt.Sprintf("more than %d places", MaxPoints)}
			}
			ring, err := readRing(raw)
			if err != nil {
				err.Code = a.Code
				return a, err
			}
			rings = append(rings, ring)
		}
		a.Polygons = append(a.Polygons, rings)
	}
	if len(a.Polygons) == 0 {
		return a, &Error{Code: a.Code, Reason: "ring", Detail: "no polygon"}
	}
	return a, nil
}

func readRing(raw [][]float64) ([]Point, *Error) {
	if len(raw) < 4 {
		return nil, &Error{Reason: "ring", Detail: fmt.Sprintf("%d places; a ring has four or more", len(raw))}
	}
	ring := make([]Point, len(raw))
	for i, x := range raw {
		if len(x) < 2 || len(x) > 3 || math.Abs(x[0]) > 180 || math.Abs(x[1]) > 90 {
			return nil, &Error{Reason: "place", Detail: fmt.Sprintf("%v is no longitude and latitude", x)}
		}
		ring[i] = Point{x[0], x[1]}
	}
	if ring[0] != ring[len(ring)-1] {
		return nil, &Error{Reason: "ring", Detail: "the last place is not the first"}
	}
	if area(ring) == 0 {
		return nil, &Error{Reason: "ring", Detail: "it encloses nothing"}
	}
	return ring, nil
}

// area is twice the signed area of a ring, positive anticlockwise.
func area(ring []Point) float64 {
	sum := 0.0
	for i := 1; i < len(ring); i++ {
		a, b := ring[i-1], ring[i]
		sum += a[0]*b[1] - b[0]*a[1]
	}
	return sum
}
