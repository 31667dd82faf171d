package due

import (
	"context"
	"database/sql"
	"errors"
	"fmt"

	"paye/internal/ledger"
)

// EtatLot is how far a batch is.
type EtatLot string

const (
	LotEcrit     EtatLot = "ecrit"
	LotEnEnvoi   EtatLot = "en_envoi" // being sent, or cut while it was
	LotEmis      EtatLot = "emis"
	LotIncertain EtatLot = "incertain" // the server may have it, or not
	LotRepondu   EtatLot = "repondu"   // a set-up batch whose answer came
)

// Envoi is a batch on its way: what was kept of its message, so that a second
// attempt sends the same bytes under the same Message-ID.
type Envoi struct {
	Fichier
	Etat      EtatLot
	Message   []byte // the encrypted message; empty before the first attempt
	MessageID string
}

// Envoi returns what is known of a batch.
func (r *Registre) Envoi(ctx context.Context, lot string) (*Envoi, error) {
	return r.envoi(ctx, r.l.DB(), lot)
}

func (r *Registre) envoi(ctx context.Context, q ledger.DB, lot string) (*Envoi, error) {
	var e Envoi
	var ind string
	var id sql.NullString
	err := q.QueryRowContext(ctx,
		`select id, nom, format, contenu, sha256, indicateur, nombre, etape, etat, message, message_id from due_lot where id = $1 and siret = $2`,
		lot, r.siret).Scan(&e.Lot, &e.Nom, &e.Format, &e.Octets, &e.SHA256, &ind, &e.Nombre, &e.Etape, &e.Etat, &e.Message, &id)
	if errors.Is(err, sql.ErrNoRows) {
		return nil, Codes.New("DUE-E04", excerpt(lot))
	}
	if err != nil {
		return nil, fmt.Errorf("look for batch %s: %w", excerpt(lot), err)
	}
	e.Indicateur, e.MessageID = Indicateur(ind[0]), id.String
	return &e, nil
}

// Begin keeps the message of a batch and marks it as being sent, before a byte
// leaves. A batch that has left is refused; one whose fate is not known needs
// again to be true, and keeps its first message.
func (r *Registre) Begin(ctx context.Context, lot, messageID string, message []byte, again Reprise) (*Envoi, error) {
	var e *Envoi
	err := r.l.Update(ctx, func(tx ledger.Tx) error {
		var err error
		if e, err = r.envoi(ctx, tx, lot); err != nil {
			return err
		}
		unsure := e.Etat == LotIncertain || e.Etat == LotEnEnvoi
		if e.Etat != LotEcrit && !(unsure && again == Reprendre) {
			return Codes.New("DUE-E03", lot)
		}
		if err := r.mayLeave(ctx, tx, e); err != nil {
			return err
		}
		if e.Etape != 0 {
			if err := r.maySend(ctx, tx, e.Etape, lot); err != nil {
				return err
			}
		}
		if len(e.Message) == 0 {
			e.Message, e.MessageID = message, messageID
		}
		e.Etat = LotEnEnvoi
		_, err = tx.ExecContext(ctx, `update due_lot set etat = 'en_envoi', message = $1, message_id = $2 where id = $3`, e.Message, e.MessageID, lot)
		return err
	})
	if err != nil {
		return nil, err
	}
	return e, nil
}

// Reprise says whether a batch whose fate is unknown may be sent again.
type Reprise uint8

const (
	UneFois Reprise = iota
	Reprendre
)

// mayLeave refuses a batch whose declarations are no longer waiting in it:
// written again since, cancelled, or declared by another way.
func (r *Registre) mayLeave(ctx context.Context, tx ledger.Tx, e *Envoi) error {
	if e.Indicateur != Reel {
		return nil
	}
	rows, err := r.lignes(ctx, tx, e.Lot)
	if err != nil {
		return err
	}
	for _, d := range rows {
		if d.etat != EcriteReel || d.lot.String != e.Lot {
			return Codes.New("DUE-E01", d.cle, string(d.etat), string(Emise))
		}
		var identite []byte
		if err := tx.QueryRowContext(ctx, `select identite from due_declaration where id = $1`, d.id).Scan(&identite); err != nil {
			return fmt.Errorf("look for declaration %s: %w", d.cle, err)
		}
		twin, err := r.twin(ctx, tx, identite, d.contrat)
		if err != nil {
			return err
		}
		if twin != "" {
			return Codes.New("DUE-V16B", twin)
		}
	}
	return nil
}

// lignes are the declarations of a batch, in the order of its file.
func (r *Registre) lignes(ctx context.Context, q ledger.DB, lot string) ([]ligneDeclaration, error) {
	rows, err := q.QueryContext(ctx, selectDeclaration+
		`d.id in (select declaration from due_lot_ligne where lot = $1)
		 order by (select sequence from due_lot_ligne where lot = $1 and declaration = d.id)`, lot)
	if err != nil {
		return nil, fmt.Errorf("read the declarations of batch %s: %w", lot, err)
	}
	defer rows.Close()
	var list []ligneDeclaration
	for rows.Next() {
		d, err := scanDeclaration(rows)
		if err != nil {
			return nil, fmt.Errorf("read the declarations of batch %s: %w", lot, err)
		}
		list = append(list, d)
	}
	if err := rows.Err(); err != nil {
		return nil, fmt.Errorf("read the declarations of batch %s: %w", lot, err)
	}
	return list, nil
}

// End records how an attempt ended: LotEmis, LotIncertain, or LotEcrit when the
// server did not take the batch. Declarations move only when it has left.
func (r *Registre) End(ctx context.Context, lot string, etat EtatLot) error {
	return r.l.Update(ctx, func(tx ledger.Tx) error {
		e, err := r.envoi(ctx, tx, lot)
		if err != nil {
			return err
		}
		if e.Etat != LotEnEnvoi {
			return Codes.New("DUE-E03", lot)
		}
		emis := sql.NullString{String: ledger.Time(r.l.Now()), Valid: etat == LotEmis}
		if _, err := tx.ExecContext(ctx, `update due_lot set etat = $1, emis = $2 where id = $3`, string(etat), emis, lot); err != nil {
			return fmt.Errorf("record the sending of batch %s: %w", lot, err)
		}
		if etat == LotEcrit {
			return nil
		}
		if err := r.stepSent(ctx, tx, e); err != nil || etat != LotEmis {
			return err
		}
		return r.left(ctx, tx, e)
	})
}

// stepSent records, once, that the file of a step of the set-up has left.
func (r *Registre) stepSent(ctx context.Context, tx ledger.Tx, e *Envoi) error {
	if e.Etape == 0 {
		return nil
	}
	p, err := r.progression(ctx, tx)
	if err != nil {
		return err
	}
	if p.Etape(e.Etape).Awaits == e.Lot {
		return nil
	}
	return r.setup(ctx, tx, Evenement{Nature: EvEnvoi, Etape: e.Etape, Lot: e.Lot})
}

// left moves the declarations of a real batch that has left.
func (r *Registre) left(ctx context.Context, tx ledger.Tx, e *Envoi) error {
	rows, err := r.lignes(ctx, tx, e.Lot)
	if err != nil {
		return err
	}
	for i := range rows {
		m := mouvement{vers: Emise, lot: e.Lot, sha256: e.SHA256}
		if e.Indicateur != Reel {
			m.vers, m.motif = rows[i].etat, "lot d'essai emis"
			err = r.journal(ctx, tx, rows[i].id, rows[i].etat, m)
		} else {
			err = r.move(ctx, tx, &rows[i], m)
		}
		if err != nil {
			return err
		}
	}
	return nil
}
