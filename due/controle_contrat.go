package due

import (
	"strconv"
	"strings"

	"paye/internal/anomalie"
)

// fenetre is how many days before the hire a declaration may be made at the
// earliest (Code du travail, R.1221-4).
const fenetre = 8

// contrat checks the contract.
func (x *examination) contrat(d *Declaration) {
	e := &x.e
	if e.Numero == "" {
		x.finds("DUE-V15", ChampContrat, "", string(ChampContrat))
	}
	d.DateDebut = x.date(ChampDateDebut, e.DateDebut)
	d.HeureDebut = x.heure()
	d.Nature = x.nature()
	x.moment(d)
	x.fin(d)
	x.essai(d)
	x.sante(d)
}

func (x *examination) heure() Heure {
	if x.e.HeureDebut == "" {
		x.finds("DUE-V15", ChampHeureDebut, "", string(ChampHeureDebut))
		return Heure{}
	}
	h, ok := ParseHeure(x.e.HeureDebut)
	if !ok {
		x.finds("DUE-V15B", ChampHeureDebut, x.e.HeureDebut, string(ChampHeureDebut), "HH:MM")
	}
	return h
}

func (x *examination) nature() Nature {
	switch n := Nature(strings.ToUpper(x.e.Nature)); n {
	case CDI, CDD, CTT:
		return n
	case "":
		x.finds("DUE-V15", ChampNature, "", string(ChampNature))
	default:
		x.finds("DUE-V15B", ChampNature, x.e.Nature, string(ChampNature), "CDI | CDD | CTT")
	}
	return ""
}

// moment compares the hire with the day of the declaration. A late
// declaration is always better than none: it is marked, never held back.
func (x *examination) moment(d *Declaration) {
	if d.DateDebut.IsZero() {
		return
	}
	if d.DateDebut.AddDays(-fenetre).Compare(x.b.Date) > 0 {
		f := x.finds("DUE-V09", ChampDateDebut, x.e.DateDebut, fenetre, d.DateDebut.AddDays(-fenetre).String())
		x.b.Tot++
		if x.c.Indicateur == Reel {
			f.Gravite, x.wrong = anomalie.Erreur, true
		}
	}
	if d.HeureDebut.Connue && d.HeureDebut.at(d.DateDebut, x.paris).Before(x.c.Maintenant) {
		d.Tardive = true
		x.finds("DUE-V10", ChampDateDebut, x.e.DateDebut)
	}
}

func (x *examination) fin(d *Declaration) {
	value := x.e.DateFin
	switch {
	case d.Nature == CDI && value != "":
		x.finds("DUE-V11C", ChampDateFin, value)
		return
	case d.Nature == CDI, d.Nature == "":
		return
	case value == "":
		x.finds("DUE-V11", ChampDateFin, "", string(d.Nature))
		return
	}
	d.DateFin = x.date(ChampDateFin, value)
	if !d.DateFin.IsZero() && !d.DateDebut.IsZero() && d.DateFin.Compare(d.DateDebut) < 0 {
		x.finds("DUE-V11B", ChampDateFin, value)
	}
}

func (x *examination) essai(d *Declaration) {
	const longest = 999
	d.Essai = -1
	value := x.e.EssaiJours
	if value == "" {
		const months = 6 // R.1221-1: a CDI, or a CDD of more than six months
		long := d.Nature == CDD && !d.DateFin.IsZero() && !d.DateDebut.IsZero() && d.DateFin.Compare(d.DateDebut.addMonths(months)) >= 0
		if d.Nature == CDI || long {
			x.finds("DUE-V12A", ChampEssai, "")
		}
		return
	}
	n, err := strconv.Atoi(value)
	if err != nil || n < 0 || n > longest {
		x.finds("DUE-V12", ChampEssai, value, longest)
		return
	}
	d.Essai = n
}

func (x *examination) sante(d *Declaration) {
	value := x.e.Contrat.ServiceSante
	if value == "" {
		value = x.c.Employeur.ServiceSante
	}
	switch {
	case d.Nature == CTT:
		return // the agency that lends the person has its own
	case value == "":
		x.finds("DUE-V13", ChampServiceSante, "")
	case !formeSante.MatchString(value):
		x.finds("DUE-V13B", ChampServiceSante, value, largeurSante)
	}
	d.ServiceSante = value
}
