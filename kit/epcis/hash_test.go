package epcis

import (
	"encoding/json"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

// decode reads a file by its name, leniently: the files of hash/ are about
// hashing, and some would not pass as documents.
func decode(t testing.TB, d Decoder, path string) (*Document, error) {
	t.Helper()
	text, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if strings.HasSuffix(path, ".xml") {
		return d.XML(text)
	}
	return d.JSON(text)
}

func TestHashVectors(t *testing.T) {
	text, err := os.ReadFile("testdata/hash/index.json")
	if err != nil {
		t.Fatal(err)
	}
	var index struct {
		HashCount int `json:"hash_count"`
		Cases     []struct {
			Name               string
			Documents          []string
			Hashes, Prehashes  []string
			PrehashDisagreesAt []int `json:"prehash_disagrees_at"`
		}
	}
	if err := json.Unmarshal(text, &index); err != nil {
		t.Fatal(err)
	}
	pass, documents, stale := 0, 0, 0
	for _, c := range index.Cases {
		stale += len(c.PrehashDisagreesAt)
		right := make([]bool, len(c.Hashes))
		for i := range right {
			right[i] = true
		}
		for _, name := range c.Documents {
			documents++
			doc, err := decode(t, Decoder{Lenient: true, AnyOrder: true}, filepath.Join("testdata/hash", name))
			if doc == nil || len(doc.Events) != len(c.Hashes) {
				t.Errorf("%s: %v", name, err)
				clear(right)
				continue
			}
			for i, want := range c.Hashes {
				if got := doc.HashID(i); got != want {
					right[i] = false
					t.Errorf("%s, event %d: %s, want %s", name, i, got, want)
					if i < len(c.Prehashes) {
						t.Logf("hashed %s", doc.Events[i].preHash(doc.ignored))
						t.Logf("wanted %s", c.Prehashes[i])
					}
				} else if i < len(c.Prehashes) && !slices.Contains(c.PrehashDisagreesAt, i) && doc.Events[i].preHash(doc.ignored) != c.Prehashes[i] {
					t.Errorf("%s, event %d: pre-hash text differs", name, i)
				}
			}
		}
		for _, ok := range right {
			if ok {
				pass++
			}
		}
	}
	t.Logf("%d of %d event hash IDs over %d documents pass; %d pre-hash texts that do not hash to their own ID are not compared", pass, index.HashCount, documents, stale)
}

func TestEqualHashes(t *testing.T) {
	files, err := filepath.Glob("testdata/hash/expected_equal/*")
	if err != nil || len(files) == 0 {
		t.Fatal(err)
	}
	pass := 0
	for _, path := range files {
		doc, err := decode(t, Decoder{Lenient: true, AnyOrder: true}, path)
		if doc == nil || len(doc.Events) < 2 {
			t.Errorf("%s: %v", path, err)
			continue
		}
		ok := true
		for i := range doc.Events {
			if doc.HashID(i) != doc.HashID(0) {
				ok = false
				t.Errorf("%s, event %d: %s\nfirst: %s", path, i, doc.Events[i].preHash(nil), doc.Events[0].preHash(nil))
			}
		}
		if ok {
			pass++
		}
	}
	t.Logf("%d of %d files have events that all hash alike", pass, len(files))
}

func TestCanonicalNumber(t *testing.T) {
	for in, want := range map[string]string{
		"26.0": "26", "0.100": "0.1", "+5": "5", "-0": "0", "1e3": "1000", ".5": "0.5", "007": "7",
		"111100001111000003641344": "111100001111000003641344", "0.00001": "1e-05", "1e999": "1e999",
	} {
		if got := canonicalNumber(in); got != want {
			t.Errorf("%s = %s, want %s", in, got, want)
		}
	}
}
