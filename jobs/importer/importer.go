// Package importer loads tables into records: every row becomes an opening
// action through the engine's door, or a line in the rejects with its reason.
// No row is lost silently and none stops the file.
package importer

import (
	"context"
	"encoding/csv"
	"errors"
	"fmt"
	"io"
	"iter"
	"strings"

	"github.com/dinghai/dinghai/catalogue"
	"github.com/dinghai/dinghai/domain"
	"github.com/dinghai/dinghai/engine"
	"github.com/dinghai/dinghai/kit/table"
)

// Importer loads rows as one kind of record.
type Importer struct {
	Engine   *engine.Engine
	Door     Door // where commands go; nil = Engine
	Kind     *catalogue.Kind
	Actor    domain.Actor
	DryRun   bool
	Rejects  io.Writer // CSV: row, reason, then the cells, under the file's headings; nil = none kept
	Progress func(done int)

	act   *catalogue.Action
	out   *csv.Writer
	area  *locator
	lists map[string]*matcher
}

// Door takes commands: the engine, or the process that holds the database.
type Door interface {
	DoAll(ctx context.Context, cmds []domain.Command) []engine.Result
	Check(ctx context.Context, cmd domain.Command) (domain.Receipt, error)
}

// Result counts what became of the rows.
type Result struct {
	Rows     int // data rows read
	Loaded   int
	Again    int // loaded by an earlier run
	Rejected int
}

const chunk = 2000 // the engine serves people between; this keeps progress moving

// ForName finds the kind imported under a name on the command line.
func ForName(c *catalogue.Catalogue, name string) (*catalogue.Kind, []string) {
	var names []string
	for _, k := range c.Ordered() {
		if k.Import == nil {
			continue
		}
		if k.Import.As == name {
			return k, nil
		}
		names = append(names, k.Import.As)
	}
	return nil, names
}

// Columns are the columns the import asks a file for: the inputs of its
// action, found by name, label or alias.
func Columns(k *catalogue.Kind) []table.Column {
	act := k.ActionOf(k.Import.Action)
	var cols []table.Column
	for _, f := range act.Form {
		cols = append(cols, table.Column{Name: f.Field, Required: isKey(k, f.Field) && len(k.Import.Key) == 1,
			Aliases: append(append([]string{f.Def.Label.ZH, f.Def.Label.EN}, f.Def.Alias...), k.Import.Header[f.Field]...)})
	}
	for _, extra := range []string{k.Import.On, k.Import.Area, k.Import.Of} {
		if extra != "" && !hasColumn(cols, extra) {
			cols = append(cols, table.Column{Name: extra, Aliases: k.Import.Header[extra]})
		}
	}
	return cols
}

func isKey(k *catalogue.Kind, field string) bool {
	for _, x := range k.Import.Key {
		if x == field {
			return true
		}
	}
	return false
}

func hasColumn(cols []table.Column, name string) bool {
	for _, c := range cols {
		if c.Name == name {
			return true
		}
	}
	return false
}

// Run loads the rows. An error ends the run (the file cannot be read, the
// store is away); bad rows do not.
func (im *Importer) Run(ctx context.Context, rows iter.Seq2[table.Row, error]) (Result, error) {
	im.act = im.Kind.ActionOf(im.Kind.Import.Action)
	if im.Door == nil {
		im.Door = im.Engine
	}
	im.area = newLocator(im.Engine.Catalogue())
	im.lists = map[string]*matcher{}
	if im.Rejects != nil {
		im.out = csv.NewWriter(im.Rejects)
		defer im.out.Flush()
	}
	var res Result
	var group []pending
	for row, err := range rows {
		var bad *table.RowError
		if err != nil && !errors.As(err, &bad) {
			return res, err
		}
		res.Rows++
		p := pending{row: row}
		if bad != nil && bad.Reason != "ragged" {
			p.err = bad
		} else {
			p.cmd, p.err = im.command(ctx, row)
		}
		if group = append(group, p); len(group) == chunk {
			if err := im.flush(ctx, group, &res); err != nil {
				return res, err
			}
			group = group[:0]
		}
	}
	return res, im.flush(ctx, group, &res)
}

// pending is a row on its way; one with an error waits to be rejected in its
// place, so that the rejects stand in the order of the file.
type pending struct {
	row table.Row
	cmd domain.Command
	err error
}

func (im *Importer) flush(ctx context.Context, group []pending, res *Result) error {
	if err := ctx.Err(); err != nil {
		return err
	}
	var cmds []domain.Command
	for _, p := range group {
		if p.err == nil {
			cmds = append(cmds, p.cmd)
		}
	}
	done := im.perform(ctx, cmds)
	for _, p := range group {
		r := engine.Result{Err: p.err}
		if p.err == nil {
			r, done = done[0], done[1:]
		}
		switch {
		case r.Err == nil && r.Receipt.Again:
			res.Again++
		case r.Err == nil:
			res.Loaded++
		case domain.ErrorCode(r.Err) == domain.Unavailable:
			return r.Err
		default:
			im.reject(res, p.row, im.reason(r.Err))
		}
	}
	if im.Progress != nil {
		im.Progress(res.Rows)
	}
	return nil
}

func (im *Importer) perform(ctx context.Context, cmds []domain.Command) []engine.Result {
	if !im.DryRun {
		return im.Door.DoAll(ctx, cmds)
	}
	out := make([]engine.Result, len(cmds))
	for i, c := range cmds {
		rec, err := im.Door.Check(ctx, c)
		out[i] = engine.Result{Receipt: rec, Err: err}
	}
	return out
}

func (im *Importer) reject(res *Result, row table.Row, why string) {
	res.Rejected++
	if im.out != nil && res.Rejected == 1 { // a mended file of rejects can be loaded as it is
		_ = im.out.Write(append([]string{"原文件行号", "未导入原因"}, row.Headings()...))
	}
	if im.out != nil {
		_ = im.out.Write(append([]string{fmt.Sprint(row.Number), why}, row.Cells...))
	}
}

// reason words an error for the rejects file: every problem with its field.
func (im *Importer) reason(err error) string {
	var e *domain.Error
	if !errors.As(err, &e) || len(e.Problems) == 0 {
		return err.Error()
	}
	parts := make([]string, len(e.Problems))
	for i, p := range e.Problems {
		if e.Code == domain.Conflict && p.Rule == "key" {
			p.Reason.ZH = "此前已按不同内容导入；修改已有记录请办理更正"
		}
		parts[i] = p.Reason.ZH
		if name := im.nameOf(p.Field); name != "" && !strings.Contains(p.Reason.ZH, name) {
			parts[i] = name + "：" + p.Reason.ZH
		}
	}
	return strings.Join(parts, "；")
}

// nameOf is what people call a field: its label, for a cell of a table that of
// the table.
func (im *Importer) nameOf(field string) string {
	field, _, _ = strings.Cut(field, ".")
	field, _, _ = strings.Cut(field, "[")
	for _, f := range im.act.Form {
		if f.Field == field && f.Def != nil {
			return f.Def.Label.ZH
		}
	}
	if f := im.Kind.FieldOf(field); f != nil {
		return f.Label.ZH
	}
	return map[string]string{"area": "辖区", "on": "日期"}[field]
}
