package watch

import (
	"testing"

	"github.com/dinghai/dinghai/domain"
	"github.com/dinghai/dinghai/engine"
)

func TestMerge(t *testing.T) {
	task := func(id string, opened domain.Date) *domain.Record {
		return &domain.Record{Ref: domain.Ref{Home: 330902, ID: id}, Opened: opened}
	}
	tests := []struct {
		open []*domain.Record
		want any
	}{
		{nil, nil},
		{[]*domain.Record{task("b", "2023-05-02"), task("c", "2023-05-01"), task("a", "2023-05-02")}, "330902-c"},
		{[]*domain.Record{task("b", "2023-05-02"), task("a", "2023-05-02")}, "330902-a"},
	}
	for _, tt := range tests {
		out, err := merge(engine.HookInput{Pools: map[string][]*domain.Record{"open": tt.open}})
		if err != nil || out.Set["merged_into"] != tt.want {
			t.Errorf("got %v, %v, want %v", out.Set["merged_into"], err, tt.want)
		}
	}
}
