package demo

// recipes cook the parts of a bureau's life, the register first: everything
// else is about somebody in it.
var recipes = []struct {
	name string
	cook func(*gen)
}{
	{"registry", registry},
	{"markets", markets},
	{"metering", metering},
	{"hazards", hazards},
	{"makers", makers},
	{"prosecutions", prosecutions},
	{"complaints", complaints},
	{"sampling", sampling},
	{"risks", risks},
	{"restaurants", restaurants},
	{"reviews", reviews},
	{"visits", visits},
	{"patents", patents},
	{"inspections", inspections},
}
