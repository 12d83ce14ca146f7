package entry

import (
	"encoding/json"
	"slices"

	"golang.org/x/mod/sumdb/tlog"

	"github.com/dinghai/dinghai/kit/jcs"
)

// Manifest is the detail of a daily manifest: what an office decided on a day in
// a matter, so that whoever knows the cases sees what was left out.
type Manifest struct {
	Matter    string         `json:"matter"`
	Decided   int            `json:"decided"`
	Published int            `json:"published"`
	Withheld  map[string]int `json:"withheld"` // by code of the ground
	// Numbers is the root of the day's committed document numbers, withheld ones
	// included, in their order as bytes.
	Numbers Hash `json:"numbers"`
}

// NumbersRoot is the RFC 6962 root of committed document numbers, sorted.
func NumbersRoot(numbers []Hash) (Hash, error) {
	sorted := slices.SortedFunc(slices.Values(numbers), func(a, b Hash) int { return slices.Compare(a[:], b[:]) })
	var stored []tlog.Hash
	r := tlog.HashReaderFunc(func(at []int64) ([]tlog.Hash, error) {
		out := make([]tlog.Hash, len(at))
		for i, p := range at {
			out[i] = stored[p]
		}
		return out, nil
	})
	for i, n := range sorted {
		h, err := tlog.StoredHashes(int64(i), n[:], r)
		if err != nil {
			return Hash{}, err
		}
		stored = append(stored, h...)
	}
	root, err := tlog.TreeHash(int64(len(sorted)), r)
	return Hash(root), err
}

// NewManifest returns the entry of a manifest.
func NewManifest(office, date string, m Manifest) (*Entry, error) {
	if m.Withheld == nil {
		m.Withheld = map[string]int{}
	}
	sum, least := m.Published, m.Published
	for _, n := range m.Withheld {
		sum, least = sum+n, min(least, n)
	}
	if m.Decided != sum || least < 0 {
		return nil, &Error{"detail", -1, "mismatch"}
	}
	detail, err := jcs.Marshal(m)
	return &Entry{Type: DailyManifest, Office: office, Date: date, Detail: json.RawMessage(detail)}, err
}
