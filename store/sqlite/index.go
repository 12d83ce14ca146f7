package sqlite

import (
	"context"
	"strings"

	"github.com/dinghai/dinghai/domain"
	"github.com/dinghai/dinghai/store"
)

// Filterable makes sure that lists of a kind can be filtered by fields without
// reading every record: one index a field, of the records that have it. It costs
// every later write of the kind, so it is for long lists only.
func (s *Store) Filterable(ctx context.Context, kind string, fields []string) error {
	for _, f := range fields {
		if !store.FieldName(f) || !store.KindName(kind) {
			return domain.Failf(domain.Invalid, f, "name", "不能用作筛选字段：%s.%s", "not a field to filter by: %s.%s", kind, f)
		}
		name := `"field ` + kind + `.` + f + `"`
		column := strings.ReplaceAll(dialect{}.Field(f), "r.doc", "doc")
		err := s.transact(ctx, func(c *conn) error {
			return c.exec("CREATE INDEX IF NOT EXISTS " + name + " ON record (" + column + ", opened, id) WHERE kind = '" + kind + "' AND " + column + " IS NOT NULL")
		})
		if err != nil {
			return err
		}
	}
	return nil
}
