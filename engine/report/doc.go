// Package report computes the bureau's work report from records: every stated
// figure beside what the rows say, the sentences that carry the figures, and
// what does not fit together.
//
// Three things meet here. A [Declared] list is what somebody states, loaded at
// run time. [Compute] asks the indicators and holds each answer against the
// statement. A [Template] is our own wording with marks for figures; filled, it
// is a [Document] that can be shown as Markdown, HTML or JSON. A published
// report is frozen and signed ([Sign]), so that later corrections change the
// next report and never this one.
//
// The other direction is [Check]: it reads a draft written by hand, finds its
// numbers and says which of them the records bear out.
package report
