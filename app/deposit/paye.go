package deposit

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"io"
	"iter"
	"strconv"

	"paye/app/build"
	"paye/compress"
	"paye/internal/anomalie"
	"paye/payslip"
	"paye/vault"
	"paye/xhl"
)

// paye is a journal to deposit, as a first reading knows it.
type paye struct {
	path      string
	source    string // SHA-256 of the journal, decompressed
	entete    *xhl.Entete
	periode   vault.Periode
	bulletins int
	version   int // of the documents: 0, or n for the n-th rectificatif
}

// readPaye reads a journal to its end: one that is cut or malformed is known
// before anything of it is deposited. Bulletins are counted, and what was read
// otherwise than it is written is told.
func readPaye(ctx context.Context, path string, w Watch) (*paye, error) {
	w.Progress.Begin(Reading, 0)
	in, err := build.OpenJournal(path, compress.Limits{})
	if err != nil {
		return nil, err
	}
	defer in.Close()
	sum := sha256.New()
	all := io.TeeReader(in, sum)
	r, err := xhl.NewReader(all, xhl.Options{Fichier: path, Anomalie: w.Anomalie})
	if err != nil {
		return nil, fmt.Errorf("read %s: %w", path, err)
	}
	bulletins := 0
	for _, err := range xhl.NotEmpty(path, r.Bulletins()) {
		if err == nil {
			err = ctx.Err()
		}
		if err != nil {
			return nil, fmt.Errorf("read %s: %w", path, err)
		}
		w.Progress.Add(1)
		bulletins++
	}
	if _, err := io.Copy(io.Discard, all); err != nil {
		return nil, fmt.Errorf("read %s: %w", path, err)
	}
	j := &paye{path: path, source: hex.EncodeToString(sum.Sum(nil)), entete: r.Entete(), bulletins: bulletins}
	// A month that is none is refused by the vault, as every field is.
	j.periode.Annee, _ = strconv.Atoi(j.entete.Annee)
	j.periode.Mois, _ = strconv.Atoi(j.entete.Mois)
	return j, nil
}

// documents gives the slips of the journal. They are rendered when they are
// wanted, on several cores; by no renderer, they only tell which they are. An agent with several bulletins has them numbered
// in the order of the journal.
func (j *paye) documents(ctx context.Context, r *payslip.Renderer, tell func(*anomalie.Anomalie)) iter.Seq2[vault.Document, error] {
	return func(yield func(vault.Document, error) bool) {
		in, err := build.OpenJournal(j.path, compress.Limits{})
		if err != nil {
			yield(vault.Document{}, err)
			return
		}
		defer in.Close()
		reader, err := xhl.NewReader(in, xhl.Options{Fichier: j.path})
		if err != nil {
			yield(vault.Document{}, fmt.Errorf("read %s: %w", j.path, err))
			return
		}
		sequences := make(map[string]int)
		for b, err := range reader.Bulletins() {
			if err == nil {
				err = ctx.Err()
			}
			if err != nil {
				yield(vault.Document{}, fmt.Errorf("read %s: %w", j.path, err))
				return
			}
			if r != nil && r.Lacks(b) {
				a := payslip.Codes.New("BUL-005", b.Agent.Matricule)
				a.Matricule = b.Agent.Matricule
				tell(a)
			}
			d := j.document(b.Clone(), r)
			d.Sequence = sequences[d.Matricule]
			sequences[d.Matricule]++
			if !yield(d, nil) {
				return
			}
		}
	}
}

func (j *paye) document(b *xhl.Bulletin, r *payslip.Renderer) vault.Document {
	return vault.Document{
		Identite: vault.Identite{Employeur: j.entete.Employeur.Siret, Matricule: b.Agent.Matricule, Nom: b.Agent.Nom.Reveal(), Prenom: b.Agent.Prenom.V.Reveal()},
		Periode:  j.periode, Nature: vault.Bulletin, Version: j.version, Titre: "Bulletin " + j.periode.String() + ".pdf",
		Contenu: func(context.Context) (io.ReadCloser, error) {
			pdf, err := r.Append(nil, j.entete, b)
			if err != nil {
				return nil, err
			}
			return io.NopCloser(bytes.NewReader(pdf)), nil
		},
	}
}
