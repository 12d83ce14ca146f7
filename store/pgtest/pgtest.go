// Package pgtest runs a PostgreSQL of its own for tests: one throw-away
// cluster per test process, on a Unix socket and a free port, and a fresh
// database per test. Nothing needs to be installed but the server's programs.
package pgtest

import (
	"context"
	"fmt"
	"net"
	"os"
	"os/exec"
	"os/user"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"syscall"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"
)

// Cluster is a running server.
type Cluster struct {
	Dir  string // data directory
	Port int
	bin  string
	cred *syscall.Credential
	cmd  *exec.Cmd
}

var (
	once    sync.Once
	shared  *Cluster
	failure error
	number  atomic.Int64
)

// Start gives the address of an empty database on the test process's cluster.
// Without PostgreSQL the test is skipped, or fails if REQUIRE=all.
func Start(t testing.TB) string {
	t.Helper()
	once.Do(func() { shared, failure = New() })
	if failure != nil {
		missing(t, failure)
	}
	dsn, err := shared.Database(fmt.Sprintf("t%d", number.Add(1)))
	if err != nil {
		t.Fatal(err)
	}
	return dsn
}

func missing(t testing.TB, err error) {
	t.Helper()
	if os.Getenv("REQUIRE") == "all" {
		t.Fatalf("PostgreSQL not found: %v", err)
	}
	t.Skipf("PostgreSQL not found: %v", err)
}

// Stop ends the shared cluster; call it at the end of TestMain.
func Stop() {
	if shared != nil {
		shared.Remove()
	}
}

// New makes and starts a cluster. The caller removes it.
func New() (*Cluster, error) {
	bin, err := programs()
	if err != nil {
		return nil, err
	}
	dir, err := os.MkdirTemp("", "pgtest")
	if err != nil {
		return nil, err
	}
	c := &Cluster{Dir: dir, bin: bin, Port: freePort(), cred: unprivileged()}
	if c.cred != nil {
		if err := os.Chown(dir, int(c.cred.Uid), int(c.cred.Gid)); err != nil {
			return nil, err
		}
	}
	if out, err := c.command("initdb", "-D", c.data(), "-U", "test", "-A", "trust", "-E", "UTF8", "--locale=C.UTF-8", "--no-sync").CombinedOutput(); err != nil {
		os.RemoveAll(dir)
		return nil, fmt.Errorf("initdb: %w: %s", err, out)
	}
	if err := c.Run(); err != nil {
		c.Remove()
		return nil, err
	}
	return c, nil
}

// programs finds the newest installed server.
func programs() (string, error) {
	found, _ := filepath.Glob("/usr/lib/postgresql/*/bin/initdb")
	if path, err := exec.LookPath("initdb"); err == nil {
		found = append(found, path)
	}
	if len(found) == 0 {
		return "", fmt.Errorf("no initdb in /usr/lib/postgresql/*/bin nor in PATH")
	}
	slices.SortStableFunc(found, func(a, b string) int { return version(b) - version(a) })
	return filepath.Dir(found[0]), nil
}

func version(path string) int {
	n, _ := strconv.Atoi(strings.Split(strings.TrimPrefix(path, "/usr/lib/postgresql/"), "/")[0])
	return n
}

func freePort() int {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return 54329
	}
	defer l.Close()
	return l.Addr().(*net.TCPAddr).Port
}

// unprivileged is who runs the server when we are root, which it refuses to be.
func unprivileged() *syscall.Credential {
	if os.Getuid() != 0 {
		return nil
	}
	for _, name := range []string{"postgres", "nobody"} {
		if u, err := user.Lookup(name); err == nil {
			uid, _ := strconv.Atoi(u.Uid)
			gid, _ := strconv.Atoi(u.Gid)
			return &syscall.Credential{Uid: uint32(uid), Gid: uint32(gid)}
		}
	}
	return nil
}

func (c *Cluster) data() string { return filepath.Join(c.Dir, "data") }

// command runs a program of the server. It dies with us, so that an
// interrupted test leaves no server behind.
func (c *Cluster) command(name string, args ...string) *exec.Cmd {
	cmd := exec.Command(filepath.Join(c.bin, name), args...)
	cmd.Dir = c.Dir
	cmd.SysProcAttr = &syscall.SysProcAttr{Credential: c.cred, Pdeathsig: syscall.SIGKILL}
	return cmd
}

// Run starts the server, also after Kill.
func (c *Cluster) Run() error {
	_ = os.Remove(filepath.Join(c.data(), "postmaster.pid"))
	c.cmd = c.command("postgres", "-D", c.data(), "-k", c.Dir, "-p", strconv.Itoa(c.Port), "-h", "",
		"-c", "shared_buffers=256MB", "-c", "max_wal_size=4GB", "-c", "max_connections=100", "-c", "log_min_messages=fatal")
	if err := c.cmd.Start(); err != nil {
		return err
	}
	for deadline := time.Now().Add(20 * time.Second); ; time.Sleep(50 * time.Millisecond) {
		conn, err := pgx.Connect(context.Background(), c.DSN("postgres"))
		if err == nil {
			return conn.Close(context.Background())
		}
		if time.Now().After(deadline) {
			return fmt.Errorf("the server does not answer: %w", err)
		}
	}
}

// Kill ends the server at once, as a power loss would.
func (c *Cluster) Kill() {
	_ = c.cmd.Process.Signal(syscall.SIGQUIT) // immediate: no checkpoint, no goodbye
	_ = c.cmd.Wait()
}

// Remove ends the server and deletes its files.
func (c *Cluster) Remove() {
	if c.cmd != nil && c.cmd.Process != nil {
		c.Kill()
	}
	os.RemoveAll(c.Dir)
}

// DSN is the address of a database.
func (c *Cluster) DSN(name string) string {
	return fmt.Sprintf("postgres://test@/%s?host=%s&port=%d", name, c.Dir, c.Port)
}

// Database makes an empty database and gives its address.
func (c *Cluster) Database(name string) (string, error) {
	ctx := context.Background()
	conn, err := pgx.Connect(ctx, c.DSN("postgres"))
	if err != nil {
		return "", err
	}
	defer conn.Close(ctx)
	_, err = conn.Exec(ctx, "CREATE DATABASE "+name)
	return c.DSN(name), err
}
