package files

import (
	"context"
	"errors"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
)

// Blobs keeps what is stored, each under the SHA-256 of its bytes in hex.
// Nothing is ever changed.
type Blobs interface {
	// Put stores what path holds; it may move the file away. The same again is fine.
	Put(ctx context.Context, sum, path string) error
	// Get reads one; fs.ErrNotExist when there is none.
	Get(ctx context.Context, sum string) (io.ReadCloser, error)
	// Has tells whether one is there.
	Has(ctx context.Context, sum string) (bool, error)
	// Drop forgets one; none is fine.
	Drop(ctx context.Context, sum string) error
	// Each names all of them, in no order.
	Each(ctx context.Context, fn func(sum string) error) error
}

// Disk keeps blobs in a folder: ab/abcdef….
type Disk struct{ Dir string }

var isSum = regexp.MustCompile(`^[0-9a-f]{64}$`)

func (d Disk) path(sum string) (string, error) {
	if !isSum.MatchString(sum) {
		return "", fs.ErrNotExist
	}
	return filepath.Join(d.Dir, sum[:2], sum), nil
}

// Put moves the file in; it must lie on the same disk, else it is copied.
func (d Disk) Put(_ context.Context, sum, path string) error {
	to, err := d.path(sum)
	if err != nil {
		return err
	}
	if _, err := os.Stat(to); err == nil {
		return nil
	}
	if err := os.MkdirAll(filepath.Dir(to), 0o700); err != nil {
		return err
	}
	if os.Rename(path, to) != nil {
		if err := copyTo(to, path); err != nil {
			return err
		}
	}
	return syncDir(filepath.Dir(to))
}

func copyTo(to, from string) error {
	r, err := os.Open(from)
	if err != nil {
		return err
	}
	defer r.Close()
	w, err := os.CreateTemp(filepath.Dir(to), ".part-")
	if err != nil {
		return err
	}
	defer os.Remove(w.Name())
	_, err = io.Copy(w, r)
	if err == nil {
		err = w.Sync()
	}
	if err = errors.Join(err, w.Close()); err != nil {
		return err
	}
	return os.Rename(w.Name(), to)
}

// syncDir makes a name as durable as the file it names.
func syncDir(dir string) error {
	f, err := os.Open(dir)
	if err != nil {
		return err
	}
	return errors.Join(f.Sync(), f.Close())
}

// Get opens one.
func (d Disk) Get(_ context.Context, sum string) (io.ReadCloser, error) {
	p, err := d.path(sum)
	if err != nil {
		return nil, err
	}
	return os.Open(p)
}

// Has looks for one.
func (d Disk) Has(_ context.Context, sum string) (bool, error) {
	p, err := d.path(sum)
	if err != nil {
		return false, nil
	}
	_, err = os.Stat(p)
	if errors.Is(err, fs.ErrNotExist) {
		return false, nil
	}
	return err == nil, err
}

// Drop removes one.
func (d Disk) Drop(_ context.Context, sum string) error {
	p, err := d.path(sum)
	if err != nil {
		return nil
	}
	if err := os.Remove(p); !errors.Is(err, fs.ErrNotExist) {
		return err
	}
	return nil
}

// Each walks the folder.
func (d Disk) Each(ctx context.Context, fn func(string) error) error {
	err := filepath.WalkDir(d.Dir, func(_ string, e fs.DirEntry, err error) error {
		if err == nil {
			err = ctx.Err()
		}
		if err != nil || e.IsDir() || !isSum.MatchString(e.Name()) {
			return err
		}
		return fn(e.Name())
	})
	if errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	return err
}
