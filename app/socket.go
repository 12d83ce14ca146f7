package app

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"time"

	"github.com/dinghai/dinghai/domain"
	"github.com/dinghai/dinghai/engine"
	"github.com/dinghai/dinghai/jobs/importer"
)

// A database has one active process. A command that writes while it runs hands
// its work over through a Unix socket beside the database.

func (o Options) socket() string { return filepath.Join(o.Data, "dinghai.sock") }

// maxSocket is the longest address of a Unix socket (sun_path, with its NUL).
const maxSocket = 107

type wireResult struct {
	Record *domain.Record `json:"record,omitempty"`
	Again  bool           `json:"again,omitempty"`
	Error  *domain.Error  `json:"error,omitempty"`
}

// listenSocket serves commands of other processes of the same user.
func (a *App) listenSocket(ctx context.Context) error {
	path := a.socket()
	if len(path) > maxSocket {
		return usage("--data %s is too long a path: the socket beside the database may have %d bytes in all", a.Data, maxSocket)
	}
	_ = os.Remove(path) // left by a killed process; the lease says nobody else runs
	l, err := net.Listen("unix", path)
	if err != nil {
		return err
	}
	if err := os.Chmod(path, 0o600); err != nil {
		return errors.Join(err, l.Close())
	}
	srv := &http.Server{Handler: http.HandlerFunc(a.serveSocket), ReadHeaderTimeout: 5 * time.Second}
	a.endWith(ctx, srv)
	a.work.Go(func() {
		_ = srv.Serve(l) // until endWith
		_ = os.Remove(path)
	})
	return nil
}

func (a *App) serveSocket(w http.ResponseWriter, r *http.Request) {
	var cmds []domain.Command
	dec := json.NewDecoder(http.MaxBytesReader(w, r.Body, 64<<20))
	dec.UseNumber()
	if err := dec.Decode(&cmds); err != nil {
		http.Error(w, err.Error(), http.StatusBadRequest)
		return
	}
	for i := range cmds {
		cmds[i].Input = plainNumbers(cmds[i].Input).(map[string]any)
	}
	out := make([]wireResult, len(cmds))
	for i, res := range a.claiming().DoAll(r.Context(), cmds) {
		out[i] = wireResult{Record: res.Receipt.Record, Again: res.Receipt.Again}
		if res.Err != nil && !errors.As(res.Err, &out[i].Error) {
			out[i].Error = domain.Fail(domain.Internal, "", "internal", res.Err.Error(), res.Err.Error())
		}
	}
	_ = json.NewEncoder(w).Encode(out)
}

// claiming is the engine behind a door that claims the files of commands.
func (a *App) claiming() importer.Claiming {
	return importer.Claiming{Door: a.Engine, Files: a.Files, Catalogue: a.Catalogue}
}

// plainNumbers gives whole numbers their type back after JSON.
func plainNumbers(v any) any {
	switch x := v.(type) {
	case json.Number:
		if n, err := x.Int64(); err == nil {
			return n
		}
		f, _ := x.Float64()
		return f
	case map[string]any:
		if x == nil {
			return map[string]any{}
		}
		for k, y := range x {
			x[k] = plainNumbers(y)
		}
		return x
	case []any:
		for i, y := range x {
			x[i] = plainNumbers(y)
		}
	}
	return v
}

// holder sends commands to the process that holds the database.
type holder struct {
	client *http.Client
	engine *engine.Engine // for previews, which write nothing
}

func (a *App) holder() *holder {
	path := a.socket()
	return &holder{engine: a.Engine, client: &http.Client{Transport: &http.Transport{
		DialContext: func(ctx context.Context, _, _ string) (net.Conn, error) {
			var d net.Dialer
			return d.DialContext(ctx, "unix", path)
		}}}}
}

// DoAll sends a batch; if the holder cannot be reached every command says so.
func (h *holder) DoAll(ctx context.Context, cmds []domain.Command) []engine.Result {
	out := make([]engine.Result, len(cmds))
	got, err := h.send(ctx, cmds)
	for i := range out {
		switch {
		case err != nil:
			out[i].Err = domain.Wrap(domain.Unavailable, err)
		case got[i].Error != nil:
			out[i].Err = got[i].Error
		default:
			out[i].Receipt = domain.Receipt{Record: got[i].Record, Again: got[i].Again}
		}
	}
	return out
}

func (h *holder) send(ctx context.Context, cmds []domain.Command) ([]wireResult, error) {
	body, err := json.Marshal(cmds)
	if err != nil {
		return nil, err
	}
	req, err := http.NewRequestWithContext(ctx, http.MethodPost, "http://dinghai/do", bytes.NewReader(body))
	if err != nil {
		return nil, err
	}
	res, err := h.client.Do(req)
	if err != nil {
		return nil, fmt.Errorf("another process has the database and takes no work now (rebuild, verify or restore under way?): %w", err)
	}
	defer res.Body.Close()
	if res.StatusCode != http.StatusOK {
		why, _ := io.ReadAll(io.LimitReader(res.Body, 1000))
		return nil, fmt.Errorf("the process that has the database refused the work: %s", strings.TrimSpace(string(why)))
	}
	var out []wireResult
	if err := json.NewDecoder(res.Body).Decode(&out); err != nil {
		return nil, err
	}
	if len(out) != len(cmds) {
		return nil, errors.New("the holder answered something else")
	}
	return out, nil
}

// Check previews here.
func (h *holder) Check(ctx context.Context, cmd domain.Command) (domain.Receipt, error) {
	return h.engine.Check(ctx, cmd)
}
