package engine

import (
	"errors"
	"fmt"
	"math"
	"strconv"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"

	"github.com/dinghai/dinghai/catalogue"
	"github.com/dinghai/dinghai/domain"
	"github.com/dinghai/dinghai/kit/calendar"
	"github.com/dinghai/dinghai/kit/ids"
)

// checker turns raw input into values of the declared types and collects what
// is wrong.
type checker struct {
	cat   *catalogue.Catalogue
	today domain.Date
	bad   []domain.Problem
}

func (c *checker) fail(field, rule, zh, en string, args ...any) any {
	c.bad = append(c.bad, domain.Problem{Field: field, Rule: rule, Reason: domain.Text{ZH: fmt.Sprintf(zh, args...), EN: fmt.Sprintf(en, args...)}})
	return nil
}

const maxMany = 2000

// value checks one value, or each of several.
func (c *checker) value(path string, f *catalogue.Field, raw any) any {
	if !f.Many {
		return c.single(path, f, raw)
	}
	list := manyOf(raw)
	if len(list) > maxMany {
		return c.fail(path, "count", "最多 %d 项", "at most %d values", maxMany)
	}
	out := make([]any, 0, len(list))
	for i, x := range list {
		if v := c.single(fmt.Sprintf("%s[%d]", path, i), f, x); v != nil {
			out = append(out, v)
		}
	}
	return out
}

func manyOf(raw any) []any {
	switch x := raw.(type) {
	case []any:
		return x
	case []string:
		out := make([]any, len(x))
		for i, s := range x {
			out[i] = s
		}
		return out
	}
	return []any{raw}
}

func (c *checker) single(path string, f *catalogue.Field, raw any) any {
	switch f.Type {
	case "int", "money":
		return c.whole(path, f, raw)
	case "number":
		return c.number(path, f, raw)
	case "bool":
		return c.truth(path, raw)
	case "rows":
		return c.rows(path, f, raw)
	}
	s, ok := raw.(string)
	if !ok {
		return c.fail(path, "type", "应为文字", "must be text")
	}
	return c.text(path, f, s)
}

func (c *checker) text(path string, f *catalogue.Field, s string) any {
	limit := f.MaxLen
	switch {
	case domain.FileMedia(f.Type):
		limit = maxFileValue
	case limit == 0 && f.Type == "note":
		limit = 4000
	case limit == 0:
		limit = 200
	}
	if len(s) > 4*limit || utf8.RuneCountInString(s) > limit {
		return c.fail(path, "length", "最多 %d 个字，现有 %d 个", "at most %d characters, got %d", limit, utf8.RuneCountInString(s))
	}
	if !utf8.ValidString(s) || strings.ContainsFunc(s, func(r rune) bool { return unicode.IsControl(r) && r != '\n' && r != '\t' && r != '\r' }) {
		return c.fail(path, "characters", "含有不能识别的字符，请重新输入", "contains characters that cannot be read; type it again")
	}
	s = strings.TrimSpace(strings.Map(written, s))
	switch f.Type {
	case "date":
		if _, err := calendar.ParseDate(s); err != nil {
			return c.fail(path, "date", "「%s」不是有效日期，应为 2023-11-18 这样的格式", "%q is not a date like 2023-11-18", short(s))
		}
	case "datetime":
		if _, err := time.Parse("2006-01-02T15:04", s); err != nil {
			return c.fail(path, "datetime", "「%s」不是有效时间，应为 2023-11-18T09:00 这样的格式", "%q is not a time like 2023-11-18T09:00", short(s))
		}
	case "code":
		return c.code(path, f.List, s)
	case "industry":
		return c.code(path, "industry", s)
	case "area":
		if c.cat.Areas[s] == nil {
			return c.fail(path, "area", "辖区代码「%s」不存在，请从列表中选择", "area %q does not exist; choose one from the list", short(s))
		}
	case "ref":
		if _, err := domain.ParseRef(s); err != nil {
			return c.fail(path, "ref", "请从搜索结果中选择记录", "choose a record from the search")
		}
	case "uscc", "resident_id", "phone":
		return c.identifier(path, f.Type, s)
	case "file", "photo", "signature":
		return c.file(path, f.Type, s)
	case "location":
		return c.location(path, s)
	}
	return s
}

func (c *checker) code(path, list, s string) any {
	l := c.cat.Lists[list]
	if l == nil || l.Find(s) == nil {
		return c.fail(path, "list", "「%s」不在可选范围内，请从列表中选择", "%q is not in the list; choose one of its codes", short(s))
	}
	return s
}

func (c *checker) identifier(path, typ, s string) any {
	n, _ := ids.Normalize(s)
	var err error
	switch typ {
	case "uscc":
		_, err = ids.ParseUSCC(n)
	case "resident_id":
		_, err = ids.ParseResidentID(n, c.today)
	case "phone":
		_, err = ids.ParsePhone(n)
	}
	var e *ids.Error
	if errors.As(err, &e) {
		hint := ""
		if e.Suggestion != "" && typ == "uscc" {
			hint = "，是否应为 " + e.Suggestion
		}
		name := map[string]domain.Text{"uscc": {ZH: "统一社会信用代码", EN: "credit code"}, "resident_id": {ZH: "身份证件号码", EN: "ID number"}, "phone": {ZH: "电话号码", EN: "phone number"}}[typ]
		c.bad = append(c.bad, domain.Problem{Field: path, Rule: string(e.Reason), Reason: domain.Text{
			ZH: fmt.Sprintf("%s有误（第%d位，%s）%s", name.ZH, e.Pos, reasonZH[e.Reason], hint),
			EN: fmt.Sprintf("the %s is wrong (position %d, %s)", name.EN, e.Pos, e.Reason)}})
		return nil
	}
	return n
}

