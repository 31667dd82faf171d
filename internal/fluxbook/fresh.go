package fluxbook

import (
	"context"
	"fmt"
	"strconv"
	"strings"

	"paye/internal/ledger"
)

// fresh reports whether nothing of the book stands in the way of a delivery, nor
// has to be looked at for it: no edition of the payroll, no flux of its names, no
// piece of its identifiers. That is most deliveries, and one question. False says
// nothing.
func (b *Book) fresh(ctx context.Context, db ledger.DB, p *Paye) (bool, error) {
	args := []any{p.Siret, p.CodCol, p.CodBud, p.Annee, p.Mois, p.Train}
	list := func(values []any) string {
		marks := make([]string, len(values))
		for i := range values {
			marks[i] = "$" + strconv.Itoa(len(args)+1+i)
		}
		args = append(args, values...)
		return strings.Join(marks, ", ")
	}
	var names, ids []any
	for i := range p.Volumes {
		names = append(names, p.Volumes[i].NomFic)
		for _, piece := range p.Volumes[i].Pieces {
			ids = append(ids, piece.IdUnique)
		}
	}
	if len(names) == 0 || len(ids) == 0 || len(names)+len(ids) > chunk {
		return false, nil
	}
	var known int
	err := db.QueryRowContext(ctx, `select
		(select count(*) from flux_paye where siret = $1 and codcol = $2 and codbud = $3 and annee = $4 and mois = $5 and train = $6)
		+ (select count(*) from flux_volume where nomfic in (`+list(names)+`))
		+ (select count(*) from flux_piece where id_unique in (`+list(ids)+`))`, args...).Scan(&known)
	if err != nil {
		return false, fmt.Errorf("look for payroll %v: %w", p.Key, err)
	}
	return known == 0, nil
}
