package store

import (
	"context"
	"time"
)

// LeaseTime is how long a lease holds without being renewed. Renew it every
// third of that.
const LeaseTime = 15 * time.Second

// LeaseHolder tells who holds the lease and until when; "" if nobody.
func (r Reader) LeaseHolder(ctx context.Context) (owner string, until time.Time, err error) {
	var expires int64
	err = r.Once(ctx, func(q Querier) error {
		rows, err := q.Query(ctx, "SELECT owner, expires FROM lease WHERE name = 'active'")
		_, err = one(rows, err, &owner, &expires)
		return err
	})
	return owner, unnano(expires), err
}
