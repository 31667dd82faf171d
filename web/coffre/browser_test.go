package coffre

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/chromedp/chromedp"

	"paye/app/portal"
	"paye/app/portal/portaltest"
	"paye/vault"
	"paye/web/ui/uitest"
)

// look is how a reader has the pages.
type look struct {
	lang   string
	width  int
	script bool
}

func (l look) name() string {
	how := "avec"
	if !l.script {
		how = "sans"
	}
	return fmt.Sprintf("%s-%d-%s", l.lang, l.width, how)
}

// agents and desks are the looks that the guide is played in by the two sides:
// phone and desktop, French and English, with and without script. With the slow
// proofs each has all.
var (
	agents = []look{{"fr", 390, true}, {"en", 1280, false}}
	desks  = []look{{"fr", 1280, false}, {"en", 390, true}}
)

func looks(some []look) (list []look) {
	if os.Getenv("XHL_FULL") == "" {
		return some
	}
	for _, lang := range []string{"fr", "en"} {
		for _, width := range []int{390, 1280} {
			list = append(list, look{lang, width, true}, look{lang, width, false})
		}
	}
	return list
}

// player plays the guide in a browser of his own.
type player struct {
	*uitest.Browser
	b *bench
	l look
}

func (b *bench) player(t *testing.T, l look) *player {
	t.Helper()
	p := &player{uitest.NewBrowser(t, strings.Replace(b.server.URL, "127.0.0.1", "localhost", 1)), b, l}
	p.Speak(l.lang)
	p.Look(l.width, "light")
	if !l.script {
		p.NoScript()
	}
	return p
}

// say chooses a text.
func (p *player) say(fr, en string) string {
	if p.l.lang == "en" {
		return en
	}
	return fr
}

// sees fails unless the page says something; then it is judged, and kept as a
// picture when it has a name.
func (p *player) sees(name, fr, en string) {
	p.T.Helper()
	want := p.say(fr, en)
	if p.l.script {
		p.Wait(want)
	} else if got := p.Text(); !strings.Contains(got, want) {
		p.T.Fatalf("%s %s: the page does not say %q:\n%s", p.l.name(), name, want, got)
	}
	if name == "" {
		return
	}
	p.Shot(p.l.name() + "-" + name)
	if p.l.script {
		p.Judge(p.l.name() + " " + name)
	}
}

// fill types into the fields of a form; values are name and value in turn.
func (p *player) fill(values ...string) {
	p.T.Helper()
	for i := 0; i+1 < len(values); i += 2 {
		if values[i+1] == "x" { // a box to tick
			p.Click("#f-" + values[i])
			continue
		}
		p.Type("#f-"+values[i], values[i+1])
	}
}

// send fills a form and sends it.
func (p *player) send(action string, values ...string) {
	p.T.Helper()
	p.fill(values...)
	p.Submit("form[action='" + action + "'] button")
}

func (p *player) signIn(identifier, password string) {
	p.T.Helper()
	p.Open(Door)
	p.send(Door, "compte", identifier, "passe", password)
}

func (p *player) office(login string) {
	p.T.Helper()
	p.Open("/connexion")
	p.send("/connexion", "compte", login, "passe", "une longue phrase de passe")
}

// link waits for the mail that has a link.
func (p *player) link(to, path string) string {
	p.T.Helper()
	for {
		if m := p.b.Mail.Next(p.T, to); strings.Contains(m.Text, path) {
			return Home + portaltest.Link(p.T, m, path)
		}
	}
}

// The ten questions of the guide, asked by an agent.
func TestTenQuestionsOfAnAgentInABrowser(t *testing.T) {
	for _, l := range looks(agents) {
		t.Run(l.name(), func(t *testing.T) {
			b := newBench(t)
			ids := b.Deposit(t, "2026-10", "A1", "A2")
			b.Deposit(t, "2025-12", "A1")
			letters := b.Letters(t)
			b.Opened(t, letters["A2"], "autre@example.org")
			p := b.player(t, l)
			number := p.enrol(letters["A1"])
			p.lockedOut(number)
			p.forgotten(number)
			p.lost()
			p.changes()
			p.reads(ids[0])
			p.sends(ids[0])
			p.keeps()
			p.refuses()
			p.merges(letters["A2"])
		})
	}
}

