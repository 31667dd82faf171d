package gestion

import (
	"net/http"
	"net/mail"
	"slices"
	"strings"
	"time"

	"crypto/rand"

	"paye/internal/lang"
	"paye/vault"
	"paye/web/ui"
)

// invitationTime is for how long an invitation is good.
const invitationTime = 72 * time.Hour

// rightNames are the rights as people say them, droits what each lets one do.
var rightNames = map[vault.Droit]lang.Text{
	vault.DroitDepot: {FR: "dépôt", EN: "deposit"}, vault.DroitSuivi: {FR: "suivi", EN: "follow-up"}, vault.DroitValidation: {FR: "validation", EN: "validation"},
	vault.DroitLecture: {FR: "lecture", EN: "reading"}, vault.DroitDestruction: {FR: "destruction", EN: "destruction"}, vault.DroitComptes: {FR: "comptes", EN: "accounts"},
}

// droits are the rights in the words of the office.
var droits = map[vault.Droit]lang.Text{
	vault.DroitDepot:       {FR: "déposer des bulletins, suivre les flux", EN: "deposit bulletins, follow fluxes"},
	vault.DroitSuivi:       {FR: "suivre les dépôts", EN: "follow deposits"},
	vault.DroitValidation:  {FR: "valider les dépôts d’un autre", EN: "validate the deposits of another"},
	vault.DroitLecture:     {FR: "ouvrir le double de l’employeur", EN: "open the employer’s double"},
	vault.DroitDestruction: {FR: "détruire les doubles échus", EN: "destroy doubles whose retention ended"},
	vault.DroitComptes:     {FR: "gérer comptes, droits et options", EN: "manage accounts, rights and options"},
}

func (c *Console) userRoutes() {
	c.Site.Private("GET /gestion/comptes", c.usersPage)
	c.Site.Private("POST /gestion/comptes", c.addUser)
	c.Site.Private("GET /gestion/comptes/{login}", c.userPage)
	c.Site.Private("POST /gestion/comptes/{login}/droits", c.grant)
	c.Site.Private("POST /gestion/comptes/{login}/etat", c.setActive)
	c.Site.Private("POST /gestion/comptes/{login}/adresse", c.setMail)
	c.Site.Private("POST /gestion/comptes/{login}/facteurs", c.resetFactors)
	c.Site.Private("POST /gestion/comptes/{login}/invitation", c.invite)
	c.Site.Private("GET /gestion/journal", c.accessPage)
}

// administers refuses who does not manage every account.
func (c *Console) administers(call *ui.Call) error {
	r, err := c.rights(call)
	if err == nil && !r.overAll(vault.DroitComptes) {
		err = ui.ErrNotFound
	}
	return err
}

func (c *Console) newUserForm(call *ui.Call) *ui.Form {
	return call.Form("/gestion/comptes", call.T("Créer et inviter", "Make and invite"),
		ui.Field{Name: "compte", Label: call.T("Identifiant", "Account"), Required: true, Max: 64, Hint: call.T("Sans blanc, par exemple c.martin.", "Without blanks, c.martin for example.")},
		ui.Field{Name: "nom", Label: call.T("Nom", "Name"), Max: 100}).WithOnce()
}

func (c *Console) usersPage(call *ui.Call) error { return c.usersView(call, c.newUserForm(call)) }

func (c *Console) usersView(call *ui.Call, f *ui.Form) error {
	if err := c.administers(call); err != nil {
		return err
	}
	list, err := c.o.Coffre.Comptes().Utilisateurs(call.Context(), par(call))
	if err != nil {
		return err
	}
	t := ui.Table{Caption: call.T("Comptes", "Accounts"), Columns: []ui.Column{{Title: call.T("Identifiant", "Account")}, {Title: call.T("Nom", "Name")}, {Title: call.T("Droits", "Rights")}, {Title: call.T("État", "State")}, {Title: call.T("Deuxième facteur", "Second factor")}}}
	for _, u := range list {
		profile, err := c.Site.Profile(call.Context(), u.Login)
		if err != nil {
			return err
		}
		state, second := &ui.Badge{Kind: ui.Good, Text: call.T("ouvert", "open")}, &ui.Badge{Kind: ui.Warning, Text: call.T("aucun", "none")}
		if !u.Actif {
			state = &ui.Badge{Kind: ui.Bad, Text: call.T("fermé", "shut")}
		}
		if profile.Secret != "" || len(profile.Passkeys) > 0 {
			second = &ui.Badge{Kind: ui.Good, Text: call.T("en place", "in place")}
		}
		t.Rows = append(t.Rows, ui.Row{Cells: []ui.Cell{{Text: u.Login, Href: "/gestion/comptes/" + u.Login, Head: true}, {Text: u.Nom}, {Text: rightsText(call, &u)}, {Badge: state}, {Badge: second}}})
	}
	p := call.Page(call.T("Comptes et droits", "Accounts and rights"))
	p.Data = struct {
		Table ui.Table
		Form  *ui.Form
	}{t, f}
	if f.Failed() {
		return call.Again("users", p)
	}
	return call.Render(http.StatusOK, "users", p)
}

