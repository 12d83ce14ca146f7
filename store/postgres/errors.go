package postgres

import (
	"context"
	"errors"
	"io"
	"net"

	"github.com/jackc/pgx/v5/pgconn"

	"github.com/dinghai/dinghai/domain"
)

// failure gives an error of PostgreSQL or of the way to it the code a caller
// can act on. Errors that have a code keep it.
func failure(err error) error {
	var known *domain.Error
	if err == nil || errors.As(err, &known) {
		return err
	}
	var pg *pgconn.PgError
	if errors.As(err, &pg) {
		if pg.Code == "53100" {
			return domain.Full(err)
		}
		return domain.Wrap(codeOf(pg.Code), err)
	}
	if away(err) {
		return domain.Wrap(domain.Unavailable, err)
	}
	return domain.Wrap(domain.Internal, err)
}

// unsure is the failure of a commit: when the way to the server breaks just then
// nobody knows whether it was done. Asking again under the same key is safe.
func unsure(err error) error {
	if known := (*pgconn.PgError)(nil); errors.As(err, &known) || !away(err) {
		return failure(err)
	}
	e := domain.Wrap(domain.Unavailable, err)
	e.Problems = []domain.Problem{{Rule: "unsure", Reason: domain.Text{ZH: "保存时与数据库的连接中断，不能确定是否已保存；请刷新核对，或用同一提交编号重试",
		EN: "the connection broke while saving, and it may or may not have been saved; look again, or send it again under the same key"}}}
	return e
}

// codeOf reads the class of an SQLSTATE.
func codeOf(state string) domain.Code {
	switch state[:min(2, len(state))] {
	case "08", // connection
		"40",       // lost a race
		"53",       // no room: 53100 disk full, 53300 too many connections
		"57", "58": // stopped by an operator, I/O
		return domain.Unavailable
	case "23":
		return domain.Conflict
	}
	if state == "25006" || state == "55P03" { // a standby; a lock not to be had
		return domain.Unavailable
	}
	return domain.Internal
}

// away reports whether the server could not be reached or went while it worked.
func away(err error) bool {
	var connect *pgconn.ConnectError
	var network net.Error
	return errors.As(err, &connect) || errors.As(err, &network) || pgconn.SafeToRetry(err) || pgconn.Timeout(err) ||
		errors.Is(err, io.EOF) || errors.Is(err, io.ErrUnexpectedEOF) || errors.Is(err, net.ErrClosed) ||
		errors.Is(err, context.Canceled) || errors.Is(err, context.DeadlineExceeded) || err.Error() == "conn closed"
}

// lostRace reports a deadlock or serialisation failure: run again.
func lostRace(err error) bool {
	var pg *pgconn.PgError
	return errors.As(err, &pg) && (pg.Code == "40001" || pg.Code == "40P01")
}
