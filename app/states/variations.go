package states

import (
	"context"
	"fmt"
	"io"
	"os"
	"path/filepath"

	"paye/etats"
	"paye/internal/anomalie"
	"paye/internal/input"
)

// VariationsRequest asks for what changed between two months.
type VariationsRequest struct {
	Avant, Apres  []string // files and folders of each month
	Liste         string   // etats.Liste21, Liste22; that of the employer's APE when empty
	Rubriques     string   // rubriques.csv; empty: the one beside APRES, if any
	Pieces        string   // table of expected pieces; empty: that of the program
	Justificatifs string   // justificatifs.csv; empty: the one beside APRES, if any
	Causes        string   // causes.csv; empty: none
	Anterieurs    []string // justificatifs.csv of earlier months, whose pieces the accountant has
}

// Variations compares two months. Faults of the input are anomalies.
func Variations(ctx context.Context, q *VariationsRequest, w *Watch) (*etats.Comparaison, error) {
	o := etats.Options{Liste: q.Liste, Anomalie: w.report}
	if err := tables(q, &o, w); err != nil {
		return nil, err
	}
	lex := etats.NewLexique()
	avant, err := Read(ctx, lex, q.Avant, ForVariations, w)
	if err != nil {
		return nil, err
	}
	apres, err := Read(ctx, lex, q.Apres, ForVariations, w)
	if err != nil {
		return nil, err
	}
	return etats.Compare(ctx, avant, apres, o)
}

// tables reads the tables of a request.
func tables(q *VariationsRequest, o *etats.Options, w *Watch) error {
	var err error
	if o.Rubriques, err = Rubriques(q.Rubriques, q.Apres, w); err != nil {
		return err
	}
	if q.Pieces != "" {
		if err := table(q.Pieces, func(r io.Reader, nom string) error {
			o.Pieces, err = etats.ReadPieces(r, nom, w.report)
			return err
		}); err != nil {
			return err
		}
	}
	if path := given(q.Justificatifs, q.Apres, FichierIndex); path != "" {
		if err := table(path, func(r io.Reader, nom string) error {
			o.Justificatifs, err = etats.ReadJustificatifs(r, nom, w.report)
			return err
		}); err != nil {
			return err
		}
	}
	if o.Anterieures, err = earlier(q.Anterieurs, w); err != nil {
		return err
	}
	if q.Causes != "" {
		return table(q.Causes, func(r io.Reader, nom string) error {
			o.Causes, err = etats.ReadCauses(r, nom, w.report)
			return err
		})
	}
	return nil
}

// earlier gives the pieces of the indices of earlier months by matricule; nil
// without an index.
func earlier(paths []string, w *Watch) (func(string) []etats.Piece, error) {
	if len(paths) == 0 {
		return nil, nil
	}
	all := make(map[string][]etats.Piece)
	for _, path := range paths {
		err := table(path, func(r io.Reader, nom string) error {
			list, err := etats.ReadJustificatifs(r, nom, w.report)
			for _, j := range list {
				all[j.Matricule] = append(all[j.Matricule], etats.Piece{IdUnique: j.IdUnique, Nom: j.Nom, Description: j.Description, Type: j.Type, Effet: j.Effet})
			}
			return err
		})
		if err != nil {
			return nil, err
		}
	}
	return func(matricule string) []etats.Piece { return all[matricule] }, nil
}

// FichierIndex is the name of the index of justificatifs beside a journal.
const FichierIndex = "justificatifs.csv"

// FichierRubriques is the name of the mapping beside a journal.
const FichierRubriques = "rubriques.csv"

// Rubriques reads the mapping at path, or the one beside the first of the
// journals; nil when there is none.
func Rubriques(path string, journals []string, w *Watch) (list []etats.Rubrique, err error) {
	if path = given(path, journals, FichierRubriques); path == "" {
		return nil, nil
	}
	err = table(path, func(r io.Reader, nom string) error {
		list, err = etats.ReadRubriques(r, nom, w.report)
		return err
	})
	return list, err
}

// given is the path of a table: that which was asked for, else the one beside
// the journals; "" when there is none.
func given(path string, journals []string, name string) string {
	if path != "" || len(journals) == 0 {
		return path
	}
	dir := journals[0]
	if st, err := os.Stat(dir); err != nil || !st.IsDir() {
		dir = filepath.Dir(dir)
	}
	path = filepath.Join(dir, name)
	if _, err := os.Stat(path); err != nil {
		return ""
	}
	return path
}

func table(path string, read func(io.Reader, string) error) error {
	f, err := input.Open(path)
	if anomalie.Unreachable(err) {
		return notFound(path, err)
	}
	if err != nil {
		return err
	}
	defer f.Close()
	if err := read(f, path); err != nil {
		return fmt.Errorf("read %s: %w", path, err)
	}
	return nil
}
