package due

import (
	"context"
	"crypto/hmac"
	"crypto/sha256"
	"database/sql"
	"embed"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"strings"

	"paye/internal/ledger"
)

//go:embed migrations/*.sql
var migrations embed.FS

// Schema is the tables of this package in the ledger.
func Schema() (ledger.Schema, error) {
	files, err := fs.Sub(migrations, "migrations")
	if err != nil {
		return ledger.Schema{}, fmt.Errorf("open the migrations of the declarations: %w", err)
	}
	return ledger.Schema{Name: "due", Files: files}, nil
}

// Registre is the memory of the declarations of one employer, in a ledger that
// was opened with [Schema]. It is safe for concurrent use, also by several
// processes.
type Registre struct {
	l      *ledger.Ledger
	siret  string
	qui    string
	secret []byte
}

// OpenRegistre opens the memory of the employer siret; qui is who acts, and
// random gives the key of the digests the first time.
func OpenRegistre(ctx context.Context, l *ledger.Ledger, siret, qui string, random io.Reader) (*Registre, error) {
	r := &Registre{l: l, siret: siret, qui: qui}
	err := l.Update(ctx, func(tx ledger.Tx) error {
		err := tx.QueryRowContext(ctx, `select valeur from due_reglage where cle = 'secret'`).Scan(&r.secret)
		if !errors.Is(err, sql.ErrNoRows) {
			return err
		}
		r.secret = make([]byte, sha256.Size)
		if _, err := io.ReadFull(random, r.secret); err != nil {
			return err
		}
		_, err = tx.ExecContext(ctx, `insert into due_reglage (cle, valeur) values ('secret', $1)`, r.secret)
		return err
	})
	if err != nil {
		return nil, fmt.Errorf("open the memory of the declarations: %w", err)
	}
	return r, nil
}

// digest is the keyed digest of the parts.
func (r *Registre) digest(parts ...string) []byte {
	mac := hmac.New(sha256.New, r.secret)
	for _, p := range parts {
		fmt.Fprintf(mac, "%d:%s", len(p), p)
	}
	return mac.Sum(nil)
}

// empreintes is what the memory recognises a hire by.
type empreintes struct {
	contenu, identite, parNIR, parNom []byte
}

func (r *Registre) empreintes(d *Declaration) empreintes {
	var content strings.Builder
	for i := range FeuillesEmbauche {
		content.WriteString(FeuillesEmbauche[i].de(d))
		content.WriteByte('|')
	}
	e := empreintes{
		contenu:  r.digest("contenu", content.String()),
		identite: r.digest("identite", identite(r.siret, d)),
		parNom:   r.digestNom(d.NomNaissance, d.Prenom, d.DateNaissance, d.DateDebut),
	}
	if d.NIR != "" {
		e.parNIR = r.digestNIR(d.NIR.Reveal(), d.DateDebut)
	}
	return e
}

func (r *Registre) digestNIR(nir string, hire Date) []byte {
	return r.digest("nir", nir, hire.String())
}

func (r *Registre) digestNom(nom, prenom string, birth, hire Date) []byte {
	return r.digest("nom", nom, prenom, birth.String(), hire.String())
}

// Situation answers for a Controleur: the key of a hire, and whether it is
// already declared.
func (r *Registre) Situation(ctx context.Context, d *Declaration) (Situation, error) {
	db := r.l.DB()
	var s Situation
	row, err := scanDeclaration(db.QueryRowContext(ctx, selectDeclaration+`d.siret = $1 and d.contrat = $2 order by d.id desc limit 1`, r.siret, d.Contrat))
	if err != nil && !errors.Is(err, sql.ErrNoRows) {
		return Situation{}, fmt.Errorf("look for contract %s: %w", d.Contrat, err)
	}
	if err == nil {
		s.Cle = row.cle
		if row.etat.declared() || row.enRoute() {
			s.Declaree = true
			return s, nil
		}
		if !row.etat.open() {
			s.Cle = ""
		}
	}
	if s.Cle == "" {
		var fault error
		s.Cle = newKey(r.siret, d.Contrat, func(cle string) bool {
			var n int
			err := db.QueryRowContext(ctx, `select count(*) from due_declaration where siret = $1 and cle = $2`, r.siret, cle).Scan(&n)
			fault = errors.Join(fault, err)
			return err == nil && n > 0
		})
		if fault != nil {
			return Situation{}, fmt.Errorf("make the key of contract %s: %w", d.Contrat, fault)
		}
	}
	s.Doublon, err = r.twin(ctx, db, r.empreintes(d).identite, d.Contrat)
	return s, err
}

