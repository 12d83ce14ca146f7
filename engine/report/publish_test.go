package report_test

import (
	"bytes"
	"crypto/ed25519"
	"encoding/json"
	"errors"
	"path/filepath"
	"testing"
	"time"

	"github.com/dinghai/dinghai/engine/report"
)

func frozen(t *testing.T) *report.Frozen {
	t.Helper()
	src, _ := bureau()
	tpl := parse(t, "抽检{{figure food_samples}}批次,自有{{figure own_figure}}件", "zh")
	res := compute(t, src, tpl.Asks()...)
	f := report.Freeze(res, text("年报"), time.Date(2023, 11, 18, 9, 0, 0, 0, time.UTC), "abc", map[int]int64{330902: 7, 330900: 12})
	f.Word(tpl, tpl.Fill(res, report.Bureau{Name: text("某局")}))
	return f
}

func TestSignAndVerify(t *testing.T) {
	path := filepath.Join(t.TempDir(), "report.key")
	key, err := report.NewKey(path)
	if err != nil {
		t.Fatal(err)
	}
	if again, err := report.ReadKey(path); err != nil || !again.Equal(key) {
		t.Fatalf("the key does not come back: %v", err)
	}
	f := frozen(t)
	file, err := report.Sign(f, key)
	if err != nil {
		t.Fatal(err)
	}
	public := key.Public().(ed25519.PublicKey)
	got, err := report.Verify(file, public)
	if err != nil {
		t.Fatal(err)
	}
	if len(got.Figures) != 167 || len(got.Definitions) != 8 || len(got.Others) != 1 || got.Positions[0].Home != 330900 || got.Templates[0].Hash == "" {
		t.Errorf("%+v", got)
	}
	a, _ := f.ID()
	if b, _ := got.ID(); a != b {
		t.Error("what comes back has another id")
	}
	if _, err := report.NewKey(path); err == nil {
		t.Error("a key was overwritten")
	}
}

// TestVerifyAnyByte changes every byte of the file in turn.
func TestVerifyAnyByte(t *testing.T) {
	seed := bytes.Repeat([]byte{7}, ed25519.SeedSize)
	key := ed25519.NewKeyFromSeed(seed)
	public := key.Public().(ed25519.PublicKey)
	f := frozen(t)
	f.Figures, f.Findings, f.Definitions = f.Figures[:2], f.Findings[:1], f.Definitions[:2] // enough of every kind
	file, err := report.Sign(f, key)
	if err != nil {
		t.Fatal(err)
	}
	for i := range file {
		for _, flip := range []byte{1, 0x20} { // 0x20 turns a into A, which is the same in hexadecimal
			if flip == 0x20 && (file[i] < 'a' || file[i] > 'f') {
				continue
			}
			bad := bytes.Clone(file)
			bad[i] ^= flip
			if _, err := report.Verify(bad, public); err == nil {
				t.Fatalf("byte %d (%q) changed and nobody noticed", i, file[i])
			}
		}
	}
	for name, bad := range map[string][]byte{
		"a blank more": append(bytes.Clone(file), ' '),
		"cut":          file[:len(file)-1],
		"empty":        nil,
	} {
		if _, err := report.Verify(bad, public); !errors.Is(err, report.ErrSignature) {
			t.Errorf("%s: %v", name, err)
		}
	}
	other := ed25519.NewKeyFromSeed(bytes.Repeat([]byte{8}, ed25519.SeedSize))
	if _, err := report.Verify(file, other.Public().(ed25519.PublicKey)); !errors.Is(err, report.ErrSignature) {
		t.Errorf("other key: %v", err)
	}
}

func TestCanonical(t *testing.T) {
	for in, want := range map[string]string{
		`{"b":1,"a":[true,null,"x"]}`:             `{"a":[true,null,"x"],"b":1}`,
		`{"n":[1e21,1.0,0.000001,1e-7,-0.5,100]}`: `{"n":[1e+21,1,0.000001,1e-7,-0.5,100]}`,
		`{"s":"<\u0041&\u2028\u0007\n\"\\é"}`:     "{\"s\":\"<A&\u2028\\u0007\\n\\\"\\\\é\"}",
		"{\"\U0001F600\":1,\"\ufb33\":2}":         "{\"\U0001F600\":1,\"\ufb33\":2}", // by UTF-16, not by UTF-8
	} {
		got, err := report.Canonical(json.RawMessage(in))
		if err != nil || string(got) != want {
			t.Errorf("%s: %s, %v", in, got, err)
		}
	}
}

func TestReadKeyRefuses(t *testing.T) {
	if _, err := report.ReadKey("testdata/traps.yaml"); !errors.Is(err, report.ErrKey) {
		t.Errorf("%v", err)
	}
}
