package catalogue

// problem notes a mistake at a YAML path ("$.actions[3].to"; "" = the file).
// The line is looked up only now: mistakes are rare.
func (c *Catalogue) problem(file, at, text string) {
	c.problems.List = append(c.problems.List, Problem{File: file, Line: c.lineOf(file, at), Text: text})
}
