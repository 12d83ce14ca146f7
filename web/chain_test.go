package web_test

import (
	"net/http"
	"regexp"
	"strings"
	"testing"

	"github.com/dinghai/dinghai/domain"
	"github.com/dinghai/dinghai/web"
	"github.com/dinghai/dinghai/web/webtest"
)

var sceneCount = regexp.MustCompile(`href="[^"]*" ?(aria-current)?[^>]*>([^<]+) <b class="dh-num">(\d+)</b>`)

// TestChain: one time line over a business and everything about it; the scenes
// add up to the whole, each opens as many points as it says; a past day shows
// what held then; relations lead to the others.
func TestChain(t *testing.T) {
	b, err := webtest.OpenEmpty(t.Context(), t.TempDir())
	check(t, err)
	t.Cleanup(func() { _ = b.Close() })
	do := func(c domain.Command) *domain.Record {
		t.Helper()
		c.Actor = domain.System("test")
		r, err := b.Engine.Do(t.Context(), c)
		check(t, err)
		return r.Record
	}
	b.Set("2023-03-01")
	shop := func(name, person, address string) *domain.Record {
		return do(domain.Command{Kind: "registration.entity", Action: "load", Area: "330902002", Opening: true,
			Input: map[string]any{"name": name, "founded_on": "2019-05-01", "person": person, "address": address}})
	}
	one := shop("望潮海鲜面馆", "余海生", "昌国街道滨港路1号")
	two := shop("望潮干货铺", "陈一", "昌国街道滨港路1号")
	three := shop("听涛茶馆", "余海生", "昌国街道人民路9号")
	shop("不相干的店", "余海生生", "昌国街道人民路10号")
	b.Set("2023-05-08")
	c := do(domain.Command{Kind: "complaint.complaint", Action: "receive", Area: "330902", Of: one.Ref, Input: map[string]any{"complainant": "何一", "demand": []any{"refund"}}})
	b.Set("2023-05-10")
	do(domain.Command{Record: c.Ref, Action: "accept", Input: map[string]any{"seat": "place"}})
	do(domain.Command{Record: one.Ref, Action: "note", Input: map[string]any{"text": "已电话回访"}})
	who := domain.Viewer{}
	s := serve(t, web.Config{Engine: b.Engine, Title: webtest.Title, Area: webtest.Area, Work: b.Store, Viewer: func(*http.Request) (domain.Viewer, error) { return who, nil }})
	path := "/subjects/" + one.Ref.String() + "/chain"
	if code, _ := s.get(path); code != 403 {
		t.Errorf("a stranger: %d", code)
	}
	r, _ := http.NewRequestWithContext(t.Context(), http.MethodGet, "/", nil)
	r.AddCookie(officer)
	who, _ = webtest.Seeing(r)
	_, page := s.get(path)
	points := func(p string) int { return strings.Count(p, `<p class="dh-time-head">`) }
	total, sum := 0, 0
	for i, m := range sceneCount.FindAllStringSubmatch(page, -1) {
		if n := plainNumber(m[3]); i == 0 {
			total = n
		} else {
			sum += n
			if n == 0 {
				continue
			}
			href := regexp.MustCompile(`href="([^"]*)"[^>]*>` + m[2] + ` <b`).FindStringSubmatch(page)[1]
			if _, p := s.get(strings.ReplaceAll(href, "&amp;", "&")); points(p) != n {
				t.Errorf("%s says %d, opens %d", m[2], n, points(p))
			}
		}
	}
	if total < 4 || total != sum || points(page) != total {
		t.Errorf("total %d, scenes %d, points %d", total, sum, points(page))
	}
	if !strings.Contains(page, `href="/cases/`+c.Ref.String()+`"`) || !strings.Contains(page, "纠纷与投诉") || !strings.Contains(page, "未办结的期限") {
		t.Error("the complaint behind the points is not there")
	}
	for ref, want := range map[domain.Ref]string{two.Ref: "同一地址", three.Ref: "负责人同名"} {
		if !strings.Contains(page, want) || !strings.Contains(page, ref.String()) {
			t.Errorf("%s is missing", want)
		}
	}
	if strings.Contains(page, "不相干的店") {
		t.Error("a longer name counts as the same person")
	}
	_, past := s.get(path + "?on=2023-05-09")
	if points(past) != total-2 || strings.Contains(past, "已电话回访") || !strings.Contains(past, "当时的资料") {
		t.Errorf("on 9 May there were %d of %d points", points(past), total)
	}
	if _, before := s.get(path + "?on=2019-01-01"); !strings.Contains(before, "还没有这条记录") || points(before) != 0 {
		t.Error("it is there before it existed")
	}
	if code, _ := s.get(path + "?on=2023-02-30"); code != 400 {
		t.Errorf("no day of the calendar: %d", code)
	}
}

// TestAsKnown: a step entered later but dated before is there as of the day,
// and not in what was known that day.
func TestAsKnown(t *testing.T) {
	b, err := webtest.OpenEmpty(t.Context(), t.TempDir())
	check(t, err)
	t.Cleanup(func() { _ = b.Close() })
	b.Set("2023-05-08")
	r, err := b.Engine.Do(t.Context(), domain.Command{Kind: "complaint.complaint", Action: "receive", Area: "330902", Actor: domain.System("t"), Input: map[string]any{"complainant": "何一", "trader": "某店", "demand": []any{"refund"}}})
	check(t, err)
	b.Set("2023-05-12")
	_, err = b.Engine.Do(t.Context(), domain.Command{Record: r.Record.Ref, Action: "accept", On: "2023-05-09", Actor: domain.System("t"), Input: map[string]any{"seat": "place"}})
	check(t, err)
	for _, c := range []struct{ on, known, want domain.Date }{{"2023-05-08", "", "received"}, {"2023-05-10", "", "accepted"}, {"2023-05-10", "2023-05-10", "received"}, {"", "2023-05-12", "accepted"}} {
		got, err := b.Engine.AsOf(t.Context(), r.Record.Ref, c.on, c.known)
		check(t, err)
		if got == nil || got.State != string(c.want) {
			t.Errorf("on %q known %q: %+v", c.on, c.known, got)
		}
	}
	if got, err := b.Engine.AsOf(t.Context(), r.Record.Ref, "2023-05-07", ""); got != nil || err != nil {
		t.Errorf("before it existed: %+v %v", got, err)
	}
}
