package storetest

import (
	"testing"
	"time"

	"github.com/dinghai/dinghai/store"
)

// work: drafts and saved views, each person's own.
func work(t *testing.T, m Maker) {
	s := m.New(t)
	at := time.Date(2023, 11, 18, 1, 0, 0, 0, time.UTC)
	d := store.Draft{Person: "li", Name: "a/accept", At: at, Body: "x"}
	check(t, s.KeepDraft(ctx, d))
	d.Body, d.At = "y", at.Add(time.Minute)
	check(t, s.KeepDraft(ctx, d))
	other := store.Draft{Person: "li", Name: "b/end", At: at.Add(time.Hour), Body: "z"}
	check(t, s.KeepDraft(ctx, other))
	same(t, "one", &d, must[*store.Draft](t)(s.Draft(ctx, "li", "a/accept")))
	same(t, "of another", (*store.Draft)(nil), must[*store.Draft](t)(s.Draft(ctx, "wang", "a/accept")))
	same(t, "newest first", []store.Draft{other, d}, must[[]store.Draft](t)(s.Drafts(ctx, "li")))
	same(t, "old ones", int64(1), must[int64](t)(s.DropDrafts(ctx, at.Add(30*time.Minute))))
	check(t, s.DropDraft(ctx, "li", "b/end"))
	same(t, "none left", 0, len(must[[]store.Draft](t)(s.Drafts(ctx, "li"))))

	v := store.Saved{Person: "li", Page: "list/food.sample", Name: "超期的", Query: "late=1"}
	check(t, s.Save(ctx, v))
	check(t, s.Save(ctx, store.Saved{Person: "li", Page: v.Page, Name: "普陀", Query: "area=330903"}))
	v.Query = "late=1&area=330902"
	check(t, s.Save(ctx, v))
	same(t, "views", []store.Saved{v, {Person: "li", Page: v.Page, Name: "普陀", Query: "area=330903"}}, must[[]store.Saved](t)(s.SavedOf(ctx, "li", v.Page)))
	v.Query = ""
	check(t, s.Save(ctx, v))
	same(t, "forgotten", 1, len(must[[]store.Saved](t)(s.SavedOf(ctx, "li", v.Page))))
}
