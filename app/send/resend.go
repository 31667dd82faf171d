package send

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"time"

	"paye/internal/anomalie"
	"paye/internal/fluxbook"
	"paye/internal/manifest"
	"paye/pespj"
)

// Resend is what is asked of a resend: of which fluxes, and what a person has
// decided about pieces.
type Resend struct {
	NomFic       []string          `json:"nomfic,omitempty"`        // empty: every flux with refused pieces
	AsNew        []string          `json:"as_new,omitempty"`        // IdUnique of payroll pieces that another document took
	AlreadyThere []string          `json:"already_there,omitempty"` // IdUnique of pieces that the accountant has
	AsIs         []string          `json:"as_is,omitempty"`         // IdUnique of pieces whose cause was mended elsewhere
	Replace      map[string]string `json:"replace,omitempty"`       // corrected file, by IdUnique
	IdPost       string            `json:"idpost,omitempty"`        // of the header, when it was wrong
	CodBud       string            `json:"codbud,omitempty"`
	FinJur       string            `json:"finjur,omitempty"`
	TypFic       string            `json:"typfic,omitempty"`
	Date         time.Time         `json:"date"` // of the new flux
}

// All stands for every piece, in the lists of a Resend.
const All = "*"

// Decision is what is done about one refused piece.
type Decision struct {
	fluxbook.PieceFlux
	Cause    pespj.Cause
	Sent     bool   // the new flux carries it
	There    bool   // it is at the accountant's
	Why      string // code of an anomaly that says why it waits for a person, "" when it does not
	NewID    string // its IdUnique in the new flux
	Replaced string // file that takes its place
}

// Resent is what became of one flux.
type Resent struct {
	Flux   *fluxbook.Flux
	Pieces []*Decision
	Made   *fluxbook.Flux // the new flux, nil without one
}

// Resend makes, for each flux with refused pieces, a new flux of those that may
// leave again, under a name that was never used, beside the refused one. It
// refuses those that a person must correct first.
func (w *Resend) Resend(ctx context.Context, b *fluxbook.Book, result func(*Resent) error) error {
	list, err := w.fluxes(ctx, b)
	if err != nil {
		return err
	}
	for _, f := range list {
		if err := ctx.Err(); err != nil {
			return err
		}
		r, err := w.one(ctx, b, f)
		if err != nil {
			return err
		}
		if err := result(r); err != nil {
			return err
		}
	}
	return nil
}

func (w *Resend) fluxes(ctx context.Context, b *fluxbook.Book) ([]*fluxbook.Flux, error) {
	if len(w.NomFic) == 0 {
		return b.Repairable(ctx)
	}
	var list []*fluxbook.Flux
	for _, name := range w.NomFic {
		f, err := b.Flux(ctx, name, "")
		if err != nil {
			return nil, err
		}
		list = append(list, f)
	}
	return list, nil
}

func (w *Resend) one(ctx context.Context, b *fluxbook.Book, f *fluxbook.Flux) (*Resent, error) {
	all, err := b.Pieces(ctx, f)
	if err != nil {
		return nil, err
	}
	r := &Resent{Flux: f}
	carried := make(map[int]*Decision) // by rank in the flux
	var there []string
	for rank, p := range all {
		if p.Etat != fluxbook.Refusee {
			continue
		}
		d := w.decide(f, p)
		r.Pieces = append(r.Pieces, d)
		if d.There {
			there = append(there, p.IdUnique)
		}
		if d.Sent {
			carried[rank+1] = d
		}
	}
	if len(carried) > 0 {
		if r.Made, err = w.make(ctx, b, f, carried); err != nil {
			return nil, err
		}
	}
	if len(there) > 0 {
		err = b.AlreadyThere(ctx, f, there)
	}
	return r, err
}

// decide says what is done about a refused piece.
func (w *Resend) decide(f *fluxbook.Flux, p fluxbook.PieceFlux) *Decision {
	d := &Decision{PieceFlux: p, Cause: pespj.CauseOf(p.Code, p.Libelle), NewID: p.IdUnique, Replaced: w.Replace[p.IdUnique]}
	named := func(list []string) bool { return slices.Contains(list, p.IdUnique) || slices.Contains(list, All) }
	switch {
	case named(w.AlreadyThere):
		d.There = true
	case d.Cause.Suite == pespj.Demander && named(w.AsNew):
		w.renew(f, p, d)
	case d.Cause.Suite == pespj.Demander:
		d.Why = ADemander
	case d.Replaced != "" || named(w.AsIs) || d.Cause.Suite == pespj.Renvoyer:
		d.Sent = true
	case d.Cause.Suite == pespj.Entete && w.IdPost+w.CodBud+w.FinJur+w.TypFic != "":
		d.Sent = true
	case d.Cause.Suite == pespj.Entete:
		d.Why = ACorrigerEntete
	default:
		d.Why = ACorriger
	}
	return d
}

