package app

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
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
	if err := whole(c.File, func(w io.Writer) error { return a.Store.Backup(ctx, w) }); err != nil {
		return err
	}
	keys := c.File + ".keys"
	_ = os.Remove(keys)
	if err := a.Vault.Vault.Backup(ctx, keys); err != nil {
		return err
	}
	fmt.Fprintf(out, "%s written; the keys of sealed data lie apart in %s: keep them shorter and elsewhere\n", c.File, keys)
	return nil
}

// whole writes a file that appears under its name only once it is complete and
// on the disk.
func whole(path string, write func(io.Writer) error) error {
	tmp := path + ".part"
	f, err := os.OpenFile(tmp, os.O_CREATE|os.O_WRONLY|os.O_TRUNC, 0o600)
	if err != nil {
		return err
	}
	defer os.Remove(tmp)
	err = write(f)
	if err == nil {
		err = f.Sync()
	}
	if err = errors.Join(err, f.Close()); err != nil {
		return err
	}
	return os.Rename(tmp, path)
}
