package batch

import (
	"context"
	"database/sql"
	"embed"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"

	"paye/internal/jobs"
	"paye/internal/ledger"
)

//go:embed migrations/*.sql
var migrations embed.FS

// Schema is the tables of the batches that many machines work on.
func Schema() (ledger.Schema, error) {
	files, err := fs.Sub(migrations, "migrations")
	if err != nil {
		return ledger.Schema{}, fmt.Errorf("open the migrations of the batches: %w", err)
	}
	return ledger.Schema{Name: "lot", Files: files}, nil
}

// Lots are the batches in the database of the ledger, and the queue of their
// jobs.
type Lots struct {
	L     *ledger.Ledger // opened with Schema, and that of the book
	Queue *jobs.Queue
}

// message is what a job carries beside what makes it unique: references,
// options, and what the steps before it have to say.
type message struct {
	Task   Task   `json:"travail"`
	Langue string `json:"langue"`
	Again  bool   `json:"encore,omitempty"` // what is done is done again
	Fait   bool   `json:"fait,omitempty"`   // a step before did something
	Avis   int    `json:"avis,omitempty"`
	Millis int64  `json:"millis,omitempty"`
}

// find reads what was noted of a step.
func (s *Lots) find(ctx context.Context, db ledger.DB, lot, dossier string, step Step) (e Entry, ok bool, err error) {
	var text string
	err = db.QueryRowContext(ctx, `select entree from lot_etape where lot = $1 and dossier = $2 and etape = $3`, lot, dossier, string(step)).Scan(&text)
	if errors.Is(err, sql.ErrNoRows) {
		return Entry{}, false, nil
	}
	if err == nil {
		err = json.Unmarshal([]byte(text), &e)
	}
	if err != nil {
		return Entry{}, false, fmt.Errorf("read what was done for %s: %w", dossier, err)
	}
	return e, true, nil
}

// note writes that a step is done.
func (s *Lots) note(ctx context.Context, tx ledger.Tx, lot string, e Entry) error {
	text, err := json.Marshal(e)
	if err != nil {
		return err
	}
	_, err = tx.ExecContext(ctx, `insert into lot_etape (lot, dossier, etape, cle, entree, quand) values ($1, $2, $3, $4, $5, $6)
		on conflict (lot, dossier, etape) do update set cle = excluded.cle, entree = excluded.entree, quand = excluded.quand`,
		lot, e.Dossier, string(e.Step), e.Key, string(text), ledger.Time(s.L.Now()))
	if err != nil {
		return fmt.Errorf("note a step of %s: %w", e.Dossier, err)
	}
	return nil
}

// waiting is the state of an employer whose jobs are still to end.
const waiting = "attente"

// settle writes where an employer stands. The write lock is held, so that
// changes are numbered in the order in which others see them. What a job said in
// the end stays when the same job is asked for again: the queue takes a moment
// to see that it ended.
func (s *Lots) settle(ctx context.Context, tx ledger.Tx, lot, dossier string, job int64, etat string, o *Outcome) error {
	text := []byte("{}")
	if o != nil {
		var err error
		if text, err = json.Marshal(o); err != nil {
			return err
		}
	}
	_, err := tx.ExecContext(ctx, `insert into lot_employeur (lot, dossier, job, etat, issue, suite)
		values ($1, $2, $3, $4, $5, (select coalesce(max(suite), 0) + 1 from lot_employeur where lot = $1))
		on conflict (lot, dossier) do update set job = excluded.job, etat = excluded.etat, issue = excluded.issue, suite = excluded.suite
		where excluded.etat <> $6 or lot_employeur.etat = $6 or lot_employeur.job <> excluded.job`,
		lot, dossier, job, etat, string(text), waiting)
	if err != nil {
		return fmt.Errorf("write what became of %s: %w", dossier, err)
	}
	return nil
}

// change is a row that changed.
type change struct {
	dossier string
	job     int64
	etat    string
	outcome Outcome
}

// since lists the changes of a lot after one of them.
func (s *Lots) since(ctx context.Context, lot string, suite int64) (list []change, last int64, err error) {
	rows, err := s.L.DB().QueryContext(ctx, `select dossier, job, etat, issue, suite from lot_employeur where lot = $1 and suite > $2 order by suite`, lot, suite)
	if err != nil {
		return nil, suite, fmt.Errorf("read the batch: %w", err)
	}
	defer rows.Close()
	last = suite
	for rows.Next() {
		var c change
		var text string
		if err := rows.Scan(&c.dossier, &c.job, &c.etat, &text, &last); err != nil {
			return nil, suite, fmt.Errorf("read the batch: %w", err)
		}
		if err := json.Unmarshal([]byte(text), &c.outcome); err != nil {
			return nil, suite, fmt.Errorf("read the batch: %w", err)
		}
		list = append(list, c)
	}
	return list, last, rows.Err()
}

// Queues of the jobs. What needs a vault or a platform waits for a worker that
// has one.
const (
	QueueSmall   = "petit"
	QueueLarge   = "grand"
	QueueDeposit = "deposit"
	QueueSend    = "send"
)

func queueOf(t *Task, s Step) string {
	switch {
	case s == StepDeposit:
		return QueueDeposit
	case s == StepSend:
		return QueueSend
	case t.Large():
		return QueueLarge
	}
	return QueueSmall
}
