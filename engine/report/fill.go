package report

import (
	"cmp"
	"fmt"
	"math"
	"net/url"
	"sort"
	"strings"

	"github.com/dinghai/dinghai/domain"
	"github.com/dinghai/dinghai/engine/indicator"
)

// Document is a filled template, ready to be shown.
type Document struct {
	Lang   string  `json:"lang"`
	Blocks []Block `json:"blocks"`
}

// Block is a heading, a paragraph or an item of a list.
type Block struct {
	Kind   string  `json:"kind"`
	Level  int     `json:"level,omitempty"`
	Pieces []Piece `json:"pieces"`
}

// Piece is text, or a figure with what its reader may want to know.
type Piece struct {
	Text       string  `json:"text"`
	Figure     string  `json:"figure,omitempty"`
	Kind       string  `json:"kind,omitempty"` // of the figure
	Value      *Amount `json:"value,omitempty"`
	Definition string  `json:"definition,omitempty"`
	Link       string  `json:"link,omitempty"`
	Mark       string  `json:"mark,omitempty"` // as the template has it, "" for text
}

// Bureau is whose report it is.
type Bureau struct{ Name domain.Text }

// Fill puts a computed report into the template.
func (t *Template) Fill(res *Result, b Bureau) *Document {
	f := &filler{t: t, res: res, bureau: b}
	d := &Document{Lang: t.Lang}
	for _, b := range t.blocks {
		block := Block{Kind: b.Kind, Level: b.Level}
		for _, n := range b.Nodes {
			p := f.piece(n)
			if n.mark != nil {
				p.Mark = n.mark.source
			}
			if p.Text != "" {
				block.Pieces = append(block.Pieces, p)
			}
		}
		if len(block.Pieces) > 0 { // a paragraph of gaps only, when nothing is missing
			d.Blocks = append(d.Blocks, block)
		}
	}
	return d
}

type filler struct {
	t      *Template
	res    *Result
	bureau Bureau
}

func (f *filler) piece(n node) Piece {
	if n.mark == nil {
		return Piece{Text: n.text}
	}
	lang := cmp.Or(n.mark.lang, f.t.Lang)
	q := indicator.Resolve(indicator.Query{From: f.res.From, To: f.res.To}, n.mark.period)
	switch n.mark.name {
	case "figure":
		return f.figure(n.mark, lang)
	case "bureau":
		return Piece{Text: f.bureau.Name.In(lang)}
	case "year":
		return Piece{Text: fmt.Sprint(f.res.To.Year())}
	case "from":
		return Piece{Text: day(q.From, lang)}
	case "to":
		return Piece{Text: day(q.To, lang)}
	}
	return Piece{Text: f.gaps(n.mark.arg, lang)}
}

// day writes a date as prose does.
func day(d domain.Date, lang string) string {
	if lang == "en" || !d.Valid() {
		return string(d)
	}
	return fmt.Sprintf("%d年%d月%d日", d.Year(), d.Month(), d.Day())
}

var absent = map[string]domain.Text{
	NotBuilt: {ZH: "（尚未建成）", EN: "(not built yet)"},
	Computed: {ZH: "（无可作分母的记录）", EN: "(nothing to divide by)"},
	AsStated: {ZH: "（未申报）", EN: "(not stated)"},
}

func (f *filler) figure(m *mark, lang string) Piece {
	x := f.res.figure(m.ask())
	if x == nil {
		return Piece{Text: absent[NotBuilt].In(lang), Figure: m.arg, Kind: NotBuilt}
	}
	p := Piece{Figure: x.ID, Kind: x.Kind, Definition: x.Definition.In(lang), Value: &x.Value, Link: f.res.link(x)}
	switch {
	case !x.Value.Known && m.show != "" && x.Kind == Computed:
		p.Text = domain.Text{ZH: "（上年同期无可比数据）", EN: "(nothing to compare with the year before)"}.In(lang)
	case !x.Value.Known:
		p.Text = absent[x.Kind].In(lang)
	case m.show == ShowChange:
		p.Text = changed(x, m.places(x), lang)
	case m.format == "" && m.digits < 0, !x.Value.Numeric():
		p.Text = printed(x)
	default:
		p.Text = format(x.Value.Number, cmp.Or(m.format, defaultFormat(x)), m.places(x))
	}
	return p
}

// changed says a growth in words.
func changed(x *Figure, digits int, lang string) string {
	if digits < 0 {
		digits = growthDigits
	}
	size := format(math.Abs(x.Value.Number), "percent", digits)
	switch {
	case rounded(x.Value.Number, math.Pow10(-digits)) == 0:
		return domain.Text{ZH: "持平", EN: "unchanged"}.In(lang)
	case x.Value.Number > 0:
		return domain.Text{ZH: "增长", EN: "up "}.In(lang) + size
	}
	return domain.Text{ZH: "下降", EN: "down "}.In(lang) + size
}

func defaultFormat(x *Figure) string {
	if percent(x.Unit) {
		return "percent"
	}
	return "plain"
}

// places are the decimals asked for; a percentage without any keeps its own.
func (m *mark) places(x *Figure) int {
	if m.digits < 0 && m.format == "percent" {
		return x.precision()
	}
	return m.digits
}

// link leads to the rows behind a figure, over the figure's own days.
func (r *Result) link(f *Figure) string {
	v := url.Values{"from": {string(f.Period.From)}, "to": {string(f.Period.To)}, "area": {cmp.Or(f.Area, r.Area)}}
	if r.Zone != "" && f.Area == "" {
		v.Set("zone", r.Zone)
	}
	return "/figures/" + url.PathEscape(f.ID) + "?" + v.Encode()
}

// gaps says what a section (or chapter) does not tell: the systems that are not
// built and the facts only others can give. Silence would look like nothing to
// report.
func (f *filler) gaps(section, lang string) string {
	missing, stated := map[string]int{}, 0
	for _, x := range f.res.Figures {
		if x.Section != section && !strings.HasPrefix(x.Section, section+".") {
			continue
		}
		switch x.Kind {
		case NotBuilt:
			missing[f.res.system(x.System, lang)]++
		case AsStated:
			stated++
		}
	}
	return unsaid(missing, stated, lang)
}

func (r *Result) system(name, lang string) string {
	if r.declared == nil || r.declared.Systems[name].ZH == "" {
		return name
	}
	return r.declared.Systems[name].In(lang)
}

func unsaid(missing map[string]int, stated int, lang string) string {
	names, n := []string{}, 0
	for name, count := range missing {
		names, n = append(names, name), n+count
	}
	sort.Strings(names)
	var out []string
	if n > 0 && lang == "zh" {
		out = append(out, fmt.Sprintf("另有%d项数据尚无记录可算，本报告不作陈述（%s）。", n, strings.Join(names, "、")))
	} else if n > 0 {
		out = append(out, fmt.Sprintf("Left out, since no records are behind them yet: %d (%s).", n, strings.Join(names, ", ")))
	}
	if stated > 0 && lang == "zh" {
		out = append(out, fmt.Sprintf("%d项位次、奖项或计划由外部认定，不从记录计算。", stated))
	} else if stated > 0 {
		out = append(out, fmt.Sprintf("Settled outside and not computed from records: %d (places, prizes, plans).", stated))
	}
	sep := ""
	if lang == "en" {
		sep = " "
	}
	return strings.Join(out, sep)
}
