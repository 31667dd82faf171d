package due

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"time"

	"paye/internal/lang"
	"paye/internal/ledger"
)

// NatureEvenement is the kind of a record of the set-up.
type NatureEvenement string

const (
	EvContact       NatureEvenement = "contact"        // the receiving centre was told; Detail says who
	EvChemins       NatureEvenement = "chemins"        // the three paths were confirmed; Detail holds them
	EvCleTest       NatureEvenement = "cle_test"       // test key of the recipient, by its fingerprint
	EvEnvoi         NatureEvenement = "envoi"          // the file of a step has left
	EvAR            NatureEvenement = "ar"             // its answer came and accepts it
	EvARRefus       NatureEvenement = "ar_refus"       // its answer came and refuses it
	EvConventions   NatureEvenement = "conventions"    // agreements returned; Detail is the date, Empreinte the document's digest
	EvCleDefinitive NatureEvenement = "cle_definitive" // production key imported
	EvConfirmation  NatureEvenement = "confirmation"   // its fingerprint confirmed by a second user
)

// Evenement is one record of the set-up: appended, never changed.
type Evenement struct {
	Quand     time.Time
	Qui       string
	Nature    NatureEvenement
	Etape     int
	Lot       string
	Empreinte string
	Detail    string
}

// EtatEtape is one of the steps 4, 5 and 6: one send and one answer.
type EtatEtape struct {
	Awaits string // batch whose answer is awaited
	Preuve string // batch whose answer validated the step
	Echecs int
}

// Progression is how far the set-up is. It is only ever derived from the
// records, so that no settings file can open what they do not.
type Progression struct {
	Contact         bool
	Chemins         string
	CleTest         string // fingerprint
	Conventions     bool
	CleDefinitive   string
	ImporteePar     string
	ConfirmeePar    string
	Chiffrement     EtatEtape // étape 4
	Serveur         EtatEtape // étape 5
	CleFinale       EtatEtape // étape 6
	lotsDeLaRecette map[string]bool
}

// Ouvert reports whether real declarations may leave, encrypted for the key of
// this fingerprint.
func (p *Progression) Ouvert(empreinte string) bool {
	return p.CleFinale.Preuve != "" && p.Serveur.Preuve != "" && p.Chiffrement.Preuve != "" && p.CleDefinitive != "" && empreinte == p.CleDefinitive
}

// Etape is the state of step n, nil for another number than 4, 5 and 6.
func (p *Progression) Etape(n int) *EtatEtape {
	switch n {
	case 4:
		return &p.Chiffrement
	case 5:
		return &p.Serveur
	case 6:
		return &p.CleFinale
	}
	return nil
}

// Cle is the fingerprint of the key that the file of step n is encrypted for.
func (p *Progression) Cle(n int) string {
	if n == 6 {
		return p.CleDefinitive
	}
	return p.CleTest
}

// Next applies one record, or says why it cannot come now; p is then
// unchanged.
func (p *Progression) Next(e Evenement) error {
	switch e.Nature {
	case EvContact:
		p.Contact = true
		return nil
	case EvChemins:
		p.Chemins = e.Detail
		return nil
	case EvEnvoi:
		return p.envoi(e)
	case EvAR, EvARRefus:
		return p.reponse(e)
	}
	if !p.Contact {
		return Codes.New("DUE-S01", preconditionContact)
	}
	switch e.Nature {
	case EvCleTest:
		if e.Empreinte != p.CleTest { // what was proved was proved with another key
			p.CleTest, p.Chiffrement, p.Serveur = e.Empreinte, EtatEtape{}, EtatEtape{}
		}
	case EvConventions:
		p.Conventions = true
	case EvCleDefinitive:
		if p.Serveur.Preuve == "" || !p.Conventions {
			return Codes.New("DUE-S01", preconditionDefinitive)
		}
		p.CleDefinitive, p.ImporteePar, p.ConfirmeePar, p.CleFinale = e.Empreinte, e.Qui, "", EtatEtape{}
	case EvConfirmation:
		switch {
		case p.CleDefinitive == "" || e.Empreinte != p.CleDefinitive:
			return Codes.New("DUE-S03")
		case e.Qui == p.ImporteePar || e.Qui == "":
			return Codes.New("DUE-S04")
		}
		p.ConfirmeePar = e.Qui
	default:
		return fmt.Errorf("record of the set-up of unknown nature %q", e.Nature)
	}
	return nil
}

func (p *Progression) envoi(e Evenement) error {
	step := p.Etape(e.Etape)
	if err := p.MaySend(e.Etape); err != nil {
		return err
	}
	if p.lotsDeLaRecette[e.Lot] || e.Lot == "" {
		return Codes.New("DUE-S06")
	}
	if p.lotsDeLaRecette == nil {
		p.lotsDeLaRecette = make(map[string]bool)
	}
	p.lotsDeLaRecette[e.Lot] = true
	step.Awaits = e.Lot
	return nil
}

// MaySend returns nil when the file of step n may leave now.
func (p *Progression) MaySend(n int) error {
	step := p.Etape(n)
	if step == nil {
		return Codes.New("DUE-S05", "")
	}
	switch {
	case n == 4 && (!p.Contact || p.CleTest == ""):
		return Codes.New("DUE-S01", preconditionCleTest)
	case n == 5 && p.Chiffrement.Preuve == "":
		return Codes.New("DUE-S01", "étape 4")
	case n == 6 && p.ConfirmeePar == "":
		return Codes.New("DUE-S01", preconditionConfirmation)
	case step.Awaits != "":
		return Codes.New("DUE-S02", n, step.Awaits)
	}
	return nil
}

