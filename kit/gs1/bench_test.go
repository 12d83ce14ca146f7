package gs1

import (
	"math/rand/v2"
	"os"
	"syscall"
	"testing"
	"time"
)

// workload is what peers are measured with: GTIN with batch, serial number and
// two attributes; SSCC; GLN with extension.
var workload = [...]string{
	"https://id.gs1.org/01/09520123456788/10/ABC1/21/12345?17=180426&3103=000195",
	"https://id.gs1.org/00/952012345678912345",
	"https://id.gs1.org/414/9520123456788/254/32a%2Fb",
}

// cpuTime is the time that this process had on a processor: others may be using
// the machine.
func cpuTime(b *testing.B) time.Duration {
	var u syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &u); err != nil {
		b.Fatal(err)
	}
	return time.Duration(u.Utime.Nano() + u.Stime.Nano())
}

// BenchmarkURI parses, validates all and writes the bracketed form, once per op.
func BenchmarkURI(b *testing.B) {
	b.ReportAllocs()
	i, start := 0, cpuTime(b)
	for b.Loop() {
		m, err := ParseURI(workload[i%len(workload)])
		if err != nil || m.Bracketed() == "" {
			b.Fatal(err)
		}
		i++
	}
	b.ReportMetric(float64(b.N)/(cpuTime(b)-start).Seconds(), "URI/s/core")
}

// BenchmarkURIInto does the same into one Message.
func BenchmarkURIInto(b *testing.B) {
	b.ReportAllocs()
	var m Message
	i, start := 0, cpuTime(b)
	for b.Loop() {
		if err := (Parser{}).URIInto(&m, workload[i%len(workload)]); err != nil || m.Bracketed() == "" {
			b.Fatal(err)
		}
		i++
	}
	b.ReportMetric(float64(b.N)/(cpuTime(b)-start).Seconds(), "URI/s/core")
}

func BenchmarkElementString(b *testing.B) {
	b.ReportAllocs()
	for b.Loop() {
		if _, err := ParseElementString("^0109520123456788310300019517180426" + "10ABC1^2112345"); err != nil {
			b.Fatal(err)
		}
	}
}

func BenchmarkDecompress(b *testing.B) {
	b.ReportAllocs()
	for b.Loop() {
		if _, err := Decompress("https://id.gs1.org/DBZlXgDkDE1XgkY"); err != nil {
			b.Fatal(err)
		}
	}
}

// At most two allocations for each URI: the Message, its bracketed form, and
// with one Message for all the decoded value.
func TestAllocations(t *testing.T) {
	var m Message
	for _, uri := range workload {
		n := testing.AllocsPerRun(100, func() {
			if err := (Parser{}).URIInto(&m, uri); err != nil || m.Bracketed() == "" {
				t.Fatal(err)
			}
		})
		if n > 2 {
			t.Errorf("%s: %v allocations", uri, n)
		}
	}
}

// mutate changes up to three bytes of a URI, as fuzzing would.
func mutate(r *rand.Rand, s string) string {
	const bytes = "0123456789abcXYZ/?&=%#+.:-_()[]@!\x00\x1d^~ \xff"
	b := []byte(s)
	for range 1 + r.IntN(3) {
		i := r.IntN(len(b))
		switch r.IntN(4) {
		case 0:
			b[i] = bytes[r.IntN(len(bytes))]
		case 1:
			b = append(b[:i], b[i+1:]...)
		case 2:
			b = append(b[:i], append([]byte{bytes[r.IntN(len(bytes))]}, b[i:]...)...)
		case 3:
			j := i + r.IntN(len(b)-i)
			b = append(b, b[i:j]...)
		}
		if len(b) == 0 {
			b = []byte(s)
		}
	}
	return string(b)
}

