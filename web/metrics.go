package web

import (
	"context"
	"net"
	"net/http"
	"strconv"
	"time"

	"github.com/prometheus/client_golang/prometheus"
	"github.com/prometheus/client_golang/prometheus/promhttp"
)

// meter counts requests by route, never by address: a route says nothing about
// a person.
type meter struct {
	took    *prometheus.HistogramVec
	busy    prometheus.Gauge
	handler http.Handler
}

func newMeter(reg *prometheus.Registry) *meter {
	m := &meter{
		took: prometheus.NewHistogramVec(prometheus.HistogramOpts{Name: "dinghai_http_seconds", Help: "time to answer a request",
			Buckets: []float64{.001, .0025, .005, .01, .025, .05, .1, .25, .5, 1, 5}}, []string{"route", "code"}),
		busy: prometheus.NewGauge(prometheus.GaugeOpts{Name: "dinghai_http_busy", Help: "requests being answered"}),
	}
	reg.MustRegister(m.took, m.busy)
	m.handler = promhttp.HandlerFor(reg, promhttp.HandlerOpts{})
	return m
}

func (s *server) metered(routes *http.ServeMux, next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		_, route := routes.Handler(r)
		began := time.Now()
		s.meter.busy.Inc()
		c := &coded{ResponseWriter: w, code: http.StatusOK}
		next.ServeHTTP(c, r)
		s.meter.busy.Dec()
		s.meter.took.WithLabelValues(route, strconv.Itoa(c.code)).Observe(time.Since(began).Seconds())
	})
}

// coded remembers the status.
type coded struct {
	http.ResponseWriter
	code int
}

func (w *coded) WriteHeader(code int) {
	w.code = code
	w.ResponseWriter.WriteHeader(code)
}

// Unwrap lets http.ResponseController reach the connection.
func (w *coded) Unwrap() http.ResponseWriter { return w.ResponseWriter }

// metrics answers only the machine itself: what a bureau does when is nobody
// else's business.
func (s *server) metrics(w http.ResponseWriter, r *http.Request) {
	if !loopback(r.RemoteAddr) {
		http.NotFound(w, r)
		return
	}
	s.meter.handler.ServeHTTP(w, r)
}

// health reads the store once.
func (s *server) health(w http.ResponseWriter, r *http.Request) {
	ctx, cancel := context.WithTimeout(r.Context(), 2*time.Second)
	defer cancel()
	w.Header().Set("Cache-Control", "no-store")
	if _, err := s.read.Heads(ctx); err != nil {
		s.Log.Error("health", "error", err)
		http.Error(w, "store unavailable", http.StatusServiceUnavailable)
		return
	}
	_, _ = w.Write([]byte("ok\n")) // the reader has gone; nothing to tell anyone
}

func loopback(addr string) bool {
	host, _, err := net.SplitHostPort(addr)
	if err != nil {
		host = addr
	}
	ip := net.ParseIP(host)
	return ip != nil && ip.IsLoopback()
}
