package gestion

import (
	"errors"
	"strconv"
	"strings"

	"paye/app/hire"
	"paye/due"
	"paye/internal/anomalie"
	"paye/web/ui"
)

// What is done with hires that may be declared.
const (
	sendNothing = "preparer"
	sendReal    = "reel"
	sendStep    = "etape" // followed by its number
)

// sendForm offers what may be done with the hires of a check; nil when nothing
// may. What counts asks for the SIRET once more.
func (c *Console) sendForm(call *ui.Call, b *hire.Bureau, d *dossier, h *hires) (*ui.Form, error) {
	if h.Stop != nil || h.Declarables == 0 {
		return nil, nil
	}
	options := []ui.Option{{Value: sendNothing, Text: call.T("Préparer et relire", "Prepare and read back"), Hint: call.T("Rien ne part.", "Nothing leaves.")}}
	progress, err := b.Registre.Progression(call.Context())
	if err != nil {
		return nil, err
	}
	if h.Indicateur == indicateurReel {
		options = append(options, ui.Option{Value: sendReal, Text: call.T("Envoyer les déclarations", "Send the declarations"), Hint: call.T("Elles partent chiffrées, et elles comptent.", "They leave encrypted, and they count.")})
	} else {
		for n := 4; n <= 6; n++ {
			if progress.Etape(n).Preuve == "" {
				options = append(options, ui.Option{Value: sendStep + strconv.Itoa(n), Text: call.T("Envoyer comme étape %d de la mise en place : %s", "Send as step %d of the set-up: %s", n, stepName(call, n))})
			}
		}
	}
	f := call.Form(hiresHref(d)+"/envoyer", call.T("Continuer", "Continue"), ui.Field{Name: "quoi", Type: "radios", Label: call.T("Que faire de ces déclarations ?", "What to do with these declarations?"), Required: true, Default: sendNothing, Options: options},
		ui.Field{Name: "siret", Label: call.T("SIRET de l’employeur, pour confirmer", "SIRET of the employer, to confirm"), Max: 20, Size: 18, Inputmode: "numeric", Hint: call.T("Seulement pour des déclarations réelles.", "For real declarations only.")})
	return f.WithOnce(), nil
}

// sendHires prepares or sends the declarations of a check.
func (c *Console) sendHires(call *ui.Call) (err error) {
	b, d, h, err := c.hiresOf(call)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, b.Close()) }()
	f, err := c.sendForm(call, b, d, h)
	if err != nil {
		return err
	}
	if f == nil {
		return call.Redirect(hiresHref(d))
	}
	f.Read()
	what, siret := f.Value("quoi"), strings.ReplaceAll(f.Value("siret"), " ", "")
	if !f.Failed() && what == sendReal && siret != b.Dossier.Employeur.SIRET {
		f.Fail("siret", call.T("Ce n’est pas le SIRET de l’employeur.", "This is not the SIRET of the employer."))
	}
	if f.Failed() {
		return c.hiresView(call, d, h, f)
	}
	err = call.Once(f, func() (string, error) {
		how := due.Ecriture{Format: due.FormatTexte}
		mode := hire.Test
		if what != sendNothing {
			mode = hire.Reel
		}
		if what == sendReal {
			how.Confirmee = siret
		}
		how.Etape, _ = strconv.Atoi(strings.TrimPrefix(what, sendStep))
		return c.doSend(call, b, d, h, f, mode, how)
	})
	if f.Failed() {
		return errors.Join(err, c.hiresView(call, d, h, f))
	}
	return err
}

// doSend checks once more, since days may have passed, and sends.
func (c *Console) doSend(call *ui.Call, b *hire.Bureau, d *dossier, h *hires, f *ui.Form, mode hire.Mode, how due.Ecriture) (string, error) {
	what, err := c.controle(call, b, d, h)
	if err != nil {
		return "", err
	}
	bilan, err := b.Check(call.Context(), what)
	if err == nil {
		h.take(bilan)
		err = bilan.Declarable()
	}
	var gone []hire.Depart
	if err == nil {
		gone, err = b.Send(call.Context(), bilan, mode, how)
	}
	for _, one := range gone { // also when a later one failed: these have left
		h.Sent = append(h.Sent, sentBatch{Lot: one.Lot, Nom: one.Nom, Nombre: one.Nombre, SHA256: one.SHA256, Left: mode == hire.Reel, Etape: how.Etape, When: c.o.Ledger.Now()})
	}
	if note := c.save(call.Context(), d, h); note != nil {
		return "", errors.Join(err, note)
	}
	var a *anomalie.Anomalie
	if errors.As(err, &a) {
		f.Fail("", call.Sentence(a))
		return "", nil
	}
	if mode == hire.Reel {
		return hiresHref(d) + "?fait=declare", err
	}
	return hiresHref(d) + "?fait=prepare", err
}