// TestMutatedURIs reads mutated URIs: none may panic, and what is accepted must
// mean the same in every face. All of the million run under REQUIRE=all.
func TestMutatedURIs(t *testing.T) {
	n := 100_000
	if os.Getenv("REQUIRE") == "all" {
		n = 1_000_000
	}
	var seeds []string
	for _, v := range load(t, "dl-parse") {
		if v.OK {
			seeds = append(seeds, v.URI)
		}
	}
	for _, v := range load(t, "dl-compression") {
		seeds = append(seeds, v.URI, v.Compressed)
	}
	r := rand.New(rand.NewPCG(1, 2))
	accepted, decompressed := 0, 0
	for range n {
		s := mutate(r, seeds[r.IntN(len(seeds))])
		m, err := ParseURI(s)
		if err != nil {
			if plain, err := Decompress(s); err == nil {
				decompressed++
				if _, err := ParseURI(plain); err != nil {
					t.Fatalf("%q decompresses to %q: %v", s, plain, err)
				}
			}
			continue
		}
		accepted++
		sameFaces(t, s, m)
	}
	t.Logf("%d mutated URIs: %d accepted, %d compressed ones accepted, no panic", n, accepted, decompressed)
}

// sameFaces checks that bracketed form and element string read back alike.
func sameFaces(t *testing.T, in string, m *Message) {
	t.Helper()
	want := m.Bracketed()
	b, err := ParseBracketed(want)
	if err != nil || b.Bracketed() != want {
		t.Fatalf("%q: bracketed %q reads as %v, %v", in, want, b, err)
	}
	e, err := ParseElementString(m.ElementString())
	if err != nil || e.Bracketed() != want {
		t.Fatalf("%q: %q reads as %v, %v", in, m.ElementString(), e, err)
	}
}

func FuzzURI(f *testing.F) {
	for _, v := range load(f, "dl-parse") {
		f.Add(v.URI)
	}
	f.Fuzz(func(t *testing.T, s string) {
		if m, err := ParseURI(s); err == nil {
			sameFaces(t, s, m)
		}
		Parser{UnknownAIs: true, UnknownAttributes: true, TrailingSlash: true, ConvenienceAlphas: true, ZeroSuppressedGTIN: true}.URI(s)
	})
}

func FuzzDecompress(f *testing.F) {
	for _, v := range load(f, "dl-compression") {
		f.Add(v.Compressed)
	}
	f.Fuzz(func(t *testing.T, s string) {
		plain, err := Decompress(s)
		if err != nil {
			return
		}
		m, err := ParseURI(plain)
		if err != nil {
			t.Fatalf("%q decompresses to %q: %v", s, plain, err)
		}
		short, err := Compress(plain, true)
		if err != nil {
			t.Fatalf("%q: %v", plain, err)
		}
		if !IsCompressed(short) {
			return
		}
		if back, err := Decompress(short); err != nil || !(Parser{}).sameMessage(short, m) {
			t.Fatalf("%q: %q back as %q, %v", plain, short, back, err)
		}
	})
}

func FuzzElements(f *testing.F) {
	for _, v := range load(f, "ai-elements") {
		f.Add(v.Elements)
		f.Add(v.Bracketed)
	}
	f.Fuzz(func(t *testing.T, s string) {
		if m, err := ParseBracketed(s); err == nil {
			sameFaces(t, s, m)
		}
		if m, err := ParseElementString(s); err == nil {
			sameFaces(t, s, m)
		}
	})
}

func FuzzScan(f *testing.F) {
	for _, v := range load(f, "scandata") {
		f.Add(v.Scan, v.DataStr)
	}
	f.Fuzz(func(t *testing.T, scan, data string) {
		if s, err := ParseScan(scan); err == nil {
			if _, err := ScanData(s.Symbology, s.Data); err != nil {
				t.Fatalf("%q reads as %+v, which cannot be sent: %v", scan, s, err)
			}
		}
		for _, c := range carriers {
			ScanData(c.symbology, data)
		}
	})
}
