package recount

import (
	"bytes"
	"path/filepath"
	"testing"
	"time"

	"github.com/dinghai/dinghai/app"
	"github.com/dinghai/dinghai/demo"
	"github.com/dinghai/dinghai/journey"
	"github.com/dinghai/dinghai/journey/journeytest"
)

// bureau is the product, wired as in service, over a new folder.
type bureau struct {
	*app.App
	clk *journey.Clock
}

func open(t *testing.T) *bureau {
	t.Helper()
	b := &bureau{clk: &journey.Clock{}}
	b.clk.Set(time.Date(2023, 1, 2, 1, 0, 0, 0, time.UTC))
	a, err := app.Open(t.Context(), app.Options{Data: t.TempDir(), Now: b.clk.Now, NewID: journeytest.IDs()})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { a.Close() })
	b.App = a
	return b
}

// export runs the command a bureau would run, and reads what it wrote.
func (b *bureau) export(t *testing.T) *folder {
	t.Helper()
	dir := filepath.Join(t.TempDir(), "out")
	var out, errOut bytes.Buffer
	if code := app.Main([]string{"export", "--data", b.Data, "--out", dir}, &out, &errOut); code != 0 {
		t.Fatalf("export ended with %d: %s", code, errOut.String())
	}
	f, err := read(dir)
	if err != nil {
		t.Fatal(err)
	}
	return f
}

// year2023 makes a fiftieth of the demo bureau.
func year2023(t *testing.T) *bureau {
	t.Helper()
	targets, err := demo.Zhoushan2023()
	if err != nil {
		t.Fatal(err)
	}
	b := open(t)
	err = demo.Run(t.Context(), demo.Options{Engine: b.Engine, Jobs: b.Jobs, Clock: b.clk, Targets: targets, Scale: 0.02})
	if err != nil {
		t.Fatal(err)
	}
	return b
}
