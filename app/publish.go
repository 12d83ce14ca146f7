package app

import (
	"context"
	"crypto/ed25519"
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
	id, signed, err := a.sign(ctx, f)
	if err != nil {
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

// sign signs a frozen report and keeps it for good.
func (a *App) sign(ctx context.Context, f *report.Frozen) (id string, signed []byte, err error) {
	key, err := report.ReadKey(filepath.Join(a.Data, "report.key"))
	if os.IsNotExist(err) {
		key, err = report.NewKey(filepath.Join(a.Data, "report.key"))
	}
	if err != nil {
		return "", nil, err
	}
	if err := writePublic(filepath.Join(a.Data, "report.pub"), key); err != nil {
		return "", nil, err
	}
	if signed, err = report.Sign(f, key); err != nil {
		return "", nil, err
	}
	if id, err = f.ID(); err != nil {
		return "", nil, err
	}
	return id, signed, a.Store.Freeze(ctx, store.Frozen{Home: frozenHome(f.Area), ID: id, Name: f.Title.ZH, At: f.At, Content: string(signed)})
}

func frozenHome(area string) int {
	if home, _ := strconv.Atoi(area); home != 0 && len(area) == 6 {
		return home
	}
	return 330900
}

// publisher is what the pages publish reports with.
type publisher struct{ *App }

// Publish signs and keeps a report.
func (p publisher) Publish(ctx context.Context, f *report.Frozen) (string, error) {
	id, _, err := p.sign(ctx, f)
	return id, err
}

// Published finds a report of an area and holds it against the bureau's key.
func (p publisher) Published(ctx context.Context, area, id string) ([]byte, *report.Frozen, error) {
	x, err := p.Store.Frozen(ctx, frozenHome(area), id)
	if err != nil || x == nil {
		return nil, nil, err
	}
	key, err := report.ReadKey(filepath.Join(p.Data, "report.key"))
	if err != nil {
		return nil, nil, err
	}
	f, err := report.Verify([]byte(x.Content), key.Public().(ed25519.PublicKey))
	return []byte(x.Content), f, err
}

// Key is the public key in PEM, nil before the first report was signed.
func (p publisher) Key() ([]byte, error) {
	key, err := report.ReadKey(filepath.Join(p.Data, "report.key"))
	if os.IsNotExist(err) {
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	return report.PublicPEM(key)
}

// writePublic puts the key anyone can check the reports with beside the data.
func writePublic(path string, key ed25519.PrivateKey) error {
	b, err := report.PublicPEM(key)
	if err != nil {
		return err
	}
	return os.WriteFile(path, b, 0o644) //nolint:gosec // public
}
