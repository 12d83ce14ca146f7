package assets

import (
	"bytes"
	"compress/gzip"
	"crypto/sha256"
	"embed"
	"encoding/hex"
	"io/fs"
	"mime"
	"net/http"
	"path"
	"strings"
)

//go:embed vendor/*.css vendor/*.js own
var files embed.FS

// file is one asset, ready to be sent.
type file struct {
	kind   string
	plain  []byte
	packed []byte // gzip
}

// Set is the assets by the name that carries their hash.
type Set struct {
	byPath map[string]file
	hashed map[string]string // app.css → app.1a2b3c4d.css
}

// Load reads and compresses every asset once.
func Load() (*Set, error) {
	s := &Set{byPath: map[string]file{}, hashed: map[string]string{}}
	err := fs.WalkDir(files, ".", func(p string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		b, err := fs.ReadFile(files, p)
		if err != nil {
			return err
		}
		return s.add(path.Base(p), b)
	})
	return s, err
}

func (s *Set) add(name string, b []byte) error {
	sum := sha256.Sum256(b)
	ext := path.Ext(name)
	hashed := strings.TrimSuffix(name, ext) + "." + hex.EncodeToString(sum[:4]) + ext
	var packed bytes.Buffer
	z, err := gzip.NewWriterLevel(&packed, gzip.BestCompression)
	if err != nil {
		return err
	}
	if _, err := z.Write(b); err != nil {
		return err
	}
	if err := z.Close(); err != nil {
		return err
	}
	s.byPath[hashed] = file{kind: mime.TypeByExtension(ext), plain: b, packed: packed.Bytes()}
	s.hashed[name] = hashed
	return nil
}

// Path is the address of an asset.
func (s *Set) Path(name string) string { return "/static/" + s.hashed[name] }

// ServeHTTP sends /static/<name>.<hash>.<ext>; what it names never changes.
func (s *Set) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	f, ok := s.byPath[strings.TrimPrefix(r.URL.Path, "/static/")]
	if !ok {
		http.NotFound(w, r)
		return
	}
	h := w.Header()
	h.Set("Content-Type", f.kind)
	h.Set("Cache-Control", "public, max-age=31536000, immutable")
	h.Set("Vary", "Accept-Encoding")
	body := f.plain
	if strings.Contains(r.Header.Get("Accept-Encoding"), "gzip") {
		h.Set("Content-Encoding", "gzip")
		body = f.packed
	}
	_, _ = w.Write(body) // the reader has gone; nothing to tell anyone
}
