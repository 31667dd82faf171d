package due

import (
	"context"
	"crypto/sha256"
	"database/sql"
	"encoding/hex"
	"errors"
	"fmt"

	"paye/internal/anomalie"
	"paye/internal/ledger"
)

// Receive applies the answer ar, whose file is raw, and returns what is known
// of its batch. Another employer's batch, an unknown key, a second and
// different answer, or the other mode are refused, and change nothing; the
// same file read twice changes nothing either.
func (r *Registre) Receive(ctx context.Context, ar *AR, raw []byte) (*Bordereau, error) {
	return r.receive(ctx, ar.Lot, raw, func(tx ledger.Tx, x *reception) error {
		if ar.Indicateur != x.envoi.Indicateur {
			return Codes.New("DUE-R12", ar.Lot)
		}
		x.b.Niveau, x.b.Accepte, x.b.Code, x.b.Texte = ar.Niveau, ar.Accepte, ar.Code, ar.Texte
		for _, rep := range ar.Reponses {
			if err := x.reponse(tx, rep, ar.Niveau); err != nil {
				return err
			}
		}
		if ar.Accepte {
			return x.whole(tx, Reponse{Statut: StatutAttente}, ar.Niveau)
		}
		return x.whole(tx, Reponse{Statut: StatutErreur, Code: ar.Code, Texte: ar.Texte}, ar.Niveau)
	})
}

// ReceiveRetour applies an XML answer. lot is the batch that it answers; it
// may be empty when the answer has an IdFlux that is known.
func (r *Registre) ReceiveRetour(ctx context.Context, ret *Retour, lot string, raw []byte) (*Bordereau, error) {
	if ret.Niveau == 3 {
		return r.receiveDossiers(ctx, ret, lot, raw)
	}
	lot, err := r.lotOf(ctx, ret, lot)
	if err != nil {
		return nil, err
	}
	return r.receive(ctx, lot, raw, func(tx ledger.Tx, x *reception) error {
		if ret.Indicateur != 0 && ret.Indicateur != x.envoi.Indicateur {
			return Codes.New("DUE-R12", lot)
		}
		x.b.Niveau = ret.Niveau
		if ret.Niveau == 1 {
			x.b.Accepte = ret.Accepte
			if len(ret.Anomalies) > 0 {
				x.b.Texte = ret.Anomalies[0]
			}
			if ret.IdFlux != "" {
				if _, err := tx.ExecContext(ctx, `update due_lot set idflux = $1 where id = $2`, ret.IdFlux, lot); err != nil {
					return fmt.Errorf("record the flux of batch %s: %w", lot, err)
				}
			}
		} else {
			x.b.Accepte, x.b.Texte = ret.Conforme, ret.Message
		}
		if x.b.Accepte {
			return x.whole(tx, Reponse{Statut: StatutAttente}, ret.Niveau)
		}
		return x.whole(tx, Reponse{Statut: StatutErreur, Texte: x.b.Texte}, ret.Niveau)
	})
}

// lotOf finds the batch of a return.
func (r *Registre) lotOf(ctx context.Context, ret *Retour, lot string) (string, error) {
	if ret.IdFlux != "" {
		var known string
		err := r.l.DB().QueryRowContext(ctx, `select id from due_lot where idflux = $1 and siret = $2`, ret.IdFlux, r.siret).Scan(&known)
		if err == nil && (lot == "" || lot == known) {
			return known, nil
		}
		if err == nil || !errors.Is(err, sql.ErrNoRows) {
			return "", errors.Join(Codes.New("DUE-R10", excerpt(lot)), err)
		}
		if ret.Niveau == 2 {
			return "", Codes.New("DUE-R16")
		}
	}
	if lot == "" {
		return "", Codes.New("DUE-R18")
	}
	return lot, nil
}

// receiveDossiers applies the answers of level 3 to the batch lot, of which
// they are recognised by key, else NIR and day, else name, birth and day.
func (r *Registre) receiveDossiers(ctx context.Context, ret *Retour, lot string, raw []byte) (*Bordereau, error) {
	if lot == "" {
		return nil, Codes.New("DUE-R18")
	}
	return r.receive(ctx, lot, raw, func(tx ledger.Tx, x *reception) error {
		x.b.Niveau, x.b.Accepte = 3, true
		for i := range ret.Dossiers {
			rep, found, err := x.match(tx, &ret.Dossiers[i])
			if err != nil {
				return err
			}
			if !found {
				x.b.Avis = append(x.b.Avis, Codes.New("DUE-R15"))
				continue
			}
			if err := x.reponse(tx, rep, 3); err != nil {
				return err
			}
		}
		return nil
	})
}

// reception is one answer being applied to one batch.
type reception struct {
	r      *Registre
	ctx    context.Context
	envoi  *Envoi
	sha256 string
	rows   []ligneDeclaration
	number map[string]int // sequence in the file, by key
	given  map[string]Statut
	b      *Bordereau
}

