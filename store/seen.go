package store

import "github.com/dinghai/dinghai/domain"

// seen adds the row right of a viewer: the one rule behind lists, counts,
// search, tasks, calendars and exports. t is the table, id its column with the
// record's id. domain.Scope.Covers says the same of a loaded record.
func seen(b *build, t, id string, s *domain.Scope) {
	if s == nil {
		return
	}
	if !s.All {
		b.add(" AND (1 = 0")
		for i := range s.Any {
			b.add(" OR (1 = 1")
			clause(b, t, id, &s.Any[i])
			b.add(")")
		}
		b.add(")")
	}
	if len(s.Not) > 0 {
		b.add(" AND " + t + "." + id + " NOT IN (" + marks(len(s.Not)) + ")")
		for _, ref := range s.Not {
			b.args = append(b.args, ref.ID)
		}
	}
}

func clause(b *build, t, id string, c *domain.Clause) {
	switch {
	case c.Kinds == nil:
	case len(c.Kinds) == 0:
		b.add(" AND 1 = 0")
	default:
		b.add(" AND " + t + ".kind IN (" + marks(len(c.Kinds)) + ")")
		for _, k := range c.Kinds {
			b.args = append(b.args, k)
		}
	}
	within(b, t+".area", c.Area)
	if c.Organ != "" {
		b.add(" AND "+t+".organ = ?", c.Organ)
	}
	if c.Assignee != "" {
		b.add(" AND "+t+"."+id+" IN (SELECT k.record FROM task k WHERE k.assignee = ? AND k.assignee <> '')", c.Assignee)
	}
	if !c.Of.Zero() {
		b.add(" AND ("+t+"."+id+" = ? OR "+t+"."+id+" IN (SELECT l.record FROM link l WHERE l.to_id = ? AND l.role = 'of'))", c.Of.ID, c.Of.ID)
	}
}
