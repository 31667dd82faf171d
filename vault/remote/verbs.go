package remote

import (
	"bytes"
	"context"
	"errors"
	"fmt"

	"paye/internal/anomalie"
	"paye/vault"
)

func (h *handler) read(ctx context.Context, par vault.Acteur, q *question, w *writer) error {
	// The store writes the document in one piece, once it is verified; its
	// metadata come after, and are wanted before.
	var pdf bytes.Buffer
	m, err := h.s.Read(ctx, par, q.ID, &pdf)
	if err != nil {
		return err
	}
	if err := w.line(answer{Metadata: &m}); err != nil {
		return err
	}
	if _, err := pdf.WriteTo(w.w); err != nil {
		return fmt.Errorf("send a document: %w", err)
	}
	return nil
}

func (h *handler) destroy(ctx context.Context, par vault.Acteur, q *question, w *writer) error {
	e, err := h.s.Destroy(ctx, par, q.ID, q.Copies, q.Motif)
	if err != nil {
		return err
	}
	return w.line(answer{Effacement: &e, Fin: true})
}

func (h *handler) metadata(ctx context.Context, par vault.Acteur, q *question, w *writer) error {
	m, err := h.s.Metadata(ctx, par, q.ID)
	if err != nil {
		return err
	}
	return w.line(answer{Metadata: &m, Fin: true})
}

func (h *handler) check(ctx context.Context, par vault.Acteur, q *question, w *writer) error {
	c, err := h.s.Check(ctx, par, q.ID)
	if err != nil {
		return err
	}
	out := &controle{Recu: c.Recu, Depuis: c.Depuis.UnixMilli()}
	for _, f := range c.Fautes {
		out.Fautes = append(out.Fautes, toFault(f))
	}
	return w.line(answer{Controle: out, Fin: true})
}

func (h *handler) journal(ctx context.Context, par vault.Acteur, q *question, w *writer) error {
	for e, err := range h.s.Journal(ctx, par, q.Journal) {
		if err == nil {
			err = w.line(answer{Evenement: &e})
		}
		if err != nil {
			return err
		}
	}
	return w.line(answer{Fin: true})
}

func (h *handler) list(ctx context.Context, par vault.Acteur, q *question, w *writer) error {
	for m, err := range h.s.List(ctx, par, q.Filtre) {
		if err == nil {
			err = w.line(answer{Metadata: &m})
		}
		if err != nil {
			return err
		}
	}
	return w.line(answer{Fin: true})
}

func (h *handler) count(ctx context.Context, par vault.Acteur, q *question, w *writer) error {
	n, err := h.s.Count(ctx, par, q.Filtre)
	if err != nil {
		return err
	}
	return w.line(answer{Nombre: n, Fin: true})
}

func (h *handler) mayDeposit(ctx context.Context, par vault.Acteur, q *question, w *writer) error {
	if err := h.s.MayDeposit(ctx, par, q.Siret); err != nil {
		return err
	}
	return w.line(answer{Fin: true})
}

func (h *handler) papier(ctx context.Context, par vault.Acteur, q *question, w *writer) error {
	list, err := h.s.Papier(ctx, par, q.Siret)
	if err != nil {
		return err
	}
	return w.line(answer{Papier: list, Fin: true})
}

func (h *handler) open(ctx context.Context, par vault.Acteur, q *question, w *writer) error {
	return h.versement(q, w, func(v vault.Versement) (vault.Versement, error) { return h.s.OpenVersement(ctx, par, v) })
}

func (h *handler) save(ctx context.Context, par vault.Acteur, q *question, w *writer) error {
	return h.versement(q, w, func(v vault.Versement) (vault.Versement, error) { return h.s.SaveVersement(ctx, par, v) })
}

func (h *handler) versement(q *question, w *writer, do func(vault.Versement) (vault.Versement, error)) error {
	if q.Versement == nil {
		return unreadable("versement")
	}
	v, err := do(*q.Versement)
	if err != nil {
		return err
	}
	return w.line(answer{Versement: &v, Fin: true})
}

func (h *handler) versements(ctx context.Context, par vault.Acteur, q *question, w *writer) error {
	list, err := h.s.Versements(ctx, par, q.Siret)
	if err != nil {
		return err
	}
	return w.line(answer{Versements: list, Fin: true})
}

func (h *handler) validate(ctx context.Context, par vault.Acteur, q *question, w *writer) error {
	v, err := h.s.Validate(ctx, par, q.ID)
	return h.decided(v, err, w, v.Etape == vault.Termine && v.ValidePar == par.Nom)
}

func (h *handler) reject(ctx context.Context, par vault.Acteur, q *question, w *writer) error {
	v, err := h.s.Reject(ctx, par, q.ID, q.Motif)
	return h.decided(v, err, w, v.Etape == vault.Rejete && v.ValidePar == par.Nom && v.Motif == q.Motif)
}

// decided answers with a session. A decision that is said twice, as a client
// does that heard no answer, was taken once.
func (h *handler) decided(v vault.Versement, err error, w *writer, twice bool) error {
	var a *anomalie.Anomalie
	if err != nil && !(twice && errors.As(err, &a) && a.Code == "COF-502") {
		return err
	}
	return w.line(answer{Versement: &v, Fin: true})
}

func (h *handler) employeurs(ctx context.Context, par vault.Acteur, _ *question, w *writer) error {
	list, err := h.s.Employeurs(ctx, par)
	if err != nil {
		return err
	}
	return w.line(answer{Employeurs: list, Fin: true})
}

func (h *handler) point(ctx context.Context, _ vault.Acteur, _ *question, w *writer) error {
	note, err := h.s.Point(ctx)
	if err != nil {
		return err
	}
	key, err := h.s.Verificateur(ctx)
	if err != nil {
		return err
	}
	return w.line(answer{Point: &point{string(note), key}, Fin: true})
}

func (h *handler) coherence(ctx context.Context, _ vault.Acteur, q *question, w *writer) error {
	proof, err := h.s.Coherence(ctx, q.De, q.A)
	if err != nil {
		return err
	}
	return w.line(answer{Coherence: proof, Fin: true})
}
