package due

import (
	"bytes"
	"context"
	"crypto/sha256"
	"database/sql"
	"encoding/hex"
	"fmt"

	"paye/internal/ledger"
)

// Format is that of the file of a Lot.
type Format string

const (
	FormatTexte Format = "txt" // DUETXT01, our own
	FormatXML   Format = "xml" // FR_DUE_Upload
)

// Decoupe says how many hires a file declares.
type Decoupe uint8

const (
	Ensemble Decoupe = iota // all of them
	UnParUn                 // one: a refusal of the file then refuses one hire
)

// Fichier is the file of a Lot, as it was written and read back.
type Fichier struct {
	Lot        string
	Nom        string // dpae.txt, or dpae.xml
	Format     Format
	Octets     []byte
	SHA256     string
	Indicateur Indicateur // read back from Octets
	Nombre     int        // hires, read back from Octets
	Etape      int        // step of the set-up that it is for, 0 for none
}

// Ecriture is how the declarations of a Bilan are to be written.
type Ecriture struct {
	Format     Format
	Decoupe    Decoupe
	Etape      int    // 4, 5 or 6 for the file of a step of the set-up
	Cle        string // fingerprint of the recipient's key; Reel needs the one of step 6
	Confirmee  string // SIRET typed again by the user; Reel needs it
	Provisoire bool   // build and read back only: nothing is recorded
}

