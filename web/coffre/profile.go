package coffre

import (
	"net/http"

	"paye/app/portal"
	"paye/internal/lang"
	"paye/web/ui"
)

func (c *Pages) profileRoutes() {
	c.private("GET "+Home+"/profil", c.profile)
	c.private("POST "+Home+"/profil/mail", c.changeMail)
	c.private("POST "+Home+"/profil/renvoi", c.proofAgain)
	c.private("GET "+Home+"/profil/passe", c.wordPage)
	c.private("POST "+Home+"/profil/passe", c.changeWord)
	c.private("GET "+Home+"/trace", c.trace)
	c.Site.Public("GET "+Home+"/alerte", c.alarmPage)
	c.private("POST "+Home+"/alerte", c.alarm)
	c.Site.Public("GET "+Home+"/aide", func(call *ui.Call) error {
		return call.Render(http.StatusOK, "help", call.Page(call.T("Aide", "Help")))
	})
}

func (c *Pages) mailForm(call *ui.Call) *ui.Form {
	return call.Form(Home+"/profil/mail", call.T("Changer l’adresse", "Change the address"), mailFields(call, true)...)
}

func (c *Pages) profileView(call *ui.Call, a *portal.Account, f *ui.Form) *ui.Page {
	p := call.Page(call.T("Mes informations de profil", "My profile"))
	address := ui.Fact{Name: call.T("Adresse confirmée", "Confirmed address"), Value: a.Mail}
	if a.Mail == "" {
		address.Value = call.T("aucune", "none")
	}
	facts := []ui.Fact{{Name: call.T("Nom", "Name"), Value: a.Name()}, {Name: call.T("Identifiant (12 chiffres)", "Identifier (12 digits)"), Value: portal.ShowNumber(a.Number)}, address}
	if a.Pending != nil {
		facts = append(facts, ui.Fact{Name: call.T("Adresse à confirmer", "Address to confirm"), Value: a.Pending.Mail})
	}
	p.Data = struct {
		Facts   []ui.Fact
		Form    *ui.Form
		Pending bool
		Mail    bool // mails go out
		Door    string
	}{facts, f, a.Pending != nil, c.p.SendsMail(), Door}
	return p
}

func (c *Pages) profile(call *ui.Call, a *portal.Account) error {
	return call.Render(http.StatusOK, "profile", c.profileView(call, a, c.mailForm(call)))
}

func (c *Pages) changeMail(call *ui.Call, a *portal.Account) error {
	if !c.p.SendsMail() {
		return portal.Codes.New(portal.NoMail) // before the password is asked for
	}
	if recent, err := call.Recent(); !recent {
		return err
	}
	f := c.mailForm(call)
	if f.Read() {
		err := c.p.ChangeMail(call.Context(), a.ID, f.Value("mail"), f.Value("mail2"))
		if err := refused(call, f, fieldOf(err), err); err != nil {
			return err
		}
	}
	if f.Failed() {
		return call.Again("profile", c.profileView(call, a, f))
	}
	return call.Done(Home+"/profil", "mail")
}

func (c *Pages) proofAgain(call *ui.Call, a *portal.Account) error {
	if err := c.p.AskProofAgain(call.Context(), a.ID); err != nil {
		return err
	}
	return call.Done(Home+"/profil", "mail")
}

func wordForm(call *ui.Call) *ui.Form {
	return call.Form(Home+"/profil/passe", call.T("Modifier", "Change"), append([]ui.Field{
		{Name: "actuel", Label: call.T("Mot de passe actuel", "Present password"), Type: "password", Required: true, Autocomplete: "current-password", Max: 128}}, wordFields(call)...)...)
}

func (c *Pages) wordPage(call *ui.Call, _ *portal.Account) error {
	return show(call, call.T("Changer de mot de passe", "Change password"), "", wordForm(call))
}

func (c *Pages) changeWord(call *ui.Call, a *portal.Account) error {
	f := wordForm(call)
	if f.Read() {
		factor, err := c.factor(call, a.ID)
		if err != nil {
			return err
		}
		err = c.p.ChangePassword(call.Context(), a.ID, f.Value("actuel"), f.Value("passe"), f.Value("passe2"), factor)
		field := fieldOf(err)
		if field == "" {
			field = "actuel"
		}
		if err := refused(call, f, field, err); err != nil {
			return err
		}
	}
	if f.Failed() {
		return again(call, call.T("Changer de mot de passe", "Change password"), "", f)
	}
	if err := c.Site.EndSessions(call.Context(), a.ID); err != nil {
		return err
	}
	if err := c.Site.SignIn(call, a.ID); err != nil {
		return err
	}
	return call.Done(Home+"/profil", "passe")
}

