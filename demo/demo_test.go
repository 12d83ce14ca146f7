package demo

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"math"
	"os"
	"regexp"
	"testing"
	"time"

	"github.com/dinghai/dinghai/catalogue"
	"github.com/dinghai/dinghai/domain"
	"github.com/dinghai/dinghai/engine/indicator"
)

// TestFigures makes a fiftieth of the bureau and asks the indicators for every
// figure that the targets name.
func TestFigures(t *testing.T) {
	cat, targets := shipped(t), file(t)
	agree(t, cat, targets, 0.02)
}

// TestAnotherBureau does the same with other numbers and rates: the same code
// must tell the truth about them too.
func TestAnotherBureau(t *testing.T) {
	b, err := os.ReadFile("testdata/small.yaml")
	if err != nil {
		t.Fatal(err)
	}
	targets, err := Read(b)
	if err != nil {
		t.Fatal(err)
	}
	agree(t, shipped(t), targets, 1)
}

// TestWholeYear makes the bureau at full size and holds it against its bar;
// DEMO=full asks for it, since it takes two minutes.
func TestWholeYear(t *testing.T) {
	if os.Getenv("DEMO") != "full" {
		t.Skip("DEMO=full runs the whole year")
	}
	begin := time.Now()
	agree(t, shipped(t), file(t), 1)
	if d := time.Since(begin); d > 120*time.Second {
		t.Errorf("took %v; the bar is two minutes", d)
	}
}

func file(t testing.TB) *Targets {
	t.Helper()
	targets, err := Zhoushan2023()
	if err != nil {
		t.Fatal(err)
	}
	return targets
}

func agree(t *testing.T, cat *catalogue.Catalogue, targets *Targets, scale float64) {
	t.Helper()
	begin := time.Now()
	b := bureauOf(t, cat, targets, scale, nil)
	if b.err != nil {
		t.Fatal(b.err)
	}
	if !b.clk.t.Equal(targets.Clock) {
		t.Errorf("the clock stands at %v, want %v", b.clk.t, targets.Clock)
	}
	if n := events(t, b); n > 0 {
		t.Logf("%d events in %v, %.0f a second", n, time.Since(begin).Round(time.Millisecond), float64(n)/time.Since(begin).Seconds())
	}
	if rows, err := b.eng.Reader().Outbox(t.Context(), domain.OutFailed, b.eng.Now(), 10); err != nil || len(rows) > 0 {
		t.Errorf("orders that failed: %+v (%v)", rows, err)
	}
	want, err := Expect(cat, targets, 0, scale)
	if err != nil {
		t.Fatal(err)
	}
	seen := map[string]bool{}
	for _, x := range targets.Targets {
		if x.Figure == "" {
			continue
		}
		seen[x.Figure] = true
		f, err := b.eng.Figures().Value(t.Context(), b.eng.Reader(), x.Figure, indicator.Query{From: x.Period.From, To: x.Period.To})
		if err != nil {
			t.Errorf("%s: %v", x.Figure, err)
			continue
		}
		got := f.Value
		if x.Cmp == "num" { // the part is stated, the figure is a share
			got = float64(f.Num)
		}
		if math.Abs(got-want[x.Recipe]) > 1e-6*max(1, math.Abs(got)) {
			t.Errorf("%s: computed %v (%d/%d), the records were made for %v", x.Figure, got, f.Num, f.Den, want[x.Recipe])
		}
	}
	t.Logf("%d figures", len(seen))
}

func events(t testing.TB, b *bureau) int64 {
	t.Helper()
	heads, err := b.eng.Reader().Heads(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	sum := int64(0)
	for _, n := range heads {
		sum += n
	}
	return sum
}

// sealedText is a value under a person's key: the keys are random, so the
// ciphertext and nothing else differs between two runs.
var sealedText = regexp.MustCompile(`sealed:1:[A-Za-z0-9+/]+`)

// TestSameSeedSameRecords makes a tiny bureau twice and compares every event.
func TestSameSeedSameRecords(t *testing.T) {
	cat, targets := shipped(t), file(t)
	one, two := digest(t, bureauOf(t, cat, targets, 0.004, nil)), digest(t, bureauOf(t, cat, targets, 0.004, nil))
	for home, h := range one {
		if two[home] != h {
			t.Errorf("home %d differs", home)
		}
	}
	other := digest(t, bureauOf(t, cat, targets.with(7, 0), 0.004, nil))
	if other[330902] == one[330902] {
		t.Error("another seed made the same records")
	}
}

func digest(t testing.TB, b *bureau) map[int]string {
	t.Helper()
	if b.err != nil {
		t.Fatal(b.err)
	}
	heads, err := b.eng.Reader().Heads(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	out := map[int]string{}
	for home, last := range heads {
		h := sha256.New()
		for pos := int64(1); pos <= last; pos++ {
			ev, err := b.eng.Reader().EventAt(t.Context(), home, pos)
			if err != nil || ev == nil {
				t.Fatalf("event %d of %d: %v", pos, home, err)
			}
			doc, err := json.Marshal(ev)
			if err != nil {
				t.Fatal(err)
			}
			h.Write(sealedText.ReplaceAll(doc, []byte("sealed")))
		}
		out[home] = hex.EncodeToString(h.Sum(nil))
	}
	return out
}

// TestProgressAtOnce: whoever waits sees something within three seconds, and
// the last word is that it is done.
func TestProgressAtOnce(t *testing.T) {
	begin := time.Now()
	var first time.Duration
	var last domain.Text
	b := bureauOf(t, shipped(t), file(t), 0.004, func(stage domain.Text, done, total int) {
		if first == 0 {
			first = time.Since(begin)
		}
		if done > total || stage.ZH == "" || stage.EN == "" {
			t.Errorf("progress %q %d of %d", stage, done, total)
		}
		last = stage
	})
	if b.err != nil || first > 3*time.Second || last.EN != "done" {
		t.Errorf("first word after %v, last %q, error %v", first, last.EN, b.err)
	}
}
