package pdf

import (
	"fmt"

	"github.com/dinghai/dinghai/kit/typeset"
)

// node is an entry of the outline with its place in the tree, as indices into
// the list of bookmarks; -1 is none, or the root.
type node struct{ parent, prev, next, first, last, open int }

// outline writes bookmarks as a tree and returns the root's object, or 0. An
// entry goes under the last one before it with a lower level.
func (f *file) outline(marks []typeset.Bookmark) int {
	if len(marks) == 0 {
		return 0
	}
	root := f.reserve(1 + len(marks))
	ref := func(key string, i int) string {
		if i < 0 {
			return ""
		}
		return fmt.Sprintf("/%s %d 0 R", key, root+1+i)
	}
	nodes, top := grow(marks)
	for i, m := range marks {
		n := nodes[i]
		parent := root
		if n.parent >= 0 {
			parent = root + 1 + n.parent
		}
		count := ""
		if n.open > 0 {
			count = fmt.Sprintf("/Count %d", n.open)
		}
		page := &f.doc.Pages[m.Page]
		f.object(root+1+i, fmt.Sprintf("<</Title%s/Parent %d 0 R%s%s%s%s%s/Dest[%d 0 R/XYZ 0 %s null]>>",
			text(m.Title), parent, ref("Prev", n.prev), ref("Next", n.next), ref("First", n.first), ref("Last", n.last),
			count, firstPage+2*m.Page, number(nil, int64(page.Height-m.Y))))
	}
	f.object(root, fmt.Sprintf("<</Type/Outlines%s%s/Count %d>>", ref("First", top.first), ref("Last", top.last), len(marks)))
	return root
}

func grow(marks []typeset.Bookmark) (nodes []node, top node) {
	nodes = make([]node, len(marks))
	top = node{-1, -1, -1, -1, -1, 0}
	at := func(i int) *node {
		if i < 0 {
			return &top
		}
		return &nodes[i]
	}
	var path []int // from the root to the last entry
	for i, m := range marks {
		for len(path) > 0 && marks[path[len(path)-1]].Level >= m.Level {
			path = path[:len(path)-1]
		}
		nodes[i] = node{-1, -1, -1, -1, -1, 0}
		n, parent := &nodes[i], -1
		if len(path) > 0 {
			parent = path[len(path)-1]
		}
		n.parent, n.prev = parent, at(parent).last
		if n.prev >= 0 {
			nodes[n.prev].next = i
		} else {
			at(parent).first = i
		}
		at(parent).last = i
		for _, above := range path {
			nodes[above].open++
		}
		path = append(path, i)
	}
	return nodes, top
}
