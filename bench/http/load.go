package main

import (
	"errors"
	"fmt"
	"io"
	"math/rand/v2"
	"net/http"
	"net/http/cookiejar"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"time"
)

// client is one caller with its own connection and cookies.
type client struct {
	s     *server
	hc    *http.Client
	rnd   *rand.Rand
	bytes int64
}

var transport = &http.Transport{MaxIdleConnsPerHost: 128, DisableCompression: true}

func newClient(s *server, seed int) *client {
	jar, _ := cookiejar.New(nil) // never fails without options
	return &client{s: s, rnd: rand.New(rand.NewPCG(uint64(seed), 7)), hc: &http.Client{Transport: transport, Jar: jar, Timeout: 30 * time.Second,
		CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}}
}

func (c *client) get(path string) (string, error) {
	req, err := http.NewRequest(http.MethodGet, c.s.base+path, nil)
	if err != nil {
		return "", err
	}
	return c.do(req, http.StatusOK)
}

// post sends a form or JSON as the content type says and wants one status.
func (c *client) post(path, contentType, body string, want int) (string, error) {
	req, err := http.NewRequest(http.MethodPost, c.s.base+path, strings.NewReader(body))
	if err != nil {
		return "", err
	}
	req.Header.Set("Content-Type", contentType)
	req.Header.Set("Origin", c.s.base)
	req.Header.Set("Sec-Fetch-Site", "same-origin")
	req.Header.Set("X-Forwarded-For", fmt.Sprintf("10.%d.%d.%d", c.rnd.IntN(256), c.rnd.IntN(256), c.rnd.IntN(256)))
	return c.do(req, want)
}

func (c *client) do(req *http.Request, want int) (string, error) {
	res, err := c.hc.Do(req)
	if err != nil {
		return "", err
	}
	defer res.Body.Close()
	b, err := io.ReadAll(res.Body)
	if err != nil {
		return "", err
	}
	c.bytes += int64(len(b))
	if res.StatusCode != want {
		return "", fmt.Errorf("%s %s: status %d, want %d: %.300s", req.Method, req.URL.Path, res.StatusCode, want, b)
	}
	return string(b), nil
}

// result is what a run reached.
type result struct {
	rate, p50, p99 float64
	bytes          int64 // of one answer
}

func (r result) String() string {
	return fmt.Sprintf("%.0f/s, p50 %.1f ms, p99 %.1f ms, %.1f kB an answer", r.rate, r.p50, r.p99, float64(r.bytes)/1000)
}

func (s *server) load(work string, n int, length time.Duration) (result, error) {
	one := s.create
	if work == "list" {
		one = s.list
	}
	var mu sync.Mutex
	var lat []time.Duration
	var bytes int64
	var failed error
	var wg sync.WaitGroup
	began := time.Now()
	for w := range n {
		wg.Go(func() {
			c := newClient(s, w+1000*n)
			var mine []time.Duration
			var err error
			for err == nil && time.Since(began) < length {
				t := time.Now()
				err = one(c)
				mine = append(mine, time.Since(t))
			}
			mu.Lock()
			defer mu.Unlock()
			lat, bytes, failed = append(lat, mine...), bytes+c.bytes, errors.Join(failed, err)
		})
	}
	wg.Wait()
	took := time.Since(began)
	if failed != nil || len(lat) == 0 {
		return result{}, failed
	}
	slices.Sort(lat)
	at := func(q float64) float64 { return float64(lat[int(q*float64(len(lat)-1))].Microseconds()) / 1000 }
	return result{float64(len(lat)) / took.Seconds(), at(0.5), at(0.99), bytes / int64(len(lat))}, nil
}

// fill creates complaints with 64 callers.
func (s *server) fill(n int) error {
	var left atomic.Int64
	left.Store(int64(n))
	errs := make(chan error, 64)
	for w := range 64 {
		go func() {
			c := newClient(s, w)
			var err error
			for err == nil && left.Add(-1) >= 0 {
				err = s.create(c)
			}
			errs <- err
		}()
	}
	var all error
	for range 64 {
		all = errors.Join(all, <-errs)
	}
	return all
}
