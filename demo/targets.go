package demo

import (
	_ "embed"
	"fmt"
	"time"

	"github.com/goccy/go-yaml"

	"github.com/dinghai/dinghai/domain"
)

//go:embed zhoushan-2023.yaml
var zhoushan []byte

// Zhoushan2023 is the bureau the product comes with.
func Zhoushan2023() (*Targets, error) { return Read(zhoushan) }

// Targets are what the records of a bureau must add up to.
type Targets struct {
	Bureau struct {
		Area string `yaml:"area"`
		ZH   string `yaml:"zh"`
		EN   string `yaml:"en"`
	} `yaml:"bureau"`
	Opening domain.Date `yaml:"opening"` // the register is taken over
	Until   domain.Date `yaml:"until"`   // last day with records
	Clock   time.Time   `yaml:"clock"`   // when the demo itself begins
	Seed    uint64      `yaml:"seed"`
	Scale   float64     `yaml:"scale"`
	Targets []*Target   `yaml:"targets"`
}

// Target is one number a recipe must make true.
type Target struct {
	Recipe string  `yaml:"recipe"`
	Value  float64 `yaml:"value"`
	Step   float64 `yaml:"step"` // a rate, or a sum, is stated to this step
	Of     float64 `yaml:"of"`   // denominator, where no other target gives it
	Period struct {
		From domain.Date `yaml:"from"`
		To   domain.Date `yaml:"to"`
	} `yaml:"period"`
	Figure string `yaml:"figure"` // who states it; the generator does not look
	Cmp    string `yaml:"cmp"`    // how the statement is meant; likewise
}

// Read parses a targets file strictly.
func Read(b []byte) (*Targets, error) {
	t := &Targets{}
	if err := yaml.UnmarshalWithOptions(b, t, yaml.Strict()); err != nil {
		return nil, fmt.Errorf("targets: %w", err)
	}
	if t.Scale == 0 {
		t.Scale = 1
	}
	for i, x := range t.Targets {
		if x.Recipe == "" {
			return nil, fmt.Errorf("targets: entry %d names no recipe", i+1)
		}
		if x.Period.From == "" {
			x.Period.From = t.Opening
		}
		if x.Period.To == "" {
			x.Period.To = t.Until
		}
	}
	return t, t.valid()
}

func (t *Targets) valid() error {
	if !t.Opening.Valid() || !t.Until.Valid() || t.Opening >= t.Until || t.Clock.IsZero() {
		return fmt.Errorf("targets: opening, until and clock must be dates in this order")
	}
	if t.Scale < 0 {
		return fmt.Errorf("targets: scale %v is negative", t.Scale)
	}
	return nil
}

// with gives the targets under another seed or scale.
func (t *Targets) with(seed uint64, scale float64) *Targets {
	c := *t
	if seed != 0 {
		c.Seed = seed
	}
	if scale > 0 {
		c.Scale = scale
	}
	return &c
}
