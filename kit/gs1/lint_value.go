package gs1

import "strings"

func lintNonzero(s string, _ GCPLookup) fault {
	if f := lintCsetnumeric(s, nil); f.reason != "" {
		return f
	}
	if allZero(s) {
		return whole(s, "ILLEGAL_ZERO_VALUE")
	}
	return clean
}

func lintZero(s string, _ GCPLookup) fault {
	if s == "" || !allZero(s) {
		return whole(s, "NOT_ZERO")
	}
	return clean
}

func allZero(s string) bool { return strings.Trim(s, "0") == "" }

func lintNozeroprefix(s string, _ GCPLookup) fault {
	if f := lintCsetnumeric(s, nil); f.reason != "" {
		return f
	}
	if s != "" && s[0] == '0' {
		return fault{"ILLEGAL_ZERO_PREFIX", 0, 1}
	}
	return clean
}

func lintHasnondigit(s string, _ GCPLookup) fault {
	if outside(s, setN) < 0 {
		return whole(s, "REQUIRES_NON_DIGIT_CHARACTER")
	}
	return clean
}

func lintHyphen(s string, _ GCPLookup) fault {
	if s == "" || strings.Trim(s, "-") != "" {
		return whole(s, "NOT_HYPHEN")
	}
	return clean
}

// lintOne wants exactly one of the characters.
func lintOne(s, chars string, r Reason) fault {
	if len(s) != 1 || strings.IndexByte(chars, s[0]) < 0 {
		return whole(s, r)
	}
	return clean
}

func lintYesno(s string, _ GCPLookup) fault   { return lintOne(s, "01", "NOT_ZERO_OR_ONE") }
func lintWinding(s string, _ GCPLookup) fault { return lintOne(s, "019", "INVALID_WINDING_DIRECTION") }
func lintIso5218(s string, _ GCPLookup) fault {
	return lintOne(s, "0129", "INVALID_BIOLOGICAL_SEX_CODE")
}

func lintImporteridx(s string, _ GCPLookup) fault {
	if len(s) != 1 {
		return whole(s, "IMPORTER_IDX_MUST_BE_ONE_CHARACTER")
	}
	return lintSet(s, setZ, "INVALID_IMPORT_IDX_CHARACTER")
}

// lintMediatype wants an AIDC media type: 01 to 10 or, for local use, 80 to 99.
func lintMediatype(s string, _ GCPLookup) fault {
	if len(s) == 2 && outside(s, setN) < 0 {
		if n := two(s); n >= 1 && n <= 10 || n >= 80 {
			return clean
		}
	}
	return whole(s, "INVALID_MEDIA_TYPE")
}

// lintDegrees wants ten digits up to limit: degrees and seven decimals, shifted
// so that there are no negative ones.
func lintDegrees(s, limit, name string) fault {
	if len(s) != 10 {
		return whole(s, Reason(name+"_INVALID_LENGTH"))
	}
	if f := lintCsetnumeric(s, nil); f.reason != "" {
		return f
	}
	if s > limit {
		return whole(s, Reason("INVALID_"+name))
	}
	return clean
}

func lintLatitude(s string, _ GCPLookup) fault  { return lintDegrees(s, "1800000000", "LATITUDE") }
func lintLongitude(s string, _ GCPLookup) fault { return lintDegrees(s, "3600000000", "LONGITUDE") }

// lintPcenc wants every percent sign to begin a percent-encoded byte.
func lintPcenc(s string, _ GCPLookup) fault {
	for i := 0; i < len(s); i++ {
		if s[i] != '%' {
			continue
		}
		if i+2 >= len(s) || hex[s[i+1]] < 0 || hex[s[i+2]] < 0 {
			return fault{"INVALID_PERCENT_SEQUENCE", i, min(3, len(s)-i)}
		}
		i += 2
	}
	return clean
}

// lintPieceoftotal wants piece and total, of as many digits each.
func lintPieceoftotal(s string, _ GCPLookup) fault {
	if len(s) == 0 || len(s)%2 != 0 {
		return whole(s, "INVALID_LENGTH_FOR_PIECE_OF_TOTAL")
	}
	if f := lintCsetnumeric(s, nil); f.reason != "" {
		return f
	}
	half := len(s) / 2
	piece, total := s[:half], s[half:]
	switch {
	case allZero(piece):
		return fault{"ZERO_PIECE_NUMBER", 0, half}
	case allZero(total):
		return fault{"ZERO_TOTAL_PIECES", half, half}
	case piece > total:
		return whole(s, "PIECE_NUMBER_EXCEEDS_TOTAL")
	}
	return clean
}

// lintPosinseqslash wants position/end, without leading zeros.
func lintPosinseqslash(s string, _ GCPLookup) fault {
	pos, end, ok := strings.Cut(s, "/")
	if !ok || pos == "" || end == "" || outside(pos, setN) >= 0 || outside(end, setN) >= 0 {
		return whole(s, "POSITION_IN_SEQUENCE_MALFORMED")
	}
	switch {
	case pos[0] == '0':
		return whole(pos, "ILLEGAL_ZERO_PREFIX")
	case end[0] == '0':
		return fault{"ILLEGAL_ZERO_PREFIX", len(pos) + 1, len(end)}
	case len(pos) > len(end) || len(pos) == len(end) && pos > end:
		return whole(s, "POSITION_EXCEEDS_END")
	}
	return clean
}