// rightsText lists where rights are held.
func rightsText(call *ui.Call, u *vault.CompteUtilisateur) string {
	var parts []string
	for over, held := range u.Droits {
		names := make([]string, len(held))
		for i, d := range held {
			names[i] = rightNames[d].In(call.Lang)
		}
		if over == everywhere {
			over = call.T("tous", "all")
		}
		parts = append(parts, over+call.T(" : ", ": ")+strings.Join(names, ", "))
	}
	slices.Sort(parts)
	return strings.Join(parts, call.T(" ; ", "; "))
}

// addUser makes an account with a password that nobody knows, and shows the
// invitation by which its owner chooses one.
func (c *Console) addUser(call *ui.Call) error {
	if err := c.administers(call); err != nil {
		return err
	}
	f := c.newUserForm(call)
	if f.Read() {
		err := c.o.Coffre.Comptes().AddUtilisateur(call.Context(), par(call), f.Value("compte"), f.Value("nom"), rand.Text()+rand.Text())
		if err != nil {
			if err := refused(call, f, err); err != nil {
				return err
			}
		}
	}
	if f.Failed() {
		return c.usersView(call, f)
	}
	return c.showInvitation(call, f.Value("compte"))
}

func (c *Console) showInvitation(call *ui.Call, login string) error {
	token, err := c.Site.NewLink(call.Context(), kindInvitation, login, invitationTime)
	if err != nil {
		return err
	}
	p := call.Page(call.T("Invitation", "Invitation"))
	p.Crumbs = []ui.NavItem{{Title: call.T("Comptes et droits", "Accounts and rights"), Href: "/gestion/comptes"}, {Title: login, Href: "/gestion/comptes/" + login}}
	p.Data = struct{ Address, Login, Until string }{call.Origin() + "/invitation/" + token, login, ui.Instant(c.o.Ledger.Now().Add(invitationTime).In(c.o.Place))}
	return call.Render(http.StatusOK, "invitation", p)
}

// user is the account of the address.
func (c *Console) user(call *ui.Call) (*vault.CompteUtilisateur, error) {
	if err := c.administers(call); err != nil {
		return nil, err
	}
	u, err := c.o.Coffre.Comptes().Compte(call.Context(), vault.Utilisateur(call.Path("login")))
	if err == nil && u == nil {
		err = ui.ErrNotFound
	}
	return u, err
}

func (c *Console) userPage(call *ui.Call) error {
	u, err := c.user(call)
	if err != nil {
		return err
	}
	profile, err := c.Site.Profile(call.Context(), u.Login)
	if err != nil {
		return err
	}
	return c.userView(call, u, c.mailForm(call, u, profile.Mail))
}

func (c *Console) mailForm(call *ui.Call, u *vault.CompteUtilisateur, mail string) *ui.Form {
	return call.Form("/gestion/comptes/"+u.Login+"/adresse", call.T("Enregistrer", "Save"),
		ui.Field{Name: "adresse", Type: "email", Label: call.T("Adresse professionnelle", "Professional address"), Default: mail, Max: 254, Hint: call.T("C’est par elle qu’un fournisseur d’identité reconnaît ce compte la première fois.", "By it an identity provider recognises this account the first time.")})
}

func (c *Console) userView(call *ui.Call, u *vault.CompteUtilisateur, f *ui.Form) error {
	employers, err := c.o.Coffre.Employeurs(call.Context(), systeme)
	if err != nil {
		return err
	}
	profile, err := c.Site.Profile(call.Context(), u.Login)
	if err != nil {
		return err
	}
	type over struct {
		Title, Siret string
		Form         *ui.Form
	}
	list := []over{{call.T("Tous les employeurs", "Every employer"), everywhere, c.rightsForm(call, u, everywhere)}}
	for _, e := range employers {
		list = append(list, over{e.Nom + " (" + e.Siret + ")", e.Siret, c.rightsForm(call, u, e.Siret)})
	}
	p := call.Page(u.Login)
	p.Lead = u.Nom
	p.Crumbs = []ui.NavItem{{Title: call.T("Comptes et droits", "Accounts and rights"), Href: "/gestion/comptes"}}
	p.Data = struct {
		Login   string
		Active  bool
		Own     bool
		Factors bool
		Over    []over
		Mail    *ui.Form
		With    bool
	}{u.Login, u.Actif, u.Login == call.Session.Login, profile.Secret != "" || len(profile.Passkeys) > 0, list, f, len(c.o.Providers) > 0}
	if f.Failed() {
		return call.Again("user", p)
	}
	return call.Render(http.StatusOK, "user", p)
}

