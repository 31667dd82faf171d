package due

import (
	"regexp"
	"strings"

	"paye/internal/identifiants"
)

// Widths of the declaration, in characters (the observed XML, see Upload).
const (
	largeurDesignation = 32
	largeurAdresse     = 32
	largeurVille       = 27
	largeurNom         = 32
	largeurLieu        = 24
	largeurSante       = 10
)

var (
	formeAPE        = regexp.MustCompile(`^[0-9]{4}[A-Z]$`)
	formeURSSAF     = regexp.MustCompile(`^[0-9A-Z]{3}$`)
	formeCodePostal = regexp.MustCompile(`^[0-9]{5}$`)
	formeTelephone  = regexp.MustCompile(`^[0-9]{1,11}$`)
	formeSante      = regexp.MustCompile(`^[!-~](?:[ -~]{0,8}[!-~])?$`)
)

// employeur checks the employer once for all its hires.
func (x *examination) employeur() EmployeurDeclare {
	e := &x.c.Employeur
	if strings.EqualFold(e.Regime, "agricole") {
		x.finds("DUE-144", ChampRegime, e.Regime)
	} else if e.Regime != "" && !strings.EqualFold(e.Regime, "general") {
		x.finds("DUE-V15B", ChampRegime, e.Regime, string(ChampRegime), "general | agricole")
	}
	d := EmployeurDeclare{
		SIRET:      strings.ReplaceAll(e.SIRET, " ", ""),
		APE:        x.form(ChampAPE, strings.ToUpper(without(e.APE, " .")), formeAPE, "9999A"),
		CodeURSSAF: x.form(ChampURSSAF, e.CodeURSSAF, formeURSSAF, "999"),
		Adresse1:   x.text(ChampAdresse1, e.Adresse1, JeuEmployeur, largeurAdresse, obligatoire),
		Adresse2:   x.text(ChampAdresse2, e.Adresse2, JeuEmployeur, largeurAdresse, facultatif),
		Ville:      x.text(ChampVille, e.Ville, JeuVille, largeurVille, obligatoire),
		CodePostal: x.form(ChampCodePostal, e.CodePostal, formeCodePostal, "99999"),
		Telephone:  x.form(ChampTelephone, without(strings.TrimPrefix(e.Telephone, "+"), " .-"), formeTelephone, "99999999999"),
	}
	switch {
	case d.SIRET == "":
		x.finds("DUE-V15", ChampSIRET, "", string(ChampSIRET))
	case identifiants.CheckSIRET(d.SIRET) != nil:
		x.finds("DUE-V01", ChampSIRET, e.SIRET)
	case d.SIRET[:9] == "356000000":
		x.finds("DUE-V02", ChampSIRET, e.SIRET)
	}
	name := x.text(ChampRaisonSociale, e.RaisonSociale, JeuEmployeur, 0, obligatoire)
	var lost bool
	if d.Designation, d.Complement, lost = splitName(name, largeurDesignation); lost {
		x.finds("DUE-V17", ChampRaisonSociale, e.RaisonSociale, string(ChampRaisonSociale)).Becomes = d.RaisonSociale()
	}
	return d
}

// form checks a compulsory value against its form, which args of the finding
// show as 9 for a digit and A for a letter.
func (x *examination) form(champ Champ, value string, form *regexp.Regexp, shown string) string {
	switch {
	case value == "":
		x.finds("DUE-V15", champ, "", string(champ))
	case !form.MatchString(value):
		x.finds("DUE-V03", champ, value, string(champ), shown)
	}
	return value
}

// without is s without the characters of drop and without no-break spaces.
func without(s, drop string) string {
	drop += "\u00a0\u202f"
	return strings.Map(func(r rune) rune {
		if strings.ContainsRune(drop, r) {
			return -1
		}
		return r
	}, s)
}
