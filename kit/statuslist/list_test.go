package statuslist

import (
	"bytes"
	"compress/zlib"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"encoding/base64"
	"encoding/hex"
	"encoding/json"
	"errors"
	"os"
	"runtime"
	"strconv"
	"strings"
	"testing"

	"pgregory.net/rapid"
)

type vector struct {
	File, Lst, JWT string
	Bits           int
	BytesHex       string         `json:"bytes_hex"`
	Size           int            `json:"size_entries"`
	NonZero        map[string]int `json:"non_zero"`
}

func TestVectors(t *testing.T) {
	b, err := os.ReadFile("testdata/token-status-list.json")
	if err != nil {
		t.Fatal(err)
	}
	var f struct{ Cases []vector }
	if err := json.Unmarshal(b, &f); err != nil {
		t.Fatal(err)
	}
	passed := 0
	for _, v := range f.Cases {
		ok := false
		switch {
		case v.JWT != "":
			ok = checkDraftToken(t, v.JWT)
		default:
			ok = checkList(t, v)
		}
		if ok {
			passed++
		} else {
			t.Errorf("%s fails", v.File)
		}
	}
	t.Logf("token-status-list.json: %d of %d vectors pass", passed, len(f.Cases))
	if len(f.Cases) != 7 {
		t.Error("vectors are missing")
	}
}

// checkList reads a list, compares every entry, builds the same and reads that.
func checkList(t *testing.T, v vector) bool {
	stream, err := base64.RawURLEncoding.DecodeString(v.Lst)
	if err != nil {
		t.Fatal(err)
	}
	got, err := Decompress(v.Bits, stream)
	if err != nil {
		t.Error(err)
		return false
	}
	if v.BytesHex != "" {
		return hex.EncodeToString(got.data) == v.BytesHex
	}
	want, err := New(v.Bits, v.Size)
	if err != nil {
		t.Fatal(err)
	}
	for text, s := range v.NonZero {
		i, err := strconv.Atoi(text)
		if err != nil || want.Set(i, Status(s)) != nil {
			t.Fatal(text, s)
		}
		if g, err := got.Get(i); err != nil || g != Status(s) {
			t.Errorf("entry %d is %d, want %d", i, g, s)
		}
	}
	again, err := Decompress(v.Bits, want.Compress())
	return err == nil && got.Len() == v.Size && got.Count() == len(v.NonZero) &&
		bytes.Equal(got.data, want.data) && bytes.Equal(again.data, want.data)
}

func TestSetGet(t *testing.T) {
	for _, bits := range []int{1, 2, 4, 8} {
		rapid.Check(t, func(t *rapid.T) {
			size := rapid.IntRange(1, 300).Draw(t, "size")
			l, err := New(bits, size)
			if err != nil {
				t.Fatal(err)
			}
			model := make([]Status, l.Len())
			for range 50 {
				i := rapid.IntRange(0, l.Len()-1).Draw(t, "i")
				s := Status(rapid.IntRange(0, 1<<bits-1).Draw(t, "s"))
				if err := l.Set(i, s); err != nil {
					t.Fatal(err)
				}
				model[i] = s
			}
			count := 0
			for i, want := range model {
				if got, err := l.Get(i); err != nil || got != want {
					t.Fatalf("entry %d is %d, want %d: %v", i, got, want, err)
				}
				if want != 0 {
					count++
				}
			}
			if l.Count() != count {
				t.Fatalf("count %d, want %d", l.Count(), count)
			}
		})
	}
}

func TestOutOfRange(t *testing.T) {
	l, err := New(2, 8)
	if err != nil {
		t.Fatal(err)
	}
	_, e1 := l.Get(8)
	_, e2 := l.Get(-1)
	_, e5 := New(3, 8)
	_, e6 := New(1, 0)
	_, e7 := New(8, MaxBytes+1)
	_, e8 := New(1, MaxBytes*8+1)
	for i, err := range []error{e1, e2, l.Set(8, 0), l.Set(0, 4), e5, e6, e7, e8} {
		var e *Error
		if !errors.As(err, &e) {
			t.Errorf("%d: no error", i)
		}
	}
}