// enrol is the first sign-in with the letter.
func (p *player) enrol(l portal.Letter) string {
	p.T.Helper()
	p.Open(Home)
	p.sees("q0-porte", "Où le trouver", "Where is it")
	p.send(Door, "compte", portal.ShowNumber(l.Number), "passe", l.Secret)
	p.sees("q0-premiere", "Choisissez votre mot de passe", "Choose your password")
	p.Submit("form[action='/coffre/bienvenue'] button")
	p.sees("q0-refus", "À corriger", "To correct")
	p.send("/coffre/bienvenue", "passe", portaltest.Word, "passe2", portaltest.Word, "mail", "camille@example.org", "mail2", "camille@example.org", "politique", "x")
	p.sees("q0-ouvert", "Votre espace est ouvert", "Your space is open")
	p.Open(p.link("camille@example.org", "/mail/"))
	p.sees("q0-mail", "Cette adresse deviendra un identifiant", "This address will become an identifier")
	p.Submit("main form button")
	p.sees("", "adresse est confirmée", "The address is confirmed")
	return l.Number
}

// lockedOut is question 1, « Compte bloqué ».
func (p *player) lockedOut(number string) {
	p.T.Helper()
	p.Submit(".who form[action='" + Exit + "'] button")
	for range 3 {
		p.signIn(number, "pas le bon mot de passe")
	}
	p.sees("q1-bloque", "encore 120 minutes", "for 120 more minutes")
	p.b.Clock.Add(120 * time.Minute)
}

// forgotten is question 1, « Mot de passe oublié ».
func (p *player) forgotten(number string) {
	p.T.Helper()
	p.Open(Door)
	p.Submit("main a[href='/coffre/oubli']")
	p.sees("q1-oubli", "Adresse donnée à la première connexion", "Address given at the first sign-in")
	p.send("/coffre/oubli", "compte", number, "mail", "camille@example.org")
	p.sees("q1-oubli-recu", "Demande reçue", "Request received")
	at := p.link("camille@example.org", "/passe/")
	p.Open(at)
	p.sees("q1-nouveau", "Le même mot de passe", "The same password")
	p.send(at, "passe", portaltest.Word, "passe2", portaltest.Word)
	p.sees("", "Le mot de passe est changé", "The password is changed")
}

// lost is question 1, « Identifiant perdu », and question 5 of the agent.
func (p *player) lost() {
	p.T.Helper()
	p.Open(Door)
	p.Submit("main a[href='/coffre/identifiant']")
	p.sees("q1-identifiant", "ne suffit pas à ouvrir votre espace", "is not enough to open your space")
	p.send("/coffre/identifiant", "nom", "NomA1", "prenom", "Camille", "commune", "Paris", "mois", "mars", "mobile", "0600000000", "mail", "camille@example.org", "mail2", "camille@example.org", "prive", "000000", "politique", "x")
	p.sees("", "Demande reçue", "Request received")
	if m := p.b.Mail.Next(p.T, "camille@example.org"); m.Text == "" {
		p.T.Error("an empty mail")
	}
	p.signIn("camille@example.org", portaltest.Word)
	p.sees("", "Bulletins de paie", "Payslips")
}

// changes are questions 2, 3 and 4: mail, password, login.
func (p *player) changes() {
	p.T.Helper()
	p.Submit(".who a")
	p.sees("q2-profil", "Changer d’adresse de messagerie", "Change mail address")
	p.send("/coffre/profil/mail", "mail", "neuve@example.org", "mail2", "neuve@example.org")
	p.sees("q2-demande", "Adresse à confirmer", "Address to confirm")
	p.Open(p.link("neuve@example.org", "/mail/"))
	p.Submit("main form button")
	p.sees("", "adresse est confirmée", "The address is confirmed")
	p.Open("/coffre/profil")
	p.Submit("main a[href='/coffre/profil/passe']")
	p.sees("q3-passe", "Mot de passe actuel", "Present password")
	p.send("/coffre/profil/passe", "actuel", portaltest.Word, "passe", "une autre phrase bien longue", "passe2", "une autre phrase bien longue")
	p.sees("", "Le mot de passe est changé", "The password is changed")
	p.Submit("main a[href='/coffre/identifiant']")
	p.sees("", "Votre numéro privé", "Your private number")
	p.Open("/acces/compte")
	p.sees("q3-sessions", "Où vous êtes connecté", "Where you are signed in")
}

