package organisation

import (
	"errors"
	"testing"

	"github.com/dinghai/dinghai/domain"
	"github.com/dinghai/dinghai/engine"
)

func kinds(list, code, attr string) string {
	if list != "role" || attr != "kind" {
		return ""
	}
	return map[string]string{"system_admin": "admin", "security_admin": "admin", "audit_admin": "admin", "firm": "platform"}[code]
}

func grant(id, person, role, area, from, until string) *domain.Record {
	return &domain.Record{Ref: domain.Ref{Home: 330900, ID: id}, Of: domain.Ref{Home: 330900, ID: person}, Area: area,
		Fields: map[string]any{"role": role, "valid_from": from, "valid_until": until}}
}

func rule(err error) string {
	var e *domain.Error
	if errors.As(err, &e) {
		return e.Problems[0].Rule
	}
	return ""
}

func TestFits(t *testing.T) {
	have := func(role string) []*domain.Record {
		return []*domain.Record{grant("1", "li", role, "330902", "2023-01-01", "2023-12-31")}
	}
	for name, c := range map[string]struct {
		held []*domain.Record
		want *domain.Record
		rule string
	}{
		"first":                {nil, grant("9", "li", "inspector", "330902", "2023-03-01", ""), ""},
		"platform role":        {nil, grant("9", "li", "firm", "330902", "2023-03-01", ""), "grantable"},
		"again within":         {have("inspector"), grant("9", "li", "inspector", "330902100", "2023-03-01", "2023-06-30"), "held"},
		"again for longer":     {have("inspector"), grant("9", "li", "inspector", "330902", "2023-03-01", ""), ""},
		"again, wider":         {have("inspector"), grant("9", "li", "inspector", "330900", "2023-03-01", "2023-06-30"), ""},
		"another's":            {have("security_admin"), grant("9", "wang", "inspector", "330902", "2023-03-01", ""), ""},
		"two administrators":   {have("system_admin"), grant("9", "li", "audit_admin", "330902", "2023-03-01", ""), "three_apart"},
		"work beside security": {have("security_admin"), grant("9", "li", "inspector", "330902", "2023-03-01", ""), "admin_only"},
		"security beside work": {have("inspector"), grant("9", "li", "security_admin", "330902", "2023-03-01", ""), "admin_only"},
		"audit beside work":    {have("inspector"), grant("9", "li", "audit_admin", "330902", "2023-03-01", ""), "admin_only"},
		"system beside work":   {have("inspector"), grant("9", "li", "system_admin", "330902", "2023-03-01", ""), ""},
		"same admin, wider":    {have("audit_admin"), grant("9", "li", "audit_admin", "330900", "2023-03-01", ""), ""},
	} {
		_, err := fits(engine.HookInput{Record: c.want, Lists: kinds, Pools: map[string][]*domain.Record{"held": c.held}})
		if got := rule(err); got != c.rule {
			t.Errorf("%s: %q, want %q", name, got, c.rule)
		}
	}
}

// TestKeepOne: a colleague whose grant has not begun, or ends some day, does
// not count as the one who stays.
func TestKeepOne(t *testing.T) {
	mine := grant("1", "li", "security_admin", "330900", "2023-01-01", "")
	for name, c := range map[string]struct {
		other *domain.Record
		want  string
	}{
		"nobody":  {nil, "last_admin"},
		"another": {grant("2", "wang", "security_admin", "330900", "2023-01-01", ""), ""},
		"later":   {grant("2", "wang", "security_admin", "330900", "2023-09-01", ""), "last_admin"},
		"ending":  {grant("2", "wang", "security_admin", "330900", "2023-01-01", "2023-12-31"), "last_admin"},
		"own":     {grant("2", "li", "security_admin", "330900", "2023-01-01", ""), "last_admin"},
	} {
		held := []*domain.Record{mine}
		if c.other != nil {
			held = append(held, c.other)
		}
		_, err := last(engine.HookInput{Record: mine, On: "2023-05-08", Lists: kinds, Pools: map[string][]*domain.Record{"held": held}})
		if got := rule(err); got != c.want {
			t.Errorf("%s: %q, want %q", name, got, c.want)
		}
	}
}
