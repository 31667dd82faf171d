package fluxbook

import (
	"context"
	"fmt"
	"path/filepath"
	"time"

	"paye/internal/ledger"
)

// RecordAll is [Book.RecordIn] for many deliveries, in a ledger that is a server's:
// those of which the book knows nothing, which are most of them, are asked about
// and written by one statement each, whose parameters are arrays. In an array there
// is one value a row.
func (b *Book) RecordAll(ctx context.Context, tx ledger.Tx, list []*Paye) error {
	first, rest := apart(list)
	fresh, err := allFresh(ctx, tx, first)
	if err != nil {
		return err
	}
	if fresh {
		err = b.enterAll(ctx, tx, first)
	} else {
		rest = list
	}
	for _, p := range rest {
		if err == nil {
			_, err = b.RecordIn(ctx, tx, p)
		}
	}
	return err
}

// together are the questions about deliveries that are made side by side, in a ledger
// that is a server's.
type together struct {
	months *ledger.Asked[Month, map[Month]bool]
	fresh  *ledger.Asked[*Paye, bool]
}

// How long a question waits for others: a worker is given several jobs at a time, and
// what is about to appear holds no processor.
const (
	waitBegin  = 2 * time.Millisecond
	waitAppear = 10 * time.Millisecond
)

func newTogether(db ledger.DB) *together {
	return &together{
		months: ledger.NewAsked(waitBegin, func(ctx context.Context, list []Month) (map[Month]bool, error) { return months(ctx, db, list) }),
		fresh:  ledger.NewAsked(waitAppear, func(ctx context.Context, list []*Paye) (bool, error) { return allFresh(ctx, db, list) }),
	}
}

// freshBeside is fresh outside of a transaction, for a delivery that may be one of
// many.
func (b *Book) freshBeside(ctx context.Context, p *Paye) (bool, error) {
	if b.together != nil {
		if all, err := b.together.fresh.Ask(ctx, p); err == nil && all {
			return true, nil
		}
	}
	return b.fresh(ctx, b.l.DB(), p)
}

// Month is what the payrolls of a SIRET and a month have in common: their names.
type Month struct {
	Siret       string
	Annee, Mois int
}

// Unseen reports whether the book has no flux of a month for sure.
func (b *Book) Unseen(ctx context.Context, m Month) bool {
	if b.together == nil {
		return false
	}
	known, err := b.together.months.Ask(ctx, m)
	return err == nil && !known[m]
}

// months are those of a list of which a book has fluxes.
func months(ctx context.Context, db ledger.DB, list []Month) (map[Month]bool, error) {
	var siret []string
	var annee, mois []int32
	for _, m := range list {
		siret, annee, mois = append(siret, m.Siret), append(annee, int32(m.Annee)), append(mois, int32(m.Mois))
	}
	rows, err := db.QueryContext(ctx, `select siret, annee, mois from unnest($1::text[], $2::int[], $3::int[]) k (siret, annee, mois)
		where (select count(*) from flux_volume v join flux_paye y on y.id = v.paye where y.siret = k.siret and y.annee = k.annee and y.mois = k.mois) > 0`, siret, annee, mois)
	if err != nil {
		return nil, fmt.Errorf("look for %d months: %w", len(list), err)
	}
	defer rows.Close()
	known := make(map[Month]bool)
	for rows.Next() {
		var m Month
		if err := rows.Scan(&m.Siret, &m.Annee, &m.Mois); err != nil {
			return nil, fmt.Errorf("look for %d months: %w", len(list), err)
		}
		known[m] = true
	}
	return known, rows.Err()
}

// apart takes a delivery of each authority: none of them has an identifier or a name
// of another.
func apart(list []*Paye) (first, rest []*Paye) {
	seen := make(map[string]bool)
	for _, p := range list {
		if siren := p.siren(); seen[siren] {
			rest = append(rest, p)
		} else {
			seen[siren] = true
			first = append(first, p)
		}
	}
	return first, rest
}

// allFresh is fresh for all of a list. Each row is looked up by an index: counts in
// place of joins leave the planner no other way.
func allFresh(ctx context.Context, db ledger.DB, list []*Paye) (bool, error) {
	var siret, codCol, codBud, train, names, ids []string
	var annee, mois []int32
	for _, p := range list {
		siret, codCol, codBud, train = append(siret, p.Siret), append(codCol, p.CodCol), append(codBud, p.CodBud), append(train, p.Train)
		annee, mois = append(annee, int32(p.Annee)), append(mois, int32(p.Mois))
		for i := range p.Volumes {
			names = append(names, p.Volumes[i].NomFic)
			for _, piece := range p.Volumes[i].Pieces {
				ids = append(ids, piece.IdUnique)
			}
		}
	}
	var known int64
	err := db.QueryRowContext(ctx, `select coalesce(sum(n), 0)::bigint from (
		select (select count(*) from flux_paye y where y.siret = k.siret and y.codcol = k.codcol and y.codbud = k.codbud
			and y.annee = k.annee and y.mois = k.mois and y.train = k.train) n
		from unnest($1::text[], $2::text[], $3::text[], $4::int[], $5::int[], $6::text[]) k (siret, codcol, codbud, annee, mois, train)
		union all select (select count(*) from flux_volume v where v.nomfic = k.nomfic) from unnest($7::text[]) k (nomfic)
		union all select (select count(*) from flux_piece q where q.id_unique = k.id) from unnest($8::text[]) k (id)) known`,
		siret, codCol, codBud, annee, mois, train, names, ids).Scan(&known)
	if err != nil {
		return false, fmt.Errorf("look for %d payrolls: %w", len(list), err)
	}
	return known == 0, nil
}

