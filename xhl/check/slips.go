package check

import (
	"context"
	"io"

	"paye/internal/anomalie"
	"paye/xhl"
)

// SlipOptions say what BeforeSlips looks at and whom it tells.
type SlipOptions struct {
	Fichier string // the journal's name in anomalies

	// TrustEncoding makes warnings of XHL-019 and XHL-020: the accents are meant
	// to be printed as the journal's label has them.
	TrustEncoding bool

	// Anomalie is given the warnings; it may be nil.
	Anomalie func(*xhl.Anomalie)
}

// everyBulletin is more bulletins than a journal has: who counts what is told
// is to count right.
const everyBulletin = 1 << 20

// BeforeSlips judges what an agent would read wrong on a slip, in a journal
// whose slips are about to be printed or deposited: accents in another charset
// than the label's are an error, the *Anomalie XHL-019 or XHL-020; a net to pay
// that the lines do not give is a warning. A journal that cannot be read is
// left to who reads it.
func BeforeSlips(ctx context.Context, r io.Reader, o SlipOptions) error {
	var mislabelled *xhl.Anomalie
	_, err := Journal(ctx, r, Options{Fichier: o.Fichier, MaxExemples: everyBulletin, Anomalie: func(a *xhl.Anomalie) {
		switch a.Code {
		case faultRules[faultUTF8].code, faultRules[faultTwiceEncoded].code:
			if !o.TrustEncoding {
				a.Gravite = anomalie.Erreur
				mislabelled = a
				return
			}
		case faultRules[faultNet].code:
		default:
			return
		}
		if o.Anomalie != nil {
			o.Anomalie(a)
		}
	}})
	if err != nil {
		return err
	}
	if mislabelled != nil {
		return mislabelled
	}
	return nil
}
