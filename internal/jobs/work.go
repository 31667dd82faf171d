package jobs

import (
	"bytes"
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"sync"
	"time"

	"github.com/riverqueue/river"
	"github.com/riverqueue/river/riverdriver/riverdatabasesql"
	"github.com/riverqueue/river/rivertype"
)

// Handler works on a job. It returns nil after it completed the job, a Refused
// for a fault of the data, an Unfit, the error of its context, or the fault of
// a machine, after which another attempt is made.
type Handler func(ctx context.Context, j *Job) error

// Options are how a process works.
type Options struct {
	Queues map[string]int // how many jobs of each queue at once
	Grace  time.Duration  // that jobs have to end when the process must; 20 s when 0
	Log    *slog.Logger
	// Poll asks the database for news instead of listening to it; a pooler of
	// transactions in between is noticed without it.
	Poll bool
	// Pause is how long an unfit machine waits before it looks at itself again;
	// 5 s when 0.
	Pause time.Duration
	// Fit is told whether the process takes jobs, each time that this changes;
	// may be nil.
	Fit func(bool)
}

const (
	// rescue is when the leader begins to look at a job that runs; each job's
	// own time decides.
	rescue = 10 * time.Second
	// cooldown is between two requests for jobs: small ones end every few
	// milliseconds, and a worker has others in hand meanwhile.
	cooldown = 50 * time.Millisecond
)

// Work takes jobs until ctx ends, then lets those in hand end within the grace;
// the others go back to the queue, their attempt with them.
func (q *Queue) Work(ctx context.Context, o Options, h Handler) error {
	if o.Grace <= 0 {
		o.Grace = 20 * time.Second
	}
	if o.Pause <= 0 {
		o.Pause = 5 * time.Second
	}
	if o.Fit == nil {
		o.Fit = func(bool) {}
	}
	if !o.Poll {
		hears, err := q.hears(ctx)
		if err != nil {
			return err
		}
		if o.Poll = !hears; o.Poll {
			o.Log.Info("the database tells no news: it is asked every second")
		}
	}
	d := riverdatabasesql.New(q.l.Pool())
	if !o.Poll {
		pool, err := q.listener(ctx)
		if err != nil {
			return err
		}
		defer pool.Close()
		d = riverdatabasesql.NewWithPgxListener(q.l.Pool(), pool)
	}
	q.l.Pool().SetMaxOpenConns(connections)
	q.l.Pool().SetMaxIdleConns(connections)
	for {
		w := &worker{q: q, h: h, unfit: make(chan Unfit, 1)}
		if err := w.shift(ctx, d, o); err != nil || ctx.Err() != nil {
			return err
		}
		if err := w.recover(ctx, o); err != nil {
			return nil // the process ends
		}
	}
}

// connections of a process at most: the jobs ask little, and what they write goes
// through one that they share. Each costs the server a process, and the planning of
// all that is asked.
const connections = 4

// worker is River's for our jobs.
type worker struct {
	river.WorkerDefaults[Args]
	q *Queue
	h Handler

	once  sync.Once
	unfit chan Unfit
	alone sync.Mutex // of the suspect that is at work
}

// suspect reports whether a job may have killed its worker: two died, or stood
// still, with it in hand, or one did and few attempts are left. Of one death most
// jobs are innocent, and a machine that was switched off is the usual reason.
func suspect(job *rivertype.JobRow) bool {
	var m struct {
		Rescued int `json:"river:rescue_count"`
	}
	if !bytes.Contains(job.Metadata, []byte(`"river:rescue_count"`)) || json.Unmarshal(job.Metadata, &m) != nil {
		return false
	}
	return m.Rescued > 1 || m.Rescued == 1 && job.MaxAttempts-job.Attempt < 3
}

