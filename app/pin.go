package app

import (
	"context"
	"fmt"

	"github.com/goccy/go-yaml"

	"github.com/dinghai/dinghai/catalogue"
	"github.com/dinghai/dinghai/domain"
	"github.com/dinghai/dinghai/store"
)

// Kinds of pinned definition.
const (
	pinKind      = "kind"
	pinIndicator = "indicator"
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
	return a.pinIndicators(ctx, len(heads) > 0)
}

func (a *App) pinKinds(ctx context.Context) error {
	kept, err := a.pinned(ctx, pinKind)
	if err != nil {
		return err
	}
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
			if err := a.Store.Pin(ctx, store.Definition{Kind: pinKind, Name: k.Name, Version: k.Version, Content: content}); err != nil {
				return err
			}
		}
	}
	return nil
}

func (a *App) pinIndicators(ctx context.Context, used bool) (fresh []string, err error) {
	kept, err := a.pinned(ctx, pinIndicator)
	if err != nil {
		return nil, err
	}
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
		if err := a.Store.Pin(ctx, store.Definition{Kind: pinIndicator, Name: x.Indicator, Version: x.Version, Content: content}); err != nil {
			return nil, err
		}
	}
	return fresh, nil
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