// renew gives a payroll piece another IdUnique. A justificatif keeps its own:
// the bulletins reference it, and they have left.
func (w *Resend) renew(f *fluxbook.Flux, p fluxbook.PieceFlux, d *Decision) {
	if p.Genre != pespj.GenrePaye {
		d.Why = IdReference
		return
	}
	sum := sha256.Sum256([]byte(p.IdUnique + " " + f.NomFic))
	id, err := pespj.NewIdUnique(f.Siret, pespj.GenrePaye, f.Annee, f.Mois, sum[:])
	if err != nil {
		d.Why = ACorriger
		return
	}
	d.NewID, d.Sent = id, true
}

// resendName is the name of resend n of a flux. It is as long as the former
// one, so that a flux that fills its limit still does.
func resendName(nomFic string, n int) string {
	base := strings.TrimSuffix(nomFic, ".xml")
	suffix := fmt.Sprintf("_R%02d", n)
	if len(base) > len(suffix) {
		base = base[:len(base)-len(suffix)]
	}
	return base + suffix + ".xml"
}

// resendOf is which resend a flux is by its name, 0 for none.
func resendOf(nomFic string) int {
	base := strings.TrimSuffix(nomFic, ".xml")
	at := strings.LastIndex(base, "_R")
	if at < 0 {
		return 0
	}
	n, err := strconv.Atoi(base[at+len("_R"):])
	if err != nil || n < 0 {
		return 0
	}
	return n
}

// make writes the new flux beside the refused one and records it.
func (w *Resend) make(ctx context.Context, b *fluxbook.Book, f *fluxbook.Flux, carried map[int]*Decision) (*fluxbook.Flux, error) {
	if err := intact(f); err != nil {
		return nil, err
	}
	envoi, err := b.NextEnvoi(ctx, f, func(n int) (string, error) { return resendName(f.NomFic, n), nil })
	if err != nil {
		return nil, err
	}
	spool, err := os.MkdirTemp("", "xhl-resend-")
	if err != nil {
		return nil, fmt.Errorf("make a folder for the pieces: %w", err)
	}
	defer os.RemoveAll(spool)
	again := &rewriting{ctx: ctx, spool: spool, carried: carried}
	if err := again.read(f.Fichier); err != nil {
		return nil, err
	}
	w.header(&again.flux, resendName(f.NomFic, envoi))
	if faults := again.flux.Check(); len(faults) > 0 {
		return nil, faults[0]
	}
	base := filepath.Base(f.Fichier)
	path := filepath.Join(filepath.Dir(f.Fichier), fmt.Sprintf("renvoi-%02d-%s", envoi, strings.TrimLeft(base, ".")))
	octets, sum, err := again.write(path, f.NomFic)
	if err != nil {
		return nil, err
	}
	if m, err := manifest.Read(filepath.Dir(f.Fichier)); err == nil && m.Limit > 0 && octets > m.Limit {
		os.Remove(path)
		return nil, Codes.New(RenvoiTropGrand, f.NomFic, octets, m.Limit)
	}
	r := &fluxbook.Renvoi{NomFic: again.flux.NomFic, Fichier: path, Octets: octets, SHA256: sum, De: make(map[string]string)}
	for _, p := range again.pieces {
		r.Pieces = append(r.Pieces, fluxbook.Piece{IdUnique: p.decision.NewID, Genre: p.decision.Genre, SHA256: p.digest(), Octets: p.measure.Raw})
		r.De[p.decision.NewID] = p.decision.IdUnique
	}
	return b.Resend(ctx, f, envoi, r)
}

// header corrects the header of the new flux.
func (w *Resend) header(flux *pespj.Flux, nomFic string) {
	flux.NomFic, flux.DteStr = nomFic, w.Date.Format(time.DateOnly)
	for _, o := range []struct {
		to   *string
		from string
	}{{&flux.IdPost, w.IdPost}, {&flux.CodBud, w.CodBud}, {&flux.FinJur, w.FinJur}, {&flux.TypFic, w.TypFic}} {
		if o.from != "" {
			*o.to = o.from
		}
	}
}

// digest is that of the content that the piece's identifier stands for.
func (p *carriedPiece) digest() string {
	if p.decision.Replaced == "" && p.decision.NewID == p.decision.IdUnique {
		return p.decision.SHA256 // as the book knows it
	}
	return hex.EncodeToString(p.sum[:])
}

// Anomalie says why a piece waits for a person, nil when it does not.
func (d *Decision) Anomalie() *anomalie.Anomalie {
	switch d.Why {
	case "":
		return nil
	case ACorriger, ACorrigerEntete:
		return Codes.New(d.Why, d.IdUnique, strings.TrimSpace(d.Code+" "+d.Libelle))
	}
	return Codes.New(d.Why, d.IdUnique)
}