// Write writes the declarations of b into files, reads them back, and records
// them. It refuses a Bilan that has an error, and the real indicator without
// step 6 and a confirmation.
func (r *Registre) Write(ctx context.Context, b *Bilan, how Ecriture) ([]Fichier, error) {
	if err := b.Declarable(); err != nil {
		return nil, err
	}
	var files []Fichier
	err := r.l.Update(ctx, func(tx ledger.Tx) error {
		if err := r.mayWrite(ctx, tx, b, how); err != nil {
			return err
		}
		parts := [][]Declaration{b.Declarations}
		if how.Decoupe == UnParUn {
			parts = nil
			for i := range b.Declarations {
				parts = append(parts, b.Declarations[i:i+1])
			}
		}
		for n, part := range parts {
			ahead := 0
			if how.Provisoire {
				ahead = n
			}
			id, err := r.newLot(ctx, tx, ahead)
			if err != nil {
				return err
			}
			lot := &Lot{ID: id, Cree: r.l.Now(), Indicateur: b.Indicateur, Selection: b.Selection,
				Groupes: []Groupe{{Employeur: b.Employeur, Hires: part}}}
			file, err := Build(lot, how.Format)
			if err != nil {
				return err
			}
			file.Etape = how.Etape
			files = append(files, *file)
			if how.Provisoire {
				continue
			}
			if err := r.record(ctx, tx, lot, file); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		return nil, err
	}
	return files, nil
}

func (r *Registre) mayWrite(ctx context.Context, tx ledger.Tx, b *Bilan, how Ecriture) error {
	if how.Etape != 0 && b.Indicateur != Essai {
		return Codes.New("DUE-151")
	}
	if b.Indicateur != Reel {
		return nil
	}
	p, err := r.progression(ctx, tx)
	if err != nil {
		return err
	}
	if !p.Ouvert(how.Cle) {
		return Codes.New("DUE-151")
	}
	if how.Confirmee != r.siret {
		return Codes.New("DUE-152")
	}
	return nil
}

// newLot is the identifier of the next batch of the day; ahead were just made
// that are not recorded.
func (r *Registre) newLot(ctx context.Context, tx ledger.Tx, ahead int) (string, error) {
	paris, err := Paris()
	if err != nil {
		return "", err
	}
	prefix := "L" + r.l.Now().In(paris).Format("20060102") + "-"
	var last sql.NullInt64
	if err := tx.QueryRowContext(ctx, `select max(cast(substr(id, 11) as integer)) from due_lot where substr(id, 1, 10) = $1`,
		prefix).Scan(&last); err != nil {
		return "", fmt.Errorf("number a batch: %w", err)
	}
	return fmt.Sprintf("%s%04d", prefix, int(last.Int64)+1+ahead), nil
}

// Build writes the file of lot and reads it back; what it returns of the
// indicator and the count comes from the bytes.
func Build(lot *Lot, format Format) (*Fichier, error) {
	var buf, again bytes.Buffer
	f := &Fichier{Lot: lot.ID, Format: format, Nom: "dpae." + string(format)}
	switch format {
	case FormatTexte:
		if err := WriteTexte(&buf, lot); err != nil {
			return nil, fmt.Errorf("write batch %s: %w", lot.ID, err)
		}
		back, err := ReadTexte(bytes.NewReader(buf.Bytes()), f.Nom)
		if err != nil {
			return nil, fmt.Errorf("read back batch %s: %w", lot.ID, err)
		}
		f.Indicateur, f.Nombre = back.Indicateur, back.Nombre()
		if err := WriteTexte(&again, back); err != nil {
			return nil, fmt.Errorf("compare batch %s: %w", lot.ID, err)
		}
	default:
		if err := WriteUpload(&buf, lot.Indicateur, &lot.Groupes[0]); err != nil {
			return nil, fmt.Errorf("write batch %s: %w", lot.ID, err)
		}
		ind, back, err := ReadUpload(bytes.NewReader(buf.Bytes()), f.Nom)
		if err != nil {
			return nil, fmt.Errorf("read back batch %s: %w", lot.ID, err)
		}
		f.Indicateur, f.Nombre = ind, len(back.Hires)
		if err := WriteUpload(&again, ind, back); err != nil {
			return nil, fmt.Errorf("compare batch %s: %w", lot.ID, err)
		}
	}
	if !bytes.Equal(buf.Bytes(), again.Bytes()) || f.Indicateur != lot.Indicateur || f.Nombre != lot.Nombre() {
		return nil, Codes.New("DUE-150", lot.ID)
	}
	sum := sha256.Sum256(buf.Bytes())
	f.Octets, f.SHA256 = buf.Bytes(), hex.EncodeToString(sum[:])
	return f, nil
}

// record keeps a file that was written, and moves its declarations.
func (r *Registre) record(ctx context.Context, tx ledger.Tx, lot *Lot, f *Fichier) error {
	if _, err := tx.ExecContext(ctx,
		`insert into due_lot (id, siret, cree, indicateur, format, etape, nombre, nom, sha256, contenu, etat)
		 values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, 'ecrit')`,
		lot.ID, r.siret, ledger.Time(lot.Cree), string(rune(f.Indicateur)), string(f.Format), f.Etape, f.Nombre, f.Nom, f.SHA256, f.Octets); err != nil {
		return fmt.Errorf("record batch %s: %w", lot.ID, err)
	}
	next := EcriteTest
	if f.Indicateur == Reel {
		next = EcriteReel
	}
	hires := lot.Groupes[0].Hires
	for i := range hires {
		row, err := r.note(ctx, tx, &hires[i])
		if err != nil {
			return err
		}
		row.indicateur = string(rune(f.Indicateur))
		if err := r.move(ctx, tx, row, mouvement{vers: next, lot: lot.ID, sha256: f.SHA256}); err != nil {
			return err
		}
		if _, err := tx.ExecContext(ctx, `update due_declaration set lot = $1 where id = $2`, lot.ID, row.id); err != nil {
			return fmt.Errorf("record declaration %s: %w", row.cle, err)
		}
		const headers = 2 // records 01 and 10 come before the first hire
		if _, err := tx.ExecContext(ctx, `insert into due_lot_ligne (lot, sequence, declaration) values ($1, $2, $3)`,
			lot.ID, headers+1+i, row.id); err != nil {
			return fmt.Errorf("record declaration %s: %w", row.cle, err)
		}
	}
	return nil
}
