package fluxbook

import (
	"context"
	"errors"
	"fmt"
	"io/fs"

	"paye/internal/anomalie"
	"paye/internal/ledger"
)

// Check holds the book against itself and against the files. digest gives the
// length and the SHA-256 of a file. Findings go to report; the number of fluxes
// that were looked at is returned.
func (b *Book) Check(ctx context.Context, digest func(path string) (octets int64, sum string, err error), report func(*anomalie.Anomalie)) (n int, err error) {
	err = b.l.View(ctx, func(db ledger.DB) error {
		list, err := fluxes(ctx, db, `order by v.id`)
		if err != nil {
			return err
		}
		for _, f := range list {
			if err := ctx.Err(); err != nil {
				return err
			}
			if err := checkFlux(ctx, db, f, report); err != nil {
				return err
			}
			if err := checkFile(f, digest, report); err != nil {
				return err
			}
		}
		n = len(list)
		return checkAcquits(ctx, db, report)
	})
	return n, err
}

// checkFlux holds what is written of a flux against its pieces and deposits.
func checkFlux(ctx context.Context, db ledger.DB, f *Flux, report func(*anomalie.Anomalie)) error {
	wrong := func(format string, args ...any) {
		report(Codes.New(Incoherent, f.NomFic, fmt.Sprintf(format, args...)))
	}
	list, err := pieces(ctx, db, f.id)
	if err != nil {
		return err
	}
	var accepted, refused, open int
	for _, p := range list {
		switch p.Etat {
		case Acceptee, DejaLa:
			accepted++
		case Refusee:
			refused++
		case Produite, Envoyee, SansReponse:
			open++
		}
		if p.Etat == Reprise != p.suite.Valid {
			wrong("piece %s: %s", p.IdUnique, p.Etat)
		}
	}
	if len(list) != f.Pieces || accepted != f.Acceptes || refused != f.Refuses {
		wrong("pieces %d/%d, accepted %d/%d, refused %d/%d", len(list), f.Pieces, accepted, f.Acceptes, refused, f.Refuses)
	}
	if f.Etat == Clos && open+refused > 0 {
		wrong("closed with %d pieces open", open+refused)
	}
	var active int
	if err := db.QueryRowContext(ctx, `select count(*) from flux_depot where volume = $1 and etat in ('en_envoi', 'depose', 'incertain')`, f.id).Scan(&active); err != nil {
		return fmt.Errorf("read the deposits of %s: %w", f.NomFic, err)
	}
	if f.Etat == Produit && active > 0 || f.Etat.Waiting() && active == 0 {
		wrong("state %s with %d deposits", f.Etat, active)
	}
	if f.Etat == EnEnvoi {
		report(Codes.New(EnvoiCoupe, f.NomFic))
	}
	return checkBound(ctx, db, f, wrong)
}

// checkBound holds the pieces of a flux against the contents that their
// identifiers stand for.
func checkBound(ctx context.Context, db ledger.DB, f *Flux, wrong func(string, ...any)) error {
	var n int
	err := db.QueryRowContext(ctx,
		`select count(*) from flux_piece p left join flux_identifiant i on i.siren = $1 and i.id_unique = p.id_unique
		 where p.volume = $2 and p.etat not in ('refusee', 'reprise', 'abandonnee') and (i.sha256 is null or i.sha256 <> p.sha256)`, f.siren(), f.id).Scan(&n)
	if err != nil {
		return fmt.Errorf("read the identifiers of %s: %w", f.NomFic, err)
	}
	if n > 0 {
		wrong("%d identifiers stand for another content", n)
	}
	return nil
}

func checkFile(f *Flux, digest func(string) (int64, string, error), report func(*anomalie.Anomalie)) error {
	octets, sum, err := digest(f.Fichier)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		if f.Etat != Clos && f.Etat != Abandonne {
			report(f.Absent())
		}
	case err != nil:
		return fmt.Errorf("read the file of %s: %w", f.NomFic, err)
	case octets != f.Octets || sum != f.SHA256:
		report(Codes.New(FichierChange, f.NomFic).At(f.Fichier, -1, 0))
	}
	return nil
}

// Absent is the anomaly of a flux whose file is not there: one that was to
// leave cannot, one that has left cannot be sent again.
func (f *Flux) Absent() *anomalie.Anomalie {
	a := Codes.New(FichierAbsent, f.NomFic)
	if f.Etat == Produit {
		a = Codes.New(VolumeDisparu, f.NomFic, f.Volume)
	}
	return a.At(f.Fichier, -1, 0)
}

// checkAcquits reads every acknowledgment again.
func checkAcquits(ctx context.Context, db ledger.DB, report func(*anomalie.Anomalie)) error {
	rows, err := db.QueryContext(ctx, `select sha256, fichier, contenu from flux_acquit order by rang`)
	if err != nil {
		return fmt.Errorf("read the acknowledgments: %w", err)
	}
	defer rows.Close()
	for rows.Next() {
		var want, name string
		var content []byte
		if err := rows.Scan(&want, &name, &content); err != nil {
			return fmt.Errorf("read the acknowledgments: %w", err)
		}
		if Digest(content) != want {
			report(Codes.New(AcquitAbime, excerpt(name)))
		}
	}
	return rows.Err()
}
