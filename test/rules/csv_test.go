package rules

import (
	"encoding/csv"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/dinghai/dinghai/domain"
	"github.com/dinghai/dinghai/engine/clock"
)

// minutes is how instants are written.
const minutes = "2006-01-02T15:04"

// line is a record by column, with its number as "line".
type line map[string]string

func read(t *testing.T, name string, columns ...string) []line {
	t.Helper()
	f, err := os.Open(filepath.Join("testdata", name))
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	records, err := csv.NewReader(f).ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	if !slices.Equal(records[0], columns) {
		t.Fatalf("%s: columns %v, want %v", name, records[0], columns)
	}
	out := make([]line, 0, len(records)-1)
	for i, r := range records[1:] {
		l := line{"line": strconv.Itoa(i + 2)}
		for j, c := range columns {
			l[c] = r[j]
		}
		out = append(out, l)
	}
	return out
}

// at reads the start, which is an instant where the limit is in hours.
func (l line) at(t *testing.T) (at time.Time, hours bool) {
	t.Helper()
	layout := time.DateOnly
	if hours = strings.Contains(l["start"], "T"); hours {
		layout = minutes
	}
	at, err := time.ParseInLocation(layout, l["start"], clock.Zone)
	if err != nil {
		t.Fatalf("line %s: %v", l["line"], err)
	}
	return at, hours
}

func (l line) number(t *testing.T, column string) int {
	t.Helper()
	n, err := strconv.Atoi(l[column])
	if err != nil {
		t.Fatalf("line %s: %s: %v", l["line"], column, err)
	}
	return n
}

func (l line) date(t *testing.T, column string) domain.Date {
	t.Helper()
	d := domain.Date(l[column])
	if !d.Valid() {
		t.Fatalf("line %s: %s: %q is no date", l["line"], column, d)
	}
	return d
}
