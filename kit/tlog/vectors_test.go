package tlog

import (
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"errors"
	"os"
	"testing"
)

func readJSON(t testing.TB, name string, v any) {
	t.Helper()
	b, err := os.ReadFile("testdata/" + name)
	if err != nil {
		t.Fatal(err)
	}
	if err := json.Unmarshal(b, v); err != nil {
		t.Fatal(err)
	}
}

type merkleVector struct {
	File               string
	LeafIdx            uint64
	TreeSize           uint64
	Size1, Size2, Size uint64
	Start, End         uint64
	Root, LeafHash     string
	Root1, Root2       string
	Proof              []string
	WantErr            bool
}

// hashes decodes a vector's base64; hashes of another length are an error, for
// the package's functions cannot be given one.
func hashes(list ...string) ([]Hash, error) {
	out := make([]Hash, len(list))
	for i, s := range list {
		b, err := base64.StdEncoding.DecodeString(s)
		if err != nil || len(b) != len(out[i]) {
			return nil, errors.New("not a hash")
		}
		out[i] = Hash(b)
	}
	return out, nil
}

// rootOrLeaf decodes a root or leaf. Some vectors have a text there ("don't care
// 1"), which a Hash cannot be; its SHA-256 stands for it, equal where the texts
// are equal. A root or leaf that is missing is refused.
func rootOrLeaf(s string) (Hash, error) {
	b, err := base64.StdEncoding.DecodeString(s)
	switch {
	case err != nil || len(b) == 0:
		return Hash{}, errors.New("missing")
	case len(b) == len(Hash{}):
		return Hash(b), nil
	}
	return sha256.Sum256(b), nil
}

func (v merkleVector) run(verify func(v merkleVector, proof []Hash, a, b Hash) error) error {
	texts := []string{v.LeafHash, v.Root}
	if v.Root1 != "" {
		texts = []string{v.Root1, v.Root2}
	}
	a, err1 := rootOrLeaf(texts[0])
	b, err2 := rootOrLeaf(texts[1])
	proof, err3 := hashes(v.Proof...)
	if err := errors.Join(err1, err2, err3); err != nil {
		return err
	}
	return verify(v, proof, a, b)
}

func TestMerkleVectors(t *testing.T) {
	all := 0
	for _, f := range []struct {
		name   string
		count  int
		verify func(v merkleVector, proof []Hash, a, b Hash) error
	}{
		{"merkle-inclusion.json", 98, func(v merkleVector, p []Hash, leaf, root Hash) error {
			return VerifyInclusion(p, v.LeafIdx, v.TreeSize, leaf, root)
		}},
		{"merkle-consistency.json", 98, func(v merkleVector, p []Hash, r1, r2 Hash) error {
			return VerifyConsistency(p, v.Size1, v.Size2, r1, r2)
		}},
		{"merkle-subtreeinclusion.json", 204, func(v merkleVector, p []Hash, leaf, root Hash) error {
			return VerifySubtreeInclusion(p, v.LeafIdx, v.Start, v.End, leaf, root)
		}},
		{"merkle-subtreeconsistency.json", 118, func(v merkleVector, p []Hash, r1, r2 Hash) error {
			return VerifySubtreeConsistency(p, v.Start, v.End, v.Size, r1, r2)
		}},
	} {
		var file struct{ Cases []merkleVector }
		readJSON(t, f.name, &file)
		pass, refused := 0, 0
		for _, v := range file.Cases {
			err := v.run(f.verify)
			if (err != nil) != v.WantErr {
				t.Errorf("%s: %v, want refusal %v", v.File, err, v.WantErr)
				continue
			}
			pass++
			if v.WantErr {
				refused++
			}
		}
		t.Logf("%s: %d of %d vectors pass, %d of them refused as they must be", f.name, pass, len(file.Cases), refused)
		if len(file.Cases) != f.count {
			t.Errorf("%s: %d cases, want %d", f.name, len(file.Cases), f.count)
		}
		all += pass
	}
	t.Logf("%d of 518 vectors pass", all)
}
