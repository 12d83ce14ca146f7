package domain

import (
	"errors"
	"fmt"
	"strings"
)

// Code classes every failure a caller may have to tell apart.
type Code string

// The error codes. Anything else that goes wrong is Internal and its text
// never reaches a user.
const (
	Invalid     Code = "invalid"     // the input is wrong; Problems say where
	Forbidden   Code = "forbidden"   // no grant covers role × action × area
	NotFound    Code = "not_found"   // no such record, matter, action, indicator
	NotNow      Code = "not_now"     // the action does not start from this state
	Guarded     Code = "guarded"     // a named condition of the law is not met
	Conflict    Code = "conflict"    // stale version, taken code, key with other body
	Refused     Code = "refused"     // a rule of the platform forbids it (void after 24 h, erasure under hold)
	Unavailable Code = "unavailable" // store away or disk full; try again
	Internal    Code = "internal"
)

// Text is one wording in the two languages of the product.
type Text struct {
	ZH string `yaml:"zh" json:"zh"`
	EN string `yaml:"en" json:"en,omitempty"`
}

// In returns the wording in lang ("zh" or "en"), falling back to Chinese.
func (t Text) In(lang string) string {
	if lang == "en" && t.EN != "" {
		return t.EN
	}
	return t.ZH
}

// Problem is one thing wrong with an input: which field, what rule, what to do.
type Problem struct {
	Field  string `json:"field,omitempty"`  // path of the field, "" for the whole
	Rule   string `json:"rule"`             // required, type, length, list, check, guard name …
	Reason Text   `json:"reason"`           // plain words for the person
	Law    string `json:"law,omitempty"`    // article behind the rule
	Detail string `json:"detail,omitempty"` // the offending value, shortened; never sealed data
}

// Error is what Do, Check and the readers return. All problems of one command
// are reported at once.
type Error struct {
	Code     Code      `json:"code"`
	Problems []Problem `json:"problems"`
	cause    error
}

// Error joins the Chinese reasons, prefixed by the code.
func (e *Error) Error() string {
	parts := make([]string, 0, len(e.Problems))
	for _, p := range e.Problems {
		s := p.Reason.EN
		if s == "" {
			s = p.Reason.ZH
		}
		if p.Field != "" {
			s = p.Field + ": " + s
		}
		parts = append(parts, s)
	}
	if e.cause != nil {
		parts = append(parts, e.cause.Error())
	}
	return string(e.Code) + ": " + strings.Join(parts, "; ")
}

// Unwrap gives the technical cause, if any.
func (e *Error) Unwrap() error { return e.cause }

// Fail makes an Error with one problem.
func Fail(code Code, field, rule, zh, en string) *Error {
	return &Error{Code: code, Problems: []Problem{{Field: field, Rule: rule, Reason: Text{ZH: zh, EN: en}}}}
}

// Failf is Fail with the same arguments formatted into both wordings.
func Failf(code Code, field, rule, zh, en string, args ...any) *Error {
	return Fail(code, field, rule, fmt.Sprintf(zh, args...), fmt.Sprintf(en, args...))
}

// Wrap marks a technical failure with a code, keeping its cause. One that may
// pass is worded for people.
func Wrap(code Code, err error) *Error {
	e := &Error{Code: code, cause: err}
	if code == Unavailable {
		e.Problems = []Problem{{Rule: "away", Reason: Text{ZH: "数据库或磁盘暂时不可用，未作任何保存，请稍后再试", EN: "the database or the disk is not available; nothing was saved; try again later"}}}
	}
	return e
}

// Full marks a write that found no room.
func Full(err error) *Error {
	e := Wrap(Unavailable, err)
	e.Problems = []Problem{{Rule: "full", Reason: Text{ZH: "磁盘空间不足，未作任何保存；请联系管理员腾出空间后再试", EN: "the disk is full; nothing was saved; try again when the administrator has made room"}}}
	return e
}

// ErrorCode tells the code of err: "" for nil, Internal for strangers.
func ErrorCode(err error) Code {
	if err == nil {
		return ""
	}
	var e *Error
	if errors.As(err, &e) {
		return e.Code
	}
	return Internal
}
