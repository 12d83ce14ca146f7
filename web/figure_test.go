package web_test

import (
	"encoding/csv"
	"net/http"
	"regexp"
	"strconv"
	"strings"
	"testing"
)

var (
	bigNumber = regexp.MustCompile(`dh-figure"><b class="dh-num">([0-9,.—]+)</b>`)
	nextPage  = regexp.MustCompile(`href="([^"]+)" rel="next"`)
	rowLink   = regexp.MustCompile(`<td class="dh-lead[^"]*"><a href="(/(?:cases|subjects)/[^"]+)"`)
	summed    = regexp.MustCompile(`合计 <b class="dh-num">([0-9,.]+)</b>`)
)

// walk follows the pages of a list and counts its rows.
func (s *site) walk(path string, cookies ...*http.Cookie) (rows int, firstPage string) {
	s.t.Helper()
	for path != "" {
		code, body := s.get(path, cookies...)
		if code != http.StatusOK {
			s.t.Fatalf("%s: %d", path, code)
		}
		if firstPage == "" {
			firstPage = body
		}
		rows += len(rowLink.FindAllString(body, -1))
		path = ""
		if m := nextPage.FindStringSubmatch(body); m != nil {
			path = strings.ReplaceAll(m[1], "&amp;", "&")
		}
	}
	return rows, firstPage
}

// TestFigureEqualsRows: the number shown is the number of rows listed, for
// officers and strangers alike, in any area and period.
func TestFigureEqualsRows(t *testing.T) {
	s := open(t, nil)
	for _, id := range []string{"letters", "letters_settled", "shops_open"} {
		for _, q := range []string{"", "?area=330902", "?from=2023-03-01&to=2023-06-30", "?area=330903106"} {
			for _, c := range [][]*http.Cookie{nil, {officer}} {
				rows, page := s.walk("/figures/"+id+q, c...)
				m := bigNumber.FindStringSubmatch(page)
				if m == nil || strings.ReplaceAll(m[1], ",", "") != strconv.Itoa(rows) {
					t.Errorf("%s%s: figure %v, %d rows", id, q, m, rows)
				}
			}
		}
	}
}

// TestMeteredSum: the value is the sum of the quantities of the rows.
func TestMeteredSum(t *testing.T) {
	s := open(t, nil)
	_, page := s.walk("/figures/letters_paid_back", officer)
	value, sum := bigNumber.FindStringSubmatch(page), summed.FindStringSubmatch(page)
	if value == nil || sum == nil || value[1] != sum[1] {
		t.Errorf("value %v, sum %v", value, sum)
	}
	_, body := s.get("/figures/letters_paid_back/rows.csv", officer)
	rows, err := csv.NewReader(strings.NewReader(strings.TrimPrefix(body, "\ufeff"))).ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	total := 0.0
	for _, r := range rows[1:] {
		x, err := strconv.ParseFloat(r[len(r)-1], 64)
		if err != nil {
			t.Fatal(err)
		}
		total += x
	}
	if got, _ := strconv.ParseFloat(strings.ReplaceAll(value[1], ",", ""), 64); got-total > .001 || total-got > .001 {
		t.Errorf("page %v, file %v", got, total)
	}
}

// TestStrangerRows: every row is listed, but one that is not public shows no
// number, title or town.
func TestStrangerRows(t *testing.T) {
	s := open(t, nil)
	_, body := s.get("/figures/letters")
	for _, secret := range []string{"的来信", "昌国街道", "海鲜不新鲜"} {
		for _, row := range strings.Split(mainOf(body), "<tr>") {
			if strings.Contains(row, secret) && !strings.Contains(row, "双方达成一致") && !strings.Contains(row, "option") {
				t.Errorf("a stranger sees %s in %.200s", secret, row)
			}
		}
	}
}

// TestTileEqualsFigure: a tile of the home page opens to the same number.
func TestTileEqualsFigure(t *testing.T) {
	s := open(t, nil)
	_, home := s.get("/")
	tile := regexp.MustCompile(`class="dh-tile" href="(/figures/[^"]+)">.*?<b class="dh-num">([^<]+)</b>`)
	list := tile.FindAllStringSubmatch(strings.ReplaceAll(home, "\n", ""), -1)
	if len(list) == 0 {
		t.Fatal("no tiles")
	}
	for _, m := range list {
		_, page := s.get(m[1])
		if v := bigNumber.FindStringSubmatch(page); v == nil || v[1] != m[2] {
			t.Errorf("%s: tile %s, page %v", m[1], m[2], v)
		}
	}
}
