package hr

import (
	"context"
	"crypto/sha256"
	"database/sql"
	"embed"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"slices"
	"time"

	"paye/internal/ledger"
)

//go:embed migrations/*.sql
var migrations embed.FS

// Schema is the tables of this package in the ledger.
func Schema() (ledger.Schema, error) {
	files, err := fs.Sub(migrations, "migrations")
	if err != nil {
		return ledger.Schema{}, fmt.Errorf("open the migrations of the HR synchronisation: %w", err)
	}
	return ledger.Schema{Name: "hr", Files: files}, nil
}

// Store is the memory of one employer's agents, in a ledger that was opened
// with [Schema]. It is safe for concurrent use, also by several processes.
type Store struct {
	l         *ledger.Ledger
	employeur string
	source    string
}

// NewStore opens the memory of an employer (SIRET) for a source.
func NewStore(l *ledger.Ledger, employeur, source string) *Store {
	return &Store{l: l, employeur: employeur, source: source}
}

func digest(text []byte) string {
	sum := sha256.Sum256(text)
	return hex.EncodeToString(sum[:])
}

// Register reads the agents.
func (s *Store) Register(ctx context.Context) (*Register, error) {
	r := new(Register)
	rows, err := s.l.DB().QueryContext(ctx, `select id, origine, cree, etab, fiche, applique from hr_agent where employeur = $1 order by id`, s.employeur)
	if err != nil {
		return nil, fmt.Errorf("read the agents: %w", err)
	}
	defer rows.Close()
	for rows.Next() {
		a, created, values, applied := new(Agent), "", "", ""
		if err := rows.Scan(&a.ID, &a.Origine, &created, &a.Etab, &values, &applied); err != nil {
			return nil, fmt.Errorf("read the agents: %w", err)
		}
		a.Created, _ = ParseDate(created)
		if err := errors.Join(a.Values.read(values, nil), a.Applied.read(applied, &a.Values)); err != nil {
			return nil, fmt.Errorf("read agent %d: %w", a.ID, err)
		}
		r.Agents = append(r.Agents, a)
	}
	if err := rows.Err(); err != nil {
		return nil, fmt.Errorf("read the agents: %w", err)
	}
	return r, s.liens(ctx, r)
}

func (s *Store) liens(ctx context.Context, r *Register) error {
	rows, err := s.l.DB().QueryContext(ctx, `select source_id, agent, etab, matricule, debut, fin, disparu from hr_lien where employeur = $1 and source = $2`, s.employeur, s.source)
	if err != nil {
		return fmt.Errorf("read the links: %w", err)
	}
	defer rows.Close()
	for rows.Next() {
		var l Lien
		var agent int64
		if err := rows.Scan(&l.SourceID, &agent, &l.Etab, &l.Matricule, &l.Debut, &l.Fin, &l.Gone); err != nil {
			return fmt.Errorf("read the links: %w", err)
		}
		if a := r.Find(agent); a != nil {
			a.Liens = append(a.Liens, l)
		}
	}
	for _, a := range r.Agents {
		slices.SortFunc(a.Liens, func(x, y Lien) int { return compareIDs(x.SourceID, y.SourceID) })
	}
	return rows.Err()
}

// text writes values as a JSON object of the fields that were said.
func (v *Values) text() (string, error) {
	m := make(map[Champ]string)
	for i := range fields {
		if text, state := v.at(i); state != absent {
			m[fields[i].Champ] = text
		}
	}
	b, err := json.Marshal(m)
	return string(b), err
}

// read is the way back; a text that like already holds is shared with it.
func (v *Values) read(text string, like *Values) error {
	var m map[Champ]string
	if err := json.Unmarshal([]byte(text), &m); err != nil {
		return fmt.Errorf("read values: %w", err)
	}
	for c, s := range m {
		i, known := position[c]
		if !known {
			continue
		}
		if like != nil && like.texts[i] == s {
			s = like.texts[i]
		}
		v.set(i, s)
	}
	return nil
}

// Last is how many sheets the last run that wrote had read; 0 when there was
// none.
func (s *Store) Last(ctx context.Context) (int, error) {
	var n int
	err := s.l.DB().QueryRowContext(ctx, `select lues from hr_run where employeur = $1 and source = $2 order by quand desc, id desc limit 1`, s.employeur, s.source).Scan(&n)
	if errors.Is(err, sql.ErrNoRows) {
		return 0, nil
	}
	if err != nil {
		return 0, fmt.Errorf("read the last run: %w", err)
	}
	return n, nil
}

// Decisions reads what somebody has decided of sheets.
func (s *Store) Decisions(ctx context.Context) ([]Decision, error) {
	rows, err := s.l.DB().QueryContext(ctx, `select source_id, genre, agent from hr_decision where employeur = $1 and source = $2 order by source_id, genre, agent`, s.employeur, s.source)
	if err != nil {
		return nil, fmt.Errorf("read the decisions: %w", err)
	}
	defer rows.Close()
	var list []Decision
	for rows.Next() {
		var d Decision
		if err := rows.Scan(&d.SourceID, &d.Kind, &d.Agent); err != nil {
			return nil, fmt.Errorf("read the decisions: %w", err)
		}
		list = append(list, d)
	}
	return list, rows.Err()
}