var reasonZH = map[ids.Reason]string{
	ids.ReasonLength: "位数不对", ids.ReasonChar: "有不允许的字符", ids.ReasonLookAlike: "字母与数字易混", ids.ReasonForm: "大小写或全半角不对",
	ids.ReasonCheck: "校验位不符", ids.ReasonDate: "出生日期不存在", ids.ReasonFuture: "出生日期晚于今天", ids.ReasonLegacy: "是旧的15位号码", ids.ReasonPrefix: "号段不存在",
}

func (c *checker) whole(path string, f *catalogue.Field, raw any) any {
	var n int64
	switch x := raw.(type) {
	case int64:
		n = x
	case int:
		n = int64(x)
	case float64:
		if x != math.Trunc(x) || math.Abs(x) > 1<<53 {
			return c.fail(path, "type", "应为整数", "must be a whole number")
		}
		n = int64(x)
	case string:
		v, err := strconv.ParseInt(strings.TrimSpace(x), 10, 64)
		if err != nil {
			return c.fail(path, "type", "「%s」不是整数", "%q is not a whole number", short(x))
		}
		n = v
	default:
		return c.fail(path, "type", "应为整数", "must be a whole number")
	}
	return c.within(path, f, float64(n), n)
}

func (c *checker) number(path string, f *catalogue.Field, raw any) any {
	var n float64
	switch x := raw.(type) {
	case float64:
		n = x
	case int64:
		n = float64(x)
	case int:
		n = float64(x)
	case string:
		v, err := strconv.ParseFloat(strings.TrimSpace(x), 64)
		if err != nil {
			return c.fail(path, "type", "「%s」不是数字", "%q is not a number", short(x))
		}
		n = v
	default:
		return c.fail(path, "type", "应为数字", "must be a number")
	}
	if math.IsNaN(n) || math.IsInf(n, 0) {
		return c.fail(path, "type", "应为数字", "must be a finite number")
	}
	return c.within(path, f, n, n)
}

func (c *checker) within(path string, f *catalogue.Field, n float64, v any) any {
	if f.Min != nil && n < *f.Min {
		return c.fail(path, "min", "不得小于 %v", "must be at least %v", *f.Min)
	}
	if f.Max != nil && n > *f.Max {
		return c.fail(path, "max", "不得大于 %v", "must be at most %v", *f.Max)
	}
	if f.Type == "money" && f.Min == nil && n < 0 {
		return c.fail(path, "min", "金额不得为负", "an amount cannot be negative")
	}
	return v
}

func (c *checker) truth(path string, raw any) any {
	switch x := raw.(type) {
	case bool:
		return x
	case string:
		switch x {
		case "true", "on", "1", "是":
			return true
		case "false", "off", "0", "否":
			return false
		}
	}
	return c.fail(path, "type", "应为是或否", "must be yes or no")
}

func (c *checker) rows(path string, f *catalogue.Field, raw any) any {
	list, ok := raw.([]any)
	if !ok {
		return c.fail(path, "type", "应为表格行", "must be rows")
	}
	if len(list) > maxMany {
		return c.fail(path, "count", "最多 %d 行", "at most %d rows", maxMany)
	}
	out := make([]any, 0, len(list))
	for i, x := range list {
		m, ok := x.(map[string]any)
		if !ok {
			c.fail(fmt.Sprintf("%s[%d]", path, i), "type", "应为一行数据", "must be a row")
			continue
		}
		out = append(out, c.row(fmt.Sprintf("%s[%d]", path, i), f, m))
	}
	return out
}

func (c *checker) row(path string, f *catalogue.Field, m map[string]any) map[string]any {
	row := map[string]any{}
	known := map[string]bool{}
	for _, col := range f.Of {
		known[col.Field] = true
		if blank(m[col.Field]) {
			if col.Required {
				c.fail(path+"."+col.Field, "required", "请填写「%[1]s」", "%[2]s is required", col.Label.ZH, col.Label.EN)
			}
			continue
		}
		if v := c.value(path+"."+col.Field, col, m[col.Field]); v != nil {
			row[col.Field] = v
		}
	}
	for _, n := range keysOf(m) {
		if !known[n] {
			c.fail(path+"."+n, "unknown", "表格没有这一列", "the table has no such column")
		}
	}
	return row
}

func short(s string) string {
	if r := []rune(s); len(r) > 20 {
		return string(r[:20]) + "…"
	}
	return s
}

// written drops the signs that only turn the direction of writing. They come
// along with numbers copied from a telephone, and can make a name read as
// another.
func written(r rune) rune {
	if r >= '\u202a' && r <= '\u202e' || r >= '\u2066' && r <= '\u2069' || r == '\u200e' || r == '\u200f' || r == '\ufeff' {
		return -1
	}
	return r
}
