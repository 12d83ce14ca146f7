package importer

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"github.com/dinghai/dinghai/catalogue"
	"github.com/dinghai/dinghai/domain"
	"github.com/dinghai/dinghai/kit/ids"
	"github.com/dinghai/dinghai/kit/table"
)

// empty are the ways files say nothing.
var empty = []string{"", "N/A", "NA", "n/a", "-", "—", "/", "无", "null", "NULL"}

// command turns a row into the opening action.
func (im *Importer) command(ctx context.Context, row table.Row) (domain.Command, error) {
	imp := im.Kind.Import
	cmd := domain.Command{Kind: im.Kind.Name, Action: im.act.Action, Actor: im.Actor, Opening: true, Input: map[string]any{}}
	if err := im.values(row, cmd.Input); err != nil {
		return cmd, err
	}
	im.oldNumber(cmd.Input)
	if imp.On != "" && !blank(row.Get(imp.On)) {
		d, err := row.Get(imp.On).Date()
		if err != nil {
			return cmd, domain.Failf(domain.Invalid, imp.On, "date", "日期「%s」无法识别", "date %q cannot be read", row.Get(imp.On).Text())
		}
		cmd.On = d
	}
	if err := im.place(ctx, row, &cmd); err != nil {
		return cmd, err
	}
	cmd.Key = im.key(cmd)
	return cmd, nil
}

func (im *Importer) values(row table.Row, into map[string]any) error {
	var bad []domain.Problem
	for _, f := range im.act.Form {
		cell := row.Get(f.Field)
		if blank(cell) {
			continue
		}
		v, err := im.value(f.Def, cell, into)
		if err != nil {
			bad = append(bad, domain.Problem{Field: f.Field, Rule: "value", Reason: domain.Text{ZH: err.Error(), EN: err.Error()}})
			continue
		}
		if v != nil {
			into[f.Field] = v
		}
	}
	if len(bad) > 0 {
		return &domain.Error{Code: domain.Invalid, Problems: bad}
	}
	return nil
}

func blank(c table.Cell) bool { return slices.Contains(empty, c.Text()) }

var yesNo = map[string]bool{"是": true, "true": true, "1": true, "y": true, "yes": true, "√": true,
	"否": false, "false": false, "0": false, "n": false, "no": false, "×": false}

// value reads a cell as the field's type. Amounts may carry their unit and
// currency; the currency goes to the field of that name.
func (im *Importer) value(f *catalogue.Field, c table.Cell, into map[string]any) (any, error) {
	switch f.Type {
	case "int":
		return c.Int()
	case "number":
		return c.Float()
	case "money":
		m, err := ParseMoney(c.Text())
		if err == nil && m.Currency != "" && m.Currency != "CNY" && im.takes("currency") {
			into["currency"] = m.Currency
		}
		return m.Fen, err
	case "date":
		d, err := c.Date()
		if err != nil {
			return nil, fmt.Errorf("日期「%s」无法识别", c.Text())
		}
		return string(d), nil
	case "bool":
		yes, known := yesNo[strings.ToLower(c.Text())]
		if !known {
			return nil, fmt.Errorf("「%s」无法识别，应填 是 或 否", c.Text())
		}
		return yes, nil
	case "code", "industry":
		return im.code(f, c.Text())
	case "area":
		if a := im.area.find(c.Text()); a != "" {
			return a, nil
		}
		return nil, fmt.Errorf("辖区「%s」不在本局范围内", c.Text())
	case "uscc", "phone", "resident_id":
		code, err := c.Code()
		if err != nil {
			return nil, fmt.Errorf("「%s」已被表格软件改成科学计数，无法还原", c.Text())
		}
		n, _ := ids.Normalize(code)
		return n, nil
	}
	return c.Text(), nil
}

func (im *Importer) takes(field string) bool {
	return slices.ContainsFunc(im.act.Form, func(f *catalogue.Form) bool { return f.Field == field })
}

