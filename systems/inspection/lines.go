package inspection

import (
	"crypto/sha256"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"github.com/dinghai/dinghai/domain"
	"github.com/dinghai/dinghai/kit/draw"
)

// object is one line of the list of objects.
type object struct {
	id, stratum, area, excluded string
}

func (o object) line() string {
	return strings.Join([]string{o.id, o.stratum, o.area, o.excluded}, ",")
}

// objectsOf lists the records of a pool. One without a class counts as average.
func objectsOf(list []*domain.Record) []object {
	out := make([]object, len(list))
	for i, r := range list {
		out[i] = object{id: text(r.Fields, "object_id"), stratum: text(r.Fields, "risk_class"), area: r.Area}
		if out[i].stratum == "" {
			out[i].stratum = "B"
		}
		if r.State == "excluded" {
			out[i].excluded = text(r.Fields, "exclude_reason")
		}
	}
	return out
}

func parseObjects(s string) ([]object, error) {
	var out []object
	for _, l := range linesOf(s) {
		f := strings.Split(l, ",")
		if len(f) != 4 {
			return nil, fmt.Errorf("object line %q", l)
		}
		out = append(out, object{f[0], f[1], f[2], f[3]})
	}
	return out, nil
}

// person is one line of the list of inspectors.
type person struct {
	no, department, area string
	domains              []string
	most                 int
}

func (p person) line() string {
	return strings.Join([]string{p.no, p.department, p.area, strings.Join(p.domains, "+"), strconv.Itoa(p.most)}, ",")
}

// usualLoad holds where the register says nothing.
const usualLoad = 20

func peopleOf(list []*domain.Record) []person {
	out := make([]person, len(list))
	for i, r := range list {
		out[i] = personOf(r)
	}
	return out
}

func personOf(r *domain.Record) person {
	p := person{no: text(r.Fields, "cert_no"), department: text(r.Fields, "department"), area: r.Area,
		domains: slices.Sorted(slices.Values(texts(r.Fields, "domains"))), most: number(r.Fields, "max_load")}
	if p.most == 0 {
		p.most = usualLoad
	}
	return p
}

func parsePeople(s string) ([]person, error) {
	var out []person
	for _, l := range linesOf(s) {
		f := strings.Split(l, ",")
		most, err := strconv.Atoi(f[len(f)-1])
		if len(f) != 5 || err != nil {
			return nil, fmt.Errorf("inspector line %q", l)
		}
		out = append(out, person{f[0], f[1], f[2], strings.Split(f[3], "+"), most})
	}
	return out, nil
}

// avoids reports whether an inspector has named the object, or the entity it
// belongs to, as one to stay away from.
func avoids(r *domain.Record, id string) bool {
	return slices.ContainsFunc(texts(r.Fields, "recusals"), func(x string) bool {
		return x != "" && (x == id || strings.HasPrefix(id, x+"/"))
	})
}

// saltedPair hides a recusal until somebody who knows the pair asks.
func saltedPair(salt, inspector, object string) string {
	return fmt.Sprintf("%x", sha256.Sum256([]byte("\x00"+salt+"\x00"+inspector+"\x00"+object)))
}

// county is the area that decides who serves whom; "" for a city, which serves
// all of it.
func county(area string) string {
	if len(area) < 6 || len(domain.TrimArea(area)) < 6 {
		return ""
	}
	return area[:6]
}

// commit writes lines in the order of their bytes and gives their root.
func commit(lines []string) (string, draw.Hash, error) {
	root, err := draw.PoolRoot(lines)
	sorted := slices.Sorted(slices.Values(lines))
	return strings.Join(sorted, "\n"), root, err
}

func linesOf(s string) []string {
	if s == "" {
		return nil
	}
	return strings.Split(s, "\n")
}

func mapLines[T interface{ line() string }](list []T) []string {
	out := make([]string, len(list))
	for i, x := range list {
		out[i] = x.line()
	}
	return out
}