// Decide remembers decisions. One that is known already changes nothing.
func (s *Store) Decide(ctx context.Context, who string, list []Decision) error {
	return s.l.Update(ctx, func(tx ledger.Tx) error {
		for _, d := range list {
			if d.Kind != DecideApart {
				// A sheet is one agent: the last word counts.
				if _, err := tx.ExecContext(ctx, `delete from hr_decision where employeur = $1 and source = $2 and source_id = $3 and genre <> 'apart' and not (genre = $4 and agent = $5)`,
					s.employeur, s.source, d.SourceID, string(d.Kind), d.Agent); err != nil {
					return fmt.Errorf("remember a decision: %w", err)
				}
			}
			_, err := tx.ExecContext(ctx, `insert into hr_decision (employeur, source, source_id, genre, agent, quand, qui) values ($1, $2, $3, $4, $5, $6, $7) on conflict do nothing`,
				s.employeur, s.source, d.SourceID, string(d.Kind), d.Agent, ledger.Time(s.l.Now()), who)
			if err != nil {
				return fmt.Errorf("remember a decision: %w", err)
			}
		}
		return nil
	})
}

// Runs is how many runs have written for the employer.
func (s *Store) Runs(ctx context.Context) (int, error) { return s.runs(ctx, s.l.DB()) }

func (s *Store) runs(ctx context.Context, db ledger.DB) (n int, err error) {
	if err = db.QueryRowContext(ctx, `select count(*) from hr_run where employeur = $1`, s.employeur).Scan(&n); err != nil {
		err = fmt.Errorf("count the runs: %w", err)
	}
	return n, err
}

// Run is what is remembered of a run that writes.
type Run struct {
	ID     string
	After  int // Runs when its plan was made: another machine may have written since
	At     time.Time
	Day    Date
	Reason string // of a guard that was overruled
}

// Apply writes a plan in one transaction: all of it or nothing. The same run
// applied again changes nothing; a plan that changes nothing writes nothing.
func (s *Store) Apply(ctx context.Context, run Run, p *Plan) error {
	if len(p.Agents) == 0 && len(p.Changes) == 0 {
		return nil
	}
	return s.l.Update(ctx, func(tx ledger.Tx) error {
		var done int
		if err := tx.QueryRowContext(ctx, `select count(*) from hr_run where employeur = $1 and id = $2`, s.employeur, run.ID).Scan(&done); err != nil {
			return fmt.Errorf("look for run %s: %w", run.ID, err)
		}
		if done > 0 {
			return nil
		}
		if n, err := s.runs(ctx, tx); err != nil || n != run.After {
			return errors.Join(err, Codes.New("RH-303"))
		}
		if _, err := tx.ExecContext(ctx, `insert into hr_run (employeur, id, source, quand, jour, lues, crees, modifies, motif) values ($1, $2, $3, $4, $5, $6, $7, $8, $9)`,
			s.employeur, run.ID, s.source, ledger.Time(run.At), run.Day.String(), p.Read, p.Created, len(p.Changes)-p.Created, run.Reason); err != nil {
			return fmt.Errorf("record run %s: %w", run.ID, err)
		}
		w := &writer{s: s, tx: tx, run: run}
		for _, a := range p.Agents {
			if err := w.agent(ctx, a); err != nil {
				return err
			}
		}
		for i, c := range p.Changes {
			if err := w.change(ctx, i, c); err != nil {
				return err
			}
		}
		return nil
	})
}

// writer writes agents and changes.
type writer struct {
	s   *Store
	tx  ledger.Tx
	run Run
}

const (
	putAgent = `insert into hr_agent (employeur, id, origine, cree, etab, fiche, applique) values ($1, $2, $3, $4, $5, $6, $7)
		on conflict (employeur, id) do update set etab = excluded.etab, fiche = excluded.fiche, applique = excluded.applique`
	putLien = `insert into hr_lien (employeur, source, source_id, agent, etab, matricule, debut, fin, disparu) values ($1, $2, $3, $4, $5, $6, $7, $8, $9)
		on conflict (employeur, source, source_id) do update set agent = excluded.agent, etab = excluded.etab, matricule = excluded.matricule,
		debut = excluded.debut, fin = excluded.fin, disparu = excluded.disparu`
	putChange = `insert into hr_change (employeur, run, agent, champ, genre, origine, rang, jour, avant, apres) values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)
		on conflict (employeur, run, agent, champ, genre, origine) do nothing`
)

func (w *writer) agent(ctx context.Context, a *Agent) error {
	values, err1 := a.Values.text()
	applied, err2 := a.Applied.text()
	if err := errors.Join(err1, err2); err != nil {
		return fmt.Errorf("write agent %d: %w", a.ID, err)
	}
	if _, err := w.tx.ExecContext(ctx, putAgent, w.s.employeur, a.ID, string(a.Origine), a.Created.String(), a.Etab, values, applied); err != nil {
		return fmt.Errorf("write agent %d: %w", a.ID, err)
	}
	for _, l := range a.Liens {
		if _, err := w.tx.ExecContext(ctx, putLien, w.s.employeur, w.s.source, l.SourceID, a.ID, l.Etab, l.Matricule, l.Debut, l.Fin, l.Gone); err != nil {
			return fmt.Errorf("write the links of agent %d: %w", a.ID, err)
		}
	}
	return nil
}

func (w *writer) change(ctx context.Context, rank int, c Change) error {
	_, err := w.tx.ExecContext(ctx, putChange, w.s.employeur, w.run.ID, c.Agent, string(c.Champ), string(c.Kind), string(c.Origine), rank, w.run.Day.String(), c.Before, c.After)
	if err != nil {
		return fmt.Errorf("record a change of agent %d: %w", c.Agent, err)
	}
	return nil
}