// shift works until ctx ends or the machine is unfit.
func (w *worker) shift(ctx context.Context, d *driver, o Options) error {
	workers := river.NewWorkers()
	if err := river.AddWorkerSafely(workers, w); err != nil {
		return fmt.Errorf("start to work: %w", err)
	}
	queues := make(map[string]river.QueueConfig, len(o.Queues))
	for name, n := range o.Queues {
		queues[name] = river.QueueConfig{MaxWorkers: n}
	}
	client, err := river.NewClient(d, &river.Config{
		Queues: queues, Workers: workers, Logger: o.Log, PollOnly: o.Poll, FetchCooldown: cooldown,
		JobTimeout: rescue - time.Second, RescueStuckJobsAfter: rescue, SoftStopTimeout: o.Grace, MaxAttempts: attempts,
	})
	if err != nil {
		return fmt.Errorf("start to work: %w", err)
	}
	on, stop := context.WithCancel(ctx)
	defer stop()
	if err := client.Start(on); err != nil {
		return fmt.Errorf("start to work: %w", err)
	}
	o.Fit(true)
	defer o.Fit(false)
	select {
	case u := <-w.unfit:
		o.Log.Error("this machine cannot work: it takes no job", "fault", u.Error())
		w.unfit <- u
	case <-ctx.Done():
	}
	stop()
	<-client.Stopped()
	return nil
}

// recover waits until the machine is fit again.
func (w *worker) recover(ctx context.Context, o Options) error {
	u := <-w.unfit
	tick := time.NewTicker(o.Pause)
	defer tick.Stop()
	for {
		select {
		case <-ctx.Done():
			return ctx.Err()
		case <-tick.C:
			if u.Probe() == nil {
				o.Log.Info("this machine can work again")
				return nil
			}
		}
	}
}

// sentBack waits until the queue knows of the other suspects of a worker that they
// were sent back, which takes River a moment.
func (q *Queue) sentBack(ctx context.Context, job *rivertype.JobRow) error {
	tick := time.NewTicker(300 * time.Millisecond)
	defer tick.Stop()
	for {
		select {
		case <-tick.C:
		case <-ctx.Done():
			return ctx.Err()
		}
		var n int
		err := q.l.DB().QueryRowContext(ctx, `select count(*) from river_job where state = 'running' and id <> $1
			and attempted_by[array_length(attempted_by, 1)] = $2 and metadata ? 'river:rescue_count'`, job.ID, job.AttemptedBy[len(job.AttemptedBy)-1]).Scan(&n)
		if err != nil {
			return fmt.Errorf("look for the jobs of this worker: %w", err)
		}
		if n == 0 {
			return nil
		}
	}
}

// Timeout is when the queue may give the job to another worker.
func (w *worker) Timeout(job *river.Job[Args]) time.Duration {
	return job.Args.limit() + job.Args.grace()
}

// Work works on a job, and tells River in its words what became of it.
func (w *worker) Work(ctx context.Context, job *river.Job[Args]) error {
	// The job that kills its workers would take with it, time after time, those
	// that were in hand beside it. One suspect at a time: the others lose two
	// attempts to it, or one where there are few.
	if suspect(job.JobRow) {
		if !w.alone.TryLock() {
			return river.JobSnooze(2 * time.Second) // while the one at work waits, and then does its worst
		}
		defer w.alone.Unlock()
		if err := w.q.sentBack(ctx, job.JobRow); err != nil {
			return cmp.Or(ctx.Err(), Fault(err))
		}
	}
	limited, cancel := context.WithTimeoutCause(ctx, job.Args.limit(), ErrTime)
	defer cancel()
	j := &Job{Args: job.Args, ID: job.ID, Attempt: job.Attempt, Last: job.Attempt >= job.MaxAttempts, q: w.q}
	err := w.h(limited, j)
	var refused Refused
	var unfit Unfit
	switch {
	case err == nil, errors.Is(err, ErrLost):
		return nil // of a job that was given up, nothing changes
	case ctx.Err() != nil && !Cancelled(ctx) && !errors.Is(err, ErrTime):
		return ctx.Err() // goes back to the queue
	case errors.As(err, &refused):
		return river.JobCancel(refused)
	case errors.As(err, &unfit):
		w.once.Do(func() { w.unfit <- unfit })
		return river.JobSnooze(time.Second)
	}
	return Fault(err)
}
