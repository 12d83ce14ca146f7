package forms

import (
	"bytes"
	"context"
	"errors"
	"io"
	"strings"

	"github.com/dinghai/dinghai/domain"
	"github.com/dinghai/dinghai/engine"
	"github.com/dinghai/dinghai/engine/indicator"
	"github.com/dinghai/dinghai/engine/report"
	"github.com/dinghai/dinghai/kit/xlsx"
	"github.com/dinghai/dinghai/store/files"
)

// Limits bound what a workbook may unpack to.
var Limits = xlsx.Limits{Size: 64 << 20, XML: 32 << 20}

// Filler fills them.
type Filler struct {
	Engine *engine.Engine
	Files  *files.Service // nil = no workbook can be read or kept
}

// Figures computes figures over a period, as they stood at log positions.
func (f Filler) Figures(ctx context.Context, q indicator.Query, asks []report.Ask) (*report.Result, error) {
	return report.Compute(ctx, report.Sources{Catalogue: f.Engine.Catalogue(), Values: f.Engine.Figures(), Reader: f.Engine.Reader()},
		report.Request{Query: q, Declared: &report.Declared{}, Asks: asks})
}

// Month is the period a form is filled for: the month up to a day. Cells may
// ask for others.
func Month(rec *domain.Record, to domain.Date, at map[int]int64) indicator.Query {
	return indicator.Query{From: to.MonthStart(), To: to, Area: rec.Area, At: at}
}

// Book reads a stored workbook whole and makes sure that it opens.
func (f Filler) Book(ctx context.Context, value string) ([]byte, error) {
	v, err := domain.ParseFile(value)
	if err != nil {
		return nil, err
	}
	if f.Files == nil {
		return nil, domain.Fail(domain.Unavailable, "file", "files", "本系统没有启用文件上传", "files cannot be uploaded here")
	}
	src, err := f.Files.Open(ctx, v)
	if err != nil {
		return nil, err
	}
	defer src.Close()
	b, err := io.ReadAll(src)
	if err != nil {
		return nil, err
	}
	book, err := xlsx.Read(bytes.NewReader(b), Limits)
	if err != nil {
		return nil, domain.Failf(domain.Invalid, "file", "open", "「%s」打不开，可能已损坏或设了密码，请在 Excel 里另存后重新上传", "%q cannot be opened; it may be damaged or have a password: save it again and upload it", v.Name)
	}
	return b, book.Close()
}

// cellTexts are the words for why a cell cannot be filled.
var cellTexts = map[string]domain.Text{
	xlsx.ReasonReference: {ZH: "没有这个单元格或工作表，请核对，如 B5", EN: "there is no such cell or sheet; check it, like B5"},
	xlsx.ReasonFormula:   {ZH: "是公式，由工作簿自己计算，不能填", EN: "is a formula the workbook computes itself"},
	xlsx.ReasonMerged:    {ZH: "在合并单元格里面，请选合并区域左上角的那一格", EN: "lies inside a merged cell; choose its first cell"},
	xlsx.ReasonValue:     {ZH: "的数值不能填入", EN: "cannot take the value"},
	xlsx.ReasonText:      {ZH: "的内容含有不能填入的字符", EN: "has characters that cannot be filled in"},
}

// Problem tells which cell of a workbook is wrong and why.
func Problem(err error) error {
	var c *xlsx.CellError
	switch {
	case err == nil:
		return nil
	case errors.As(err, &c):
		t := cellTexts[c.Reason]
		at := c.Cell
		if c.Sheet != "" {
			at = c.Sheet + "!" + c.Cell
		}
		return domain.Fail(domain.Invalid, "cell", "cell", "单元格 "+at+" "+t.ZH, "cell "+at+" "+t.EN)
	case errors.Is(err, xlsx.ErrSigned):
		return domain.Fail(domain.Invalid, "file", "signed", "这份工作簿带有数字签名，填写会使签名失效，请向上级索要未签名的空白表", "the workbook is signed and filling would break the signature; ask for an unsigned one")
	case errors.Is(err, xlsx.ErrNoSheet):
		return domain.Fail(domain.Invalid, "sheet", "sheet", "没有这张工作表，请重新选择", "there is no such sheet; choose again")
	}
	return err
}

// Try makes sure that cells can be filled.
func Try(book []byte, list []Cell) error {
	sheets := map[string]xlsx.Cells{}
	for _, c := range list {
		put(sheets, c, 0)
	}
	_, err := xlsx.FillBytes(book, sheets, Limits)
	return Problem(err)
}

func put(sheets map[string]xlsx.Cells, c Cell, v any) {
	if sheets[c.Sheet] == nil {
		sheets[c.Sheet] = xlsx.Cells{}
	}
	sheets[c.Sheet][c.Cell] = v
}

// filled is a workbook with its cells filled.
type filled struct {
	file []byte
	rows []any  // as the record keeps them
	at   string // log positions
}

// fill fills a workbook with the figures up to a day. A cell that has nothing
// to divide by stays as the blank form has it.
func (f Filler) fill(ctx context.Context, rec *domain.Record, to domain.Date) (*filled, error) {
	list := CellsOf(rec)
	if len(list) == 0 {
		return nil, domain.Fail(domain.Guarded, "cells", "cells", "还没有对应任何单元格，请先在表格里点一格，再选指标", "no cell is tied yet; click one and choose an indicator")
	}
	book, err := f.Book(ctx, str(rec.Fields["file"]))
	if err != nil {
		return nil, err
	}
	heads, err := f.Engine.Reader().Heads(ctx)
	if err != nil {
		return nil, err
	}
	asks := make([]report.Ask, len(list))
	for i, c := range list {
		asks[i] = c.Ask
	}
	res, err := f.Figures(ctx, Month(rec, to, heads), asks)
	if err != nil {
		return nil, err
	}
	out, sheets := &filled{at: report.PositionsText(heads)}, map[string]xlsx.Cells{}
	for _, c := range list {
		row := c.Row()
		if x := res.Answer(c.Ask); x != nil && x.Value.Numeric() {
			v := In(Shown(x), c.Scale)
			put(sheets, c, v)
			row["value"] = v
		}
		out.rows = append(out.rows, row)
	}
	out.file, err = xlsx.FillBytes(book, sheets, Limits)
	return out, Problem(err)
}

// Fill fills a workbook, stores the file and records the filling.
func (f Filler) Fill(ctx context.Context, rec *domain.Record, to domain.Date, actor domain.Actor, key string) (domain.Ref, error) {
	none := domain.Ref{}
	title := str(rec.Fields["title"]) + " " + string(to)
	cmd := domain.Command{Kind: Filling, Action: "fill", Of: rec.Ref, Area: rec.Area, Actor: actor, Key: key}
	x, err := f.fill(ctx, rec, to)
	if err != nil {
		return none, err
	}
	file, err := f.Files.Take(ctx, actor.ID, domain.CleanFileName(strings.TrimSuffix(title, ".xlsx"))+".xlsx", int64(len(x.file)), bytes.NewReader(x.file))
	if err != nil {
		return none, err
	}
	v, err := domain.ParseFile(file)
	if err == nil {
		err = f.Files.Claim(ctx, v)
	}
	if err != nil {
		return none, err
	}
	cmd.Input = map[string]any{"title": title, "to": string(to), "read_at": x.at, "file": file, "cells": x.rows}
	done, err := f.Engine.Do(ctx, cmd)
	if err != nil {
		return none, err
	}
	return done.Record.Ref, nil
}
