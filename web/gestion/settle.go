package gestion

import (
	"paye/internal/fluxbook"
	"paye/web/ui"
)

// What a person may know of a sending that broke.
const (
	knowsNumber = "numero"  // it is on the platform, under this number
	knowsAbsent = "absente" // the platform does not have it
	knowsAgain  = "encore"  // the same bytes may be handed over again
)

// settleForm asks what is known of a sending whose fate is not; nil for others.
func (c *Console) settleForm(call *ui.Call, f *fluxbook.Flux) *ui.Form {
	if f.Etat != fluxbook.Incertain && f.Etat != fluxbook.EnEnvoi {
		return nil
	}
	options := []ui.Option{
		{Value: knowsNumber, Text: call.T("La plateforme l’a, sous le numéro que voici", "The platform has it, under this number")},
		{Value: knowsAbsent, Text: call.T("La plateforme ne l’a pas", "The platform does not have it"), Hint: call.T("Il pourra repartir.", "It may leave again.")},
	}
	if c.o.Tdt != nil {
		options = append(options, ui.Option{Value: knowsAgain, Text: call.T("Je ne sais pas : remettre les mêmes octets", "I do not know: hand over the same bytes again"),
			Hint: call.T("La plateforme les reconnaît et ne les prend pas deux fois.", "The platform knows them again and does not take them twice.")})
	}
	return call.Form(fluxPart(f, "regler"), call.T("Enregistrer", "Save"),
		ui.Field{Name: "sait", Type: "radios", Label: call.T("Que savez-vous de cet envoi ?", "What do you know of this sending?"), Required: true, Options: options},
		ui.Field{Name: "numero", Label: call.T("Numéro de transaction", "Transaction number"), Max: 60, Size: 20})
}

// settle records what a person knows of a sending.
func (c *Console) settle(call *ui.Call) error {
	if _, err := c.deposits(call); err != nil {
		return err
	}
	f, err := c.fluxOf(call)
	if err != nil {
		return err
	}
	form := c.settleForm(call, f)
	if form == nil {
		return call.Redirect(fluxHref(f)) // somebody else settled it
	}
	if form.Read() && form.Value("sait") == knowsNumber && form.Value("numero") == "" {
		form.Fail("numero", call.T("À remplir : le numéro que la plateforme a donné.", "Fill in: the number that the platform gave."))
	}
	if form.Failed() {
		return c.fluxView(call, f, form, nil)
	}
	book := c.Book(call.Session.Login)
	switch form.Value("sait") {
	case knowsNumber:
		err = book.Follow(call.Context(), f, fluxbook.Depose, form.Value("numero"), f.Message)
	case knowsAbsent:
		err = book.End(call.Context(), f, fluxbook.IssueNonParti, "", call.T("absent de la plateforme", "not on the platform"))
	case knowsAgain:
		if err := c.startSending(call, f.Key, departure{Fluxes: []fluxName{{f.NomFic, f.CodCol}}, Again: true}); err != nil {
			return err
		}
		return call.Redirect(payrollHref(f.Key))
	}
	if err != nil {
		return err
	}
	return call.Done(fluxHref(f), "regle")
}

// giveUpForm ends a flux of which nothing more is awaited; nil where there is
// nothing to give up.
func (c *Console) giveUpForm(call *ui.Call, f *fluxbook.Flux) *ui.Form {
	if !f.Etat.Leads(fluxbook.Abandonne) {
		return nil
	}
	form := call.Form(fluxPart(f, "abandonner"), call.T("Abandonner ce flux", "Give this flux up"),
		ui.Field{Name: "motif", Label: call.T("Motif de l’abandon", "Reason of giving up"), Required: true, Max: 200, Hint: call.T("Il reste dans l’histoire du flux.", "It stays in the history of the flux.")})
	form.Danger = true
	return form
}

func (c *Console) giveUp(call *ui.Call) error {
	if _, err := c.deposits(call); err != nil {
		return err
	}
	f, err := c.fluxOf(call)
	if err != nil {
		return err
	}
	form := c.giveUpForm(call, f)
	if form == nil {
		return call.Redirect(fluxHref(f))
	}
	if !form.Read() {
		return c.fluxView(call, f, nil, form)
	}
	if err := c.Book(call.Session.Login).GiveUp(call.Context(), f, form.Value("motif")); err != nil {
		return err
	}
	return call.Done(fluxHref(f), "abandon")
}
