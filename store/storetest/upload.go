package storetest

import (
	"testing"
	"time"

	"github.com/dinghai/dinghai/domain"
	"github.com/dinghai/dinghai/store"
)

// uploads: files on their way in, bounded per person, gone once claimed.
func uploads(t *testing.T, m Maker) {
	s := m.New(t)
	at := time.Date(2023, 11, 18, 1, 0, 0, 0, time.UTC)
	u := store.Upload{ID: "a", Person: "li", At: at, Name: "店面.jpg", Size: 123456, Sum: "00"}
	check(t, s.AddUpload(ctx, u, 2))
	b := store.Upload{ID: "b", Person: "li", At: at.Add(time.Minute), Name: "b.pdf", Size: 1}
	check(t, s.AddUpload(ctx, b, 2))
	if err := s.AddUpload(ctx, store.Upload{ID: "c", Person: "li", At: at}, 2); domain.ErrorCode(err) != domain.Refused {
		t.Errorf("a third one: %v", err)
	}
	check(t, s.AddUpload(ctx, store.Upload{ID: "d", Person: "wang", At: at.Add(time.Hour)}, 2))
	same(t, "one", &u, must[*store.Upload](t)(s.Upload(ctx, "a")))
	same(t, "none", (*store.Upload)(nil), must[*store.Upload](t)(s.Upload(ctx, "zz")))
	check(t, s.EndUpload(ctx, "a", "f1", "locked"))
	u.File, u.Value = "f1", "locked"
	same(t, "whole", &u, must[*store.Upload](t)(s.Upload(ctx, "a")))
	check(t, s.AddUpload(ctx, store.Upload{ID: "e", Person: "li", At: at.Add(time.Hour)}, 2)) // the whole one does not count
	same(t, "old ones", []store.Upload{u, b}, must[[]store.Upload](t)(s.Uploads(ctx, at.Add(time.Hour))))
	check(t, s.ClaimFiles(ctx, "f1", "f2"))
	check(t, s.ClaimFiles(ctx))
	same(t, "claimed", (*store.Upload)(nil), must[*store.Upload](t)(s.Upload(ctx, "a")))
	same(t, "dropped", true, must[bool](t)(s.DropUpload(ctx, "b")))
	same(t, "dropped again", false, must[bool](t)(s.DropUpload(ctx, "b")))
}