func (r *Registre) receive(ctx context.Context, lot string, raw []byte, apply func(ledger.Tx, *reception) error) (*Bordereau, error) {
	sum := sha256.Sum256(raw)
	x := &reception{r: r, ctx: ctx, sha256: hex.EncodeToString(sum[:]), number: make(map[string]int), given: make(map[string]Statut)}
	err := r.l.Update(ctx, func(tx ledger.Tx) error {
		if err := x.load(tx, lot); err != nil {
			return err
		}
		if !x.b.Deja {
			if err := x.apply(tx, raw, apply); err != nil {
				return err
			}
		}
		var err error
		x.b.Lignes, err = r.bordereau(ctx, tx, lot)
		return err
	})
	if err != nil {
		return nil, err
	}
	return x.b, nil
}

// load finds the batch and refuses one that is not ours or has not left.
func (x *reception) load(tx ledger.Tx, lot string) error {
	var err error
	x.envoi, err = x.r.envoi(x.ctx, tx, lot)
	var unknown *anomalie.Anomalie
	if errors.As(err, &unknown) {
		return Codes.New("DUE-R10", excerpt(lot))
	}
	if err != nil {
		return err
	}
	x.b = &Bordereau{Lot: lot, Indicateur: x.envoi.Indicateur}
	var n int
	if err := tx.QueryRowContext(x.ctx, `select count(*) from due_reponse where sha256 = $1`, x.sha256).Scan(&n); err != nil {
		return fmt.Errorf("look for the answer: %w", err)
	}
	if x.b.Deja = n > 0; x.b.Deja {
		return nil
	}
	switch x.envoi.Etat {
	case LotIncertain, LotEnEnvoi: // the answer proves that it came
		if _, err := tx.ExecContext(x.ctx, `update due_lot set etat = 'emis', emis = $1 where id = $2`, ledger.Time(x.r.l.Now()), lot); err != nil {
			return fmt.Errorf("record the sending of batch %s: %w", lot, err)
		}
		if err := x.r.stepSent(x.ctx, tx, x.envoi); err != nil {
			return err
		}
		if err := x.r.left(x.ctx, tx, x.envoi); err != nil {
			return err
		}
	case LotEcrit:
		return Codes.New("DUE-R14", lot)
	}
	if x.rows, err = x.r.lignes(x.ctx, tx, lot); err != nil {
		return err
	}
	return x.loadNumbers(tx, lot)
}

func (x *reception) loadNumbers(tx ledger.Tx, lot string) error {
	rows, err := tx.QueryContext(x.ctx, `select d.cle, l.sequence, l.reponse from due_lot_ligne l join due_declaration d on d.id = l.declaration where l.lot = $1`, lot)
	if err != nil {
		return fmt.Errorf("read the lines of batch %s: %w", lot, err)
	}
	defer rows.Close()
	for rows.Next() {
		var cle, given string
		var n int
		if err := rows.Scan(&cle, &n, &given); err != nil {
			return fmt.Errorf("read the lines of batch %s: %w", lot, err)
		}
		x.number[cle] = n
		if given != "" {
			x.given[cle] = Statut(given[0])
		}
	}
	return rows.Err()
}

// apply applies the answer, keeps it, and closes the step of the set-up that
// it belongs to.
func (x *reception) apply(tx ledger.Tx, raw []byte, apply func(ledger.Tx, *reception) error) error {
	if err := apply(tx, x); err != nil {
		return err
	}
	if _, err := tx.ExecContext(x.ctx, `insert into due_reponse (sha256, lot, recu, qui, contenu) values ($1, $2, $3, $4, $5)`,
		x.sha256, x.envoi.Lot, ledger.Time(x.r.l.Now()), x.r.qui, raw); err != nil {
		return fmt.Errorf("keep the answer: %w", err)
	}
	if x.envoi.Etape == 0 || x.envoi.Etat == LotRepondu {
		return nil
	}
	e := Evenement{Nature: EvAR, Etape: x.envoi.Etape, Lot: x.envoi.Lot, Empreinte: x.sha256}
	for _, s := range x.given {
		if s == StatutErreur {
			e.Nature = EvARRefus
		}
	}
	if !x.b.Accepte {
		e.Nature = EvARRefus
	}
	if _, err := tx.ExecContext(x.ctx, `update due_lot set etat = 'repondu' where id = $1`, x.envoi.Lot); err != nil {
		return fmt.Errorf("close batch %s: %w", x.envoi.Lot, err)
	}
	return x.r.setup(x.ctx, tx, e)
}

// whole applies rep to every declaration of the batch that has no final answer
// yet.
func (x *reception) whole(tx ledger.Tx, rep Reponse, niveau int) error {
	for i := range x.rows {
		d := &x.rows[i]
		if x.given[d.cle] == StatutEnregistree || x.given[d.cle] == StatutErreur {
			continue
		}
		if rep.Statut == StatutAttente && x.given[d.cle] == StatutAttente && niveau == 3 {
			continue
		}
		one := rep
		one.Cle, one.Numero = d.cle, x.number[d.cle]
		if err := x.answer(tx, d, one, niveau); err != nil {
			return err
		}
	}
	return nil
}

