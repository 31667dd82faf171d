package synth

import (
	"errors"
	"fmt"
	"runtime"

	"paye/internal/xmlw"
	"paye/xhl"
)

// Profil is the kind of book, which decides how well it compresses.
type Profil uint8

const (
	Ordinaire Profil = iota // in the order of services, grades and échelons: neighbours look alike
	Dense                   // in the order of the services only: every amount is its own
)

var profils = [...]string{Ordinaire: "ordinaire", Dense: "dense"}

func (p Profil) String() string { return profils[p] }

// ParseProfil reads the name of a Profil.
func ParseProfil(name string) (Profil, error) {
	for p, n := range profils {
		if n == name {
			return Profil(p), nil
		}
	}
	return 0, fmt.Errorf("profile %q: ordinaire or dense expected", name)
}

// References is where the link between bulletins and justificatifs stands.
// The index has it in any case.
type References uint8

const (
	DansBulletins References = iota // also as PJRef of the bulletins, in both formats
	DansIndex                       // in justificatifs.csv only, as HR packages that leave it to the deposit
)

// MaxBulletins is the size of the largest run: beyond, identifiers that no one
// has would run out.
const MaxBulletins = 1_000_000

// AucunePiece as Options.Pieces asks for no justificatif.
const AucunePiece = -1

// Options say what run to make. Equal options give equal bytes; Workers
// excepted, which changes nothing but the time.
type Options struct {
	Bulletins      int // 100 when 0; MaxBulletins at most
	Seed           uint64
	Profil         Profil
	Pieces         int // justificatifs; 0 is 3 for a hundred agents, AucunePiece none
	References     References
	Annee, Mois    int // of the pay; May 2026 when 0
	Etablissements int // 0 is as many as the size asks for, up to 6
	Version        xhl.Version
	Journal        bool         // journal.xhl too
	Charset        xmlw.Charset // of journal.xhl
	Workers        int          // goroutines; as many as cores when 0
}

// ErrOptions is what an error of [Generate] wraps.
var ErrOptions = errors.New("options of the synthetic run")

func (o *Options) validate() error {
	if o.Bulletins == 0 {
		o.Bulletins = 100
	}
	if o.Annee == 0 {
		o.Annee = 2026
	}
	if o.Mois == 0 {
		o.Mois = 5
	}
	if o.Workers <= 0 {
		o.Workers = runtime.GOMAXPROCS(0)
	}
	switch {
	case o.Bulletins < 1 || o.Bulletins > MaxBulletins:
		return fmt.Errorf("%d bulletins: from 1 to %d can be made", o.Bulletins, MaxBulletins)
	case int(o.Profil) >= len(profils):
		return fmt.Errorf("profile %d is unknown", o.Profil)
	case o.References > DansIndex:
		return fmt.Errorf("references %d is unknown", o.References)
	case o.Annee < 2010 || o.Annee > 2098 || o.Mois < 1 || o.Mois > 12:
		return fmt.Errorf("month %04d-%02d: from 2010-01 to 2098-12 can be made", o.Annee, o.Mois)
	}
	if o.Pieces == 0 {
		o.Pieces = (o.Bulletins*3 + 99) / 100
	}
	o.Pieces = max(o.Pieces, 0)
	if o.Pieces > 2*o.Bulletins+2 {
		return fmt.Errorf("%d pieces for %d bulletins: two an agent at most", o.Pieces, o.Bulletins)
	}
	if o.Etablissements == 0 {
		o.Etablissements = min(1+o.Bulletins/20, len(etablissements), o.Bulletins)
	}
	if o.Etablissements < 1 || o.Etablissements > len(etablissements) || o.Etablissements > o.Bulletins {
		return fmt.Errorf("%d établissements for %d bulletins: from 1 to %d can be made", o.Etablissements, o.Bulletins, len(etablissements))
	}
	return nil
}
