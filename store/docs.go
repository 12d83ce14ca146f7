package store

import (
	"github.com/dinghai/dinghai/domain"
	"github.com/dinghai/dinghai/kit/bigram"
	"github.com/dinghai/dinghai/store/codec"
)

// Docs are the documents and words of a write set's rows, in the order of the
// rows. Making them is a third of the work and needs no database, so it is done
// beside the writer where one can, see Prepare.
type Docs struct {
	events, outbox, records, clocks, tasks []string

	folded []string // of each record's text
	Words  []string // of each record, as the engine's text index takes them
}

// MakeDocs writes the documents; words cuts a record's folded text.
func MakeDocs(ws *domain.WriteSet, words func(r *domain.RecordRow, folded string) string) *Docs {
	d := &Docs{
		events:  docsOf(ws.Events, func(e *domain.Event) string { return codec.String(&e.Changes) }),
		outbox:  docsOf(ws.Outbox, func(o *domain.OutboxRow) string { return codec.String(&o.Out) }),
		records: docsOf(ws.Records, func(r *domain.RecordRow) string { return codec.String(r.Record) }),
		clocks:  docsOf(ws.Clocks, func(c *domain.ClockRow) string { return codec.String(&c.Clock) }),
		tasks:   docsOf(ws.Tasks, func(t *domain.TaskRow) string { return codec.String(&t.Task) }),
		folded:  docsOf(ws.Records, func(r *domain.RecordRow) string { return bigram.Fold(r.Text) }),
		Words:   make([]string, len(ws.Records)),
	}
	for i := range ws.Records {
		d.Words[i] = words(&ws.Records[i], d.folded[i])
	}
	return d
}

func docsOf[T any](list []T, doc func(*T) string) []string {
	out := make([]string, len(list))
	for i := range list {
		out[i] = doc(&list[i])
	}
	return out
}
