package app

import (
	"context"
	"crypto/ed25519"
	"crypto/x509"
	"encoding/pem"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"strconv"
	"strings"

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

// Published finds a report and holds it against the bureau's key.
func (p publisher) Published(ctx context.Context, id string) ([]byte, *report.Frozen, error) {
	list, err := p.Store.AllFrozen(ctx)
	if err != nil {
		return nil, nil, err
	}
	for _, x := range list {
		if x.ID != id {
			continue
		}
		key, err := report.ReadKey(filepath.Join(p.Data, "report.key"))
		if err != nil {
			return nil, nil, err
		}
		f, err := report.Verify([]byte(x.Content), key.Public().(ed25519.PublicKey))
		return []byte(x.Content), f, err
	}
	return nil, nil, nil
}

// wordings are the texts reports begin from: reports/NAME.LANG.md of every
// system.
func wordings(files fs.FS) (map[string]map[string]string, error) {
	out := map[string]map[string]string{}
	list, err := fs.Glob(files, "*/reports/*.md")
	for _, path := range list {
		b, err := fs.ReadFile(files, path)
		if err != nil {
			return nil, err
		}
		part := strings.Split(strings.TrimSuffix(filepath.Base(path), ".md"), ".")
		if len(part) != 2 {
			continue
		}
		if out[part[0]] == nil {
			out[part[0]] = map[string]string{}
		}
		out[part[0]][part[1]] = string(b)
	}
	return out, err
}

// writePublic puts the key anyone can check the reports with beside the data.
func writePublic(path string, key ed25519.PrivateKey) error {
	der, err := x509.MarshalPKIXPublicKey(key.Public())
	if err != nil {
		return err
	}
	return os.WriteFile(path, pem.EncodeToMemory(&pem.Block{Type: "PUBLIC KEY", Bytes: der}), 0o644) //nolint:gosec // public
}
