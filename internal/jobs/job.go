package jobs

import (
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"fmt"
	"syscall"

	"github.com/jackc/pgx/v5/pgconn"
	"github.com/riverqueue/river"
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

	q   *Queue
	job *river.Job[Args]
	// completes is River's word for the end of a job, which wants the context
	// that it gave to the worker.
	ctx context.Context
}

// ErrLost says that nobody wants the job to be done any more: it was cancelled,
// or the queue gave it up.
var ErrLost = errors.New("the job was given up")

// state is that of the row of the job.
func (j *Job) state(ctx context.Context, db ledger.DB, lock string) (rivertype.JobState, error) {
	var state string
	err := db.QueryRowContext(ctx, `select state::text from river_job where id = $1`+lock, j.ID).Scan(&state)
	switch {
	case errors.Is(err, sql.ErrNoRows):
		return "", ErrLost
	case err != nil:
		return "", fmt.Errorf("look for job %d: %w", j.ID, err)
	case state == string(rivertype.JobStateCancelled) || state == string(rivertype.JobStateDiscarded):
		return "", ErrLost
	}
	return rivertype.JobState(state), nil
}

// Wanted returns ErrLost when the job was given up meanwhile.
func (j *Job) Wanted(ctx context.Context) error {
	_, err := j.state(ctx, j.q.l.DB(), "")
	return err
}

// Complete ends the job in a transaction of the ledger, which must be rolled
// back when it fails.
//
// The row is locked first: River says of a job that has ended meanwhile that it
// has, without an error. A job that was taken from this worker, and waits or is
// in other hands, ends where those find its work done; one that another worker
// completed is left alone. The transaction must therefore stand being made
// twice.
func (j *Job) Complete(tx ledger.Tx) error {
	state, err := j.state(j.ctx, tx, " for update")
	if err != nil || state != rivertype.JobStateRunning {
		return err
	}
	done, err := river.JobCompleteTx[*driver](j.ctx, tx.(*sql.Tx), j.job)
	if err != nil {
		return fmt.Errorf("complete job %d: %w", j.ID, err)
	}
	if done.State != rivertype.JobStateCompleted {
		return ErrLost
	}
	return nil
}

// InsertIn asks for the jobs that follow this one, in a transaction.
func (j *Job) InsertIn(ctx context.Context, tx ledger.Tx, next Args, queue string) (Inserted, error) {
	made, err := j.q.InsertIn(ctx, tx, []Args{next}, func(*Args) string { return queue })
	if err != nil {
		return Inserted{}, err
	}
	return made[0], nil
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
