package script

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
	"strconv"
	"strings"
	"syscall"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/rogpeppe/go-internal/testscript"
	"golang.org/x/sys/unix"

	"github.com/dinghai/dinghai/domain"
	"github.com/dinghai/dinghai/store/pgtest"
)

// hand DATA N KEY gives the process that has the database N complaints, as
// another command of the program does, and prints what became of them:
// "saved", "again", or code and reasons of the refusal. With ! none may be saved,
// without it all must be.
func hand(ts *testscript.TestScript, neg bool, args []string) {
	n, err := strconv.Atoi(args[1])
	ts.Check(err)
	var cmds []domain.Command
	for i := range n {
		cmds = append(cmds, domain.Command{Kind: "complaint.complaint", Action: "receive", Area: []string{"330902", "330903", "330921"}[i%3], Key: fmt.Sprint(args[2], i),
			Actor: domain.Actor{ID: "li", Grants: []domain.Grant{{Role: "citizen"}}},
			Input: map[string]any{"complainant": "李某", "goods": "渔具", "facts": strings.Repeat("海", 3000)}})
	}
	body, err := json.Marshal(cmds)
	ts.Check(err)
	client := http.Client{Timeout: time.Minute, Transport: &http.Transport{DialContext: func(ctx context.Context, _, _ string) (net.Conn, error) {
		var d net.Dialer
		return d.DialContext(ctx, "unix", filepath.Join(ts.MkAbs(args[0]), "dinghai.sock"))
	}}}
	res, err := client.Post("http://dinghai/do", "application/json", bytes.NewReader(body))
	if err != nil {
		_ = of(ts).cmd.Process.Signal(syscall.SIGQUIT)
		_ = of(ts).cmd.Wait()
		ts.Fatalf("no answer: %v\n%s", err, of(ts).err)
	}
	defer res.Body.Close()
	var list []struct {
		Record *domain.Record
		Again  bool
		Error  *domain.Error
	}
	ts.Check(json.NewDecoder(res.Body).Decode(&list))
	saved := 0
	for _, x := range list {
		switch {
		case x.Error != nil:
			fmt.Fprintln(ts.Stdout(), x.Error.Error())
		case x.Again:
			saved++
			fmt.Fprintln(ts.Stdout(), "again", x.Record.Number)
		default:
			saved++
			fmt.Fprintln(ts.Stdout(), "saved", x.Record.Number)
		}
	}
	if neg && saved > 0 || !neg && saved < n {
		ts.Fatalf("%d of %d were saved", saved, n)
	}
}

// disk DIR makes a small disk of a folder, where we may mount one.
func disk(ts *testscript.TestScript, neg bool, args []string) {
	dir := ts.MkAbs(args[0])
	ts.Check(os.MkdirAll(dir, 0o700))
	err := unix.Mount("tmpfs", dir, "tmpfs", 0, "size=48m,mode=700")
	if errors.Is(err, unix.EPERM) {
		return // nospace limits the process instead
	}
	ts.Check(err)
	of(ts).mounted = dir
	ts.Defer(func() { _ = unix.Unmount(dir, unix.MNT_DETACH) })
}

// nospace fills the disk to the last byte; without a disk of its own it limits
// the size of files the server may write to what the largest has.
func nospace(ts *testscript.TestScript, neg bool, args []string) {
	s := of(ts)
	dir := ts.MkAbs(args[0])
	if s.mounted == "" {
		largest := uint64(0)
		files, err := os.ReadDir(dir)
		ts.Check(err)
		for _, f := range files {
			if info, err := f.Info(); err == nil {
				largest = max(largest, uint64(info.Size()))
			}
		}
		s.limit(ts, largest)
		return
	}
	f, err := os.Create(filepath.Join(dir, "filler"))
	ts.Check(err)
	defer f.Close()
	for size := 1 << 20; size > 0; {
		if _, err = f.Write(make([]byte, size)); errors.Is(err, syscall.ENOSPC) {
			size /= 2
			continue
		}
		ts.Check(err)
	}
}

// space makes room again.
func space(ts *testscript.TestScript, neg bool, args []string) {
	if s := of(ts); s.mounted == "" {
		s.limit(ts, unix.RLIM_INFINITY)
		return
	}
	ts.Check(os.Remove(filepath.Join(ts.MkAbs(args[0]), "filler")))
}

func (s *serving) limit(ts *testscript.TestScript, size uint64) {
	l := unix.Rlimit{Cur: size, Max: unix.RLIM_INFINITY}
	ts.Check(unix.Prlimit(s.cmd.Process.Pid, unix.RLIMIT_FSIZE, &l, nil))
}

// cluster NAME starts a PostgreSQL of the script's own and names an empty
// database of it. lose DB kills it as a power loss would, back starts it again,
// cut ends its connections only.
func cluster(ts *testscript.TestScript, neg bool, args []string) {
	c, err := pgtest.New()
	ts.Check(err)
	ts.Defer(c.Remove)
	of(ts).cluster = c
	dsn, err := c.Database("bureau")
	ts.Check(err)
	ts.Setenv(args[0], dsn)
}

func lose(ts *testscript.TestScript, neg bool, args []string) { of(ts).cluster.Kill() }

func back(ts *testscript.TestScript, neg bool, args []string) { ts.Check(of(ts).cluster.Run()) }

func cut(ts *testscript.TestScript, neg bool, args []string) {
	ctx := of(ts).t.Context()
	c, err := pgx.Connect(ctx, of(ts).cluster.DSN("postgres"))
	ts.Check(err)
	defer c.Close(ctx)
	_, err = c.Exec(ctx, "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = 'bureau'")
	ts.Check(err)
}

// peek PATH CODE [soon] demands how the server answers; soon allows it some
// seconds to get there.
func peek(ts *testscript.TestScript, neg bool, args []string) {
	var got string
	for try := 0; ; try++ {
		res, err := http.Get(of(ts).url + args[0])
		ts.Check(err)
		b, err := io.ReadAll(res.Body)
		res.Body.Close()
		ts.Check(err)
		if got = strconv.Itoa(res.StatusCode); got == args[1] {
			_, _ = ts.Stdout().Write(b)
			return
		}
		if len(args) < 3 || try == 50 {
			break
		}
		time.Sleep(100 * time.Millisecond)
	}
	ts.Fatalf("%s answers %s, want %s", args[0], got, args[1])
}
