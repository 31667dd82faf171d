package task

import (
	"context"
	"database/sql"
	"embed"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"time"

	"paye/internal/anomalie"
	"paye/internal/lang"
	"paye/internal/ledger"
)

//go:embed migrations/*.sql
var migrations embed.FS

// Schema is the table of tasks, for [ledger.Open].
func Schema() (ledger.Schema, error) {
	files, err := fs.Sub(migrations, "migrations")
	if err != nil {
		return ledger.Schema{}, fmt.Errorf("read the migrations of tasks: %w", err)
	}
	return ledger.Schema{Name: "task", Files: files}, nil
}

// State is where a task is.
type State string

const (
	Waiting     State = "attente"
	Running     State = "en_cours"
	Done        State = "fini"
	Failed      State = "echec"
	Cancelled   State = "annule"
	Interrupted State = "interrompu" // the server stopped; it can be resumed
)

var states = map[State]lang.Text{
	Waiting: {FR: "en attente", EN: "waiting"}, Running: {FR: "en cours", EN: "under way"}, Done: {FR: "terminé", EN: "done"},
	Failed: {FR: "échoué", EN: "failed"}, Cancelled: {FR: "annulé", EN: "cancelled"}, Interrupted: {FR: "interrompu", EN: "interrupted"},
}

// Text names the state.
func (s State) Text(l lang.Language) string { return states[s].In(l) }

// Over reports whether nothing more happens by itself.
func (s State) Over() bool { return s != Waiting && s != Running }

// Task is one piece of work.
type Task struct {
	ID      string          `json:"id"`
	Kind    string          `json:"kind"`
	Owner   string          `json:"owner"` // login of who asked
	Subject string          `json:"subject,omitempty"`
	State   State           `json:"state"`
	Request json.RawMessage `json:"request,omitempty"`
	Result  json.RawMessage `json:"result,omitempty"`
	Fault   *Fault          `json:"fault,omitempty"` // why it failed
	Made    time.Time       `json:"made"`
	Started time.Time       `json:"started,omitzero"`
	Ended   time.Time       `json:"ended,omitzero"`
}

// Fault is why a task failed: an anomaly in both languages, or the number of a
// line in the log.
type Fault struct {
	Code    string    `json:"code"`
	Message lang.Text `json:"message"`
	Aide    lang.Text `json:"aide"`
}

// faultOf keeps an error of a runner; one of the machine is told as a number
// that is in the log.
func faultOf(err error, number string) *Fault {
	var a *anomalie.Anomalie
	if errors.As(err, &a) {
		return &Fault{a.Code, lang.Text{FR: a.Message(lang.French), EN: a.Message(lang.English)}, lang.Text{FR: a.OnPage(lang.French), EN: a.OnPage(lang.English)}}
	}
	return &Fault{Code: "TASK-1", Message: lang.Text{FR: "le serveur a échoué ; son journal dit pourquoi, travail " + number, EN: "the server failed; its log says why, task " + number}}
}

// ErrUnknown is that there is no such task.
var ErrUnknown = errors.New("no such task")

const columns = "id, kind, owner, subject, state, request, result, fault, made, started, ended"

func scan(row interface{ Scan(...any) error }) (*Task, error) {
	var t Task
	var request, result, fault, made, started, ended string
	if err := row.Scan(&t.ID, &t.Kind, &t.Owner, &t.Subject, &t.State, &request, &result, &fault, &made, &started, &ended); err != nil {
		if errors.Is(err, sql.ErrNoRows) {
			return nil, ErrUnknown
		}
		return nil, fmt.Errorf("read a task: %w", err)
	}
	t.Request, t.Result = json.RawMessage(request), json.RawMessage(result)
	if fault != "" {
		if err := json.Unmarshal([]byte(fault), &t.Fault); err != nil {
			return nil, fmt.Errorf("read the fault of a task: %w", err)
		}
	}
	for _, at := range []struct {
		text string
		to   *time.Time
	}{{made, &t.Made}, {started, &t.Started}, {ended, &t.Ended}} {
		if at.text == "" {
			continue
		}
		var err error
		if *at.to, err = ledger.ParseTime(at.text); err != nil {
			return nil, err
		}
	}
	return &t, nil
}

// Get reads a task.
func (m *Manager) Get(ctx context.Context, id string) (*Task, error) {
	return scan(m.l.DB().QueryRowContext(ctx, "select "+columns+" from task_task where id=$1", id))
}

// Of gives the last task about a subject, of any of some kinds; ErrUnknown when
// there is none.
func (m *Manager) Of(ctx context.Context, subject string, kinds ...string) (*Task, error) {
	marks, args := "", []any{subject}
	for _, k := range kinds {
		args = append(args, k)
		marks += fmt.Sprintf(",$%d", len(args))
	}
	return scan(m.l.DB().QueryRowContext(ctx, "select "+columns+" from task_task where subject=$1 and kind in ("+marks[1:]+") order by n desc limit 1", args...))
}

// List gives the last tasks of an owner, newest first; kind empty for all.
func (m *Manager) List(ctx context.Context, owner, kind string, limit int) ([]*Task, error) {
	rows, err := m.l.DB().QueryContext(ctx, "select "+columns+" from task_task where owner=$1 and ($2='' or kind=$2) order by n desc limit $3", owner, kind, limit)
	if err != nil {
		return nil, fmt.Errorf("list tasks: %w", err)
	}
	defer rows.Close()
	var list []*Task
	for rows.Next() {
		t, err := scan(rows)
		if err != nil {
			return nil, err
		}
		list = append(list, t)
	}
	return list, rows.Err()
}

// Forget takes away the tasks about a subject that are over.
func (m *Manager) Forget(ctx context.Context, kind, subject string) error {
	return m.exec(ctx, "delete from task_task where kind=$1 and subject=$2 and state not in ($3,$4)", kind, subject, Waiting, Running)
}

func (m *Manager) exec(ctx context.Context, query string, args ...any) error {
	err := m.l.Update(ctx, func(tx ledger.Tx) error {
		_, err := tx.ExecContext(ctx, query, args...)
		return err
	})
	if err != nil {
		return fmt.Errorf("note a task: %w", err)
	}
	return nil
}