func (c *Console) rightsForm(call *ui.Call, u *vault.CompteUtilisateur, siret string) *ui.Form {
	field := ui.Field{Name: "droits", Form: strings.ReplaceAll(siret, everywhere, "tous"), Type: "checkboxes", Label: call.T("Droits", "Rights")}
	for _, d := range vault.Droits {
		field.Options = append(field.Options, ui.Option{Value: string(d), Text: rightNames[d].In(call.Lang), Hint: droits[d].In(call.Lang)})
	}
	for _, d := range u.Droits[siret] {
		field.Values = append(field.Values, string(d))
	}
	f := call.Form("/gestion/comptes/"+u.Login+"/droits", call.T("Enregistrer ces droits", "Save these rights"), field, ui.Field{Name: "siret", Type: "hidden", Default: siret})
	return f
}

func (c *Console) grant(call *ui.Call) error {
	u, err := c.user(call)
	if err != nil {
		return err
	}
	f := c.rightsForm(call, u, "")
	if !f.Read() {
		return ui.ErrNotFound
	}
	if recent, err := call.Recent(); !recent {
		return err
	}
	siret := f.Value("siret")
	var give, take []vault.Droit
	for _, d := range vault.Droits {
		wished, held := slices.Contains(f.Field("droits").Values, string(d)), slices.Contains(u.Droits[siret], d)
		switch {
		case wished && !held:
			give = append(give, d)
		case held && !wished:
			take = append(take, d)
		}
	}
	if u.Login == call.Session.Login && siret == everywhere && slices.Contains(take, vault.DroitComptes) {
		return Codes.New(OwnRights)
	}
	if len(give) > 0 {
		err = c.o.Coffre.Comptes().Grant(call.Context(), par(call), u.Login, siret, give...)
	}
	if err == nil && len(take) > 0 {
		err = c.o.Coffre.Comptes().Revoke(call.Context(), par(call), u.Login, siret, take...)
	}
	if err != nil {
		return err
	}
	return c.afterRights(call, u.Login, "droits")
}

// afterRights ends the sessions of an account whose rights changed; who changed
// his own begins a new one.
func (c *Console) afterRights(call *ui.Call, login, notice string) error {
	if err := c.Site.EndSessions(call.Context(), login); err != nil {
		return err
	}
	if login == call.Session.Login {
		if err := c.Site.SignIn(call, login); err != nil {
			return err
		}
	}
	return call.Done("/gestion/comptes/"+login, notice)
}

func (c *Console) setActive(call *ui.Call) error {
	u, err := c.user(call)
	if err != nil {
		return err
	}
	if u.Login == call.Session.Login {
		return Codes.New(OwnRights)
	}
	if recent, err := call.Recent(); !recent {
		return err
	}
	change := c.o.Coffre.Comptes().OpenCompte
	if u.Actif {
		change = c.o.Coffre.Comptes().CloseCompte
	}
	if err := change(call.Context(), par(call), u.Login); err != nil {
		return err
	}
	return c.afterRights(call, u.Login, "compte")
}

func (c *Console) setMail(call *ui.Call) error {
	u, err := c.user(call)
	if err != nil {
		return err
	}
	f := c.mailForm(call, u, "")
	if f.Read() && f.Value("adresse") != "" {
		if a, err := mail.ParseAddress(f.Value("adresse")); err != nil || a.Address != f.Value("adresse") {
			f.Fail("adresse", call.T("Cette adresse ne se lit pas.", "This address cannot be read."))
		}
	}
	if !f.Failed() {
		err := c.Site.SetMail(call.Context(), u.Login, f.Value("adresse"))
		if err == ui.ErrConflict {
			f.Fail("adresse", call.T("Un autre compte a cette adresse.", "Another account has this address."))
		} else if err != nil {
			return err
		}
	}
	if f.Failed() {
		return c.userView(call, u, f)
	}
	return call.Done("/gestion/comptes/"+u.Login, "compte")
}

// resetFactors takes the second factors of somebody who lost them away.
func (c *Console) resetFactors(call *ui.Call) error {
	u, err := c.user(call)
	if err != nil {
		return err
	}
	if recent, err := call.Recent(); !recent {
		return err
	}
	err = c.Site.ChangeProfile(call.Context(), u.Login, func(p *ui.Profile) error {
		p.Secret, p.LastStep, p.Recovery, p.Failures, p.Passkeys = "", 0, nil, nil, nil
		return nil
	})
	if err != nil {
		return err
	}
	return c.afterRights(call, u.Login, "compte")
}

// invite makes an invitation again: the way back for a lost password.
func (c *Console) invite(call *ui.Call) error {
	u, err := c.user(call)
	if err != nil {
		return err
	}
	if recent, err := call.Recent(); !recent {
		return err
	}
	return c.showInvitation(call, u.Login)
}
