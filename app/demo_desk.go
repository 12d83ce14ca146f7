package app

import (
	"bytes"
	"context"
	_ "embed"
	"fmt"

	"github.com/goccy/go-yaml"

	"github.com/dinghai/dinghai/domain"
	"github.com/dinghai/dinghai/engine/report"
	"github.com/dinghai/dinghai/systems"
)

//go:embed demo_desk.yaml
var demoDeskYAML []byte

// demoForm is an invented form, blank, as an office above hands one out.
//
//go:embed demo-form.xlsx
var demoForm []byte

// demoDesk is what an officer of the demo has under way.
type demoDesk struct {
	Who, Area string
	Report    struct{ Title, Template, Lang, From, To, More string }
	Form      struct {
		Title string
		Cells []any
	}
	Assessment struct {
		Title, From, To string
		Lines           []map[string]any
	}
}

// makeDesk begins a report, ties a form and enters an assessment, once.
func (a *App) makeDesk(ctx context.Context, people map[string]domain.Actor) error {
	var d demoDesk
	if err := yaml.UnmarshalWithOptions(demoDeskYAML, &d, yaml.Strict()); err != nil {
		return fmt.Errorf("demo_desk.yaml: %w", err)
	}
	if a.Catalogue.Kinds["summary.report"] == nil {
		return nil // a catalogue without them
	}
	do := func(key, kind, action string, on domain.Ref, in map[string]any) (domain.Ref, error) {
		cmd := domain.Command{Kind: kind, Action: action, Record: on, Input: in, Actor: people[d.Who], Key: "demo:desk:" + key}
		if on.Zero() {
			cmd.Area = d.Area
		}
		r, err := a.Engine.Do(ctx, cmd)
		if err != nil {
			return domain.Ref{}, fmt.Errorf("demo desk, %s: %w", key, err)
		}
		return r.Record.Ref, nil
	}
	if err := a.demoReport(ctx, d, do); err != nil {
		return err
	}
	s := d.Assessment
	sheet, err := do("assessment", "summary.assessment", "begin", domain.Ref{}, map[string]any{"title": s.Title, "from": s.From, "to": s.To})
	if err == nil {
		_, err = do("lines", "summary.assessment", "change", sheet, map[string]any{"lines": numbered(s.Lines)})
	}
	if err != nil {
		return err
	}
	file, err := a.Files.Take(ctx, people[d.Who].ID, d.Form.Title+".xlsx", int64(len(demoForm)), bytes.NewReader(demoForm))
	if err != nil {
		return err
	}
	v, err := domain.ParseFile(file)
	if err == nil {
		err = a.Files.Claim(ctx, v)
	}
	if err != nil {
		return err
	}
	form, err := do("form", "summary.workbook", "upload", domain.Ref{}, map[string]any{"title": d.Form.Title, "file": file})
	if err == nil {
		_, err = do("cells", "summary.workbook", "tie", form, map[string]any{"cells": d.Form.Cells})
	}
	return err
}

// numbered makes the numbers of a YAML file those of a form.
func numbered(rows []map[string]any) []any {
	out := make([]any, len(rows))
	for i, row := range rows {
		for name, v := range row {
			if n, ok := v.(uint64); ok {
				row[name] = float64(n)
			}
		}
		out[i] = row
	}
	return out
}

func (a *App) demoReport(ctx context.Context, d demoDesk, do func(key, kind, action string, on domain.Ref, in map[string]any) (domain.Ref, error)) error {
	texts, err := wordings(systems.Files)
	if err != nil {
		return err
	}
	heads, err := a.Engine.Reader().Heads(ctx)
	if err != nil {
		return err
	}
	r := d.Report
	_, err = do("report", "summary.report", "begin", domain.Ref{}, map[string]any{"title": r.Title, "template": r.Template, "lang": r.Lang, "from": r.From, "to": r.To,
		"body": texts[r.Template][r.Lang] + r.More, "read_at": report.PositionsText(heads)})
	return err
}