// reponse applies the answer about one hire, or about the whole file.
func (x *reception) reponse(tx ledger.Tx, rep Reponse, niveau int) error {
	if rep.Numero == 0 && rep.Cle == "" {
		return x.whole(tx, rep, niveau)
	}
	for i := range x.rows {
		d := &x.rows[i]
		if d.cle != rep.Cle {
			continue
		}
		if rep.Numero != x.number[d.cle] {
			break
		}
		before := x.given[d.cle]
		if before == rep.Statut && d.code == rep.Code && d.reference == rep.Reference {
			return nil
		}
		if before == StatutEnregistree || before == StatutErreur {
			return Codes.New("DUE-R13", rep.Cle)
		}
		return x.answer(tx, d, rep, niveau)
	}
	return Codes.New("DUE-R11", excerpt(rep.Cle))
}

// answer applies one answer to one declaration. Those of a test batch keep
// their state: a test declares nothing.
func (x *reception) answer(tx ledger.Tx, d *ligneDeclaration, rep Reponse, niveau int) error {
	if rep.Statut == StatutEnregistree && (niveau != 3 || !rep.registered()) {
		return Codes.New("DUE-R02") // a receipt or a conformity is not a registration
	}
	if _, err := tx.ExecContext(x.ctx, `update due_lot_ligne set reponse = $1 where lot = $2 and declaration = $3`,
		string(rune(rep.Statut)), x.envoi.Lot, d.id); err != nil {
		return fmt.Errorf("record the answer about %s: %w", d.cle, err)
	}
	x.given[d.cle] = rep.Statut
	if _, err := tx.ExecContext(x.ctx, `update due_declaration set code = $1, texte = $2, champ = $3, reference = $4 where id = $5`,
		rep.Code, rep.Texte, rep.Champ, rep.Reference, d.id); err != nil {
		return fmt.Errorf("record the answer about %s: %w", d.cle, err)
	}
	m := mouvement{lot: x.envoi.Lot, sha256: x.sha256, motif: rep.Code}
	m.vers = next(d.etat, rep.Statut, niveau)
	if x.envoi.Indicateur != Reel || m.vers == d.etat {
		m.vers = d.etat
		return x.r.journal(x.ctx, tx, d.id, d.etat, m)
	}
	return x.r.move(x.ctx, tx, d, m)
}

// next is where an answer of a level takes a declaration.
func next(etat Etat, s Statut, niveau int) Etat {
	refusal := map[int]Etat{1: RejetDepot, 2: NonConforme, 3: Rejetee}
	progress := map[int]Etat{1: Deposee, 2: Conforme, 3: etat}
	switch s {
	case StatutEnregistree:
		return Enregistree
	case StatutErreur:
		return refusal[niveau]
	}
	if to := progress[niveau]; etat.Leads(to) {
		return to
	}
	return etat
}

// match finds the hire of the batch that a level 3 answer is about.
func (x *reception) match(tx ledger.Tx, a *DossierAR) (Reponse, bool, error) {
	rep := Reponse{Statut: StatutErreur, Code: a.Code, Reference: a.RefDossier, Texte: excerpt(a.Libelle)}
	if rep.registered() {
		rep.Statut = StatutEnregistree
	}
	rep.Date, _ = ParseDate(a.Date) // informative
	found := func(cle string) (Reponse, bool, error) {
		rep.Cle, rep.Numero = cle, x.number[cle]
		return rep, true, nil
	}
	if a.Cle != "" {
		if _, ours := x.number[a.Cle]; ours {
			return found(a.Cle)
		}
		return rep, false, nil
	}
	hire, ok := ParseDate(a.Embauche)
	if !ok {
		return rep, false, nil
	}
	column, digest := "par_nir", x.r.digestNIR(a.NIR.Reveal(), hire)
	if a.NIR == "" {
		birth, ok := ParseDate(a.Naissance)
		if !ok {
			return rep, false, nil
		}
		nom, prenom := Fold(a.Nom, JeuNom, largeurNom).Texte, Fold(a.Prenom, JeuNom, largeurNom).Texte
		column, digest = "par_nom", x.r.digestNom(nom, prenom, birth, hire)
	}
	rows, err := tx.QueryContext(x.ctx, `select d.cle from due_declaration d join due_lot_ligne l on l.declaration = d.id where l.lot = $1 and d.`+column+` = $2`,
		x.envoi.Lot, digest)
	if err != nil {
		return rep, false, fmt.Errorf("match an answer: %w", err)
	}
	defer rows.Close()
	var keys []string
	for rows.Next() {
		var cle string
		if err := rows.Scan(&cle); err != nil {
			return rep, false, fmt.Errorf("match an answer: %w", err)
		}
		keys = append(keys, cle)
	}
	if err := rows.Err(); err != nil || len(keys) != 1 {
		return rep, false, err
	}
	return found(keys[0])
}
