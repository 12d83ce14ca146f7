package cwtqr

import (
	_ "embed"
	"strings"
)

//go:embed dictionary.txt
var dictionaryText string

// dictionary is the preset dictionary of the zlib stream (RFC 1950 section 2.3):
// what licences share, so that a print need not repeat it. It is part of the
// format; changing a byte makes every code in circulation unreadable, so a
// better one is a new Prefix.
var dictionary = []byte(strings.ReplaceAll(dictionaryText, "\n", "") +
	"https://www.scjg.amr.zj.gov.cn/status/" +
	// The skeleton of the token, up to values that differ.
	"\x19\xff\xff\xa1\x6bstatus_list\xa2\x63idx\x1a\x00\x63uri\x78\x1ahttps://\x3a\x00\x01\x00\x00\x88\x78" +
	"\xd2\x84\x4d\xa2\x01\x26\x04\x48\xa0\x59\x01\xa6\x01\x76https://scjg.\x02\x7291330\x04\x1a\x6a\x06\x1a\x69")
