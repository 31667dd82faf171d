package jobs

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"syscall"

	"github.com/jackc/pgx/v5/pgconn"
	"github.com/riverqueue/river/rivertype"

	"paye/internal/anomalie"
	"paye/internal/ledger"
)

// Job is one attempt at a job.
type Job struct {
	Args
	ID      int64
	Attempt int
	Last    bool // no other attempt follows a fault

	q *Queue
}

// ErrLost says that nobody wants the job to be done any more: it was cancelled,
// or the queue gave it up.
var ErrLost = errors.New("the job was given up")

// Wanted returns ErrLost when the job was given up meanwhile.
func (j *Job) Wanted(ctx context.Context) error {
	return j.q.wanted(ctx, j.q.l.DB(), []int64{j.ID})
}

// wanted returns ErrLost when a job was given up.
func (q *Queue) wanted(ctx context.Context, db ledger.DB, ids []int64) error {
	var n int
	err := db.QueryRowContext(ctx, `select count(*) from river_job where id = any($1) and state not in ('cancelled', 'discarded')`, ids).Scan(&n)
	if err != nil {
		return fmt.Errorf("look for %d jobs: %w", len(ids), err)
	}
	if n < len(ids) {
		return ErrLost
	}
	return nil
}

// Complete ends jobs in a transaction of the ledger, which must be rolled back when
// it fails: with ErrLost, when one of them was given up.
//
// A job that was taken from this worker, and waits or is in other hands, ends where
// those find its work done, as far as it does not run now; one that another worker
// completed is left alone. The transaction must therefore stand being made twice.
// What is written is what River writes; asked for it, it would read each row.
func (q *Queue) Complete(ctx context.Context, tx ledger.Tx, list []*Job) error {
	ids := make([]int64, len(list))
	for i, j := range list {
		ids[i] = j.ID
	}
	done, err := tx.ExecContext(ctx, `update river_job set state = 'completed', finalized_at = clock_timestamp() where id = any($1) and state = 'running'`, ids)
	if err != nil {
		return fmt.Errorf("complete %d jobs: %w", len(ids), err)
	}
	n, err := done.RowsAffected()
	if err != nil {
		return fmt.Errorf("complete %d jobs: %w", len(ids), err)
	}
	if int(n) == len(ids) {
		return nil
	}
	return q.wanted(ctx, tx, ids)
}

// Cancelled reports whether ctx, which a worker was given, ended because
// somebody cancelled the job.
func Cancelled(ctx context.Context) bool {
	return errors.Is(context.Cause(ctx), rivertype.ErrJobCancelledRemotely)
}

// ErrTime is the cause of the end of a context whose job took too long.
var ErrTime = errors.New("the job took longer than it may")

func readArgs(row *rivertype.JobRow) (*Args, error) {
	a := new(Args)
	if err := json.Unmarshal(row.EncodedArgs, a); err != nil {
		return nil, fmt.Errorf("read job %d: %w", row.ID, err)
	}
	return a, nil
}

// Refused is a fault of the data: the job ends, no other attempt is made. Its
// code alone is kept.
type Refused struct{ Code string }

func (e Refused) Error() string { return "refused: " + e.Code }

// Unfit is a fault of the machine that would befall the next job as well: the
// attempt does not count, and the worker takes no other job until Probe is
// content.
type Unfit struct {
	Err   error
	Probe func() error
}

func (e Unfit) Error() string { return Fault(e.Err).Error() }

// Fault keeps the class of an error of a machine, which is all that the queue
// and the logs are told: the words name files, which may name people.
func Fault(err error) error {
	var system syscall.Errno
	var database *pgconn.PgError
	switch {
	case err == nil:
		return nil
	case errors.Is(err, ErrLost):
		return ErrLost
	case errors.Is(err, ErrTime), errors.Is(err, context.DeadlineExceeded):
		return ErrTime
	case anomalie.As(err) != nil:
		return errors.New("fault of the machine: " + anomalie.As(err).Code)
	case errors.As(err, &system):
		return fmt.Errorf("fault of the machine: %w", system)
	case errors.As(err, &database):
		return fmt.Errorf("fault of the database: SQLSTATE %s", database.Code)
	}
	return fmt.Errorf("fault of the machine or of the network (%T)", innermost(err))
}

func innermost(err error) error {
	for {
		next := errors.Unwrap(err)
		if next == nil {
			return err
		}
		err = next
	}
}
