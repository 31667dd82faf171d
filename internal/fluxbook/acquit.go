package fluxbook

import (
	"context"
	"fmt"

	"paye/internal/ledger"
)

// Recu is an acknowledgment that was received.
type Recu struct {
	Fichier string // its name, for people
	NomFic  string
	CodCol  string // may be absent, or 000
	DteStr  string // AAAA-MM-JJ when it has one
	Contenu []byte
}

// Verdict is what an acknowledgment says of a piece.
type Verdict struct {
	Etat    EtatPiece // Acceptee, Refusee or SansReponse
	Code    string    // of the first reason
	Libelle string
	Doublon bool // refused because its IdUnique is known
}

// Constat is what became of a flux by an acknowledgment.
type Constat struct {
	Flux   *Flux // nil when it is not ours
	Deja   bool  // the same bytes were received before
	Pieces []PieceAcquittee
	// Contraires are pieces of which an earlier acknowledgment said something
	// else. A later word counts, but for a duplicate after an acceptance, which
	// proves the acceptance, and but for an acknowledgment that is older than
	// the one before it.
	Contraires []string
}

// Match finds the flux that an acknowledgment answers: by NomFic, among
// several by CodCol, and without a NomFic by the pieces, when all of them are
// of one flux. It returns nil when there is none.
func (b *Book) Match(ctx context.Context, nomFic, codCol string, ids []string) (*Flux, error) {
	return match(ctx, b.l.DB(), nomFic, codCol, ids)
}

func match(ctx context.Context, db ledger.DB, nomFic, codCol string, ids []string) (*Flux, error) {
	if nomFic == "" {
		return matchPieces(ctx, db, codCol, ids)
	}
	list, err := fluxes(ctx, db, `where v.nomfic = $1 order by v.id`, nomFic)
	if err != nil || len(list) == 0 {
		return nil, err
	}
	if len(list) == 1 {
		return list[0], nil
	}
	for _, f := range list {
		if f.CodCol == codCol {
			return f, nil
		}
	}
	found, err := matchPieces(ctx, db, "", ids)
	if err != nil || found == nil || found.NomFic != nomFic {
		return nil, err
	}
	return found, nil
}

// matchPieces finds the only flux that has pieces among ids.
func matchPieces(ctx context.Context, db ledger.DB, codCol string, ids []string) (*Flux, error) {
	found := make(map[int64]*Flux)
	err := in(ids, 1, func(part []any, parameters string) error {
		list, err := fluxes(ctx, db, `where v.etat <> 'produit' and v.id in (select volume from flux_piece where id_unique in (`+parameters+`)) order by v.id`, part...)
		for _, f := range list {
			if codCol == "" || codCol == "000" || f.CodCol == codCol {
				found[f.id] = f
			}
		}
		return err
	})
	if err != nil || len(found) != 1 {
		return nil, err
	}
	for _, f := range found {
		return f, nil
	}
	return nil, nil
}

// Reponse is an acknowledgment to apply.
type Reponse struct {
	Recu
	Ids []string // IdUnique that it names
	// Verdicts gives its word on each piece of the flux that it answers, in
	// their order; nil when it says nothing of any.
	Verdicts func(f *Flux, pieces []PieceAcquittee) []Verdict
}

