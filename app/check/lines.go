package check

import (
	"paye/internal/anomalie"
	"paye/pespj"
)

// The exit codes of a check, as the documents give them.
const (
	exitGood    = 0
	exitFaults  = 3
	exitUnknown = 11
)

// ExitCode is what the report comes to: whether a file is of no known kind,
// else whether there are errors, or with schemaOnly whether the schema is kept.
func (r *Rapport) ExitCode(found *Constats, schemaOnly bool) int {
	for _, f := range r.Fichiers {
		if f.Genre == Inconnu {
			return exitUnknown
		}
	}
	if schemaOnly && !r.SchemaValide() || !schemaOnly && found.Erreurs > 0 {
		return exitFaults
	}
	return exitGood
}

// Lines is the report as the values of its JSON lines, the same in every
// language and in every front: each file after its first anomalies, the set,
// and the result with the exit code.
func (r *Rapport) Lines(found *Constats, exit int) []any {
	var lines []any
	for _, f := range r.Fichiers {
		lines = append(f.Constats.exampleLines(lines), f.line(r.Limite))
	}
	if l := r.Lot; l != nil {
		lines = append(l.Constats.exampleLines(lines), map[string]any{
			"type": "lot", "siret": l.Siret, "annee": l.Annee, "mois": l.Mois, "train": l.Train, "journaux": l.Journaux,
			"bulletins": l.Bulletins, "pieces": l.Pieces, "manifeste": l.Manifeste,
			"erreurs": l.Erreurs, "avertissements": l.Avertissements, "infos": l.Infos, "codes": l.codeLines(),
		})
	}
	return append(lines, map[string]any{
		"type": "result", "ok": exit == exitGood, "exit": exit, "schema_valide": r.SchemaValide(), "schema_valide_java": r.SchemaValideJava(), "fichiers": len(r.Fichiers),
		"erreurs": found.Erreurs, "avertissements": found.Avertissements, "infos": found.Infos,
	})
}

func (c *Constats) exampleLines(lines []any) []any {
	for _, compte := range c.Comptes() {
		for _, a := range compte.Exemples {
			lines = append(lines, a)
		}
	}
	return lines
}

// codeLine is how often a code was found.
type codeLine struct {
	Code    string           `json:"code"`
	Gravite anomalie.Gravite `json:"gravite"`
	N       int              `json:"n"`
}

func (c *Constats) codeLines() []codeLine {
	list := []codeLine{}
	for _, compte := range c.Comptes() {
		list = append(list, codeLine{compte.Code, compte.Gravite, compte.N})
	}
	return list
}

// plateformeLine is what a platform would say of the size of a file.
type plateformeLine struct {
	Nom    string `json:"nom"`
	Octets int64  `json:"octets"`
	Exact  bool   `json:"exact"` // whether this very number of bytes is known
	Passe  bool   `json:"passe"`
}

// journalLine is a journal of a file.
type journalLine struct {
	Nom          string `json:"nom"`
	Schema       string `json:"schema"`
	SchemaValide bool   `json:"schema_valide"`
	Java         bool   `json:"schema_valide_java"`
	Conforme     bool   `json:"conforme"`
	Encodage     string `json:"encodage"`
	Bulletins    int    `json:"bulletins"`
	Groupes      int    `json:"groupes"`
	Octets       int64  `json:"octets"`
	Repartition  bool   `json:"repartition"`
}

func (f *Fichier) line(limite int64) map[string]any {
	m := map[string]any{
		"type": "fichier", "fichier": f.Nom, "genre": f.Genre.String(), "gzip": f.Gzip, "octets": f.Octets,
		"schema_valide": f.SchemaValide, "schema_valide_java": f.SchemaValideJava, "conforme": f.Conforme, "pieces": f.Pieces,
		"erreurs": f.Erreurs, "avertissements": f.Avertissements, "infos": f.Infos, "codes": f.codeLines(),
	}
	if limite > 0 {
		m["limit"], m["passe"] = limite, f.Octets <= limite
	}
	bulletins := 0
	journaux := []journalLine{}
	for _, j := range f.Journaux {
		b := j.Bilan
		bulletins += b.Bulletins
		journaux = append(journaux, journalLine{j.Nom, b.Version.String(), b.SchemaValide, b.SchemaValideJava, b.Conforme, b.Encodage, b.Bulletins, b.Groupes, b.Octets, b.RepartitionParNature != nil})
	}
	if f.Genre != Acquit {
		m["bulletins"], m["journaux"] = bulletins, journaux
	}
	if employer, siret, annee, mois := f.Paye(); siret != "" {
		m["employeur"], m["siret"], m["mois"] = employer, siret, annee+"-"+mois
	}
	if f.Flux != nil {
		m["nomfic"], m["siret"] = f.Flux.NomFic, f.Flux.IdColl
		m["idpost"], m["codcol"], m["codbud"] = f.Flux.IdPost, f.Flux.CodCol, f.Flux.CodBud
	}
	if f.Genre == PES {
		list := []plateformeLine{}
		for _, pf := range pespj.Plateformes {
			list = append(list, plateformeLine{pf.Nom, pf.Octets, pf.Sure, f.Octets <= pf.Octets})
		}
		m["plateformes"] = list
	}
	if a := f.Reponses; a != nil {
		m["acceptes"], m["refuses"], m["sans_etat"], m["refus_global"] = a.Acceptes, a.Refus, a.Illisibles, a.RefusGlobal
	}
	return m
}

// NewConstats holds anomalies that come one by one: all are counted, at most
// max examples a code are kept.
func NewConstats(max int) *Constats { return &Constats{max: max} }

// Add counts an anomaly.
func (c *Constats) Add(a *anomalie.Anomalie) { c.add(a) }
