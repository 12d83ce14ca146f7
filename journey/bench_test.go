package journey_test

import (
	"fmt"
	"testing"

	"github.com/dinghai/dinghai/domain"
	"github.com/dinghai/dinghai/journey"
	"github.com/dinghai/dinghai/journey/journeytest"
	"github.com/dinghai/dinghai/kit/ids"
)

// BenchmarkLoad drives opening-balance commands through the whole door.
func BenchmarkLoad(b *testing.B) {
	cat := trial(b)
	r := journeytest.New(b, journeytest.Options{Catalogue: cat})
	t, _ := journey.Start(&journey.Journey{Now: "2023-01-02T09:00"})
	r.Clock.Set(t)
	actor := domain.Actor{ID: "import", Grants: []domain.Grant{{Role: "importer"}}}
	b.ReportAllocs()
	b.ResetTimer()
	const group = 1000
	for i := 0; i < b.N; i += group {
		cmds := make([]domain.Command, 0, group)
		for n := i; n < min(i+group, b.N); n++ {
			cmds = append(cmds, domain.Command{Kind: "mini.shop", Action: "load", Area: "330902002", Actor: actor, Opening: true,
				Input: map[string]any{"name": fmt.Sprintf("舟山市定海区东海%d号海鲜面馆", n), "uscc": ids.NewUSCC("9", "1", "330902", uint64(n+1)),
					"address": fmt.Sprintf("昌国街道解放路%d号", n), "founded_on": "2019-05-01"}})
		}
		for _, x := range r.Engine.DoAll(b.Context(), cmds) {
			if x.Err != nil {
				b.Fatal(x.Err)
			}
		}
	}
	b.ReportMetric(float64(b.N)/b.Elapsed().Seconds(), "records/s")
}
