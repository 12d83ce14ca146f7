package catalogue

import "fmt"

// AddVersion makes an earlier version of a kind known, from the content that
// was kept when it was in use: cases opened under it go on under it.
func (c *Catalogue) AddVersion(name string, content []byte) error {
	cur := c.Kinds[name]
	if cur == nil {
		return fmt.Errorf("kind %s is no longer in the catalogue, but records of it exist", name)
	}
	k := &Kind{}
	if bad := strict(cur.File+" (kept)", content, k); len(bad) > 0 {
		return &Problems{bad}
	}
	k.System, k.Name, k.File, k.Class = cur.System, name, fmt.Sprintf("%s (version %d)", cur.File, k.Version), cur.Class
	k.Hash = contentHash(content)
	k.schema = fmt.Sprintf("%s@%d", name, k.Version)
	c.index(k)
	c.define(k)
	c.prepare(k)
	if len(c.problems.List) > 0 {
		return c.problems
	}
	if c.versions[name] == nil {
		c.versions[name] = map[int]*Kind{}
	}
	c.versions[name][k.Version] = k
	return nil
}

// KindAt gives the version of a kind a case is pinned to; the current one when
// that is it, or when nothing else is known.
func (c *Catalogue) KindAt(name string, version int) *Kind {
	if k := c.versions[name][version]; k != nil {
		return k
	}
	return c.Kinds[name]
}

// Content is the file a kind was read from.
func (c *Catalogue) Content(k *Kind) []byte { return c.files[k.File] }
