package jobs_test

import (
	"context"
	"errors"
	"testing"

	"github.com/dinghai/dinghai/jobs"
)

type notes map[string]string

func (n notes) Meta(_ context.Context, name string) (string, error) { return n[name], nil }
func (n notes) SetMeta(_ context.Context, name, value string) error {
	n[name] = value
	return nil
}

// TestRunsAreRemembered: what was done and what failed outlives the process;
// runs that did nothing are not written down each time.
func TestRunsAreRemembered(t *testing.T) {
	kept := notes{}
	does := func(n int, err error) func(context.Context) (int, error) {
		return func(context.Context) (int, error) { return n, err }
	}
	r := &jobs.Runs{Notes: kept}
	_ = r.Do(t.Context(), jobs.RunOutbox, does(3, nil))
	if err := r.Do(t.Context(), jobs.RunOutbox, does(0, errors.New("disk full"))); err == nil {
		t.Error("the failure is swallowed")
	}
	again := &jobs.Runs{Notes: kept}
	run, err := again.Last(t.Context(), jobs.RunOutbox)
	if err != nil || run.Error != "disk full" || run.Done != 3 || run.Failed.IsZero() || run.DoneAt.IsZero() {
		t.Errorf("remembered %+v %v", run, err)
	}
	_ = again.Do(t.Context(), jobs.RunOutbox, does(0, nil))
	written := kept["job.outbox"]
	_ = again.Do(t.Context(), jobs.RunOutbox, does(0, nil))
	if kept["job.outbox"] != written {
		t.Error("an idle run is written down")
	}
	if run, _ := again.Last(t.Context(), jobs.RunOutbox); run.Error != "" || run.Failed.IsZero() {
		t.Errorf("well again: %+v", run)
	}
	if again.Asked(jobs.RunDue) {
		t.Error("asked by nobody")
	}
	again.Ask(jobs.RunDue)
	if !again.Asked(jobs.RunDue) || again.Asked(jobs.RunDue) {
		t.Error("asked once, runs once")
	}
}