// twin is the key of a declaration of the same hire under another contract,
// that has left or may have; empty when there is none.
func (r *Registre) twin(ctx context.Context, q ledger.DB, identite []byte, contrat string) (string, error) {
	var cle string
	err := q.QueryRowContext(ctx,
		`select d.cle from due_declaration d left join due_lot l on l.id = d.lot where d.identite = $1 and d.contrat <> $2
		 and (d.etat in ('emise', 'deposee', 'conforme', 'enregistree', 'faite_ailleurs')
		      or d.etat = 'ecrite_reel' and l.etat in ('en_envoi', 'incertain'))`, identite, contrat).Scan(&cle)
	if err != nil && !errors.Is(err, sql.ErrNoRows) {
		return "", fmt.Errorf("look for a twin of contract %s: %w", contrat, err)
	}
	return cle, nil
}

// ligneDeclaration is a row that is about to move.
type ligneDeclaration struct {
	id         int64
	cle        string
	contrat    string
	matricule  string
	etat       Etat
	contenu    []byte
	lot        sql.NullString
	code       string
	reference  string
	indicateur string  // of its lot, empty without one
	etatLot    EtatLot // of its lot
}

// enRoute reports whether the batch of a declaration that has not moved yet
// may already be at the receiver: nothing may be done about it but wait, or
// send the same batch again.
func (d *ligneDeclaration) enRoute() bool {
	return d.etat == EcriteReel && (d.etatLot == LotEnEnvoi || d.etatLot == LotIncertain)
}

const selectDeclaration = `select d.id, d.cle, d.contrat, d.matricule, d.etat, d.contenu, d.lot, d.code, d.reference, coalesce(l.indicateur, ''), coalesce(l.etat, '')
	from due_declaration d left join due_lot l on l.id = d.lot where `

func scanDeclaration(row interface{ Scan(...any) error }) (ligneDeclaration, error) {
	var d ligneDeclaration
	err := row.Scan(&d.id, &d.cle, &d.contrat, &d.matricule, &d.etat, &d.contenu, &d.lot, &d.code, &d.reference, &d.indicateur, &d.etatLot)
	return d, err
}

// mouvement is why a declaration moves.
type mouvement struct {
	vers   Etat
	lot    string
	sha256 string // of the file or the answer that proves it
	motif  string
}

// move takes d to another state and journals it. It refuses what the states
// do not allow, and a registration of a test.
func (r *Registre) move(ctx context.Context, tx ledger.Tx, d *ligneDeclaration, m mouvement) error {
	if !d.etat.Leads(m.vers) {
		return Codes.New("DUE-E01", d.cle, string(d.etat), string(m.vers))
	}
	left := m.vers.waiting() || m.vers == Enregistree
	if left && d.indicateur != string(rune(Reel)) {
		return Codes.New("DUE-E05", d.cle, string(m.vers))
	}
	if _, err := tx.ExecContext(ctx, `update due_declaration set etat = $1, modifie = $2 where id = $3`,
		string(m.vers), ledger.Time(r.l.Now()), d.id); err != nil {
		return fmt.Errorf("move declaration %s to %s: %w", d.cle, m.vers, err)
	}
	from := d.etat
	d.etat = m.vers
	return r.journal(ctx, tx, d.id, from, m)
}

// journal appends to the history of a declaration.
func (r *Registre) journal(ctx context.Context, tx ledger.Tx, id int64, from Etat, m mouvement) error {
	_, err := tx.ExecContext(ctx,
		`insert into due_historique (declaration, quand, qui, de, vers, lot, sha256, motif) values ($1, $2, $3, $4, $5, $6, $7, $8)`,
		id, ledger.Time(r.l.Now()), r.qui, string(from), string(m.vers), m.lot, m.sha256, m.motif)
	if err != nil {
		return fmt.Errorf("write the history of a declaration: %w", err)
	}
	return nil
}

// Note records what a check found: a declaration that is complete becomes
// Controlee, one that changed since goes through Brouillon again.
func (r *Registre) Note(ctx context.Context, b *Bilan) error {
	return r.l.Update(ctx, func(tx ledger.Tx) error {
		for i := range b.Declarations {
			if _, err := r.note(ctx, tx, &b.Declarations[i]); err != nil {
				return err
			}
		}
		for _, contrat := range b.Refusees {
			if err := r.reopen(ctx, tx, contrat); err != nil {
				return err
			}
		}
		return nil
	})
}

