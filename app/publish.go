package app

import (
	"context"
	"crypto/ed25519"
	"crypto/x509"
	"encoding/pem"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strconv"

	"github.com/dinghai/dinghai/engine/report"
	"github.com/dinghai/dinghai/store"
)

type publishCmd struct {
	records
	period
	Title   string `help:"title of the report" placeholder:"TEXT"`
	Out     string `help:"file for the signed report; default report-TO.json in --data" placeholder:"FILE"`
	Figures string `help:"list of stated figures; default the one of the demo" type:"existingfile" placeholder:"FILE"`
}

// Run freezes the report with definitions and log positions and signs it
// (Ed25519). What is corrected later does not move it.
func (c *publishCmd) Run(ctx context.Context, g *globals, out io.Writer) error {
	a, err := c.open(ctx, g, false)
	if err != nil {
		return err
	}
	defer a.Close()
	q, err := c.query(a)
	if err != nil {
		return err
	}
	if q.At, err = a.Engine.Reader().Heads(ctx); err != nil {
		return err
	}
	s, err := a.reports(c.Figures)
	if err != nil {
		return err
	}
	res, doc, err := s.Report(ctx, q, "zh")
	if err != nil {
		return err
	}
	title := s.Bureau.Name
	if c.Title != "" {
		title.ZH, title.EN = c.Title, c.Title
	}
	f := report.Freeze(res, title, a.Engine.Now(), a.Catalogue.Hash, q.At)
	f.Word(s.Templates["zh"], doc)
	f.Word(s.Templates["en"], s.Templates["en"].Fill(res, s.Bureau))
	return a.keep(ctx, f, c.Out, out)
}

func (a *App) keep(ctx context.Context, f *report.Frozen, path string, out io.Writer) error {
	key, err := report.ReadKey(filepath.Join(a.Data, "report.key"))
	if os.IsNotExist(err) {
		key, err = report.NewKey(filepath.Join(a.Data, "report.key"))
	}
	if err != nil {
		return err
	}
	if err := writePublic(filepath.Join(a.Data, "report.pub"), key); err != nil {
		return err
	}
	signed, err := report.Sign(f, key)
	if err != nil {
		return err
	}
	id, err := f.ID()
	if err != nil {
		return err
	}
	home, _ := strconv.Atoi(f.Area)
	if home == 0 {
		home = 330900
	}
	if err := a.Store.Freeze(ctx, store.Frozen{Home: home, ID: id, Name: f.Title.ZH, At: f.At, Content: string(signed)}); err != nil {
		return err
	}
	if path == "" {
		path = filepath.Join(a.Data, fmt.Sprintf("report-%s.json", f.To))
	}
	if err := os.WriteFile(path, signed, 0o644); err != nil { //nolint:gosec // a published report is public
		return err
	}
	fmt.Fprintf(out, "published %s: %d figures, %d findings, signed; %s\n", id, len(f.Figures), len(f.Findings), path)
	return nil
}

// writePublic puts the key anyone can check the reports with beside the data.
func writePublic(path string, key ed25519.PrivateKey) error {
	der, err := x509.MarshalPKIXPublicKey(key.Public())
	if err != nil {
		return err
	}
	return os.WriteFile(path, pem.EncodeToMemory(&pem.Block{Type: "PUBLIC KEY", Bytes: der}), 0o644) //nolint:gosec // public
}
