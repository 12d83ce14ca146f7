package app

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
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
// and proves each by its sum: damaged ones are left out and named in the error,
// which comes when all the others are there. It returns how many it brought
// and how many there are.
func copyFiles(ctx context.Context, to, from files.Blobs) (brought, all int, err error) {
	var damaged []error
	err = from.Each(ctx, func(sum string) error {
		all++
		there, err := to.Has(ctx, sum)
		if err != nil || there {
			return err
		}
		err = copyBlob(ctx, to, from, sum)
		if errors.Is(err, errSum) {
			damaged = append(damaged, err)
			return nil
		}
		brought++
		return err
	})
	return brought, all, errors.Join(append(damaged, err)...)
}

var errSum = errors.New("is damaged")

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
		return fmt.Errorf("the stored file %s %w: its content has the sum %s", sum, errSum, got)
	}
	if err := tmp.Sync(); err != nil {
		return err
	}
	return to.Put(ctx, sum, tmp.Name())
}
