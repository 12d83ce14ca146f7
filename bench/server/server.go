// Package server builds and starts the programs that are measured, and asks
// them as a browser does.
package server

import (
	"bytes"
	"context"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"time"

	"github.com/dinghai/dinghai/kit/measure"
)

// Build makes the program of a package in a module and returns where it is.
func Build(dir, name, module, pkg string) (string, error) {
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

// Server is a program that serves pages.
type Server struct {
	Base  string        // its address, http://localhost:8080
	Ready time.Duration // from start to the first answer
	cmd   *exec.Cmd
	said  bytes.Buffer // its complaints
	over  chan struct{}
}

// Start runs a program until it answers at an address.
func Start(ctx context.Context, base, bin string, args ...string) (*Server, error) {
	s := &Server{Base: base, cmd: exec.CommandContext(ctx, bin, args...), over: make(chan struct{})}
	s.cmd.Stderr = &s.said
	began := time.Now()
	if err := s.cmd.Start(); err != nil {
		return nil, err
	}
	go func() {
		_ = s.cmd.Wait() // what it says is shown
		close(s.over)
	}()
	c := NewClient(base, 0)
	for time.Since(began) < 2*time.Minute {
		if err := c.Get("/"); err == nil || strings.Contains(err.Error(), "status") {
			s.Ready = time.Since(began)
			return s, nil
		}
		select {
		case <-s.over:
			return nil, fmt.Errorf("%s ended: %s", bin, s.said.String())
		case <-time.After(2 * time.Millisecond):
		}
	}
	s.Stop()
	return nil, fmt.Errorf("%s does not answer at %s", bin, base)
}

// Stop ends the program as an operator does.
func (s *Server) Stop() {
	_ = s.cmd.Process.Signal(os.Interrupt)
	<-s.over
}

// CPU is the time the program has spent on processors.
func (s *Server) CPU() time.Duration { return measure.CPU(s.cmd.Process.Pid) }

// Settle waits until the program has done what it does after a start.
func (s *Server) Settle() {
	for quiet := 0; quiet < 4; {
		before := s.CPU()
		time.Sleep(250 * time.Millisecond)
		if quiet++; s.CPU()-before > 50*time.Millisecond {
			quiet = 0
		}
	}
}

// Memory is what the program holds now.
func (s *Server) Memory() string { return fmt.Sprintf("%d MB", measure.Resident(s.cmd.Process.Pid)) }
