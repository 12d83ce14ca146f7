package gs1

import "math/bits"

// field is one part of a value in the binary form. Length bits precede the
// value unless fixed, and three bits that name the encoding if not numeric.
type field struct {
	numeric, fixed bool
	max            int // digits or characters
}

// fields derives the parts from the format of a: neighbouring fixed numeric
// components count as one, neighbouring optional ones as one of variable length,
// all text as one (GS1 Digital Link Compression, table F).
func (a *AI) fields() (fs []field) {
	for i := range a.components {
		c := &a.components[i]
		f := field{numeric: c.set == setN, fixed: c.min == c.max && !c.optional, max: c.max}
		if n := len(fs) - 1; n >= 0 && fs[n].numeric == f.numeric && (fs[n].fixed == f.fixed || !f.numeric) {
			fs[n].max += f.max
			fs[n].fixed = fs[n].fixed && f.fixed
			continue
		}
		fs = append(fs, f)
	}
	return fs
}

// formats are the fields of every AI by code.
var formats = func() map[string][]field {
	m := make(map[string][]field, len(table))
	for i := range table {
		m[table[i].Code] = table[i].fields()
	}
	return m
}()

// lengthBits is how many bits hold a length up to most.
func lengthBits(most int) int { return bits.Len(uint(most)) }

// valueBits is how many bits hold a number of so many digits: 3.3219281 for
// each and a hundredth more, rounded up as the standard has it.
func valueBits(digits int) int { return (digits*33219281+100000)/10000000 + 1 }

// sequences are sets of AIs that are encoded under one byte, which is no AI,
// followed by their values. The values come in ascending order of their AIs: so
// does the reference implementation, and so do all codes made with it.
var sequences = []struct {
	code byte
	ais  []string
}{
	{0x0A, []string{"01", "22"}}, {0x0B, []string{"01", "10"}}, {0x0C, []string{"01", "21"}},
	{0x0D, []string{"01", "17"}}, {0x0E, []string{"01", "7003"}}, {0x0F, []string{"01", "30"}},
	{0x1A, []string{"01", "10", "17", "21"}}, {0x1B, []string{"01", "15"}}, {0x1C, []string{"01", "11"}},
	{0x1D, []string{"01", "16"}}, {0x1E, []string{"01", "91"}}, {0x1F, []string{"01", "10", "15"}},
	{0x2A, []string{"01", "3100"}}, {0x2B, []string{"01", "3101"}}, {0x2C, []string{"01", "3102"}},
	{0x2D, []string{"01", "3103"}}, {0x2E, []string{"01", "3104"}}, {0x2F, []string{"01", "3105"}},
	{0x3A, []string{"01", "3200"}}, {0x3B, []string{"01", "3201"}}, {0x3C, []string{"01", "3202"}},
	{0x3D, []string{"01", "3203"}}, {0x3E, []string{"01", "3204"}}, {0x3F, []string{"01", "3205"}},
	{0x9A, []string{"8010", "8011"}}, {0x9B, []string{"8017", "8019"}}, {0x9C, []string{"8018", "8019"}},
	{0x9D, []string{"254", "414"}},
	{0xA0, []string{"01", "3920"}}, {0xA1, []string{"01", "3921"}}, {0xA2, []string{"01", "3922"}},
	{0xA3, []string{"01", "3923"}}, {0xA4, []string{"01", "3924"}}, {0xA5, []string{"01", "3925"}},
	{0xA6, []string{"01", "3926"}}, {0xA7, []string{"01", "3927"}}, {0xA8, []string{"01", "3928"}},
	{0xA9, []string{"01", "3929"}},
	{0xC0, []string{"255", "3900"}}, {0xC1, []string{"255", "3901"}}, {0xC2, []string{"255", "3902"}},
	{0xC3, []string{"255", "3903"}}, {0xC4, []string{"255", "3904"}}, {0xC5, []string{"255", "3905"}},
	{0xC6, []string{"255", "3906"}}, {0xC7, []string{"255", "3907"}}, {0xC8, []string{"255", "3908"}},
	{0xC9, []string{"255", "3909"}}, {0xCA, []string{"255", "3940"}}, {0xCB, []string{"255", "3941"}},
	{0xCC, []string{"255", "3942"}}, {0xCD, []string{"255", "3943"}},
}

// published are the two sequences that the standard prints in another order.
// Decoding falls back on it.
var published = map[byte][]string{
	0x1A: {"01", "10", "21", "17"},
	0x9D: {"414", "254"},
}

// encoding is how the characters of text are written.
type encoding uint64

const (
	encDigits encoding = iota // a number
	encLower                  // lower-case hexadecimal, 4 bits each
	encUpper                  // upper-case hexadecimal, 4 bits each
	encBase64                 // base64url alphabet, 6 bits each
	encASCII                  // 7 bits each
)

const base64url = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"

// alphabets are the characters of each encoding in the order of their numbers.
var alphabets = [...]string{encLower: "0123456789abcdef", encUpper: "0123456789ABCDEF", encBase64: base64url}

// width is how many bits a character takes.
var width = [...]int{encLower: 4, encUpper: 4, encBase64: 6, encASCII: 7}
