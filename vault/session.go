package vault

import (
	"context"
	"encoding/json"
	"fmt"
	"time"

	"paye/internal/lang"
	"paye/vault/internal/acts"
	"paye/vault/internal/journal"
	"paye/vault/internal/keys"
)

// Versement is a session of deposit: what one journal became. It is one line
// of the suivi.
type Versement struct {
	ID        ID      `json:"id"`
	Employeur string  `json:"employeur"`
	Periode   Periode `json:"periode"`
	// Source identifies the input, such as its SHA-256: an interrupted session
	// of the same source is resumed, not begun again.
	Source   string    `json:"source"`
	Deposant string    `json:"deposant"` // the connector, as the suivi shows it
	Auteur   string    `json:"auteur"`   // who deposits: he does not validate
	Debut    time.Time `json:"debut"`
	Etape    Etape     `json:"etape"`
	Statut   Statut    `json:"statut"`
	Motif    string    `json:"motif,omitempty"` // code of the anomaly behind ✗ or ⊘
	Fichiers int       `json:"fichiers"`

	// Counted by the store.
	Documents int    `json:"documents"`
	Annexes   int    `json:"annexes"`
	Valides   int    `json:"valides"`
	AValider  int    `json:"a_valider"`
	ValidePar string `json:"valide_par,omitempty"`

	Bilan  Bilan   `json:"bilan"`
	Ecarts []Ecart `json:"ecarts,omitempty"` // the first MaxEcarts

	version int64
}

// MaxEcarts bounds the list of a session; the counts are always complete.
const MaxEcarts = 2000

// Distribue reports whether agents see the documents of the session.
func (v *Versement) Distribue() bool { return acts.Distributed(string(v.Etape)) }

// Bilan counts what became of the bulletins. Deposes + Papier + Refuses +
// EnAttente is always Bulletins.
type Bilan struct {
	Bulletins int `json:"bulletins"`
	Deposes   int `json:"deposes"`
	Deja      int `json:"deja,omitempty"` // of Deposes, those that an earlier session filed
	Papier    int `json:"papier"`
	Refuses   int `json:"refuses"`
	EnAttente int `json:"en_attente"`
}

// Juste verifies the invariant.
func (b Bilan) Juste() bool {
	return b.Deja >= 0 && b.Deposes >= b.Deja && b.Papier >= 0 && b.Refuses >= 0 && b.EnAttente >= 0 &&
		b.Deposes+b.Papier+b.Refuses+b.EnAttente == b.Bulletins
}

// Ecart is a bulletin that was not deposited, and why.
type Ecart struct {
	Matricule string `json:"matricule"`
	Nature    Nature `json:"nature"`
	Sequence  int    `json:"sequence"`
	Code      string `json:"code"` // of the anomaly; COF-219 for paper
}

// Etape is how far a session is.
type Etape string

const (
	Preparation  Etape = "preparation"
	Verification Etape = "verification"
	Distribution Etape = acts.StepDistribution
	Termine      Etape = acts.StepDone
	Rejete       Etape = "rejete"
	Annule       Etape = "annule"
)

// Statut is the sign of a session in the suivi.
type Statut string

const (
	StatutBon    Statut = "bon"    // ✓
	StatutRejete Statut = "rejete" // ✗
	StatutAction Statut = "action" // ⊘ somebody must look
)

var etapes = map[Etape]lang.Text{
	Preparation:  {FR: "Préparation", EN: "Preparation"},
	Verification: {FR: "Vérification", EN: "Verification"},
	Distribution: {FR: "Distribution", EN: "Distribution"},
	Termine:      {FR: "Terminé", EN: "Done"},
	Rejete:       {FR: "Rejeté", EN: "Rejected"},
	Annule:       {FR: "Annulé", EN: "Cancelled"},
}

// Texte names the step.
func (e Etape) Texte(l lang.Language) string { return etapes[e].In(l) }

// Signe is the sign of a status.
func (s Statut) Signe() string {
	switch s {
	case StatutBon:
		return "✓"
	case StatutRejete:
		return "✗"
	}
	return "⊘"
}

// OpenVersement implements [Depositaire].
func (c *Coffre) OpenVersement(ctx context.Context, par Acteur, v Versement) (Versement, error) {
	if err := c.require(ctx, par, v.Employeur, DroitDepot); err != nil {
		return v, c.denied(ctx, par, "versement", ID{}, err)
	}
	if _, err := c.activeEmployer(ctx, v.Employeur); err != nil {
		return v, c.denied(ctx, par, "versement", ID{}, err)
	}
	if !v.Periode.Valid() || !acts.Clean(v.Source, 256) || !acts.Clean(v.Deposant, 64) {
		return v, Codes.New("COF-201", "versement")
	}
	list, err := c.versements(ctx, v.Employeur)
	if err != nil {
		return v, err
	}
	for _, old := range list {
		if old.Etape == Preparation && old.Periode == v.Periode && old.Source == v.Source {
			return old, nil
		}
	}
	id, err := keys.Draw(c.opts.Random, 16)
	if err != nil {
		return v, err
	}
	v.ID, v.Auteur, v.Debut, v.Etape, v.Statut = ID(id), par.Nom, c.now().Truncate(time.Millisecond), Preparation, StatutBon
	v.Documents, v.Annexes, v.Valides, v.AValider, v.ValidePar = 0, 0, 0, 0, ""
	v.Fichiers = max(v.Fichiers, 1)
	return c.putVersement(ctx, par, v, 0)
}

