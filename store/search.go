package store

import (
	"context"
	"encoding/base64"
	"strconv"
	"strings"

	"github.com/dinghai/dinghai/domain"
)

// Search finds records by code, number, pinyin initials or any part of their
// text. What begins with the text comes first, then what contains it; within
// each, shorter titles first, so an exact title leads.
func (r Reader) Search(ctx context.Context, q domain.SearchQuery) (page domain.ListPage, err error) {
	passes := r.Passes(q.Text)
	if len(passes) == 0 {
		return page, nil
	}
	q.Scope, q.Area = q.Scope.Narrow(q.Kind, q.Area)
	err = r.View(ctx, func(db Querier) error {
		s := searching{ctx: ctx, db: db, q: &q}
		if err := s.prepare(passes); err != nil {
			return err
		}
		page.Total = s.total
		page.Rows, page.Next, err = s.page(limitOf(q.Limit))
		return err
	})
	return page, err
}

// searching is one search under way.
type searching struct {
	ctx    context.Context
	db     Querier
	q      *domain.SearchQuery
	passes []Pass // those that find something
	number []int  // which of the engine's passes each is
	total  int
}

// prepare counts the passes and keeps those that find something.
func (s *searching) prepare(passes []Pass) error {
	for i, p := range passes {
		if p.Part {
			s.keep(i, p)
			continue
		}
		n, err := s.count(&p)
		if err != nil {
			return err
		}
		if s.total += n; n > 0 {
			s.keep(i, p)
		} else if i > 0 && passes[i-1].Part {
			s.drop()
		}
	}
	return nil
}

func (s *searching) keep(number int, p Pass) {
	s.passes, s.number = append(s.passes, p), append(s.number, number)
}

func (s *searching) drop() {
	s.passes, s.number = s.passes[:len(s.passes)-1], s.number[:len(s.number)-1]
}

func (s *searching) count(p *Pass) (n int, err error) {
	if p.All != nil {
		p = p.All
	}
	var b build
	if p.Total != "" && s.q.Kind == "" && s.q.Area == "" && s.q.Scope == nil && !s.skipping() {
		b.add(p.Total, p.Count...)
	} else {
		b.add("SELECT count(*) ")
		s.from(&b, p, len(s.passes))
	}
	rows, err := b.run(s.ctx, s.db)
	_, err = one(rows, err, &n)
	return n, err
}

// skipping reports whether rows of an earlier pass must be left out.
func (s *searching) skipping() bool {
	for i := range s.passes {
		if s.passes[i].Skip != "" {
			return true
		}
	}
	return false
}

// from adds FROM and WHERE of a pass, without the rows of the passes before it.
func (s *searching) from(b *build, p *Pass, before int) {
	b.add("FROM "+p.From+" WHERE "+p.Where, p.Args...)
	if s.q.Kind != "" {
		b.add(" AND r.kind = ?", s.q.Kind)
	}
	within(b, "r.area", s.q.Area)
	seen(b, "r", "id", s.q.Scope)
	for i := range before {
		if e := &s.passes[i]; e.Skip != "" {
			b.add(" AND NOT ("+e.Skip+")", e.Not...)
		}
	}
}

// page reads on from the cursor, pass after pass, until the page is full.
func (s *searching) page(limit int) (list []domain.ListRow, next string, err error) {
	at, values := parseCursor(s.q.After)
	for i := range s.passes {
		if s.number[i] < at {
			continue
		}
		if s.number[i] != at {
			values = nil
		}
		rows, ends, err := s.rows(i, values, limit+1-len(list))
		if err != nil {
			return nil, "", err
		}
		if full := limit - len(list); len(rows) > full {
			if full == 0 {
				return list, next, nil
			}
			return append(list, rows[:full]...), cursor(s.number[i], ends[full-1]), nil
		}
		list = append(list, rows...)
		if len(ends) > 0 {
			next = cursor(s.number[i], ends[len(ends)-1])
		}
	}
	return list, "", nil
}

func (s *searching) rows(i int, values []string, limit int) (list []domain.ListRow, ends [][]string, err error) {
	p := &s.passes[i]
	columns := strings.ReplaceAll(strings.Join(p.Order, ", "), "#", "")
	var b build
	b.add("SELECT " + listColumns + ", " + columns + " ")
	s.from(&b, p, i)
	if len(values) == len(p.Order) {
		b.add(" AND ("+columns+") > ("+marks(len(values))+")", orderArgs(p, values)...)
	}
	b.add(" ORDER BY "+columns+" LIMIT ?", limit)
	rows, err := b.run(s.ctx, s.db)
	list, err = all(rows, err, func(rows Rows) (domain.ListRow, error) {
		l, end, err := scanHit(rows, p)
		ends = append(ends, end)
		return l, err
	})
	return list, ends, err
}

func scanHit(rows Rows, p *Pass) (l domain.ListRow, end []string, err error) {
	dest, done := listDest(&l)
	end = make([]string, len(p.Order))
	number := make([]int64, len(p.Order))
	for i, o := range p.Order {
		if o[0] == '#' {
			dest = append(dest, &number[i])
		} else {
			dest = append(dest, &end[i])
		}
	}
	err = rows.Scan(dest...)
	done()
	for i, o := range p.Order {
		if o[0] == '#' {
			end[i] = strconv.FormatInt(number[i], 10)
		}
	}
	return l, end, err
}

func orderArgs(p *Pass, values []string) []any {
	args := make([]any, len(values))
	for i, v := range values {
		args[i] = v
		if p.Order[i][0] == '#' {
			n, _ := strconv.ParseInt(v, 10, 64)
			args[i] = n
		}
	}
	return args
}

// cursor names a row of a pass. Numbers may hold any character, hence base64.
func cursor(pass int, values []string) string {
	return base64.RawURLEncoding.EncodeToString([]byte(strconv.Itoa(pass) + "\x1f" + strings.Join(values, "\x1f")))
}

func parseCursor(s string) (pass int, values []string) {
	b, err := base64.RawURLEncoding.DecodeString(s)
	part := strings.Split(string(b), "\x1f")
	if err != nil || len(part) < 2 {
		return -1, nil
	}
	pass, err = strconv.Atoi(part[0])
	if err != nil {
		return -1, nil
	}
	return pass, part[1:]
}
