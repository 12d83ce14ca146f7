package app

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"

	"github.com/dinghai/dinghai/store/files"
)

type backupCmd struct {
	records
	File string `arg:"" help:"archive to write"`
	Into string `help:"folder the files are copied into; those it has already are left alone, so one folder serves every backup; default ARCHIVE.files" placeholder:"DIR"`
}

// Run writes one archive of the database and, apart, one of the keys and the
// files as they are stored: encrypted.
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
	// Files come after the snapshot: what it names was stored before it.
	into := c.Into
	if into == "" {
		into = c.File + ".files"
	}
	brought, all, err := copyFiles(ctx, files.Disk{Dir: into}, a.Files.Blobs)
	if all > 0 {
		fmt.Fprintf(out, "%d of %d files copied into %s, the others were there\n", brought, all, into)
	}
	fmt.Fprintf(out, "%s written; the keys of sealed data lie apart in %s: keep them shorter and elsewhere\n", c.File, keys)
	return err
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