// happenings are the lines of the trace in words.
var happenings = map[portal.Happening]lang.Text{
	portal.HapInvited: {FR: "courrier édité", EN: "letter printed"}, portal.HapEntered: {FR: "première connexion", EN: "first sign-in"}, portal.HapWelcomed: {FR: "mot de passe choisi, politique acceptée", EN: "password chosen, policy accepted"},
	portal.HapMailProved: {FR: "adresse confirmée", EN: "address confirmed"}, portal.HapSignedIn: {FR: "connexion", EN: "sign-in"}, portal.HapNewDevice: {FR: "nouvel appareil", EN: "new device"},
	portal.HapFailed: {FR: "mot de passe faux", EN: "wrong password"}, portal.HapLocked: {FR: "connexion bloquée après trois échecs", EN: "sign-in blocked after three failures"}, portal.HapResetAsked: {FR: "nouveau mot de passe demandé", EN: "new password asked for"},
	portal.HapReset: {FR: "mot de passe changé par un lien", EN: "password changed by a link"}, portal.HapWord: {FR: "mot de passe changé", EN: "password changed"}, portal.HapMailAsked: {FR: "autre adresse demandée", EN: "other address asked for"},
	portal.HapMail: {FR: "adresse changée", EN: "address changed"}, portal.HapMailUndone: {FR: "ancienne adresse remise", EN: "former address put back"}, portal.HapNumber: {FR: "nouvel identifiant", EN: "new identifier"},
	portal.HapRefusal: {FR: "bulletins sur papier demandés", EN: "payslips on paper asked for"}, portal.HapUndone: {FR: "demande de papier annulée", EN: "request for paper undone"}, portal.HapElectronic: {FR: "retour aux bulletins électroniques", EN: "back to electronic payslips"},
	portal.HapShared: {FR: "document envoyé par un lien", EN: "document sent by a link"}, portal.HapShareOpen: {FR: "lien ouvert par quelqu’un", EN: "link opened by somebody"}, portal.HapShareEnd: {FR: "lien repris", EN: "link taken back"},
	portal.HapPiece: {FR: "document ajouté", EN: "document added"}, portal.HapPieceGone: {FR: "document supprimé", EN: "document deleted"}, portal.HapExport: {FR: "tout téléchargé", EN: "everything downloaded"},
	portal.HapSupport: {FR: "le service de paye a regardé l’état du compte", EN: "the payroll office looked at the state of the account"}, portal.HapSuspended: {FR: "espace suspendu", EN: "space suspended"}, portal.HapReleased: {FR: "suspension levée", EN: "suspension lifted"},
	portal.HapLost: {FR: "identifiant déclaré perdu", EN: "identifier said to be lost"}, portal.HapHalfReleased: {FR: "une première personne lève la suspension", EN: "a first person lifts the suspension"},
	portal.HapMergeAsked: {FR: "fusion demandée", EN: "merge asked for"}, portal.HapMerged: {FR: "fusion faite", EN: "merge done"}, portal.HapMergeEnd: {FR: "fusion arrêtée ou défaite", EN: "merge stopped or undone"},
	portal.HapLeft: {FR: "départ de cet employeur", EN: "left this employer"}, portal.HapReturned: {FR: "retour chez cet employeur", EN: "back at this employer"}, portal.HapDeath: {FR: "décès déclaré", EN: "death recorded"}, portal.HapService: {FR: "fin du service annoncée", EN: "end of the service announced"},
	portal.HapAskedBack: {FR: "retour à l’électronique demandé", EN: "return to electronic asked for"}, portal.HapKept: {FR: "retour à l’électronique non suivi", EN: "return to electronic not followed"}, portal.HapRenewed: {FR: "première connexion avec le nouvel identifiant", EN: "first sign-in with the new identifier"},
}

func (c *Pages) trace(call *ui.Call, a *portal.Account) error {
	list, err := c.p.Trace(call.Context(), a)
	if err != nil {
		return err
	}
	t := ui.Table{ID: "trace", Caption: call.T("Les douze derniers mois", "The last twelve months"), Total: len(list), Columns: []ui.Column{{Title: call.T("Quand", "When")}, {Title: call.T("Quoi", "What")}, {Title: call.T("Qui", "Who")}, {Title: call.T("Détail", "Detail")}}}
	for _, e := range list {
		who := e.Par
		if who == "" {
			who = call.T("vous", "you")
		}
		if e.What == portal.HapFailed || e.What == portal.HapLocked || e.What == portal.HapLost {
			who = call.T("quelqu’un", "somebody")
		}
		t.Rows = append(t.Rows, ui.Row{Cells: []ui.Cell{{Text: ui.Instant(e.Date), Head: true}, {Text: happenings[e.What].In(call.Lang)}, {Text: who}, {Text: e.Note}}})
	}
	p := call.Page(call.T("Ce qui s’est passé", "What happened"))
	p.Lead = call.T("Connexions, changements et regards sur votre compte. Pour un document, ouvrez-le, puis « Qui a vu ce document ? ».", "Sign-ins, changes and looks at your account. For a document, open it, then “Who saw this document?”.")
	p.Data = struct{ Tables []ui.Table }{[]ui.Table{t}}
	return call.Render(http.StatusOK, "tables", p)
}

func (c *Pages) alarmPage(call *ui.Call) error {
	return press(call, Home+"/alerte", call.T("Ce n’était pas vous ?", "It was not you?"), call.T("Votre espace se ferme tout de suite, partout. Deux personnes de votre employeur le rouvrent après vous avoir rappelé. Vos bulletins restent intacts. Si vous pouvez encore vous connecter, changer le mot de passe suffit souvent.", "Your space closes at once, everywhere. Two persons of your employer open it again after calling you back. Your payslips stay intact. If you can still sign in, changing the password is often enough."), call.T("Suspendre mon espace", "Suspend my space"))
}

func (c *Pages) alarm(call *ui.Call, a *portal.Account) error {
	if err := c.p.Suspend(call.Context(), a.ID); err != nil {
		return err
	}
	if err := c.Site.EndSessions(call.Context(), a.ID); err != nil {
		return err
	}
	return call.Redirect(Door)
}
