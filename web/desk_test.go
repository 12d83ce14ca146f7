package web_test

import (
	"net/http"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/dinghai/dinghai/domain"
	"github.com/dinghai/dinghai/web"
	"github.com/dinghai/dinghai/web/webtest"
)

var dayCount = regexp.MustCompile(`href="([^"]*day=[^"]*)"><span class="dh-num">\d+</span> ?<b class="dh-num">([\d,]+)</b>`)

// TestCalendar: a day's number is the rows it opens, in every month, and the
// days of a month add up to its total.
func TestCalendar(t *testing.T) {
	d := openDesk(t)
	opened := 0
	for _, month := range []string{"2023-10", "2023-11", "2023-12", "2024-01"} {
		_, page := d.get("/calendar?month=" + month)
		total, sum := plainNumber(regexp.MustCompile(`本月到期 (\d+) 件`).FindStringSubmatch(page)[1]), 0
		for _, m := range dayCount.FindAllStringSubmatch(page, -1) {
			n := plainNumber(m[2])
			sum += n
			opened++
			_, day := d.get(strings.ReplaceAll(m[1], "&amp;", "&"))
			if rows := strings.Count(day, `class="dh-lead"`); rows != n {
				t.Errorf("%s says %d, opens %d rows", m[1], n, rows)
			}
		}
		if sum != total {
			t.Errorf("%s: the days add up to %d, the month says %d", month, sum, total)
		}
	}
	if opened == 0 {
		t.Error("no day has anything due")
	}
}

// TestCockpit: the late and the coming tile open lists of just as many rows.
func TestCockpit(t *testing.T) {
	d := openDesk(t)
	_, page := d.get("/cockpit")
	tiles := regexp.MustCompile(`href="(/calendar\?span=[^"]*)">.*?<b class="dh-num">([\d,]+)</b>`).FindAllStringSubmatch(page, -1)
	if len(tiles) != 2 {
		t.Fatalf("%d tiles", len(tiles))
	}
	for _, m := range tiles {
		_, list := d.get(strings.ReplaceAll(m[1], "&amp;", "&"))
		got := 0
		if x := regexp.MustCompile(`共 ([\d,]+) 条`).FindStringSubmatch(list); x != nil {
			got = plainNumber(x[1])
		}
		if got != plainNumber(m[2]) {
			t.Errorf("%s: the tile says %s, the list has %d", m[1], m[2], got)
		}
	}
	for _, county := range []string{"定海区", "普陀区", "岱山县", "嵊泗县"} {
		if !strings.Contains(page, county) {
			t.Errorf("%s is not on the map", county)
		}
	}
}

// TestTrip: what is due on an island until the next boat, and what a missed
// boat makes late.
func TestTrip(t *testing.T) {
	d := openDesk(t)
	_, page := d.get("/trip?area=330902&day=2023-11-18&next=2024-02-28")
	m := regexp.MustCompile(`共 (\d+) 处，(\d+) 件`).FindStringSubmatch(page)
	if m == nil {
		t.Fatal("nothing is due in the county")
	}
	_, n, err := d.bureau.Engine.Reader().Clocks(t.Context(), domain.ClockQuery{Area: "330902", To: "2024-02-28"})
	if err != nil || n != plainNumber(m[2]) {
		t.Errorf("the trip has %s, the store %d", m[2], n)
	}
	if b := d.download("/trip.xlsx?area=330902&day=2023-11-18&next=2024-02-28"); !strings.HasPrefix(string(b), "PK") {
		t.Error("the sheet is no spreadsheet")
	}
	if code, _ := d.get("/trip?area=330902&day=2023-11-18&next=2023-11-01"); code != 400 {
		t.Errorf("a next boat before this one: %d", code)
	}
}

// TestVisit: the page before a visit has what is open about the shop, and none
// of the letters of another county's handler.
func TestVisit(t *testing.T) {
	d := openDesk(t)
	path := "/subjects/" + d.filled.Shop.String() + "/visit"
	code, page := d.get(path)
	if code != 200 || !strings.Contains(page, "正在办理") || !strings.Contains(page, "/cases/") || strings.Contains(page, "来信人甲") {
		t.Fatalf("%d", code)
	}
	d.who = person(d.bureau, "7", "complaint_handler", "330922")
	if code, page := d.get(path); code == 200 && strings.Contains(page, "/cases/") {
		t.Error("another county's handler sees the letters")
	}
}

// countySquares is a map of the four counties, in squares.
func countySquares(skip string) string {
	var list []string
	for i, code := range []string{"330902", "330903", "330921", "330922"} {
		if code == skip {
			continue
		}
		x := strconv.Itoa(121 + i)
		list = append(list, `{"type":"Feature","properties":{"code":"`+code+`"},"geometry":{"type":"Polygon","coordinates":[[[`+x+`,30],[`+x+`.5,30],[`+x+`.5,30.5],[`+x+`,30.5],[`+x+`,30]]]}}`)
	}
	return `{"type":"FeatureCollection","approval":"浙S<2023>1号","features":[` + strings.Join(list, ",") + `]}`
}

// TestOwnMap: a bureau's own map takes the place of our drawing, each area
// linking to the same rows; one that lacks a county or has a strange one is
// refused and names it.
func TestOwnMap(t *testing.T) {
	d := openDesk(t)
	cat := d.bureau.Engine.Catalogue()
	m, err := web.ReadMap(strings.NewReader(countySquares("")), cat, webtest.Area)
	check(t, err)
	links := func(page string) []string {
		svg := page[strings.Index(page, `<svg class="dh-map"`):]
		svg = svg[:strings.Index(svg, "</svg>")]
		var out []string
		for _, x := range regexp.MustCompile(`<a href="([^"]+)"`).FindAllStringSubmatch(svg, -1) {
			out = append(out, x[1])
		}
		return out
	}
	_, drawn := d.get("/cockpit")
	own := serve(t, web.Config{Engine: d.bureau.Engine, Title: webtest.Title, Area: webtest.Area, Work: d.work, Map: m,
		Viewer: func(*http.Request) (domain.Viewer, error) { return d.who, nil }})
	_, mapped := own.get("/cockpit")
	if a, b := links(drawn), links(mapped); len(a) != 4 || !slices.Equal(a, b) {
		t.Errorf("drawn %v, mapped %v", a, b)
	}
	if strings.Contains(drawn, "审图号") || !strings.Contains(mapped, "审图号：浙S&lt;2023&gt;1号") || strings.Contains(mapped, "M40 250 q10") || !strings.Contains(mapped, m.Shapes[0].Paths[0]) {
		t.Error("not the bureau's own map, or without its number")
	}
	for file, want := range map[string]string{countySquares("330921"): "330921", strings.Replace(countySquares(""), "330903", "110101", 1): "feature 2 (110101)", "{": "json"} {
		if _, err := web.ReadMap(strings.NewReader(file), cat, webtest.Area); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%.60s: %v, want %q", file, err, want)
		}
	}
}