// reads is question 6: the year, the latest on top.
func (p *player) reads(id vault.ID) {
	p.T.Helper()
	p.Open(Home)
	p.sees("q6-liste", "Ouvrir le dernier", "Open the latest")
	p.Submit("main a[href='/coffre?annee=2025']")
	p.sees("", "2025", "2025")
	p.Open(Home)
	p.Submit("main p a.button")
	p.sees("q6-bulletin", "vérifié à l’instant", "verified just now")
	p.Submit("main a[href='/coffre/documents/" + id.String() + "/acces']")
	p.sees("q10-qui", "Qui a fait quoi", "Who did what")
}

// sends is question 10: a link with an end, and its code.
func (p *player) sends(id vault.ID) {
	p.T.Helper()
	at := "/coffre/documents/" + id.String()
	p.Open(at)
	p.Submit("main a[href='" + at + "/envoyer']")
	p.sees("q10-envoyer", "Donnez le code autrement", "Give the code by another way")
	p.Submit("form[action='" + at + "/envoyer'] button")
	p.sees("q10-lien", "ils ne seront plus montrés", "they will not be shown again")
	p.Submit("main a[href='/coffre/partages']")
	p.sees("q10-liens", "Reprendre", "Take back")
	p.Submit("form[action$='/fin'] button")
	p.sees("", "fini", "ended")
}

// keeps is question 10: documents of his own, what happened, everything at once.
func (p *player) keeps() {
	p.T.Helper()
	file := filepath.Join(p.T.TempDir(), "diplome.pdf")
	if err := os.WriteFile(file, []byte("%PDF-1.7 diplome"), 0o600); err != nil {
		p.T.Fatal(err)
	}
	p.Open("/coffre/mes-documents")
	p.Do(chromedp.SetUploadFiles(chromedp.CSS("#f-fichier"), []string{file}))
	p.Submit("form[action='/coffre/mes-documents'] .actions button")
	p.sees("q10-mes-documents", "diplome.pdf", "diplome.pdf")
	p.Open("/coffre/trace")
	p.sees("q10-trace", "mot de passe changé", "password changed")
	p.Open("/coffre/export")
	p.sees("q10-export", "leurs preuves de dépôt", "their proofs of deposit")
	p.Open("/coffre/aide")
	p.sees("q10-aide", "Je ne vois pas mon bulletin", "I do not see my payslip")
	p.Open("/coffre/profil/cloture")
	p.sees("cloture", "Tout télécharger d’abord", "Download everything first")
}

// refuses are questions 8 and 9.
func (p *player) refuses() {
	p.T.Helper()
	p.Open("/coffre/employeurs")
	p.sees("q8-employeurs", "Demander le papier", "Ask for paper")
	p.Submit("form[action='/coffre/employeurs/refus'] button")
	p.sees("q8-confirmer", "dans trois mois au plus tard", "within three months")
	p.Submit("main form button")
	p.sees("q8-recepisse", "donne date certaine à votre demande", "gives your request a certain date")
	p.Open("/coffre/employeurs")
	p.Submit("form[action$='/electronique'] button")
	p.sees("q9-retour", "retour à confirmer", "return to confirm")
	p.Submit("form[action$='/electronique/confirmer'] button")
	p.sees("q9-fait", "Demander le papier", "Ask for paper")
	p.Open("/coffre/refus")
	p.sees("q8-sans-compte", "avec le code de la notification", "with the code of the notice")
}

// merges is question 7.
func (p *player) merges(other portal.Letter) {
	p.T.Helper()
	p.Open("/coffre/profil")
	p.Submit("main a[href='/coffre/fusion']")
	p.sees("q7-fusion", "Vous avez reçu deux identifiants", "You got two identifiers")
	p.send("/coffre/fusion", "compte", other.Number, "passe", portaltest.Word)
	p.sees("q7-apercu", "Rien n’est encore fait", "Nothing is done yet")
	p.Submit("main form button")
	p.sees("q7-demandee", "faite dans trois jours", "done in three days")
}

