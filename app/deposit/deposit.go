package deposit

import (
	"context"
	"encoding/csv"
	"errors"
	"fmt"
	"io"
	"iter"
	"strconv"

	"paye/app/build"
	"paye/compress"
	"paye/internal/anomalie"
	"paye/internal/progress"
	"paye/internal/sheet"
	"paye/payslip"
	"paye/vault"
	"paye/vault/remise"
	"paye/xhl/check"
)

// Request is what is asked: a plain value that can be kept, sent and asked
// again. Journal is compulsory.
type Request struct {
	Journal      string `json:"journal"`                 // an XHL: plain, gzip or zip
	Annexes      string `json:"annexes,omitempty"`       // a folder of MATRICULE.pdf and MATRICULE_what.pdf, or a CSV matricule;fichier;titre
	Archive      string `json:"archive,omitempty"`       // folder where each PDF is kept in clear before its deposit
	Nommage      string `json:"nommage,omitempty"`       // scheme of the names in Archive
	PDFSeulement bool   `json:"pdf_seulement,omitempty"` // Archive alone is asked for
	Rectificatif int    `json:"rectificatif,omitempty"`  // n: the n-th correction of these slips
	Lot          int    `json:"lot,omitempty"`           // documents a batch; 100 when 0

	TrustEncoding bool `json:"trust_encoding,omitempty"` // accents are printed as the label of the journal has them, come what may
}

// The phases of a deposit, in documents.
const (
	Reading    progress.Phase = "lecture"
	Depositing progress.Phase = "depot"
	Archiving  progress.Phase = "archive"
)

// Watch is how a deposit is watched. The zero Watch watches nothing.
type Watch struct {
	Progress *progress.Progress
	Anomalie func(*anomalie.Anomalie) // an annexe of nobody, a net that the lines do not give; may be nil
	Ecart    func(vault.Ecart)        // each slip that is not deposited, in order; may be nil
}

// SurPapier is the code of a slip that is printed: its agent refuses
// electronic ones.
const SurPapier = "COF-219"

// Job is a payroll that was read, ready to be deposited.
type Job struct {
	req     Request
	watch   Watch
	paye    *paye
	archive *remise.Archive // nil for none
	annexes []Annexe
	paper   []vault.Ecart
}

// Prepare reads the journal to its end and finds the annexes. Nothing is
// deposited; the caller calls Deposit, or WriteArchive.
func Prepare(ctx context.Context, req Request, w Watch) (*Job, error) {
	if req.Lot == 0 {
		req.Lot = 100
	}
	if w.Progress == nil {
		w.Progress = new(progress.Progress)
	}
	j := &Job{req: req, watch: w}
	if err := j.check(); err != nil {
		return nil, err
	}
	if err := j.beforeSlips(ctx); err != nil {
		return nil, err
	}
	var err error
	if req.Annexes != "" {
		if j.annexes, err = readAnnexes(req.Annexes, w.Anomalie); err != nil {
			return nil, err
		}
	}
	if j.paye, err = readPaye(ctx, req.Journal, w); err != nil {
		return nil, err
	}
	j.paye.version = req.Rectificatif
	return j, nil
}

// beforeSlips refuses a journal whose slips would be read wrong.
func (j *Job) beforeSlips(ctx context.Context) error {
	in, err := build.OpenJournal(j.req.Journal, compress.Limits{})
	if err != nil {
		return err
	}
	defer in.Close()
	return check.BeforeSlips(ctx, in, check.SlipOptions{Fichier: j.req.Journal, TrustEncoding: j.req.TrustEncoding, Anomalie: j.watch.Anomalie})
}

// check refuses what was asked wrongly before anything is read.
func (j *Job) check() error {
	switch {
	case j.req.Lot < 1 || j.req.Lot > vault.MaxLot:
		return Codes.New(LotRefuse, vault.MaxLot)
	case j.req.Rectificatif < 0:
		return Codes.New(RectificatifRefuse, j.req.Rectificatif)
	case j.req.Archive != "":
		j.archive = &remise.Archive{Dossier: j.req.Archive, Nommage: j.req.Nommage}
		return j.archive.Check()
	case j.req.PDFSeulement:
		return Codes.New(ArchiveManquante)
	}
	return nil
}

// Employeur is the SIRET of the payroll, Bulletins how many it has.
func (j *Job) Employeur() string { return j.paye.entete.Employeur.Siret }
func (j *Job) Bulletins() int    { return j.paye.bulletins }

// documents are the slips and their annexes, as they are wanted.
func (j *Job) documents(ctx context.Context, r *payslip.Renderer) iter.Seq2[vault.Document, error] {
	tell := j.watch.Anomalie
	if tell == nil {
		tell = func(*anomalie.Anomalie) {}
	}
	return withAnnexes(j.paye, j.paye.documents(ctx, r, tell), j.annexes, func(a Annexe) {
		stray := vault.Codes.New("COF-206")
		stray.Matricule, stray.Fichier = a.Matricule, a.Path
		tell(stray)
	})
}

