package deposit

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"iter"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"paye/internal/anomalie"
	"paye/internal/input"
	"paye/internal/sheet"
	"paye/vault"
)

// Annexe is a PDF that goes with the slip of an agent.
type Annexe struct {
	Matricule string
	Path      string
	Titre     string
}

// maxAnnexes bounds a list of annexes, maxListe the CSV of one, in bytes.
const (
	maxAnnexes = 1_000_000
	maxListe   = 256 << 20
)

// readAnnexes reads a folder of PDFs called MATRICULE.pdf or MATRICULE_what.pdf,
// or a CSV with the columns matricule, fichier and, if wanted, titre. Paths of
// a CSV start at its folder and stay in it. The order, which numbers the
// annexes of an agent, is the same at every run.
func readAnnexes(path string, tell func(*anomalie.Anomalie)) ([]Annexe, error) {
	info, err := os.Stat(path)
	if err != nil {
		return nil, Codes.Opening(AnnexesIntrouvables, path, err)
	}
	var list []Annexe
	if info.IsDir() {
		list, err = annexesOfFolder(path)
	} else {
		list, err = annexesOfCSV(path, tell)
	}
	if err != nil {
		return nil, err
	}
	if len(list) > maxAnnexes {
		return nil, Codes.New(AnnexesTropLongues, maxAnnexes)
	}
	for _, a := range list {
		if info, err := os.Stat(a.Path); err != nil || !info.Mode().IsRegular() {
			return nil, Codes.New(AnnexeIntrouvable, a.Path)
		}
	}
	slices.SortStableFunc(list, func(a, b Annexe) int {
		return cmp.Or(strings.Compare(a.Matricule, b.Matricule), strings.Compare(a.Path, b.Path))
	})
	return list, nil
}

func annexesOfFolder(dir string) ([]Annexe, error) {
	entries, err := os.ReadDir(dir)
	if err != nil {
		return nil, fmt.Errorf("list the annexes of %s: %w", dir, err)
	}
	var list []Annexe
	for _, e := range entries {
		name := e.Name()
		if e.IsDir() || !strings.EqualFold(filepath.Ext(name), ".pdf") {
			continue
		}
		matricule, _, _ := strings.Cut(strings.TrimSuffix(name, filepath.Ext(name)), "_")
		list = append(list, Annexe{matricule, filepath.Join(dir, name), name})
	}
	return list, nil
}

func annexesOfCSV(path string, tell func(*anomalie.Anomalie)) ([]Annexe, error) {
	f, err := input.Open(path)
	if err != nil {
		return nil, fmt.Errorf("read the list of annexes: %w", err)
	}
	defer f.Close()
	data, err := io.ReadAll(io.LimitReader(f, maxListe))
	if err != nil {
		return nil, fmt.Errorf("read the list of annexes: %w", err)
	}
	t, err := sheet.OpenTable(data, maxListe, "matricule", "fichier")
	if refusal := (sheet.Refusal{}); errors.As(err, &refusal) {
		return nil, Codes.New(AnnexesSansCSV, path, refusal.Phrase)
	}
	if err != nil {
		return nil, Codes.New(AnnexesSansCSV, path, input.Empty.With())
	}
	if a := t.Notice(path); a != nil && tell != nil {
		tell(a)
	}
	if !t.Has("matricule", "fichier") || t.Twice("matricule") || t.Twice("fichier") || t.Twice("titre") {
		return nil, Codes.New(AnnexesSansColonnes, path)
	}
	var list []Annexe
	for {
		line, err := t.Next()
		if errors.Is(err, io.EOF) {
			return list, nil
		}
		fichier := strings.ReplaceAll(t.Cell("fichier"), `\`, "/")
		if err == nil && fichier == "" && t.Cell("matricule") == "" {
			continue
		}
		if err != nil || !filepath.IsLocal(filepath.FromSlash(fichier)) {
			return nil, Codes.New(AnnexesLigne).At(path, -1, int64(line))
		}
		a := Annexe{Matricule: t.Cell("matricule"), Path: filepath.Join(filepath.Dir(path), filepath.FromSlash(fichier)), Titre: t.Cell("titre")}
		if a.Titre == "" {
			a.Titre = filepath.Base(filepath.FromSlash(fichier))
		}
		list = append(list, a)
	}
}

// withAnnexes gives the slips, then the annexes of the agents who have one.
// An annexe of nobody is given to stray.
func withAnnexes(j *paye, slips iter.Seq2[vault.Document, error], list []Annexe, stray func(Annexe)) iter.Seq2[vault.Document, error] {
	return func(yield func(vault.Document, error) bool) {
		wanted := make(map[string]*vault.Identite)
		for _, a := range list {
			wanted[a.Matricule] = nil
		}
		for d, err := range slips {
			if _, ok := wanted[d.Matricule]; ok && err == nil {
				who := d.Identite
				wanted[d.Matricule] = &who
			}
			if !yield(d, err) || err != nil {
				return
			}
		}
		sequence, last := 0, ""
		for _, a := range list {
			if a.Matricule != last {
				sequence, last = 0, a.Matricule
			}
			who := wanted[a.Matricule]
			if who == nil {
				stray(a)
				continue
			}
			d := vault.Document{Identite: *who, Periode: j.periode, Nature: vault.Annexe, Sequence: sequence, Version: j.version, Titre: a.Titre,
				Contenu: func(context.Context) (io.ReadCloser, error) {
					f, err := input.Open(a.Path)
					if errors.Is(err, fs.ErrNotExist) {
						return nil, fmt.Errorf("annexe %s went away: %w", a.Path, err)
					}
					if err != nil {
						return nil, err
					}
					return f, nil
				}}
			sequence++
			if !yield(d, nil) {
				return
			}
		}
	}
}
