package due

import (
	"context"
	"fmt"

	"paye/internal/anomalie"

	"paye/internal/ledger"
)

// Bordereau is what is known of the declarations of one batch after an
// answer: registered, in error, waiting. The three add up to the batch.
type Bordereau struct {
	Lot        string
	Indicateur Indicateur
	Niveau     int
	Deja       bool // this very answer was read before
	Accepte    bool // the file as a whole
	Code       string
	Texte      string
	Lignes     []LigneBordereau
	Avis       []*anomalie.Anomalie // answers that were put aside
}

// LigneBordereau is one declaration of a batch.
type LigneBordereau struct {
	Cle, Matricule, Contrat string
	Etat                    Etat
	Statut                  Statut // of a test batch too, whose declarations do not move
	Code, Texte, Reference  string
	Champ                   Champ
	Manuel                  bool // recorded by hand, from a paper answer
}

// Count is how many declarations of the batch have the status s.
func (b *Bordereau) Count(s Statut) int {
	n := 0
	for _, l := range b.Lignes {
		if l.Statut == s {
			n++
		}
	}
	return n
}

// Bordereau returns what is known of a batch now.
func (r *Registre) Bordereau(ctx context.Context, lot string) (*Bordereau, error) {
	e, err := r.Envoi(ctx, lot)
	if err != nil {
		return nil, err
	}
	b := &Bordereau{Lot: lot, Indicateur: e.Indicateur, Accepte: true}
	b.Lignes, err = r.bordereau(ctx, r.l.DB(), lot)
	return b, err
}

func (r *Registre) bordereau(ctx context.Context, q ledger.DB, lot string) ([]LigneBordereau, error) {
	rows, err := q.QueryContext(ctx,
		`select d.cle, d.matricule, d.contrat, d.etat, l.reponse, d.code, d.texte, d.reference, d.champ, d.manuel
		 from due_lot_ligne l join due_declaration d on d.id = l.declaration where l.lot = $1 order by l.sequence`, lot)
	if err != nil {
		return nil, fmt.Errorf("read batch %s: %w", lot, err)
	}
	defer rows.Close()
	var list []LigneBordereau
	for rows.Next() {
		l := LigneBordereau{Statut: StatutAttente}
		var given string
		var champ int
		if err := rows.Scan(&l.Cle, &l.Matricule, &l.Contrat, &l.Etat, &given, &l.Code, &l.Texte, &l.Reference, &champ, &l.Manuel); err != nil {
			return nil, fmt.Errorf("read batch %s: %w", lot, err)
		}
		if given != "" {
			l.Statut = Statut(given[0])
		}
		l.Champ = (&Reponse{Champ: champ}).NomChamp()
		list = append(list, l)
	}
	if err := rows.Err(); err != nil {
		return nil, fmt.Errorf("read batch %s: %w", lot, err)
	}
	return list, nil
}
