package report

import "sort"

// assign decides which number means which figure: the best match first. A
// naming word serves one number only, and a number one figure, unless the text
// says that several share it ("both reach 100 %"). Two equally good figures
// leave the number open: no answer is better than a wrong one.
func (c *checker) assign() map[int][]*Figure {
	var all []candidate
	for i := range c.mentions {
		all = append(all, c.undoubted(i)...)
	}
	c.inOrder(all)
	sort.SliceStable(all, func(i, j int) bool { return all[i].score > all[j].score })
	got := map[int][]*Figure{}
	owner := map[[2]int]candidate{}
	for _, x := range all {
		if len(got[x.mention]) > 0 && !c.passages[x.mention].shared {
			continue
		}
		if by, taken := owner[x.word]; taken && !c.mayShare(by, x) {
			continue
		}
		owner[x.word] = x
		got[x.mention] = append(got[x.mention], x.figure)
	}
	return got
}

// mayShare: the numbers of one list stand behind the same words, and so do a
// count and what is said of all of it.
func (c *checker) mayShare(a, b candidate) bool {
	if a.mention == b.mention {
		return false
	}
	ma, mb := c.mentions[a.mention], c.mentions[b.mention]
	return ma.class == "all" || mb.class == "all" || ma.size > 1 && mb.size > 1 && a.figure != b.figure &&
		c.passages[a.mention].from == c.passages[b.mention].from
}

const tie = 0.01

// undoubted drops candidates of a number that are equally good. Where several
// figures share a number, each has its own naming word.
func (c *checker) undoubted(i int) []candidate {
	list := c.candidates(i)
	sort.SliceStable(list, func(a, b int) bool { return list[a].score > list[b].score })
	if c.passages[i].shared || c.passages[i].ordered || len(list) < 2 || list[0].score-list[1].score > tie {
		return list
	}
	return nil
}

// inOrder reads "一般隐患和严重隐患整改率分别为99%和99.5%": as many figures as
// numbers, in the order in which they were named.
func (c *checker) inOrder(all []candidate) {
	lists := map[int][]*candidate{}
	for i := range all {
		if p := c.passages[all[i].mention]; p.ordered {
			lists[p.from] = append(lists[p.from], &all[i])
		}
	}
	for _, list := range lists {
		named := namedOrder(list)
		for _, x := range list {
			m := c.mentions[x.mention]
			if len(named) == m.size && named[m.nth-1] == x.figure.ID {
				x.score += listBonus
			}
		}
	}
}

// namedOrder lists the figures of candidates by where the text names them.
func namedOrder(list []*candidate) []string {
	at := map[string][2]int{}
	var ids []string
	for _, x := range list {
		if _, ok := at[x.figure.ID]; !ok {
			ids = append(ids, x.figure.ID)
			at[x.figure.ID] = [2]int{x.topic, x.word[0]}
		}
	}
	sort.SliceStable(ids, func(i, j int) bool {
		a, b := at[ids[i]], at[ids[j]]
		return a[0] < b[0] || a[0] == b[0] && a[1] < b[1]
	})
	return ids
}
