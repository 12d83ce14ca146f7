package app

import (
	"context"
	"fmt"
	"io"
	"os"
	"path/filepath"

	"github.com/dinghai/dinghai/domain"
	"github.com/dinghai/dinghai/engine"
	"github.com/dinghai/dinghai/store/files"
	"github.com/dinghai/dinghai/store/vault"
)

type restoreCmd struct {
	records
	File string `arg:"" type:"existingfile" help:"archive to read"`
	Keys string `help:"keys of sealed data, with the list of erasures; take the newest there is; default ARCHIVE.keys" type:"existingfile" placeholder:"FILE"`
	From string `help:"folder the backup copied files into; default ARCHIVE.files" type:"existingdir" placeholder:"DIR"`
}

// Run fills an empty database from an archive. People erased since stay erased:
// the erasures that archive and key files know of are replayed.
func (c *restoreCmd) Run(ctx context.Context, g *globals, out io.Writer) error {
	if err := c.takeKeys(ctx); err != nil {
		return err
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
	damaged := c.takeFiles(ctx, a, out)
	fresh, err := a.pin(ctx) // the definitions are the archive's now
	if err != nil {
		return fmt.Errorf("restored, but %w", err)
	}
	if n, err := a.replayErasures(ctx); err != nil {
		return err
	} else if n > 0 {
		fmt.Fprintf(out, "%d erasures made since the backup were replayed\n", n)
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
	total, err := a.events(ctx)
	if err != nil {
		return err
	}
	fmt.Fprintf(out, "restored %d events of %d homes\n", total, len(heads))
	if len(fresh) > 0 {
		fmt.Fprintf(out, "figures without rows yet: %v; run: dinghai catalogue migrate\n", fresh)
	}
	return damaged
}

// takeFiles puts the backed-up files in place.
func (c *restoreCmd) takeFiles(ctx context.Context, a *App, out io.Writer) error {
	from := c.From
	if from == "" {
		from = c.File + ".files"
	}
	n, all, err := copyFiles(ctx, a.Files.Blobs, files.Disk{Dir: from})
	if all > 0 {
		fmt.Fprintf(out, "%d of %d files put back, the others were there\n", n, all)
	}
	return err
}

// takeKeys puts the backed-up keys in place. Keys that are there already stay,
// if they belong to the same bureau, and so do their erasures.
func (c *restoreCmd) takeKeys(ctx context.Context) error {
	from, to := c.Keys, filepath.Join(c.Data, "keys.db")
	if from == "" {
		from = c.File + ".keys"
	}
	if !exists(from) {
		return nil
	}
	if !exists(to) {
		return copyFile(from, to)
	}
	v, err := vault.Open(ctx, to)
	if err != nil {
		return err
	}
	defer v.Close()
	return v.Merge(ctx, from)
}

// replayErasures destroys the keys of everybody erased, by the archive or by
// the key file, and marks the records the archive still had as whole. It
// returns how many those were.
func (a *App) replayErasures(ctx context.Context) (int, error) {
	gone, err := a.Vault.Destroyed(ctx)
	if err != nil {
		return 0, err
	}
	known, err := a.Store.Erased(ctx)
	if err != nil {
		return 0, err
	}
	erased := make(map[string]bool, len(known))
	for _, e := range known {
		erased[e.Ref.String()] = true
		if err := a.Vault.Destroy(ctx, e.Ref.String()); err != nil {
			return 0, err
		}
	}
	n := 0
	for _, id := range gone {
		ref, err := domain.ParseRef(id)
		if err != nil || erased[id] {
			continue
		}
		_, err = a.Engine.Do(ctx, domain.Command{Record: ref, Action: engine.ActErase, NotBefore: true, Key: "restore:erase:" + id,
			Actor: domain.System("restore"), Reason: "恢复备份后重做备份之后的个人信息删除"})
		switch domain.ErrorCode(err) {
		case "":
			n++
		case domain.NotFound: // the record is younger than the archive
		default:
			return n, err
		}
	}
	return n, nil
}

func exists(path string) bool { _, err := os.Stat(path); return err == nil }

func copyFile(from, to string) error {
	if err := os.MkdirAll(filepath.Dir(to), 0o700); err != nil {
		return err
	}
	r, err := os.Open(from)
	if err != nil {
		return err
	}
	defer r.Close()
	return whole(to, func(w io.Writer) error { _, err := io.Copy(w, r); return err })
}
