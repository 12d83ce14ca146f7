// Package web is the pages: what the bureau has, one page per record, figures
// with the rows behind them, the report, the catalogue and the draft checker.
// Pages only read; whatever changes a record goes through the engine.
//
// Handlers of this package gather what a page shows into the plain types of
// web/view, whose templates turn it into HTML. Everything works without
// JavaScript; scripts only make it quicker.
package web