// code finds a code by itself, by its wording, or by the wording that begins
// the text ("有限责任公司(自然人投资或控股)").
func (im *Importer) code(f *catalogue.Field, text string) (any, error) {
	list := f.List
	if f.Type == "industry" {
		list = "industry"
	}
	m := im.lists[list]
	if m == nil {
		m = newMatcher(im.Engine.Catalogue().Lists[list])
		im.lists[list] = m
	}
	if code := m.find(text); code != "" {
		return code, nil
	}
	return nil, fmt.Errorf("「%s」不在「%s」的可选范围内", text, f.Label.ZH)
}

// oldNumber moves a 13- or 15-digit registration number of earlier years out
// of the credit code column, where old files keep it.
func (im *Importer) oldNumber(in map[string]any) {
	code, _ := in["uscc"].(string)
	if len(code) != 13 && len(code) != 15 || strings.Trim(code, "0123456789") != "" || !im.takes("old_reg_no") {
		return
	}
	delete(in, "uscc")
	if in["old_reg_no"] == nil {
		in["old_reg_no"] = code
	}
}

// place settles area and subject.
func (im *Importer) place(ctx context.Context, row table.Row, cmd *domain.Command) error {
	imp := im.Kind.Import
	if imp.Of != "" && !blank(row.Get(imp.Of)) {
		ref, area, err := im.subject(ctx, row.Get(imp.Of).Text())
		if err != nil {
			return err
		}
		cmd.Of, cmd.Area = ref, area
	}
	if imp.Area != "" && !blank(row.Get(imp.Area)) {
		text := row.Get(imp.Area).Text()
		a := im.area.find(text)
		if a == "" {
			return domain.Failf(domain.Invalid, imp.Area, "area", "「%s」不在本局辖区内，或看不出是哪个县区", "%q lies outside the bureau's areas, or names no county", text)
		}
		cmd.Area = a
	}
	if imp.Area == "" && imp.Of == "" {
		cmd.Area = im.area.city // of the bureau as a whole: visits of its platform, documents of its departments
	}
	if cmd.Area == "" {
		return domain.Failf(domain.Invalid, imp.Area, "area", "缺少辖区或地址", "no area or address")
	}
	return nil
}

// subject finds the regulated subject by credit code or exact name.
func (im *Importer) subject(ctx context.Context, text string) (domain.Ref, string, error) {
	r := im.Engine.Reader()
	code, _ := ids.Normalize(text)
	ref, err := r.ByClaim(ctx, "uscc", code)
	if err != nil {
		return ref, "", err
	}
	if ref.Zero() {
		page, err := r.Search(ctx, domain.SearchQuery{Text: text, Kind: im.Kind.Subject, Limit: 20})
		if err != nil {
			return ref, "", err
		}
		for _, x := range page.Rows {
			if x.Title == text {
				ref = x.Ref
			}
		}
	}
	if ref.Zero() {
		return ref, "", domain.Failf(domain.Invalid, im.Kind.Import.Of, "subject", "登记库中没有「%s」", "the register has no %q", text)
	}
	rec, err := r.Record(ctx, ref)
	if err != nil || rec == nil {
		return ref, "", err
	}
	return ref, rec.Area, nil
}

// key identifies the row for a second run of the same file.
func (im *Importer) key(cmd domain.Command) string {
	parts := []string{"import", im.Kind.Name}
	for _, f := range im.Kind.Import.Key {
		switch {
		case f == "of":
			parts = append(parts, cmd.Of.String())
		case f == "on":
			parts = append(parts, string(cmd.On))
		case cmd.Input[f] != nil:
			parts = append(parts, fmt.Sprint(cmd.Input[f]))
		case f == "uscc" && cmd.Input["old_reg_no"] != nil:
			parts = append(parts, fmt.Sprint(cmd.Input["old_reg_no"]))
		default:
			parts = append(parts, "-")
		}
	}
	if strings.Trim(strings.Join(parts[2:], ""), "-") == "" {
		return "" // nothing identifies the row: it is loaded as it comes
	}
	return strings.Join(parts, ":")
}
