package slips

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"

	"paye/app/build"
	"paye/etats"
	"paye/internal/anomalie"
	"paye/internal/input"
	"paye/payslip"
	"paye/xhl"
)

// RubriquesFile is the table that is read of itself beside a journal.
const RubriquesFile = "rubriques.csv"

// titres are the groups of the classes of a rubriques.csv, as a bulletin has
// them. A class that is not here says nothing that the kind of a line does not.
var titres = map[etats.Classe]string{
	etats.Traitement: "Traitement et accessoires", etats.NBI: "Traitement et accessoires", etats.Residence: "Traitement et accessoires", etats.SFT: "Traitement et accessoires",
	etats.Absence: "Absences", etats.Avantage: "Avantages en nature",
	etats.IFSE: "Régime indemnitaire", etats.CIA: "Régime indemnitaire", etats.Prime: "Régime indemnitaire",
	etats.IHTS14: "Heures et astreintes", etats.IHTSPlus: "Heures et astreintes", etats.IHTSDimanche: "Heures et astreintes", etats.IHTSNuit: "Heures et astreintes",
	etats.HeuresCompl: "Heures et astreintes", etats.Astreinte: "Heures et astreintes", etats.Intervention: "Heures et astreintes", etats.Permanence: "Heures et astreintes",
	etats.Vacation: "Vacations", etats.IndemniteElu: "Indemnités d'élu", etats.Transport: "Transport et déplacements", etats.Deplacement: "Transport et déplacements",
	etats.CongesPayes: "Congés payés", etats.Chomage: "Indemnités de fin de fonctions", etats.Licenciement: "Indemnités de fin de fonctions", etats.CapitalDeces: "Capital décès",
	etats.IJSS: "Indemnités journalières", etats.Compensatrice: "Indemnités compensatrices", etats.ActionSociale: "Action sociale",
	etats.Cotisation: "Cotisations et contributions", etats.PAS: "Impôt sur le revenu", etats.Mutuelle: "Mutuelle et prévoyance",
	etats.Saisie: "Saisies", etats.Titres: "Titres restaurant", etats.Acompte: "Acomptes",
}

// Classes reads the rubriques.csv that the bulletins of a journal are grouped
// by: the one at path, or the one beside the journal, or in the folder of a
// run. It is nil when no path is given and none is there, or no journal: that is
// told by who opens the journal. A table that cannot be opened is an anomaly.
func Classes(path, journal string) (func(*xhl.LigneP) payslip.Classe, error) {
	beside := path == ""
	if beside && (journal == "" || journal == build.EntreeStandard) {
		return nil, nil
	}
	if beside {
		st, err := os.Stat(journal)
		if err != nil {
			return nil, nil
		}
		dir := filepath.Dir(journal)
		if st.IsDir() {
			dir = journal
		}
		path = filepath.Join(dir, RubriquesFile)
	}
	f, err := input.Open(path)
	if beside && errors.Is(err, fs.ErrNotExist) {
		return nil, nil
	}
	if anomalie.Unreachable(err) {
		return nil, build.Codes.Opening(build.EntreeIntrouvable, path, err)
	}
	if err != nil {
		return nil, fmt.Errorf("read the classes of the lines: %w", err)
	}
	defer f.Close()
	list, err := etats.ReadRubriques(f, path, nil)
	if err != nil {
		return nil, err
	}
	classes := make(map[etats.Cle]payslip.Classe, len(list))
	for _, r := range list {
		classes[r.Cle] = payslip.Classe{Titre: titres[r.Classe], Impot: r.Classe == etats.PAS}
	}
	return func(l *xhl.LigneP) payslip.Classe { return classes[etats.Cle{Code: l.Code, Nature: l.Nature}] }, nil
}
