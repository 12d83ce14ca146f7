package demo

import (
	"bytes"
	_ "embed"
	"encoding/csv"
	"fmt"
	"strconv"
	"strings"
)

//go:embed data/family_names.csv
var familyCSV []byte

//go:embed data/given_names.csv
var givenCSV []byte

//go:embed data/towns.csv
var townsCSV []byte

//go:embed data/trades.csv
var tradesCSV []byte

// brandChars are the characters invented names are made of: sea, light and
// good wishes, without the ones that well-known firms build on.
var brandChars = []rune("澜汐屿岚潮浦帆舸渚沐栖禾稔晗昀曦晞朔珩琅瑾瑜璟瑄璞珞玥琪沅泠泓浔渟溪湉漪澄濯霁霖霏岑峤岱嵘屹巍旻昊旸晟暄曜煦熠烨焓炘铎钰铭锦鋆")

// trade is a line of business.
type trade struct {
	name               string
	individual, entity int // weights among individual businesses and enterprises
	industry           string
	shop, firm         []string // what such a business calls itself
	scope              string
}

// people and firms get their names here. Everything is a function of a
// number, so that nothing has to be kept.
type names struct {
	family *picker[string]
	given  []string
	trades []*trade
}

func loadNames() (*names, error) {
	n := &names{}
	rows, err := table(familyCSV)
	if err != nil {
		return nil, err
	}
	var fam []string
	var w []int
	for _, r := range rows {
		x, err := strconv.ParseFloat(r[1], 64)
		if err != nil {
			return nil, fmt.Errorf("family_names.csv: %q: %w", r[0], err)
		}
		fam, w = append(fam, r[0]), append(w, int(x*100))
	}
	n.family = newPicker(fam, w)
	if rows, err = table(givenCSV); err != nil {
		return nil, err
	}
	for _, r := range rows {
		n.given = append(n.given, r[0])
	}
	n.trades, err = loadTrades()
	return n, err
}

func loadTrades() ([]*trade, error) {
	rows, err := table(tradesCSV)
	if err != nil {
		return nil, err
	}
	var out []*trade
	for _, r := range rows {
		t := &trade{name: r[0], industry: r[3], shop: strings.Split(r[4], "|"), firm: strings.Split(r[5], "|"), scope: r[6]}
		if t.individual, err = strconv.Atoi(r[1]); err != nil {
			return nil, fmt.Errorf("trades.csv: %s: %w", r[0], err)
		}
		if t.entity, err = strconv.Atoi(r[2]); err != nil {
			return nil, fmt.Errorf("trades.csv: %s: %w", r[0], err)
		}
		out = append(out, t)
	}
	return out, nil
}

// table reads a CSV file without its header.
func table(b []byte) ([][]string, error) {
	rows, err := csv.NewReader(bytes.NewReader(b)).ReadAll()
	if err != nil {
		return nil, err
	}
	return rows[1:], nil
}

// mix spreads a serial number over 64 bits (splitmix64), so that neighbours
// have nothing in common.
func mix(x uint64) uint64 {
	x += 0x9e3779b97f4a7c15
	x = (x ^ x>>30) * 0xbf58476d1ce4e5b9
	x = (x ^ x>>27) * 0x94d049bb133111eb
	return x ^ x>>31
}

// brand gives distinct serials distinct names of three characters: an affine
// step modulo the number of names, which is a permutation because the factor
// shares no divisor with it.
func brand(serial uint64) string {
	n := uint64(len(brandChars))
	all := n * n * n
	k := (serial*0x2545f493 + 12345) % all
	return string([]rune{brandChars[k%n], brandChars[k/n%n], brandChars[k/n/n]})
}

// person names the human of a serial.
func (n *names) person(serial uint64) string {
	h := mix(serial ^ 0x70657273)
	return n.family.at(h>>32) + n.given[h%uint64(len(n.given))]
}