// rows are the rows of fresh deliveries, column by column. A payroll and a volume
// are numbered from 1 on, beyond those of the book.
type rows struct {
	siret, codCol, codBud, train, packaging, dossier, empreinte, version []string
	annee, mois                                                          []int32

	vPaye, vNumber, vPieces     []int32
	vName, vCodCol, vFile, vSum []string
	vOctets                     []int64

	qVolume, qRang            []int32
	qSiren, qId, qGenre, qSum []string
	qOctets                   []int64
}

func (r *rows) add(p *Paye) {
	r.siret, r.codCol, r.codBud, r.train = append(r.siret, p.Siret), append(r.codCol, p.CodCol), append(r.codBud, p.CodBud), append(r.train, p.Train)
	r.packaging, r.dossier = append(r.packaging, p.Packaging), append(r.dossier, p.Dossier)
	r.empreinte, r.version = append(r.empreinte, p.digest()), append(r.version, p.Version)
	r.annee, r.mois = append(r.annee, int32(p.Annee)), append(r.mois, int32(p.Mois))
	for i := range p.Volumes {
		v := &p.Volumes[i]
		r.vPaye, r.vNumber, r.vPieces = append(r.vPaye, int32(len(r.siret))), append(r.vNumber, int32(v.N)), append(r.vPieces, int32(len(v.Pieces)))
		r.vName, r.vCodCol = append(r.vName, v.NomFic), append(r.vCodCol, p.CodCol)
		r.vFile, r.vSum, r.vOctets = append(r.vFile, filepath.Join(p.Dossier, v.Fichier)), append(r.vSum, v.SHA256), append(r.vOctets, v.Octets)
		for rang, piece := range v.Pieces {
			r.qVolume, r.qRang, r.qSiren = append(r.qVolume, int32(len(r.vPaye))), append(r.qRang, int32(rang)), append(r.qSiren, p.siren())
			r.qId, r.qGenre = append(r.qId, piece.IdUnique), append(r.qGenre, piece.Genre)
			r.qSum, r.qOctets = append(r.qSum, piece.SHA256), append(r.qOctets, piece.Octets)
		}
	}
}

// enterAll writes fresh deliveries.
func (b *Book) enterAll(ctx context.Context, tx ledger.Tx, list []*Paye) error {
	var r rows
	for _, p := range list {
		r.add(p)
	}
	_, err := tx.ExecContext(ctx, `with base as (select
			(select coalesce(max(id), 0) from flux_paye) paye, (select coalesce(max(id), 0) from flux_volume) volume, (select coalesce(max(id), 0) from flux_historique) historique),
		p as (insert into flux_paye (id, siret, codcol, codbud, annee, mois, train, edition, packaging, dossier, empreinte, version, cree)
			select base.paye + n, siret, codcol, codbud, annee, mois, train, 1, packaging, dossier, empreinte, version, $1
			from base, unnest($3::text[], $4::text[], $5::text[], $6::int[], $7::int[], $8::text[], $9::text[], $10::text[], $11::text[], $12::text[])
				with ordinality k (siret, codcol, codbud, annee, mois, train, packaging, dossier, empreinte, version, n)),
		v as (insert into flux_volume (id, paye, volume, envoi, nomfic, codcol, fichier, octets, sha256, etat, pieces, modifie)
			select base.volume + n, base.paye + k.paye, k.volume, 0, nomfic, codcol, fichier, octets, sha256, 'produit', pieces, $1
			from base, unnest($13::int[], $14::int[], $15::text[], $16::text[], $17::text[], $18::bigint[], $19::text[], $20::int[])
				with ordinality k (paye, volume, nomfic, codcol, fichier, octets, sha256, pieces, n)),
		q as (insert into flux_piece (volume, rang, id_unique, genre, sha256, octets, etat)
			select base.volume + k.volume, rang, id_unique, genre, sha256, octets, 'produite'
			from base, unnest($21::int[], $22::int[], $23::text[], $24::text[], $25::text[], $26::bigint[]) k (volume, rang, id_unique, genre, sha256, octets)),
		i as (insert into flux_identifiant (siren, id_unique, sha256, volume)
			select distinct on (siren, id_unique) siren, id_unique, sha256, base.volume + k.volume
			from base, unnest($27::text[], $23::text[], $25::text[], $21::int[]) k (siren, id_unique, sha256, volume) order by siren, id_unique, k.volume
			on conflict (siren, id_unique) do update set sha256 = excluded.sha256,
				volume = case when flux_identifiant.sha256 = excluded.sha256 then flux_identifiant.volume else excluded.volume end)
		insert into flux_historique (id, quand, qui, nomfic, codcol, de, vers, motif)
		select base.historique + n, $1, $2, nomfic, codcol, '', 'produit', ''
		from base, unnest($15::text[], $16::text[]) with ordinality k (nomfic, codcol, n)`,
		ledger.Time(b.l.Now()), b.qui,
		r.siret, r.codCol, r.codBud, r.annee, r.mois, r.train, r.packaging, r.dossier, r.empreinte, r.version,
		r.vPaye, r.vNumber, r.vName, r.vCodCol, r.vFile, r.vOctets, r.vSum, r.vPieces,
		r.qVolume, r.qRang, r.qId, r.qGenre, r.qSum, r.qOctets, r.qSiren)
	if err != nil {
		return fmt.Errorf("record %d payrolls: %w", len(list), err)
	}
	return nil
}
