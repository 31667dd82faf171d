package etats

import (
	"io"
	"strings"

	"paye/internal/anomalie"
)

var justificatifsColumns = []string{"matricule", "id_unique", "fichier", "nom", "description", "support", "type", "effet"}

// ReadJustificatifs reads a justificatifs.csv, with its optional columns type
// (a kind of document, or words for it) and effet (AAAA-MM-JJ).
func ReadJustificatifs(r io.Reader, fichier string, tell func(*anomalie.Anomalie)) ([]Justificatif, error) {
	t, err := readTable(r, fichier, justificatifsColumns, 2, tell)
	if err != nil {
		return nil, err
	}
	var list []Justificatif
	for i := range t.rows {
		row := &t.rows[i]
		j := Justificatif{Matricule: row.get("matricule"), IdUnique: row.get("id_unique"), Nom: row.get("nom"), Description: row.get("description"),
			Support: row.get("support"), Type: row.get("type"), Effet: row.get("effet")}
		file := row.get("fichier")
		if j.Matricule == "" || file == "" && j.IdUnique == "" && j.Support == "" {
			continue // a line that is still to be filled in
		}
		if j.Nom == "" {
			j.Nom = file[strings.LastIndexAny(file, `/\`)+1:]
		}
		list = append(list, j)
	}
	return list, nil
}

var causesColumns = []string{"type", "code", "facteur", "texte", "id_unique"}

// ReadCauses reads a causes.csv: how the user calls general causes.
func ReadCauses(r io.Reader, fichier string, tell func(*anomalie.Anomalie)) ([]CauseNommee, error) {
	t, err := readTable(r, fichier, causesColumns, 4, tell)
	if err != nil {
		return nil, err
	}
	var list []CauseNommee
	for i := range t.rows {
		row := &t.rows[i]
		list = append(list, CauseNommee{Type: row.get("type"), Code: row.get("code"), Facteur: row.get("facteur"), Texte: row.get("texte"), IdUnique: row.get("id_unique")})
	}
	return list, nil
}
