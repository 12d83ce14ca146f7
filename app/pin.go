package app

import (
	"context"
	"encoding/json"
	"fmt"
	"maps"
	"slices"

	"github.com/goccy/go-yaml"

	"github.com/dinghai/dinghai/catalogue"
	"github.com/dinghai/dinghai/domain"
	"github.com/dinghai/dinghai/store"
)

// Kinds of pinned definition.
const (
	pinKind      = "kind"
	pinIndicator = "indicator"
	pinClock     = "clock"
)

// pin keeps the content of every definition in use beside the records, refuses
// other content under a used version, and brings earlier versions of processes
// back for the cases that are pinned to them. fresh reports indicators whose
// rows were never made: catalogue migrate makes them.
func (a *App) pin(ctx context.Context) (fresh []string, err error) {
	heads, err := a.Engine.Reader().Heads(ctx)
	if err != nil {
		return nil, err
	}
	if err := a.pinKinds(ctx); err != nil {
		return nil, err
	}
	if err := a.pinClocks(ctx); err != nil {
		return nil, err
	}
	return a.pinIndicators(ctx, len(heads) > 0)
}

func (a *App) pinKinds(ctx context.Context) error {
	kept, err := a.pinned(ctx, pinKind)
	if err != nil {
		return err
	}
	if err := a.missingKinds(ctx, kept); err != nil {
		return err
	}
	var fresh []store.Definition
	for _, k := range a.Catalogue.Ordered() {
		content := string(a.Catalogue.Content(k))
		for v, old := range kept[k.Name] {
			if v == k.Version && old != content {
				return changed(k.File, k.Name, v)
			}
			if v != k.Version {
				if err := a.Catalogue.AddVersion(k.Name, []byte(old)); err != nil {
					return err
				}
			}
		}
		if kept[k.Name][k.Version] == "" {
			fresh = append(fresh, store.Definition{Kind: pinKind, Name: k.Name, Version: k.Version, Content: content})
		}
	}
	return a.keepPins(ctx, fresh)
}

// missingKinds refuses a catalogue that has lost the kind of existing records.
func (a *App) missingKinds(ctx context.Context, kept map[string]map[int]string) error {
	for _, name := range slices.Sorted(maps.Keys(kept)) {
		if a.Catalogue.Kinds[name] != nil {
			continue
		}
		n, err := a.Engine.Reader().Count(ctx, domain.ListQuery{Kind: name, Voided: true})
		if err != nil {
			return err
		}
		if n > 0 {
			return fmt.Errorf("the catalogue has no kind %s, but there are %d records of it; start with the catalogue folder that defines it (--catalogue DIR)", name, n)
		}
	}
	return nil
}

// pinClocks does the same for the versions of clock rules: due dates rest on
// them.
func (a *App) pinClocks(ctx context.Context) error {
	kept, err := a.pinned(ctx, pinClock)
	if err != nil {
		return err
	}
	var fresh []store.Definition
	for _, r := range a.Catalogue.ClockList() {
		for _, v := range r.Rules {
			content, err := ruleContent(r, v)
			if err != nil {
				return err
			}
			switch old := kept[r.Clock][v.Version]; {
			case old == "":
				fresh = append(fresh, store.Definition{Kind: pinClock, Name: r.Clock, Version: v.Version, Content: content})
			case old != content:
				return changed(r.File, "clock "+r.Clock, v.Version)
			}
		}
	}
	return a.keepPins(ctx, fresh)
}

// ruleContent is what a version of a clock rule decides. When it ends is left
// out: the next version says so.
func ruleContent(r *catalogue.ClockRule, v *catalogue.RuleVersion) (string, error) {
	b, err := json.Marshal(map[string]any{"from": v.From, "n": v.N, "unit": v.Unit, "back": v.Back, "no_roll": v.NoRoll, "window": v.Window, "by": v.By,
		"extend": r.ExtendOf(v.Version), "pause": r.PausesOf(v.Version)})
	return string(b), err
}

func (a *App) keepPins(ctx context.Context, fresh []store.Definition) error {
	if len(fresh) == 0 {
		return nil
	}
	return a.Store.Pin(ctx, fresh...)
}

func (a *App) pinIndicators(ctx context.Context, used bool) (fresh []string, err error) {
	kept, err := a.pinned(ctx, pinIndicator)
	if err != nil {
		return nil, err
	}
	var pins []store.Definition
	for _, x := range a.Catalogue.IndicatorList() {
		content, err := definition(x)
		if err != nil {
			return nil, err
		}
		switch old := kept[x.Indicator][x.Version]; {
		case old == content:
			continue
		case old != "":
			return nil, changed(x.File, x.Indicator, x.Version)
		case used:
			fresh = append(fresh, x.Indicator)
			continue
		}
		pins = append(pins, store.Definition{Kind: pinIndicator, Name: x.Indicator, Version: x.Version, Content: content})
	}
	return fresh, a.keepPins(ctx, pins)
}

// definition is what an indicator computes: its wordings may change freely.
func definition(x *catalogue.Indicator) (string, error) {
	d := *x
	d.Phrases, d.Label, d.About = catalogue.Phrases{}, domain.Text{}, domain.Text{}
	b, err := yaml.Marshal(&d)
	return string(b), err
}

func (a *App) pinned(ctx context.Context, kind string) (map[string]map[int]string, error) {
	list, err := a.Store.Pinned(ctx, kind)
	if err != nil {
		return nil, err
	}
	m := map[string]map[int]string{}
	for _, d := range list {
		if m[d.Name] == nil {
			m[d.Name] = map[int]string{}
		}
		m[d.Name][d.Version] = d.Content
	}
	return m, nil
}

func changed(file, name string, version int) error {
	return fmt.Errorf("%s: %s version %d is in use with other content; give the changed one version %d (a demo: remove its folder and make it again)", file, name, version, version+1)
}
