package storetest

import (
	"context"
	"fmt"
	"math/rand/v2"
	"testing"
	"time"

	"github.com/dinghai/dinghai/domain"
	"github.com/dinghai/dinghai/kit/bigram"
)

// City makes records of an invented bureau, the same ones for the same seed.
type City struct {
	rand  *rand.Rand
	n     int64
	heads map[int]int64
	// Sorted makes records come in the order of their dates, as a register that
	// grew over the years or an import sorted by date; else dates are random.
	Sorted bool
}

// NewCity starts a city.
func NewCity(seed uint64) *City {
	return &City{rand: rand.New(rand.NewPCG(seed, 9)), heads: map[int]int64{}}
}

// Homes are the organs that register.
var Homes = []int{330900, 330902, 330903, 330921, 330922}

// Skip lets a home's positions go on behind pos.
func (c *City) Skip(home int, pos int64) { c.heads[home] = pos }

// ID gives a time-ordered UUID that the seed determines.
func (c *City) ID() string {
	c.n++
	ms := 1_700_000_000_000 + c.n
	return fmt.Sprintf("%08x-%04x-7%03x-%04x-%012x", ms>>16, ms&0xffff, c.rand.IntN(1<<12), 0x8000|c.rand.IntN(1<<14), c.rand.Int64N(1<<48))
}

// Pick chooses one of a list.
func Pick[T any](c *City, list ...T) T { return list[c.rand.IntN(len(list))] }

// Area is a village of the home's county.
func (c *City) Area(home int) string {
	if home == 330900 {
		home = Pick(c, 330902, 330903, 330921, 330922)
	}
	return fmt.Sprintf("%06d%03d%03d", home, 1+c.rand.IntN(12), 1+c.rand.IntN(20))
}

var (
	places = []string{"舟山", "定海", "普陀", "岱山", "嵊泗", "沈家门", "朱家尖", "六横", "衢山", "昌国"}
	brands = []rune("海味园顺丰福鑫盛达康宁祥瑞和润泰安利民众兴旺隆昌益嘉佳美华东南北金银宝玉龙凤鹏飞腾远航帆渔港湾岛屿")
	trades = []string{"食品", "水产", "药房", "超市", "餐饮", "船舶修造", "石化", "物流", "酒店", "民宿", "电子商务", "特种设备"}
	forms  = []string{"有限公司", "店", "合作社", "个人独资企业", "股份有限公司"}
)

// Name invents a business name.
func (c *City) Name() string {
	s := Pick(c, places...)
	for range 2 + c.rand.IntN(2) {
		s += string(Pick(c, brands...))
	}
	return s + Pick(c, trades...) + Pick(c, forms...)
}

// Code invents a credit code.
func (c *City) Code() string {
	const digits = "0123456789ABCDEFGHJKLMNPQRTUWXY"
	b := []byte("91330900")
	for range 10 {
		b = append(b, digits[c.rand.IntN(len(digits))])
	}
	return string(b)
}

// Day is a day between the years.
func (c *City) Day(from, to int) domain.Date {
	start := time.Date(from, 1, 1, 0, 0, 0, 0, time.UTC)
	if c.Sorted {
		return domain.Date(start.AddDate(0, 0, int(c.n/300)).Format("2006-01-02"))
	}
	days := int(time.Date(to, 12, 31, 0, 0, 0, 0, time.UTC).Sub(start).Hours() / 24)
	return domain.Date(start.AddDate(0, 0, c.rand.IntN(days+1)).Format("2006-01-02"))
}

// Entity is a business: its record as it would be registered.
func (c *City) Entity(home int) *domain.Record {
	name, code := c.Name(), c.Code()
	day := c.Day(2015, 2023)
	return &domain.Record{
		Ref: domain.Ref{Home: home, ID: c.ID()}, Kind: "registration.entity", Class: domain.Subject, Process: 1,
		State: Pick(c, "active", "active", "active", "suspended"), Area: c.Area(home), Organ: fmt.Sprintf("%d-scjg", home), Opened: day, Seq: 1,
		Fields: map[string]any{"name": name, "code": code, "capital": int64(c.rand.IntN(1000)) * 10000, "ratio": 0.25,
			"legal_representative": "王某某", "address": "浙江省舟山市定海区昌国街道解放西路 1 号", "industry": Pick(c, "F5211", "H6210", "C1361"), "small": c.rand.IntN(2) == 0},
	}
}

// Row is a record with its list columns.
func Row(r *domain.Record, isNew bool) domain.RecordRow {
	name, _ := r.Fields["name"].(string)
	code, _ := r.Fields["code"].(string)
	return domain.RecordRow{Record: r, New: isNew, Title: name, Code: code, Text: name, Reindex: isNew, Initials: bigram.Initials(name)}
}

