package web

import (
	"bytes"
	"cmp"
	"context"
	"errors"
	"io"
	"slices"
	"strings"

	"github.com/dinghai/dinghai/domain"
	"github.com/dinghai/dinghai/engine/indicator"
	"github.com/dinghai/dinghai/engine/report"
	"github.com/dinghai/dinghai/kit/xlsx"
)

// bookLimits bound what a workbook may unpack to.
var bookLimits = xlsx.Limits{Size: 64 << 20, XML: 32 << 20}

// workbook reads a stored workbook whole and makes sure that it opens.
func (s *server) workbook(ctx context.Context, value string) ([]byte, error) {
	f, err := domain.ParseFile(value)
	if err != nil {
		return nil, err
	}
	if s.Files == nil {
		return nil, noFiles()
	}
	src, err := s.Files.Open(ctx, f)
	if err != nil {
		return nil, err
	}
	defer src.Close()
	b, err := io.ReadAll(src)
	if err != nil {
		return nil, err
	}
	book, err := xlsx.Read(bytes.NewReader(b), bookLimits)
	if err != nil {
		return nil, domain.Failf(domain.Invalid, "file", "open", "「%s」打不开，可能已损坏或设了密码，请在 Excel 里另存后重新上传", "%q cannot be opened; it may be damaged or have a password: save it again and upload it", f.Name)
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

// cellProblem tells which cell is wrong and why.
func cellProblem(err error) error {
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

// tryCells makes sure that cells can be filled.
func tryCells(book []byte, list []tied) error {
	sheets := map[string]xlsx.Cells{}
	for _, t := range list {
		if sheets[t.Sheet] == nil {
			sheets[t.Sheet] = xlsx.Cells{}
		}
		sheets[t.Sheet][t.Cell] = 0
	}
	_, err := xlsx.FillBytes(book, sheets, bookLimits)
	return cellProblem(err)
}

// filledBook is a workbook with its cells filled.
type filledBook struct {
	file  []byte
	rows  []any  // as the record keeps them
	at    string // log positions
	empty []string
}

// monthTo is the period a form is filled for.
func monthTo(rec *domain.Record, to domain.Date, at map[int]int64) indicator.Query {
	return indicator.Query{From: to.MonthStart(), To: to, Area: rec.Area, At: at}
}

// fillBook fills a workbook with the figures up to a day. A cell that has
// nothing to divide by stays as the blank form has it.
func (s *server) fillBook(r *request, rec *domain.Record, to domain.Date) (*filledBook, error) {
	list := tiedOf(rec)
	if len(list) == 0 {
		return nil, domain.Fail(domain.Guarded, "cells", "cells", "还没有对应任何单元格，请先在表格里点一格，再选指标", "no cell is tied yet; click one and choose an indicator")
	}
	book, err := s.workbook(r.Context(), text(rec.Fields["file"]))
	if err != nil {
		return nil, err
	}
	heads, err := s.read.Heads(r.Context())
	if err != nil {
		return nil, err
	}
	values, err := s.answers(r.Context(), r, monthTo(rec, to, heads), list)
	if err != nil {
		return nil, err
	}
	out, sheets := &filledBook{at: report.PositionsText(heads)}, map[string]xlsx.Cells{}
	for _, t := range list {
		row, a := t.row(), values[t.Ask]
		if sheets[t.Sheet] == nil {
			sheets[t.Sheet] = xlsx.Cells{}
		}
		if a.known {
			v := tidyCell(a.in(t.Scale))
			sheets[t.Sheet][t.Cell], row["value"] = v, v
		} else {
			out.empty = append(out.empty, t.place())
		}
		out.rows = append(out.rows, row)
	}
	out.file, err = xlsx.FillBytes(book, sheets, bookLimits)
	return out, cellProblem(err)
}

// keepFilling stores the filled workbook and records the filling.
func (s *server) keepFilling(r *request, rec *domain.Record, to domain.Date) (domain.Ref, []string, error) {
	none := domain.Ref{}
	if !to.Valid() {
		return none, nil, badDate("to", clipped(string(to)))
	}
	title := text(rec.Fields["title"]) + " " + string(to)
	cmd := domain.Command{Kind: fillingKind, Action: "fill", Of: rec.Ref, Area: rec.Area, Actor: r.sight.Viewer.Actor}
	f, err := s.fillBook(r, rec, to)
	if err != nil {
		return none, nil, err
	}
	name := domain.CleanFileName(strings.TrimSuffix(title, ".xlsx")) + ".xlsx"
	file, err := s.Files.Take(r.Context(), s.uploader(r), name, int64(len(f.file)), bytes.NewReader(f.file))
	if err != nil {
		return none, nil, err
	}
	v, err := domain.ParseFile(file)
	if err == nil {
		err = s.Files.Claim(r.Context(), v)
	}
	if err != nil {
		return none, nil, err
	}
	cmd.Input = map[string]any{"title": title, "to": string(to), "read_at": f.at, "file": file, "cells": f.rows}
	done, err := s.Engine.Do(r.Context(), cmd)
	if err != nil {
		return none, nil, err
	}
	return done.Record.Ref, f.empty, nil
}

// tidyCell drops what binary fractions leave behind, so that 33.3 is 33.3 in the
// cell.
func tidyCell(v float64) float64 { return report.Tidy(v) }

func sortFillings(list []*domain.Record) {
	slices.SortStableFunc(list, func(a, b *domain.Record) int {
		return cmp.Or(cmp.Compare(text(b.Fields["to"]), text(a.Fields["to"])), cmp.Compare(b.Ref.ID, a.Ref.ID))
	})
}