func deflate(t testing.TB, b []byte) []byte {
	t.Helper()
	var out bytes.Buffer
	w := zlib.NewWriter(&out)
	if _, err := w.Write(b); err != nil {
		t.Fatal(err)
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	return out.Bytes()
}

func TestHostileStreams(t *testing.T) {
	good := deflate(t, make([]byte, 100))
	bad := bytes.Clone(good)
	bad[len(bad)-1] ^= 1
	for name, b := range map[string][]byte{
		"bomb":     deflate(t, make([]byte, 20<<20)),
		"trailing": append(bytes.Clone(good), 0),
		"checksum": bad,
		"cut":      good[:len(good)-2],
		"empty":    deflate(t, nil),
		"nothing":  nil,
		"raw":      good[2:],
	} {
		var e *Error
		if _, err := Decompress(1, b); !errors.As(err, &e) || e.Field != "lst" {
			t.Errorf("%s: %v", name, err)
		}
	}
	if l, err := Decompress(8, deflate(t, make([]byte, MaxBytes))); err != nil || l.Len() != MaxBytes {
		t.Error(err)
	}
}

// A bomb is not blown up first and measured then.
func TestBombTakesNoMemory(t *testing.T) {
	bomb := deflate(t, make([]byte, 64<<20))
	var before, after runtime.MemStats
	runtime.ReadMemStats(&before)
	if _, err := Decompress(1, bomb); err == nil {
		t.Error("accepted")
	}
	runtime.ReadMemStats(&after)
	if n := after.TotalAlloc - before.TotalAlloc; n > 40<<20 {
		t.Errorf("%d bytes were allocated", n)
	}
}

func TestAllocate(t *testing.T) {
	used, err := New(1, 64)
	if err != nil {
		t.Fatal(err)
	}
	seen := map[int]bool{}
	for range 64 {
		i, err := Allocate(used)
		if err != nil || seen[i] {
			t.Fatal(i, err)
		}
		seen[i] = true
	}
	if _, err := Allocate(used); err == nil || !strings.Contains(err.Error(), "all taken") {
		t.Error(err)
	}
}

func FuzzDecompress(f *testing.F) {
	f.Add(1, deflate(f, []byte{1, 2, 3}))
	f.Add(8, []byte{0x78, 0xda})
	f.Fuzz(func(t *testing.T, bits int, b []byte) {
		if l, err := Decompress(bits, b); err == nil {
			if _, err := l.Get(l.Len() - 1); err != nil {
				t.Error(err)
			}
		}
	})
}

func newKey(t testing.TB) *ecdsa.PrivateKey {
	t.Helper()
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	return key
}

// sparse is a list of 2^20 entries of which one in a thousand is set.
func sparse(t testing.TB, bits int) *List {
	t.Helper()
	l, err := New(bits, 1<<20)
	if err != nil {
		t.Fatal(err)
	}
	for i := 0; i < l.Len(); i += 1009 {
		if err := l.Set(i, 1); err != nil {
			t.Fatal(err)
		}
	}
	return l
}

func BenchmarkGet(b *testing.B) {
	l := sparse(b, 1)
	b.ReportAllocs()
	for i := 0; b.Loop(); i++ {
		if _, err := l.Get(i & (1<<20 - 1)); err != nil {
			b.Fatal(err)
		}
	}
}

func BenchmarkCompress(b *testing.B) {
	l := sparse(b, 1)
	b.ReportAllocs()
	for b.Loop() {
		b.ReportMetric(float64(len(l.Compress())), "bytes")
	}
}

func BenchmarkDecompress(b *testing.B) {
	stream := sparse(b, 1).Compress()
	b.ReportAllocs()
	for b.Loop() {
		if _, err := Decompress(1, stream); err != nil {
			b.Fatal(err)
		}
	}
}
