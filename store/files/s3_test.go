package files_test

import (
	"bytes"
	"errors"
	"io/fs"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/johannesboyne/gofakes3"
	"github.com/johannesboyne/gofakes3/backend/s3mem"

	"github.com/dinghai/dinghai/store/files"
)

// TestS3: the same road over a server that speaks S3.
func TestS3(t *testing.T) {
	back := s3mem.New()
	if err := back.CreateBucket("bureau"); err != nil {
		t.Fatal(err)
	}
	srv := httptest.NewServer(gofakes3.New(back).Server())
	t.Cleanup(srv.Close)
	t.Setenv("AWS_ACCESS_KEY_ID", "key")
	t.Setenv("AWS_SECRET_ACCESS_KEY", "secret")
	host := strings.TrimPrefix(srv.URL, "http://")
	for _, wrong := range []string{"s3://" + host + "/nobody?tls=no&region=us-east-1", "s3://" + host, "http://x/y"} {
		if _, err := files.OpenS3(t.Context(), wrong); err == nil {
			t.Errorf("%s opens", wrong)
		}
	}
	blobs, err := files.OpenS3(t.Context(), "s3://"+host+"/bureau/dinghai/files?tls=no&region=us-east-1")
	if err != nil {
		t.Fatal(err)
	}
	s, _ := service(t, blobs)
	body := append([]byte("%PDF-1.7\n"), bytes.Repeat([]byte("x"), 6<<20)...)
	got, err := s.Take(t.Context(), "li", "a.pdf", int64(len(body)), bytes.NewReader(body))
	if err != nil {
		t.Fatal(err)
	}
	v := value(t, got)
	if !bytes.Equal(content(t, s, v), body) {
		t.Error("it comes back changed")
	}
	var sums []string
	if err := blobs.Each(t.Context(), func(sum string) error { sums = append(sums, sum); return nil }); err != nil || len(sums) != 1 || sums[0] != v.Sum {
		t.Errorf("listed %v %v", sums, err)
	}
	if o, err := back.HeadObject("bureau", "dinghai/files/"+v.Sum[:2]+"/"+v.Sum); err != nil || o.Size <= int64(len(body)) {
		t.Errorf("stored as %v %v", o, err)
	}
	if err := blobs.Drop(t.Context(), v.Sum); err != nil {
		t.Error(err)
	}
	if ok, err := blobs.Has(t.Context(), v.Sum); ok || err != nil {
		t.Errorf("dropped: %v %v", ok, err)
	}
	if _, err := blobs.Get(t.Context(), v.Sum); !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("read after it was dropped: %v", err)
	}
}
