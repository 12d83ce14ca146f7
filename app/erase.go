package app

import (
	"context"
	"fmt"
	"io"

	"github.com/dinghai/dinghai/domain"
	"github.com/dinghai/dinghai/engine"
)

type eraseCmd struct {
	records
	Record string `arg:"" help:"record whose personal data is erased, e.g. 330902-0189…"`
	Reason string `required:"" help:"why"`
	By     string `default:"auditor" help:"who decides; noted in the event"`
}

// Run destroys the key of a record's sealed data; refused under a retention
// period or legal hold.
func (c *eraseCmd) Run(ctx context.Context, g *globals, out io.Writer) error {
	ref, err := domain.ParseRef(c.Record)
	if err != nil {
		return err
	}
	a, door, err := c.openWriter(ctx, g)
	if err != nil {
		return err
	}
	defer a.Close()
	res := door.DoAll(ctx, []domain.Command{{Record: ref, Action: engine.ActErase, Reason: c.Reason,
		Actor: domain.Actor{ID: c.By, Grants: []domain.Grant{{Role: "auditor"}}}}})
	if res[0].Err != nil {
		return res[0].Err
	}
	if !a.ReadOnly {
		if _, err := a.Jobs.Drain(ctx); err != nil {
			return err
		}
	}
	fmt.Fprintf(out, "the personal data of %s can no longer be read; counts stay\n", ref)
	return nil
}
