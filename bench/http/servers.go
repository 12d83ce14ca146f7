package main

import (
	"context"
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"net/http"
	"net/url"
	"path/filepath"
	"sync/atomic"
	"time"
)

// Areas and states both servers are asked for.
var (
	areas  = []string{"330902", "330903", "330921", "330922"}
	states = []string{"received", "accepted", "mediating", "closed"}
	serial atomic.Int64
)

// letter is one complaint as a consumer writes it.
func letter(rnd *rand.Rand) map[string]string {
	n := serial.Add(1)
	pick := func(list ...string) string { return list[rnd.IntN(len(list))] }
	return map[string]string{
		"number": fmt.Sprint(n), "area": pick(areas...), "trader": "望潮" + pick("面馆", "民宿", "渔具店", "百货") + fmt.Sprint(n%997),
		"address": "解放路" + fmt.Sprint(n%200) + "号", "goods": pick("梭子蟹", "带鱼", "住宿", "预付卡"), "name": pick("林", "陈", "王", "夏") + pick("小满", "立秋", "望舒"),
		"phone": fmt.Sprintf("138%08d", rnd.IntN(1e8)), "email": fmt.Sprintf("c%d@example.com", n), "demand": pick("refund", "return", "damages"),
		"happened_on": fmt.Sprintf("2023-%02d-%02d", 1+rnd.IntN(10), 1+rnd.IntN(28)),
		"amount":      fmt.Sprint(10 + rnd.IntN(900)),
		"facts":       "购买后发现短斤缺两，与商家协商未果，要求退还差价并说明计量器具是否检定。现场有照片，付款记录可以提供。",
	}
}

const password = "dinghai-demo"

// startOurs serves a small demo bureau; a director's session reads its list.
func startOurs(ctx context.Context, dir string) (*server, error) {
	bin, err := build(dir, "dinghai", ".", "./cmd/dinghai")
	if err != nil {
		return nil, err
	}
	s := &server{name: "Dinghai", base: "http://localhost:18451"}
	if err := s.start(ctx, bin, "demo", "--data", filepath.Join(dir, "ours"), "--scale", "0.05", "--listen", "localhost:18451", "--proxy", "127.0.0.1/32,::1/128"); err != nil {
		return nil, err
	}
	officer := newClient(s, 1)
	for began := time.Now(); ; time.Sleep(2 * time.Second) { // until the demo bureau is made
		if _, err = officer.post("/login", "application/x-www-form-urlencoded", url.Values{"login": {"shenli"}, "password": {password}}.Encode(), http.StatusSeeOther); err == nil {
			break
		} else if time.Since(began) > 10*time.Minute {
			return nil, err
		}
	}
	s.create = func(c *client) error {
		v := url.Values{"step": {"3"}, "want_help": {"1"}, "_key": {fmt.Sprint(c.rnd.Uint64())}}
		for k, x := range letter(c.rnd) {
			v.Set(k, x)
		}
		_, err := c.post("/complain", "application/x-www-form-urlencoded", v.Encode(), http.StatusSeeOther)
		return err
	}
	s.list = func(c *client) error {
		c.hc.Jar = officer.hc.Jar
		_, err := c.get("/list/complaint.complaint?sort=opened&area=" + areas[c.rnd.IntN(4)] + "&state=" + states[c.rnd.IntN(4)])
		return err
	}
	return s, nil
}

// startPeer serves PocketBase, see peer.
func startPeer(ctx context.Context, dir string) (*server, error) {
	bin, err := build(dir, "peer", "bench/http/peer", ".")
	if err != nil {
		return nil, err
	}
	s := &server{name: "PocketBase", base: "http://127.0.0.1:18452"}
	if err := s.start(ctx, bin, filepath.Join(dir, "peer-data"), "127.0.0.1:18452"); err != nil {
		return nil, err
	}
	const path = "/api/collections/complaints/records"
	s.create = func(c *client) error {
		in := letter(c.rnd)
		in["state"], in["received"] = states[c.rnd.IntN(4)], in["happened_on"]+" 00:00:00.000Z"
		in["problem"] = in["goods"]
		b, err := json.Marshal(in)
		if err != nil {
			return err
		}
		_, err = c.post(path, "application/json", string(b), http.StatusOK)
		return err
	}
	s.list = func(c *client) error {
		q := url.Values{"perPage": {"50"}, "sort": {"-received"}, "filter": {fmt.Sprintf("area='%s' && state='%s'", areas[c.rnd.IntN(4)], states[c.rnd.IntN(4)])}}
		_, err := c.get(path + "?" + q.Encode())
		return err
	}
	return s, nil
}
