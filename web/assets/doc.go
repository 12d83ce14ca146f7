// Package assets holds the files the browser loads: vendored style and script
// libraries as their makers published them, and our own. All are embedded, so
// the product needs no outside address, and named by content, so browsers keep
// them for a year.
package assets
