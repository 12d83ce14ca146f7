package names

import "slices"

// headEnd finds where the parent's name ends and the branch begins: behind a
// company's or cooperative's form in the middle of the name, unless the name
// ends in such a form of its own, and behind a factory's if the rest is plainly
// a branch.
func (s *Splitter) headEnd(u []uint16) int {
	for e := 4; e < len(u); e++ {
		last, rest := u[e-1], u[e:]
		switch last {
		case '司', '社':
			n, k := s.forms.suffix(u[:e])
			kind := ""
			if n > 0 {
				kind = s.formList[k].Kind
			}
			if (kind == "company" || kind == "cooperative") && n < e-1 && !subordinate(u[:e-n]) && !s.ownForm(rest) {
				return e
			}
		case '厂':
			if n, _ := s.branches.suffix(rest); n > 1 && !slices.Contains(compounds, rest[0]) {
				return e
			}
		}
	}
	return len(u)
}

// compounds are what follows 厂 in words such as 厂房.
var compounds = []uint16{'房', '家', '商', '区', '矿', '长'}

// subordinate reports whether a form is that of a branch: 分·公司.
func subordinate(before []uint16) bool {
	if len(before) == 0 {
		return false
	}
	c := before[len(before)-1]
	return c == '分' || c == '支' || c == '子'
}

// ownForm reports whether what follows a form belongs to the form or is a
// firm's name to the end: 合作社·联合社, 公司·法务咨询有限公司.
func (s *Splitter) ownForm(rest []uint16) bool {
	n, k := s.forms.suffix(rest)
	if n == 0 {
		return false
	}
	switch s.formList[k].Kind {
	case "partnership", "sole", "individual":
		return n == len(rest)
	case "company", "cooperative":
		return !subordinate(rest[:len(rest)-n])
	}
	return false
}

// form finds the form at the end of a name: what stands in brackets behind it
// too, as in 面馆（个体工商户）, and （集团） before it. It returns where the
// form begins, which it is, and the class that it implies.
func (s *Splitter) form(u []uint16) (start int, kind int32, class uint16) {
	n, kind := s.forms.suffix(u)
	if n == 0 || len(u)-n < 2 {
		return len(u), -1, 0
	}
	start, class = len(u)-n, s.formClass[kind]
	if u[start] == openBracket {
		if n, k := s.forms.suffix(u[:start]); n > 0 && start-n >= 2 {
			start, class = start-n, s.formClass[k]
		}
	}
	if start > 5 && u[start-4] == openBracket && u[start-1] == closeBracket {
		if w := text(u[start-3 : start-1]); w == "集团" || w == "控股" {
			start -= 4
		}
	}
	return start, kind, class
}

// takeBracketed takes a division in brackets out of the text, and other
// brackets off what they hold. It works in place.
func (s *Splitter) takeBracketed(u []uint16, w *work) (rest, division []uint16) {
	if i := slices.Index(u, openBracket); i > 0 {
		if n := slices.Index(u[i:], closeBracket); n > 1 {
			inner := u[i+1 : i+n]
			w.stops = s.divisions.at(inner, w.stops)
			if k := len(w.stops); k > 0 && w.stops[k-1].end == len(inner) && len(u)-n-1 >= 2 {
				division = slices.Clone(inner)
				u = append(u[:i], u[i+n+1:]...)
			}
		}
	}
	return slices.DeleteFunc(u, func(c uint16) bool { return c == openBracket || c == closeBracket }), division
}

// body splits what is left between brackets and form. If no shop name is left,
// the last division was part of it after all.
func (s *Splitter) body(u []uint16, w *work) (divEnd, shopEnd int, class uint16) {
	w.stops = s.divisions.at(u, w.stops)
	stops := w.stops
	if len(stops) > 0 && len(stops) <= 4 {
		if n := s.town(u, stops[len(stops)-1]); n > 0 {
			if shopEnd, class = s.industry(u, n); shopEnd-n >= 2 {
				return n, shopEnd, class
			}
		}
	}
	for k := len(stops); k >= 0; k-- {
		divEnd = 0
		if k > 0 {
			divEnd = stops[k-1].end
		}
		shopEnd, class = s.industry(u, divEnd)
		shop := u[divEnd:shopEnd]
		if k == 0 || len(shop) > 0 && !stops[k-1].bare || len(shop) >= 2 && !s.isIndustry(shop) {
			break
		}
	}
	return divEnd, shopEnd, class
}

// isIndustry reports whether a text is a word of industry, which a shop name
// after a division without its kind cannot be: 长兴食品 is not of 长兴.
func (s *Splitter) isIndustry(u []uint16) bool {
	n, _ := s.industries.suffix(u)
	return n == len(u)
}

// town extends a division by a town or development zone, or returns 0.
func (s *Splitter) town(u []uint16, last stop) int {
	rest := u[last.end:]
	for j := 0; j < len(rest) && j <= 6; j++ {
		if n, _ := s.zones.prefix(rest[j:], nil); n > 2 || n == 2 && j >= 2 {
			return last.end + j + n
		}
	}
	for j := 2; j < len(rest) && j <= 4; j++ {
		switch {
		case rest[j] == '镇' || rest[j] == '乡' && j > 2:
			return last.end + j + 1
		case rest[j] == '街' && j+1 < len(rest) && rest[j+1] == '道':
			return last.end + j + 2
		}
	}
	return 0
}

// industry takes words of industry off the end of u, as long as two characters
// of shop name are left behind from. The class is that of the last word that is
// not generic, else of the last that has one.
func (s *Splitter) industry(u []uint16, from int) (shopEnd int, class uint16) {
	shopEnd = len(u)
	generic := true
	for shopEnd-from > 2 {
		n, v := s.industries.suffix(u[from+2 : shopEnd])
		if n == 0 {
			break
		}
		shopEnd -= n
		if c := s.wordClass[v]; c != 0 && (class == 0 || generic && !s.industryList[v].Generic) {
			class, generic = c, s.industryList[v].Generic
		}
	}
	return shopEnd, class
}