// MaySend returns nil when the file of step n may leave now: the records allow
// it, and no batch of the step has left without its end being recorded.
func (r *Registre) MaySend(ctx context.Context, n int) error {
	return r.maySend(ctx, r.l.DB(), n, "")
}

// maySend is MaySend for the batch lot, which may be sent once more itself.
func (r *Registre) maySend(ctx context.Context, q ledger.DB, n int, lot string) error {
	p, err := r.progression(ctx, q)
	if err != nil {
		return err
	}
	step := p.Etape(n)
	if err := p.MaySend(n); err != nil && (step == nil || lot == "" || step.Awaits != lot) {
		return err
	}
	var other string
	err = q.QueryRowContext(ctx, `select id from due_lot where siret = $1 and etape = $2 and id <> $3 and etat in ('en_envoi', 'incertain') order by id limit 1`,
		r.siret, n, lot).Scan(&other)
	if errors.Is(err, sql.ErrNoRows) {
		return nil
	}
	if err != nil {
		return fmt.Errorf("look for the batches of step %d: %w", n, err)
	}
	return Codes.New("DUE-S02", n, other)
}

func (p *Progression) reponse(e Evenement) error {
	step := p.Etape(e.Etape)
	if step == nil || step.Awaits != e.Lot || e.Lot == "" {
		return Codes.New("DUE-S05", e.Lot)
	}
	step.Awaits = ""
	if e.Nature == EvAR {
		step.Preuve = e.Lot
	} else {
		step.Echecs++
	}
	return nil
}

// The conditions that DUE-S01 names, as `xhl due setup` writes them.
const (
	preconditionContact      = "xhl due setup contact"
	preconditionCleTest      = "xhl due setup cle-test"
	preconditionDefinitive   = "étape 5, xhl due setup conventions"
	preconditionConfirmation = "xhl due setup cle-definitive, xhl due setup confirmer"
)

// Setup records one step of the set-up, when it can come now.
func (r *Registre) Setup(ctx context.Context, e Evenement) error {
	return r.l.Update(ctx, func(tx ledger.Tx) error { return r.setup(ctx, tx, e) })
}

func (r *Registre) setup(ctx context.Context, tx ledger.Tx, e Evenement) error {
	p, err := r.progression(ctx, tx)
	if err != nil {
		return err
	}
	e.Qui = r.qui
	if err := p.Next(e); err != nil {
		return err
	}
	_, err = tx.ExecContext(ctx,
		`insert into due_installation (siret, quand, qui, nature, etape, lot, empreinte, detail) values ($1, $2, $3, $4, $5, $6, $7, $8)`,
		r.siret, ledger.Time(r.l.Now()), e.Qui, string(e.Nature), e.Etape, e.Lot, e.Empreinte, e.Detail)
	if err != nil {
		return fmt.Errorf("record the set-up: %w", err)
	}
	return nil
}

// Progression is how far the set-up is.
func (r *Registre) Progression(ctx context.Context) (*Progression, error) {
	return r.progression(ctx, r.l.DB())
}

func (r *Registre) progression(ctx context.Context, q ledger.DB) (*Progression, error) {
	list, err := r.evenements(ctx, q)
	if err != nil {
		return nil, err
	}
	p := new(Progression)
	for _, e := range list {
		if err := p.Next(e); err != nil {
			return nil, fmt.Errorf("replay the set-up: %w", err)
		}
	}
	return p, nil
}

// Evenements is the records of the set-up, oldest first.
func (r *Registre) Evenements(ctx context.Context) ([]Evenement, error) {
	return r.evenements(ctx, r.l.DB())
}

func (r *Registre) evenements(ctx context.Context, q ledger.DB) ([]Evenement, error) {
	rows, err := q.QueryContext(ctx,
		`select quand, qui, nature, etape, lot, empreinte, detail from due_installation where siret = $1 order by id`, r.siret)
	if err != nil {
		return nil, fmt.Errorf("read the set-up: %w", err)
	}
	defer rows.Close()
	var list []Evenement
	for rows.Next() {
		var e Evenement
		var quand string
		if err := rows.Scan(&quand, &e.Qui, &e.Nature, &e.Etape, &e.Lot, &e.Empreinte, &e.Detail); err != nil {
			return nil, fmt.Errorf("read the set-up: %w", err)
		}
		if e.Quand, err = ledger.ParseTime(quand); err != nil {
			return nil, err
		}
		list = append(list, e)
	}
	if err := rows.Err(); err != nil {
		return nil, fmt.Errorf("read the set-up: %w", err)
	}
	return list, nil
}

// Libelle is the record for people.
func (n NatureEvenement) Libelle(l lang.Language) string {
	if t, ok := evenements[n]; ok {
		return t.In(l)
	}
	return string(n)
}

var evenements = map[NatureEvenement]lang.Text{
	EvContact:       {FR: "centre prévenu", EN: "centre told"},
	EvChemins:       {FR: "trois chemins confirmés", EN: "three paths confirmed"},
	EvCleTest:       {FR: "clé de test", EN: "test key"},
	EvEnvoi:         {FR: "envoi", EN: "sent"},
	EvAR:            {FR: "AR accepté", EN: "AR accepted"},
	EvARRefus:       {FR: "AR refusé", EN: "AR refused"},
	EvConventions:   {FR: "conventions d'adhésion", EN: "agreements"},
	EvCleDefinitive: {FR: "clé définitive importée", EN: "final key imported"},
	EvConfirmation:  {FR: "clé définitive confirmée", EN: "final key confirmed"},
}
