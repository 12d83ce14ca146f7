package beacon

import (
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"reflect"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"
)

func TestRFC3797Vectors(t *testing.T) {
	b, err := os.ReadFile("testdata/rfc3797.json")
	if err != nil {
		t.Fatal(err)
	}
	var f struct {
		Cases []struct {
			Name     string
			Key      string
			Pool     []string
			PoolSize int `json:"pool_size"`
			Select   int
			MD5      []string `json:"md5_first16"`
			All      []int    `json:"order_all_25"`
			First    []int    `json:"order_first_20"`
			Selected []string
		}
	}
	if err := json.Unmarshal(b, &f); err != nil || len(f.Cases) != 2 {
		t.Fatal(len(f.Cases), err)
	}
	digests, positions := 0, 0
	for _, c := range f.Cases {
		for i, want := range c.MD5 {
			if got := fmt.Sprintf("%X", Digest(c.Key, uint16(i))); got != want {
				t.Errorf("%s: digest %d is %s, want %s", c.Name, i, got, want)
			}
			digests++
		}
		want := append(c.All, c.First...)
		got, err := Order(c.Key, max(c.PoolSize, len(c.Pool)), len(want))
		if err != nil || !reflect.DeepEqual(got, want) {
			t.Errorf("%s: %v, want %v, %v", c.Name, got, want, err)
		}
		positions += len(want)
		for i, name := range c.Selected {
			if c.Pool[got[i]-1] != name {
				t.Errorf("%s: selected %d is %s, want %s", c.Name, i, c.Pool[got[i]-1], name)
			}
		}
	}
	t.Logf("2 of 2 vectors pass: %d digests, %d positions", digests, positions)
	if digests != 16 || positions != 45 {
		t.Fail()
	}
}

func TestKey(t *testing.T) {
	tests := []struct {
		sources []Source
		want    string
	}{
		{[]Source{{"9319"}, {"2", "5", "12", "8", "10"}, {"9", "18", "26", "34", "41", "45"}}, "9319./2.5.8.10.12./9.18.26.34.41.45./"},
		{[]Source{{"23", "9", "08", "1", "20", "17", "14"}, {"076998828"}, {"79622755."}, {"42", "38", "23", "21", "20", "6"}}, "1.8.9.14.17.20.23./76998828./79622755./6.20.21.23.38.42./"},
		{[]Source{{"3123.660", "0.5", "0"}}, "0.0.53123.66/"},
		{[]Source{{"10.2", "10.15", "9.9"}}, "9.910.1510.2/"},
	}
	for _, tt := range tests {
		if got, err := Key(tt.sources); got != tt.want || err != nil {
			t.Errorf("%v: got %q, %v, want %q", tt.sources, got, err, tt.want)
		}
	}
	for _, bad := range [][]Source{nil, {{"1"}, nil}, {{"-1"}}, {{""}}, {{".5"}}, {{"1e3"}}, {{"１"}}, {{"1.2.3"}}, {{"1 "}}, {{strings.Repeat("9", 41)}}} {
		var e *Error
		if _, err := Key(bad); !errors.As(err, &e) || e.Field != "source" {
			t.Errorf("%v: %v", bad, err)
		}
	}
}

// The order in which a source lists its numbers, and zeros that do not count,
// change nothing.
func TestKeyIsCanonical(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		s := Source(rapid.SliceOfN(rapid.StringMatching(`[0-9]{1,6}(\.[0-9]{0,3})?`), 1, 8).Draw(t, "numbers"))
		other := Source(rapid.Permutation(s).Draw(t, "order"))
		for i := range other {
			other[i] = "0" + other[i]
		}
		a, err1 := Key([]Source{s})
		b, err2 := Key([]Source{other})
		if err1 != nil || err2 != nil || a != b {
			t.Fatal(a, b, err1, err2)
		}
	})
}

func TestOrderErrors(t *testing.T) {
	for _, nk := range [][2]int{{0, 0}, {-1, 0}, {1 << 17, 1}, {5, 6}, {5, -1}} {
		if _, err := Order("1./", nk[0], nk[1]); err == nil {
			t.Errorf("%v was accepted", nk)
		}
	}
}

func TestQuicknet(t *testing.T) {
	if err := Quicknet.Check(); err != nil {
		t.Fatal(err)
	}
	changes := map[string]func(*Chain){
		"public_key": func(c *Chain) { c.PublicKey = c.PublicKey[1:] },
		"hash":       func(c *Chain) { c.Genesis++ },
		"time":       func(c *Chain) { c.Period = 0 },
		"scheme":     func(c *Chain) { c.Scheme = "" },
	}
	for field, change := range changes {
		c := Quicknet
		change(&c)
		var e *Error
		if err := c.Check(); !errors.As(err, &e) || e.Field != field {
			t.Errorf("%s: %v", field, err)
		}
	}
}

