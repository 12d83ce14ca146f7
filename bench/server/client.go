package server

import (
	"fmt"
	"io"
	"math/rand/v2"
	"net/http"
	"net/http/cookiejar"
	"net/url"
	"strings"
	"time"
)

// Client is one caller with its own connection, cookies and address.
type Client struct {
	Rand  *rand.Rand
	Bytes int64 // of all bodies it got
	base  string
	hc    *http.Client
}

var transport = &http.Transport{MaxIdleConnsPerHost: 128, DisableCompression: true}

// NewClient makes a caller; the seed makes its choices.
func NewClient(base string, seed int) *Client {
	jar, _ := cookiejar.New(nil) // never fails without options
	return &Client{base: base, Rand: rand.New(rand.NewPCG(uint64(seed), 7)), hc: &http.Client{Transport: transport, Jar: jar, Timeout: 30 * time.Second,
		CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}}
}

// As lets the client hold the session of another.
func (c *Client) As(other *Client) { c.hc.Jar = other.hc.Jar }

// SignIn opens a session of an account of the demo bureau.
func (c *Client) SignIn(login string) error {
	return c.Send("/login", url.Values{"login": {login}, "password": {"dinghai-demo"}})
}

// Get reads a page to its end.
func (c *Client) Get(path string) error {
	req, err := http.NewRequest(http.MethodGet, c.base+path, nil)
	if err != nil {
		return err
	}
	return c.do(req, http.StatusOK)
}

// Send posts a form of a page of this origin and wants to be sent on.
func (c *Client) Send(path string, v url.Values) error {
	return c.Post(path, "application/x-www-form-urlencoded", v.Encode(), http.StatusSeeOther)
}

// Post sends a form or JSON as the content type says and wants one status.
func (c *Client) Post(path, contentType, body string, want int) error {
	req, err := http.NewRequest(http.MethodPost, c.base+path, strings.NewReader(body))
	if err != nil {
		return err
	}
	req.Header.Set("Content-Type", contentType)
	req.Header.Set("Origin", c.base)
	req.Header.Set("Sec-Fetch-Site", "same-origin")
	req.Header.Set("X-Forwarded-For", fmt.Sprintf("10.%d.%d.%d", c.Rand.IntN(256), c.Rand.IntN(256), c.Rand.IntN(256)))
	return c.do(req, want)
}

func (c *Client) do(req *http.Request, want int) error {
	res, err := c.hc.Do(req)
	if err != nil {
		return err
	}
	defer res.Body.Close()
	if res.StatusCode != want {
		b, _ := io.ReadAll(io.LimitReader(res.Body, 300))
		return fmt.Errorf("%s %s: status %d, want %d: %s", req.Method, req.URL.Path, res.StatusCode, want, b)
	}
	n, err := io.Copy(io.Discard, res.Body)
	c.Bytes += n
	return err
}
