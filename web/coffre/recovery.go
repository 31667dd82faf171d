package coffre

import (
	"net/http"

	"paye/app/portal"
	"paye/internal/anomalie"
	"paye/web/ui"
)

// recoveryRoutes are for who cannot get in. A link is shown by a GET and used
// by a POST: programs that look into mails open links too.
func (c *Pages) recoveryRoutes() {
	c.Site.Public("GET "+Home+"/oubli", c.forgetPage)
	c.Site.Public("POST "+Home+"/oubli", c.forget)
	c.Site.Public("GET "+Home+"/passe/{mot}", c.resetPage)
	c.Site.Public("POST "+Home+"/passe/{mot}", c.reset)
	c.Site.Public("GET "+Home+"/identifiant", c.lostPage)
	c.Site.Public("POST "+Home+"/identifiant", c.lost)
	c.Site.Public("GET "+Home+"/mail/{mot}", c.provePage)
	c.Site.Public("POST "+Home+"/mail/{mot}", c.prove)
	c.Site.Public("GET "+Home+"/retour/{mot}", c.undoPage)
	c.Site.Public("POST "+Home+"/retour/{mot}", c.undo)
}

func forgetForm(call *ui.Call) *ui.Form {
	return call.Form(Home+"/oubli", call.T("Soumettre", "Submit"),
		ui.Field{Name: "compte", Label: call.T("Identifiant", "Identifier"), Required: true, Autocomplete: "username", Max: 254, Hint: call.T("Les 12 chiffres de votre courrier.", "The 12 digits of your letter.")},
		ui.Field{Name: "mail", Label: call.T("Adresse donnée à la première connexion", "Address given at the first sign-in"), Type: "email", Required: true, Autocomplete: "email", Max: 254})
}

func forgetTexts(call *ui.Call) (string, string) {
	return call.T("Mot de passe oublié", "Forgotten password"), call.T("Un message vous enverra un lien, bon 30 minutes.", "A message will bring you a link, good for 30 minutes.")
}

// byLetter is the way where no mail is sent.
func byLetter(call *ui.Call) error {
	f := call.Form(Home+"/identifiant", call.T("Demander un courrier", "Ask for a letter"))
	f.Get, f.Cancel = true, Door
	return show(call, call.T("Mot de passe oublié", "Forgotten password"),
		call.T("Ce service n’envoie pas de messages. Demandez un nouveau courrier ici, ou au service de paye : il apporte un mot de passe provisoire.", "This service sends no mail. Ask for a new letter here, or at the payroll office: it brings a provisional password."), f)
}

func (c *Pages) forgetPage(call *ui.Call) error {
	if !c.p.SendsMail() {
		return byLetter(call)
	}
	title, lead := forgetTexts(call)
	return show(call, title, lead, forgetForm(call))
}

func (c *Pages) forget(call *ui.Call) error {
	if !c.p.SendsMail() {
		return byLetter(call)
	}
	f := forgetForm(call)
	title, lead := forgetTexts(call)
	if f.Read() {
		err := c.p.Forget(call.Context(), f.Value("compte"), f.Value("mail"))
		if err := refused(call, f, fieldOf(err), err); err != nil {
			return err
		}
	}
	if f.Failed() {
		return again(call, title, lead, f)
	}
	return done(call, title, ui.Confirm{Title: call.T("Demande reçue", "Request received"),
		Text: call.T("Si l’identifiant et l’adresse vont ensemble, un message est parti. Regardez aussi dans les indésirables. Rien ne vient ? Adressez-vous au service de paye.", "If the identifier and the address go together, a message is on its way. Look among the unwanted mail too. Nothing comes? Ask the payroll office."),
		Next: []ui.Link{{Text: call.T("Identifiant perdu ?", "Lost identifier?"), Href: Home + "/identifiant"}, {Text: call.T("Se connecter", "Sign in"), Href: Door}}})
}

func resetForm(call *ui.Call) *ui.Form {
	return call.Form(Home+"/passe/"+call.Path("mot"), call.T("Modifier", "Change"), wordFields(call)...)
}

