package due

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"time"

	"paye/internal/ledger"
)

// Saisie is what the payroll office records by hand: a fax or a paper answer,
// a declaration made on the site of the administration, one that will not be.
type Saisie struct {
	Cle       string
	Etat      Etat // Enregistree, Rejetee, FaiteAilleurs or Annulee
	Date      Date
	Reference string // needed by Enregistree and FaiteAilleurs
	Motif     string
}

// Enter records a Saisie, marked as entered by hand.
func (r *Registre) Enter(ctx context.Context, s Saisie) error {
	needs := s.Etat == Enregistree || s.Etat == FaiteAilleurs
	if needs && s.Reference == "" || !needs && s.Etat != Rejetee && s.Etat != Annulee {
		return Codes.New("DUE-E01", excerpt(s.Cle), "", string(s.Etat))
	}
	return r.l.Update(ctx, func(tx ledger.Tx) error {
		row, err := scanDeclaration(tx.QueryRowContext(ctx, selectDeclaration+`d.siret = $1 and d.cle = $2`, r.siret, s.Cle))
		if errors.Is(err, sql.ErrNoRows) {
			return Codes.New("DUE-E02", excerpt(s.Cle))
		}
		if err != nil {
			return fmt.Errorf("look for declaration %s: %w", s.Cle, err)
		}
		m := mouvement{vers: s.Etat, lot: row.lot.String, motif: "saisie " + s.Date.String() + " " + s.Motif}
		if err := r.move(ctx, tx, &row, m); err != nil {
			return err
		}
		if _, err := tx.ExecContext(ctx, `update due_declaration set manuel = 1, reference = $1, texte = $2 where id = $3`, s.Reference, s.Motif, row.id); err != nil {
			return fmt.Errorf("record declaration %s: %w", s.Cle, err)
		}
		given := map[Etat]Statut{Enregistree: StatutEnregistree, Rejetee: StatutErreur}[s.Etat]
		if given == 0 || !row.lot.Valid {
			return nil
		}
		_, err = tx.ExecContext(ctx, `update due_lot_ligne set reponse = $1 where lot = $2 and declaration = $3`,
			string(rune(given)), row.lot.String, row.id)
		return err
	})
}

// Mouvement is one line of the history of a declaration.
type Mouvement struct {
	Quand    time.Time
	Qui      string
	De, Vers Etat
	Lot      string
	SHA256   string // of the file or the answer that proves it
	Motif    string
}

// History is every move of a declaration, oldest first.
func (r *Registre) History(ctx context.Context, cle string) ([]Mouvement, error) {
	rows, err := r.l.DB().QueryContext(ctx,
		`select h.quand, h.qui, h.de, h.vers, h.lot, h.sha256, h.motif from due_historique h
		 join due_declaration d on d.id = h.declaration where d.siret = $1 and d.cle = $2 order by h.id`, r.siret, cle)
	if err != nil {
		return nil, fmt.Errorf("read the history of %s: %w", excerpt(cle), err)
	}
	defer rows.Close()
	var list []Mouvement
	for rows.Next() {
		var m Mouvement
		var quand string
		if err := rows.Scan(&quand, &m.Qui, &m.De, &m.Vers, &m.Lot, &m.SHA256, &m.Motif); err != nil {
			return nil, fmt.Errorf("read the history of %s: %w", excerpt(cle), err)
		}
		if m.Quand, err = ledger.ParseTime(quand); err != nil {
			return nil, err
		}
		list = append(list, m)
	}
	if err := rows.Err(); err != nil {
		return nil, fmt.Errorf("read the history of %s: %w", excerpt(cle), err)
	}
	if len(list) == 0 {
		return nil, Codes.New("DUE-E02", excerpt(cle))
	}
	return list, nil
}

// Suivi is one declaration, for the list of those that are under way.
type Suivi struct {
	Cle, Matricule, Contrat string
	Embauche                Date
	Etat                    Etat
	Lot, Reference, Code    string
	Replaces                string // key of the refused one that it replaces
	Tardive                 bool   // the hire is past and it has not left, or was refused
	Manuel                  bool
	Incertain               bool // its batch may have left, or not
}

// Declared reports whether the contract needs no declaration any more.
func (s *Suivi) Declared() bool { return s.Etat.declared() || s.Incertain }

// List is every declaration of the employer that was not replaced, by day of
// hire.
func (r *Registre) List(ctx context.Context) ([]Suivi, error) {
	paris, err := Paris()
	if err != nil {
		return nil, err
	}
	today := DateIn(r.l.Now(), paris)
	rows, err := r.l.DB().QueryContext(ctx,
		`select d.cle, d.matricule, d.contrat, d.embauche, d.etat, coalesce(d.lot, ''), d.reference, d.code, coalesce(f.cle, ''), d.manuel, coalesce(l.etat, '')
		 from due_declaration d left join due_declaration f on f.id = d.remplace left join due_lot l on l.id = d.lot
		 where d.siret = $1 and d.etat <> 'remplacee' order by d.embauche, d.id`, r.siret)
	if err != nil {
		return nil, fmt.Errorf("list the declarations: %w", err)
	}
	defer rows.Close()
	var list []Suivi
	for rows.Next() {
		var s Suivi
		var hire string
		var lot EtatLot
		if err := rows.Scan(&s.Cle, &s.Matricule, &s.Contrat, &hire, &s.Etat, &s.Lot, &s.Reference, &s.Code, &s.Replaces, &s.Manuel, &lot); err != nil {
			return nil, fmt.Errorf("list the declarations: %w", err)
		}
		s.Embauche, _ = ParseDate(hire) // written by note
		s.Incertain = (&ligneDeclaration{etat: s.Etat, etatLot: lot}).enRoute()
		s.Tardive = (s.Etat.open() || s.Etat.refused()) && s.Embauche.Compare(today) < 0
		list = append(list, s)
	}
	if err := rows.Err(); err != nil {
		return nil, fmt.Errorf("list the declarations: %w", err)
	}
	return list, nil
}
