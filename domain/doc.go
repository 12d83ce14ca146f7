// Package domain holds the words of Dinghai as plain types: records (subjects
// and cases), the events that changed them, the clocks that bind them and the
// commands people send. It does no I/O and knows neither catalogue nor store.
package domain
