package app

import (
	"context"
	"fmt"
	"io"
	"iter"
	"os"
	"path/filepath"
	"strings"

	"github.com/dinghai/dinghai/domain"
	"github.com/dinghai/dinghai/jobs/importer"
	"github.com/dinghai/dinghai/kit/csvx"
	"github.com/dinghai/dinghai/kit/table"
	"github.com/dinghai/dinghai/kit/xlsx"
)

type importCmd struct {
	records
	Kind    string `arg:"" help:"what the rows are: entity, complaint, report, sample, instrument, turnover, visits"`
	File    string `arg:"" type:"existingfile" help:"CSV (UTF-8 or GB18030) or XLSX"`
	DryRun  bool   `help:"check every row, load none"`
	Rejects string `help:"file for rows that were not loaded, with the reason" placeholder:"FILE"`
}

// Run loads a file; exit 1 when rows were rejected.
func (c *importCmd) Run(ctx context.Context, g *globals, out io.Writer) error {
	a, door, err := c.openWriter(ctx, g)
	if err != nil {
		return err
	}
	defer a.Close()
	k, known := importer.ForName(a.Catalogue, c.Kind)
	if k == nil {
		return usage("no import called %q; known: %s", c.Kind, strings.Join(known, ", "))
	}
	im := &importer.Importer{Engine: a.Engine, Door: door, Kind: k, DryRun: c.DryRun,
		Actor:    domain.Actor{ID: "import", Grants: []domain.Grant{{Role: "importer"}}},
		Progress: func(n int) { fmt.Fprintf(g.stderr, "\r%s: %d rows", c.File, n) }}
	rejects := c.Rejects
	if rejects == "" {
		rejects = strings.TrimSuffix(c.File, filepath.Ext(c.File)) + ".rejects.csv"
	}
	tmp := &lazyFile{path: rejects}
	im.Rejects = tmp
	rows, done, err := openTable(c.File, importer.Columns(k))
	if err != nil {
		return err
	}
	defer done()
	res, err := im.Run(ctx, rows)
	fmt.Fprintln(g.stderr)
	if e := tmp.Close(); err == nil {
		err = e
	}
	if err != nil {
		return err
	}
	if !a.ReadOnly { // else the process that has the database does it
		if _, err := a.Jobs.Drain(ctx); err != nil {
			return err
		}
	}
	verb := "loaded"
	if c.DryRun {
		verb = "would be loaded"
	}
	fmt.Fprintf(out, "%d rows: %d %s, %d loaded before, %d rejected\n", res.Rows, res.Loaded, verb, res.Again, res.Rejected)
	if res.Rejected > 0 {
		fmt.Fprintf(out, "rejected rows with reasons: %s\n", rejects)
		return errFindings
	}
	return nil
}

// openTable reads a table file by its ending.
func openTable(path string, cols []table.Column) (iter.Seq2[table.Row, error], func(), error) {
	if strings.EqualFold(filepath.Ext(path), ".xlsx") {
		f, err := xlsx.Open(path, xlsx.Limits{})
		if err != nil {
			return nil, nil, err
		}
		return f.Rows("", cols), func() { f.Close() }, nil
	}
	f, err := os.Open(path)
	if err != nil {
		return nil, nil, err
	}
	return csvx.Rows(f, cols), func() { f.Close() }, nil
}

// lazyFile is made only when something is written to it.
type lazyFile struct {
	path string
	f    *os.File
}

func (l *lazyFile) Write(b []byte) (int, error) {
	if l.f == nil {
		f, err := os.Create(l.path)
		if err != nil {
			return 0, err
		}
		if _, err := f.WriteString("\ufeff"); err != nil { // Excel reads UTF-8 only with a mark
			return 0, err
		}
		l.f = f
	}
	return l.f.Write(b)
}

// Close closes the file if there is one.
func (l *lazyFile) Close() error {
	if l.f == nil {
		return nil
	}
	return l.f.Close()
}
