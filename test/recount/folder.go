package recount

import (
	"encoding/csv"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strconv"
	"strings"
)

// folder is an export: the records by kind, in the order of their files.
type folder struct {
	kinds map[string][]*record
	byID  map[string]*record
}

var shared = []string{"trail", "clocks", "flags", "links"}

// read loads an exported folder.
func read(dir string) (*folder, error) {
	f := &folder{kinds: map[string][]*record{}, byID: map[string]*record{}}
	files, err := filepath.Glob(filepath.Join(dir, "*.csv"))
	if err != nil {
		return nil, err
	}
	for _, name := range files {
		kind := strings.TrimSuffix(filepath.Base(name), ".csv")
		if has(shared, kind) {
			continue
		}
		if err := rows(name, func(row map[string]string) { f.add(kind, row) }); err != nil {
			return nil, err
		}
	}
	for name, line := range map[string]func(*record, map[string]string){"trail": addStep, "clocks": addLimit, "links": addLink} {
		err := rows(filepath.Join(dir, name+".csv"), func(row map[string]string) {
			if r := f.byID[row["record"]]; r != nil {
				line(r, row)
			}
		})
		if err != nil {
			return nil, err
		}
	}
	return f, nil
}

// rows reads a file line by line, each as cells by the name of their column.
func rows(name string, each func(map[string]string)) error {
	file, err := os.Open(name)
	if errors.Is(err, fs.ErrNotExist) {
		return fmt.Errorf("%s is no whole export: %w", filepath.Dir(name), err)
	}
	if err != nil {
		return err
	}
	defer file.Close()
	all, err := csv.NewReader(file).ReadAll()
	if err != nil || len(all) == 0 {
		return err
	}
	for _, cells := range all[1:] {
		row := map[string]string{}
		for i, cell := range cells {
			row[all[0][i]] = cell
		}
		each(row)
	}
	return nil
}

// add takes a row of a kind's file.
func (f *folder) add(kind string, row map[string]string) {
	r := &record{id: row["record"], kind: kind, state: row["state"], area: row["area"], of: row["of"], parent: row["parent"],
		voided: row["voided"] == "true" || row["merged"] != "", f: map[string]string{}}
	for name, cell := range row {
		if field, ok := strings.CutPrefix(name, "f."); ok {
			r.f[field] = cell
		}
	}
	f.kinds[kind] = append(f.kinds[kind], r)
	f.byID[r.id] = r
}

func addStep(r *record, row map[string]string) {
	at, _ := strconv.ParseInt(row["position"], 10, 64)
	r.trail = append(r.trail, step{event: row["event"], on: row["on"], state: row["state"], area: row["area"], position: at})
}

func addLimit(r *record, row map[string]string) {
	n, _ := strconv.ParseInt(row["elapsed"], 10, 64)
	r.limits = append(r.limits, limit{code: row["code"], due: row["due"], stopped: row["stopped"], outcome: row["outcome"], elapsed: n})
}

func addLink(r *record, row map[string]string) {
	r.links = append(r.links, link{role: row["role"], to: row["to"]})
}
