package app

import (
	"bytes"
	"context"
	_ "embed"
	"fmt"

	"github.com/goccy/go-yaml"

	"github.com/dinghai/dinghai/domain"
	"github.com/dinghai/dinghai/engine/indicator"
	"github.com/dinghai/dinghai/engine/report"
	"github.com/dinghai/dinghai/web"
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
	Report    demoReport
	Head      string // who publishes
	Published []demoReport
	Form      struct {
		Title string
		Cells []any
	}
	Assessment struct {
		Title, From, To string
		Lines           []map[string]any
	}
}

// demoReport is one report of the demo.
type demoReport struct{ Title, Template, Lang, From, To, More, Withdrawn string }

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
		if action == "publish" || action == "withdraw" {
			cmd.Actor = people[d.Head]
		}
		if action == "withdraw" {
			cmd.Input, cmd.Reason = nil, fmt.Sprint(in["reason"])
		}
		if on.Zero() {
			cmd.Area = d.Area
		}
		r, err := a.Engine.Do(ctx, cmd)
		if err != nil {
			return domain.Ref{}, fmt.Errorf("demo desk, %s: %w", key, err)
		}
		return r.Record.Ref, nil
	}
	if err := a.demoReports(ctx, d, do); err != nil {
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

// deskDo is one step at the demo's desk.
type deskDo func(key, kind, action string, on domain.Ref, in map[string]any) (domain.Ref, error)

// demoReports publishes what was published before, and begins the next.
func (a *App) demoReports(ctx context.Context, d demoDesk, do deskDo) error {
	begin, err := texts(a.Options.Catalogue)
	if err != nil {
		return err
	}
	s, err := a.reports("")
	if err != nil {
		return err
	}
	for i, r := range append(d.Published, d.Report) {
		key := fmt.Sprint("report", i)
		heads, err := a.Engine.Reader().Heads(ctx)
		if err != nil {
			return err
		}
		body := begin[r.Template][r.Lang] + r.More
		ref, err := do(key, "summary.report", "begin", domain.Ref{}, map[string]any{"title": r.Title, "template": r.Template, "lang": r.Lang, "from": r.From, "to": r.To,
			"body": body, "read_at": report.PositionsText(heads)})
		if err != nil {
			return err
		}
		if i == len(d.Published) {
			break
		}
		q := indicator.Query{From: domain.Date(r.From), To: domain.Date(r.To), Area: d.Area, At: heads}
		if err := a.demoPublish(ctx, s, q, r, body, ref, do); err != nil {
			return err
		}
	}
	return nil
}

func (a *App) demoPublish(ctx context.Context, s web.Standard, q indicator.Query, r demoReport, body string, ref domain.Ref, do deskDo) error {
	tpl, _ := report.ParseText(body, r.Lang, knownFigures(a.Catalogue, s.Declared))
	res, doc, err := s.Write(ctx, q, tpl, nil, false)
	if err != nil {
		return err
	}
	f := report.Freeze(res, domain.Text{ZH: r.Title, EN: r.Title}, a.Engine.Now(), a.Catalogue.Hash, q.At)
	f.Word(tpl, doc)
	id, _, err := a.sign(ctx, f)
	if err == nil {
		_, err = do("publish "+r.Title, "summary.report", "publish", ref, map[string]any{"frozen": id})
	}
	if err == nil && r.Withdrawn != "" {
		_, err = do("withdraw "+r.Title, "summary.report", "withdraw", ref, map[string]any{"reason": r.Withdrawn})
	}
	return err
}
