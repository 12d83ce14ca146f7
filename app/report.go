package app

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"os"

	"github.com/dinghai/dinghai/engine/report"
)

type reportCmd struct {
	records
	period
	Lang    string `default:"zh" enum:"zh,en" help:"language of the text"`
	Format  string `default:"md" enum:"md,html,json" help:"md, html or json"`
	Out     string `help:"file to write instead of standard output" placeholder:"FILE"`
	Figures string `help:"list of stated figures to hold against; default the one of the demo" type:"existingfile" placeholder:"FILE"`
	Since   string `help:"add what changed since a published report: its file, or last" placeholder:"FILE"`
}

// Run computes the work report.
func (c *reportCmd) Run(ctx context.Context, g *globals, out io.Writer) error {
	a, err := c.open(ctx, g, true)
	if err != nil {
		return err
	}
	defer a.Close()
	q, err := c.query(a)
	if err != nil {
		return err
	}
	res, doc, err := a.compute(ctx, c.Figures, q, c.Lang)
	if err != nil {
		return err
	}
	answer := struct {
		*report.Result
		Changes []report.Change `json:"changes,omitempty"`
	}{Result: res}
	if c.Since != "" {
		was, err := a.before(ctx, c.records, c.Since)
		if err != nil {
			return err
		}
		answer.Changes = report.Refresh(&report.Result{Figures: was.Figures}, res)
		changesOf(doc, was, answer.Changes)
	}
	if c.Out != "" {
		f, err := os.Create(c.Out)
		if err != nil {
			return err
		}
		defer f.Close()
		out = f
	}
	switch c.Format {
	case "md":
		_, err = fmt.Fprintln(out, doc.Markdown())
	case "html":
		_, err = fmt.Fprintln(out, doc.HTML())
	case "json":
		enc := json.NewEncoder(out)
		enc.SetIndent("", " ")
		err = enc.Encode(answer)
	}
	return err
}
