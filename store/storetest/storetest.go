package storetest

import (
	"context"
	"github.com/dinghai/dinghai/domain"
	"testing"
)

type Store interface {
	Update(ctx context.Context, home int, fn func(domain.Tx) error) error
	GroupSize() int
	Reader() domain.Reader
}

type Maker struct {
	New func(t testing.TB) Store
}
