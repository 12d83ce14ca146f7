package codec

// Elements cuts an array into the JSON texts of its elements.
func Elements(s string) (list []string, err error) {
	d := decoder{s: s}
	err = d.elements(func() error {
		d.space()
		start := d.i
		if err := d.skip(); err != nil {
			return err
		}
		list = append(list, d.s[start:d.i])
		return nil
	})
	if err != nil {
		return nil, err
	}
	return list, d.end()
}

// skip passes over one value. Brackets inside strings do not count.
func (d *decoder) skip() error {
	depth := 0
	for d.i < len(d.s) {
		switch d.s[d.i] {
		case '"':
			if _, err := d.str(); err != nil {
				return err
			}
			if depth == 0 {
				return nil
			}
			continue
		case '{', '[':
			depth++
		case '}', ']':
			if depth == 0 {
				return nil
			}
			if depth--; depth == 0 {
				d.i++
				return nil
			}
		case ',':
			if depth == 0 {
				return nil
			}
		}
		d.i++
	}
	return d.fail("end of value")
}
