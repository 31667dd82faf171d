package fluxbook

import (
	"context"
	"fmt"
	"strconv"
	"strings"

	"paye/internal/ledger"
)

// chunk is how many values one statement asks about.
const chunk = 400

// in calls f for the parts of ids, with the text of the parameters that stand
// for a part from number first on.
func in(ids []string, first int, f func(part []any, parameters string) error) error {
	for len(ids) > 0 {
		n := min(len(ids), chunk)
		part, marks := make([]any, n), make([]string, n)
		for i := range n {
			part[i], marks[i] = ids[i], "$"+strconv.Itoa(first+i)
		}
		if err := f(part, strings.Join(marks, ", ")); err != nil {
			return err
		}
		ids = ids[n:]
	}
	return nil
}

// mayStand refuses a delivery one of whose identifiers stands for another
// content: at the accountant for ever, in a delivery that is ready as long as
// it is there. Those of a refused piece are free again. A NomFic is never free.
func (b *Book) mayStand(ctx context.Context, db ledger.DB, p *Paye, f former) error {
	content := make(map[string]string)
	var ids []string
	for i := range p.Volumes {
		for _, piece := range p.Volumes[i].Pieces {
			content[piece.IdUnique] = piece.SHA256
			ids = append(ids, piece.IdUnique)
		}
	}
	for i := range p.Volumes {
		var n int
		err := db.QueryRowContext(ctx, `select count(*) from flux_volume where nomfic = $1 and codcol = $2 and paye <> $3`, p.Volumes[i].NomFic, p.CodCol, f.replaced()).Scan(&n)
		if err != nil {
			return fmt.Errorf("look for the name %s: %w", p.Volumes[i].NomFic, err)
		}
		if n > 0 {
			return Codes.New(NomFicPris, p.Volumes[i].NomFic)
		}
	}
	return bound(ctx, db, p.siren(), ids, content, f.replaced())
}

func bound(ctx context.Context, db ledger.DB, siren string, ids []string, content map[string]string, except int64) error {
	return in(ids, 3, func(part []any, parameters string) error {
		rows, err := db.QueryContext(ctx,
			`select q.id_unique, q.sha256, y.annee, y.mois, y.train, v.volume, v.nomfic
			 from flux_piece q join flux_volume v on v.id = q.volume join flux_paye y on y.id = v.paye
			 where substr(y.siret, 1, 9) = $1 and y.id <> $2 and q.etat not in ('refusee', 'reprise', 'abandonnee') and q.id_unique in (`+parameters+`)`,
			append([]any{siren, except}, part...)...)
		if err != nil {
			return fmt.Errorf("look for the identifiers: %w", err)
		}
		defer rows.Close()
		for rows.Next() {
			var id, sum, nomFic string
			var k Key
			var volume int
			if err := rows.Scan(&id, &sum, &k.Annee, &k.Mois, &k.Train, &volume, &nomFic); err != nil {
				return fmt.Errorf("look for the identifiers: %w", err)
			}
			if sum != content[id] {
				return Codes.New(AutreContenu, id, k.String(), volume, nomFic)
			}
		}
		return rows.Err()
	})
}

// Lieu is where a piece is, or on its way.
type Lieu struct {
	Key
	Volume int
	NomFic string
	Etat   EtatPiece
}

// Known returns, of the pieces (SHA-256 by IdUnique), those that the
// accountant has with the same content, or that are on their way there: they
// need not travel again.
func (b *Book) Known(ctx context.Context, siret string, content map[string]string) (map[string]Lieu, error) {
	ids := make([]string, 0, len(content))
	for id := range content {
		ids = append(ids, id)
	}
	known := make(map[string]Lieu)
	siren := Key{Siret: siret}.siren()
	err := in(ids, 2, func(part []any, parameters string) error {
		rows, err := b.l.DB().QueryContext(ctx,
			`select q.id_unique, q.sha256, q.etat, y.siret, y.annee, y.mois, y.train, v.volume, v.nomfic
			 from flux_piece q join flux_volume v on v.id = q.volume join flux_paye y on y.id = v.paye
			 where substr(y.siret, 1, 9) = $1 and (q.etat in ('acceptee', 'deja_la') or q.etat = 'envoyee' and v.etat in ('depose', 'transmis'))
			 and q.id_unique in (`+parameters+`) order by v.id`, append([]any{siren}, part...)...)
		if err != nil {
			return fmt.Errorf("look for the pieces that are there: %w", err)
		}
		defer rows.Close()
		for rows.Next() {
			var id, sum string
			var l Lieu
			if err := rows.Scan(&id, &sum, &l.Etat, &l.Siret, &l.Annee, &l.Mois, &l.Train, &l.Volume, &l.NomFic); err != nil {
				return fmt.Errorf("look for the pieces that are there: %w", err)
			}
			if sum == content[id] {
				known[id] = l
			}
		}
		return rows.Err()
	})
	return known, err
}

// Envoi returns the first number for which name gives a NomFic that no flux of
// the book has, but those of the delivery that a new one of k replaces.
func (b *Book) Envoi(ctx context.Context, k Key, name func(envoi int) (string, error)) (int, error) {
	f, err := b.former(ctx, b.l.DB(), k)
	if err != nil {
		return 0, err
	}
	return freeName(ctx, b.l.DB(), f.replaced(), name)
}

func freeName(ctx context.Context, db ledger.DB, except int64, name func(envoi int) (string, error)) (int, error) {
	for envoi := 0; ; envoi++ {
		nomFic, err := name(envoi)
		if err != nil {
			return 0, err
		}
		var n int
		if err := db.QueryRowContext(ctx, `select count(*) from flux_volume where nomfic = $1 and paye <> $2`, nomFic, except).Scan(&n); err != nil {
			return 0, fmt.Errorf("look for the name %s: %w", nomFic, err)
		}
		if n == 0 {
			return envoi, nil
		}
	}
}
