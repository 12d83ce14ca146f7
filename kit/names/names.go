// Package names reads the names of Chinese enterprises and compares them, for
// the registration of names by 企业名称登记管理规定 and its 实施办法.
//
// A name is division · shop name · industry · form: 舟山市 · 海达 · 水产 ·
// 有限公司. The division may stand in brackets behind the shop name, and a
// branch is its parent's whole name with something behind it. A [Splitter]
// takes names apart with word lists, which are data (see data/README.md); the
// parts of one name put together again are the name.
//
// An [Index] holds a register's names in memory. [Index.Same] finds the names
// that block a new one, [Index.Similar] those that an applicant must be warned
// of, each with the [Reason]. Both give exactly what comparing with every name
// would give. Names come and go while it is in use.
//
// A [Banned] list finds words that no name may hold.
package names

import "fmt"

// Name is a name taken apart. Each part is as written, but for width, blanks,
// brackets and traditional characters.
type Name struct {
	Division string // 浙江省舟山市, with town or development zone
	Shop     string // 字号; never empty
	Industry string // 行业或经营特点, "" if there is none
	Form     string // 有限公司, 面馆, （个体工商户）; "" if there is none
	Branch   string // what follows the parent's name: 第一分公司

	Class    string // of the industry in GB/T 4754-2017, 2 to 4 digits, or ""
	FormKind string // company, partnership, sole, individual, cooperative, other
	Moved    bool   // the division stood in brackets behind the shop name
}

// Head is the name without what makes it a branch's.
func (n Name) Head() string { return n.Division + n.Shop + n.Industry + n.Form }

// String puts the parts together in their usual order.
func (n Name) String() string { return n.Head() + n.Branch }

// Reasons of an Error.
const (
	ReasonEmpty   = "empty"
	ReasonUTF8    = "utf8"
	ReasonTooLong = "too_long"
	ReasonSyntax  = "syntax" // of a word list
)

// MaxLength is the most UTF-16 units of a name.
const MaxLength = 120

// Error tells what cannot be read.
type Error struct {
	Field  string // "name" or a word list
	Pos    int    // character of the name or line of the list, counted from 1; 0 is the whole
	Reason string
}

func (e *Error) Error() string {
	return fmt.Sprintf("names: %s: bad %s at %d", e.Field, e.Reason, e.Pos)
}

// A Finding is something about a name that the rules object to.
type Finding struct {
	Code   string // see the constants, or the kind of a banned word
	Word   string // what it is about
	Pos    int    // character, counted from 1; 0 is the whole
	Effect Effect
	Basis  string // the rule
}

// Effect says what a finding means.
type Effect string

const (
	Ban       Effect = "ban"       // may not be
	Approval  Effect = "approval"  // needs the approval of the State Council
	Condition Effect = "condition" // allowed where the rule's condition is met
	Notice    Effect = "notice"    // worth a look
)

// Codes of what [Review] finds.
const (
	NoDivision = "no_division" // allowed on the conditions of §19
	NoIndustry = "no_industry" // allowed on the conditions of §20
	NoForm     = "no_form"
	ShortShop  = "short_shop" // fewer than two Chinese characters
)

// Review finds which parts a name lacks. Branches are not looked at, since
// their parent's name was.
func Review(n Name) []Finding {
	if n.Branch != "" {
		return nil
	}
	var out []Finding
	add := func(cond bool, code, word string, e Effect, basis string) {
		if cond {
			out = append(out, Finding{Code: code, Word: word, Effect: e, Basis: basis})
		}
	}
	han := 0
	for _, r := range n.Shop {
		if isHan(r) {
			han++
		}
	}
	add(han < 2, ShortShop, n.Shop, Ban, "企业名称登记管理规定第八条")
	add(n.Form == "", NoForm, "", Ban, "企业名称登记管理规定第十条")
	add(n.Division == "", NoDivision, "", Condition, "企业名称登记管理规定实施办法第十九条")
	add(n.Industry == "" && n.Class == "", NoIndustry, "", Condition, "企业名称登记管理规定实施办法第二十条")
	return out
}

func isHan(r rune) bool {
	return r >= '㐀' && r <= '鿿' || r >= 0x20000 && r <= 0x3ffff || r == '〇'
}
