package app

import (
	"bytes"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/dinghai/dinghai/domain"
	"github.com/dinghai/dinghai/engine"
	"github.com/dinghai/dinghai/store/files"
)

const letter = "照片说明：点的是野生黄鱼"

// fileComplaint files one with evidence and gives its record.
func fileComplaint(t *testing.T, a *App) domain.Ref {
	t.Helper()
	value, err := a.Files.Take(t.Context(), "public:x", "说明.txt", int64(len(letter)), strings.NewReader(letter))
	if err != nil {
		t.Fatal(err)
	}
	v, err := domain.ParseFile(value)
	if err == nil {
		err = a.Files.Claim(t.Context(), v)
	}
	if err != nil {
		t.Fatal(err)
	}
	rec, err := a.Engine.Do(t.Context(), domain.Command{Kind: "complaint.complaint", Action: "receive", Area: "330902002",
		Actor: domain.Actor{ID: "public", Grants: []domain.Grant{{Role: "citizen"}}},
		Input: map[string]any{"complainant": "秦某", "phone": "13867200001", "trader": "望潮海鲜面馆", "facts": "以次充好", "evidence": []any{value}}})
	if err != nil {
		t.Fatal(err)
	}
	return rec.Record.Ref
}

// evidence reads the file of a complaint as its page does; "" when erased.
func evidence(t *testing.T, a *App, ref domain.Ref) string {
	t.Helper()
	rec, err := a.Engine.Reader().Record(t.Context(), ref)
	if err != nil || rec == nil {
		t.Fatalf("%v %v", rec, err)
	}
	v, ok, err := a.Engine.Unseal(t.Context(), ref, "evidence", rec.Fields["evidence"])
	if err != nil {
		t.Fatal(err)
	}
	if !ok {
		return ""
	}
	f, err := domain.ParseFile(v.([]any)[0].(string))
	if err != nil {
		t.Fatal(err)
	}
	r, err := a.Files.Open(t.Context(), f)
	if err != nil {
		t.Fatal(err)
	}
	defer r.Close()
	b, err := io.ReadAll(r)
	if err != nil {
		t.Fatal(err)
	}
	return string(b)
}

func openIn(t *testing.T, dir string) *App {
	t.Helper()
	a, err := Open(t.Context(), Options{Data: dir})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = a.Close() })
	return a
}

// TestFilesSurvive: what is backed up comes back and opens, a damaged copy is
// told, and who was erased stays so, files and all.
func TestFilesSurvive(t *testing.T) {
	dir := t.TempDir()
	in := func(name string) string { return filepath.Join(dir, name) }
	a := openIn(t, in("one"))
	ref, other := fileComplaint(t, a), fileComplaint(t, a)
	if got := evidence(t, a, ref); got != letter {
		t.Fatalf("read %q", got)
	}
	var out bytes.Buffer
	backup := func(name string) string {
		t.Helper()
		out.Reset()
		c := backupCmd{records: records{Data: in("one")}, File: in(name), Into: in("copies")}
		if err := c.Run(t.Context(), &globals{}, &out); err != nil {
			t.Fatal(err)
		}
		return out.String()
	}
	if said := backup("b.tgz"); !strings.Contains(said, "2 of 2 files copied") {
		t.Error(said)
	}
	if said := backup("c.tgz"); !strings.Contains(said, "0 of 2 files copied") {
		t.Error(said)
	}
	if _, err := a.Engine.Do(t.Context(), domain.Command{Record: ref, Action: engine.ActErase, Actor: domain.System("t"), NotBefore: true, Reason: "本人申请"}); err != nil {
		t.Fatal(err)
	}
	if _, err := a.Jobs.Drain(t.Context()); err != nil {
		t.Fatal(err)
	}
	if got := evidence(t, a, ref); got != "" || evidence(t, a, other) != letter {
		t.Errorf("erased: %q", got)
	}
	backup("d.tgz")
	restore := func(into, keys string) error {
		c := restoreCmd{records: records{Data: in(into)}, File: in("b.tgz"), Keys: in(keys), From: in("copies")}
		return c.Run(t.Context(), &globals{}, io.Discard)
	}
	if err := restore("two", "b.tgz.keys"); err != nil {
		t.Fatal(err)
	}
	if b := openIn(t, in("two")); evidence(t, b, ref) != letter || evidence(t, b, other) != letter {
		t.Error("restored, but not the same")
	}
	if err := restore("three", "d.tgz.keys"); err != nil {
		t.Fatal(err)
	}
	if b := openIn(t, in("three")); evidence(t, b, ref) != "" || evidence(t, b, other) != letter {
		t.Error("the erasure is not replayed on files")
	}
	damage(t, in("copies"))
	if err := restore("four", "b.tgz.keys"); err == nil || !strings.Contains(err.Error(), "damaged") {
		t.Errorf("a damaged copy: %v", err)
	}
}

func damage(t *testing.T, dir string) {
	t.Helper()
	err := files.Disk{Dir: dir}.Each(t.Context(), func(sum string) error {
		p := filepath.Join(dir, sum[:2], sum)
		b, err := os.ReadFile(p)
		if err != nil {
			return err
		}
		b[len(b)/2] ^= 1
		return os.WriteFile(p, b, 0o600)
	})
	if err != nil {
		t.Fatal(err)
	}
}
