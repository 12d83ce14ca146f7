package epcis

import (
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"runtime"
	"syscall"
	"testing"
	"time"
)

// supplyChain is a year of a city's food in n events: farms deliver lots on
// pallets, plants make goods of several lots, canteens cook from many goods and
// take along what was left the day before.
func supplyChain(n int, yield func(*Event)) {
	r := rand.New(rand.NewPCG(7, 8))
	gtin := func(kind string, i int) string {
		return fmt.Sprintf("https://id.gs1.org/01/0690123%s%05d/10/L%d", kind, i%100000, i)
	}
	sscc := func(i int) string { return fmt.Sprintf("https://id.gs1.org/00/%018d", i) }
	for i := range n {
		e := Event{Time: day0.Add(time.Duration(i) * 30 * time.Second)}
		recent := func(kind string, span int) Quantity {
			made := max(0, i-r.IntN(span)) / 10 * 10
			if kind == "02" {
				made += 1 + r.IntN(2)
			}
			return Quantity{Class: gtin(kind, made)}
		}
		switch i % 10 {
		case 0: // a farm's lot appears
			e.Type, e.Action, e.Quantities = ObjectEvent, Add, []Quantity{{Class: gtin("01", i)}}
		case 1, 2: // a plant makes goods
			e.Type = TransformationEvent
			e.InputQuantities = []Quantity{recent("01", 2000), recent("01", 2000), recent("02", 3000)}
			e.OutputQuantities = []Quantity{{Class: gtin("02", i)}}
		case 3, 4: // packed on a pallet, the pallet on a truck
			e.Type, e.Action, e.ParentID = AggregationEvent, Add, sscc(i)
			e.ChildQuantities = []Quantity{recent("02", 500), recent("02", 500)}
			if i%10 == 4 {
				e.ParentID, e.ChildQuantities, e.ChildEPCs = fmt.Sprintf("https://id.gs1.org/8003/069012345678%d", r.IntN(200)), nil, []string{sscc(i - 1)}
			}
		case 5:
			e.Type, e.Action, e.ParentID = AggregationEvent, Delete, sscc(max(0, i-2-10*r.IntN(50)))
		case 6, 7: // a canteen cooks
			kitchen := r.IntN(300)
			e.Type = TransformationEvent
			for range 12 {
				e.InputQuantities = append(e.InputQuantities, recent("02", 1500))
			}
			stock := Quantity{Class: fmt.Sprintf("https://id.gs1.org/01/0690123039%04d/10/STOCK", kitchen)}
			e.InputQuantities = append(e.InputQuantities, stock)
			e.OutputQuantities = []Quantity{{Class: gtin("03", i)}, {Class: gtin("04", i)}, stock}
		default: // seen on the way
			e.Type, e.Action, e.Quantities = ObjectEvent, Observe, []Quantity{recent("02", 500)}
		}
		yield(&e)
	}
}

const million = 1_000_000

// cpuTime is the time that this process had on a processor: others may be using
// the machine.
func cpuTime(b *testing.B) time.Duration {
	var u syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &u); err != nil {
		b.Fatal(err)
	}
	return time.Duration(u.Utime.Nano() + u.Stime.Nano())
}

// BenchmarkRecall asks, over a million events, what became of a lot, and where a
// dish came from.
func BenchmarkRecall(b *testing.B) {
	var before, after runtime.MemStats
	runtime.GC()
	runtime.ReadMemStats(&before)
	x := new(Index)
	start := cpuTime(b)
	supplyChain(million, func(e *Event) { x.Add(e) })
	built := cpuTime(b) - start
	runtime.GC()
	runtime.ReadMemStats(&after)
	b.Logf("%d events made and indexed in %.1f s of processor time, %d bytes each", x.Len(), built.Seconds(), (after.HeapAlloc-before.HeapAlloc)/million)
	for _, q := range []struct {
		name string
		ask  func() Result
	}{
		{"Forward/early_lot", func() Result { return x.Forward("https://id.gs1.org/01/069012301"+"01000/10/L1000", Trace{}) }},
		{"Forward/late_lot", func() Result { return x.Forward("https://id.gs1.org/01/069012301"+"90000/10/L990000", Trace{}) }},
		{"Back/late_dish", func() Result { return x.Back("https://id.gs1.org/01/069012303"+"99996/10/L999996", Trace{}) }},
		{"Back/8_levels", func() Result {
			return x.Back("https://id.gs1.org/01/069012303"+"99996/10/L999996", Trace{MaxDepth: 8})
		}},
	} {
		b.Run(q.name, func(b *testing.B) {
			b.ReportAllocs()
			items, start := 0, cpuTime(b)
			for b.Loop() {
				items = len(q.ask().Items)
			}
			b.ReportMetric(float64((cpuTime(b)-start).Milliseconds())/float64(b.N), "cpu-ms/op")
			if items < 2 {
				b.Fatal("nothing found")
			}
			b.ReportMetric(float64(items), "items")
		})
	}
}

func benchmarkDocument(b *testing.B, name string) []byte {
	text, err := os.ReadFile(filepath.Join(corpus, name))
	if err != nil {
		b.Fatal(err)
	}
	b.SetBytes(int64(len(text)))
	b.ReportAllocs()
	return text
}