// reopen takes the declaration of a contract that no longer passes back to
// Brouillon, so that what was written of it cannot leave.
func (r *Registre) reopen(ctx context.Context, tx ledger.Tx, contrat string) error {
	row, err := scanDeclaration(tx.QueryRowContext(ctx,
		selectDeclaration+`d.siret = $1 and d.contrat = $2 order by d.id desc limit 1`, r.siret, contrat))
	if errors.Is(err, sql.ErrNoRows) {
		return nil
	}
	if err != nil {
		return fmt.Errorf("look for contract %s: %w", contrat, err)
	}
	if !row.etat.open() || row.etat == Brouillon || row.enRoute() {
		return nil
	}
	return r.move(ctx, tx, &row, mouvement{vers: Brouillon, motif: "fiche en erreur"})
}

// note records one complete declaration and returns its row, which is
// Controlee or written.
func (r *Registre) note(ctx context.Context, tx ledger.Tx, d *Declaration) (*ligneDeclaration, error) {
	e := r.empreintes(d)
	row, err := scanDeclaration(tx.QueryRowContext(ctx, selectDeclaration+`d.siret = $1 and d.cle = $2`, r.siret, d.Cle))
	if errors.Is(err, sql.ErrNoRows) {
		return r.insert(ctx, tx, d, e)
	}
	if err != nil {
		return nil, fmt.Errorf("look for declaration %s: %w", d.Cle, err)
	}
	if !row.etat.open() || row.enRoute() {
		return nil, Codes.New("DUE-E06", d.Contrat)
	}
	if row.etat != Brouillon && !hmac.Equal(row.contenu, e.contenu) {
		if err := r.move(ctx, tx, &row, mouvement{vers: Brouillon, motif: "fiche modifiee"}); err != nil {
			return nil, err
		}
	}
	if row.etat == Brouillon {
		if _, err := tx.ExecContext(ctx,
			`update due_declaration set contenu = $1, identite = $2, par_nir = $3, par_nom = $4, embauche = $5, matricule = $6 where id = $7`,
			e.contenu, e.identite, e.parNIR, e.parNom, d.DateDebut.String(), d.Matricule, row.id); err != nil {
			return nil, fmt.Errorf("record declaration %s: %w", d.Cle, err)
		}
		if err := r.move(ctx, tx, &row, mouvement{vers: Controlee}); err != nil {
			return nil, err
		}
	}
	return &row, nil
}

// insert records a declaration for the first time; it replaces the refused one
// of the same contract when there is one.
func (r *Registre) insert(ctx context.Context, tx ledger.Tx, d *Declaration, e empreintes) (*ligneDeclaration, error) {
	former, err := scanDeclaration(tx.QueryRowContext(ctx,
		selectDeclaration+`d.siret = $1 and d.contrat = $2 order by d.id desc limit 1`, r.siret, d.Contrat))
	if err != nil && !errors.Is(err, sql.ErrNoRows) {
		return nil, fmt.Errorf("look for contract %s: %w", d.Contrat, err)
	}
	replaces := sql.NullInt64{Int64: former.id, Valid: err == nil && former.etat.refused()}
	if err == nil && !replaces.Valid && former.etat != Annulee {
		return nil, Codes.New("DUE-E06", d.Contrat)
	}
	var id int64
	err = tx.QueryRowContext(ctx,
		`insert into due_declaration (siret, cle, contrat, matricule, embauche, etat, contenu, identite, par_nir, par_nom, remplace, modifie)
		 values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12) returning id`,
		r.siret, d.Cle, d.Contrat, d.Matricule, d.DateDebut.String(), string(Brouillon),
		e.contenu, e.identite, e.parNIR, e.parNom, replaces, ledger.Time(r.l.Now())).Scan(&id)
	if err != nil {
		return nil, fmt.Errorf("record declaration %s: %w", d.Cle, err)
	}
	row := &ligneDeclaration{id: id, cle: d.Cle, contrat: d.Contrat, matricule: d.Matricule, etat: Brouillon, contenu: e.contenu}
	if err := r.journal(ctx, tx, id, "", mouvement{vers: Brouillon}); err != nil {
		return nil, err
	}
	if replaces.Valid {
		if err := r.move(ctx, tx, &former, mouvement{vers: Remplacee, motif: "remplacee par " + d.Cle}); err != nil {
			return nil, err
		}
	}
	return row, r.move(ctx, tx, row, mouvement{vers: Controlee})
}
