package files

import (
	"context"
	"fmt"
	"io"
	"io/fs"
	"net/url"
	"path"
	"strings"

	"github.com/minio/minio-go/v7"
	"github.com/minio/minio-go/v7/pkg/credentials"
)

// S3 keeps blobs in a bucket of S3-compatible storage.
type S3 struct {
	client         *minio.Client
	bucket, prefix string
}

// OpenS3 reads s3://host[:port]/bucket[/prefix][?tls=no&region=…]; key and
// secret come from AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY. The bucket
// must exist.
func OpenS3(ctx context.Context, address string) (*S3, error) {
	u, err := url.Parse(address)
	if err != nil || u.Scheme != "s3" || u.Host == "" {
		return nil, fmt.Errorf("files: %q is not like s3://host/bucket/prefix", address)
	}
	bucket, prefix, _ := strings.Cut(strings.Trim(u.Path, "/"), "/")
	if bucket == "" {
		return nil, fmt.Errorf("files: %q names no bucket", address)
	}
	c, err := minio.New(u.Host, &minio.Options{Creds: credentials.NewEnvAWS(), Secure: u.Query().Get("tls") != "no", Region: u.Query().Get("region"), BucketLookup: minio.BucketLookupAuto})
	if err != nil {
		return nil, err
	}
	there, err := c.BucketExists(ctx, bucket)
	if err != nil {
		return nil, fmt.Errorf("files: %s: %w", u.Host, err)
	}
	if !there {
		return nil, fmt.Errorf("files: there is no bucket %s", bucket)
	}
	return &S3{client: c, bucket: bucket, prefix: prefix}, nil
}

func (s *S3) name(sum string) string {
	if !isSum.MatchString(sum) {
		return ""
	}
	return path.Join(s.prefix, sum[:2], sum)
}

// Put sends the file.
func (s *S3) Put(ctx context.Context, sum, file string) error {
	if s.name(sum) == "" {
		return fs.ErrNotExist
	}
	if there, err := s.Has(ctx, sum); there || err != nil {
		return err
	}
	_, err := s.client.FPutObject(ctx, s.bucket, s.name(sum), file, minio.PutObjectOptions{ContentType: "application/octet-stream"})
	return err
}

// Get reads one.
func (s *S3) Get(ctx context.Context, sum string) (io.ReadCloser, error) {
	if there, err := s.Has(ctx, sum); err != nil || !there {
		if err == nil {
			err = fs.ErrNotExist
		}
		return nil, err
	}
	return s.client.GetObject(ctx, s.bucket, s.name(sum), minio.GetObjectOptions{})
}

// Has asks for one.
func (s *S3) Has(ctx context.Context, sum string) (bool, error) {
	if s.name(sum) == "" {
		return false, nil
	}
	_, err := s.client.StatObject(ctx, s.bucket, s.name(sum), minio.StatObjectOptions{})
	if minio.ToErrorResponse(err).Code == minio.NoSuchKey {
		return false, nil
	}
	return err == nil, err
}

// Drop removes one.
func (s *S3) Drop(ctx context.Context, sum string) error {
	if s.name(sum) == "" {
		return nil
	}
	return s.client.RemoveObject(ctx, s.bucket, s.name(sum), minio.RemoveObjectOptions{})
}

// Each lists the bucket.
func (s *S3) Each(ctx context.Context, fn func(string) error) error {
	ctx, stop := context.WithCancel(ctx)
	defer stop()
	prefix := s.prefix
	if prefix != "" {
		prefix += "/"
	}
	for o := range s.client.ListObjects(ctx, s.bucket, minio.ListObjectsOptions{Prefix: prefix, Recursive: true}) {
		if o.Err != nil {
			return o.Err
		}
		if sum := path.Base(o.Key); isSum.MatchString(sum) {
			if err := fn(sum); err != nil {
				return err
			}
		}
	}
	return nil
}
