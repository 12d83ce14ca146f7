package storetest

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/dinghai/dinghai/domain"
	"github.com/dinghai/dinghai/kit/bigram"
)

// search: every hit contains what was asked, nothing that contains it is
// missing, and the order is: prefixes first, then shorter titles.
func search(t *testing.T, m Maker) {
	s, c := m.New(t), NewCity(1)
	var all []*domain.Record
	for i := range 600 {
		r := c.Entity(Homes[i%len(Homes)])
		r.Voided = i%23 == 0
		write(t, s, c.one(r, true, "registered", domain.Changes{}))
		all = append(all, r)
	}
	for _, text := range []string{"定海", "海", "食品", "海味", "舟山鑫", "有限公司", "顺丰 超市", "沈家门", "不存在的", "定海区", "特种设备有限公司", all[5].Fields["name"].(string)} {
		t.Run(text, func(t *testing.T) { found(t, s, text, all) })
	}
	t.Run("Filters", func(t *testing.T) {
		page := must[domain.ListPage](t)(s.Reader().Search(ctx, domain.SearchQuery{Text: "海", Kind: "registration.entity", Area: "330902", Limit: 500}))
		want := 0
		for _, r := range all {
			if !r.Voided && strings.Contains(r.Fields["name"].(string), "海") && domain.Within(r.Area, "330902") {
				want++
			}
		}
		same(t, "rows", want, len(page.Rows))
		same(t, "total", want, page.Total)
		same(t, "other kind", 0, must[domain.ListPage](t)(s.Reader().Search(ctx, domain.SearchQuery{Text: "海", Kind: "x"})).Total)
	})
	t.Run("Code", func(t *testing.T) {
		code := all[1].Fields["code"].(string)
		for _, text := range []string{code, strings.ToLower(code[:14]), " " + code[:16] + " "} {
			page := must[domain.ListPage](t)(s.Reader().Search(ctx, domain.SearchQuery{Text: text}))
			if page.Total != 1 || len(page.Rows) != 1 || page.Rows[0].Code != code {
				t.Errorf("%q found %+v", text, page)
			}
		}
		page := must[domain.ListPage](t)(s.Reader().Search(ctx, domain.SearchQuery{Text: "9133", Limit: 1000}))
		same(t, "all codes", len(page.Rows), page.Total)
	})
	t.Run("Initials", func(t *testing.T) {
		r := c.named(t, s, 330902, "舟山市市场监督管理局")
		page := must[domain.ListPage](t)(s.Reader().Search(ctx, domain.SearchQuery{Text: "ZSSSC"}))
		if page.Total != 1 || page.Rows[0].ID != r.ID {
			t.Errorf("got %+v", page)
		}
	})
	t.Run("InitialsOfSubject", func(t *testing.T) {
		shop, file := c.named(t, s, 330902, "青浜东极面馆"), c.Entity(330903)
		file.Kind, file.Class, file.Of, file.Fields = "complaint.complaint", domain.Case, shop.Ref, map[string]any{}
		ws := c.one(file, true, "opened", domain.Changes{})
		ws.Links = []domain.LinkRow{{Home: file.Home, Record: file.ID, Role: "of", To: file.Of}}
		write(t, s, ws)
		for text, want := range map[string]int{"qbdj": 1, "QBDJMG": 1, "qbdk": 0, "qb": 0} {
			page := must[domain.ListPage](t)(s.Reader().List(ctx, domain.ListQuery{Kind: file.Kind, Text: text}))
			if page.Total != want || want == 1 && page.Rows[0].ID != file.ID {
				t.Errorf("%q found %+v", text, page)
			}
		}
	})
	t.Run("Number", func(t *testing.T) {
		r := c.Entity(330902)
		r.Number = "浙舟市监案〔2023〕12号"
		write(t, s, c.one(r, true, "opened", domain.Changes{}))
		for _, text := range []string{r.Number, "浙舟市监案〔2023〕"} {
			page := must[domain.ListPage](t)(s.Reader().Search(ctx, domain.SearchQuery{Text: text}))
			if page.Total != 1 || page.Rows[0].Number != r.Number {
				t.Errorf("%q found %+v", text, page)
			}
		}
	})
	t.Run("ExactFirst", func(t *testing.T) {
		for _, name := range []string{"大六横岛岛游", "六横岛岛游民宿", "六横岛岛游", "衢山六横岛岛游店", "六横岛岛游馆"} {
			c.named(t, s, 330902, name)
		}
		var got []string
		for _, row := range must[domain.ListPage](t)(s.Reader().Search(ctx, domain.SearchQuery{Text: "六横岛岛游"})).Rows {
			got = append(got, row.Title)
		}
		same(t, "order", []string{"六横岛岛游", "六横岛岛游馆", "六横岛岛游民宿", "大六横岛岛游", "衢山六横岛岛游店"}, got)
	})
	t.Run("Changes", func(t *testing.T) {
		total := func(text string) int {
			return must[domain.ListPage](t)(s.Reader().Search(ctx, domain.SearchQuery{Text: text})).Total
		}
		r := c.named(t, s, 330902, "旧名字商行")
		r.Fields["name"] = "新称呼商行"
		ws := c.one(r, false, "renamed", domain.Changes{})
		ws.Records[0].Reindex = true
		write(t, s, ws)
		same(t, "old name", 0, total("旧名字"))
		same(t, "new name", 1, total("新称呼"))
		r.Voided = true
		write(t, s, c.one(r, false, "voided", domain.Changes{}))
		same(t, "voided", 0, total("新称呼"))
		same(t, "voided, but listed when asked for", 1, must[int](t)(s.Reader().Count(ctx, domain.ListQuery{Text: "新称呼", Voided: true})))
	})
	t.Run("Nothing", func(t *testing.T) {
		for _, text := range []string{"", "  ", "、。", `"`, "* OR", "%", "_", "'; DROP TABLE record; --"} {
			page := must[domain.ListPage](t)(s.Reader().Search(ctx, domain.SearchQuery{Text: text}))
			same(t, fmt.Sprintf("%q", text), 0, page.Total)
		}
	})
}

// found compares a search with a scan of the names.
func found(t *testing.T, s Store, text string, all []*domain.Record) {
	t.Helper()
	var want, got []string
	for _, r := range all {
		if !r.Voided && containsAll(r.Fields["name"].(string), text) {
			want = append(want, r.ID)
		}
	}
	q := domain.SearchQuery{Text: text, Limit: 13}
	var last domain.ListRow
	for {
		page := must[domain.ListPage](t)(s.Reader().Search(ctx, q))
		same(t, "total", len(want), page.Total)
		for _, row := range page.Rows {
			if last.ID != "" && worse(last.Title, row.Title, text) {
				t.Errorf("%q stands before %q", last.Title, row.Title)
			}
			last = row
			got = append(got, row.ID)
		}
		if q.After = page.Next; q.After == "" {
			break
		}
	}
	slices.Sort(want)
	slices.Sort(got)
	same(t, "hits", want, got)
}

func containsAll(name, text string) bool {
	for _, term := range strings.Fields(text) {
		if !strings.Contains(bigram.Fold(name), bigram.Fold(term)) {
			return false
		}
	}
	return true
}

// worse reports whether a must not stand before b.
func worse(a, b, text string) bool {
	if utf8.RuneCountInString(text) > 1 && !strings.Contains(text, " ") {
		if pa, pb := strings.HasPrefix(a, text), strings.HasPrefix(b, text); pa != pb {
			return pb
		}
	}
	return utf8.RuneCountInString(a) > utf8.RuneCountInString(b)
}
