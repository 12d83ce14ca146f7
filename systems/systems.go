// Package systems is the one list of everything the bureau does. A folder that
// holds only data needs no line here; a system with Go of its own adds one to
// Modules.
package systems

import "embed"

// Files is the catalogue that ships with the product.
//
//go:embed */*
var Files embed.FS