func (c *Pages) resetPage(call *ui.Call) error {
	if err := c.p.ResetLink(call.Context(), call.Path("mot")); err != nil {
		return err
	}
	return show(call, call.T("Nouveau mot de passe", "New password"), "", resetForm(call))
}

func (c *Pages) reset(call *ui.Call) error {
	f := resetForm(call)
	if f.Read() {
		trusted, err := c.trusted(call)
		if err != nil {
			return err
		}
		id, err := c.p.Reset(call.Context(), call.Path("mot"), f.Value("passe"), f.Value("passe2"))
		if anomalie.Is(err, portal.LinkDead) {
			return err
		}
		if err := refused(call, f, fieldOf(err), err); err != nil {
			return err
		}
		if err == nil {
			if err := c.newHands(call, id, trusted); err != nil {
				return err
			}
		}
	}
	if f.Failed() {
		return again(call, call.T("Nouveau mot de passe", "New password"), "", f)
	}
	return done(call, call.T("Nouveau mot de passe", "New password"), ui.Confirm{Title: call.T("Le mot de passe est changé", "The password is changed"),
		Text: call.T("Toutes les sessions sont fermées. Connectez-vous avec le nouveau.", "All sessions are closed. Sign in with the new one."), Next: []ui.Link{{Text: call.T("Se connecter", "Sign in"), Href: Door}}})
}

func (c *Pages) lostForm(call *ui.Call) *ui.Form {
	fields := []ui.Field{
		{Name: "nom", Label: call.T("Nom", "Surname"), Required: true, Autocomplete: "family-name", Max: 100},
		{Name: "prenom", Label: call.T("Prénom", "First name"), Required: true, Autocomplete: "given-name", Max: 100},
		{Name: "commune", Label: call.T("Commune de naissance", "Town of birth"), Required: true, Max: 100},
		{Name: "mois", Label: call.T("Mois de naissance", "Month of birth"), Required: true, Max: 20, Size: 12},
		{Name: "mobile", Label: call.T("Téléphone mobile", "Mobile telephone"), Type: "tel", Required: true, Autocomplete: "tel", Max: 30, Size: 20},
	}
	if c.p.SendsMail() {
		fields = append(fields,
			ui.Field{Name: "mail", Label: call.T("Adresse de messagerie", "Mail address"), Type: "email", Required: true, Autocomplete: "email", Max: 254},
			ui.Field{Name: "mail2", Label: call.T("Confirmation de l’adresse", "Confirmation of the address"), Type: "email", Required: true, Autocomplete: "off", Max: 254})
	}
	fields = append(fields,
		ui.Field{Name: "prive", Label: call.T("Votre numéro privé", "Your private number"), Required: true, Inputmode: "numeric", Max: 6, Size: 8, Hint: call.T("Six chiffres, sur le courrier d’inscription ; 000000 si vous ne l’avez pas reçu.", "Six digits, on the letter of enrolment; 000000 if you did not get it.")},
		policyField(call))
	return call.Form(Home+"/identifiant", call.T("Enregistrer", "Save"), fields...)
}

func (c *Pages) lostTexts(call *ui.Call) (string, string) {
	title := call.T("Identifiant perdu, ou courrier non reçu", "Lost identifier, or letter not received")
	if !c.p.SendsMail() {
		return title, call.T("Connaître votre nom et votre naissance ne suffit pas à ouvrir votre espace : la réponse vient par un courrier de votre employeur.", "Knowing your name and birth is not enough to open your space: the answer comes by a letter of your employer.")
	}
	return title,
		call.T("Connaître votre nom et votre naissance ne suffit pas à ouvrir votre espace : la réponse vient à votre adresse déjà confirmée, ou par un courrier de votre employeur.", "Knowing your name and birth is not enough to open your space: the answer comes to your address that is confirmed already, or by a letter of your employer.")
}

func (c *Pages) lostPage(call *ui.Call) error {
	title, lead := c.lostTexts(call)
	return show(call, title, lead, c.lostForm(call))
}

