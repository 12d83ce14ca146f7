package app

import (
	"context"
	"encoding/csv"
	"encoding/json"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"

	"github.com/dinghai/dinghai/catalogue"
	"github.com/dinghai/dinghai/domain"
	"github.com/dinghai/dinghai/engine/clock"
)

type exportCmd struct {
	records
	Out string `default:"export" help:"folder for the CSV files; it must be new or empty" placeholder:"DIR"`
}

// Run writes every record as CSV: one file per kind with its fields, and
// trail.csv, clocks.csv, flags.csv, links.csv for all. Sealed values are left
// out.
func (c *exportCmd) Run(ctx context.Context, g *globals, out io.Writer) error {
	a, err := c.open(ctx, g, true)
	if err != nil {
		return err
	}
	defer a.Close()
	x, err := newExport(c.Out)
	if err != nil {
		return err
	}
	n := 0
	for _, k := range a.Catalogue.Ordered() {
		m, err := x.kind(ctx, a, k)
		if err != nil {
			return err
		}
		if n += m; m > 0 {
			fmt.Fprintf(g.stderr, "%s: %d\n", k.Name, m)
		}
	}
	if err := x.close(); err != nil {
		return err
	}
	fmt.Fprintf(out, "%d records in %s\n", n, c.Out)
	return nil
}

// export is the open CSV files.
type export struct {
	dir    string
	shared map[string]*csvFile
}

type csvFile struct {
	f *os.File
	*csv.Writer
}

var sharedHeaders = map[string][]string{
	"trail":  {"record", "kind", "event", "on", "state", "area", "late", "position"},
	"clocks": {"record", "kind", "id", "code", "version", "start", "due", "stopped", "outcome", "period", "elapsed", "channel"},
	"flags":  {"record", "kind", "flag", "from", "to"},
	"links":  {"record", "kind", "role", "to", "to_kind", "state"},
}

func newExport(dir string) (*export, error) {
	if list, err := os.ReadDir(dir); err == nil && len(list) > 0 {
		return nil, usage("%s is not empty", dir)
	}
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return nil, err
	}
	x := &export{dir: dir, shared: map[string]*csvFile{}}
	for name, header := range sharedHeaders {
		f, err := x.create(name, header)
		if err != nil {
			return nil, err
		}
		x.shared[name] = f
	}
	return x, nil
}

func (x *export) create(name string, header []string) (*csvFile, error) {
	f, err := os.Create(filepath.Join(x.dir, name+".csv"))
	if err != nil {
		return nil, err
	}
	c := &csvFile{f, csv.NewWriter(f)}
	return c, c.Write(header)
}

func (c *csvFile) close() error {
	c.Flush()
	if err := c.Error(); err != nil {
		return err
	}
	return c.f.Close()
}

func (x *export) close() error {
	for _, f := range x.shared {
		if err := f.close(); err != nil {
			return err
		}
	}
	return nil
}

// kind writes the records of one kind, page by page.
func (x *export) kind(ctx context.Context, a *App, k *catalogue.Kind) (int, error) {
	fields := openFields(k)
	var file *csvFile
	n := 0
	for after := ""; ; {
		page, err := a.Engine.Reader().List(ctx, domain.ListQuery{Kind: k.Name, Voided: true, After: after, Limit: 1000})
		if err != nil {
			return n, err
		}
		if len(page.Rows) > 0 && file == nil {
			if file, err = x.create(k.Name, header(fields)); err != nil {
				return n, err
			}
		}
		for _, row := range page.Rows {
			r, err := a.Engine.Reader().Record(ctx, row.Ref)
			if err != nil {
				return n, err
			}
			if err := x.record(file, fields, r); err != nil {
				return n, err
			}
			n++
		}
		if after = page.Next; after == "" {
			break
		}
	}
	if file == nil {
		return 0, nil
	}
	return n, file.close()
}

func openFields(k *catalogue.Kind) []string {
	var out []string
	for _, f := range k.Fields {
		if !f.Sealed() {
			out = append(out, f.Field)
		}
	}
	return out
}

func header(fields []string) []string {
	h := []string{"record", "state", "number", "area", "zones", "of", "parent", "organ", "opened", "closed", "voided", "merged", "mirror"}
	for _, f := range fields {
		h = append(h, "f."+f)
	}
	return h
}

func (x *export) record(file *csvFile, fields []string, r *domain.Record) error {
	id := r.Ref.String()
	row := []string{id, r.State, r.Number, r.Area, strings.Join(r.Zones, " "), r.Of.String(), r.Parent.String(), r.Organ,
		string(r.Opened), string(r.Closed), fmt.Sprint(r.Voided), r.Merged.String(), fmt.Sprint(r.Mirror)}
	for _, f := range fields {
		row = append(row, cellOf(r.Fields[f]))
	}
	if err := file.Write(row); err != nil {
		return err
	}
	for _, m := range r.Trail {
		if err := x.shared["trail"].Write([]string{id, r.Kind, m.Event, string(m.On), m.State, m.Area, fmt.Sprint(m.Late), fmt.Sprint(m.Pos)}); err != nil {
			return err
		}
	}
	for _, c := range r.Clocks {
		if err := x.shared["clocks"].Write([]string{id, r.Kind, c.ID, c.Code, fmt.Sprint(c.Version), string(c.Start), string(c.Due),
			string(c.Stopped), c.Outcome, c.Period, fmt.Sprint(clock.Elapsed(c, c.Stopped)), c.Channel}); err != nil {
			return err
		}
	}
	for _, f := range r.Flags {
		if err := x.shared["flags"].Write([]string{id, r.Kind, f.Code, string(f.From), string(f.To)}); err != nil {
			return err
		}
	}
	for _, l := range r.Links {
		if err := x.shared["links"].Write([]string{id, r.Kind, l.Role, l.To.String(), l.Kind, l.State}); err != nil {
			return err
		}
	}
	return nil
}

// cellOf writes a value as one cell; tables and lists as JSON. Text that a
// spreadsheet would run as a formula is defused.
func cellOf(v any) string {
	switch x := v.(type) {
	case nil:
		return ""
	case string:
		if x != "" && strings.ContainsRune("=+-@\t\r", rune(x[0])) {
			return "'" + x
		}
		return x
	case []any, map[string]any:
		b, _ := json.Marshal(x)
		return string(b)
	}
	return fmt.Sprint(v)
}
