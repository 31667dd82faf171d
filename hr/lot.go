package hr

import (
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"fmt"
	"time"

	"paye/internal/ledger"
)

// Lot is what a fetch of absences found, waiting to be imported.
type Lot struct {
	ID      string
	Mois    Mois
	At      time.Time
	Outcome Outcome
	State   LotState
	Content LotContent
}

// LotState is where a lot stands.
type LotState string

const (
	Waiting  LotState = "attente"
	Outdated LotState = "perime" // a newer fetch took its place
	Imported LotState = "importe"
)

// LotContent is what a lot would take over.
type LotContent struct {
	Added   []LotAbsence `json:"ajouts"`
	Deleted []LotAbsence `json:"suppressions"`
	Plus    []Absence    `json:"plus"`
	Minus   []Absence    `json:"moins"`
}

// LotAbsence is an absence with where the source has it.
type LotAbsence struct {
	Absence
	Owner  string `json:"owner,omitempty"`
	Period string `json:"period,omitempty"`
}

// Acknowledged is the last set of absences that payroll took over; first says
// that it never took any.
func (s *Store) Acknowledged(ctx context.Context) (list []Absence, first bool, err error) {
	rows, err := s.l.DB().QueryContext(ctx, `select agent, jour, demi, type from hr_absence where employeur = $1`, s.employeur)
	if err != nil {
		return nil, false, fmt.Errorf("read the absences: %w", err)
	}
	defer rows.Close()
	for rows.Next() {
		var a Absence
		var day string
		var half int
		if err := rows.Scan(&a.Agent, &day, &half, &a.Type); err != nil {
			return nil, false, fmt.Errorf("read the absences: %w", err)
		}
		a.Day, _ = ParseDate(day)
		a.Morning = half == 0
		list = append(list, a)
	}
	if err := rows.Err(); err != nil {
		return nil, false, fmt.Errorf("read the absences: %w", err)
	}
	var taken int
	err = s.l.DB().QueryRowContext(ctx, `select count(*) from hr_lot where employeur = $1 and etat = 'importe'`, s.employeur).Scan(&taken)
	if err != nil {
		return nil, false, fmt.Errorf("count the batches: %w", err)
	}
	return list, taken == 0, nil
}

// Owners tells which agent each sheet of the source is.
func (r *Register) Owners() map[string]int64 {
	out := make(map[string]int64)
	for _, a := range r.Agents {
		for _, l := range a.Liens {
			out[l.SourceID] = a.ID
		}
	}
	return out
}

// PutLot records a fetch: lots that waited are outdated, and lot waits when it
// has anything to take over.
func (s *Store) PutLot(ctx context.Context, lot *Lot) error {
	content, err := json.Marshal(lot.Content)
	if err != nil {
		return fmt.Errorf("record batch %s: %w", lot.ID, err)
	}
	var waiting int
	if err := s.l.DB().QueryRowContext(ctx, `select count(*) from hr_lot where employeur = $1 and etat = 'attente'`, s.employeur).Scan(&waiting); err != nil {
		return fmt.Errorf("count the batches: %w", err)
	}
	empty := len(lot.Content.Plus) == 0 && len(lot.Content.Minus) == 0
	if empty && waiting == 0 {
		return nil
	}
	return s.l.Update(ctx, func(tx ledger.Tx) error {
		if _, err := tx.ExecContext(ctx, `update hr_lot set etat = 'perime' where employeur = $1 and etat = 'attente'`, s.employeur); err != nil {
			return fmt.Errorf("record batch %s: %w", lot.ID, err)
		}
		if empty {
			return nil
		}
		if _, err := tx.ExecContext(ctx, `insert into hr_lot (employeur, id, mois, quand, issue, etat, contenu, importe) values ($1, $2, $3, $4, $5, $6, $7, '')`,
			s.employeur, lot.ID, lot.Mois.String(), ledger.Time(lot.At), int(lot.Outcome), string(Waiting), string(content)); err != nil {
			return fmt.Errorf("record batch %s: %w", lot.ID, err)
		}
		return nil
	})
}

// Lot reads a batch; RH-507 when there is none of this name.
func (s *Store) Lot(ctx context.Context, id string) (*Lot, error) {
	lot := &Lot{ID: id}
	var month, at, content string
	err := s.l.DB().QueryRowContext(ctx, `select mois, quand, issue, etat, contenu from hr_lot where employeur = $1 and id = $2`, s.employeur, id).
		Scan(&month, &at, &lot.Outcome, &lot.State, &content)
	if errors.Is(err, sql.ErrNoRows) {
		return nil, Codes.New("RH-507", id)
	}
	if err != nil {
		return nil, fmt.Errorf("read batch %s: %w", id, err)
	}
	lot.Mois, _ = ParseMois(month)
	if lot.At, err = ledger.ParseTime(at); err != nil {
		return nil, err
	}
	if err := json.Unmarshal([]byte(content), &lot.Content); err != nil {
		return nil, fmt.Errorf("read batch %s: %w", id, err)
	}
	return lot, nil
}

// Regularised says whether the absences to delete were deleted in payroll.
type Regularised uint8

const (
	NotYet Regularised = iota
	Done
)

// Importable says why a lot cannot be imported; nil when it can.
func (l *Lot) Importable(r Regularised) error {
	switch {
	case l.State == Imported:
		return Codes.New("RH-505", l.ID)
	case l.State == Outdated:
		return Codes.New("RH-504", l.ID)
	case len(l.Content.Deleted) > 0 && r != Done:
		return Codes.New("RH-506", l.ID, len(l.Content.Deleted))
	}
	return nil
}

// TakeLot makes the content of a lot the acknowledged set, once.
func (s *Store) TakeLot(ctx context.Context, lot *Lot) error {
	return s.l.Update(ctx, func(tx ledger.Tx) error {
		done, err := tx.ExecContext(ctx, `update hr_lot set etat = 'importe', importe = $3 where employeur = $1 and id = $2 and etat = 'attente'`, s.employeur, lot.ID, ledger.Time(s.l.Now()))
		if err != nil {
			return fmt.Errorf("import batch %s: %w", lot.ID, err)
		}
		if n, err := done.RowsAffected(); err != nil || n == 0 {
			return errors.Join(err, Codes.New("RH-504", lot.ID))
		}
		for _, a := range lot.Content.Minus {
			if _, err := tx.ExecContext(ctx, `delete from hr_absence where employeur = $1 and agent = $2 and jour = $3 and demi = $4 and type = $5`,
				s.employeur, a.Agent, a.Day.String(), a.half(), a.Type); err != nil {
				return fmt.Errorf("import batch %s: %w", lot.ID, err)
			}
		}
		for _, a := range lot.Content.Plus {
			if _, err := tx.ExecContext(ctx, `insert into hr_absence (employeur, agent, jour, demi, type) values ($1, $2, $3, $4, $5) on conflict do nothing`,
				s.employeur, a.Agent, a.Day.String(), a.half(), a.Type); err != nil {
				return fmt.Errorf("import batch %s: %w", lot.ID, err)
			}
		}
		return nil
	})
}