// The ten questions, as the support desk meets them.
func TestTenQuestionsAtTheDeskInABrowser(t *testing.T) {
	for _, l := range looks(desks) {
		t.Run(l.name(), func(t *testing.T) {
			b := newBench(t)
			p := b.player(t, l)
			p.office("anne")
			p.Open(desk)
			p.sees("a5-vide", "Matricule d’un agent qui appelle", "Matricule of an agent who calls")
			p.send(desk+"/un", "matricule", "A1")
			p.sees("a5-pas-depose", "n’est pas encore déposé", "is not deposited yet")
			b.Deposit(t, "2026-10", "A1", "A2", "A3")
			p.Open(desk)
			p.sees("a5-courriers", "Des agents attendent leur courrier", "Agents wait for their letter")
			letters := b.Letters(t)
			p.Open(desk + "/un/A3")
			p.sees("a5-parti", "Le courrier est parti", "The letter was sent")
			b.Opened(t, letters["A1"], "camille@example.org")
			b.Opened(t, letters["A2"], "autre@example.org")
			p.Open(desk + "/un/A1")
			p.sees("a6-ouvert", "Vérifiez avec lui", "Check with him")
			p.deskRefusal()
			p.deskRequests(letters["A1"])
			p.deskMerge()
		})
	}
}

// deskRefusal are questions 8 and 9: the desk sees the refusal and ends it.
func (p *player) deskRefusal() {
	p.T.Helper()
	ctx := p.T.Context()
	if err := p.b.DraftRefusal(ctx, siret, "A1"); err != nil {
		p.T.Fatal(err)
	}
	if _, err := p.b.ConfirmRefusal(ctx, siret, "A1"); err != nil {
		p.T.Fatal(err)
	}
	p.b.Clock.Add(70 * 24 * time.Hour)
	p.office("anne")
	p.Open(desk)
	p.sees("a8-alarme", "Refus à suivre avant le", "Refusal to follow by")
	p.Open(desk + "/un/A1")
	p.sees("a8-papier", "reçoit ses bulletins sur papier", "gets his payslips on paper")
	p.send(desk+"/un/A1/electronique", "rappel_electronique", "x")
	p.sees("a9-electronique", "recevra ses bulletins sous forme électronique", "will get his payslips in electronic form")
}

// deskRequests is question 1: a lost identifier, and a suspension for two.
func (p *player) deskRequests(l portal.Letter) {
	p.T.Helper()
	ctx := p.T.Context()
	if err := p.b.LoseNumber(ctx, portal.Lost{Nom: "NomA1", Prenom: "Camille", Mail: "x@example.org", MailAgain: "x@example.org", Private: l.Private, Policy: true}); err != nil {
		p.T.Fatal(err)
	}
	a, err := p.b.Membership(ctx, siret, "A2")
	if err == nil {
		err = p.b.Suspend(ctx, a.Account)
	}
	if err != nil {
		p.T.Fatal(err)
	}
	p.Open(desk)
	p.sees("a1-demandes", "identifiant perdu", "lost identifier")
	p.Open(desk + "/un/A1")
	p.sees("a1-identifiant", "à aucune autre", "to no other")
	p.Open(desk + "/un/A2")
	p.Submit("form[action='" + desk + "/un/A2/rouvrir'] button")
	p.sees("a1-refus", "À corriger", "To correct")
	p.send(desk+"/un/A2/rouvrir", "rappel_rouvrir", "x")
	p.sees("a1-premiere", "Une autre personne doit confirmer", "Another person must confirm")
	p.Submit(".who form[action='/deconnexion'] button")
	p.office("carl")
	p.Open(desk + "/un/A2")
	p.sees("a1-seconde", "Confirmer et rouvrir", "Confirm and open again")
	p.send(desk+"/un/A2/rouvrir", "rappel_rouvrir", "x")
	p.sees("a1-rouvert", "La suspension est levée", "The suspension is lifted")
}

// deskMerge is question 7, for who cannot prove both.
func (p *player) deskMerge() {
	p.T.Helper()
	p.Open(desk + "/un/A1")
	p.Click("details summary")
	p.sees("a7-fusion", "ne prouvent rien", "prove nothing")
	p.send(desk+"/un/A1/fusion", "autre_matricule", "A2", "preuve", p.say("pièce d’identité et deux courriers", "identity document and both letters"))
	p.sees("a7-premiere", "Une autre personne doit confirmer", "Another person must confirm")
	p.Submit(".who form[action='/deconnexion'] button")
	p.office("anne")
	p.Open(desk + "/un/A1")
	p.sees("a7-seconde", "Confirmer la fusion", "Confirm the merge")
	p.send(desk+"/un/A1/fusion/accord", "rappel_fusion", "x")
	p.sees("a7-demandee", "faite dans trois jours", "done in three days")
}