func (c *Coffre) putVersement(ctx context.Context, par Acteur, v Versement, version int64) (Versement, error) {
	value, err := journal.Marshal(v)
	if err != nil {
		return v, err
	}
	err = c.putFiche(ctx, par.Nom, Fiche{Genre: acts.FicheVersement, Cle: v.ID.String(), Employeur: v.Employeur, Version: version, Valeur: value})
	v.version = version + 1
	return v, err
}

func (c *Coffre) versement(ctx context.Context, id ID) (Versement, error) {
	var v Versement
	f, err := c.book.ReadFiche(ctx, acts.FicheVersement, id.String(), &v)
	if err == nil && f.Valeur == nil {
		err = Codes.New("COF-501")
	}
	v.version = f.Version
	return v, err
}

// SaveVersement implements [Depositaire].
func (c *Coffre) SaveVersement(ctx context.Context, par Acteur, v Versement) (Versement, error) {
	old, err := c.versement(ctx, v.ID)
	if err != nil {
		return v, err
	}
	if err := c.require(ctx, par, old.Employeur, DroitDepot); err != nil {
		return v, c.denied(ctx, par, "versement", v.ID, err)
	}
	if old.Etape != Preparation {
		if v.Etape == Verification && old.Bilan == v.Bilan && (old.Etape == Verification || old.Etape == Termine) {
			return old, nil // said twice, as a client does that heard no answer
		}
		return v, Codes.New("COF-502", string(old.Etape))
	}
	if v.Etape != Preparation && v.Etape != Verification && v.Etape != Annule {
		return v, Codes.New("COF-502", string(v.Etape))
	}
	if !v.Bilan.Juste() || len(v.Ecarts) > MaxEcarts {
		return v, Codes.New("COF-503")
	}
	next := old
	next.Etape, next.Statut, next.Motif, next.Bilan, next.Ecarts, next.Fichiers = v.Etape, v.Statut, v.Motif, v.Bilan, v.Ecarts, max(v.Fichiers, 1)
	err = c.book.Read.QueryRowContext(ctx, "SELECT count(*) FILTER (WHERE nature=?), count(*) FILTER (WHERE nature=?) FROM documents WHERE versement=? AND copies<>0",
		Bulletin, Annexe, v.ID[:]).Scan(&next.Documents, &next.Annexes)
	if err != nil {
		return v, fmt.Errorf("count the documents of a session: %w", err)
	}
	if next.Etape == Verification {
		if filed := next.Bilan.Deposes - next.Bilan.Deja; next.Documents != filed {
			return v, Codes.New("COF-504", next.Documents, filed)
		}
		e, err := c.activeEmployer(ctx, old.Employeur)
		if err != nil {
			return v, err
		}
		next.AValider = next.Documents
		if !e.DoubleValidation {
			next.Etape, next.Valides = Termine, next.Documents
		}
	}
	return c.putVersement(ctx, par, next, old.version)
}

// Validate implements [Guichet].
func (c *Coffre) Validate(ctx context.Context, par Acteur, id ID) (Versement, error) {
	return c.decide(ctx, par, id, func(v *Versement) {
		v.Etape, v.Valides, v.ValidePar = Termine, v.Documents, par.Nom
	})
}

// Reject implements [Guichet].
func (c *Coffre) Reject(ctx context.Context, par Acteur, id ID, motif string) (Versement, error) {
	if motif == "" || !acts.Clean(motif, 256) {
		return Versement{}, Codes.New("COF-207")
	}
	return c.decide(ctx, par, id, func(v *Versement) {
		v.Etape, v.Statut, v.Motif, v.ValidePar = Rejete, StatutRejete, motif, par.Nom
	})
}

func (c *Coffre) decide(ctx context.Context, par Acteur, id ID, change func(*Versement)) (Versement, error) {
	v, err := c.versement(ctx, id)
	if err != nil {
		return v, err
	}
	if err := c.require(ctx, par, v.Employeur, DroitValidation); err != nil {
		return v, c.denied(ctx, par, "validation", id, err)
	}
	if v.Etape != Verification {
		return v, Codes.New("COF-502", string(v.Etape))
	}
	if v.Auteur == par.Nom {
		return v, c.denied(ctx, par, "validation", id, Codes.New("COF-505"))
	}
	version := v.version
	change(&v)
	return c.putVersement(ctx, par, v, version)
}

func (c *Coffre) versements(ctx context.Context, siret string) ([]Versement, error) {
	var list []Versement
	for f, err := range c.book.Fiches(ctx, acts.FicheVersement, siret) {
		if err != nil {
			return nil, err
		}
		var v Versement
		if err := json.Unmarshal(f.Valeur, &v); err != nil {
			return nil, fmt.Errorf("read the fiche of a session: %w", err)
		}
		v.version = f.Version
		list = append(list, v)
	}
	sortBy(list, func(v Versement) string {
		return fmt.Sprintf("%020d", int64(1)<<62-v.Debut.UnixMilli()) + v.ID.String()
	})
	return list, nil
}

// Versements implements [Depositaire].
func (c *Coffre) Versements(ctx context.Context, par Acteur, siret string) ([]Versement, error) {
	if err := c.require(ctx, par, siret, DroitSuivi, DroitDepot, DroitValidation); err != nil {
		return nil, c.denied(ctx, par, "suivi", ID{}, err)
	}
	return c.versements(ctx, siret)
}
