package main

import (
	"context"
	"fmt"
	"time"

	"github.com/dinghai/dinghai/domain"
	"github.com/dinghai/dinghai/engine"
	"github.com/dinghai/dinghai/kit/ids"
)

const syllables = "海天舟潮汐帆港湾岛渔晨曦云霞星辰山川江河泽润泰和祥瑞丰盛昌隆恒久安宁福禄寿喜金玉珍宝兰桂松柏竹梅"

func brand(i int) string {
	r := []rune(syllables)
	return string([]rune{r[i%len(r)], r[(i/len(r)+7*i)%len(r)]})
}

var trades = []string{"海鲜面馆", "渔具店", "民宿", "船舶修造", "物流", "食品", "建材", "贸易"}

func entity(i int) domain.Command {
	return domain.Command{Kind: "mini.shop", Action: "load", Area: areas[i*len(areas)/1_000_003%len(areas)], Opening: true, Actor: domain.System("bench"),
		Input: map[string]any{"name": fmt.Sprintf("舟山市%s%s%s有限公司", brand(i), brand(i/97), trades[i%len(trades)]),
			"uscc": ids.NewUSCC("9", "1", "330902", uint64(i+1)), "address": fmt.Sprintf("解放路%d号", i%2000), "founded_on": "2019-05-01"}}
}

func importEntities(ctx context.Context, eng *engine.Engine, n int) error {
	const chunk = 2000
	cmds := make([]domain.Command, 0, chunk)
	for i := 0; i < n; i += chunk {
		cmds = cmds[:0]
		for k := i; k < min(i+chunk, n); k++ {
			cmds = append(cmds, entity(k))
		}
		for _, r := range eng.DoAll(ctx, cmds) {
			if r.Err != nil {
				return r.Err
			}
		}
	}
	return nil
}

// click is a person acting while the machine works.
func click(ctx context.Context, eng *engine.Engine, stop <-chan struct{}, out chan<- []time.Duration) {
	var lat []time.Duration
	for i := 0; ; i++ {
		select {
		case <-stop:
			out <- lat
			return
		case <-time.After(50 * time.Millisecond):
		}
		t := time.Now()
		if _, err := eng.Do(ctx, domain.Command{Kind: "mini.letter", Action: "receive", Area: areas[0], Actor: domain.System("person"),
			Input: map[string]any{"about": "退款"}}); err == nil {
			lat = append(lat, time.Since(t))
		}
	}
}
