package draw

import (
	"slices"
	"strconv"
	"strings"
)

// Kinds of replacements.
const (
	ObjectReplaced = "object" // cancelled or not to be reached: the next ticket of the stratum
	MemberReplaced = "member" // a recusal found later: the next ticket for the object
)

// Replacement is a change after the draw, by rule. Both old and new stay public.
type Replacement struct {
	Serial  int // from 1, without gaps
	Kind    string
	Object  string   // concerned
	Out     string   // object or inspector
	In      string   // who comes; empty if nobody is left
	Ticket  Hash     // of who comes
	Members []string // the team of the line that is now in force
	Ground  string   // code

	line   int      // of the member's object
	before []string // its team
}

// String is the line that is logged as a hash when it happens, and published with
// the reveal: serial,kind,object,out,in,ticket,members,ground. The ticket is known
// to nobody before the reveal, so the hash tells nothing.
func (r Replacement) String() string {
	ticket := ""
	if r.In != "" {
		ticket = r.Ticket.String()
	}
	return strings.Join([]string{strconv.Itoa(r.Serial), r.Kind, r.Object, r.Out, r.In, ticket, strings.Join(r.Members, "+"), r.Ground}, ",")
}

// Hash is what the log holds of a replacement.
func (r Replacement) Hash() Hash { return leafHash([]byte(r.String())) }

// current finds the line of an object that is in force.
func (r *Result) current(object string) int {
	for ; len(r.at) < len(r.Lines); r.at[r.Lines[len(r.at)].Object] = len(r.at) {
		if r.at == nil {
			r.at = make(map[string]int, len(r.Lines))
		}
	}
	if i, ok := r.at[object]; ok && r.Lines[i].Out == "" {
		return i
	}
	return -1
}

// ReplaceObject lets the next ticket of the same stratum stand in for an object
// and gives it a team under the loads of now. If the reserve is used up the
// object falls away and nothing comes.
func (r *Result) ReplaceObject(object, ground string) (Replacement, error) {
	i := r.current(object)
	if i < 0 {
		return Replacement{}, refuse("object", object, "unknown")
	}
	if err := word("ground", ground, false); err != nil {
		return Replacement{}, err
	}
	l := &r.Lines[i]
	l.Out = ground
	r.unload(l.Members)
	rep := Replacement{Serial: len(r.log) + 1, Kind: ObjectReplaced, Object: object, Out: object, Ground: ground, line: -1}
	if next := r.reserve[l.Stratum]; len(next) > 0 {
		o := next[0]
		r.reserve[l.Stratum] = next[1:]
		in := Line{Object: o.id, Stratum: l.Stratum, Area: o.area, Ticket: o.ticket}
		in.Members = r.names(r.staff.one(r.visit(&in), r.Plan.Team, nil))
		r.Lines = append(r.Lines, in)
		rep.In, rep.Ticket, rep.Members = o.id, o.ticket, in.Members
	}
	r.log = append(r.log, rep)
	return rep, nil
}

// ReplaceMember lets the next ticket for an object stand in for an inspector who
// steps back from it. If nobody is left the object becomes unstaffed: a higher
// office staffs it.
func (r *Result) ReplaceMember(object, inspector, ground string) (Replacement, error) {
	i := r.current(object)
	if i < 0 {
		return Replacement{}, refuse("object", object, "unknown")
	}
	if err := word("ground", ground, false); err != nil {
		return Replacement{}, err
	}
	l := &r.Lines[i]
	k := slices.Index(l.Members, inspector)
	if k < 0 {
		return Replacement{}, refuse("inspector", inspector, "unknown")
	}
	rep := Replacement{Serial: len(r.log) + 1, Kind: MemberReplaced, Object: object, Out: inspector, Ground: ground, line: i, before: l.Members}
	r.unload([]string{inspector})
	r.gone[Conflict{inspector, object}] = true
	team := slices.Delete(slices.Clone(l.Members), k, k+1)
	next := r.staff.one(r.visit(l), 1, func(p int32) bool {
		no := r.staff.people[p].No
		return slices.Contains(team, no) || r.gone[Conflict{no, object}]
	})
	if next == nil {
		r.unload(team)
		team = nil
	} else {
		rep.In, rep.Ticket = r.staff.people[next[0]].No, r.staff.ticket(object, next[0])
		team = append(team, rep.In)
	}
	l.Members, rep.Members = team, team
	r.log = append(r.log, rep)
	return rep, nil
}

func (r *Result) unload(members []string) {
	for _, no := range members {
		r.staff.load[r.staff.index[no]]--
	}
}

func (r *Result) names(team []int32) []string {
	var out []string
	for _, p := range team {
		out = append(out, r.staff.people[p].No)
	}
	return out
}

// Replacements returns what was replaced so far.
func (r *Result) Replacements() []Replacement { return slices.Clone(r.log) }

// replay does what a published line says and checks that it is what the rule
// gives.
func (r *Result) replay(line string) error {
	f := strings.Split(line, ",")
	if len(f) != 8 {
		return refuse("replacement", clip([]byte(line)), "syntax")
	}
	var rep Replacement
	var err error
	switch f[1] {
	case ObjectReplaced:
		rep, err = r.ReplaceObject(f[2], f[7])
	case MemberReplaced:
		rep, err = r.ReplaceMember(f[2], f[3], f[7])
	default:
		err = refuse("replacement", f[1], "unknown")
	}
	if err == nil && rep.String() != line {
		err = refuse("replacement", clip([]byte(line)), "mismatch")
	}
	return err
}