func (c *Pages) lost(call *ui.Call) error {
	f := c.lostForm(call)
	title, lead := c.lostTexts(call)
	answer := call.T("Si ces renseignements sont ceux d’un agent, son employeur prépare un courrier.", "If this is what an agent would say, his employer prepares a letter.")
	if c.p.SendsMail() {
		answer = call.T("Si ces renseignements sont ceux d’un agent, un message part à son adresse confirmée, ou son employeur prépare un courrier.", "If this is what an agent would say, a message goes to his confirmed address, or his employer prepares a letter.")
	}
	if f.Read() {
		said := portal.Lost{Nom: f.Value("nom"), Prenom: f.Value("prenom"), Private: f.Value("prive"), Policy: f.Value("politique") == "oui"}
		if c.p.SendsMail() {
			said.Mail, said.MailAgain = f.Value("mail"), f.Value("mail2")
		}
		err := c.p.LoseNumber(call.Context(), said)
		if err := refused(call, f, fieldOf(err), err); err != nil {
			return err
		}
	}
	if f.Failed() {
		return again(call, title, lead, f)
	}
	return done(call, title, ui.Confirm{Title: call.T("Demande reçue", "Request received"),
		Text: answer + " " + call.T("Un nouvel agent reçoit le sien après le dépôt de sa première paye.", "A new agent gets his after the deposit of his first payroll.")})
}

// trusted reports whether the second steps of the account of a link are its
// owner's: they are not, when it was suspended and opened again.
func (c *Pages) trusted(call *ui.Call) (bool, error) {
	a, err := c.p.OfLink(call.Context(), call.Path("mot"))
	if err != nil {
		return false, err
	}
	return !a.Reopened, nil
}

// newHands ends the sessions of an account whose password was chosen anew, and
// the second steps that somebody else may have put there.
func (c *Pages) newHands(call *ui.Call, id string, trusted bool) error {
	if !trusted {
		err := c.Site.ChangeProfile(call.Context(), id, func(p *ui.Profile) error {
			*p = ui.Profile{Lang: p.Lang, Handle: p.Handle}
			return nil
		})
		if err != nil {
			return err
		}
	}
	return c.Site.EndSessions(call.Context(), id)
}

// press is a page with one button, for a link that does something.
func press(call *ui.Call, path, title, lead, button string) error {
	return show(call, title, lead, call.Form(path, button))
}

func (c *Pages) provePage(call *ui.Call) error {
	if err := c.p.MailLink(call.Context(), call.Path("mot")); err != nil {
		return err
	}
	return press(call, Home+"/mail/"+call.Path("mot"), call.T("Confirmer l’adresse", "Confirm the address"), call.T("Cette adresse deviendra un identifiant de votre espace.", "This address will become an identifier of your space."), call.T("Confirmer", "Confirm"))
}

func (c *Pages) prove(call *ui.Call) error {
	if err := c.p.ProveMail(call.Context(), call.Path("mot")); err != nil {
		return err
	}
	return done(call, call.T("Confirmer l’adresse", "Confirm the address"), ui.Confirm{Title: call.T("L’adresse est confirmée", "The address is confirmed"), Next: []ui.Link{{Text: call.T("Mes bulletins", "My payslips"), Href: Home}}})
}

func (c *Pages) undoPage(call *ui.Call) error {
	if err := c.p.UndoLink(call.Context(), call.Path("mot")); err != nil {
		return err
	}
	return press(call, Home+"/retour/"+call.Path("mot"), call.T("Remettre l’ancienne adresse", "Put the former address back"), call.T("Votre espace sera suspendu : deux personnes de votre employeur le rouvriront après vous avoir rappelé.", "Your space will be suspended: two persons of your employer will open it again after calling you back."), call.T("Ce n’était pas moi", "It was not me"))
}

func (c *Pages) undo(call *ui.Call) error {
	id, err := c.p.UndoMail(call.Context(), call.Path("mot"))
	if err != nil {
		return err
	}
	if err := c.Site.EndSessions(call.Context(), id); err != nil {
		return err
	}
	p := call.Page(call.T("Ancienne adresse remise", "Former address put back"))
	p.Data = ui.Confirm{Title: call.T("L’ancienne adresse est remise, l’espace est suspendu", "The former address is back, the space is suspended")}
	return call.Render(http.StatusOK, "done", p)
}
