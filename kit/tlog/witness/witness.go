// Package witness cosigns the checkpoints of logs: it remembers the last one of
// each log and signs a newer one only with a proof that the log kept what it had
// shown before. C2SP tlog-witness.
//
// A witness has a point only where somebody other than the log's operator runs
// it.
package witness

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"strconv"
	"strings"

	"golang.org/x/mod/sumdb/note"

	"github.com/dinghai/dinghai/kit/tlog"
)

// Store remembers the last cosigned checkpoint of each log.
type Store interface {
	// Last returns the checkpoint of an origin; size 0 with the empty root before
	// the first.
	Last(ctx context.Context, origin string) (size uint64, root tlog.Hash, err error)
	// Set durably records a new one if old is still the last size. It reports
	// whether it did. Two requests must not both succeed from one old size.
	Set(ctx context.Context, origin string, old, size uint64, root tlog.Hash) (bool, error)
}

// Witness cosigns for the logs it knows.
type Witness struct {
	Cosigner *tlog.Cosigner
	Logs     []note.Verifier // a key's name is the origin of its log
	Store    Store
}

// limits of a request.
const (
	maxProof = 63
	maxBody  = 512 << 10
)

// refusal is an answer other than 200.
type refusal struct {
	status int
	body   string
}

func (r *refusal) Error() string { return fmt.Sprintf("%d %s", r.status, r.body) }

// request is the body of add-checkpoint.
type request struct {
	old   uint64
	proof []tlog.Hash
	note  []byte
}

func parse(body []byte) (r request, err error) {
	bad := &refusal{status: http.StatusBadRequest, body: "malformed request"}
	head, signed, ok := bytes.Cut(body, []byte("\n\n"))
	lines := strings.Split(string(head), "\n")
	size, ok2 := strings.CutPrefix(lines[0], "old ")
	if !ok || !ok2 || len(lines)-1 > maxProof {
		return r, bad
	}
	r.note = signed
	if r.old, err = strconv.ParseUint(size, 10, 63); err != nil || strconv.FormatUint(r.old, 10) != size {
		return r, bad
	}
	for _, l := range lines[1:] {
		var h tlog.Hash
		if err := h.UnmarshalJSON([]byte(`"` + l + `"`)); err != nil || h.String() != l {
			return r, bad
		}
		r.proof = append(r.proof, h)
	}
	return r, nil
}

// AddCheckpoint answers one request: the cosignature's line and status 200, or
// the status and body of a refusal. err is the store's.
func (w *Witness) AddCheckpoint(ctx context.Context, body []byte) (status int, answer string, err error) {
	line, err := w.add(ctx, body)
	var r *refusal
	if errors.As(err, &r) {
		return r.status, r.body + "\n", nil
	}
	if err != nil {
		return http.StatusInternalServerError, "", err
	}
	return http.StatusOK, line, nil
}

func (w *Witness) add(ctx context.Context, body []byte) (string, error) {
	r, err := parse(body)
	if err != nil {
		return "", err
	}
	c, err := w.open(r.note)
	if err != nil {
		return "", err
	}
	if r.old > c.Size {
		return "", &refusal{status: http.StatusBadRequest, body: "old size above the checkpoint's"}
	}
	last, root, err := w.Store.Last(ctx, c.Origin)
	if err != nil {
		return "", err
	}
	if last != r.old {
		return "", conflict(last)
	}
	if err := consistent(r, c, root); err != nil {
		return "", err
	}
	ok, err := w.Store.Set(ctx, c.Origin, r.old, c.Size, c.Root)
	if err != nil {
		return "", err
	}
	if !ok {
		if last, _, err = w.Store.Last(ctx, c.Origin); err != nil {
			return "", err
		}
		return "", conflict(last)
	}
	return w.sign(c)
}

func conflict(size uint64) *refusal {
	return &refusal{status: http.StatusConflict, body: strconv.FormatUint(size, 10)}
}

// open verifies the log's signature. An unknown log gets 403 as from litewitness,
// the reference implementation and the published requests; later text of the
// specification says 404.
func (w *Witness) open(signed []byte) (tlog.Checkpoint, error) {
	origin, _, _ := strings.Cut(string(signed), "\n")
	known := false
	for _, key := range w.Logs {
		if key.Name() != origin {
			continue
		}
		known = true
		c, err := tlog.OpenCheckpoint(signed, key)
		var e *tlog.Error
		switch {
		case err == nil:
			return c, nil
		case errors.As(err, &e) && e.Field != "signature":
			return c, &refusal{status: http.StatusBadRequest, body: "malformed checkpoint"}
		}
	}
	if !known {
		return tlog.Checkpoint{}, &refusal{status: http.StatusForbidden, body: "unknown log"}
	}
	return tlog.Checkpoint{}, &refusal{status: http.StatusForbidden, body: "invalid signature"}
}

func consistent(r request, c tlog.Checkpoint, root tlog.Hash) error {
	if r.old == c.Size && root != c.Root {
		return &refusal{status: http.StatusConflict, body: strconv.FormatUint(r.old, 10)}
	}
	if r.old == 0 && len(r.proof) == 0 {
		return nil
	}
	if err := tlog.VerifyConsistency(r.proof, r.old, c.Size, root, c.Root); err != nil {
		return &refusal{status: http.StatusUnprocessableEntity, body: "bad consistency proof"}
	}
	return nil
}

func (w *Witness) sign(c tlog.Checkpoint) (string, error) {
	signed, err := note.Sign(&note.Note{Text: c.String()}, w.Cosigner)
	if err != nil {
		return "", err
	}
	_, lines, _ := strings.Cut(string(signed), "\n\n")
	return lines, nil
}

// ServeHTTP is POST add-checkpoint.
func (w *Witness) ServeHTTP(rw http.ResponseWriter, r *http.Request) {
	if r.Method != http.MethodPost {
		http.Error(rw, "POST only", http.StatusMethodNotAllowed)
		return
	}
	body, err := io.ReadAll(http.MaxBytesReader(rw, r.Body, maxBody))
	if err != nil {
		http.Error(rw, "body", http.StatusRequestEntityTooLarge)
		return
	}
	status, answer, err := w.AddCheckpoint(r.Context(), body)
	if err != nil {
		http.Error(rw, "store", http.StatusInternalServerError)
		return
	}
	rw.Header().Set("Content-Type", contentType(status))
	rw.WriteHeader(status)
	_, _ = io.WriteString(rw, answer)
}

func contentType(status int) string {
	if status == http.StatusConflict {
		return "text/x.tlog.size"
	}
	return "text/plain; charset=utf-8"
}
