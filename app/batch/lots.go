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

	// Neuf says that no step of the folder was noted when the first job was asked
	// for. Notes are those of the jobs since then.
	Neuf  bool    `json:"neuf,omitempty"`
	Notes []Entry `json:"notes,omitempty"`
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

// known are those of the folders of a lot of which a step was noted.
func (s *Lots) known(ctx context.Context, db ledger.DB, lot string, folders []string) (map[string]bool, error) {
	rows, err := db.QueryContext(ctx, `select distinct dossier from lot_etape where lot = $1 and dossier = any($2)`, lot, folders)
	if err != nil {
		return nil, fmt.Errorf("read the batch: %w", err)
	}
	defer rows.Close()
	known := make(map[string]bool)
	for rows.Next() {
		var dossier string
		if err := rows.Scan(&dossier); err != nil {
			return nil, fmt.Errorf("read the batch: %w", err)
		}
		known[dossier] = true
	}
	return known, rows.Err()
}

// noted is a step of a lot that is done.
type noted struct {
	lot string
	e   *Entry
}

// noteAll writes that steps are done.
func (s *Lots) noteAll(ctx context.Context, tx ledger.Tx, list []noted) error {
	if len(list) == 0 {
		return nil
	}
	var lot, dossier, etape, cle, entree []string
	for _, n := range list {
		text, err := json.Marshal(n.e)
		if err != nil {
			return err
		}
		lot, dossier, etape = append(lot, n.lot), append(dossier, n.e.Dossier), append(etape, string(n.e.Step))
		cle, entree = append(cle, n.e.Key), append(entree, string(text))
	}
	_, err := tx.ExecContext(ctx, `insert into lot_etape (lot, dossier, etape, cle, entree, quand)
		select k.*, $1 from unnest($2::text[], $3::text[], $4::text[], $5::text[], $6::text[]) k
		on conflict (lot, dossier, etape) do update set cle = excluded.cle, entree = excluded.entree, quand = excluded.quand`,
		ledger.Time(s.L.Now()), lot, dossier, etape, cle, entree)
	if err != nil {
		return fmt.Errorf("note %d steps: %w", len(list), err)
	}
	return nil
}

// waiting is the state of an employer whose jobs are still to end.
const waiting = "attente"

// standing is where an employer stands.
type standing struct {
	lot, dossier string
	job          int64
	etat         string
	o            *Outcome // nil while it waits
}

// settleAll writes where employers stand. The write lock is held, so that changes
// are numbered in the order in which others see them. What a job said in the end
// stays when the same job is asked for again: the queue takes a moment to see that
// it ended.
func (s *Lots) settleAll(ctx context.Context, tx ledger.Tx, list []standing) error {
	if len(list) == 0 {
		return nil
	}
	var lot, dossier, etat, issue []string
	var job []int64
	for _, e := range list {
		text := []byte("{}")
		if e.o != nil {
			var err error
			if text, err = json.Marshal(e.o); err != nil {
				return err
			}
		}
		lot, dossier, job = append(lot, e.lot), append(dossier, e.dossier), append(job, e.job)
		etat, issue = append(etat, e.etat), append(issue, string(text))
	}
	_, err := tx.ExecContext(ctx, `insert into lot_employeur (lot, dossier, job, etat, issue, suite)
		select k.lot, dossier, job, etat, issue, last.suite + n
		from unnest($1::text[], $2::text[], $3::bigint[], $4::text[], $5::text[]) with ordinality k (lot, dossier, job, etat, issue, n),
			lateral (select coalesce(max(suite), 0) suite from lot_employeur where lot = k.lot) last
		on conflict (lot, dossier) do update set job = excluded.job, etat = excluded.etat, issue = excluded.issue, suite = excluded.suite
		where excluded.etat <> $6 or lot_employeur.etat = $6 or lot_employeur.job <> excluded.job`,
		lot, dossier, job, etat, issue, waiting)
	if err != nil {
		return fmt.Errorf("write what became of %d employers: %w", len(list), err)
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
	QueueSlips   = "bulletins" // which takes seconds, the time of those in hand running
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
	case s == StepBulletins:
		return QueueSlips
	}
	return QueueSmall
}
