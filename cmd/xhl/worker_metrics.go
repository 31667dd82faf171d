package main

import (
	"context"
	"errors"
	"log/slog"
	"net/http"
	"path/filepath"
	"sync"
	"sync/atomic"
	"time"

	"github.com/prometheus/client_golang/prometheus"

	"paye/app/batch"
	"paye/internal/jobs"
	"paye/internal/server"
	"paye/payslip"
	"paye/web/metrics"
)

// workerMetrics are what a worker counts, and what it sees of the queue.
type workerMetrics struct {
	all       *metrics.Metrics
	attempts  *prometheus.CounterVec
	seconds   *prometheus.HistogramVec
	bulletins prometheus.Counter
	volumes   prometheus.Counter
	octets    prometheus.Counter
	fit       atomic.Bool
}

func newWorkerMetrics(q *jobs.Queue) *workerMetrics {
	m := &workerMetrics{
		all:       metrics.New(),
		attempts:  prometheus.NewCounterVec(prometheus.CounterOpts{Name: "xhl_worker_attempts_total", Help: "Attempts at jobs, by how they ended."}, []string{"step", "etat"}),
		seconds:   prometheus.NewHistogramVec(prometheus.HistogramOpts{Name: "xhl_worker_attempt_seconds", Help: "Time of an attempt.", Buckets: []float64{.01, .05, .2, 1, 5, 30, 120, 600}}, []string{"step"}),
		bulletins: prometheus.NewCounter(prometheus.CounterOpts{Name: "xhl_worker_bulletins_total", Help: "Bulletins delivered."}),
		volumes:   prometheus.NewCounter(prometheus.CounterOpts{Name: "xhl_worker_volumes_total", Help: "Volumes delivered."}),
		octets:    prometheus.NewCounter(prometheus.CounterOpts{Name: "xhl_worker_volume_bytes_total", Help: "Bytes of the volumes delivered."}),
	}
	m.all.Register(m.attempts, m.seconds, m.bulletins, m.volumes, m.octets, queueCollector{q})
	return m
}

// ended counts an attempt.
func (m *workerMetrics) ended(s batch.Step, o *batch.Outcome) {
	m.attempts.WithLabelValues(string(s), string(o.Etat)).Inc()
	m.seconds.WithLabelValues(string(s)).Observe(float64(o.Millis) / 1000)
	if s == batch.StepBuild && o.Etat == batch.Done {
		m.bulletins.Add(float64(o.Bulletins))
		m.volumes.Add(float64(o.Volumes))
		m.octets.Add(float64(o.Octets))
	}
}

func (m *workerMetrics) setFit(fit bool) { m.fit.Store(fit) }

// handler answers who watches over the worker: it is ready while it takes jobs
// and the database answers.
func (m *workerMetrics) handler(lots *batch.Lots) http.Handler {
	return m.all.Handler(
		server.Probe{Nom: "travail", Etat: func(context.Context) error {
			if !m.fit.Load() {
				return errors.New("no jobs are taken")
			}
			return nil
		}},
		server.Probe{Nom: "base", Etat: func(ctx context.Context) error { return lots.L.Pool().PingContext(ctx) }})
}

// queueCollector asks the queue when somebody looks.
type queueCollector struct{ q *jobs.Queue }

var (
	jobsDesc = prometheus.NewDesc("xhl_jobs", "Jobs that are still to end, and those that were given up.", []string{"state", "step"}, nil)
	ageDesc  = prometheus.NewDesc("xhl_jobs_oldest_seconds", "Age of the oldest job in its state.", []string{"state", "step"}, nil)
)

func (c queueCollector) Describe(ch chan<- *prometheus.Desc) {
	ch <- jobsDesc
	ch <- ageDesc
}

func (c queueCollector) Collect(ch chan<- prometheus.Metric) {
	ctx, cancel := context.WithTimeout(context.Background(), 5*time.Second)
	defer cancel()
	counts, err := c.q.Counts(ctx)
	if err != nil { // /readyz says that the database is away
		return
	}
	for _, n := range counts {
		ch <- prometheus.MustNewConstMetric(jobsDesc, prometheus.GaugeValue, float64(n.N), n.State, n.Step)
		ch <- prometheus.MustNewConstMetric(ageDesc, prometheus.GaugeValue, n.Oldest.Seconds(), n.State, n.Step)
	}
}

// looks gives the renderers of tasks, made once for each look: the logo of a path may
// become another one.
func (p *program) looks() func(*batch.Task) (*payslip.Renderer, error) {
	type look struct{ color, logo string }
	var mu sync.Mutex
	made := make(map[look]*payslip.Renderer)
	return func(t *batch.Task) (*payslip.Renderer, error) {
		o := payslip.Options{Couleur: firstOf(t.Couleur, payslip.CouleurDefaut)}
		if t.Logo != "" {
			var err error
			if o.Logo, err = readLogo(filepath.Clean(t.Logo)); err != nil {
				return nil, err
			}
		}
		mu.Lock()
		defer mu.Unlock()
		key := look{o.Couleur, string(o.Logo)}
		if r := made[key]; r != nil {
			return r, nil
		}
		r, err := payslip.New(o)
		if err == nil {
			made[key] = r
		}
		return r, err
	}
}

// quieter keeps what the queue itself says to what goes wrong.
func quieter(log *slog.Logger) *slog.Logger { return slog.New(warnings{log.Handler()}) }

type warnings struct{ slog.Handler }

func (w warnings) Enabled(ctx context.Context, l slog.Level) bool {
	return l >= slog.LevelWarn && w.Handler.Enabled(ctx, l)
}

func (w warnings) WithAttrs(a []slog.Attr) slog.Handler { return warnings{w.Handler.WithAttrs(a)} }

func (w warnings) WithGroup(name string) slog.Handler { return warnings{w.Handler.WithGroup(name)} }
