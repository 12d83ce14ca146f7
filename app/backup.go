package app

import (
	"context"
	"fmt"
	"io"
	"os"
	"path/filepath"
)

type backupCmd struct {
	records
	File string `arg:"" help:"archive to write"`
}

// Run writes one archive of the database and, apart, one of the keys.
func (c *backupCmd) Run(ctx context.Context, g *globals, out io.Writer) error {
	a, err := c.open(ctx, g, false)
	if err != nil {
		return err
	}
	defer a.Close()
	tmp := c.File + ".part"
	f, err := os.OpenFile(tmp, os.O_CREATE|os.O_WRONLY|os.O_TRUNC, 0o600)
	if err != nil {
		return err
	}
	defer os.Remove(tmp)
	if err := a.Store.Backup(ctx, f); err != nil {
		f.Close()
		return err
	}
	if err := f.Sync(); err != nil {
		return err
	}
	if err := f.Close(); err != nil {
		return err
	}
	keys := c.File + ".keys"
	_ = os.Remove(keys)
	if err := a.Vault.Vault.Backup(ctx, keys); err != nil {
		return err
	}
	if err := os.Rename(tmp, c.File); err != nil {
		return err
	}
	fmt.Fprintf(out, "%s written; the keys of sealed data lie apart in %s: keep them shorter and elsewhere\n", c.File, keys)
	return nil
}

type restoreCmd struct {
	records
	File string `arg:"" type:"existingfile" help:"archive to read"`
}

// Run fills an empty database from an archive. People erased since stay erased.
func (c *restoreCmd) Run(ctx context.Context, g *globals, out io.Writer) error {
	if keys := c.File + ".keys"; exists(keys) && !exists(filepath.Join(c.Data, "keys.db")) {
		if err := copyFile(keys, filepath.Join(c.Data, "keys.db")); err != nil {
			return err
		}
	}
	a, err := c.openAlone(ctx, g)
	if err != nil {
		return err
	}
	defer a.Close()
	f, err := os.Open(c.File)
	if err != nil {
		return err
	}
	defer f.Close()
	if err := a.Store.Restore(ctx, f); err != nil {
		return err
	}
	if n, err := a.Jobs.Drain(ctx); err != nil {
		return err
	} else if n > 0 {
		fmt.Fprintf(out, "%d outstanding orders carried out\n", n)
	}
	heads, err := a.Engine.Reader().Heads(ctx)
	if err != nil {
		return err
	}
	total := int64(0)
	for _, p := range heads {
		total += p
	}
	fmt.Fprintf(out, "restored %d events of %d homes\n", total, len(heads))
	return nil
}

func exists(path string) bool { _, err := os.Stat(path); return err == nil }

func copyFile(from, to string) error {
	if err := os.MkdirAll(filepath.Dir(to), 0o700); err != nil {
		return err
	}
	b, err := os.ReadFile(from)
	if err != nil {
		return err
	}
	return os.WriteFile(to, b, 0o600)
}

type eraseCmd struct {
	records
	Record string `arg:"" help:"record whose personal data is erased, e.g. 330902-0189…"`
	Reason string `required:"" help:"why"`
	By     string `default:"auditor" help:"who decides; noted in the event"`
}
