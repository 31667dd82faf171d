package due

import (
	"fmt"
	"regexp"
	"slices"
	"strings"

	"paye/internal/identifiants"
)

// personne checks the sheet of the employee.
func (x *examination) personne(d *Declaration) {
	e := &x.e
	if e.Matricule == "" {
		x.finds("DUE-V15", ChampMatricule, "", string(ChampMatricule))
	}
	d.NomNaissance = x.text(ChampNomNaissance, e.NomNaissance, JeuNom, largeurNom, obligatoire)
	d.Prenom = x.text(ChampPrenom, e.Prenom, JeuNom, largeurNom, obligatoire)
	if d.NomUsage = x.text(ChampNomUsage, e.NomUsage, JeuNom, largeurNom, facultatif); d.NomUsage == d.NomNaissance {
		d.NomUsage = ""
	}
	d.Sexe = x.sexe()
	d.DateNaissance = x.naissance()
	abroad := x.lieu(d)
	d.DepartementNaissance = x.departement(abroad)
	x.nir(d)
}

func (x *examination) sexe() byte {
	switch s := strings.ToUpper(x.e.Sexe); s {
	case "M", "H", "1":
		return '1'
	case "F", "2":
		return '2'
	case "":
		x.finds("DUE-V15", ChampSexe, "", string(ChampSexe))
	default:
		x.finds("DUE-V15B", ChampSexe, x.e.Sexe, string(ChampSexe), "M | F")
	}
	return 0
}

// date reads a compulsory date.
func (x *examination) date(champ Champ, value string) Date {
	if value == "" {
		x.finds("DUE-V15", champ, "", string(champ))
		return Date{}
	}
	d, ok := ParseDate(value)
	if !ok {
		x.finds("DUE-V15B", champ, value, string(champ), "AAAA-MM-JJ | JJ/MM/AAAA")
	}
	return d
}

func (x *examination) naissance() Date {
	birth := x.date(ChampDateNaissance, x.e.DateNaissance)
	if birth.IsZero() {
		return birth
	}
	if birth.Compare(x.b.Date) >= 0 {
		x.finds("DUE-V14", ChampDateNaissance, x.e.DateNaissance)
		return birth
	}
	const youngest, oldest = 14, 100
	if hire, ok := ParseDate(x.e.DateDebut); ok {
		if age := birth.yearsUntil(hire); age < youngest || age > oldest {
			x.finds("DUE-V14A", ChampDateNaissance, x.e.DateNaissance, youngest, oldest)
		}
	}
	return birth
}

// lieu reads the place of birth and reports whether it is abroad: there the
// country is declared in the place of the town.
func (x *examination) lieu(d *Declaration) (abroad bool) {
	e := &x.e
	pays := Fold(e.PaysNaissance, JeuVille, 0).Texte
	abroad = pays != "" && !slices.Contains([]string{"FR", "FRA", "FRANCE", "100", "99100"}, pays)
	if abroad {
		d.VilleNaissance = x.text(ChampPaysNaissance, e.PaysNaissance, JeuVille, largeurLieu, obligatoire)
		return true
	}
	d.VilleNaissance = x.text(ChampVilleNaissance, e.VilleNaissance, JeuVille, largeurLieu, obligatoire)
	return false
}

var (
	formeDepartement = regexp.MustCompile(`^(?:[0-9]{2}|2A|2B)$`)
	formeOutreMer    = regexp.MustCompile(`^9[78][0-9]$`)
)

func (x *examination) departement(abroad bool) string {
	const elsewhere = "99"
	value := strings.ToUpper(x.e.DepartementNaissance)
	code := value
	switch {
	case abroad, value == "00":
		code = elsewhere
	case value == "":
		x.finds("DUE-V14B", ChampDepartementNaissance, "")
		return ""
	case formeOutreMer.MatchString(value):
		code = value[:2]
	case !formeDepartement.MatchString(value):
		x.finds("DUE-V15B", ChampDepartementNaissance, value, string(ChampDepartementNaissance), "99 | 2A | 2B | 97x | 98x")
		return ""
	}
	if code != value && value != "" {
		x.finds("DUE-V14C", ChampDepartementNaissance, value).Becomes = code
	}
	return code
}

// nir checks the NIR, its key, and what it says of the person.
func (x *examination) nir(d *Declaration) {
	e := &x.e
	declared := slices.Contains([]string{"oui", "o", "1", "x", "yes"}, strings.ToLower(e.NIRAbsent))
	shown := masque(e.NIR)
	switch {
	case e.NIR == "" && declared:
		d.EtatNIR = NIRAbsent
		x.finds("DUE-V06", ChampNIR, "")
		return
	case e.NIR == "":
		x.finds("DUE-V06B", ChampNIR, "")
		return
	case declared:
		x.finds("DUE-V06C", ChampNIRAbsent, e.NIRAbsent)
		return
	}
	nir, cle, err := identifiants.SplitNIR(e.NIR + e.CleNIR)
	switch {
	case err == nil && cle == "":
		x.finds("DUE-V15", ChampCleNIR, "", string(ChampCleNIR))
		return
	case err == nil:
		err = identifiants.CheckNIR(nir, cle)
	}
	switch err {
	case identifiants.ErrForme:
		x.finds("DUE-V05", ChampNIR, shown)
		return
	case identifiants.ErrCle:
		x.finds("DUE-V04", ChampCleNIR, shown)
		return
	}
	d.NIR, d.CleNIR, d.EtatNIR = identifiants.NIR(nir), cle, NIRDonne
	read, err := identifiants.ReadNIR(nir)
	if err != nil {
		x.finds("DUE-V05", ChampNIR, shown)
		return
	}
	if read.Provisoire {
		d.EtatNIR = NIRProvisoire
		x.finds("DUE-V08", ChampNIR, shown)
	}
	x.coherence(d, read, shown)
}

// coherence compares the NIR with the rest of the sheet, field by field.
func (x *examination) coherence(d *Declaration, read identifiants.LectureNIR, shown string) {
	differs := func(champ Champ) { x.finds("DUE-V07", champ, shown, string(champ)) }
	if d.Sexe != 0 && read.Sexe != 0 && d.Sexe != read.Sexe {
		differs(ChampSexe)
	}
	if birth := d.DateNaissance; !birth.IsZero() {
		if fmt.Sprintf("%02d", birth.Annee%100) != read.Annee || read.Mois != 0 && read.Mois != int(birth.Mois) {
			differs(ChampDateNaissance)
		}
	}
	if dept := d.DepartementNaissance; dept != "" && !sameDepartement(dept, read.Departement) {
		differs(ChampDepartementNaissance)
	}
}

// sameDepartement compares a department with that of a NIR, which keeps the
// code of the day of birth: 20 for Corsica until 1976, 91 to 96 for Algeria and
// the protectorates, which are abroad today.
func sameDepartement(dept, nir string) bool {
	switch {
	case dept == nir:
		return true
	case dept == "2A", dept == "2B":
		return nir == "20"
	case dept == "99":
		return nir >= "91" && nir <= "96"
	}
	return false
}
