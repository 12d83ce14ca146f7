// Command gs1 measures kit/gs1 beside the JavaScript toolkits for GS1 Digital
// Link, in one run on one machine, and prints the ratios:
//
//	go run ./bench/gs1
//
// It needs node and npm; without them the peers are left out by name. npm puts
// digital-link.js, which carries GS1DigitalLinkToolkit.js, into a temporary
// folder.
package main

import (
	"bufio"
	"bytes"
	_ "embed"
	"encoding/json"
	"fmt"
	"log"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"syscall"
	"time"

	"github.com/dinghai/dinghai/kit/gs1"
)

// peer is the version that was measured when the figures were written down.
const peer = "digital-link.js@1.4.3"

// uris are the work: GTIN with batch, serial number and two attributes; SSCC;
// GLN with extension.
var uris = []string{
	"https://id.gs1.org/01/09520123456788/10/ABC1/21/12345?17=180426&3103=000195",
	"https://id.gs1.org/00/952012345678912345",
	"https://id.gs1.org/414/9520123456788/254/32a%2Fb",
}

//go:embed peers.js
var script []byte

type result struct {
	Name      string
	PerSecond float64
}

func main() {
	log.SetFlags(0)
	runtime.GOMAXPROCS(1) // one core each, as node has
	parse := measure("kit/gs1: parse, check everything, bracketed form", uris, func(u string) error {
		m, err := gs1.ParseURI(u)
		if err == nil && m.Bracketed() == "" {
			err = fmt.Errorf("empty: %s", u)
		}
		return err
	})
	compress := measure("kit/gs1: compress and decompress", uris[:1], func(u string) error {
		short, err := gs1.Compress(u, true)
		if err == nil {
			_, err = gs1.Decompress(short)
		}
		return err
	})
	peers, err := measurePeers()
	if err != nil {
		fmt.Println("left out: GS1DigitalLinkToolkit.js, digital-link.js:", err)
		return
	}
	for _, p := range peers {
		own := parse
		if p.Name == "GS1DigitalLinkToolkit.js: compress and decompress" {
			own = compress
		}
		fmt.Printf("%-72s %9.0f URI/s/core   ours is %.1f times that\n", p.Name, p.PerSecond, own.PerSecond/p.PerSecond)
	}
}

// cpu is the time that this process had on a processor: others may be using the
// machine.
func cpu() time.Duration {
	var u syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &u); err != nil {
		log.Fatal(err)
	}
	return time.Duration(u.Utime.Nano() + u.Stime.Nano())
}

// measure runs work over the URIs for two seconds of processor time.
func measure(name string, uris []string, work func(string) error) result {
	start, n := cpu(), 0
	for cpu()-start < 2*time.Second {
		for range 100 {
			for _, u := range uris {
				if err := work(u); err != nil {
					log.Fatal(err)
				}
			}
		}
		n += 100 * len(uris)
	}
	r := result{name, float64(n) / (cpu() - start).Seconds()}
	fmt.Printf("%-72s %9.0f URI/s/core\n", r.Name, r.PerSecond)
	return r
}

// measurePeers installs the peers and runs them on the same URIs.
func measurePeers() ([]result, error) {
	for _, tool := range []string{"node", "npm"} {
		if _, err := exec.LookPath(tool); err != nil {
			return nil, fmt.Errorf("%s is not installed", tool)
		}
	}
	dir, err := os.MkdirTemp("", "gs1-peers")
	if err != nil {
		return nil, err
	}
	defer os.RemoveAll(dir)
	if out, err := exec.Command("npm", "install", "--silent", "--no-audit", "--no-fund", "--ignore-scripts", "--prefix", dir, peer).CombinedOutput(); err != nil {
		return nil, fmt.Errorf("npm install %s: %v: %s", peer, err, out)
	}
	file := filepath.Join(dir, "peers.js")
	if err := os.WriteFile(file, script, 0o600); err != nil {
		return nil, err
	}
	cmd := exec.Command("node", append([]string{file, filepath.Join(dir, "node_modules")}, uris...)...)
	cmd.Stderr = os.Stderr
	out, err := cmd.Output()
	if err != nil {
		return nil, fmt.Errorf("node: %w", err)
	}
	var results []result
	for lines := bufio.NewScanner(bytes.NewReader(out)); lines.Scan(); {
		var r result
		if err := json.Unmarshal(lines.Bytes(), &r); err != nil {
			return nil, err
		}
		results = append(results, r)
	}
	return results, nil
}
