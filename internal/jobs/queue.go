package jobs

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"log/slog"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"
	"github.com/riverqueue/river"
	"github.com/riverqueue/river/riverdriver/riverdatabasesql"
	"github.com/riverqueue/river/rivermigrate"
	"github.com/riverqueue/river/rivertype"

	"paye/internal/ledger"
)

// driver is River's for the transactions of the ledger.
type driver = riverdatabasesql.Driver

// Queue is the jobs of a ledger's database.
type Queue struct {
	l      *ledger.Ledger
	url    string
	client *river.Client[*sql.Tx] // that inserts, and takes no job
}

// Open prepares the jobs of the database of l, which is at url.
func Open(ctx context.Context, l *ledger.Ledger, url string) (*Queue, error) {
	migrator, err := rivermigrate.New(riverdatabasesql.New(l.Pool()), &rivermigrate.Config{Logger: silent})
	if err != nil {
		return nil, fmt.Errorf("prepare the queue: %w", err)
	}
	// The transaction is the lock that keeps other processes out. It cannot hold
	// the migrations: one uses what another adds to a type, which takes a commit.
	err = l.Update(ctx, func(ledger.Tx) error {
		_, err := migrator.Migrate(ctx, rivermigrate.DirectionUp, nil)
		return err
	})
	if err != nil {
		return nil, fmt.Errorf("prepare the queue: %w", err)
	}
	client, err := river.NewClient(riverdatabasesql.New(l.Pool()), &river.Config{Logger: silent})
	if err != nil {
		return nil, fmt.Errorf("open the queue: %w", err)
	}
	return &Queue{l: l, url: url, client: client}, nil
}

var silent = slog.New(slog.DiscardHandler)

// Inserted is what became of a job that was asked for.
type Inserted struct {
	ID   int64
	Same bool  // it was there: ID is the one that waits or is worked on
	Args *Args // of the job that is there
}

// InsertIn asks for jobs in a transaction of the ledger, each into a queue.
func (q *Queue) InsertIn(ctx context.Context, tx ledger.Tx, list []Args, queues []string) ([]Inserted, error) {
	if len(list) == 0 {
		return nil, nil
	}
	params := make([]river.InsertManyParams, len(list))
	for i := range list {
		params[i] = river.InsertManyParams{Args: list[i], InsertOpts: &river.InsertOpts{Queue: queues[i]}}
	}
	results, err := q.client.InsertManyTx(ctx, tx.(*sql.Tx), params)
	if err != nil {
		return nil, fmt.Errorf("insert jobs: %w", err)
	}
	made := make([]Inserted, len(results))
	for i, r := range results {
		made[i] = Inserted{ID: r.Job.ID, Same: r.UniqueSkippedAsDuplicate, Args: &list[i]}
		if made[i].Same {
			if made[i].Args, err = readArgs(r.Job); err != nil {
				return nil, err
			}
		}
	}
	return made, nil
}

// Cancel asks the end of jobs: one that waits ends at once, one that is worked
// on when its worker hears of it. A job that is not there is left alone.
func (q *Queue) Cancel(ctx context.Context, ids []int64) error {
	for _, id := range ids {
		if _, err := q.client.JobCancel(ctx, id); err != nil && !errors.Is(err, rivertype.ErrNotFound) {
			return fmt.Errorf("cancel job %d: %w", id, err)
		}
	}
	return nil
}

// Ended returns, of the jobs, those that will not be worked on any more without
// having been completed, with the word of the queue for it.
func (q *Queue) Ended(ctx context.Context, ids []int64) (map[int64]string, error) {
	rows, err := q.l.DB().QueryContext(ctx, `select asked.id, coalesce(j.state::text, 'removed') from unnest($1::bigint[]) as asked(id)
		left join river_job j on j.id = asked.id where j.id is null or j.state in ('cancelled', 'discarded')`, ids)
	if err != nil {
		return nil, fmt.Errorf("look for jobs: %w", err)
	}
	defer rows.Close()
	ended := make(map[int64]string)
	for rows.Next() {
		var id int64
		var state string
		if err := rows.Scan(&id, &state); err != nil {
			return nil, fmt.Errorf("look for jobs: %w", err)
		}
		ended[id] = state
	}
	return ended, rows.Err()
}

// Count is how many jobs are in a state.
type Count struct {
	State  string
	Step   string
	N      int
	Oldest time.Duration // since the oldest of them came into it, or was to be worked on
}

// Counts counts the jobs that are still to end, and those that ended without
// having been done.
func (q *Queue) Counts(ctx context.Context) ([]Count, error) {
	rows, err := q.l.DB().QueryContext(ctx, `select state::text, coalesce(args->>'etape', ''), count(*),
		coalesce(extract(epoch from now() - min(case when state = 'running' then attempted_at when state in ('discarded', 'cancelled') then finalized_at else scheduled_at end)), 0)::float8
		from river_job where kind = $1 and state <> 'completed' group by 1, 2 order by 1, 2`, Args{}.Kind())
	if err != nil {
		return nil, fmt.Errorf("count the jobs: %w", err)
	}
	defer rows.Close()
	var list []Count
	for rows.Next() {
		var c Count
		var seconds float64
		if err := rows.Scan(&c.State, &c.Step, &c.N, &seconds); err != nil {
			return nil, fmt.Errorf("count the jobs: %w", err)
		}
		c.Oldest = time.Duration(max(0, seconds) * float64(time.Second))
		list = append(list, c)
	}
	return list, rows.Err()
}

// hears reports whether the database tells what happens: behind a pooler of
// transactions it takes the request to listen, and tells nothing.
func (q *Queue) hears(ctx context.Context) (bool, error) {
	config, err := pgx.ParseConfig(q.url)
	if err != nil {
		return false, errors.New("read the URL of the database")
	}
	config.DefaultQueryExecMode = pgx.QueryExecModeExec
	conn, err := pgx.ConnectConfig(ctx, config)
	if err != nil {
		return false, fmt.Errorf("listen to the database: %w", err)
	}
	defer conn.Close(context.WithoutCancel(ctx))
	const channel = "xhl_probe"
	if _, err := conn.Exec(ctx, "listen "+channel); err != nil {
		return false, fmt.Errorf("listen to the database: %w", err)
	}
	if _, err := q.l.Pool().ExecContext(ctx, `select pg_notify('xhl_probe', '')`); err != nil {
		return false, fmt.Errorf("listen to the database: %w", err)
	}
	wait, cancel := context.WithTimeout(ctx, time.Second)
	defer cancel()
	_, err = conn.WaitForNotification(wait)
	return err == nil, ctx.Err()
}

// listener is a pool of the one connection that River listens with.
func (q *Queue) listener(ctx context.Context) (*pgxpool.Pool, error) {
	config, err := pgxpool.ParseConfig(q.url)
	if err != nil {
		return nil, errors.New("read the URL of the database")
	}
	config.ConnConfig.DefaultQueryExecMode = pgx.QueryExecModeExec
	config.MaxConns, config.MinConns = 1, 0
	return pgxpool.NewWithConfig(ctx, config)
}
