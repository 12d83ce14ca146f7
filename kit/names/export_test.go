package names

// BruteForce answers like Similar, or Same if blocking, by comparing with every
// name.
func (x *Index) BruteForce(q Query, limit int, blocking bool) ([]Match, error) {
	return x.find(q, limit, func(_ *scratch, _ *[1]uint32, visit func([]uint32)) {
		all := make([]uint32, len(x.entries))
		for i := range all {
			all[i] = uint32(i)
		}
		visit(all)
	}, blocking)
}