// Receive keeps acknowledgments and, when they answer a flux of the book,
// applies what they say of each piece; all of them, or none. The same bytes
// again change nothing, unless they were of no flux and now are.
func (b *Book) Receive(ctx context.Context, list ...*Reponse) ([]*Constat, error) {
	done := make([]*Constat, len(list))
	err := b.updateMany(ctx, func(tx ledger.Tx) (err error) {
		for i, r := range list {
			if done[i], err = b.receive(ctx, tx, r); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		return nil, err
	}
	return done, nil
}

func (b *Book) receive(ctx context.Context, tx ledger.Tx, r *Reponse) (*Constat, error) {
	c := &Constat{}
	sum := Digest(r.Contenu)
	owned, err := b.received(ctx, tx, sum)
	if err != nil {
		return nil, err
	}
	if c.Deja = owned != nil; c.Deja && owned.volume.Valid {
		return c, b.again(ctx, tx, c, owned.volume.Int64)
	}
	if c.Flux, err = match(ctx, tx, r.NomFic, r.CodCol, r.Ids); err != nil {
		return nil, err
	}
	if err := b.keep(ctx, tx, &r.Recu, sum, c); err != nil || c.Flux == nil {
		return c, err
	}
	c.Deja = false
	return c, b.apply(ctx, tx, c, r, sum)
}

// again tells where a flux is, after an acknowledgment that was received
// before.
func (b *Book) again(ctx context.Context, tx ledger.Tx, c *Constat, volume int64) error {
	list, err := fluxes(ctx, tx, `where v.id = $1`, volume)
	if err != nil || len(list) == 0 {
		return err
	}
	c.Flux = list[0]
	c.Pieces, err = acquittees(ctx, tx, c.Flux)
	return err
}

// apply gives the pieces of c.Flux their states.
func (b *Book) apply(ctx context.Context, tx ledger.Tx, c *Constat, r *Reponse, sum string) error {
	f := c.Flux
	list, err := acquittees(ctx, tx, f)
	if err != nil {
		return err
	}
	older, err := b.older(ctx, tx, f, r.DteStr, sum)
	if err != nil {
		return err
	}
	said := r.Verdicts(f, list)
	changed := make(map[change][]string)
	were := make(map[EtatPiece]int)
	for i := range list {
		p := &list[i]
		were[p.Etat]++
		v := Verdict{Etat: SansReponse}
		if i < len(said) {
			v = said[i]
		}
		to, contrary := p.next(v, older)
		if contrary {
			c.Contraires = append(c.Contraires, p.IdUnique)
		}
		if to.from = p.Etat; to.etat != p.Etat || to.code != p.Code || to.libelle != p.Libelle {
			changed[to] = append(changed[to], p.IdUnique)
			p.Etat, p.Code, p.Libelle = to.etat, to.code, to.libelle
		}
	}
	if err := update(ctx, tx, f, changed, were); err != nil {
		return err
	}
	c.Pieces = list
	if f.Depot.IsZero() { // the answer proves that it arrived
		if err := b.noteDepot(ctx, tx, f, IssueDepose, f.Transaction, f.Message); err != nil {
			return err
		}
	}
	if _, err := tx.ExecContext(ctx, `update flux_depot set etat = 'depose' where volume = $1 and etat in ('en_envoi', 'incertain')`, f.id); err != nil {
		return fmt.Errorf("apply an acknowledgment to %s: %w", f.NomFic, err)
	}
	return b.settleState(ctx, tx, f, list, sum)
}

// change is what happens to a piece.
type change struct {
	from, etat    EtatPiece
	code, libelle string
}

// next is what a verdict makes of a piece.
func (p *PieceAcquittee) next(v Verdict, older bool) (to change, contrary bool) {
	same := change{etat: p.Etat, code: p.Code, libelle: p.Libelle}
	said := change{etat: v.Etat, code: v.Code, libelle: v.Libelle}
	switch p.Etat {
	case Produite, Envoyee, SansReponse, Abandonnee:
		return said, false
	case DejaLa:
		return same, false
	case Acceptee:
		if v.Etat == Refusee {
			if v.Doublon || older {
				return same, !v.Doublon
			}
			return said, true
		}
		return same, false
	case Refusee:
		if v.Etat == Acceptee {
			if older {
				return same, true
			}
			return said, true
		}
		if v.Etat == Refusee && !older {
			return said, false
		}
		return same, false
	case Reprise:
		return same, v.Etat == Acceptee
	}
	return same, false
}

// update writes the changes: those of the few one by one, that of the many by
// what they were, so that an answer about ten thousand pieces is one statement.
// were is how many pieces were in each state.
func update(ctx context.Context, tx ledger.Tx, f *Flux, changed map[change][]string, were map[EtatPiece]int) error {
	var many change
	for to, ids := range changed {
		if len(ids) > len(changed[many]) {
			many = to
		}
	}
	there := were[many.from] // once the others are written
	for to, ids := range changed {
		if to == many {
			continue
		}
		if err := updateSome(ctx, tx, f, to, ids); err != nil {
			return err
		}
		if to.from == many.from {
			there -= len(ids)
		}
		if to.etat == many.from {
			there += len(ids)
		}
	}
	ids := changed[many]
	switch {
	case len(ids) == 0:
		return nil
	case there != len(ids):
		return updateSome(ctx, tx, f, many, ids)
	}
	_, err := tx.ExecContext(ctx, `update flux_piece set etat = $1, code = $2, libelle = $3 where volume = $4 and etat = $5`,
		string(many.etat), many.code, many.libelle, f.id, string(many.from))
	if err != nil {
		return fmt.Errorf("apply an acknowledgment to %s: %w", f.NomFic, err)
	}
	return nil
}

func updateSome(ctx context.Context, tx ledger.Tx, f *Flux, to change, ids []string) error {
	return in(ids, 5, func(part []any, parameters string) error {
		_, err := tx.ExecContext(ctx, `update flux_piece set etat = $1, code = $2, libelle = $3 where volume = $4 and id_unique in (`+parameters+`)`,
			append([]any{string(to.etat), to.code, to.libelle, f.id}, part...)...)
		if err != nil {
			return fmt.Errorf("apply an acknowledgment to %s: %w", f.NomFic, err)
		}
		return nil
	})
}

// settleState moves a flux to where its pieces are.
func (b *Book) settleState(ctx context.Context, tx ledger.Tx, f *Flux, list []PieceAcquittee, motif string) error {
	f.Acceptes, f.Refuses = 0, 0
	resolved := 0
	for _, p := range list {
		switch p.Etat {
		case Acceptee, DejaLa:
			f.Acceptes++
			resolved++
		case Refusee:
			f.Refuses++
		case Abandonnee:
			resolved++
		case Reprise:
			done, err := b.resolvedElsewhere(ctx, tx, p)
			if err != nil {
				return err
			}
			if done {
				resolved++
			}
		}
	}
	if _, err := tx.ExecContext(ctx, `update flux_volume set acceptees = $1, refusees = $2 where id = $3`, f.Acceptes, f.Refuses, f.id); err != nil {
		return fmt.Errorf("count the pieces of %s: %w", f.NomFic, err)
	}
	vers := Acquitte
	switch {
	case resolved == len(list):
		vers = Clos
	case f.Refuses == len(list):
		vers = Refuse
	}
	if err := b.move(ctx, tx, f, vers, motif); err != nil {
		return err
	}
	return b.closeOrigin(ctx, tx, f)
}

// resolvedElsewhere reports whether a piece that was sent again is accepted in
// its new flux, or in the one after.
func (b *Book) resolvedElsewhere(ctx context.Context, db ledger.DB, p PieceAcquittee) (bool, error) {
	if !p.suite.Valid {
		return false, nil
	}
	var n int
	err := db.QueryRowContext(ctx, `select count(*) from flux_volume where id = $1 and etat in ('clos', 'abandonne')`, p.suite.Int64).Scan(&n)
	if err != nil {
		return false, fmt.Errorf("look for piece %s in its new flux: %w", p.IdUnique, err)
	}
	return n > 0, nil
}

// closeOrigin closes the flux that f was made again from, when f was all that
// it waited for.
func (b *Book) closeOrigin(ctx context.Context, tx ledger.Tx, f *Flux) error {
	if !f.origine.Valid || f.Etat != Clos && f.Etat != Abandonne {
		return nil
	}
	list, err := fluxes(ctx, tx, `where v.id = $1`, f.origine.Int64)
	if err != nil || len(list) == 0 {
		return err
	}
	origin := list[0]
	if origin.Etat != Acquitte && origin.Etat != Refuse {
		return nil
	}
	all, err := acquittees(ctx, tx, origin)
	if err != nil {
		return err
	}
	return b.settleState(ctx, tx, origin, all, f.NomFic)
}

// count writes how many pieces of f are accepted and refused.
func (b *Book) count(ctx context.Context, tx ledger.Tx, f *Flux) error {
	err := tx.QueryRowContext(ctx,
		`select coalesce(sum(case when etat in ('acceptee', 'deja_la') then 1 else 0 end), 0), coalesce(sum(case when etat = 'refusee' then 1 else 0 end), 0)
		 from flux_piece where volume = $1`, f.id).Scan(&f.Acceptes, &f.Refuses)
	if err == nil {
		_, err = tx.ExecContext(ctx, `update flux_volume set acceptees = $1, refusees = $2 where id = $3`, f.Acceptes, f.Refuses, f.id)
	}
	if err != nil {
		return fmt.Errorf("count the pieces of %s: %w", f.NomFic, err)
	}
	return nil
}
