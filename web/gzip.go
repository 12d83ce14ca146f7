package web

import (
	"compress/gzip"
	"net/http"
	"strings"
	"sync"
)

var zips = sync.Pool{New: func() any {
	z, _ := gzip.NewWriterLevel(nil, gzip.BestSpeed) // the level is a valid constant
	return z
}}

// compressed packs what browsers accept packed. Assets come packed already.
func compressed(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if strings.HasPrefix(r.URL.Path, "/static/") || !strings.Contains(r.Header.Get("Accept-Encoding"), "gzip") {
			next.ServeHTTP(w, r)
			return
		}
		z := &zipped{ResponseWriter: w}
		defer z.close()
		next.ServeHTTP(z, r)
	})
}

// zipped packs a body of text; everything else passes as it is.
type zipped struct {
	http.ResponseWriter
	z       *gzip.Writer
	started bool
}

func (w *zipped) WriteHeader(code int) {
	if w.started {
		return
	}
	w.started = true
	h := w.Header()
	h.Add("Vary", "Accept-Encoding")
	if code != http.StatusNoContent && code != http.StatusNotModified && h.Get("Content-Encoding") == "" && textual(h.Get("Content-Type")) {
		h.Del("Content-Length")
		h.Set("Content-Encoding", "gzip")
		w.z = zips.Get().(*gzip.Writer)
		w.z.Reset(w.ResponseWriter)
	}
	w.ResponseWriter.WriteHeader(code)
}

func (w *zipped) Write(b []byte) (int, error) {
	if !w.started {
		if w.Header().Get("Content-Type") == "" {
			w.Header().Set("Content-Type", http.DetectContentType(b))
		}
		w.WriteHeader(http.StatusOK)
	}
	if w.z != nil {
		return w.z.Write(b)
	}
	return w.ResponseWriter.Write(b)
}

// Unwrap lets http.ResponseController reach the connection.
func (w *zipped) Unwrap() http.ResponseWriter { return w.ResponseWriter }

func (w *zipped) close() {
	if w.z != nil {
		_ = w.z.Close() // the reader has gone; nothing to tell anyone
		zips.Put(w.z)
	}
}

func textual(kind string) bool {
	return strings.HasPrefix(kind, "text/") || strings.HasPrefix(kind, "application/json")
}
