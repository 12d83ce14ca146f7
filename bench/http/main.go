// Command http puts the public complaint form and the officers' list beside
// PocketBase's JSON API, both with every commit on the disk, on the same
// machine in the same run: the same twelve answers per complaint, the same page
// of twenty by area and state with its true total.
package main

import (
	"context"
	"flag"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"time"
)

var (
	seconds = flag.Int("seconds", 4, "length of each run")
	preload = flag.Int("preload", 20000, "complaints there are before anything is measured")
	clients = []int{1, 8, 64}
)

func main() {
	flag.Parse()
	if err := run(context.Background()); err != nil {
		fmt.Fprintln(os.Stderr, "bench/http:", err)
		os.Exit(1)
	}
}

// server is a program under load.
type server struct {
	name, base   string
	cmd          *exec.Cmd
	create, list func(c *client) error
}

func run(ctx context.Context) error {
	dir, err := os.MkdirTemp("", "dinghai-http")
	if err != nil {
		return err
	}
	defer os.RemoveAll(dir)
	ours, err := startOurs(ctx, dir)
	if err != nil {
		return err
	}
	defer ours.stop()
	peer, err := startPeer(ctx, dir)
	if err != nil {
		return err
	}
	defer peer.stop()
	all := []*server{ours, peer}
	for _, s := range all {
		if err := s.fill(*preload); err != nil {
			return fmt.Errorf("%s: %w", s.name, err)
		}
	}
	fmt.Printf("| work | clients | %s | %s | ratio |\n|---|---|---|---|---|\n", ours.name, peer.name)
	for _, work := range []string{"create", "list"} {
		for _, n := range clients {
			var res []result
			for _, s := range all {
				r, err := s.load(work, n, time.Duration(*seconds)*time.Second)
				if err != nil {
					return fmt.Errorf("%s, %s: %w", s.name, work, err)
				}
				res = append(res, r)
			}
			fmt.Printf("| %s | %d | %s | %s | %.2f |\n", work, n, res[0], res[1], res[0].rate/res[1].rate)
		}
	}
	fmt.Printf("| resident memory | | %s | %s | |\n", ours.memory(), peer.memory())
	return nil
}

// build makes a program and returns where it is.
func build(dir, name, module, pkg string) (string, error) {
	bin := filepath.Join(dir, name)
	cmd := exec.Command("go", "build", "-trimpath", "-o", bin, pkg)
	cmd.Dir = module
	cmd.Env = append(os.Environ(), "CGO_ENABLED=0")
	out, err := cmd.CombinedOutput()
	if err != nil {
		return "", fmt.Errorf("build %s: %w\n%s", name, err, out)
	}
	return bin, nil
}

// start runs a program until it answers.
func (s *server) start(ctx context.Context, bin string, args ...string) error {
	s.cmd = exec.CommandContext(ctx, bin, args...)
	if err := s.cmd.Start(); err != nil {
		return err
	}
	c := newClient(s, 0)
	for began := time.Now(); time.Since(began) < 2*time.Minute; time.Sleep(20 * time.Millisecond) {
		if _, err := c.get("/"); err == nil || strings.Contains(err.Error(), "status") {
			return nil
		}
	}
	return fmt.Errorf("%s does not answer", s.name)
}

func (s *server) stop() {
	_ = s.cmd.Process.Signal(os.Interrupt)
	_ = s.cmd.Wait()
}

func (s *server) memory() string {
	b, _ := os.ReadFile(fmt.Sprintf("/proc/%d/status", s.cmd.Process.Pid))
	for l := range strings.Lines(string(b)) {
		if kb := 0; strings.HasPrefix(l, "VmRSS:") {
			fmt.Sscan(strings.TrimPrefix(l, "VmRSS:"), &kb)
			return fmt.Sprintf("%d MB", kb/1024)
		}
	}
	return "unknown"
}
