package epcis

import (
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

const corpus = "testdata/openepcis/2.0/EPCIS"

// files are those of the corpus whose path has all the parts.
func files(t testing.TB, parts ...string) (out []string) {
	t.Helper()
	err := filepath.WalkDir(corpus, func(path string, d fs.DirEntry, err error) error {
		if err == nil && !d.IsDir() && !slices.ContainsFunc(parts, func(p string) bool { return !strings.Contains(path, p) }) {
			out = append(out, path)
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return out
}

// jumbled files are valid in JSON, where order means nothing, but not in XML,
// whose schema has sequences: there they are what a converter must put in order.
func jumbled(path string) bool { return strings.HasSuffix(path, "JumbledFieldsOrder.xml") }

// isQuery tells files that hold a query from those that hold events.
func isQuery(path string) bool {
	return strings.Contains(path, "/Queries/") || strings.HasSuffix(path, "QueryDocument_with_missing_value.xml")
}

func readCorpus(t testing.TB, path string) (*Document, error) {
	if isQuery(path) {
		return nil, readCorpusQuery(t, path)
	}
	return decode(t, Decoder{AnyOrder: jumbled(path)}, path)
}

func readCorpusQuery(t testing.TB, path string) error {
	t.Helper()
	text, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if strings.HasSuffix(path, ".xml") {
		_, err = ParseQueryXML(text)
	} else {
		_, err = ParseQueryJSON(text)
	}
	return err
}

func TestCorpus(t *testing.T) {
	refused, accepted, invalid := 0, 0, 0
	all := files(t)
	for _, path := range all {
		bad := strings.Contains(path, "/Invalid/")
		if bad {
			invalid++
		}
		_, err := readCorpus(t, path)
		switch {
		case bad && err != nil:
			refused++
		case bad:
			t.Errorf("%s: accepted", path)
		case err != nil:
			t.Errorf("%s: %v", path, err)
		default:
			accepted++
		}
		if jumbled(path) {
			if _, err := decode(t, Decoder{}, path); err == nil {
				t.Errorf("%s: accepted in an order that the schema does not have", path)
			}
		}
	}
	t.Logf("%d of %d files are judged right: %d of %d invalid ones refused, %d of %d others accepted (the 2 JumbledFieldsOrder.xml only with AnyOrder)",
		refused+accepted, len(all), refused, invalid, accepted, len(all)-invalid)
}

// Every valid document goes out as JSON and as XML and comes back as the same
// events.
func TestRoundTrip(t *testing.T) {
	n := 0
	for _, path := range files(t) {
		if strings.Contains(path, "/Invalid/") || isQuery(path) {
			continue
		}
		doc, err := readCorpus(t, path)
		if err != nil {
			continue // TestCorpus tells
		}
		asJSON, err := doc.EncodeJSON()
		if err != nil {
			t.Errorf("%s: %v", path, err)
			continue
		}
		asXML, err := doc.EncodeXML()
		if err != nil {
			t.Errorf("%s: %v", path, err)
			continue
		}
		a, err := DecodeJSON(asJSON)
		if err != nil {
			t.Errorf("%s: %v in\n%s", path, err, asJSON)
			continue
		}
		b, err := DecodeXML(asXML)
		if err != nil {
			t.Errorf("%s: %v in\n%s", path, err, asXML)
			continue
		}
		sameDocument(t, path+" (JSON)", doc, a)
		sameDocument(t, path+" (XML)", doc, b)
		n++
	}
	t.Logf("%d documents come back from JSON and from XML with the same header and hash IDs", n)
}

func sameDocument(t *testing.T, what string, a, b *Document) {
	t.Helper()
	if a.Type != b.Type || !a.Created.Equal(b.Created) || a.Sender != b.Sender || a.Receiver != b.Receiver ||
		a.InstanceIdentifier != b.InstanceIdentifier || a.QueryName != b.QueryName || a.SubscriptionID != b.SubscriptionID || len(a.Events) != len(b.Events) {
		t.Errorf("%s: header %+v, want %+v", what, b, a)
		return
	}
	for i := range a.Events {
		x, y := &a.Events[i], &b.Events[i]
		if x.preHash(nil) != y.preHash(nil) {
			t.Errorf("%s, event %d:\n%s\nwant\n%s", what, i, y.preHash(nil), x.preHash(nil))
		}
		// What the hash leaves out.
		if x.ID != y.ID || !x.RecordTime.Equal(y.RecordTime) || (x.Error == nil) != (y.Error == nil) {
			t.Errorf("%s, event %d: ID, record time or error declaration differ", what, i)
		} else if x.Error != nil && (x.Error.Reason != y.Error.Reason || !x.Error.Time.Equal(y.Error.Time) || !slices.Equal(x.Error.CorrectiveIDs, y.Error.CorrectiveIDs)) {
			t.Errorf("%s, event %d: error declaration %+v, want %+v", what, i, y.Error, x.Error)
		}
	}
}

// Files of the same name in both formats hold the same events, but for faults
// of the corpus itself.
func TestTwins(t *testing.T) {
	same, differ := 0, []string{}
	for _, path := range files(t, "/JSON/Capture/Documents/") {
		twin := strings.TrimSuffix(strings.Replace(path, "/JSON/", "/XML/", 1), ".json") + ".xml"
		if _, err := os.Stat(twin); err != nil {
			continue
		}
		a, errA := readCorpus(t, path)
		b, errB := readCorpus(t, twin)
		if errA != nil || errB != nil {
			continue
		}
		equal := len(a.Events) == len(b.Events)
		for i := range a.Events {
			equal = equal && a.Events[i].HashID() == b.Events[i].HashID()
		}
		if equal {
			same++
		} else {
			differ = append(differ, filepath.Base(path))
		}
	}
	t.Logf("%d pairs of JSON and XML files have the same hash IDs; these do not: %s", same, strings.Join(differ, ", "))
	if same < 20 {
		t.Errorf("only %d pairs agree", same)
	}
}
