package ui

import (
	"net/http"
	"slices"
	"strconv"

	"paye/internal/anomalie"
)

// ownAccount registers the pages where everybody sees to his own sign-in.
func (s *Site) ownAccount() {
	d := s.o.Door + "/compte"
	s.Private("GET "+d, s.accountPage)
	s.Private("POST "+d+"/session", s.endOneSession)
	s.Private("POST "+d+"/sessions", s.endOtherSessions)
	s.Private("GET "+d+"/codes", s.secretPage)
	s.Private("POST "+d+"/codes", s.confirmSecret)
	s.Private("POST "+d+"/codes/retirer", s.removeSecret)
	s.Private("POST "+d+"/cle/debut", s.beginPasskey)
	s.Private("POST "+d+"/cle", s.finishPasskey)
	s.Private("POST "+d+"/cle/retirer", s.removePasskey)
	s.Private("POST "+d+"/lien/retirer", s.removeLink)
}

// accountPage shows how the account signs in, and where it is signed in.
func (s *Site) accountPage(c *Call) error {
	profile, err := s.Profile(c.Context(), c.Session.Login)
	if err != nil {
		return err
	}
	list, err := s.sessions.list(c.Context(), c.Session.Login)
	if err != nil {
		return err
	}
	p := c.Page(c.T("Ma connexion", "My sign-in"))
	p.Lead = c.T("Comment vous vous connectez, et d’où vous l’êtes en ce moment.", "How you sign in, and from where you are signed in now.")
	p.Data = struct {
		Profile              *Profile
		Codes, Passkeys      Badge
		CanPasskey           bool
		Keys, Links          Table
		Sessions             Table
		Others               bool
		Providers            []Link
		Door                 string
		RecoveryLeft, AtMost int
	}{&profile, c.onOff(profile.Secret != ""), c.onOff(len(profile.Passkeys) > 0), !c.byAddress(), c.passkeyTable(&profile), c.linkTable(&profile),
		c.sessionTable(list), len(list) > 1, c.linkable(&profile), s.o.Door, len(profile.Recovery), recoveryLeft}
	return c.Render(http.StatusOK, "account", p)
}

func (c *Call) onOff(on bool) Badge {
	if on {
		return Badge{Good, c.T("en place", "in place")}
	}
	return Badge{Neutral, c.T("pas encore", "not yet")}
}

func (c *Call) passkeyTable(p *Profile) Table {
	t := Table{ID: "cles", Caption: c.T("Clés d’accès", "Passkeys"), Columns: []Column{{Title: c.T("Nom", "Name")}, {Title: c.T("Créée le", "Made on")}, {Title: c.T("Servie le", "Used on")}, {Title: c.T("Action", "Action")}}}
	for i, k := range p.Passkeys {
		t.Rows = append(t.Rows, Row{Cells: []Cell{{Text: k.Name, Head: true}, {Text: Instant(k.Made)}, {Text: Instant(k.Used)},
			{Post: &Post{Action: c.Site.o.Door + "/compte/cle/retirer", Text: c.T("Retirer", "Remove"), About: k.Name, Hidden: [][2]string{{"n", strconv.Itoa(i)}, {"faite", strconv.FormatInt(k.Made.Unix(), 10)}}, Danger: true}}}})
	}
	return t
}

func (c *Call) linkTable(p *Profile) Table {
	t := Table{ID: "liens", Caption: c.T("Fournisseurs d’identité", "Identity providers"), Columns: []Column{{Title: c.T("Fournisseur", "Provider")}, {Title: c.T("Lié le", "Linked on")}, {Title: c.T("Action", "Action")}}}
	for i, l := range p.Links {
		name := l.Provider
		if known := c.Site.oidc[l.Provider]; known != nil {
			name = known.Name
		}
		t.Rows = append(t.Rows, Row{Cells: []Cell{{Text: name, Head: true}, {Text: Instant(l.Made)},
			{Post: &Post{Action: c.Site.o.Door + "/compte/lien/retirer", Text: c.T("Retirer", "Remove"), About: name, Hidden: [][2]string{{"n", strconv.Itoa(i)}, {"lie", strconv.FormatInt(l.Made.Unix(), 10)}}, Danger: true}}}})
	}
	return t
}

func (c *Call) linkable(p *Profile) (list []Link) {
	for _, known := range c.Site.o.Providers {
		if !slices.ContainsFunc(p.Links, func(l IdentityLink) bool { return l.Provider == known.ID }) {
			list = append(list, Link{c.T("Lier mon compte %s", "Link my %s account", known.Name), c.Site.o.Door + "/oidc/" + known.ID + "?retour=" + c.Site.o.Door + "/compte"})
		}
	}
	return list
}

func (c *Call) sessionTable(list []Session) Table {
	t := Table{ID: "sessions", Caption: c.T("Sessions ouvertes", "Open sessions"), Columns: []Column{{Title: c.T("Appareil", "Device")}, {Title: c.T("Connexion par", "Signed in by")},
		{Title: c.T("Ouverte le", "Opened on")}, {Title: c.T("Vue le", "Seen on")}, {Title: c.T("Action", "Action")}}}
	for _, n := range list {
		name := n.Device
		if name == "" {
			name = c.T("appareil inconnu", "unknown device")
		}
		last := Cell{Badge: &Badge{Good, c.T("celle-ci", "this one")}}
		if n.ID != c.Session.ID {
			last = Cell{Post: &Post{Action: c.Site.o.Door + "/compte/session", Text: c.T("Fermer", "Close"), About: name, Hidden: [][2]string{{"session", n.ID}}}}
		}
		t.Rows = append(t.Rows, Row{Cells: []Cell{{Text: name, Head: true}, {Text: meansText(c.Lang, n.Means)}, {Text: Instant(n.Created)}, {Text: Instant(n.Seen)}, last}})
	}
	return t
}

