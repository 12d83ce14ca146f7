package app

import (
	"bufio"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"time"

	"github.com/dinghai/dinghai/store"
	"github.com/dinghai/dinghai/store/files"
	"github.com/dinghai/dinghai/web"
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
	return errors.Join(err, a.noteBackup(ctx, c.File, all, err))
}

// noteBackup reads the archive back, compares its sums and says in the database
// what was made, for the page of the administrator.
func (a *App) noteBackup(ctx context.Context, file string, copied int, problem error) error {
	b := web.Backup{At: time.Now().UTC(), File: file, Files: copied}
	b.Host, _ = os.Hostname()
	if full, err := filepath.Abs(file); err == nil {
		b.File = full
	}
	m, size, err := readBack(file)
	b.Bytes, b.Events = size, m.Counts[store.EventTable.Name]
	if err == nil {
		b.Verified = time.Now().UTC()
	}
	if p := errors.Join(problem, err); p != nil {
		b.Problem = p.Error()
	}
	note, e := json.Marshal(b)
	if e == nil {
		e = a.Store.SetMeta(ctx, web.BackupNote, string(note))
	}
	return errors.Join(err, e)
}

// readBack reads an archive as a restore would, and keeps nothing.
func readBack(file string) (m store.Manifest, size int64, err error) {
	f, err := os.Open(file)
	if err != nil {
		return m, 0, err
	}
	defer f.Close()
	info, err := f.Stat()
	if err != nil {
		return m, 0, err
	}
	m, err = store.ReadArchive(bufio.NewReaderSize(f, 1<<20), func(*store.Table, []any) error { return nil })
	return m, info.Size(), err
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