func TestTime(t *testing.T) {
	start := time.Unix(1692803367, 0).UTC()
	for round, want := range map[uint64]time.Time{1: start, 2: start.Add(3 * time.Second), 1_000_001: start.Add(3_000_000 * time.Second)} {
		got, err := Quicknet.Time(round)
		if err != nil || got != want || Quicknet.RoundAt(got) != round {
			t.Errorf("round %d: %v, %d, %v", round, got, Quicknet.RoundAt(got), err)
		}
		if next := Quicknet.RoundAt(got.Add(time.Nanosecond)); next != round+1 {
			t.Errorf("just after round %d comes %d", round, next)
		}
	}
	for _, round := range []uint64{0, 1 << 63, 1<<64 - 1} {
		if _, err := Quicknet.Time(round); err == nil {
			t.Errorf("round %d has a time", round)
		}
	}
	if Quicknet.RoundAt(time.Unix(0, 0)) != 1 {
		t.Error("before the first round comes the first round")
	}
}

func TestMessageRefuses(t *testing.T) {
	sig := make([]byte, 96)
	tests := []struct {
		s    Scheme
		r    Round
		want Error
	}{
		{"other", Round{1, sig, nil}, Error{"scheme", 0, "unknown"}},
		{Unchained, Round{0, sig, nil}, Error{"round", 0, "range"}},
		{Unchained, Round{1, sig[1:], nil}, Error{"signature", 0, "length"}},
		{Unchained, Round{1, sig, sig}, Error{"previous", 0, "forbidden"}},
		{Chained, Round{2, sig, nil}, Error{"previous", 0, "missing"}},
		{Chained, Round{2, sig, sig[1:]}, Error{"previous", 0, "length"}},
	}
	for _, tt := range tests {
		_, err := tt.s.Message(tt.r)
		var e *Error
		if !errors.As(err, &e) || *e != tt.want {
			t.Errorf("got %v, want %v", err, &tt.want)
		}
	}
}

func TestParseRound(t *testing.T) {
	r := Round{Number: 3, Signature: []byte{1, 2}}
	sum := r.Randomness()
	good := fmt.Sprintf(`{"round":3,"randomness":"%x","signature":"0102"}`, sum)
	got, err := ParseRound([]byte(good))
	if err != nil || got.Number != 3 || hex.EncodeToString(got.Signature) != "0102" {
		t.Error(got, err)
	}
	for field, s := range map[string]string{
		"json":       `{"round":"3"}`,
		"signature":  `{"round":3,"signature":"xx"}`,
		"previous":   `{"round":3,"previous_signature":"xx"}`,
		"randomness": strings.Replace(good, "0102", "0103", 1),
	} {
		var e *Error
		if _, err := ParseRound([]byte(s)); !errors.As(err, &e) || e.Field != field {
			t.Errorf("%s: %v", s, err)
		}
	}
	if _, err := ParseRound([]byte(good + strings.Repeat(" ", 5000))); err == nil {
		t.Error("too long was accepted")
	}
}

func FuzzKey(f *testing.F) {
	f.Add("1,2,3", "9.5")
	f.Add("", "00.00")
	f.Add("-1", "1e9")
	f.Fuzz(func(t *testing.T, a, b string) {
		key, err := Key([]Source{strings.Split(a, ","), {b}})
		if err != nil {
			return
		}
		if strings.Count(key, "/") != 2 || strings.Trim(key, "0123456789./") != "" {
			t.Fatalf("%q", key)
		}
	})
}

func FuzzParseRound(f *testing.F) {
	f.Add([]byte(`{"round":1,"signature":"00"}`))
	f.Add([]byte(`{"round":-1}`))
	f.Add([]byte(`[[[[`))
	f.Fuzz(func(t *testing.T, b []byte) {
		r, err := ParseRound(b)
		if err == nil {
			_, _ = Quicknet.Scheme.Message(r)
			_, _ = Chained.Message(r)
		}
	})
}

func ExampleKey() {
	key, err := Key([]Source{{"14", "3", "27", "08", "31", "22", "5"}, {"3123.660"}})
	if err != nil {
		panic(err)
	}
	fmt.Println(key)
	fmt.Printf("%.4x\n", KeyRandomness(key))
	// Output:
	// 3.5.8.14.22.27.31./3123.66/
	// 6a120760
}