// WriteArchive writes the PDFs to the archive without a deposit, and says how
// many there are.
func (j *Job) WriteArchive(ctx context.Context, r *payslip.Renderer) (int, error) {
	j.watch.Progress.Begin(Archiving, j.total())
	return remise.RunArchive(ctx, j.archive, j.counted(j.documents(ctx, r)))
}

func (j *Job) total() int64 { return int64(j.paye.bulletins + len(j.annexes)) }

// counted counts documents that pass.
func (j *Job) counted(docs iter.Seq2[vault.Document, error]) iter.Seq2[vault.Document, error] {
	return func(yield func(vault.Document, error) bool) {
		for d, err := range docs {
			if !yield(d, err) {
				return
			}
			j.watch.Progress.Add(1)
		}
	}
}

// source identifies the input: a rectificatif of the same journal is another.
func (j *Job) source() string {
	if j.paye.version == 0 {
		return j.paye.source
	}
	return fmt.Sprintf("%s-r%d", j.paye.source, j.paye.version)
}

// Earlier returns the session that deposited all of this payroll, nil when
// there is none, or when the archive lacks some of the PDFs.
func (j *Job) Earlier(ctx context.Context, v vault.Depositaire, par vault.Acteur) (*vault.Versement, error) {
	list, err := v.Versements(ctx, par, j.Employeur())
	var refused *anomalie.Anomalie
	if errors.As(err, &refused) && refused.Classe() == anomalie.Coffre && refused.Code != "COF-801" {
		return nil, nil // the deposit is refused too, with the right that it lacks
	}
	if err != nil {
		return nil, err
	}
	for i := range list {
		old := &list[i]
		ended := old.Etape == vault.Verification || old.Distribue()
		if ended && old.Source == j.source() && old.Periode == j.paye.periode && old.Bilan.Refuses+old.Bilan.EnAttente == 0 && len(j.annexes) == 0 {
			if whole, err := j.archived(ctx); err != nil || !whole {
				return nil, err
			}
			return old, nil
		}
	}
	return nil, nil
}

// archived reports whether the archive, where there is one, has a file for each
// slip.
func (j *Job) archived(ctx context.Context) (bool, error) {
	if j.archive == nil {
		return true, nil
	}
	for d, err := range j.paye.documents(ctx, nil, nil) {
		if err != nil || !j.archive.Has(&d) {
			return false, err
		}
	}
	return true, nil
}

// Printed takes the slips to print from the session that Earlier returned, and
// reports whether it has them all: a session keeps the first ones.
func (j *Job) Printed(old *vault.Versement) bool {
	j.paper = nil
	slips := 0
	for _, e := range old.Ecarts {
		if e.Code != SurPapier {
			continue
		}
		j.paper = append(j.paper, e)
		if e.Nature == vault.Bulletin {
			slips++
		}
	}
	return slips == old.Bilan.Papier
}

// Deposit hands the slips to v. A session without an ID was not opened; one
// that comes with an error is kept, and goes on when the same is asked again.
func (j *Job) Deposit(ctx context.Context, v vault.Depositaire, par vault.Acteur, r *payslip.Renderer) (vault.Versement, error) {
	j.watch.Progress.Begin(Depositing, j.total())
	return remise.Run(ctx, v, par, remise.Request{
		Employeur: j.Employeur(), Periode: j.paye.periode, Source: j.source(), Deposant: "xhl",
		Bulletins: j.paye.bulletins, Fichiers: 1, Lot: j.req.Lot, Archive: j.archive,
	}, remise.Watch{
		Ecart: func(e vault.Ecart) {
			if e.Code == SurPapier {
				j.paper = append(j.paper, e)
			}
			if j.watch.Ecart != nil {
				j.watch.Ecart(e)
			}
		},
	}, j.counted(j.documents(ctx, r)))
}

// WritePaper writes, as CSV, the list of what is to be printed, and where the
// archive has it.
func (j *Job) WritePaper(w io.Writer) error {
	rows := [][]string{{"matricule", "nature", "sequence", "fichier"}}
	for _, e := range j.paper {
		file := ""
		if j.archive != nil {
			file = j.archive.Path(&vault.Document{Identite: vault.Identite{Employeur: j.Employeur(), Matricule: e.Matricule},
				Periode: j.paye.periode, Nature: e.Nature, Sequence: e.Sequence, Version: j.paye.version})
		}
		rows = append(rows, []string{sheet.Inert(e.Matricule), string(e.Nature), strconv.Itoa(e.Sequence), sheet.Inert(file)})
	}
	out := csv.NewWriter(w)
	out.Comma = ';'
	if err := out.WriteAll(rows); err != nil {
		return fmt.Errorf("write the list of slips to print: %w", err)
	}
	return nil
}
