package main

import (
	"cmp"
	"context"
	"encoding/csv"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"iter"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"paye/vault"
)

// annexe is a PDF that goes with the slip of an agent.
type annexe struct {
	matricule string
	path      string
	titre     string
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
func (p *program) readAnnexes(path string) ([]annexe, error) {
	info, err := os.Stat(path)
	if err != nil {
		return nil, p.usage("--annexes : %s n'existe pas ou ne peut pas être lu", "--annexes: %s does not exist or cannot be read", path)
	}
	var list []annexe
	if info.IsDir() {
		list, err = annexesOfFolder(path)
	} else {
		list, err = p.annexesOfCSV(path)
	}
	if err != nil {
		return nil, err
	}
	if len(list) > maxAnnexes {
		return nil, p.usage("--annexes : plus de %d fichiers", "--annexes: more than %d files", maxAnnexes)
	}
	for _, a := range list {
		if info, err := os.Stat(a.path); err != nil || !info.Mode().IsRegular() {
			return nil, p.usage("--annexes : %s n'est pas un fichier lisible", "--annexes: %s is not a file that can be read", a.path)
		}
	}
	slices.SortStableFunc(list, func(a, b annexe) int {
		return cmp.Or(strings.Compare(a.matricule, b.matricule), strings.Compare(a.path, b.path))
	})
	return list, nil
}

func annexesOfFolder(dir string) ([]annexe, error) {
	entries, err := os.ReadDir(dir)
	if err != nil {
		return nil, fmt.Errorf("list the annexes of %s: %w", dir, err)
	}
	var list []annexe
	for _, e := range entries {
		name := e.Name()
		if e.IsDir() || !strings.EqualFold(filepath.Ext(name), ".pdf") {
			continue
		}
		matricule, _, _ := strings.Cut(strings.TrimSuffix(name, filepath.Ext(name)), "_")
		list = append(list, annexe{matricule, filepath.Join(dir, name), name})
	}
	return list, nil
}

func (p *program) annexesOfCSV(path string) ([]annexe, error) {
	f, err := os.Open(path)
	if err != nil {
		return nil, fmt.Errorf("read the list of annexes: %w", err)
	}
	defer f.Close()
	r := csv.NewReader(io.LimitReader(f, maxListe))
	r.Comma, r.FieldsPerRecord = ';', -1
	titles, err := r.Read()
	if err != nil {
		return nil, p.usage("--annexes : %s n'est pas un CSV (matricule;fichier;titre)", "--annexes: %s is not a CSV (matricule;fichier;titre)", path)
	}
	titles[0] = strings.TrimPrefix(titles[0], "\ufeff")
	column := func(name string) int { return slices.Index(titles, name) }
	matricule, fichier, titre := column("matricule"), column("fichier"), column("titre")
	if matricule < 0 || fichier < 0 {
		return nil, p.usage("--annexes : %s n'a pas les colonnes matricule;fichier", "--annexes: %s lacks the columns matricule;fichier", path)
	}
	var list []annexe
	for {
		row, err := r.Read()
		if errors.Is(err, io.EOF) {
			return list, nil
		}
		line, _ := r.FieldPos(0)
		if err != nil || len(row) <= max(matricule, fichier) || !filepath.IsLocal(filepath.FromSlash(row[fichier])) {
			return nil, p.usage("--annexes : %s, ligne %d : un matricule et un fichier voisin sont attendus", "--annexes: %s, line %d: a matricule and a file beside the list are expected", path, line)
		}
		a := annexe{matricule: row[matricule], path: filepath.Join(filepath.Dir(path), filepath.FromSlash(row[fichier])), titre: filepath.Base(row[fichier])}
		if titre >= 0 && titre < len(row) && row[titre] != "" {
			a.titre = row[titre]
		}
		list = append(list, a)
	}
}

// withAnnexes gives the slips, then the annexes of the agents who have one.
// An annexe of nobody is given to stray.
func withAnnexes(j *paye, slips iter.Seq2[vault.Document, error], list []annexe, stray func(annexe)) iter.Seq2[vault.Document, error] {
	return func(yield func(vault.Document, error) bool) {
		wanted := make(map[string]*vault.Identite)
		for _, a := range list {
			wanted[a.matricule] = nil
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
			if a.matricule != last {
				sequence, last = 0, a.matricule
			}
			who := wanted[a.matricule]
			if who == nil {
				stray(a)
				continue
			}
			d := vault.Document{Identite: *who, Periode: j.periode, Nature: vault.Annexe, Sequence: sequence, Version: j.version, Titre: a.titre,
				Contenu: func(context.Context) (io.ReadCloser, error) {
					f, err := os.Open(a.path)
					if errors.Is(err, fs.ErrNotExist) {
						return nil, fmt.Errorf("annexe %s went away: %w", a.path, err)
					}
					return f, err
				}}
			sequence++
			if !yield(d, nil) {
				return
			}
		}
	}
}
