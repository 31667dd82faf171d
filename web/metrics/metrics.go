// Package metrics counts what a server answers, for Prometheus, on a listener of
// its own: /metrics, /healthz (the process answers) and /readyz (its components
// work).
//
// Labels are the route that answered, the method and the class of the status.
// Nothing of anybody is in a label: no path, no account, no address.
package metrics

import (
	"context"
	"net/http"
	"strconv"
	"time"

	"github.com/prometheus/client_golang/prometheus"
	"github.com/prometheus/client_golang/prometheus/collectors"
	"github.com/prometheus/client_golang/prometheus/promhttp"

	"paye/internal/server"
)

// Metrics are the counters of one server.
type Metrics struct {
	registry *prometheus.Registry
	requests *prometheus.CounterVec
	seconds  *prometheus.HistogramVec
	under    prometheus.Gauge
}

// New makes the counters.
func New() *Metrics {
	m := &Metrics{
		registry: prometheus.NewRegistry(),
		requests: prometheus.NewCounterVec(prometheus.CounterOpts{Name: "xhl_http_requests_total", Help: "Requests answered."}, []string{"route", "method", "class"}),
		seconds:  prometheus.NewHistogramVec(prometheus.HistogramOpts{Name: "xhl_http_request_seconds", Help: "Time until the answer was written.", Buckets: []float64{.005, .02, .05, .1, .5, 1, 5, 30, 120}}, []string{"route"}),
		under:    prometheus.NewGauge(prometheus.GaugeOpts{Name: "xhl_http_requests_under_way", Help: "Requests under way."}),
	}
	m.registry.MustRegister(m.requests, m.seconds, m.under, collectors.NewGoCollector(), collectors.NewProcessCollector(collectors.ProcessCollectorOpts{}))
	return m
}

// Register adds what else is counted.
func (m *Metrics) Register(list ...prometheus.Collector) { m.registry.MustRegister(list...) }

// seen is an answer that knows its status.
type seen struct {
	http.ResponseWriter
	status int
}

// Unwrap lets http.ResponseController through.
func (s *seen) Unwrap() http.ResponseWriter { return s.ResponseWriter }

func (s *seen) WriteHeader(status int) {
	if s.status == 0 && status >= 200 {
		s.status = status
	}
	s.ResponseWriter.WriteHeader(status)
}

// Around counts what a handler answers. The request itself is handed on: the
// route is found in it afterwards.
func (m *Metrics) Around(h http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		start, out := time.Now(), &seen{ResponseWriter: w}
		m.under.Inc()
		defer func() {
			m.under.Dec()
			route, status := r.Pattern, out.status
			if route == "" {
				route = "-"
			}
			if status == 0 {
				status = http.StatusOK
			}
			m.requests.WithLabelValues(route, method(r.Method), strconv.Itoa(status/100)+"xx").Inc()
			m.seconds.WithLabelValues(route).Observe(time.Since(start).Seconds())
		}()
		h.ServeHTTP(out, r)
	})
}

// method keeps made-up methods from becoming labels.
func method(m string) string {
	switch m {
	case http.MethodGet, http.MethodPost, http.MethodPut, http.MethodDelete, http.MethodHead:
		return m
	}
	return "other"
}

// Handler answers who watches over the server.
func (m *Metrics) Handler(probes ...server.Probe) http.Handler {
	mux := http.NewServeMux()
	mux.Handle("GET /metrics", promhttp.HandlerFor(m.registry, promhttp.HandlerOpts{}))
	mux.HandleFunc("GET /healthz", func(w http.ResponseWriter, _ *http.Request) { w.Write([]byte("ok\n")) })
	mux.HandleFunc("GET /readyz", func(w http.ResponseWriter, r *http.Request) {
		ctx, cancel := context.WithTimeout(r.Context(), 5*time.Second)
		defer cancel()
		for _, p := range probes {
			if err := p.Etat(ctx); err != nil {
				http.Error(w, p.Nom, http.StatusServiceUnavailable)
				return
			}
		}
		w.Write([]byte("ok\n"))
	})
	return mux
}
