package deposit

import (
	"context"

	"paye/payslip"
	"paye/vault"
)

// RecipientControl is a vault.Options.Controle for slips that package payslip
// rendered: the one which is deposited is seen to bear the employer and the
// agent that it is filed under. Annexes have no common form: they are not read.
func RecipientControl() func(context.Context, *vault.Document, []byte) error {
	l := new(payslip.Lecteur)
	return func(_ context.Context, d *vault.Document, pdf []byte) error {
		if d.Nature == vault.Annexe {
			return nil
		}
		return vault.ControleTexte(d, l.Texte(pdf))
	}
}
