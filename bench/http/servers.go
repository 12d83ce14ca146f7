package main

import (
	"context"
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"net/http"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"sync/atomic"
	"time"

	"github.com/dinghai/dinghai/bench/server"
)

// Areas and states both servers are asked for.
var (
	areas  = []string{"330902", "330903", "330921", "330922"}
	states = []string{"received", "accepted", "mediating", "closed"}
	serial atomic.Int64 // of the letters of this run
	began  = time.Now().UnixNano()
)

// letter is one complaint as a consumer writes it.
func letter(rnd *rand.Rand) map[string]string {
	n := serial.Add(1)
	pick := func(list ...string) string { return list[rnd.IntN(len(list))] }
	return map[string]string{
		"number": fmt.Sprint(began, "-", n), "area": pick(areas...), "trader": "望潮" + pick("面馆", "民宿", "渔具店", "百货") + fmt.Sprint(n%997),
		"address": "解放路" + fmt.Sprint(n%200) + "号", "goods": pick("梭子蟹", "带鱼", "住宿", "预付卡"), "name": pick("林", "陈", "王", "夏") + pick("小满", "立秋", "望舒"),
		"phone": fmt.Sprintf("138%08d", rnd.IntN(1e8)), "email": fmt.Sprintf("c%d@example.com", n), "demand": pick("refund", "return", "damages"),
		"happened_on": fmt.Sprintf("2023-%02d-%02d", 1+rnd.IntN(10), 1+rnd.IntN(28)),
		"amount":      fmt.Sprint(10 + rnd.IntN(900)),
		"facts":       "购买后发现短斤缺两，与商家协商未果，要求退还差价并说明计量器具是否检定。现场有照片，付款记录可以提供。",
	}
}

// startOurs serves a small demo bureau; a director's session reads its list.
func startOurs(ctx context.Context, dir string) (*rival, error) {
	bin, err := server.Build(dir, "dinghai", ".", "./cmd/dinghai")
	if err != nil {
		return nil, err
	}
	const base = "http://localhost:18451"
	home := filepath.Join(dir, "ours")
	_, err = os.Stat(home)
	fresh := err != nil
	if fresh {
		if out, err := exec.CommandContext(ctx, bin, "demo", "--data", home, "--scale", "0.05", "--no-serve").CombinedOutput(); err != nil {
			return nil, fmt.Errorf("demo: %w\n%s", err, out)
		}
	}
	serve := []string{"demo", "--data", home, "--listen", "localhost:18451", "--proxy", "127.0.0.1/32,::1/128"}
	officer := server.NewClient(base, 1)
	r := &rival{name: "Dinghai", create: complain, list: func(c *server.Client) error {
		c.As(officer)
		return c.Get("/list/complaint.complaint?sort=opened&area=" + areas[c.Rand.IntN(4)] + "&state=" + states[c.Rand.IntN(4)])
	}}
	if r.Server, err = server.Start(ctx, base, bin, serve...); err != nil {
		return nil, err
	}
	if fresh {
		if err := r.fill(*preload); err != nil {
			return nil, err
		}
	}
	if *profile != "" { // of what is measured alone
		r.Stop()
		if r.Server, err = server.Start(ctx, base, bin, append(serve, "--profile", *profile)...); err != nil {
			return nil, err
		}
	}
	return r, officer.SignIn("shenli")
}

// complain sends the public form of a complaint.
func complain(c *server.Client) error {
	v := url.Values{"step": {"3"}, "want_help": {"1"}, "_key": {fmt.Sprintf("%012x%020x", time.Now().UnixMilli(), c.Rand.Uint64())}}
	for k, x := range letter(c.Rand) {
		v.Set(k, x)
	}
	return c.Send("/complain", v)
}

// startPeer serves PocketBase, see peer.
func startPeer(ctx context.Context, dir string) (*rival, error) {
	bin, err := server.Build(dir, "peer", "bench/http/peer", ".")
	if err != nil {
		return nil, err
	}
	const base, path = "http://127.0.0.1:18452", "/api/collections/complaints/records"
	home := filepath.Join(dir, "peer-data")
	_, err = os.Stat(home)
	fresh := err != nil
	r := &rival{name: "PocketBase", create: func(c *server.Client) error {
		in := letter(c.Rand)
		in["state"], in["received"] = states[c.Rand.IntN(4)], in["happened_on"]+" 00:00:00.000Z"
		in["problem"] = in["goods"]
		b, err := json.Marshal(in)
		if err != nil {
			return err
		}
		return c.Post(path, "application/json", string(b), http.StatusOK)
	}, list: func(c *server.Client) error {
		q := url.Values{"perPage": {"50"}, "sort": {"-received"}, "filter": {fmt.Sprintf("area='%s' && state='%s'", areas[c.Rand.IntN(4)], states[c.Rand.IntN(4)])}}
		return c.Get(path + "?" + q.Encode())
	}}
	if r.Server, err = server.Start(ctx, base, bin, home, "127.0.0.1:18452"); err != nil {
		return nil, err
	}
	if fresh {
		err = r.fill(*preload)
	}
	return r, err
}
