package portal

import (
	"encoding/csv"
	"fmt"
	"io"
	"strings"
	"time"

	"paye/internal/report"
)

// WriteLetters writes letters as one PDF ready to print, and gives the
// matricules whose names the font does not have in full.
func (p *Portal) WriteLetters(w io.Writer, list []Letter) (unprintable []string, err error) {
	var pages []report.Letter
	for i := range list {
		l := &list[i]
		if report.Lacks(l.Nom + l.Prenom) {
			unprintable = append(unprintable, l.Matricule)
		}
		switch {
		case !l.End.IsZero():
			pages = append(pages, p.endPage(l))
		case l.Code != "":
			pages = append(pages, p.noticePage(l))
		default:
			pages = append(pages, p.letterPage(l))
		}
	}
	date := time.Time{}
	if len(list) > 0 {
		date = list[0].Date
	}
	return unprintable, report.WriteLetters(w, "Courriers", date, pages)
}

func frame(l *Letter, title string) report.Letter {
	return report.Letter{From: []string{l.Employeur, "SIRET " + l.Siret}, To: []string{strings.TrimSpace(l.Prenom + " " + l.Nom), "Matricule " + l.Matricule},
		Date: "Le " + l.Date.Format("02/01/2006"), Title: title}
}

// letterPage is the letter that brings an identifier and a secret.
func (p *Portal) letterPage(l *Letter) report.Letter {
	r := frame(l, "Vos bulletins de paye dans votre espace documents")
	r.Text = []string{"Vos bulletins de paye sont déposés dans un espace personnel et sécurisé. Vous seul y accédez : votre employeur y dépose, et ne peut pas ouvrir votre exemplaire."}
	if l.Again {
		r.Text = append(r.Text, "Ce courrier remplace le précédent, dont le mot de passe ne fonctionne plus.")
	}
	r.Box = []report.Fait{{Nom: "Adresse", Valeur: p.o.Address}, {Nom: "Identifiant (12 chiffres)", Valeur: ShowNumber(l.Number)},
		{Nom: "Mot de passe provisoire, à usage unique", Valeur: l.Secret}, {Nom: "Numéro privé", Valeur: l.Private}}
	r.QR = p.o.Address
	choose := "3. Choisissez votre mot de passe et gardez ce courrier : l’identifiant reste le même."
	if p.SendsMail() {
		choose = "3. Choisissez votre mot de passe et donnez votre adresse de messagerie personnelle."
	}
	r.After = []string{
		"1. Ouvrez l’adresse ci-dessus, ou photographiez le carré.  2. Tapez l’identifiant et le mot de passe provisoire.  " + choose,
		fmt.Sprintf("Ce mot de passe provisoire sert une fois, jusqu’au %s. Ne le donnez à personne : ni votre employeur, ni l’assistance ne vous le demanderont.", l.Until.Format("02/01/2006")),
		"Vous préférez le papier ? Vous pouvez le demander à tout moment, employeur par employeur, à l’adresse " + p.o.Address + "/refus (article L.3243-2 du Code du travail).",
		"Gardez le numéro privé : il aide à vous reconnaître si vous perdez votre identifiant."}
	r.Footer = "Une seule adresse : " + p.o.Address + ". Aucun message ne vous demandera votre mot de passe."
	return r
}

// endPage is the letter that tells the end of the service.
func (p *Portal) endPage(l *Letter) report.Letter {
	r := frame(l, "Votre espace documents ferme")
	r.Text = []string{"Votre espace documents ferme le " + l.End.Format("02/01/2006") + ". Emportez vos bulletins et leurs preuves avant cette date, en un seul fichier, gratuitement ; vous le pourrez encore après.",
		"Cette lettre vous est adressée trois mois au moins avant la fermeture (article D.3243-8 du Code du travail)."}
	r.Box = []report.Fait{{Nom: "Adresse", Valeur: p.o.Address + "/export"}}
	r.QR = p.o.Address + "/export"
	r.Footer = "Date de la notification : " + l.Date.Format("02/01/2006")
	return r
}

// noticePage is the letter before any account exists.
func (p *Portal) noticePage(l *Letter) report.Letter {
	r := frame(l, "Vos bulletins de paye deviendront électroniques")
	r.Text = []string{"Dans un mois au plus tôt, vos bulletins de paye vous seront remis sous forme électronique. Vous recevrez alors par courrier un identifiant et un mot de passe provisoire.",
		"Vous pouvez vous y opposer dès maintenant et à tout moment : vos bulletins vous seront remis sur papier (articles L.3243-2 et D.3243-7 du Code du travail)."}
	r.Box = []report.Fait{{Nom: "Adresse pour refuser", Valeur: p.o.Address + "/refus"}, {Nom: "Matricule", Valeur: l.Matricule}, {Nom: "Code", Valeur: l.Code}}
	r.QR = p.o.Address + "/refus"
	r.After = []string{"Si cela vous convient, vous n’avez rien à faire."}
	r.Footer = "Date de la notification : " + l.Date.Format("02/01/2006")
	return r
}

// WriteMerge writes letters as a CSV for a mail merge, with ";" as spreadsheets
// here want it.
func (p *Portal) WriteMerge(w io.Writer, list []Letter) error {
	if _, err := io.WriteString(w, "\ufeff"); err != nil {
		return fmt.Errorf("write the letters: %w", err)
	}
	c := csv.NewWriter(w)
	c.Comma = ';'
	rows := [][]string{{"date", "employeur", "siret", "matricule", "nom", "prenom", "identifiant", "mot_de_passe", "numero_prive", "valable_jusque", "code", "adresse"}}
	for _, l := range list {
		until := ""
		if !l.Until.IsZero() {
			until = l.Until.Format("02/01/2006")
		}
		rows = append(rows, []string{l.Date.Format("02/01/2006"), plain(l.Employeur), l.Siret, plain(l.Matricule), plain(l.Nom), plain(l.Prenom), ShowNumber(l.Number), l.Secret, l.Private, until, l.Code, p.o.Address})
	}
	if err := c.WriteAll(rows); err != nil {
		return fmt.Errorf("write the letters: %w", err)
	}
	return nil
}

// plain keeps a spreadsheet from taking a name for a formula.
func plain(s string) string {
	if s != "" && strings.ContainsRune("=+-@\t\r", rune(s[0])) {
		return "'" + s
	}
	return s
}
