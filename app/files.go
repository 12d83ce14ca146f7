package app

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"

	"github.com/dinghai/dinghai/store/files"
)

// openFiles opens the place files are kept in.
func openFiles(ctx context.Context, o Options) (files.Blobs, error) {
	switch {
	case strings.HasPrefix(o.Files, "s3://"):
		return files.OpenS3(ctx, o.Files)
	case o.Files != "":
		return files.Disk{Dir: o.Files}, nil
	}
	return files.Disk{Dir: filepath.Join(o.Data, "files")}, nil
}

// copyFiles brings every stored file from one place to another that lacks it,
// and proves each by its sum: a damaged one is named and ends the copy. It
// returns how many it brought and how many there are.
func copyFiles(ctx context.Context, to, from files.Blobs) (brought, all int, err error) {
	err = from.Each(ctx, func(sum string) error {
		all++
		there, err := to.Has(ctx, sum)
		if err != nil || there {
			return err
		}
		brought++
		return copyBlob(ctx, to, from, sum)
	})
	return brought, all, err
}

func copyBlob(ctx context.Context, to, from files.Blobs, sum string) error {
	r, err := from.Get(ctx, sum)
	if err != nil {
		return err
	}
	defer r.Close()
	tmp, err := os.CreateTemp("", "dinghai-file-")
	if err != nil {
		return err
	}
	defer os.Remove(tmp.Name())
	defer tmp.Close()
	h := sha256.New()
	if _, err := io.Copy(io.MultiWriter(tmp, h), r); err != nil {
		return err
	}
	if got := hex.EncodeToString(h.Sum(nil)); got != sum {
		return fmt.Errorf("the stored file %s is damaged: its content has the sum %s", sum, got)
	}
	if err := tmp.Sync(); err != nil {
		return err
	}
	return to.Put(ctx, sum, tmp.Name())
}
