package main

import (
	"bytes"
	"encoding/json"
	"fmt"
	"os"
	"os/exec"
	"strconv"
	"strings"
)

// peersDir has the versions of the npm packages and the program that runs them.
const peersDir = "kit/sdjwt/testdata/npm"

// opensslSpeed returns signatures and verifications of SM2 and blocks of SM3 a
// second, by OpenSSL's own measure of user time.
func opensslSpeed() (map[string]float64, error) {
	if _, err := exec.LookPath("openssl"); err != nil {
		return nil, fmt.Errorf("OpenSSL is not installed")
	}
	out := map[string]float64{}
	fields, err := speedLine("+F7:", "sm2")
	if err != nil {
		return nil, err
	}
	if len(fields) < 6 {
		return nil, fmt.Errorf("openssl speed sm2 says %q", fields)
	}
	out["sign"], _ = strconv.ParseFloat(fields[4], 64)
	out["verify"], _ = strconv.ParseFloat(fields[5], 64)
	if fields, err = speedLine("+F:", "-bytes", "16384", "-evp", "sm3"); err != nil {
		return nil, err
	}
	bytesPerSecond, _ := strconv.ParseFloat(fields[len(fields)-1], 64)
	out["sm3"] = bytesPerSecond / 16384
	return out, nil
}

// speedLine runs openssl speed for machines to read and returns the line that
// begins so, at its colons.
func speedLine(prefix string, args ...string) ([]string, error) {
	b, err := exec.Command("openssl", append([]string{"speed", "-mr", "-seconds", strconv.Itoa(seconds)}, args...)...).Output()
	if err != nil {
		return nil, fmt.Errorf("openssl speed %v: %w", args, err)
	}
	for _, line := range strings.Split(string(b), "\n") {
		if strings.HasPrefix(line, prefix) {
			return strings.Split(line, ":"), nil
		}
	}
	return nil, fmt.Errorf("openssl speed %v: no line %s", args, prefix)
}

// askPeers installs the npm packages in a temporary folder and runs them.
func askPeers() (map[string]float64, error) {
	for _, tool := range []string{"node", "npm"} {
		if _, err := exec.LookPath(tool); err != nil {
			return nil, fmt.Errorf("npm @sd-jwt and jose: %s is not installed", tool)
		}
	}
	dir, err := os.MkdirTemp("", "credential-peers")
	if err != nil {
		return nil, err
	}
	defer os.RemoveAll(dir)
	if err := os.CopyFS(dir, os.DirFS(peersDir)); err != nil {
		return nil, err
	}
	install := exec.Command("npm", "ci", "--ignore-scripts", "--no-audit", "--no-fund")
	install.Dir = dir
	if out, err := install.CombinedOutput(); err != nil {
		return nil, fmt.Errorf("npm ci: %v: %.300s", err, out)
	}
	node := exec.Command("node", "peers.mjs")
	node.Dir, node.Stderr = dir, os.Stderr
	node.Stdin = bytes.NewReader(fmt.Appendf(nil, `{"op":"bench","seconds":%d}`, seconds))
	b, err := node.Output()
	if err != nil {
		return nil, fmt.Errorf("node: %w", err)
	}
	var out map[string]float64
	return out, json.Unmarshal(b, &out)
}
