// Package need lets a test say which outside programs it cannot do without.
package need

import (
	"os"
	"os/exec"
	"testing"
)

// Tool returns the path of the first of the named programs that is installed.
// When none is, the test is skipped by name; under REQUIRE=all it fails, so
// that a complete run cannot pass by leaving things out.
func Tool(t testing.TB, names ...string) string {
	t.Helper()
	for _, name := range names {
		if path, err := exec.LookPath(name); err == nil {
			return path
		}
	}
	Skip(t, names[0]+" is not installed")
	return ""
}

// Skip skips the test with a reason, or fails it under REQUIRE=all.
func Skip(t testing.TB, reason string) {
	t.Helper()
	if os.Getenv("REQUIRE") == "all" {
		t.Fatal("REQUIRE=all: " + reason)
	}
	t.Skip(reason)
}
