package gs1

import "strings"

// coupon reads a North American coupon code digit by digit and stops at the
// first fault.
type coupon struct {
	s     string
	pos   int
	gcp   GCPLookup
	fault fault
}

func (c *coupon) fail(r string, pos, n int) {
	if c.fault.reason == "" {
		c.fault = fault{Reason("COUPON_" + r), pos, n}
	}
}

func (c *coupon) done() bool { return c.fault.reason != "" || c.pos == len(c.s) }

// digit reads one of the valid digits.
func (c *coupon) digit(valid, missing, invalid string) int {
	switch {
	case c.fault.reason != "":
		return 0
	case c.pos == len(c.s):
		c.fail(missing, 0, len(c.s))
		return 0
	case strings.IndexByte(valid, c.s[c.pos]) < 0:
		c.fail(invalid, c.pos, 1)
		return 0
	}
	c.pos++
	return int(c.s[c.pos-1] - '0')
}

// take reads n digits.
func (c *coupon) take(n int, truncated string) string {
	if c.fault.reason != "" {
		return ""
	}
	if left := len(c.s) - c.pos; left < n {
		if left == 0 {
			c.fail(truncated, 0, len(c.s))
		} else {
			c.fail(truncated, c.pos, left)
		}
		return ""
	}
	c.pos += n
	return c.s[c.pos-n : c.pos]
}

// sized reads a length indicator and as many digits, and extra ones.
func (c *coupon) sized(valid, field string, extra int) string {
	n := c.digit(valid, "MISSING_"+field+"_VLI", "INVALID_"+field+"_LENGTH")
	return c.take(n+extra, "TRUNCATED_"+field)
}

// prefix checks the company prefix that was just read.
func (c *coupon) prefix(s string) {
	if c.fault.reason != "" {
		return
	}
	if f := lintGcppos1(s, c.gcp); f.reason != "" {
		c.fault = fault{f.reason, c.pos - len(s), len(s)}
	}
}

// purchase reads requirement, its code and the family code.
func (c *coupon) purchase(ordinal string) {
	name := ordinal + "_PURCHASE_REQUIREMENT"
	c.sized("12345", name, 0)
	c.digit("012349", "MISSING_"+name+"_CODE", "INVALID_"+name+"_CODE")
	c.take(3, "TRUNCATED_"+ordinal+"_PURCHASE_FAMILY_CODE")
}

// purchaseGCP reads the company prefix of a further purchase; 9 means the same
// as that of the first.
func (c *coupon) purchaseGCP(ordinal string) {
	if c.pos < len(c.s) && c.s[c.pos] == '9' {
		c.pos++
		return
	}
	c.prefix(c.sized("0123456", ordinal+"_PURCHASE_GCP", 6))
}

func (c *coupon) date(short, invalid string) string {
	d := c.take(6, short)
	if c.fault.reason == "" && lintDate(d, 6, false).reason != "" {
		c.fail(invalid, c.pos-6, 6)
	}
	return d
}

// optional tells whether the optional field with this number follows.
func (c *coupon) optional(number byte) bool {
	if c.done() || c.s[c.pos] != number {
		return false
	}
	c.pos++
	return true
}

func (c *coupon) dates() {
	var expires string
	from := c.pos
	if c.optional('3') {
		expires = c.date("TOO_SHORT_FOR_EXPIRATION_DATE", "INVALID_EXIPIRATION_DATE")
	}
	if c.optional('4') {
		starts := c.date("TOO_SHORT_FOR_START_DATE", "INVALID_START_DATE")
		if expires != "" && expires < starts {
			c.fail("EXPIRATION_BEFORE_START", from, c.pos-from)
		}
	}
}

func (c *coupon) saveValue() {
	c.digit("01256", "MISSING_SAVE_VALUE_CODE", "INVALID_SAVE_VALUE_CODE")
	c.digit("012", "MISSING_SAVE_VALUE_APPLIES_TO_ITEM", "INVALID_SAVE_VALUE_APPLIES_TO_ITEM")
	c.digit("0123456789", "MISSING_STORE_COUPON_FLAG", "")
	c.digit("01", "MISSING_DONT_MULTIPLY_FLAG", "INVALID_DONT_MULTIPLY_FLAG")
}

func (c *coupon) end() fault {
	if !c.done() {
		c.fail("EXCESS_DATA", c.pos, len(c.s)-c.pos)
	}
	return c.fault
}

// lintCouponcode checks AI (8110): North American Coupon Application Guideline
// Using GS1 DataBar Expanded Symbols.
func lintCouponcode(s string, gcp GCPLookup) fault {
	if f := lintCsetnumeric(s, nil); f.reason != "" {
		return f
	}
	c := coupon{s: s, gcp: gcp}
	c.prefix(c.sized("0123456", "GCP", 6))
	c.take(6, "TRUNCATED_OFFER_CODE")
	c.sized("12345", "SAVE_VALUE", 0)
	c.purchase("1ST")
	if c.optional('1') {
		c.digit("0123", "MISSING_ADDITIONAL_PURCHASE_RULES_CODE", "INVALID_ADDITIONAL_PURCHASE_RULES_CODE")
		c.purchase("2ND")
		c.purchaseGCP("2ND")
	}
	if c.optional('2') {
		c.purchase("3RD")
		c.purchaseGCP("3RD")
	}
	c.dates()
	if c.optional('5') {
		c.sized("0123456789", "SERIAL_NUMBER", 6)
	}
	if c.optional('6') {
		c.prefix(c.sized("1234567", "RETAILER_GCP_OR_GLN", 6))
	}
	if c.optional('9') {
		c.saveValue()
	}
	return c.end()
}

// lintCouponposoffer checks AI (8112): GS1 AI (8112) Coupon Data Specification.
func lintCouponposoffer(s string, gcp GCPLookup) fault {
	if f := lintCsetnumeric(s, nil); f.reason != "" {
		return f
	}
	c := coupon{s: s, gcp: gcp}
	c.digit("01", "MISSING_FORMAT_CODE", "INVALID_FORMAT_CODE")
	c.sized("0123456", "FUNDER", 6)
	c.take(6, "TRUNCATED_OFFER_CODE")
	c.sized("0123456789", "SERIAL_NUMBER", 6)
	return c.end()
}
