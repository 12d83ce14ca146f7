package app

import (
	"context"
	"fmt"
	"io"
	"os"

	"github.com/dinghai/dinghai/engine/report"
)

type draftCmd struct {
	records
	period
	File    string `arg:"" type:"existingfile" help:"the draft: txt, md or docx"`
	Figures string `help:"list of stated figures; default the one of the demo" type:"existingfile" placeholder:"FILE"`
}

// Run holds every number of a draft against the records; exit 1 when one
// differs.
func (c *draftCmd) Run(ctx context.Context, g *globals, out io.Writer) error {
	b, err := os.ReadFile(c.File)
	if err != nil {
		return err
	}
	text, err := report.ReadDraft(c.File, b)
	if err != nil {
		return err
	}
	a, err := c.open(ctx, g, true)
	if err != nil {
		return err
	}
	defer a.Close()
	q, err := c.query(a)
	if err != nil {
		return err
	}
	res, _, err := a.compute(ctx, c.Figures, q, "zh")
	if err != nil {
		return err
	}
	count := map[string]int{}
	for _, x := range report.Check(text, report.DraftLang(text), res.Figures) {
		count[x.Verdict]++
		fmt.Fprintf(out, "%-18s %-28s %s", x.Text, x.Figure, x.Verdict)
		if x.Right != "" {
			fmt.Fprintf(out, "  → %s", x.Right)
		}
		fmt.Fprintln(out)
	}
	for _, v := range []string{"agrees", "differs", "not_from_records"} {
		fmt.Fprintf(out, "%s: %d\n", v, count[v])
	}
	if count["differs"] > 0 {
		return errFindings
	}
	return nil
}