func BenchmarkDecodeJSON(b *testing.B) {
	text := benchmarkDocument(b, "JSON/Capture/Documents/Combination_of_different_event.json")
	for b.Loop() {
		if _, err := DecodeJSON(text); err != nil {
			b.Fatal(err)
		}
	}
}

func BenchmarkDecodeXML(b *testing.B) {
	text := benchmarkDocument(b, "XML/Capture/Documents/Combination_of_different_event.xml")
	for b.Loop() {
		if _, err := DecodeXML(text); err != nil {
			b.Fatal(err)
		}
	}
}

func BenchmarkHashID(b *testing.B) {
	doc, err := DecodeJSON(benchmarkDocument(b, "JSON/Capture/Documents/ObjectEvent.json"))
	if err != nil {
		b.Fatal(err)
	}
	for b.Loop() {
		doc.Events[0].HashID()
	}
}

// A document of depth beyond all reason, or with members twice, ends in an
// error that names the place.
func TestHostile(t *testing.T) {
	deep := func(open, close string, n int) string {
		s := ""
		for range n {
			s += open
		}
		for range n {
			s += close
		}
		return s
	}
	const head = `{"@context":["https://ref.gs1.org/standards/epcis/epcis-context.jsonld"],"type":"EPCISDocument","schemaVersion":"2.0","creationDate":"2026-01-01T00:00:00Z",`
	for name, text := range map[string]string{
		"deep JSON":       head + `"epcisBody":` + deep("[", "]", 5000) + `}`,
		"member twice":    head + `"type":"EPCISDocument"}`,
		"invalid UTF-8":   head + "\"epcisBody\":\"\xff\"}",
		"huge number":     head + `"epcisBody":1` + deep("0", "0", 500) + `}`,
		"two documents":   head + `"epcisBody":{"eventList":[]}}{}`,
		"foreign context": `{"@context":"https://evil.example/context.jsonld","type":"EPCISDocument","creationDate":"2026-01-01T00:00:00Z","epcisBody":{"eventList":[]}}`,
		"empty":           "",
		"no object":       "[]",
	} {
		if _, err := DecodeJSON([]byte(text)); err == nil {
			t.Errorf("%s: accepted", name)
		}
	}
	for name, text := range map[string]string{
		"entities":  `<!DOCTYPE x [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;">]><epcis:EPCISDocument xmlns:epcis="urn:epcglobal:epcis:xsd:2">&b;</epcis:EPCISDocument>`,
		"entity":    `<epcis:EPCISDocument xmlns:epcis="urn:epcglobal:epcis:xsd:2">&b;</epcis:EPCISDocument>`,
		"deep XML":  deep("<a>", "</a>", 5000),
		"cut":       `<epcis:EPCISDocument xmlns:epcis="urn:epcglobal:epcis:xsd:2"><EPCISBody>`,
		"two roots": `<a/><b/>`,
		"charset":   `<?xml version="1.0" encoding="UTF-16"?><a/>`,
		"other":     `<html/>`,
	} {
		if _, err := DecodeXML([]byte(text)); err == nil {
			t.Errorf("%s: accepted", name)
		}
	}
}

func FuzzJSON(f *testing.F) {
	seed(f, "/JSON/")
	f.Fuzz(func(t *testing.T, text []byte) {
		ParseQueryJSON(text)
		if doc, err := DecodeJSON(text); err == nil {
			comesBack(t, doc)
		}
		if doc, _ := (Decoder{Lenient: true}).JSON(text); doc != nil {
			for i := range doc.Events {
				doc.HashID(i)
			}
			doc.EncodeJSON()
			doc.EncodeXML()
		}
	})
}

func FuzzXML(f *testing.F) {
	seed(f, "/XML/")
	f.Fuzz(func(t *testing.T, text []byte) {
		ParseQueryXML(text)
		if doc, err := DecodeXML(text); err == nil {
			comesBack(t, doc)
		}
		if doc, _ := (Decoder{Lenient: true, AnyOrder: true}).XML(text); doc != nil {
			for i := range doc.Events {
				doc.HashID(i)
			}
			doc.EncodeJSON()
			doc.EncodeXML()
		}
	})
}

func seed(f *testing.F, part string) {
	for _, path := range files(f, part) {
		text, err := os.ReadFile(path)
		if err != nil {
			f.Fatal(err)
		}
		if len(text) < 4000 {
			f.Add(text)
		}
	}
}

// comesBack wants what a strict decoder took to be taken again after it was
// written, with the same hash IDs.
func comesBack(t *testing.T, doc *Document) {
	t.Helper()
	text, err := doc.EncodeJSON()
	if err != nil {
		return // names that JSON had and XML or JSON cannot write
	}
	again, err := DecodeJSON(text)
	if err != nil {
		t.Fatalf("%v in\n%s", err, text)
	}
	for i := range doc.Events {
		if a, b := doc.Events[i].preHash(nil), again.Events[i].preHash(nil); a != b {
			t.Fatalf("hashed %q, then %q", a, b)
		}
	}
}
