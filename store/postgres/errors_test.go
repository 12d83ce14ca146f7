package postgres

import (
	"fmt"
	"testing"

	"github.com/jackc/pgx/v5/pgconn"

	"github.com/dinghai/dinghai/domain"
)

func TestCodes(t *testing.T) {
	for state, want := range map[string]domain.Code{
		"53100": domain.Unavailable, // disk full
		"53300": domain.Unavailable, "57P01": domain.Unavailable, "58030": domain.Unavailable, "08006": domain.Unavailable,
		"23505": domain.Conflict, "42703": domain.Internal, "40P01": domain.Unavailable, "": domain.Internal,
	} {
		err := fmt.Errorf("at work: %w", &pgconn.PgError{Code: state})
		if got := domain.ErrorCode(failure(err)); got != want {
			t.Errorf("%s is %s, want %s", state, got, want)
		}
	}
	own := domain.Fail(domain.Guarded, "", "", "", "")
	if failure(own) != error(own) {
		t.Error("an error with a code was wrapped again")
	}
	if failure(nil) != nil {
		t.Error("nil became an error")
	}
}

func TestClean(t *testing.T) {
	for in, want := range map[string]string{"a字": "a字", "a\x00b": "a\uFFFDb", "a\xffb": "a\uFFFDb", "": ""} {
		if got := clean(in); got != want {
			t.Errorf("%q became %q", in, got)
		}
	}
}
