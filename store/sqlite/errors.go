package sqlite

import (
	"errors"

	lib "modernc.org/sqlite/lib"

	"github.com/dinghai/dinghai/domain"
)

// failure gives an error of SQLite the code a caller can act on.
func failure(err error) error {
	var e interface { // ours, or the driver's from a migration
		error
		Code() int
	}
	if err == nil || !errors.As(err, &e) {
		return err
	}
	switch e.Code() & 0xff {
	case lib.SQLITE_FULL:
		return domain.Full(err)
	case lib.SQLITE_IOERR, lib.SQLITE_CANTOPEN, lib.SQLITE_BUSY, lib.SQLITE_LOCKED, lib.SQLITE_READONLY:
		return domain.Wrap(domain.Unavailable, err)
	case lib.SQLITE_CONSTRAINT:
		return domain.Wrap(domain.Conflict, err)
	}
	return domain.Wrap(domain.Internal, err)
}
