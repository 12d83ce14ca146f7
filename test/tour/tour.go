// Package tour runs the program itself over a small demo bureau and knows every
// page of it: for the roads people go in a real browser, for the accessibility
// of each page, and for pictures of them.
package tour

import (
	"bufio"
	"context"
	"fmt"
	"io"
	"net/http"
	"net/http/cookiejar"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"sync"
	"syscall"
	"time"
	_ "time/tzdata" // as the program itself

	"github.com/dinghai/dinghai/app"
)

// Password opens every account of the demo.
const Password = "dinghai-demo"

// asProgram tells a process started by Start to be the program.
const asProgram = "DINGHAI_TOUR"

// BeProgram runs the program in place of the caller when the process was
// started for that. Call it first in main or TestMain.
func BeProgram() {
	if os.Getenv(asProgram) != "" {
		os.Exit(app.Main(os.Args[1:], os.Stdout, os.Stderr))
	}
}

// Site is a running demo bureau.
type Site struct {
	URL  string
	Data string // its folder
	cmd  *exec.Cmd
	log  *tail

	mu      sync.Mutex
	clients map[string]*http.Client
}

// Start makes a demo bureau in a folder and serves it, for use when whole.
func Start(ctx context.Context, dir string, scale string) (*Site, error) {
	self, err := os.Executable()
	if err != nil {
		return nil, err
	}
	s := &Site{Data: filepath.Join(dir, "demo"), log: &tail{}, clients: map[string]*http.Client{}}
	s.cmd = exec.CommandContext(ctx, self, "demo", "--data", s.Data, "--scale", scale, "--listen", "localhost:0")
	s.cmd.Env = append(os.Environ(), asProgram+"=1")
	s.cmd.Stderr = s.log
	s.cmd.Cancel = func() error { return s.cmd.Process.Signal(syscall.SIGTERM) }
	out, err := s.cmd.StdoutPipe()
	if err != nil {
		return nil, err
	}
	if err := s.cmd.Start(); err != nil {
		return nil, err
	}
	lines := bufio.NewScanner(out)
	if !lines.Scan() {
		return nil, fmt.Errorf("the demo did not start: %s", s.log)
	}
	s.URL = strings.TrimSpace(lines.Text())
	go func() { _, _ = io.Copy(io.Discard, out) }()
	return s, s.whole()
}

// whole waits until the year is made.
func (s *Site) whole() error {
	for range 2400 {
		if strings.Contains(s.log.String(), "demo year:") {
			// people come last; who can sign in finds the bureau whole
			if _, err := s.client("shenli"); err == nil {
				return nil
			}
		}
		time.Sleep(50 * time.Millisecond)
	}
	return fmt.Errorf("the demo was not made in time: %s", s.log)
}

// Close ends the bureau.
func (s *Site) Close() error {
	if err := s.cmd.Process.Signal(syscall.SIGTERM); err != nil {
		return err
	}
	return s.cmd.Wait()
}

// Log is what the program told so far.
func (s *Site) Log() string { return s.log.String() }

// client is a browser without script in which somebody is signed in; "" = a
// stranger.
func (s *Site) client(login string) (*http.Client, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if c := s.clients[login]; c != nil {
		return c, nil
	}
	jar, err := cookiejar.New(nil)
	if err != nil {
		return nil, err
	}
	c := &http.Client{Jar: jar}
	if login != "" {
		resp, err := c.PostForm(s.URL+"/login", url.Values{"login": {login}, "password": {Password}})
		if err != nil {
			return nil, err
		}
		resp.Body.Close()
		if resp.Request.URL.Path == "/login" {
			return nil, fmt.Errorf("%s could not sign in: %s", login, resp.Status)
		}
	}
	s.clients[login] = c
	return c, nil
}

// Get reads a page as somebody.
func (s *Site) Get(login, path string) (string, error) {
	c, err := s.client(login)
	if err != nil {
		return "", err
	}
	resp, err := c.Get(s.URL + path)
	if err != nil {
		return "", err
	}
	defer resp.Body.Close()
	b, err := io.ReadAll(resp.Body)
	if err == nil && resp.StatusCode != http.StatusOK {
		err = fmt.Errorf("%s as %q: %s", path, login, resp.Status)
	}
	return string(b), err
}

// Session is the cookie of somebody who is signed in; "" for a stranger.
func (s *Site) Session(login string) (string, error) {
	if login == "" {
		return "", nil
	}
	c, err := s.client(login)
	if err != nil {
		return "", err
	}
	u, err := url.Parse(s.URL)
	if err != nil {
		return "", err
	}
	for _, k := range c.Jar.Cookies(u) {
		if k.Name == "session" {
			return k.Value, nil
		}
	}
	return "", fmt.Errorf("%s has no session", login)
}

var recordLink = regexp.MustCompile(`<td[^>]*class="dh-lead[^"]*"[^>]*>\s*<a href="(/(?:cases|subjects)/[^"?]+)"`)

// First is the address of the first record of a list, "" when it is empty.
func (s *Site) First(login, list string) (string, error) {
	body, err := s.Get(login, list)
	if err != nil {
		return "", err
	}
	if m := recordLink.FindStringSubmatch(body); m != nil {
		return m[1], nil
	}
	return "", nil
}

// tail keeps what a program writes.
type tail struct {
	mu sync.Mutex
	b  strings.Builder
}

// Write keeps a piece.
func (t *tail) Write(p []byte) (int, error) {
	t.mu.Lock()
	defer t.mu.Unlock()
	return t.b.Write(p)
}

func (t *tail) String() string {
	t.mu.Lock()
	defer t.mu.Unlock()
	return t.b.String()
}
