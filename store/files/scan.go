package files

import (
	"context"
	"errors"
	"fmt"
	"os/exec"
	"strings"
	"time"
)

// Scanner looks for what does harm in a file that arrived.
type Scanner interface {
	// Scan gives false for a file to be refused; an error when it could not look.
	Scan(ctx context.Context, path string) (bool, error)
}

// Command scans with a program that is given the file's name as its last
// argument, e.g. "clamdscan --fdpass --no-summary": 0 is clean, 1 is refused,
// anything else means that it could not look, and nothing is taken.
type Command []string

// ScanCommand splits a line into program and arguments; there are no quotes.
func ScanCommand(line string) Command { return strings.Fields(line) }

const scanTime = 2 * time.Minute

// Scan runs the program.
func (c Command) Scan(ctx context.Context, path string) (bool, error) {
	ctx, stop := context.WithTimeout(ctx, scanTime)
	defer stop()
	out, err := exec.CommandContext(ctx, c[0], append(append([]string{}, c[1:]...), path)...).CombinedOutput() //nolint:gosec // the administrator's own
	var exit *exec.ExitError
	switch {
	case err == nil:
		return true, nil
	case errors.As(err, &exit) && exit.ExitCode() == 1:
		return false, nil
	}
	if len(out) > 500 {
		out = out[:500]
	}
	return false, fmt.Errorf("files: scanner %s: %w: %s", c[0], err, out)
}