func (s *Site) endOneSession(c *Call) error {
	if err := s.sessions.revoke(c.Context(), c.Session.Login, c.R.PostFormValue("session")); err != nil {
		return err
	}
	return c.Done(s.o.Door+"/compte", "session")
}

func (s *Site) endOtherSessions(c *Call) error {
	if err := s.sessions.revokeAll(c.Context(), c.Session.Login, c.Session); err != nil {
		return err
	}
	return c.Done(s.o.Door+"/compte", "sessions")
}

// secretData is the page that shows a new secret of TOTP.
type secretData struct {
	Form   *Form
	QR     QR
	Secret string // in groups of four
	URI    string
}

func (c *Call) secretForm() *Form {
	return c.Form(c.Site.o.Door+"/compte/codes", c.T("Vérifier et activer", "Verify and turn on"),
		Field{Name: "code", Label: c.T("Code que l’application montre", "Code that the application shows"), Required: true, Autocomplete: "one-time-code", Inputmode: "numeric", Max: 30, Size: 12})
}

func (c *Call) secretView(secret string, f *Form) (*Page, error) {
	uri := secretURI(c.Site.o.Title.In(c.Lang), c.who(), secret)
	code, err := qrCode(uri)
	if err != nil {
		return nil, err
	}
	grouped := ""
	for i := 0; i < len(secret); i += 4 {
		grouped += secret[i:min(i+4, len(secret))] + " "
	}
	p := c.Page(c.T("Codes de connexion", "Sign-in codes"))
	p.Data = secretData{f, code, grouped, uri}
	return p, nil
}

// secretPage draws a secret, which counts once a code of it was given back.
func (s *Site) secretPage(c *Call) error {
	if recent, err := c.Recent(); !recent {
		return err
	}
	secret := newSecret()
	c.startCeremony("totp", c.Session.Login, secret)
	p, err := c.secretView(secret, c.secretForm())
	if err != nil {
		return err
	}
	return c.Render(http.StatusOK, "secret", p)
}

func (s *Site) confirmSecret(c *Call) error {
	data, ok := c.peekCeremony("totp", c.Session.Login)
	if !ok {
		return c.Redirect(s.o.Door + "/compte/codes")
	}
	secret, f := data.(string), c.secretForm()
	var step int64
	if f.Read() {
		if step = totpStep(secret, cleanCode(f.Value("code")), s.now(), 0); step == 0 {
			f.Fail("code", sentence(Codes.New(CodeRefused), c.Lang))
		}
	}
	if f.Failed() {
		p, err := c.secretView(secret, f)
		if err != nil {
			return err
		}
		return c.Again("secret", p)
	}
	c.endCeremony("totp", c.Session.Login)
	codes, kept := newRecovery()
	err := s.ChangeProfile(c.Context(), c.Session.Login, func(p *Profile) error {
		p.Secret, p.LastStep, p.Recovery, p.Failures = secret, step, kept, nil
		return nil
	})
	if err != nil {
		return err
	}
	if err := s.sessions.revokeAll(c.Context(), c.Session.Login, c.Session); err != nil {
		return err
	}
	p := c.Page(c.T("Codes de secours", "Recovery codes"))
	p.Data = struct {
		Codes []string
		Door  string
	}{codes, s.o.Door}
	return c.Render(http.StatusOK, "recovery", p)
}

func (s *Site) removeSecret(c *Call) error {
	if recent, err := c.Recent(); !recent {
		return err
	}
	err := s.ChangeProfile(c.Context(), c.Session.Login, func(p *Profile) error {
		p.Secret, p.LastStep, p.Recovery, p.Failures = "", 0, nil, nil
		return nil
	})
	if err != nil {
		return err
	}
	return c.Done(s.o.Door+"/compte", "totp-non")
}

func (s *Site) removePasskey(c *Call) error {
	if recent, err := c.Recent(); !recent {
		return err
	}
	n, made := formInt(c, "n"), formInt(c, "faite")
	err := s.ChangeProfile(c.Context(), c.Session.Login, func(p *Profile) error {
		if n < 0 || n >= int64(len(p.Passkeys)) || p.Passkeys[n].Made.Unix() != made {
			return ErrNotFound
		}
		p.Passkeys = slices.Delete(p.Passkeys, int(n), int(n)+1)
		return nil
	})
	if err != nil {
		return err
	}
	return c.Done(s.o.Door+"/compte", "cle-non")
}

func (s *Site) removeLink(c *Call) error {
	if recent, err := c.Recent(); !recent {
		return err
	}
	n, made := formInt(c, "n"), formInt(c, "lie")
	var gone IdentityLink
	err := s.ChangeProfile(c.Context(), c.Session.Login, func(p *Profile) error {
		if n < 0 || n >= int64(len(p.Links)) || p.Links[n].Made.Unix() != made {
			return ErrNotFound
		}
		gone = p.Links[n]
		p.Links = slices.Delete(p.Links, int(n), int(n)+1)
		return nil
	})
	if err != nil {
		return err
	}
	if err := s.setOwner(c.Context(), "link", gone.Issuer+"\x00"+gone.Subject, ""); err != nil {
		return err
	}
	return c.Done(s.o.Door+"/compte", "delie")
}

// formInt is a number of the form, -1 when it is none.
func formInt(c *Call, name string) int64 {
	n, err := strconv.ParseInt(c.R.PostFormValue(name), 10, 64)
	if err != nil {
		return -1
	}
	return n
}

// Sentence is an anomaly as one line of a page.
func (c *Call) Sentence(a *anomalie.Anomalie) string { return sentence(a, c.Lang) }