// Event makes the next event of a record's home and stamps the record with it.
func (c *City) Event(r *domain.Record, typ string, ch domain.Changes) domain.Event {
	c.heads[r.Home]++
	e := domain.Event{
		Home: r.Home, Pos: c.heads[r.Home], ID: c.ID(), Record: r.ID, Kind: r.Kind, Type: typ, Action: "act", On: r.Opened,
		At: time.Date(2023, 6, 1, 8, 30, 0, int(c.n), time.UTC), Actor: "officer-" + fmt.Sprint(c.n%50), Role: "window", Organ: r.Organ,
		Key: fmt.Sprintf("key-%d-%d", r.Home, c.heads[r.Home]), Hash: "h", Schema: domain.EventSchema, Changes: ch,
	}
	r.Pos = e.Pos
	r.Trail = append(r.Trail, domain.Mark{Event: typ, On: e.On, State: r.State, Pos: e.Pos})
	return e
}

// Register gives all rows of one registered entity: the load of an import.
func (c *City) Register(home int) domain.WriteSet {
	r, licence := c.Entity(home), c.Entity(home)
	licence.Kind, licence.Class, licence.Of, licence.OfKind = "registration.licence", domain.Case, r.Ref, r.Kind
	licence.Fields = map[string]any{"number": "L-" + licence.ID, "kind": "营业执照", "entity": r.ID, "issued": string(r.Opened)}
	r.Links = []domain.Link{{Role: "licence", To: licence.Ref, Kind: licence.Kind}}
	e := c.Event(r, "registration.entity.registered", domain.Changes{Open: &domain.Opening{Class: r.Class, Process: 1}, State: r.State, Set: r.Fields, Area: r.Area, Organ: r.Organ})
	point := domain.Contribution{Indicator: "registration.new_entities", Version: 1, Home: home, Record: r.ID, Key: r.ID, Area: r.Area, Day: r.Opened, Num: 1, PosFrom: e.Pos}
	spell := point
	spell.Indicator, spell.Until = "registration.entities", domain.Forever
	return domain.WriteSet{
		Events:        []domain.Event{e},
		Records:       []domain.RecordRow{Row(r, true), {Record: licence, New: true, Title: "营业执照"}},
		Links:         []domain.LinkRow{{Home: home, Record: licence.ID, Role: "of", To: r.Ref}},
		Contributions: []domain.Contribution{point, spell},
		Claims:        []domain.Claim{{Kind: "credit_code", Value: r.Fields["code"].(string), Owner: r.Ref}},
		Receipts:      []domain.ReceiptRow{{Home: home, Key: e.Key, Hash: e.Hash, Record: r.ID, Pos: e.Pos}},
		Heads:         map[int]int64{home: e.Pos},
	}
}

// Join makes one write set of many, as a group commit does.
func Join(list ...domain.WriteSet) *domain.WriteSet {
	all := &domain.WriteSet{Heads: map[int]int64{}}
	for i := range list {
		w := &list[i]
		all.Events = append(all.Events, w.Events...)
		all.Records = append(all.Records, w.Records...)
		all.Clocks = append(all.Clocks, w.Clocks...)
		all.Tasks = append(all.Tasks, w.Tasks...)
		all.Links = append(all.Links, w.Links...)
		all.Contributions = append(all.Contributions, w.Contributions...)
		all.Closed = append(all.Closed, w.Closed...)
		all.Claims = append(all.Claims, w.Claims...)
		all.Blind = append(all.Blind, w.Blind...)
		all.Counters = append(all.Counters, w.Counters...)
		all.Receipts = append(all.Receipts, w.Receipts...)
		all.Outbox = append(all.Outbox, w.Outbox...)
		for home, pos := range w.Heads {
			all.Heads[home] = max(all.Heads[home], pos)
		}
	}
	return all
}

// Group registers n entities of a home in one write set.
func (c *City) Group(home, n int) *domain.WriteSet {
	list := make([]domain.WriteSet, n)
	for i := range list {
		list[i] = c.Register(home)
	}
	return Join(list...)
}

// write commits a write set of one home.
func write(t testing.TB, s Store, ws *domain.WriteSet) {
	t.Helper()
	if err := tryWrite(s, ws); err != nil {
		t.Fatalf("write: %v", err)
	}
}

func tryWrite(s Store, ws *domain.WriteSet) error {
	home := 0
	for h := range ws.Heads {
		home = h
	}
	return s.Update(context.Background(), home, func(tx domain.Tx) error { return tx.Write(ws) })
}

// settle registers n entities, spread over the homes.
func settle(t testing.TB, s Store, c *City, n int) {
	t.Helper()
	for i := 0; n > 0; i++ {
		group := min(n, s.GroupSize())
		write(t, s, c.Group(Homes[i%len(Homes)], group))
		n -= group
	}
}
